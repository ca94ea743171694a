package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestUnderstandPrintsALineForALine(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 9, 28, 2, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct{ in, want string }{
		"a phrase": {
			"明天下午",
			`{"input":"明天下午","kind":"halfday","expected":{"date":"2026-09-29","part":"pm"},"ask":[],"leave":{"start":"2026-09-29","start_part":"pm","end":"2026-09-29","end_part":"pm","working_days":0.5}}`,
		},
		"two readings": {
			"下周二",
			`{"input":"下周二","kind":"date","expected":{},"ask":[{"kind":"date","expected":{"start":"2026-10-06","end":"2026-10-06"},"text":"是10月6日 周二 · 国庆节吗？"},` +
				`{"kind":"date","expected":{"start":"2026-09-29","end":"2026-09-29"},"text":"是9月29日 周二吗？"}]}`,
		},
		"nothing to choose from": {"三四天", `{"input":"三四天","kind":"none","expected":{},"ask":[{"text":"您说的是多久？请说具体的天数，例如“三天”。"}]}`},
		"a length":               {"8天20小时", `{"input":"8天20小时","kind":"duration","expected":{"days":8.8333,"seconds":763200},"ask":[]}`},
		"no such day":            {"2月30日", `{"input":"2月30日","kind":"invalid","expected":{},"ask":[]}`},
		"nothing":                {"", `{"input":"","kind":"none","expected":{},"ask":[]}`},
		"no time":                {"你好 <b>", `{"input":"你好 <b>","kind":"none","expected":{},"ask":[]}`},
		"an object with its now": {
			`{"input":"后天","reference_datetime":"2026-10-08T23:00:00"}`,
			`{"input":"后天","kind":"date","expected":{"start":"2026-10-10","end":"2026-10-10"},"ask":[],"leave":{"start":"2026-10-10","start_part":"am","end":"2026-10-10","end_part":"pm","working_days":1}}`,
		},
		"a correction": {
			`{"input":"不是事假是病假，推迟一天","state":{"start":"2026-10-08","end":"2026-10-08","leave_type":"事假","reason":"看病"}}`,
			`{"input":"不是事假是病假，推迟一天","kind":"date","expected":{"start":"2026-10-09","end":"2026-10-09"},"ask":[],"leave":{"start":"2026-10-09","start_part":"am","end":"2026-10-09","end_part":"pm","working_days":1,"leave_type":"病假","reason":"看病"}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, wrong bytes.Buffer
			code := run(t.Context(), []string{"understand"}, std{in: strings.NewReader(test.in + "\n"), out: &out, err: &wrong, now: now})
			if got := strings.TrimSuffix(out.String(), "\n"); code != 0 || got != test.want {
				t.Errorf("%d %s\n got %s\nwant %s", code, wrong.String(), got, test.want)
			}
		})
	}
}

func TestUnderstandRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args     []string
		in, want string
	}{
		"an object that is none": {nil, `{"input":`, "不是一个JSON对象"},
		"a moment in no form":    {nil, `{"input":"明天","reference_datetime":"昨天"}`, "reference_datetime"},
		"a now in no form":       {[]string{"--now", "明天"}, "", "--now"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, wrong bytes.Buffer
			code := run(t.Context(), append([]string{"understand"}, test.args...), std{in: strings.NewReader(test.in + "\n"), out: &out, err: &wrong})
			if code != 1 || !strings.Contains(wrong.String(), test.want) {
				t.Errorf("%d, %s", code, wrong.String())
			}
		})
	}
	var out, wrong bytes.Buffer
	in := strings.NewReader("明天\n")
	if code := run(t.Context(), []string{"understand", "--now", "2026-12-31T23:30:00+08:00"}, std{in: in, out: &out, err: &wrong}); code != 0 || !strings.Contains(out.String(), `"2027-01-01"`) {
		t.Errorf("%d, %s%s", code, out.String(), wrong.String())
	}
}
