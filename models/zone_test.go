package models_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// TestTheZoneOfADSNDoesNotMatter: an operator may have copied one that the machine does not know.
func TestTheZoneOfADSNDoesNotMatter(t *testing.T) {
	t.Parallel()
	dsn := testkit.MariaDB(t)
	mark := "?"
	if strings.Contains(dsn, "?") {
		mark = "&"
	}
	for _, params := range []string{"loc=Nowhere%2FAtAll", "loc=Local&charset=utf8mb4", "charset=utf8mb4&loc=Asia%2FShanghai"} {
		db, err := models.Open(t.Context(), models.Source{DSN: dsn + mark + params}, time.Now)
		if err != nil {
			t.Errorf("%s: %v", params, err)
			continue
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
