package bot

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
)

// village is one with people who talk to the bot.
type village struct {
	*Bot
	file string
	n    int
}

// villageNow is when everybody talks: Thursday, 8 October 2026, in the afternoon.
func villageNow() time.Time { return calendar.Date{Year: 2026, Month: 10, Day: 8}.At(15, 0) }

func newVillage(t testing.TB) *village {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.db")
	db, err := models.Open(t.Context(), models.Source{File: file, Unsynced: true}, villageNow)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	county := handlers.County{Name: "试县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1, Leave: handlers.DefaultLeaveRules()}
	desk := handlers.New(db, box, county, func() {})
	c, err := cache.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	v := &village{file: file, Bot: made(t, Options{Desk: desk, Cache: c, Now: villageNow, Log: slog.New(slog.DiscardHandler)})}
	v.settle(t)
	return v
}

// settle lets four people live there and binds them.
func (v *village) settle(t testing.TB) {
	t.Helper()
	r := handlers.Register{Towns: []handlers.TownEntry{{Name: "东镇", Villages: []string{"甲村"}}}}
	for i, p := range []handlers.PersonEntry{
		{Name: "赵书记", Posts: []models.PostTitle{models.PartySecretary}},
		{Name: "钱主任", Posts: []models.PostTitle{models.CommitteeDirector}},
		{Name: "孙委员", Posts: []models.PostTitle{models.CommitteeMember}},
		{Name: "李干事", Roles: []handlers.RoleName{handlers.TownStaff}},
	} {
		p.Town, p.From, p.Phone = "东镇", calendar.Date{Year: 2024, Month: 1, Day: 1}, fmt.Sprintf("1990000%04d", 1000+i)
		if len(p.Posts) > 0 {
			p.Village = "甲村"
		}
		r.People = append(r.People, p)
	}
	job := handlers.Command{Key: "job:settle", Who: handlers.Who{Job: "settle"}, Channel: handlers.ByJob}
	codes := map[string]handlers.Codes{}
	_, err := v.Desk.Do(t.Context(), job, func(d *handlers.Desk) (string, error) {
		done, err := d.Admit(r)
		for i, id := range done.IDs {
			if codes[r.People[i].Name], err = d.IssueCode(id); err != nil {
				return "", err
			}
		}
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range r.People {
		v.say(t, p.Name, "绑定 "+codes[p.Name].Code+" "+r.People[i].Phone[7:])
		if got := v.say(t, p.Name, "同意"); !strings.Contains(got, "绑定成功") {
			t.Fatal(got)
		}
	}
}

// say sends a message and returns the answer. A fault fails the test.
func (v *village) say(t testing.TB, who, text string) string {
	t.Helper()
	v.n++
	got, err := v.Answer(context.WithoutCancel(t.Context()), Input{
		Key: fmt.Sprintf("wx:app:o-%s:%d", who, v.n), Who: "o-" + who, Text: text, Sent: villageNow(), Digest: strconv.Itoa(v.n), Right: &handlers.Right{},
	})
	if err != nil || strings.Contains(got, "没有记录下来") || strings.TrimSpace(got) == "" {
		t.Fatalf("%s said %q and was answered %q, %v", who, text, got, err)
	}
	return got
}

// FuzzTalk lets people say anything, a line a message: there is no fault, every message is
// answered in a size that arrives, and 取消 leads out of whatever is open.
func FuzzTalk(f *testing.F) {
	for _, talk := range []string{
		"请假\n事假\n明天\n看病\n确认\n催办\n撤回", "请事假 10.12-10.13 送孩子上学，小钱替班\n2\n13号\n推迟一天\n不是事假是病假\n确认\n我的假条\n取消请假1",
		"记日志 接待3人，低保咨询已办结，李家危房未办结转钱主任\n2改成4人\n确认\n未办事项\n办结1 好了\n移交2 赵书记", "无事\n补记 下午来了两个人\n都办完了\n跳过\n确认",
		"请三天假\n上一步\n上一步\n重来\n进度\n帮助\n人工\n菜单\n9\n第2项\n改日期", "绑定 ABCD2345 1234\n同意\n同意12\n不同意12 有事\n看假条12\n销假\n续假到20号 没好",
		"代请假 孙委员 10月12日 事假 走亲戚\n3号纸条\n确认\n代销假1 昨天\n确认审定 2026Q3\n取消\n不是\n改\n是\n：\n1改成", "\xff\xfe\n<a href=\"x\">\n" + strings.Repeat("长", 700),
	} {
		f.Add(talk)
	}
	v := newVillage(f)
	who := []string{"孙委员", "赵书记", "钱主任", "李干事"}
	f.Fuzz(func(t *testing.T, talk string) {
		for i, text := range strings.Split(talk, "\n") {
			if i == 24 || len(text) > 4000 {
				break
			}
			got := v.say(t, who[i/7%len(who)], strings.ToValidUTF8(text, "?"))
			if visible(got) > longest+100 || len(got) > 2048 {
				t.Fatalf("%q is answered by %d characters, %d bytes:\n%s", text, visible(got), len(got), got)
			}
		}
		for _, name := range who {
			for i := range mostDrafts + 1 {
				if strings.HasPrefix(v.say(t, name, "取消"), "现在没有正在办的事") {
					break
				}
				if i == mostDrafts {
					t.Fatalf("%s does not get out", name)
				}
			}
		}
	})
}

// TestTheWordsOfACounty changes a question without touching what it does, and is told of
// what there is not.
func TestTheWordsOfACounty(t *testing.T) {
	t.Parallel()
	b := made(t, Options{Wording: map[string][]byte{
		"leave": []byte("fields: {reason: {ask: 为啥请假？}}\n"), "reject": []byte("say: {noreason: 〈said〉算啥原因}\n"),
	}})
	if got := b.forms["leave"].field0("reason").words; got.Ask != "为啥请假？" || got.Label != "事由" {
		t.Errorf("the county's words: %+v", got)
	}
	if got, err := readRejection(listening{words: b.forms["reject"].words, whole: true}, "好"); err != nil || got.complaint != "好算啥原因" {
		t.Errorf("the county's complaint: %+v, %v", got, err)
	}
	for name, text := range map[string]string{
		"no such form": "holiday: {}", "no such field": "fields: {why: {ask: 为啥？}}", "no such word": "tittle: 请假", "no such saying": "say: {bye: 再见}",
	} {
		form := "leave"
		if name == "no such form" {
			form = "holiday"
		}
		if _, err := New(Options{Wording: map[string][]byte{form: []byte(text)}}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestAMisspeltPlaceInTheWordsOfACounty is refused with its file, its key and what it should be:
// people would read it as it stands. Words to tap are Chinese, and no such places.
func TestAMisspeltPlaceInTheWordsOfACounty(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ form, text, want string }{
		"a saying":               {"reject", "say: {done: 不同意〈nome〉的〈no〉号假条}", "reject.yaml第1行第13列：say.done 里没有东西填进〈nome〉，这一句里能填的是〈name〉、〈no〉"},
		"with a blank":           {"reject", "say: {done: 不同意〈name 〉}", "say.done 里没有东西填进〈name 〉"},
		"of another sentence":    {"reject", "say: {done: 不同意〈said〉}", "里没有东西填进〈said〉"},
		"in full-width letters":  {"reject", "say: {done: 不同意〈ｎａｍｅ〉}", "里没有东西填进〈ｎａｍｅ〉"},
		"where nothing is":       {"leave", "fields:\n  reason:\n    ask: 〈name〉为啥请假？", "leave.yaml第3行第10列：fields.reason.ask 里没有东西填进〈name〉，这一句里什么也不填"},
		"a title":                {"leave", "title: 请〈n〉假", "leave.yaml第1行第8列：title 里没有东西填进〈n〉"},
		"one that is not closed": {"reject", "say: {done: 不同意〈name的〈no〉号假条}", "say.done 里的〈和〉不成对"},
		"two of them":            {"reject", "say: {done: 不同意〈a〉, noreason: 〈b〉算啥}", "say.noreason 里没有东西填进〈b〉"},
		"right":                  {"reject", "say: {done: 〈no〉号没同意，〈name〉知道了，看〈待办〉}", ""},
		"with less":              {"selfeval", "fields: {item: {again: 说一个数，最多〈max〉，或点〈满分〉。}}\nsay: {left: 还有没评的。}", ""},
	} {
		wordsRefused(t, name, map[string][]byte{tc.form: []byte(tc.text)}, tc.want)
	}
}

// TestWhatIsWrongWithTheWordsOfACountyIsToldInItsLanguage: with the file, the line and the key,
// all at once.
func TestWhatIsWrongWithTheWordsOfACountyIsToldInItsLanguage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"no such word":         {"# 我们县的话\ntitel: 请假", "leave.yaml第2行第1列：titel 没有这一项，可以是title、example、change、fields、say"},
		"no such field":        {"fields:\n  why: {ask: 为啥？}", "leave.yaml第2行第3列：fields.why 没有这一项，可以是deputy、"},
		"no such word of it":   {"fields: {kind: {asks: 啥假？}}", "fields.kind.asks 没有这一项，可以是label、also、ask、again、help"},
		"no such saying":       {"say: {bye: 再见}", "say.bye 没有这一项，可以是"},
		"written twice":        {"title: 请假\ntitle: 告假", "leave.yaml第2行第1列：title 写了两遍"},
		"no YAML":              {"fields:\n  kind:\n\task: 啥假？", "leave.yaml第3行第1列：不是YAML："},
		"a list for a text":    {"title: [请假, 告假]", "leave.yaml第1行第8列：title 要写一句话"},
		"a text for a list":    {"fields: {kind: {also: 类型}}", "fields.kind.also 要写成[一个词, 又一个词]"},
		"a text for sentences": {"say: 再见", "say 下面要一行一项"},
		"a text for a file":    {"请假", "leave.yaml第1行第1列：下面要一行一项"},
		"empty":                {"", ""},
		"only remarks":         {"# 还没有改\n", ""},
		"an empty section":     {"say:\ntitle: 告假\nfields: {kind: {ask: }}", ""},
		"a number, a long one": {"title: 1\nexample: |\n  第一行\n  第二行\n", ""},
	} {
		wordsRefused(t, name, map[string][]byte{"leave": []byte(tc.text)}, tc.want)
	}
	wordsRefused(t, "all at once", map[string][]byte{"leave": []byte("a: 1\nb: 2"), "holiday": nil, "bind": []byte("c: 3")},
		"wording（CUNKAO_WORDING）里的话要改：\nbind.yaml第1行第1列：c 没有这一项，可以是title、example、change、fields、say\n"+
			"holiday.yaml：没有这张单子，可以是bind、checkin、extend、leave、reject、selfeval、worklog\nleave.yaml第1行第1列：a 没有这一项")
}

// wordsRefused starts with words that a person is told are wrong, or with good ones.
func wordsRefused(t *testing.T, name string, words map[string][]byte, want string) {
	t.Helper()
	_, err := New(Options{Wording: words})
	said, refused := refusal(err)
	if err != nil && !refused || refused != (want != "") || refused && !strings.Contains(said.Text, want) {
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func (f form) field0(name string) field {
	q, _ := f.field(name)
	return q
}

// TestEveryQuestionIsWorded: each form and field has all its words, and no words are left
// over.
func TestEveryQuestionIsWorded(t *testing.T) {
	t.Parallel()
	for _, f := range made(t, Options{}).forms {
		if f.words.Title == "" || f.words.Example == "" || !f.plain && f.words.Change == "" {
			t.Errorf("%s has no title, example or correction", f.name)
		}
		for _, q := range f.fields {
			if q.words.Help == "" {
				t.Errorf("%s.%s has no help", f.name, q.name)
			}
		}
		for name := range f.words.Fields {
			if !slices.ContainsFunc(f.fields, func(q field) bool { return cmp.Or(q.like, q.name) == name }) {
				t.Errorf("%s: words of a field %s that there is not", f.name, name)
			}
		}
	}
}

// TestAQuestionStaysHoweverOftenItWasMissed: one that has no other words is asked in its own.
func TestAQuestionStaysHoweverOftenItWasMissed(t *testing.T) {
	t.Parallel()
	f := form{fields: []field{{name: "when", words: fieldWords{Ask: "几点？"}}}}
	for tries := range 4 {
		if got := f.question(handlers.Draft{Open: "when", Tries: tries}); !strings.HasPrefix(got, "几点？") {
			t.Errorf("asked after %d tries: %s", tries, got)
		}
	}
}

// TestTheEngineIsSmallAndKnowsNoForm reads the engine's own source: it names no form, and has
// less than 600 lines that are no comments.
func TestTheEngineIsSmallAndKnowsNoForm(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("form*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
	forms, size := made(t, Options{}).forms, 0
	for _, file := range append(files, "talk.go", "correct.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			code, _, _ := strings.Cut(line, "//")
			if code = strings.TrimSpace(code); code != "" && strings.HasPrefix(file, "form") {
				size++
			}
			for _, f := range forms {
				if strings.Contains(code, strconv.Quote(f.name)) || strings.Contains(code, f.words.Title) || f.word != "" && strings.Contains(code, f.word) {
					t.Errorf("%s knows %s: %s", file, f.name, code)
				}
			}
		}
	}
	if size < 300 || size >= 600 {
		t.Errorf("the engine has %d lines", size)
	}
}
