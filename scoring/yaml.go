package scoring

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// RubricErrors are the mistakes of a rubric's text, in the order of its lines.
type RubricErrors []RubricError

// RubricError is one mistake: where it is, counted from 1, and what would be
// right, for the official who edits the text.
type RubricError struct {
	Line, Column int
	Text         string
}

// Error returns all mistakes, one a line.
func (e RubricErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = fmt.Sprintf("第%d行第%d列：%s", one.Line, one.Column, one.Text)
	}
	return strings.Join(lines, "\n")
}

// source collects the mistakes of one text.
type source struct{ errors RubricErrors }

func (s *source) fault(at *token.Token, format string, args ...any) {
	e := RubricError{Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
	if at != nil && at.Position != nil {
		e.Line, e.Column = at.Position.Line, at.Position.Column
	}
	s.errors = append(s.errors, e)
}

// sorted returns the mistakes by line, or nil.
func (s *source) sorted() error {
	if len(s.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(s.errors, func(a, b RubricError) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return s.errors
}

// read parses a text of one mapping.
func (s *source) read(src []byte) (mapping, bool) {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		if syntax, ok := errors.AsType[yaml.Error](err); ok {
			s.fault(syntax.GetToken(), "格式不对（%s）。", syntax.GetMessage())
		} else {
			s.fault(nil, "格式不对（%v）。", err)
		}
		return mapping{}, false
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		s.fault(nil, "应当只有一份细则。")
		return mapping{}, false
	}
	m := s.mapping(file.Docs[0].Body, "细则")
	return m, m.at != nil
}

// mapping is a YAML mapping that is read key by key; keys that nobody read are
// mistakes. Reading a key that is missing or wrong notes the mistake and gives
// the zero value.
type mapping struct {
	src  *source
	at   *token.Token
	name string // what it describes, such as A1.3
	keys map[string]*ast.MappingValueNode
	read map[string]bool
}

func (s *source) mapping(n ast.Node, name string) mapping {
	m := mapping{src: s, name: name, keys: map[string]*ast.MappingValueNode{}, read: map[string]bool{}}
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		s.fault(tokenOf(n), "%s应当写成“键: 值”的形式。", name)
		return m
	}
	m.at = tokenOf(n)
	for _, v := range values {
		key, ok := scalar(v.Key)
		if _, twice := m.keys[key]; !ok || twice {
			s.fault(tokenOf(v.Key), "%s的“%s”重复，或不是键。", name, key)
			continue
		}
		m.keys[key] = v
	}
	if len(values) > 0 {
		m.at = tokenOf(values[0].Key)
	}
	return m
}

// done notes the keys that nobody read.
func (m mapping) done() {
	known := strings.Join(slices.Sorted(maps.Keys(m.read)), "、")
	for key, v := range m.keys {
		if !m.read[key] {
			m.src.fault(tokenOf(v.Key), "%s没有“%s”这个键，可以写的是：%s。", m.name, key, known)
		}
	}
}

// has reports whether a key that may be left out is there.
func (m mapping) has(key string) bool {
	m.read[key] = true
	_, ok := m.keys[key]
	return ok
}

func (m mapping) node(key string) (ast.Node, bool) {
	if !m.has(key) {
		m.src.fault(m.at, "%s缺少“%s”。", m.name, key)
		return nil, false
	}
	return m.keys[key].Value, true
}

// fault notes a mistake at a key's value.
func (m mapping) fault(key, format string, args ...any) {
	at := m.at
	if v, ok := m.keys[key]; ok {
		at = tokenOf(v.Value)
	}
	m.src.fault(at, "%s的“%s”%s", m.name, key, fmt.Sprintf(format, args...))
}

func (m mapping) text(key string) string {
	n, ok := m.node(key)
	if !ok {
		return ""
	}
	s, ok := scalar(n)
	if s = strings.TrimSpace(s); !ok || s == "" {
		m.fault(key, "应当是文字。")
	}
	return s
}

func (m mapping) textOr(key, otherwise string) string {
	if !m.has(key) {
		return otherwise
	}
	return m.text(key)
}

// choice reads one of several words and returns its meaning; words and meanings
// take turns.
func (m mapping) choice(key string, meanings ...string) string {
	word := m.text(key)
	var words []string
	for pair := range slices.Chunk(meanings, 2) {
		if pair[0] == word {
			return pair[1]
		}
		words = append(words, pair[0])
	}
	m.fault(key, "应当是%s，不是“%s”。", strings.Join(words, "、"), word)
	return ""
}

// hundredths reads a number of at most two decimals, from 0 up.
func (m mapping) hundredths(key string) int64 {
	s := m.text(key)
	n, err := ParsePoints(s)
	if err != nil || n < 0 {
		m.fault(key, "应当是不小于0、至多两位小数的数，例如2.5，不是“%s”。", s)
		return 0
	}
	return int64(n)
}

func (m mapping) points(key string) Points { return Points(m.hundredths(key)) }

// whole reads a whole number within limits.
func (m mapping) whole(key string, least, most int64) int64 {
	s := m.text(key)
	d, err := ParseDecimal(s)
	n, ok := d.whole()
	if err != nil || !ok || n < least || n > most {
		m.fault(key, "应当是%d到%d的整数，不是“%s”。", least, most, s)
		return least
	}
	return n
}

// limit reads a floor or a cap; “不设” is none.
func (m mapping) limit(key string, otherwise Limit) Limit {
	if !m.has(key) {
		return otherwise
	}
	s := m.text(key)
	if s == "不设" {
		return Limit{}
	}
	p, err := ParsePoints(s)
	if err != nil {
		m.fault(key, "应当是分数或“不设”，不是“%s”。", s)
	}
	return Limit{Points: p, Set: true}
}

func (m mapping) list(key string) []ast.Node {
	n, ok := m.node(key)
	if !ok {
		return nil
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok || len(seq.Values) == 0 {
		m.fault(key, "应当是一个不空的列表。")
		return nil
	}
	return seq.Values
}

func (m mapping) texts(key string) []string {
	var out []string
	for _, n := range m.list(key) {
		s, ok := scalar(n)
		if !ok || s == "" {
			m.fault(key, "里应当都是文字。")
		}
		out = append(out, s)
	}
	return out
}

// each reads a list of mappings. One is called by its kind and id, such as
// 要点A1.3, or else by its place.
func (m mapping) each(key, kind string, read func(mapping)) {
	for i, n := range m.list(key) {
		one := m.src.mapping(n, fmt.Sprintf("%s第%d个%s", m.name, i+1, kind))
		if one.at == nil {
			continue
		}
		if v, ok := one.keys["编号"]; ok {
			id, _ := scalar(v.Value)
			one.name = kind + id
		}
		read(one)
		one.done()
	}
}

// scalar is a node's text, and false for anything but a plain word or number:
// anchors, tags and the like have no place in a rubric.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode:
		return n.Token.Value, true
	case *ast.FloatNode:
		return n.Token.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	default:
		return "", false
	}
}

func tokenOf(n ast.Node) *token.Token {
	if n == nil {
		return nil
	}
	return n.GetToken()
}
