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
	for name, source := range county {
		own, known := all[name]
		if !known {
			return nil, fmt.Errorf("the county's words: there is no form %q", name)
		}
		var its formWords
		if err := yaml.UnmarshalWithOptions(source, &its, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("the county's words of %s: %w", name, err)
		}
		if all[name], err = own.under(its); err != nil {
			return nil, fmt.Errorf("the county's words of %s: %w", name, err)
		}
	}
	return all, nil
}

// under lays other words over these.
func (w formWords) under(over formWords) (formWords, error) {
	set := func(to *string, value string) {
		if value != "" {
			*to = value
		}
	}
	set(&w.Title, over.Title)
	set(&w.Example, over.Example)
	set(&w.Change, over.Change)
	for name, value := range over.Say {
		if _, known := w.Say[name]; !known {
			return w, fmt.Errorf("it says no %q", name)
		}
		w.Say[name] = value
	}
	for name, its := range over.Fields {
		q, known := w.Fields[name]
		if !known {
			return w, fmt.Errorf("it has no field %q", name)
		}
		set(&q.Label, its.Label)
		set(&q.Ask, its.Ask)
		set(&q.Again, its.Again)
		set(&q.Help, its.Help)
		if its.Also != nil {
			q.Also = its.Also
		}
		w.Fields[name] = q
	}
	return w, nil
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
