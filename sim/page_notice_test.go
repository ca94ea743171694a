package sim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/cunkao/cunkao/sim"
)

func TestPageAsksForConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sim.Options) {
		fields := []sim.Field{{Key: "thing1", Label: "事项"}}
		o.People = people
		o.Templates = append(o.Templates,
			sim.Template{ID: "S1", Title: "考核结果通知", Fields: fields, Consent: sim.OneTime},
			sim.Template{ID: "S2", Title: "值班提醒", Fields: fields, Consent: sim.LongTerm})
	})
	p := page{t: t, ctx: browser(t)}
	p.do(chromedp.EmulateViewport(375, 700, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(w.server.URL+"/"),
		seen(`#phone1 [data-openid="o_li_si"]`), tap(`#phone1 [data-openid="o_li_si"]`),
		seen(`#phone1 .plus`), tap(`#phone1 .plus`), seen(`#phone1 .send-kind:nth-child(3)`))
	p.shot("n1-plus")
	p.do(tap(`#phone1 .send-kind:nth-child(3)`), seen(`#phone1 .sheet .notice`))
	p.shot("n2-notices")
	p.sees("everything to tap is big enough", `[...document.querySelectorAll("button:not(.link)")].filter((b) => b.offsetParent).every((b) => b.offsetHeight >= 44 && b.offsetWidth >= 44)`)
	p.do(tap(`#phone1 .notice .primary`))
	p.has("#phone1", "同意接收“考核结果通知”")
	if first, second := w.notice(t, li, "S1"), w.notice(t, li, "S1"); first != 0 || second != 43101 {
		t.Errorf("notices after one yes: %d, %d, want 0 and 43101", first, second)
	}
	p.has("#phone1", "会议")
	p.do(tap(`#phone1 .plus`), tap(`#phone1 .send-kind:nth-child(3)`), seen(`#phone1 .sheet .notice`),
		tap(`#phone1 .notice:nth-child(2) .plain`))
	p.has("#phone1", "不接收“值班提醒”")
	p.shot("n3-chosen")
	if code := w.notice(t, li, "S2"); code != 43101 {
		t.Errorf("a notice after a no: %d", code)
	}
}

func TestPageChoosesNotices(t *testing.T) {
	t.Parallel()
	w := notices(t)
	if _, body := w.do(t, http.MethodGet, "/sim/page/notices", ""); !strings.HasPrefix(body, `[{"template_id":"S1","title":"一次","lasting":false},{"template_id":"S2"`) || strings.Contains(body, "T1") {
		t.Errorf("notices %s", body)
	}
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"a yes and a no":    {`{"openid":"o_li_si","choices":[{"template_id":"S1","accept":true},{"template_id":"S2"}]}`, http.StatusOK},
		"nothing":           {`{"openid":"o_li_si"}`, http.StatusBadRequest},
		"an unknown notice": {`{"openid":"o_li_si","choices":[{"template_id":"S9"}]}`, http.StatusUnprocessableEntity},
		"of nobody":         {`{"openid":"o_nobody","choices":[{"template_id":"S1"}]}`, http.StatusNotFound},
		"no JSON":           {`yes`, http.StatusBadRequest},
	} {
		if status, body := w.do(t, http.MethodPost, "/sim/page/choose", test.body); status != test.status {
			t.Errorf("%s: %d %s, want %d", name, status, body, test.status)
		}
	}
	if a, b := w.notice(t, li, "S1"), w.notice(t, li, "S2"); a != 0 || b != 43101 {
		t.Errorf("notices %d, %d, want 0 and 43101", a, b)
	}
}
