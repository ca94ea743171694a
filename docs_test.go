package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	for _, kind := range config.KindsOfNotices() {
		words := regexp.MustCompile("`" + kind.Name + "` [^（]*（" + strings.Join(kind.Words, "、") + "[；）]")
		if !words.MatchString(guide) {
			t.Errorf("the guide does not have the words of %s: %v", kind.Name, kind.Words)
		}
	}
}

// TestOperationsNamesEveryLineOfTheLog holds the guide against what a running
// service logs to be looked after.
func TestOperationsNamesEveryLineOfTheLog(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("docs/operations.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("bot/*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, name := range append(files, "jobs.go", "serve.go", "app.go") {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range regexp.MustCompile(`(?:\.(?:Warn|Error)Context|NewTrouble)\([^",]+, "([^"]+)"`).FindAllStringSubmatch(string(src), -1) {
			if said++; !strings.Contains(string(guide), "`"+line[1]+"`") {
				t.Errorf("the guide does not say what %q means", line[1])
			}
		}
	}
	if said < 20 {
		t.Errorf("only %d lines were found", said)
	}
}

// TestReliabilityNamesTestsThatExist holds what is said to be shown against the
// tests.
func TestReliabilityNamesTestsThatExist(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range append(files, more...) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(src)
	}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(string(doc), -1) {
		if !strings.Contains(all.String(), "\nfunc "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
	plants, err := filepath.Glob("testdata/plants/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range plants {
		if plant := strings.TrimSuffix(filepath.Base(name), ".txtar"); !strings.Contains(string(doc), "`"+plant+"`") {
			t.Errorf("the planted bug %s is not told of", plant)
		}
	}
}
