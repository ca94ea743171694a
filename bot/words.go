package bot

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
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
			return nil, fmt.Errorf("the county's words: %s.yaml: there is no form %q", name, name)
		}
		var its formWords
		if err := yaml.UnmarshalWithOptions(source, &its, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("the county's words: %s.yaml: %w", name, err)
		}
		if all[name], err = own.under(its); err != nil {
			return nil, fmt.Errorf("the county's words: %s.yaml: %w", name, err)
		}
	}
	return all, nil
}

// under lays other words over these.
func (w formWords) under(over formWords) (formWords, error) {
	var faults []error
	set := func(to *string, key, value string) {
		if value == "" {
			return
		}
		faults = append(faults, filledIn(key, *to, value))
		*to = value
	}
	set(&w.Title, "title", over.Title)
	set(&w.Example, "example", over.Example)
	set(&w.Change, "change", over.Change)
	for _, name := range slices.Sorted(maps.Keys(over.Say)) {
		own, known := w.Say[name]
		if !known {
			return w, fmt.Errorf("it says no %q", name)
		}
		faults = append(faults, filledIn("say."+name, own, over.Say[name]))
		w.Say[name] = over.Say[name]
	}
	for _, name := range slices.Sorted(maps.Keys(over.Fields)) {
		its := over.Fields[name]
		q, known := w.Fields[name]
		if !known {
			return w, fmt.Errorf("it has no field %q", name)
		}
		key := "fields." + name
		set(&q.Label, key+".label", its.Label)
		set(&q.Ask, key+".ask", its.Ask)
		set(&q.Again, key+".again", its.Again)
		set(&q.Help, key+".help", its.Help)
		if its.Also != nil {
			q.Also = its.Also
		}
		w.Fields[name] = q
	}
	return w, errors.Join(faults...)
}

// filledName is a 〈name〉 that the program fills in. A Chinese word in such brackets is one to
// tap.
var filledName = regexp.MustCompile(`〈[^〈〉]*[A-Za-zＡ-Ｚａ-ｚ][^〈〉]*〉`)

// filledIn refuses words with a 〈name〉 that the program's own do not have, for it would be
// shown as it stands.
func filledIn(key, own, words string) error {
	if strings.Count(words, "〈") != strings.Count(words, "〉") {
		return fmt.Errorf("%s: a 〈 and its 〉 do not stand together", key)
	}
	there := filledName.FindAllString(own, -1)
	for _, name := range filledName.FindAllString(words, -1) {
		switch {
		case slices.Contains(there, name):
		case len(there) == 0:
			return fmt.Errorf("%s: nothing is filled in for %s", key, name)
		default:
			slices.Sort(there)
			return fmt.Errorf("%s: nothing is filled in for %s, but for %s", key, name, strings.Join(slices.Compact(there), ", "))
		}
	}
	return nil
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
