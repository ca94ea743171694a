package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// hidden stands for a secret that is set.
const hidden = "***"

// Print writes the settings that hold, as YAML in the form of the file, each
// with its name in the environment beside it. A secret that is set is ***, one
// that is not is empty.
func (c *Config) Print(w io.Writer) error {
	var b bytes.Buffer
	var open []string // the sections that the last line stood in
	for _, s := range c.settings() {
		path := strings.Split(s.key, ".")
		sections, name := path[:len(path)-1], path[len(path)-1]
		for i, section := range sections {
			if i >= len(open) || open[i] != section {
				open = open[:min(i, len(open))]
				fmt.Fprintf(&b, "%s%s:\n", strings.Repeat("  ", i), section)
			}
		}
		open = sections
		text, err := s.text()
		if err != nil {
			return fmt.Errorf("print the settings: %w", err)
		}
		fmt.Fprintf(&b, "%s%s: %s # %s\n", strings.Repeat("  ", len(sections)), name, text, s.env())
	}
	_, err := w.Write(b.Bytes())
	return err
}

// text is the value as JSON, which is YAML too.
func (s setting) text() (string, error) {
	v := s.value()
	if templates, ok := v.(map[string]Template); ok {
		v = plain(templates)
	}
	if s.secret && v != "" {
		v = hidden
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSpace(b.String()), err
}

// plain is templates with the keys of the file.
func plain(templates map[string]Template) map[string]map[string]any {
	out := make(map[string]map[string]any, len(templates))
	for kind, t := range templates {
		out[kind] = map[string]any{"id": t.ID, "fields": t.Fields}
		if t.Lasting {
			out[kind]["lasting"] = true
		}
	}
	return out
}
