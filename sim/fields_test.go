package sim_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/sim"
)

func TestFields(t *testing.T) {
	t.Parallel()
	long := func(s string, n int) string { return strings.Repeat(s, n) }
	tests := map[string]struct{ good, bad []string }{
		"thing1":            {[]string{"柳树村", long("长", 20), "3月、第1名 ok"}, []string{long("长", 21), "两\n行", "两\r行", "", " "}},
		"const2":            {[]string{"通过"}, []string{long("长", 21)}},
		"short_thing2":      {[]string{"通过"}, []string{long("长", 21)}},
		"phrase3":           {[]string{"优秀", "一二三四五"}, []string{"一二三四五六", "第1名", "good", "优 秀"}},
		"character_string4": {[]string{"98.5", "A-2026/1", long("a", 32)}, []string{long("a", 33), "98.5分"}},
		"number5":           {[]string{"12", "12.50", "-3", long("1", 32)}, []string{"1,200", "十二", "1.2.3", long("1", 33), "1e3"}},
		"letter6":           {[]string{"abcXYZ", long("a", 32)}, []string{"a1", "字母", "a b", long("a", 33)}},
		"symbol7":           {[]string{"★", "+-*/!"}, []string{"a", "1", "++++++", "好"}},
		"name8":             {[]string{"李四", "阿卜杜拉·买买提", "Alexander Hamilton", long("长", 10)}, []string{long("长", 11), long("a", 21), "李4"}},
		"time9":             {[]string{"15:01", "2026年10月1日 15:01", "2026-10-01 8:05:30", "8:00~12:00", "2026年1月1日 08:00~2026年1月2日 08:00"}, []string{"下午三点", "25:00", "2026年10月1日", "8:60", "8:00~9:00~10:00"}},
		"date10":            {[]string{"2026年10月1日", "2026/10/1", "2026年10月1日 15:01", "2026年10月1日~2026年10月3日"}, []string{"10月1日", "15:01", "国庆节"}},
		"amount11":          {[]string{"¥2000.00", "1600元", "$10", "123456789012"}, []string{"两千", "1,600", "-5", "1234567890123", "¥"}},
		"phone_number12":    {[]string{"+86-0755-66888866", "12345", "(0755)1"}, []string{"电话", "----", long("1", 18)}},
		"car_number13":      {[]string{"粤A8Z888挂", "粤AD12345"}, []string{"粤A·88888", long("A", 9), "粤粤88888"}},
	}
	for key, test := range tests {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *sim.Options) {
				o.Templates = []sim.Template{{ID: "T", Fields: []sim.Field{{Key: key, Label: "值"}}}}
			})
			for _, value := range test.good {
				if a := w.one(t, key, value); a.Code != 0 {
					t.Errorf("%q: %+v", value, a)
				}
			}
			for _, value := range test.bad {
				if a := w.one(t, key, value); a.Code != 47003 || !strings.HasPrefix(a.Msg, "argument invalid! data."+key+".value i") || !strings.Contains(a.Msg, " rid: ") {
					t.Errorf("%q: %+v", value, a)
				}
			}
		})
	}
}

// one sends a template of one field.
func (w *world) one(t *testing.T, key, value string) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"touser": li, "template_id": "T", "data": map[string]any{key: map[string]string{"value": value}}})
	if err != nil {
		t.Fatal(err)
	}
	return w.call(t, "message/template/send", string(body))
}

func TestKeysOfATemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := `"thing1":{"value":"柳树村"},"phrase2":{"value":"优秀"}`
	tests := map[string]struct {
		data string
		code int
		says string
	}{
		"all of them":                {good, 0, "ok"},
		"with a colour":              {`"thing1":{"value":"柳树村","color":"#ff0000"},"phrase2":{"value":"优秀"}`, 0, "ok"},
		"what templates had of old":  {good + `,"first":{"value":"您好"},"remark":{"value":"谢谢"}`, 0, "ok"},
		"a missing key":              {`"thing1":{"value":"柳树村"}`, 47003, "data.phrase2 is missing"},
		"a key of another template":  {good + `,"thing3":{"value":"x"}`, 47003, "data.thing3 is not defined"},
		"a key as the page shows it": {`"thing1.DATA":{"value":"柳树村"},"phrase2":{"value":"优秀"}`, 47003, "data.thing1 is missing"},
		"a number for a word":        {`"thing1":{"value":5},"phrase2":{"value":"优秀"}`, 47003, "data.thing1.value is not a string"},
		"words without an object":    {`"thing1":"柳树村","phrase2":{"value":"优秀"}`, 47003, "data.thing1.value is not a string"},
		"no data at all":             {``, 47003, "data.thing1 is missing"},
	}
	for name, test := range tests {
		for _, api := range []string{"message/template/send", "message/subscribe/bizsend"} {
			a := w.call(t, api, `{"touser":"o_li_si","template_id":"T1","data":{`+test.data+`}}`)
			if a.Code != test.code || !strings.Contains(a.Msg, test.says) {
				t.Errorf("%s, %s: %+v, want %d %q", name, api, a, test.code, test.says)
			}
		}
	}
}
