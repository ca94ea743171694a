package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var sentenceEnd = regexp.MustCompile(`[\p{Han}”）]{2}[。？：]\n?$`)

// TestEverySentenceOfAFormIsAWord follows each form through the functions that it is made of: each
// sentence that they say is in its words, with what is filled in; none is in their source; and
// its words hold nothing that nobody says.
func TestEverySentenceOfAFormIsAWord(t *testing.T) {
	t.Parallel()
	all := functions(t)
	var said []string
	for _, in := range all {
		said = append(said, texts(in)...)
	}
	for _, f := range made(t, Options{}).forms {
		its := followed(all, f.name)
		for name, in := range all {
			if slices.Contains(its, name) || slices.Contains(texts(in), f.name) { // of the form, or a command that leads to it
				checkSayings(t, f, in)
			}
			for _, one := range texts(in) {
				if slices.Contains(its, name) && sentenceEnd.MatchString(one) {
					t.Errorf("%s: %s itself says %q", f.name, name, one)
				}
			}
		}
		for key := range f.words.Say {
			if !slices.Contains(said, key) {
				t.Errorf("%s: nobody says %q", f.name, key)
			}
		}
	}
}

// checkSayings looks up what a function of a form says.
func checkSayings(t *testing.T, f form, in *ast.FuncDecl) {
	t.Helper()
	for _, call := range saysIn(in) {
		key := text(call.Args[0])
		sentence, known := f.words.Say[key]
		if key != "" && !known {
			t.Errorf("%s: %s says %q, which is none of its words", f.name, in.Name.Name, key)
		}
		for i := 1; i < len(call.Args) && known; i += 2 {
			if what := text(call.Args[i]); what != "" && !strings.Contains(sentence, "〈"+what+"〉") {
				t.Errorf("%s: %q has no 〈%s〉", f.name, key, what)
			}
		}
	}
}

// functions are the functions and methods of the room, by their names.
func functions(t *testing.T) map[string]*ast.FuncDecl {
	t.Helper()
	all := map[string]*ast.FuncDecl{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range source.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				all[nameOf(f)] = f
			}
		}
	}
	return all
}

// nameOf tells a method from a function of its name.
func nameOf(f *ast.FuncDecl) string {
	if f.Recv != nil {
		return "." + f.Name.Name
	}
	return f.Name.Name
}

// followed are the functions that a form is made of, from its maker on.
func followed(all map[string]*ast.FuncDecl, form string) []string {
	var open []string
	for name := range all {
		if strings.EqualFold(strings.Trim(name, "."), form+"Form") {
			open = append(open, name)
		}
	}
	seen := map[string]bool{}
	for len(open) > 0 {
		name := open[0]
		open = open[1:]
		if all[name] == nil || seen[name] {
			continue
		}
		seen[name] = true
		open = append(open, called(all[name])...)
	}
	return slices.Sorted(maps.Keys(seen))
}

// called are the functions that one names, and the methods of a bot or of words.
func called(f ast.Node) (names []string) {
	var own []string // its variables may have the names of functions
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr: // its key is a field
			names = append(names, called(n.Value)...)
			return false
		case *ast.SelectorExpr:
			if of, ok := n.X.(*ast.Ident); ok && slices.Contains([]string{"b", "w"}, of.Name) {
				names = append(names, "."+n.Sel.Name)
			}
			names = append(names, called(n.X)...)
			return false
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if one, ok := to.(*ast.Ident); ok && n.Tok == token.DEFINE {
					own = append(own, one.Name)
				}
			}
		case *ast.RangeStmt:
			for _, to := range []ast.Expr{n.Key, n.Value} {
				if one, ok := to.(*ast.Ident); ok {
					own = append(own, one.Name)
				}
			}
		case *ast.ValueSpec:
			for _, one := range n.Names {
				own = append(own, one.Name)
			}
		case *ast.Field:
			for _, one := range n.Names {
				own = append(own, one.Name)
			}
		case *ast.Ident:
			names = append(names, n.Name)
		}
		return true
	})
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(own, name) })
}

func saysIn(f *ast.FuncDecl) (calls []*ast.CallExpr) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if to, ok := call.Fun.(*ast.SelectorExpr); ok && to.Sel.Name == "says" {
				calls = append(calls, call)
			}
		}
		return true
	})
	return calls
}

func texts(f *ast.FuncDecl) (out []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && text(e) != "" {
			out = append(out, text(e))
		}
		return true
	})
	return out
}

// text is a string as it stands in the source, empty for anything else.
func text(e ast.Expr) string {
	one, ok := e.(*ast.BasicLit)
	if !ok || one.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(one.Value)
	return s
}
