package models_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

func TestALeaseLocksOnlyWhatItTakes(t *testing.T) {
	t.Parallel()
	dsn := testkit.MariaDB(t)
	db := open(t, models.Source{DSN: dsn})
	var last string
	err := db.Write(t.Context(), func(tx *models.Tx) error {
		for i := range 500 {
			n := &models.Notice{PersonID: fmt.Sprint("p", i), Kind: "step", NotBefore: tx.Now.Add(-time.Hour)}
			if err := tx.AddNotice(n); err != nil {
				return err
			}
			last = n.ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("mysql", dsn+"?innodb_lock_wait_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	err = db.Write(t.Context(), func(tx *models.Tx) error {
		rows, seen, err := tx.LeaseNotices("a", 20, time.Minute)
		if err != nil || len(rows) != 20 || seen != 20 {
			t.Errorf("leased %d of %d, %v", len(rows), seen, err)
		}
		if _, err := pool.ExecContext(t.Context(), "UPDATE notices SET not_before = now() WHERE id = '"+last+"'"); err != nil {
			t.Errorf("a row outside the lease: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
