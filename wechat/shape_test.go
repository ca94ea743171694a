package wechat_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/cunkao/cunkao/wechat"
)

func TestShape(t *testing.T) {
	t.Parallel()
	nine := strings.Repeat("长", 9)
	tests := map[string]struct{ key, value, want string }{
		"a thing":                          {"thing1", "请假已批准", "请假已批准"},
		"spaces around and inside":         {"thing1", "  一 \t 二　三 ", "一 二 三"},
		"several lines":                    {"thing12", "一\r\n二\u2028三\u0085四", "一 二 三 四"},
		"twenty characters":                {"thing1", nine + nine + "两个", nine + nine + "两个"},
		"twenty-one characters":            {"thing1", nine + nine + "三个字", nine + nine + "三…"},
		"a rare character counts as two":   {"thing1", nine + "𠮷" + nine + "字", nine + "𠮷" + strings.Repeat("长", 8) + "…"},
		"a rare character at the cut":      {"thing1", nine + nine + "𠮷字", nine + nine + "…"},
		"a mark stays on its letter":       {"thing1", nine + nine + "e\u0301\u0302x", nine + nine + "…"},
		"a mark with nothing to stand on":  {"thing1", "\u0301好 \u0301", "好"},
		"emoji":                            {"thing1", "好👍🏽的👨\u200d👩\u200d👧!☀️🇨🇳", "好的!"},
		"a key's frame":                    {"thing1", "第1\ufe0f\u20e3名", "第1名"},
		"a star that is none":              {"thing1", "★一等", "★一等"},
		"control and unseen characters":    {"thing1", "a\x00b\u200bc\ufeffd\u202ee\ue000f\xff", "abcdef"},
		"a space at the cut":               {"thing1", nine + nine + " 二三", nine + nine + "…"},
		"a kind that is not known":         {"keyword1", strings.Repeat("字", 30), strings.Repeat("字", 19) + "…"},
		"a short thing":                    {"short_thing4", "好", "好"},
		"a number":                         {"number2", " 92.50 ", "92.50"},
		"a number in full width":           {"number2", "９２．５", "92.5"},
		"a letter":                         {"letter1", "ABc", "ABc"},
		"a symbol":                         {"symbol1", "★+", "★+"},
		"a string":                         {"character_string3", "AB-12:３", "AB-12:3"},
		"a time of day":                    {"time1", "8:30", "08:30"},
		"a time with seconds":              {"time1", "23:59:59", "23:59:59"},
		"a time with a day":                {"time1", "2026-11-22 08:30", "2026年11月22日 08:30"},
		"a day in the documented form":     {"date1", "2026年1月2日", "2026年1月2日"},
		"a day with noughts":               {"date1", "2026-01-02", "2026年1月2日"},
		"a day with strokes":               {"date1", "2026/1/2", "2026年1月2日"},
		"a day and a time without a space": {"date1", "2026年1月2日08:30", "2026年1月2日 08:30"},
		"a machine's time":                 {"date1", "2026-01-02T08:30", "2026年1月2日 08:30"},
		"days from to":                     {"date1", "2026-10-08～2026-10-09", "2026年10月8日~2026年10月9日"},
		"times from to":                    {"time1", "8:00 ~ 12:00", "08:00~12:00"},
		"times of one day":                 {"time1", "2026年10月8日 8:00~12:00", "2026年10月8日 08:00~12:00"},
		"a colon in full width":            {"time1", "8：30", "08:30"},
		"an amount":                        {"amount1", "¥1234.50", "¥1234.50"},
		"an amount in words":               {"amount1", "1234元", "1234元"},
		"a sign in full width":             {"amount1", "￥12.5元", "￥12.5元"},
		"a phone":                          {"phone_number1", "+86 0797-1234567", "+86 0797-1234567"},
		"a car":                            {"car_number1", "粤a8z888", "粤A8Z888"},
		"a car at the border":              {"car_number1", "粤Z1234港", "粤Z1234港"},
		"a name":                           {"name1", "欧阳娜娜", "欧阳娜娜"},
		"a name with a point":              {"name1", "阿卜杜热依木·图尔荪买买提", "阿卜杜热依木·图尔荪"},
		"a name in letters":                {"name1", "Abdurehim Tursun Memet Ali", "Abdurehim Tursun Mem"},
		"a phrase":                         {"phrase1", "基本称职", "基本称职"},
		"a long phrase":                    {"phrase1", "这是六个汉字", "这是六个汉"},
		"a constant":                       {"const1", "优秀", "优秀"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wechat.Shape(tt.key, tt.value)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
			if problem := platformTakes(tt.key, got); problem != "" {
				t.Errorf("the platform would not take it: %s", problem)
			}
			if again, err := wechat.Shape(tt.key, got); err != nil || again != got {
				t.Errorf("shaped again it is %q, %v", again, err)
			}
		})
	}
}

func TestShapeRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ key, value string }{
		"nothing":                        {"thing1", ""},
		"spaces":                         {"thing1", " \n　"},
		"only emoji":                     {"thing1", "👍👨‍👩‍👧"},
		"only a mark":                    {"thing1", "\u0301"},
		"a tower of marks":               {"thing1", "e" + strings.Repeat("\u0301", 40)},
		"a key with .DATA":               {"thing1.DATA", "好"},
		"no key":                         {"", "好"},
		"a key of digits":                {"12", "好"},
		"a number with words":            {"number1", "3天"},
		"a number below zero":            {"number1", "-3"},
		"a number of 33 digits":          {"number1", strings.Repeat("9", 33)},
		"letters with digits":            {"letter1", "A1"},
		"33 letters":                     {"letter1", strings.Repeat("a", 33)},
		"six symbols":                    {"symbol1", "++++++"},
		"a symbol that is a letter":      {"symbol1", "a"},
		"a string in Chinese":            {"character_string1", "92.5分"},
		"a string of 33":                 {"character_string1", strings.Repeat("x", 33)},
		"a day in the place of a time":   {"time1", "2026-11-22"},
		"a time in the place of a day":   {"date1", "08:30"},
		"a day without a year":           {"date1", "11月22日"},
		"a day that there is not":        {"date1", "2026-02-29"},
		"a month that there is not":      {"date1", "2026-13-01"},
		"half past twenty-four":          {"time1", "24:30"},
		"sixty minutes":                  {"time1", "8:60"},
		"the afternoon in words":         {"time1", "下午3点"},
		"three ends":                     {"time1", "8:00~9:00~10:00"},
		"a day at the second end only":   {"time1", "8:00~2026年11月22日 9:00"},
		"an open end":                    {"time1", "8:00~"},
		"an amount of eleven digits":     {"amount1", "12345678901"},
		"eleven digits with decimals":    {"amount1", "123456789.01元0"},
		"ten digits and decimals":        {"amount1", "1234567890.12"},
		"an amount in thousands":         {"amount1", "1,234"},
		"an amount of two signs":         {"amount1", "¥¥1"},
		"a phone in words":               {"phone_number1", "村委会"},
		"a phone of 18":                  {"phone_number1", strings.Repeat("1", 18)},
		"a car of nine":                  {"car_number1", "粤A12345678"},
		"a car with Chinese in it":       {"car_number1", "粤A村8888"},
		"a name with digits":             {"name1", "张三2"},
		"a phrase with digits":           {"phrase1", "第1名"},
		"a phrase with letters":          {"phrase1", "优A"},
		"a phrase with a stroke":         {"phrase1", "—"},
		"a constant of 21":               {"const1", strings.Repeat("字", 21)},
		"a time whose cut hides another": {"time1", "8:30今天"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wechat.Shape(tt.key, tt.value)
			if !errors.Is(err, wechat.ErrInvalid) || got != "" {
				t.Fatalf("got %q, %v", got, err)
			}
			if tt.key != "" && !strings.Contains(err.Error(), tt.key) || len(tt.value) > 6 && strings.Contains(err.Error(), tt.value) {
				t.Errorf("the error should name the key and not the value: %v", err)
			}
		})
	}
}

// platformTakes says why the platform would refuse a field, written from its
// table of limits and apart from the code under test.
func platformTakes(key, value string) string {
	kind := strings.TrimRight(key, "0123456789")
	n := utf8.RuneCountInString(value)
	han := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	all := func(ok func(rune) bool) bool {
		return !strings.ContainsFunc(value, func(r rune) bool { return !ok(r) })
	}
	switch {
	case value == "" || strings.TrimSpace(value) != value:
		return "empty, or spaces at an end"
	case !utf8.ValidString(value):
		return "no UTF-8"
	case strings.ContainsAny(value, "\r\n\t\v\f\u0085\u2028\u2029"):
		return "a line break"
	case strings.ContainsAny(value, "\u200b\u200d\ufeff\u20e3\ufe0f"):
		return "the remains of an emoji"
	case strings.ContainsFunc(value, func(r rune) bool { return r >= 0x1f300 && r <= 0x1faff || r >= 0x1f1e6 && r <= 0x1f1ff }):
		return "an emoji"
	}
	if first, _ := utf8.DecodeRuneInString(value); unicode.IsMark(first) || regexp.MustCompile(` \pM`).MatchString(value) {
		return "a mark that stands on nothing"
	}
	var ok bool
	switch kind {
	case "number":
		ok = n <= 32 && all(func(r rune) bool { return r >= '0' && r <= '9' || r == '.' }) && strings.Count(value, ".") <= 1
	case "letter":
		ok = n <= 32 && all(func(r rune) bool { return r < 128 && unicode.IsLetter(r) })
	case "symbol":
		ok = n <= 5 && all(func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) })
	case "character_string":
		ok = n <= 32 && all(func(r rune) bool { return r >= ' ' && r <= '~' })
	case "time":
		ok = regexp.MustCompile(`^(\d{4}年\d{1,2}月\d{1,2}日 )?([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(~.+)?$`).MatchString(value)
	case "date":
		ok = regexp.MustCompile(`^\d{4}年(1[0-2]|[1-9])月([1-9]|[12]\d|3[01])日( ([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?(~.+)?$`).MatchString(value)
	case "amount":
		digits := 0
		for _, r := range value {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		ok = digits >= 1 && digits <= 10 && regexp.MustCompile(`^\D?\d+(\.\d+)?元?$`).MatchString(value)
	case "phone_number":
		ok = n <= 17 && strings.ContainsAny(value, "0123456789") && all(func(r rune) bool { return r < 128 && !unicode.IsLetter(r) })
	case "car_number":
		middle := []rune(value)[1:max(1, n-1)]
		ok = n <= 8 && !strings.ContainsFunc(string(middle), func(r rune) bool { return r > 127 })
	case "name":
		ok = n <= 20 && (n <= 10 || !strings.ContainsFunc(value, han)) && !strings.ContainsFunc(value, unicode.IsDigit)
	case "phrase":
		ok = n <= 5 && all(han)
	default:
		ok = n <= 20
	}
	if !ok {
		return "not a " + kind + ": " + value
	}
	return ""
}

func FuzzShape(f *testing.F) {
	kinds := []string{
		"thing", "number", "letter", "symbol", "character_string", "time", "date", "amount",
		"phone_number", "car_number", "name", "phrase", "const", "short_thing", "keyword",
	}
	for i, value := range []string{
		"请假👨‍👩‍👧 已批准", "92.50", "ABC", "★", "AB-12", "2026-11-22 08:30~9:30", "2026/1/2～2026.1.3", "¥1,2元", "+86 1", "粤a8z888",
		"阿卜杜·图尔荪", "基本称职", "优秀", "e\u0301\u0301", "\u0301\n1\ufe0f\u20e3",
	} {
		f.Add(uint8(i), value)
	}
	f.Fuzz(func(t *testing.T, kind uint8, value string) {
		key := kinds[int(kind)%len(kinds)] + "1"
		got, err := wechat.Shape(key, value)
		if err != nil {
			if got != "" || !errors.Is(err, wechat.ErrInvalid) {
				t.Errorf("got %q, %v", got, err)
			}
			return
		}
		if problem := platformTakes(key, got); problem != "" {
			t.Errorf("%q became %q: %s", value, got, problem)
		}
		if again, err := wechat.Shape(key, got); err != nil || again != got {
			t.Errorf("%q shaped again is %q, %v", got, again, err)
		}
	})
}

func TestSendingShapesFields(t *testing.T) {
	t.Parallel()
	send := map[string]func(*testing.T, *wechat.Client, map[string]string) (string, error){
		"a template": func(t *testing.T, c *wechat.Client, data map[string]string) (string, error) {
			t.Helper()
			return c.SendTemplate(t.Context(), wechat.Template{OpenID: openID, TemplateID: "t", Data: data})
		},
		"a subscription": func(t *testing.T, c *wechat.Client, data map[string]string) (string, error) {
			t.Helper()
			return c.SendSubscription(t.Context(), wechat.Subscription{OpenID: openID, TemplateID: "t", Data: data})
		},
	}
	for name, do := range send {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.answer = func(w http.ResponseWriter, _ *http.Request) { say(w, `{"errcode":0,"errmsg":"ok","msgid":"7"}`) }
			c := newClient(t, f, nil)
			if id, err := do(t, c, map[string]string{"thing1": "一\n二<&>👍", "time2": "8:30"}); err != nil || id != "7" {
				t.Fatalf("id %q, %v", id, err)
			}
			if body := f.last(t).body; !strings.Contains(body, `"data":{"thing1":{"value":"一 二<&>"},"time2":{"value":"08:30"}}`) {
				t.Errorf("sent %s", body)
			}
			_, err := do(t, c, map[string]string{"thing1": "好", "phrase2": "第1名"})
			if !errors.Is(err, wechat.ErrInvalid) || !strings.Contains(err.Error(), "phrase2") || errors.Is(err, wechat.ErrUnsent) {
				t.Errorf("got %v", err)
			}
			if _, _, calls := f.counts(); calls != 1 {
				t.Errorf("%d calls, want 1", calls)
			}
		})
	}
}
