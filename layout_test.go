package main_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/cunkao/cunkao"

// mayImport is the plan of the house (docs/architecture.md): which rooms a
// room may open a door to. A room that is missing here may not exist.
var mayImport = map[string][]string{
	"calendar": {},
	"seal":     {},
	"config":   {},
	"wechat":   {},
	"cache":    {},
	"sim":      {},
	"testkit":  {}, // servers for tests; no other room imports it
	"scoring":  {"calendar"},
	"sheet":    {"calendar"},
	"models":   {"calendar", "scoring", "seal"},
	"handlers": {"calendar", "models", "scoring", "seal", "sheet"},
	"bot":      {"cache", "calendar", "handlers", "models", "scoring", "wechat"},
	"web":      {"cache", "calendar", "handlers", "models", "scoring"},
	"bench":    {"wechat"},
	"":         {"bench", "bot", "cache", "calendar", "config", "handlers", "models", "scoring", "seal", "sheet", "sim", "web", "wechat"},
}

// onlyIn names the rooms that may use a library.
var onlyIn = map[string][]string{
	"gorm.io/":                         {"models"},
	"database/sql":                     {"models", "calendar", "testkit", "bench"}, // calendar: Value and Scan
	"github.com/redis/":                {"cache"},
	"github.com/alicebob/":             {"cache"},
	"github.com/silenceper/wechat":     {"wechat", "bench"}, // bench: the yardstick
	"github.com/xuri/":                 {"sheet"},
	"github.com/goccy/go-yaml":         {"scoring", "config", "bot"},
	"github.com/6tail/":                {"calendar"},
	"encoding/xml":                     {"wechat", "sim"},
	"html/template":                    {"web", "sim"},
	"crypto/aes":                       {"wechat", "sim", "seal"},
	"net/http":                         {"wechat", "bot", "web", "sim", "bench", ""},
	"github.com/silenceper/wechat/v2$": nil, // its init sets logrus to DEBUG and prints every message
}

func TestLayout(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		from, _ := roomOf(f[0])
		if _, known := mayImport[from]; !known {
			t.Errorf("room %q is not on the plan", from)
		}
		for _, path := range f[1:] {
			checkImport(t, from, path)
		}
	}
}

func checkImport(t *testing.T, from, path string) {
	t.Helper()
	if to, ours := roomOf(path); ours && to != from && !slices.Contains(mayImport[from], to) {
		t.Errorf("%q must not import %q", from, to)
	}
	for lib, homes := range onlyIn {
		exact := strings.TrimSuffix(lib, "$")
		if path != exact && (exact != lib || !strings.HasPrefix(path, lib)) {
			continue
		}
		if !slices.Contains(homes, from) {
			t.Errorf("%q must not use %s: that is for %q", from, path, homes)
		}
	}
}

func roomOf(path string) (room string, ours bool) {
	rest, ours := strings.CutPrefix(path, module)
	room, _, _ = strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	return room, ours
}
