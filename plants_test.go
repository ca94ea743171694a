package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cunkao/cunkao/testkit"
)

// plant is a bug that is put into the program, and the test that must find it.
type plant struct {
	name, pkg, run, says string
	files                map[string]string // what is compiled instead of each file
}

// plants reads testdata/plants: of every file the text that is replaced, and by
// what. A text that is not there exactly once is a failure: then the plant has to
// be planted anew.
func plants(t *testing.T) (all []plant) {
	t.Helper()
	names, err := filepath.Glob("testdata/plants/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := plant{name: strings.TrimSuffix(filepath.Base(name), ".txtar"), files: map[string]string{}}
		for line := range strings.Lines(string(a.Comment)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "run":
				p.pkg, p.run, _ = strings.Cut(value, " ")
			case "says":
				p.says = value
			}
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			p.replace(t, a.Files[i], a.Files[i+1])
		}
		if p.run == "" || p.says == "" || len(p.files) == 0 {
			t.Errorf("%s does not say what to run, what that says or what to change", name)
		}
		all = append(all, p)
	}
	return all
}

func (p *plant) replace(t *testing.T, from, to txtar.File) {
	t.Helper()
	text, seen := p.files[from.Name]
	if !seen {
		b, err := os.ReadFile(from.Name)
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	if n := strings.Count(text, string(from.Data)); n != 1 || to.Name != "to" {
		t.Errorf("%s: its text is in %s %d times", p.name, from.Name, n)
	}
	p.files[from.Name] = strings.Replace(text, string(from.Data), string(to.Data), 1)
}

// TestPlantsFit fails when the program has grown away from a planted bug.
func TestPlantsFit(t *testing.T) {
	t.Parallel()
	if n := len(plants(t)); n < 6 {
		t.Errorf("there are %d planted bugs", n)
	}
}

// TestPlants puts each bug into the program and demands that the rig finds it. It
// compiles the program for each, so it is run by `.ci/run plants` only.
func TestPlants(t *testing.T) { //nolint:paralleltest // each has the machine to itself
	if os.Getenv("CUNKAO_PLANTS") == "" {
		t.Skip("CUNKAO_PLANTS is not set")
	}
	for _, p := range plants(t) { //nolint:paralleltest // the same
		t.Run(p.name, func(t *testing.T) {
			start := time.Now()
			out, err := p.grow(t)
			if err == nil {
				t.Fatalf("the rig found nothing: %s", out)
			}
			top, _, _ := strings.Cut(strings.Trim(p.run, "^$"), "$")
			if !strings.Contains(out, "--- FAIL: "+top) || !strings.Contains(out, p.says) {
				t.Fatalf("it failed otherwise, %v: %s", err, out)
			}
			line, err := json.Marshal(map[string]any{"test": "TestPlants", "plant": p.name, "caught_by": top, "seconds": int(time.Since(start).Seconds())})
			if err == nil {
				err = testkit.AppendLine(os.Getenv("CUNKAO_RIG_OUT"), line)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s", line)
		})
	}
}

// grow runs the test with the bug in the program, and returns what it said.
func (p *plant) grow(t *testing.T) (out string, err error) {
	t.Helper()
	dir, instead := t.TempDir(), map[string]string{}
	for name, text := range p.files {
		whole, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		instead[whole] = filepath.Join(dir, fmt.Sprintf("%d.go", len(instead)))
		if err := os.WriteFile(instead[whole], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": instead})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay", file, "-vet=off", "-count=1", "-timeout=120s", "-run", p.run, p.pkg)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "CUNKAO_PLANTS=") && !strings.HasPrefix(v, "CUNKAO_RIG_OUT=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	b, err := cmd.CombinedOutput()
	return string(b), err
}
