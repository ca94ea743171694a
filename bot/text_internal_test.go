package bot

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cunkao/cunkao/wechat"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" 签到 ":        "签到",
		"签到。":         "签到",
		"签到！！":        "签到",
		"　签到　":        "签到",
		"签\u200b到":    "签到",
		"２０２６Ｑ３":      "2026Q3",
		"“签到”":        "签到",
		"为什么？":        "为什么?",
		"绑定　ABCD2345": "绑定 ABCD2345",
		"\u202e签到":    "签到",
		"":            "",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCutEndsAtALineAndInsideNoLink(t *testing.T) {
	t.Parallel()
	line := "柳湾村 " + say("谁在值班") + " 一行文字\n"
	for name, in := range map[string]string{
		"many lines of words": strings.Repeat("一二三四五六七八九十\n", 80),
		"many lines of links": strings.Repeat(line, 60),
		"one line too long":   strings.Repeat("长", 3000),
		"short":               "签到成功",
	} {
		got, rest := part(in)
		if utf8.RuneCountInString(got) > longest || len(got) > 2048 || !utf8.ValidString(got) {
			t.Errorf("%s: %d characters, %d bytes", name, utf8.RuneCountInString(got), len(got))
		}
		if strings.Count(got, "<a ") != strings.Count(got, "</a>") {
			t.Errorf("%s: a link was cut", name)
		}
		if got == "" {
			t.Errorf("%s: nothing is left", name)
		}
		if name == "short" && (got != in || rest != "") {
			t.Errorf("a short reply became %q and %q", got, rest)
		}
		whole := []string{strings.TrimSuffix(got, more())}
		for pieces := 1; rest != ""; pieces++ {
			if pieces > 20 {
				t.Fatalf("%s does not end", name)
			}
			got, rest = part(rest)
			whole = append(whole, strings.TrimSuffix(got, more()))
		}
		if strings.ReplaceAll(strings.Join(whole, ""), "\n", "") != strings.ReplaceAll(in, "\n", "") {
			t.Errorf("%s: the pieces are not the whole", name)
		}
	}
}

func TestALinkCarriesNoMarkup(t *testing.T) {
	t.Parallel()
	got := link(`a"><script>&'`+"\n", "看")
	if strings.ContainsAny(strings.TrimSuffix(strings.TrimPrefix(got, `<a href="`), `">看</a>`), `<>"'`) {
		t.Errorf("link = %s", got)
	}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	b := made(t, Options{})
	for text, want := range map[string][2]string{
		"签到":                {"签到", ""},
		"打卡":                {"签到", ""},
		"签到了吗":              {"签到了吗", ""}, // a question: it checks nobody in
		"谁在值班柳湾村":           {"谁在值班", "柳湾村"},
		"谁在值班 柳湾村":          {"谁在值班", "柳湾村"},
		"绑定 ABCD2345 123":   {"绑定", "ABCD2345 123"},
		"我的得分 2026Q3":       {"我的得分", "2026Q3"},
		"为什么 2026Q3 第2页":    {"为什么", "2026Q3 第2页"},
		"确认审定 2026Q3 青石镇正职": {"确认", "审定 2026Q3 青石镇正职"},
		"确认":                {"确认", ""},
		"确认一下时间":            {"", ""},
		"同意":                {"同意", ""},
		"0":                 {"菜单", ""},
		"我的排班":              {"我的排班", ""},
		"今天天气怎么样":           {"", ""},
		"":                  {"", ""},
	} {
		c, rest, ok := b.route(text)
		got := [2]string{"", rest}
		if ok {
			got[0] = c.words[0]
		}
		if got != want {
			t.Errorf("route(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNoWordOfACommandHidesAnother(t *testing.T) {
	t.Parallel()
	b, seen := made(t, Options{}), map[string]string{}
	for _, c := range b.commands {
		for _, w := range c.words {
			if other, there := seen[w]; there {
				t.Errorf("%q is of %s and of %s", w, other, c.words[0])
			}
			seen[w] = c.words[0]
			if got, _, ok := b.route(w); !ok || got.words[0] != c.words[0] {
				t.Errorf("%q leads to %v", w, got.words)
			}
			if plain(w) != w {
				t.Errorf("%q can never arrive: it is read as %q", w, plain(w))
			}
		}
		if (c.do == nil) == (c.look == nil) {
			t.Errorf("%s does both or nothing", c.words[0])
		}
	}
}

// TestTemplateFieldsFit shapes what is filled in as the client does: by the kind
// of its field, and only once.
func TestTemplateFieldsFit(t *testing.T) {
	t.Parallel()
	words := map[string]string{
		"long": strings.Repeat("很", 30), "lines": "一\n二", "marked": strings.Repeat("很", 18) + "e\u0301好吧",
		"span": "2026-10-08 08:00~2026-10-09 08:00", "code": strings.Repeat("AB12", 6),
	}
	for key, tc := range map[string]struct{ word, want string }{
		"thing1":            {"long", strings.Repeat("很", 19) + "…"},
		"thing2":            {"none", "—"},
		"thing3":            {"=固定的话", "固定的话"},
		"thing4":            {"lines", "一 二"},
		"thing5":            {"marked", strings.Repeat("很", 18) + "…"},
		"time6":             {"span", "2026年10月8日 08:00~2026年10月9日 08:00"},
		"character_string7": {"code", strings.Repeat("AB12", 6)},
	} {
		filled := Template{Fields: map[string]string{key: tc.word}}.fill(words)[key]
		if got, err := wechat.Shape(key, filled); err != nil || got != tc.want {
			t.Errorf("%s = %q, %v; want %q", key, got, err, tc.want)
		}
	}
}

// FuzzRoute sends anything as a message: what is understood is a command of the
// list, and a reply about it is short and whole.
func FuzzRoute(f *testing.F) {
	for _, s := range []string{"签到", "确认审定 2026Q3 青石镇正职", "为什么 第2页", "<a href=\"x\">", "\xff\xfe", strings.Repeat("长", 5000)} {
		f.Add(s)
	}
	b := made(f, Options{})
	f.Fuzz(func(t *testing.T, s string) {
		text := plain(s)
		if c, rest, ok := b.route(text); ok && (len(c.words) == 0 || len(rest) > len(text)) {
			t.Fatalf("route(%q) = %v, %q", text, c.words, rest)
		}
		if got, _ := part(text); len(got) > 2048 && len(text) > 2000 {
			t.Fatalf("cut left %d bytes", len(got))
		}
		pageIn(text)
		quarterIn(text)
	})
}

// made builds a bot.
func made(t testing.TB, o Options) *Bot {
	t.Helper()
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
