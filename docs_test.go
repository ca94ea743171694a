package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestOperationsNamesEverySettingAndMetric holds the guide of whoever runs the
// program against the program.
func TestOperationsNamesEverySettingAndMetric(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("docs/operations.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(src)
	c := config.Default()
	var printed strings.Builder
	if err := c.Print(&printed); err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`CUNKAO_[A-Z_]+`).FindAllString(printed.String(), -1)
	for _, name := range names {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide does not say what %s is", name)
		}
	}
	for _, name := range regexp.MustCompile("`(CUNKAO_[A-Z_]+)`").FindAllStringSubmatch(guide, -1) {
		if !strings.Contains(printed.String(), name[1]) {
			t.Errorf("the guide tells of %s, which is no setting", name[1])
		}
	}
	d := newTestDemo(t, models.Source{})
	seen := httptest.NewRecorder()
	d.metrics(seen, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, name := range regexp.MustCompile(`(?m)^# TYPE (cunkao_\S+)`).FindAllStringSubmatch(seen.Body.String(), -1) {
		if !strings.Contains(guide, "`"+name[1]) {
			t.Errorf("the guide does not say what %s means", name[1])
		}
	}
	for _, kind := range handlers.NoticeKinds() {
		if kind != handlers.NoticeReply && !strings.Contains(guide, "`"+kind+"`") {
			t.Errorf("the guide does not name notices of %s", kind)
		}
	}
}
