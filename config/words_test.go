package config_test

import (
	"strings"
	"testing"

	"github.com/cunkao/cunkao/config"
)

func TestATemplateIsFilledWithWordsOfItsKind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ fields, want string }{
		"its words":           {"quarter: thing1, grade: phrase2", ""},
		"a fixed text":        {`"=请查看": thing4`, ""},
		"a word misspelt":     {"quater: thing1", "result.fields.quater（CUNKAO_WECHAT_TEMPLATES）没有这个词，可以是quarter、grade、total、pay、recheck"},
		"one of another":      {"shift: thing1", "没有这个词"},
		"the wrong way round": {"thing1: quarter", "词在前"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := read(t, "wechat: {templates: {result: {id: a, fields: {"+test.fields+"}}}}", nil)
			if err != nil {
				t.Fatal(err)
			}
			switch err := c.Validate(config.Plain); {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
