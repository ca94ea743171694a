package config

import (
	"maps"
	"slices"
	"strings"
)

// KindOfNotice is a kind of notices that may have a template.
type KindOfNotice struct {
	Name  string
	Words []string // what its fields can be filled with
}

// KindsOfNotices are all of them.
func KindsOfNotices() []KindOfNotice {
	return []KindOfNotice{
		{"result", []string{"quarter", "grade", "total", "pay", "recheck"}},
		{"step", []string{"what", "due", "date"}},
		{"duty", []string{"day", "shift", "date"}},
		{"nohead", []string{"village", "day", "date"}},
		{"unbound", []string{"name", "text"}},
		{"draft", []string{"title", "until"}},
		{"draftended", []string{"title", "until"}},
		{"matter", []string{"from", "no", "what", "date"}},
		{"mattergone", []string{"from", "no", "what", "said", "date"}},
		{"log", []string{"day", "date"}},
		{"selfeval", []string{"quarter", "due", "date"}},
		{"photo", []string{"what", "date"}},
		{"attest", []string{"no", "who", "what", "date"}},
		{"attest_said", []string{"no", "who", "what", "said", "date"}},
		{"leave_ask", []string{"no", "who", "what", "warning", "date"}},
		{"leave_said", []string{"no", "what", "said", "date"}},
		{"leave_deputy", []string{"no", "who", "span"}},
		{"leave_back", []string{"no", "when", "day", "date"}},
		{"leave_over", []string{"no", "who", "day", "days", "date"}},
	}
}

// templateKinds are the names of the kinds.
func templateKinds() []string {
	var names []string
	for _, k := range KindsOfNotices() {
		names = append(names, k.Name)
	}
	return names
}

// strange names the words of templates that their kind of notice does not have:
// people would read a dash in their place.
func (c *Config) strange() SettingErrors {
	var found SettingErrors
	for _, s := range c.settings() {
		templates, ok := s.to.(*map[string]Template)
		if !ok {
			continue
		}
		for _, kind := range KindsOfNotices() {
			for _, word := range slices.Sorted(maps.Keys((*templates)[kind.Name].Fields)) {
				if strings.HasPrefix(word, "=") || slices.Contains(kind.Words, word) {
					continue
				}
				found = append(found, Problem{
					Key: s.key + "." + kind.Name + ".fields." + word, Env: s.env(),
					Text: "没有这个词，可以是" + strings.Join(kind.Words, "、") + "，或“=固定文字”；词在前，平台的字段编号在后",
				})
			}
		}
	}
	return found
}
