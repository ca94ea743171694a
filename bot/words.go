package bot

import (
	"cmp"
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// The words of each form are data, one file a form: a county may change them without
// touching what the form does.

//go:embed text/*.yaml
var ownWords embed.FS

// formWords are the words of one form.
type formWords struct {
	Title   string                `yaml:"title"`   // 请假
	Example string                `yaml:"example"` // a sentence that fills it
	Change  string                `yaml:"change"`  // a correction, as the summary suggests it
	Fields  map[string]fieldWords `yaml:"fields"`
	Say     map[string]string     `yaml:"say"` // whatever else the form says; 〈name〉 is filled in
}

// fieldWords are the words of one question.
type fieldWords struct {
	Label string   `yaml:"label"` // its name in the summary
	Also  []string `yaml:"also"`  // what else people call it
	Ask   string   `yaml:"ask"`
	Again string   `yaml:"again"` // when it was not understood; empty is Ask
	Help  string   `yaml:"help"`
}

// says fills in a sentence of a form: pairs are names and what stands for them.
func (w formWords) says(name string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "〈" + pairs[i] + "〉"
	}
	return strings.NewReplacer(pairs...).Replace(w.Say[name])
}

// wordsOfForms reads the words of all forms: the program's own and, over them, those of a county,
// by the form's name. A county may leave out what it does not change; a name that no form
// has is a mistake.
func wordsOfForms(county map[string][]byte) (map[string]formWords, error) {
	files, err := ownWords.ReadDir("text")
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	all := map[string]formWords{}
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".yaml")
		source, err := ownWords.ReadFile("text/" + file.Name())
		if err != nil {
			return nil, fmt.Errorf("words of %s: %w", name, err)
		}
		var own formWords
		if err := yaml.UnmarshalWithOptions(source, &own, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("words of %s: %w", name, err)
		}
		all[name] = own
	}
	return all, layOver(all, county)
}

// worded gives a form its words. A field without a question is a mistake of the program.
func (f form) worded(w formWords) (form, error) {
	f.words = w
	for i, q := range f.fields {
		words, ok := w.Fields[cmp.Or(q.like, q.name)]
		if !ok || words.Label == "" || words.Ask == "" && !q.quiet {
			return f, fmt.Errorf("form %s: field %s has no words", f.name, q.name)
		}
		f.fields[i].words = words
	}
	return f, nil
}
