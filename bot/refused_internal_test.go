package bot

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// TestWhatARuleRefusesIsAskedAgain reads the use cases' own source: each input that a rule
// names in a refusal is a question of the form that asks for it, or one of a command that
// has no form.
func TestWhatARuleRefusesIsAskedAgain(t *testing.T) {
	t.Parallel()
	asks := map[string][]string{ // forms by the beginning of a file's name
		"leave": {"leave", "extend"}, "worklog": {"worklog"}, "person": {"bind"},
	}
	said := map[string][]string{ // in one sentence, with the command
		"leave": {"no", "returned"},
	}
	forms := made(t, Options{}).forms
	files, err := filepath.Glob("../handlers/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := regexp.MustCompile(`RefuseField\("([a-z_]+)"`)
	seen := 0
	for _, file := range files {
		capability := regexp.MustCompile(`^[a-z]+`).FindString(filepath.Base(file))
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(asks[capability]) == 0 || regexp.MustCompile(`_test\.go$`).MatchString(file) {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			seen++
			asked := slices.ContainsFunc(asks[capability], func(name string) bool { _, ok := forms[name].field(m[1]); return ok })
			if !asked && !slices.Contains(said[capability], m[1]) {
				t.Errorf("%s refuses %q, which no form of %s asks for", filepath.Base(file), m[1], capability)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d refusals of an input were found", seen)
	}
}
