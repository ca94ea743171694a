package config

import (
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The file is walked by its syntax tree, not decoded: decoding stops at the
// first mistake, empties what an empty section stands for, and reads a key of
// digits as a number (0123 is 83).

// reader collects what is wrong in one text.
type reader struct {
	settings map[string]setting
	found    SettingErrors
}

// readFile takes what a file says.
func (c *Config) readFile(src []byte) SettingErrors {
	r := reader{settings: map[string]setting{}}
	for _, s := range c.settings() {
		r.settings[s.key] = s
	}
	if root, ok := r.parse(src); ok {
		r.section("", root)
	}
	return r.found
}

// parse returns the text's one mapping, and false if it has none.
func (r *reader) parse(src []byte) (ast.Node, bool) {
	file, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if syntax, ok := errors.AsType[yaml.Error](err); ok {
		r.fault("", syntax.GetToken(), "不是YAML："+syntax.GetMessage())
		return nil, false
	}
	if err != nil {
		r.fault("", nil, "不是YAML")
		return nil, false
	}
	docs := slices.DeleteFunc(slices.Clone(file.Docs), func(d *ast.DocumentNode) bool {
		return d.Body == nil || d.Body.Type() == ast.CommentType || d.Body.Type() == ast.NullType
	})
	switch len(docs) {
	case 0:
		return nil, false
	case 1:
		return docs[0].Body, true
	default:
		r.fault("", docs[1].Body.GetToken(), "只能有一份设置：去掉“---”和它后面的")
		return nil, false
	}
}

func (r *reader) fault(key string, at *token.Token, text string) {
	p := Problem{Key: key, Line: 1, Column: 1, Text: text}
	if s, ok := r.settings[key]; ok {
		p.Env = s.env()
	}
	if at != nil && at.Position != nil {
		p.Line, p.Column = at.Position.Line, at.Position.Column
	}
	r.found = append(r.found, p)
}

// entries returns the pairs of a mapping; one that is left empty has none.
func (r *reader) entries(path string, n ast.Node) []*ast.MappingValueNode {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode:
	default:
		r.fault(path, n.GetToken(), "下面要写各项设置，一行一项")
	}
	return values
}

// section reads a mapping whose keys are settings or sections.
func (r *reader) section(path string, n ast.Node) {
	seen := map[string]bool{}
	for _, v := range r.entries(path, n) {
		name, _ := scalar(v.Key)
		key := strings.TrimPrefix(path+"."+name, ".")
		s, known := r.settings[key]
		switch {
		case seen[name]:
			r.fault(key, v.Key.GetToken(), "写了两遍")
		case known:
			r.setting(s, v.Value)
		case name != "" && r.isSection(key):
			r.section(key, v.Value)
		default:
			r.fault(key, v.Key.GetToken(), "没有这项设置")
		}
		seen[name] = true
	}
}

func (r *reader) isSection(key string) bool {
	for known := range r.settings {
		if strings.HasPrefix(known, key+".") {
			return true
		}
	}
	return false
}

// setting reads one value. One that is left empty is as if it did not stand
// there; "" empties a text.
func (r *reader) setting(s setting, n ast.Node) {
	if n.Type() == ast.NullType {
		return
	}
	if to, ok := s.to.(*map[string]Template); ok {
		*to = r.templates(s.key, n)
		return
	}
	if text, ok := scalar(n); !ok || !s.set(text) {
		r.fault(s.key, n.GetToken(), "应是"+s.want)
	}
}

// templates reads templates by kind.
func (r *reader) templates(key string, n ast.Node) map[string]Template {
	all := map[string]Template{}
	for _, v := range r.entries(key, n) {
		kind, _ := scalar(v.Key)
		if _, twice := all[kind]; twice || !slices.Contains(templateKinds(), kind) {
			r.fault(key+"."+kind, v.Key.GetToken(), "没有这种通知，或写了两遍；可以是"+strings.Join(templateKinds(), "、"))
			continue
		}
		all[kind] = r.template(key+"."+kind, v.Value)
	}
	return all
}

func (r *reader) template(key string, n ast.Node) Template {
	t, at := Template{}, n.GetToken()
	for _, v := range r.entries(key, n) {
		switch name, _ := scalar(v.Key); name {
		case "id":
			t.ID, _ = scalar(v.Value)
		case "fields":
			t.Fields = r.words(key+".fields", v.Value)
		case "lasting":
			said, _ := scalar(v.Value)
			t.Lasting = said == "true"
			if !strings.HasPrefix(key, subscriptionsKey) || said != "true" && said != "false" {
				r.fault(key+".lasting", v.Key.GetToken(), "应是"+yesOrNo+"，只用在订阅通知里")
			}
		default:
			r.fault(key+"."+name, v.Key.GetToken(), "没有这项设置：模板有 id 和 fields")
		}
	}
	if t.ID == "" || !isWord(t.ID) {
		r.fault(key+".id", at, "应是公众平台上的模板ID")
	}
	return t
}

// words reads a mapping of words to words.
func (r *reader) words(key string, n ast.Node) map[string]string {
	out := map[string]string{}
	for _, v := range r.entries(key, n) {
		from, _ := scalar(v.Key)
		to, _ := scalar(v.Value)
		if _, twice := out[from]; twice || from == "" || to == "" {
			r.fault(key+"."+from, v.Key.GetToken(), "应是一个词，只写一遍")
			continue
		}
		out[from] = to
	}
	return out
}

// readTemplates reads what the environment says of templates: the same YAML, as
// {result: {id: …, fields: {…: …}}}.
func (s setting) readTemplates(text string) SettingErrors {
	r := reader{settings: map[string]setting{s.key: s}}
	root, ok := r.parse([]byte(text))
	if !ok {
		r.fault(s.key, nil, "应是"+s.want)
		return r.found
	}
	r.setting(s, root)
	for i := range r.found {
		r.found[i].Line, r.found[i].Column, r.found[i].Env = 0, 0, s.env()
	}
	return r.found
}

// scalar is a plain word or number as it is written, and false for anything
// else: anchors and tags have no place among settings.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	default:
		return "", false
	}
}
