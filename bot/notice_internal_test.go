package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// platform is a sender that fails as told, and remembers.
type platform struct {
	err  error
	sent []string
}

func (p *platform) SendText(_ context.Context, openID, text string) error {
	p.sent = append(p.sent, "text "+openID+" "+text)
	return p.err
}

func (p *platform) SendTemplate(_ context.Context, t wechat.Template) (string, error) {
	p.sent = append(p.sent, fmt.Sprint("template ", t.OpenID, " ", t.ClientMsgID, " ", t.Data))
	return "77", p.err
}

func (p *platform) SendSubscription(_ context.Context, s wechat.Subscription) (string, error) {
	p.sent = append(p.sent, fmt.Sprint("subscription ", s.OpenID, " ", s.TemplateID, " ", s.Data))
	return "88", p.err
}

func TestEveryKindOfNoticeHasItsWords(t *testing.T) {
	t.Parallel()
	words := map[string][]string{
		handlers.NoticeReply:  {"text"},
		handlers.NoticeResult: {"quarter", "grade", "total", "recheck"},
		handlers.NoticeStep:   {"what", "due"},
		handlers.NoticeDuty:   {"day", "shift"},
		handlers.NoticeNoHead: {"village", "day"},

		handlers.NoticeUnbound:     {"text"},
		handlers.NoticeDraft:       {"until"},
		handlers.NoticeDraftEnded:  {"until"},
		handlers.NoticeMatter:      {"from", "no", "what"},
		handlers.NoticeMatterGone:  {"from", "no", "what", "said"},
		handlers.NoticeLog:         {"day"},
		handlers.NoticeSelfEval:    {"quarter", "due"},
		handlers.NoticePhoto:       {"what"},
		handlers.NoticeAttest:      {"no", "who", "what"},
		handlers.NoticeAttestSaid:  {"no", "who", "what", "said"},
		handlers.NoticeLeaveAsk:    {"no", "who", "what", "warning"},
		handlers.NoticeLeaveSaid:   {"no", "what", "said"},
		handlers.NoticeLeaveDeputy: {"no", "who", "span"},
		handlers.NoticeLeaveBack:   {"when"},
		handlers.NoticeLeaveOver:   {"no", "who", "day", "days"},
	}
	for _, kind := range handlers.NoticeKinds() {
		if len(words[kind]) == 0 {
			t.Errorf("%s is not in this test", kind)
		}
		n := models.Notice{Kind: kind, Words: map[string]string{}}
		for _, w := range words[kind] {
			n.Words[w] = "〈" + w + "〉"
		}
		text := (&Bot{}).noticeText(n)
		for _, w := range n.Words {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %s: %q", kind, w, text)
			}
		}
	}
}

func TestTheSettingsKnowEveryKindOfNotice(t *testing.T) {
	t.Parallel()
	read := func(kind string) error {
		_, err := config.Read("", func(name string) (string, bool) {
			return "{" + kind + ": {id: abc, fields: {thing1: what}}}", name == "CUNKAO_WECHAT_TEMPLATES"
		})
		return err
	}
	for _, kind := range handlers.NoticeKinds() {
		if err := read(kind); (err == nil) != (kind != handlers.NoticeReply) { // a late answer is a text always
			t.Errorf("a template of %s: %v", kind, err)
		}
	}
	if read("other") == nil {
		t.Error("a template of a kind that does not exist is taken")
	}
}

func emptyCache(t *testing.T) *cache.Cache {
	t.Helper()
	c, err := cache.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestTheWayANoticeGoesAndItsFate(t *testing.T) {
	t.Parallel()
	code := func(n int) error { return &wechat.Error{Code: n, Message: "x", API: "a"} }
	for name, tc := range map[string]struct {
		kind  string
		err   error
		tries int
		want  handlers.Fate
	}{
		"a template that went":                      {handlers.NoticeResult, nil, 1, handlers.Fate{Way: byTemplate}},
		"the platform is busy":                      {handlers.NoticeResult, code(-1), 3, handlers.Fate{Again: 8 * time.Second}},
		"not a follower any more":                   {handlers.NoticeResult, code(43004), 1, handlers.Fate{Left: true}},
		"outside the window":                        {handlers.NoticeReply, code(45015), 1, handlers.Fate{Shut: true}},
		"the window's messages are used up":         {handlers.NoticeReply, code(45047), 1, handlers.Fate{Shut: true}},
		"a template that is unknown for minutes":    {handlers.NoticeResult, code(40037), 1, handlers.Fate{Again: 10 * time.Minute}},
		"the day's quota is used up":                {handlers.NoticeReply, code(45009), 1, handlers.Fate{Again: 14 * time.Hour}},
		"the account is set up wrong":               {handlers.NoticeResult, code(40164), 1, handlers.Fate{Again: 10 * time.Minute}},
		"the account is still set up wrong":         {handlers.NoticeResult, code(40164), 3, handlers.Fate{Again: 40 * time.Minute}},
		"the account is set up wrong for a day":     {handlers.NoticeResult, code(40164), 30, handlers.Fate{Again: time.Hour}},
		"the platform is busy for a day":            {handlers.NoticeResult, code(-1), 30, handlers.Fate{Again: time.Hour}},
		"no answer to a template, which is once":    {handlers.NoticeResult, errors.New("timeout"), 5, handlers.Fate{Again: 32 * time.Second, Unsure: true, Way: byTemplate}},
		"no answer to a text: once more":            {handlers.NoticeReply, errors.New("timeout"), 1, handlers.Fate{Again: 2 * time.Second, Unsure: true, Way: byText}},
		"no answer to a text the second time":       {handlers.NoticeReply, errors.New("timeout"), 2, handlers.Fate{Again: 10 * time.Minute, Unsure: true, Way: byText}},
		"a platform that is away gets a text later": {handlers.NoticeReply, fmt.Errorf("dial: %w", wechat.ErrUnsent), 9, handlers.Fate{Again: 512 * time.Second}},
		"no answer to a text the third time":        {handlers.NoticeReply, errors.New("timeout"), 3, handlers.Fate{Unsure: true, Way: byText}},
		"the platform reviews the template's words": {handlers.NoticeResult, code(40252), 1, handlers.Fate{Unsure: true, Way: byTemplate}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &platform{err: tc.err}
			ten := func() time.Time { return time.Date(2026, 9, 28, 2, 0, 0, 0, time.UTC) } // in the morning in Beijing
			b := made(t, Options{Sender: p, Cache: emptyCache(t), Now: ten, Log: slog.New(slog.DiscardHandler), Templates: map[string]Template{
				handlers.NoticeResult: {ID: "t", Fields: map[string]string{"phrase1": "grade"}},
			}})
			l := handlers.Lease{Notice: models.Notice{ID: "n-1", OpenID: "o-1", Kind: tc.kind, Tries: tc.tries, Words: map[string]string{"grade": "合格", "text": "好"}}}
			got := b.send(t.Context(), l)
			if tc.err != nil {
				if got.Problem == "" {
					t.Error("the problem is not kept")
				}
				got.Problem = ""
			}
			if tc.kind == handlers.NoticeResult {
				tc.want.PlatformID = "77"
			}
			if got != tc.want {
				t.Errorf("fate = %+v, want %+v", got, tc.want)
			}
			if len(p.sent) != 1 {
				t.Errorf("sent %q", p.sent)
			}
		})
	}
}
