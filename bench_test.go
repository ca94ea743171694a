package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/testkit"
)

// TestBench runs every measurement at its smallest. Each counts its rows itself,
// and fails if they are not as many as the receipts.
func TestBench(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"checkin": {"--conns", "1,8", "--count", "60", "--rounds", "1"},
		"surge":   {"--rate", "100", "--seconds", "1", "--burst", "60", "--people", "100", "--conns", "40"},
		"score":   {"--cadres", "120"},
		"talk":    {"--conns", "4", "--count", "20", "--open", "20"},
		"idle":    {"--conns", "50"},
	} {
		for _, where := range []string{"SQLite", "MariaDB"} {
			t.Run(name+" on "+where, func(t *testing.T) {
				t.Parallel()
				full := append([]string{"bench", name}, args...)
				if where == "MariaDB" {
					full = append(full, "--dsn", testkit.MariaDB(t), "--redis", testkit.Redis(t))
				}
				var out, errs bytes.Buffer
				code := run(t.Context(), full, std{in: strings.NewReader(""), out: &out, err: &errs, env: func(string) (string, bool) { return "", false }})
				if code != 0 || errs.Len() > 0 || !strings.Contains(out.String(), "倍") && !strings.Contains(out.String(), "cunkao") && !strings.Contains(out.String(), "都已记下") && !strings.Contains(out.String(), "还连着50个") {
					t.Errorf("%d\n%s%s", code, out.String(), errs.String())
				}
			})
		}
	}
}
