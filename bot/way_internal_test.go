package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
	"github.com/cunkao/cunkao/wechat"
)

// ways is a sender each of whose ways fails as told.
type ways struct {
	errs map[string]error
	sent []string
}

func (w *ways) SendText(context.Context, string, string) error { return w.take(byText) }

func (w *ways) SendTemplate(context.Context, wechat.Template) (string, error) {
	return "77", w.take(byTemplate)
}

func (w *ways) SendSubscription(context.Context, wechat.Subscription) (string, error) {
	return "88", w.take(bySubscription)
}

func (w *ways) take(way string) error {
	w.sent = append(w.sent, way)
	return w.errs[way]
}

// TestANoticeGoesByTheFirstWayThatIsOpen tries what the account has, in order,
// and never a second way when the first may have brought it there.
func TestANoticeGoesByTheFirstWayThatIsOpen(t *testing.T) {
	t.Parallel()
	code := func(n int) error { return &wechat.Error{Code: n, Message: "x", API: "a"} }
	lost := errors.New("timeout")
	for name, tc := range map[string]struct {
		has    string // of template, once and lasting
		agreed int
		errs   map[string]error
		way    string // by which it was tried before
		text   cache.Way
		tries  int
		want   string
		fate   handlers.Fate
		left   int
	}{
		"a template, which reaches everybody":     {has: "template once", agreed: 1, want: "template", fate: handlers.Fate{Way: byTemplate, PlatformID: "77"}, left: 1},
		"a subscription for whoever agreed":       {has: "once", agreed: 2, want: "subscription", fate: handlers.Fate{Way: bySubscription, PlatformID: "88"}, left: 1},
		"one yes that lasts":                      {has: "lasting", agreed: 1, want: "subscription", fate: handlers.Fate{Way: bySubscription, PlatformID: "88"}, left: 1},
		"without a yes a text":                    {has: "once", want: "text", fate: handlers.Fate{Way: byText}},
		"an account without templates":            {want: "text", fate: handlers.Fate{Way: byText}},
		"the platform knows of no yes":            {has: "once", agreed: 3, errs: map[string]error{bySubscription: code(43101)}, want: "subscription text", fate: handlers.Fate{Way: byText}},
		"words that do not fit the template":      {has: "template", errs: map[string]error{byTemplate: wechat.ErrInvalid}, want: "template text", fate: handlers.Fate{Way: byText}},
		"the day's templates are used up":         {has: "template", errs: map[string]error{byTemplate: code(45009)}, want: "template text", fate: handlers.Fate{Way: byText}},
		"the day's templates and texts are too":   {has: "template", errs: map[string]error{byTemplate: code(45009), byText: code(45009)}, want: "template text", fate: handlers.Fate{Again: 14 * time.Hour}},
		"the account lost its template":           {has: "template", errs: map[string]error{byTemplate: code(40037)}, tries: 2, want: "template text", fate: handlers.Fate{Way: byText}},
		"the account lost the right to templates": {has: "template once", agreed: 1, errs: map[string]error{byTemplate: code(48001)}, want: "template subscription", fate: handlers.Fate{Way: bySubscription, PlatformID: "88"}},
		"a busy platform is no reason":            {has: "template once", agreed: 1, errs: map[string]error{byTemplate: code(-1)}, want: "template", fate: handlers.Fate{Again: 2 * time.Second, PlatformID: "77"}, left: 1},
		"what may have arrived goes no other way": {has: "template once", agreed: 1, errs: map[string]error{byTemplate: lost}, want: "template", fate: handlers.Fate{Again: 2 * time.Second, Unsure: true, Way: byTemplate, PlatformID: "77"}, left: 1},
		"nor at the next try":                     {has: "template once", agreed: 1, way: byText, want: "text", fate: handlers.Fate{Way: byText}, left: 1},
		"nor after a try that brought nothing":    {has: "template once", agreed: 1, way: byTemplate, errs: map[string]error{byTemplate: code(-1)}, want: "template", fate: handlers.Fate{Again: 2 * time.Second, Way: byTemplate, PlatformID: "77"}, left: 1},
		"nor when that way is shut":               {has: "template", way: byText, errs: map[string]error{byText: code(45015)}, want: "text", fate: handlers.Fate{Shut: true, Way: byText}},
		"nor when the platform is away":           {has: "template once", agreed: 1, way: byTemplate, errs: map[string]error{byTemplate: wechat.ErrUnsent}, want: "template", fate: handlers.Fate{Again: 2 * time.Second, Way: byTemplate, PlatformID: "77"}, left: 1},
		"to whoever left, if he has agreed":       {has: "template once", agreed: 1, errs: map[string]error{byTemplate: code(43004)}, want: "template subscription", fate: handlers.Fate{Way: bySubscription, PlatformID: "88"}},
		"no text to whoever left":                 {has: "template once", errs: map[string]error{byTemplate: code(43004)}, want: "template", fate: handlers.Fate{PlatformID: "77", Left: true}},
		"no text to a stranger":                   {has: "template", errs: map[string]error{byTemplate: code(40003)}, want: "template", fate: handlers.Fate{PlatformID: "77", Left: true}},
		"a lost answer may have used the yes":     {has: "once", agreed: 1, errs: map[string]error{bySubscription: lost}, want: "subscription", fate: handlers.Fate{Again: 2 * time.Second, Unsure: true, Way: bySubscription, PlatformID: "88"}},
		"a yes is not used by a refusal":          {has: "once", agreed: 1, errs: map[string]error{bySubscription: code(-1)}, want: "subscription", fate: handlers.Fate{Again: 2 * time.Second, PlatformID: "88"}, left: 1},
		"no text into a shut window":              {text: cache.WayShut, fate: handlers.Fate{Shut: true}},
		"and into one that is open":               {text: cache.WayOpen, want: "text", fate: handlers.Fate{Way: byText}},
		"all ways are shut":                       {has: "once", errs: map[string]error{byText: code(45047)}, want: "text", fate: handlers.Fate{Shut: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &ways{errs: tc.errs}
			b := wayBot(t, w, tc.has)
			ctx := t.Context()
			switch tc.text {
			case cache.WayShut:
				b.Cache.ShutWay(ctx, "o-1")
			case cache.WayOpen:
				for i := range 3 {
					b.Cache.Count(ctx, cache.Arrival{Who: "o-1", Key: strconv.Itoa(i), At: b.Now(), Opens: cache.OpensSpoke}, cache.Limits{PersonMinute: 9})
				}
			default:
			}
			agree(t, b, tc.agreed)
			got := b.send(ctx, handlers.Lease{Notice: models.Notice{
				ID: "n-1", OpenID: "o-1", Kind: handlers.NoticeResult, Tries: max(1, tc.tries), Way: tc.way, Words: map[string]string{"grade": "合格"},
			}})
			got.Problem = ""
			if diff := cmp.Diff(tc.fate, got); diff != "" {
				t.Errorf("fate (-want +got)\n%s", diff)
			}
			if sent := strings.Join(w.sent, " "); sent != tc.want {
				t.Errorf("tried %q, want %q", sent, tc.want)
			}
			if left, err := b.Desk.Subscribed(ctx, "o-1", "sub"); err != nil || left != tc.left {
				t.Errorf("%d left, %v; want %d", left, err, tc.left)
			}
		})
	}
}

// TestANoticeThatIsGivenUpIsLoggedWithTheField names the field, for somebody has to
// mend the template.
func TestANoticeThatIsGivenUpIsLoggedWithTheField(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"by the platform": &wechat.Error{Code: 47003, Message: "data.phrase1.value invalid", API: "a"},
		"before it":       fmt.Errorf("field phrase1: %w", wechat.ErrInvalid),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			b := wayBot(t, &ways{errs: map[string]error{byTemplate: err}}, "template")
			b.Log = slog.New(slog.NewTextHandler(&log, nil))
			f := b.send(t.Context(), handlers.Lease{Notice: models.Notice{ID: "n-1", OpenID: "o-1", Kind: handlers.NoticeResult, Tries: 1, Words: map[string]string{"grade": "合格"}}})
			if f.Again != 0 || f.Unsure || !strings.Contains(log.String(), "phrase1") {
				t.Errorf("fate %+v, logged %q", f, log.String())
			}
		})
	}
}

// meanwhile does something while a notice is sent.
type meanwhile struct {
	ways
	do func()
}

func (m *meanwhile) SendSubscription(ctx context.Context, s wechat.Subscription) (string, error) {
	m.do()
	return m.ways.SendSubscription(ctx, s)
}

// TestAYesThatIsGivenMeanwhileIsKept lets somebody agree once more while the
// notice is on its way that his first yes was for.
func TestAYesThatIsGivenMeanwhileIsKept(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"sent": nil, "refused": &wechat.Error{Code: 43101, Message: "x", API: "a"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &meanwhile{ways: ways{errs: map[string]error{bySubscription: err}}}
			b := wayBot(t, w, "once")
			w.do = func() { agree(t, b, 1) }
			agree(t, b, 1)
			b.send(t.Context(), handlers.Lease{Notice: models.Notice{ID: "n-1", OpenID: "o-1", Kind: handlers.NoticeResult, Tries: 1, Words: map[string]string{"grade": "合格"}}})
			if left, err := b.Desk.Subscribed(t.Context(), "o-1", "sub"); err != nil || left != 1 {
				t.Errorf("%d left, %v; want the second", left, err)
			}
		})
	}
}

// agree lets o-1 say yes so many times.
func agree(t *testing.T, b *Bot, times int) {
	t.Helper()
	for range times {
		cmd := handlers.Command{Key: rand.Text(), Who: handlers.Who{OpenID: "o-1"}, Channel: handlers.ByWeChat}
		_, err := b.Desk.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) {
			return "", d.Choose([]handlers.Choice{{TemplateID: "sub", Accepted: true, Lasting: b.Subscriptions[handlers.NoticeResult].Lasting}}, false)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestAWindowIsCountedByWhatWasSent keeps sending texts to one person. On a busy machine
// Redis may be silent for a moment, and then nothing is counted: that is another test's.
func TestAWindowIsCountedByWhatWasSent(t *testing.T) {
	t.Parallel()
	for range 5 {
		sent, silent := sentAfterOneWord(t)
		if sent == 5 {
			return
		}
		if !silent {
			t.Fatalf("%d texts were sent after one word, want 5", sent)
		}
	}
	t.Error("Redis was silent five times")
}

func sentAfterOneWord(t *testing.T) (sent int, silent bool) {
	t.Helper()
	w := &ways{}
	b := wayBot(t, w, "")
	for i := range 3 {
		b.Cache.Count(t.Context(), cache.Arrival{Who: "o-1", Key: strconv.Itoa(i), At: b.Now(), Opens: cache.OpensSpoke}, cache.Limits{PersonMinute: 9})
		silent = silent || b.Cache.Silent()
	}
	for range 7 {
		b.send(t.Context(), handlers.Lease{Notice: models.Notice{ID: "n-1", OpenID: "o-1", Kind: handlers.NoticeStep, Tries: 1, Words: map[string]string{"what": "x"}}})
		silent = silent || b.Cache.Silent()
	}
	return len(w.sent), silent
}

// crowded is a sender to whom somebody writes while others are sent to.
type crowded struct {
	ways
	to   []string
	open bool
	do   func()
}

func (c *crowded) SendText(_ context.Context, openID, _ string) error {
	if openID == "o-b" && !c.open {
		return &wechat.Error{Code: 45015, Message: "x", API: "a"}
	}
	c.to = append(c.to, openID)
	if len(c.to) == 1 {
		c.do()
	}
	return nil
}

// TestWhoWritesIsHeardWhileALongQueueIsSent lets somebody write for whom something
// waits, at the beginning of a long queue.
func TestWhoWritesIsHeardWhileALongQueueIsSent(t *testing.T) {
	t.Parallel()
	c := &crowded{}
	b := wayBot(t, c, "")
	queue := func(openID, key string) {
		t.Helper()
		if err := b.Desk.ReplyLate(t.Context(), handlers.Command{Key: key, Who: handlers.Who{OpenID: openID}}, "好"); err != nil {
			t.Fatal(err)
		}
	}
	c.do = func() {
		c.open = true
		for i := range 3 {
			b.Cache.Count(t.Context(), cache.Arrival{Who: "o-b", Key: strconv.Itoa(i), At: b.Now(), Opens: cache.OpensSpoke}, cache.Limits{PersonMinute: 9})
		}
	}
	queue("o-b", "k-b")
	if err := b.DeliverDue(t.Context()); err != nil || len(c.to) != 0 {
		t.Fatal(err, c.to)
	}
	for i := range 3 * batch {
		queue("o-"+strconv.Itoa(i), "k-"+strconv.Itoa(i))
	}
	if err := b.DeliverDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if at := slices.Index(c.to, "o-b"); at < 0 {
		t.Errorf("of %d that were sent none went to who wrote", len(c.to))
	}
}

// wayBot is a bot over an empty database, with the templates that are named.
func wayBot(t *testing.T, s Sender, has string) *Bot {
	t.Helper()
	ten := func() time.Time { return time.Date(2026, 9, 28, 2, 0, 0, 0, time.UTC) }
	db, err := models.Open(t.Context(), models.Source{File: t.TempDir() + "/t.db", Unsynced: true}, ten)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	box, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Desk: handlers.New(db, box, handlers.County{Policy: handlers.DefaultPolicy()}, func() {}), Sender: s, Cache: emptyCache(t), Now: ten,
		Log: slog.New(slog.DiscardHandler), Templates: map[string]Template{}, Subscriptions: map[string]Template{},
	}
	fields := map[string]string{"phrase1": "grade"}
	if strings.Contains(has, "template") {
		o.Templates[handlers.NoticeResult] = Template{ID: "tpl", Fields: fields}
	}
	if strings.Contains(has, "once") || strings.Contains(has, "lasting") {
		o.Subscriptions[handlers.NoticeResult] = Template{ID: "sub", Fields: fields, Lasting: strings.Contains(has, "lasting")}
	}
	return made(t, o)
}

// TestAWayThatTheAccountHasLostRestsForAll asks the platform once, not once for
// each notice.
func TestAWayThatTheAccountHasLostRestsForAll(t *testing.T) {
	t.Parallel()
	refuse := func(n int) error { return &wechat.Error{Code: n, Message: "x", API: "a"} }
	for name, tc := range map[string]struct {
		code  int
		sent  string // of three notices, one after the other
		again time.Duration
	}{
		"the day's quota":    {45009, "template text text text", 0},
		"no right":           {48001, "template text text text", 0},
		"a banned account":   {50002, "template", 10 * time.Minute},
		"an unknown address": {40164, "template", 10 * time.Minute},
		"a busy platform":    {-1, "template template template", 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &ways{errs: map[string]error{byTemplate: refuse(tc.code)}}
			b := wayBot(t, w, "template")
			for i := range 3 {
				f := b.send(t.Context(), handlers.Lease{Notice: models.Notice{
					ID: "n-" + strconv.Itoa(i), OpenID: "o-1", Kind: handlers.NoticeResult, Tries: 1, Words: map[string]string{"grade": "合格"},
				}})
				if i == 0 && f.Again != tc.again {
					t.Errorf("the first is tried again after %s, want %s", f.Again, tc.again)
				}
			}
			if sent := strings.Join(w.sent, " "); sent != tc.sent {
				t.Errorf("tried %q, want %q", sent, tc.sent)
			}
			if counted := b.meter.Refusals.Load() > 0; counted != (tc.code > 0) {
				t.Errorf("counted as a refusal of the account: %v", counted)
			}
		})
	}
}
