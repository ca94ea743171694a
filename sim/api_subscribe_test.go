package sim_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/sim"
)

// notices is a world with two subscription notices, one for each kind of consent.
func notices(t *testing.T) *world {
	t.Helper()
	fields := []sim.Field{{Key: "thing1", Label: "事项"}}
	return newWorld(t, func(o *sim.Options) {
		o.Templates = append(o.Templates,
			sim.Template{ID: "S1", Title: "一次", Fields: fields, Consent: sim.OneTime},
			sim.Template{ID: "S2", Title: "长期", Fields: fields, Consent: sim.LongTerm})
	})
}

// notice sends one.
func (w *world) notice(t *testing.T, openID, id string) int {
	t.Helper()
	return w.call(t, "message/subscribe/bizsend", `{"touser":"`+openID+`","template_id":"`+id+`","page":"https://example.com/","data":{"thing1":{"value":"会议"}}}`).Code
}

func TestConsents(t *testing.T) {
	t.Parallel()
	yes := func(ids ...string) (list []sim.Choice) {
		for _, id := range ids {
			list = append(list, sim.Choice{TemplateID: id, Accept: true})
		}
		return list
	}
	no := func(id string) []sim.Choice { return []sim.Choice{{TemplateID: id}} }
	type step struct {
		choose   []sim.Choice
		withdraw string
		leave    bool
		send     string
		code     int
	}
	tests := map[string][]step{
		"nobody asked":                        {{send: "S1", code: 43101}, {send: "S2", code: 43101}},
		"one yes is one notice":               {{choose: yes("S1")}, {send: "S1"}, {send: "S1", code: 43101}},
		"two yes are two notices":             {{choose: yes("S1")}, {choose: yes("S1")}, {send: "S1"}, {send: "S1"}, {send: "S1", code: 43101}},
		"a yes is for its template only":      {{choose: yes("S1")}, {send: "S2", code: 43101}},
		"both at once":                        {{choose: yes("S1", "S2")}, {send: "S1"}, {send: "S2"}},
		"a no":                                {{choose: no("S1")}, {send: "S1", code: 43101}},
		"a no keeps what was said yes to":     {{choose: yes("S1")}, {choose: no("S1")}, {send: "S1"}},
		"a lasting yes":                       {{choose: yes("S2")}, {send: "S2"}, {send: "S2"}, {send: "S2"}},
		"a lasting yes and then a no":         {{choose: yes("S2")}, {choose: no("S2")}, {send: "S2", code: 43101}},
		"a lasting yes is taken back":         {{choose: yes("S2")}, {withdraw: "S2"}, {send: "S2", code: 43101}},
		"yeses are taken back":                {{choose: yes("S1")}, {choose: yes("S1")}, {withdraw: "S1"}, {send: "S1", code: 43101}},
		"whoever leaves still gets a notice":  {{choose: yes("S1")}, {leave: true}, {send: "S1"}},
		"whoever left may still say yes":      {{leave: true}, {choose: yes("S1")}, {send: "S1"}},
		"a template without consent goes out": {{send: "T1", code: 47003}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := notices(t)
			for i, s := range steps {
				var err error
				switch {
				case s.choose != nil:
					err = w.Choose(t.Context(), li, s.choose...)
				case s.withdraw != "":
					err = w.Withdraw(t.Context(), li, s.withdraw)
				case s.leave:
					err = w.Unfollow(t.Context(), li)
				}
				if err != nil {
					t.Fatal(err)
				}
				if s.send == "" {
					continue
				}
				if code := w.notice(t, li, s.send); code != s.code {
					t.Errorf("step %d: %d, want %d", i+1, code, s.code)
				}
			}
		})
	}
}

func TestNoticesThatCannotBe(t *testing.T) {
	t.Parallel()
	w := notices(t)
	if err := w.Choose(t.Context(), li, sim.Choice{TemplateID: "S1", Accept: true}); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		api, to, id, data string
		code              int
	}{
		"to nobody":                 {"subscribe/bizsend", "", "S1", `"thing1":{"value":"会议"}`, 40003},
		"to somebody unknown":       {"subscribe/bizsend", "o_nobody", "S1", `"thing1":{"value":"会议"}`, 40003},
		"of an unknown kind":        {"subscribe/bizsend", li, "S9", `"thing1":{"value":"会议"}`, 40037},
		"with a value that is none": {"subscribe/bizsend", li, "S1", `"thing1":{"value":""}`, 47003},
		"as a template message":     {"template/send", li, "S1", `"thing1":{"value":"会议"}`, 40037},
	} {
		if a := w.call(t, "message/"+test.api, `{"touser":"`+test.to+`","template_id":"`+test.id+`","data":{`+test.data+`}}`); a.Code != test.code {
			t.Errorf("%s: %+v, want %d", name, a, test.code)
		}
	}
	if code := w.notice(t, li, "S1"); code != 0 {
		t.Errorf("what was refused used the consent up: %d", code)
	}
	for _, id := range []string{"T1", "S9"} {
		if w.Choose(t.Context(), li, sim.Choice{TemplateID: id, Accept: true}) == nil || w.Withdraw(t.Context(), li, id) == nil {
			t.Errorf("%s asks for no consent", id)
		}
	}
}

func TestEventsOfNotices(t *testing.T) {
	t.Parallel()
	w := notices(t)
	ctx := t.Context()
	for _, err := range []error{
		w.Choose(ctx, li, sim.Choice{TemplateID: "S1", Accept: true}, sim.Choice{TemplateID: "S2", Accept: true}),
		w.Choose(ctx, li, sim.Choice{TemplateID: "S1"}),
		w.Withdraw(ctx, li, "S1", "S2"),
		w.Choose(ctx, li, sim.Choice{TemplateID: "S2", Accept: true}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.SetReports(sim.Reports{Gather: 2})
	for range 2 {
		if code := w.notice(t, li, "S2"); code != 0 {
			t.Fatal(code)
		}
	}
	w.SetReports(sim.Reports{Status: sim.StatusFailed})
	if code := w.notice(t, li, "S2"); code != 0 {
		t.Fatal(code)
	}
	w.Wait()
	box := w.Outbox(li)
	if len(box) != 2 || box[0].Type != "subscribe" || box[0].URL != "https://example.com/" {
		t.Fatalf("outbox %+v", box)
	}
	id := func(i int) string { return strconv.FormatInt(box[i].ID, 10) }
	accept, reject := listed{Template: "S2", Said: "accept", Scene: "1"}, listed{Template: "S1", Said: "reject", Scene: "1"}
	type heard struct {
		Event string
		Lists []listed
	}
	want := []heard{
		{"subscribe_msg_popup_event", []listed{{Template: "S1", Said: "accept", Scene: "1"}, accept}},
		{"subscribe_msg_popup_event", []listed{reject}},
		{"subscribe_msg_change_event", []listed{{Template: "S1", Said: "reject"}, {Template: "S2", Said: "reject"}}},
		{"subscribe_msg_popup_event", []listed{accept}},
		{"subscribe_msg_sent_event", []listed{{Template: "S2", MsgID: id(1), Code: "0", Status: "success"}, {Template: "S2", MsgID: id(0), Code: "0", Status: "success"}}},
		{"subscribe_msg_sent_event", []listed{{Template: "S2", Code: "-1", Status: "failed: system failed"}}},
	}
	var have []heard
	for _, m := range w.account.all() {
		have = append(have, heard{m.Event, slices.Concat(m.Popup, m.Change, m.Sent)})
	}
	if n := len(have); n == len(want) {
		if have[n-1].Lists[0].MsgID == "" {
			t.Error("the last report names no message")
		}
		have[n-1].Lists[0].MsgID = ""
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}
