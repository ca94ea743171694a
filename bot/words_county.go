package bot

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/cunkao/cunkao/handlers"
)

// layOver lays the county's words over the program's, and refuses all that is wrong with them
// at once, for whoever writes them.
func layOver(all map[string]formWords, county map[string][]byte) error {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(county)) {
		own, known := all[name]
		if !known {
			wrong = append(wrong, name+".yaml：没有这张单子，可以是"+strings.Join(slices.Sorted(maps.Keys(all)), "、"))
			continue
		}
		r := wordsReader{file: name + ".yaml"}
		r.read(county[name], &own)
		all[name], wrong = own, append(wrong, r.wrong...)
	}
	if wrong == nil {
		return nil
	}
	return handlers.Refuse("wording（CUNKAO_WORDING）里的话要改：\n%s", strings.Join(wrong, "\n"))
}

// wordsReader walks the syntax tree of a county's words for one form: to decode them would
// stop at the first mistake, and not say where a later one stands.
type wordsReader struct {
	file  string
	wrong []string
}

func (r *wordsReader) fault(at *token.Token, key, text string) {
	where := ""
	if at != nil && at.Position != nil {
		where = fmt.Sprintf("第%d行第%d列", at.Position.Line, at.Position.Column)
	}
	if key != "" {
		key += " "
	}
	r.wrong = append(r.wrong, r.file+where+"："+key+text)
}

// read lays what a file says over the words of its form. What stands empty changes nothing.
func (r *wordsReader) read(source []byte, w *formWords) {
	file, err := parser.ParseBytes(source, 0, parser.AllowDuplicateMapKey())
	if syntax, ok := errors.AsType[yaml.Error](err); ok {
		r.fault(syntax.GetToken(), "", "不是YAML："+syntax.GetMessage())
		return
	}
	if err != nil {
		r.fault(nil, "", "不是YAML")
		return
	}
	for _, doc := range file.Docs {
		r.each("", doc.Body, "title、example、change、fields、say", func(key string, n ast.Node) bool {
			switch key {
			case "title":
				r.sentence(key, n, &w.Title)
			case "example":
				r.sentence(key, n, &w.Example)
			case "change":
				r.sentence(key, n, &w.Change)
			case "fields":
				r.fields(n, w.Fields)
			case "say":
				r.say(n, w.Say)
			default:
				return false
			}
			return true
		})
	}
}

// each takes the entries of a mapping; whoever takes them says whether there is such a key.
func (r *wordsReader) each(path string, n ast.Node, known string, take func(key string, n ast.Node) bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		r.fault(n.GetToken(), path, "下面要一行一项，写成“名字: 话”")
	}
	seen := map[string]bool{}
	for _, v := range values {
		key := v.Key.GetToken().Value
		full := strings.TrimPrefix(path+"."+key, ".")
		switch {
		case seen[key]:
			r.fault(v.Key.GetToken(), full, "写了两遍")
		case !take(key, v.Value):
			r.fault(v.Key.GetToken(), full, "没有这一项，可以是"+known)
		}
		seen[key] = true
	}
}

func (r *wordsReader) fields(n ast.Node, own map[string]fieldWords) {
	r.each("fields", n, strings.Join(slices.Sorted(maps.Keys(own)), "、"), func(name string, n ast.Node) bool {
		q, known := own[name]
		if !known {
			return false
		}
		path := "fields." + name
		r.each(path, n, "label、also、ask、again、help", func(key string, n ast.Node) bool {
			at := path + "." + key
			switch key {
			case "label":
				r.sentence(at, n, &q.Label)
			case "ask":
				r.sentence(at, n, &q.Ask)
			case "again":
				r.sentence(at, n, &q.Again)
			case "help":
				r.sentence(at, n, &q.Help)
			case "also":
				r.names(at, n, &q.Also)
			default:
				return false
			}
			return true
		})
		own[name] = q
		return true
	})
}

func (r *wordsReader) say(n ast.Node, own map[string]string) {
	r.each("say", n, strings.Join(slices.Sorted(maps.Keys(own)), "、"), func(name string, n ast.Node) bool {
		words, known := own[name]
		if known {
			r.sentence("say."+name, n, &words)
			own[name] = words
		}
		return known
	})
}

// names reads what else people call a field.
func (r *wordsReader) names(key string, n ast.Node, to *[]string) {
	list, ok := n.(*ast.SequenceNode)
	switch {
	case n.Type() == ast.NullType:
		return
	case !ok:
		r.fault(n.GetToken(), key, "要写成[一个词, 又一个词]")
		return
	}
	names := make([]string, len(list.Values))
	for i, one := range list.Values {
		r.sentence(key, one, &names[i])
	}
	*to = names
}

// sentence reads one text.
func (r *wordsReader) sentence(key string, n ast.Node, to *string) {
	words := ""
	switch n := n.(type) {
	case *ast.NullNode:
		return
	case *ast.StringNode:
		words = n.Value
	case *ast.LiteralNode:
		words = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		words = n.GetToken().Value
	default:
		r.fault(n.GetToken(), key, "要写一句话；话里有冒号、以括号开头的，整句用引号括起来")
		return
	}
	if wrong := filledIn(*to, words); wrong != "" {
		r.fault(n.GetToken(), key, wrong)
	}
	if words != "" {
		*to = words
	}
}

// filledName is a 〈name〉 that the program fills in. A Chinese word in such brackets is one to
// tap.
var filledName = regexp.MustCompile(`〈[^〈〉]*[A-Za-zＡ-Ｚａ-ｚ][^〈〉]*〉`)

// filledIn says what is wrong with words that have a 〈name〉 which the program's own do not,
// for it would be shown as it stands.
func filledIn(own, words string) string {
	if strings.Count(words, "〈") != strings.Count(words, "〉") {
		return "里的〈和〉不成对"
	}
	there := filledName.FindAllString(own, -1)
	for _, name := range filledName.FindAllString(words, -1) {
		switch {
		case slices.Contains(there, name):
		case len(there) == 0:
			return "里没有东西填进" + name + "，这一句里什么也不填"
		default:
			slices.Sort(there)
			return "里没有东西填进" + name + "，这一句里能填的是" + strings.Join(slices.Compact(there), "、")
		}
	}
	return ""
}
