package config

import (
	"fmt"
	"strings"
)

// Problem is one setting that is not right. It never holds the value, which
// may be a secret.
type Problem struct {
	Key          string // in the file; empty if the file itself is wrong
	Env          string // in the environment
	Line, Column int    // in the file, from 1; zero if it does not stand there
	Text         string // what is right
}

// String returns the problem in one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "第%d行第%d列：", p.Line, p.Column)
	}
	if p.Key != "" {
		b.WriteString(p.Key)
	}
	if p.Env != "" {
		b.WriteString("（" + p.Env + "）")
	}
	if p.Key != "" && p.Env == "" {
		b.WriteString(" ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// SettingErrors are all that is wrong with the settings.
type SettingErrors []Problem

// Error returns the problems, one a line.
func (p SettingErrors) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

func (s setting) problem() Problem {
	return Problem{Key: s.key, Env: s.env(), Text: "应是" + s.want}
}

// lacking is a problem for each of the named settings that is empty.
func (c *Config) lacking(why string, keys ...string) SettingErrors {
	var found SettingErrors
	for _, s := range c.settings() {
		for _, key := range keys {
			if s.key != key || s.value() != "" {
				continue
			}
			found = append(found, Problem{Key: s.key, Env: s.env(), Text: why})
		}
	}
	return found
}
