package handlers_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/handlers"
)

// mechanics are the exported methods of Desk and View that are no use cases.
var mechanics = []string{"Keep", "HeldTalk", "TakeTurns", "SetTalk", "Talk", "DaysOff", "LeaveKinds", "Bound", "CarriedOut", "Is", "Left", "MyVillage", "Returned", "Secret", "Private"}

// TestEveryUseCaseHasItsRowInTheMatrix reads the room's own source: an exported
// method of Desk or View asks the matrix by its own name, or the build fails.
func TestEveryUseCaseHasItsRowInTheMatrix(t *testing.T) {
	t.Parallel()
	rows, asked := handlers.MatrixRows(), map[string]bool{}
	for _, f := range sources(t) {
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() || !onDesk(fn) {
				continue
			}
			name := fn.Name.Name
			if slices.Contains(mechanics, name) {
				continue
			}
			if !slices.Contains(rows, name) {
				t.Errorf("%s has no row in the matrix", name)
			}
			if !asks(fn, name) {
				t.Errorf("%s does not ask the matrix by its own name", name)
			}
			asked[name] = true
		}
	}
	for _, row := range rows {
		if !asked[row] {
			t.Errorf("the matrix has a row %s, and there is no such use case", row)
		}
	}
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var out []*ast.File
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".go") || strings.HasSuffix(n.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), n.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func onDesk(fn *ast.FuncDecl) bool {
	star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	id, ok := star.X.(*ast.Ident)
	return ok && (id.Name == "Desk" || id.Name == "View")
}

func asks(fn *ast.FuncDecl, name string) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "may" || len(call.Args) == 0 {
			return true
		}
		lit, ok := call.Args[0].(*ast.BasicLit)
		if ok && lit.Value == strconv.Quote(name) {
			found = true
		}
		return true
	})
	return found
}
