package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/sim"
)

// oneButton is a menu of a single button.
func oneButton(name, rule string) string {
	if rule != "" {
		rule = `,"matchrule":` + rule
	}
	return `{"button":[{"type":"click","name":"` + name + `","key":"k"}]` + rule + `}`
}

func tagRule(id int) string { return fmt.Sprintf(`{"tag_id":"%d"}`, id) }

// addMenu adds a conditional menu and returns its id.
func (w *world) addMenu(t *testing.T, name, rule string) string {
	t.Helper()
	var out struct{ MenuID string }
	if code := w.ask(t, http.MethodPost, "menu/addconditional", oneButton(name, rule), &out); code != 0 || out.MenuID == "" {
		t.Fatalf("menu %s: %d, %+v", name, code, out)
	}
	return out.MenuID
}

func nameOf(buttons []sim.Button) string {
	names := make([]string, len(buttons))
	for i, b := range buttons {
		names[i] = b.Name
	}
	return strings.Join(names, " ")
}

func TestConditionalMenus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Follow(wang)
	cadre, clerk := w.makeTag(t, "村干部"), w.makeTag(t, "村文书")
	w.call(t, "menu/create", oneButton("大家", ""))
	sees := func(when, openID, want string) {
		t.Helper()
		var tried struct{ Button []sim.Button }
		if code := w.ask(t, http.MethodPost, "menu/trymatch", `{"user_id":"`+openID+`"}`, &tried); code != 0 {
			t.Errorf("%s: trymatch %d", when, code)
		}
		if got := nameOf(w.MenuOf(openID)); got != want || nameOf(tried.Button) != want {
			t.Errorf("%s %s sees %q, trymatch says %q, want %q", when, openID, got, nameOf(tried.Button), want)
		}
	}
	old := w.addMenu(t, "干部旧", tagRule(cadre))
	w.addMenu(t, "文书", tagRule(clerk))
	sees("without a tag", li, "大家")
	w.putTag(t, cadre, li)
	sees("with a tag", li, "干部旧")
	sees("without a tag", wang, "大家")
	w.addMenu(t, "干部新", tagRule(cadre))
	sees("of two menus of a tag", li, "干部新")
	w.putTag(t, clerk, li)
	sees("with two tags", li, "文书")
	w.tagCall(t, "tags/members/batchuntagging", clerk, []string{li})
	sees("with one tag taken off", li, "干部新")
	if code := w.ask(t, http.MethodPost, "menu/delconditional", `{"menuid":"`+old+`"}`, nil); code != 0 {
		t.Errorf("delete a menu: %d", code)
	}
	if code := w.ask(t, http.MethodPost, "menu/delconditional", `{"menuid":"`+old+`"}`, nil); code != 65301 {
		t.Errorf("delete it again: %d", code)
	}
	w.addMenu(t, "苹果", `{"client_platform_type":"1"}`)
	sees("a menu for another kind of phone", wang, "大家")
	w.addMenu(t, "安卓", `{"tag_id":"","client_platform_type":2}`)
	sees("a menu for this kind of phone", wang, "安卓")
	w.call(t, "menu/create", oneButton("大家二", ""))
	sees("after the menu of everybody changed", li, "安卓")
	if code := w.ask(t, http.MethodGet, "menu/delete", "", nil); code != 0 {
		t.Errorf("delete all: %d", code)
	}
	w.call(t, "menu/create", oneButton("大家三", ""))
	sees("after all were deleted", li, "大家三")
}

func TestMenusComeBackWithTheirRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.makeTag(t, "村干部")
	w.call(t, "menu/create", oneButton("大家", ""))
	first := w.addMenu(t, "干部", tagRule(id))
	type some struct {
		Button []sim.Button
		Rule   map[string]json.Number `json:"matchrule"`
		MenuID int64
	}
	var got struct {
		Menu        some
		Conditional []some `json:"conditionalmenu"`
	}
	w.ask(t, http.MethodGet, "menu/get", "", &got)
	if len(got.Conditional) != 1 || got.Menu.MenuID == 0 {
		t.Fatalf("got %+v", got)
	}
	c := got.Conditional[0]
	if strconv.FormatInt(c.MenuID, 10) != first || nameOf(c.Button) != "干部" || !cmp.Equal(c.Rule, map[string]json.Number{"group_id": json.Number(strconv.Itoa(id))}) {
		t.Errorf("conditional menu %+v, want the tag as group_id", c)
	}
}

func TestConditionalMenusThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.makeTag(t, "村干部")
	add := func(body string) int { return w.ask(t, http.MethodPost, "menu/addconditional", body, nil) }
	if code := add(oneButton("干部", tagRule(id))); code != 65303 {
		t.Errorf("without a menu of everybody: %d", code)
	}
	if code := w.ask(t, http.MethodPost, "menu/trymatch", `{"user_id":"o_li_si"}`, nil); code != 46003 {
		t.Errorf("trymatch without a menu: %d", code)
	}
	w.call(t, "menu/create", oneButton("大家", ""))
	link := func(hosts ...string) string {
		var list []string
		for _, h := range hosts {
			list = append(list, `{"type":"view","name":"看","url":"https://`+h+`/x"}`)
		}
		return `{"button":[{"name":"看","sub_button":[` + strings.Join(list, ",") + `]}],"matchrule":` + tagRule(id) + `}`
	}
	tests := map[string]struct {
		body string
		code int
	}{
		"a good one":            {oneButton("干部", tagRule(id)), 0},
		"no rule":               {oneButton("干部", ""), 65304},
		"an empty rule":         {oneButton("干部", `{}`), 65304},
		"a group":               {oneButton("干部", `{"group_id":"100"}`), 65304},
		"an unknown tag":        {oneButton("干部", tagRule(999)), 45159},
		"a tag's name":          {oneButton("干部", `{"tag_id":"村干部"}`), 45159},
		"a sex":                 {oneButton("干部", `{"tag_id":"100","sex":"1"}`), 65320},
		"a country":             {oneButton("干部", `{"country":"中国"}`), 65320},
		"a province":            {oneButton("干部", `{"province":"广东"}`), 65320},
		"a city":                {oneButton("干部", `{"city":"广州"}`), 65320},
		"a language":            {oneButton("干部", `{"language":"zh_CN"}`), 65320},
		"an unknown phone":      {oneButton("干部", `{"client_platform_type":"9"}`), 40035},
		"a long name":           {oneButton("很长很长的名字", tagRule(id)), 40018},
		"addresses of three":    {link("a.example", "b.example", "c.example", "A.example"), 0},
		"addresses of four":     {link("a.example", "b.example", "c.example", "d.example"), 65314},
		"letters as escapes":    {strings.Replace(oneButton("干部", tagRule(id)), "干", `\u5e72`, 1), 40033},
		"something not JSON":    {"menu", 47001},
		"a rule that is a word": {oneButton("干部", `"all"`), 47001},
	}
	for name, test := range tests {
		if code := add(test.body); code != test.code {
			t.Errorf("%s: %d, want %d", name, code, test.code)
		}
	}
	if code := w.ask(t, http.MethodPost, "menu/trymatch", `{"user_id":"o_nobody"}`, nil); code != 65302 {
		t.Errorf("trymatch of nobody: %d", code)
	}
}
