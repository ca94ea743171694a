package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/wechat"
)

// demoCmd is `cunkao demo`: the whole product in one process, with the platform
// and the phones played by the simulator.
type demoCmd struct {
	Addr string    `default:"127.0.0.1:8080" help:"监听地址。"`
	Data string    `help:"数据目录；不写则每次从头开始。" type:"path"`
	Now  time.Time `default:"2026-09-28T08:00:00+08:00" help:"演示开始的时刻。"`
}

// Run serves the demo until ctx ends.
func (c *demoCmd) Run(ctx context.Context, s std) error {
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d, err := newDemo(ctx, demoOptions{now: c.Now, data: c.Data, env: os.Getenv, log: log})
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), d.close())
	}
	base := "http://" + l.Addr().String()
	srv := &http.Server{Handler: d.handler(), ReadHeaderTimeout: 5 * time.Second}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := d.serveAt(base); err != nil {
		return errors.Join(err, d.close())
	}
	fmt.Fprintf(s.out, "村考演示已启动，请在浏览器打开 %s\n回调地址 %s/wechat  AppID %s  Token %s  EncodingAESKey %s\n",
		base, base, d.account.AppID, d.account.Token, d.account.AESKey)
	go func() {
		if err := d.begin(ctx); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "demo: begin", "err", err)
		}
	}()
	// A walk is a request under way for which the server would wait in vain.
	ends := context.AfterFunc(ctx, d.sim.Close)
	defer ends()
	err = listen(ctx, srv, func() error { return srv.Serve(l) })
	cancel()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, d.close())
}

type demoOptions struct {
	now  time.Time
	data string
	env  func(string) string
	// database and redis replace the embedded ones in tests.
	database models.Source
	redis    string
	log      *slog.Logger
	cut      time.Duration
}

// demo is a running demo.
type demo struct {
	*app
	account sim.Account
	sim     *sim.Sim
	clock   *sim.Clock
	crowd   *crowd
	client  *wechat.Client
	late    lateSender
	log     *slog.Logger
	parts   parts
	drop    func() error // removes what is not to be kept
	stands  *clockFile
	codes   codeBook
	running sync.RWMutex // held for writing while the program starts anew
}

// newDemo opens and seeds a demo. It does not listen yet.
func newDemo(ctx context.Context, o demoOptions) (*demo, error) {
	dir, drop, err := demoFolder(o.data)
	if err != nil {
		return nil, err
	}
	d := &demo{drop: drop, log: o.log, account: demoAccount(o.env), stands: clockIn(dir), codes: codeBook{by: map[string]handlers.Codes{}}}
	turn := &turnable{at: o.now}
	p, err := demoParts(o, dir)
	if err != nil {
		return nil, errors.Join(err, drop())
	}
	p.account = wechat.Account{AppID: d.account.AppID, Token: d.account.Token, AESKey: d.account.AESKey}
	p.sender, p.tagger, p.fetcher, p.log, p.now = &d.late, &d.late, &d.late, d.log, turn.now
	d.parts = p
	if o.ownFile() {
		if err := seedAside(ctx, p, o.now); err != nil {
			return nil, errors.Join(err, drop())
		}
	}
	if err := d.open(ctx); err != nil {
		return nil, errors.Join(err, drop())
	}
	d.crowd = newCrowd(d.desk)
	if err := d.prepare(ctx, turn, o); err != nil {
		return nil, errors.Join(err, d.app.close(), drop())
	}
	return d, nil
}

// open opens the program itself.
func (d *demo) open(ctx context.Context) (err error) {
	if d.app, err = open(ctx, d.parts); err != nil {
		return err
	}
	// The crowd checks in at the last moment: by this job's hour no head ever has,
	// and every day would bring the same card. 待办 still shows the gap.
	d.app.clock.jobs = slices.DeleteFunc(d.app.clock.jobs, func(j job) bool { return j.name == "nohead" })
	return nil
}

// prepare seeds the county, unless it is there, and sets the clock going.
func (d *demo) prepare(ctx context.Context, turn *turnable, o demoOptions) error {
	there, err := d.seeded(ctx)
	if err != nil {
		return err
	}
	if !there {
		s := &seeder{app: d.app, crowd: d.crowd, set: turn.set}
		if err := s.seed(ctx, o.now); err != nil {
			return err
		}
	}
	d.clock = sim.NewClock(d.stands.later(o.now), time.Now)
	turn.follow(d.clock.Now)
	d.sim = sim.New(d.simOptions(o))
	for _, p := range demoPeople() {
		d.sim.Follow(p.openID())
	}
	return nil
}

func demoParts(o demoOptions, dir string) (parts, error) {
	key, err := demoKey(filepath.Join(dir, "seal.key"))
	if err != nil {
		return parts{}, err
	}
	p := parts{
		database: o.database, redis: o.redis, sealKey: key, templates: demoTemplates(), rubric: scoring.DefaultSource(),
		county: handlers.County{
			Name: demoCounty, Policy: handlers.DefaultPolicy(), OthersPerShift: 1, ActingHead: true, LogsSince: demoLogs(), Leave: handlers.DefaultLeaveRules(),
		},
		limits: config.Limits{PersonMinute: 6000}, // programs try the demo by its own clock, faster than people
	}
	if o.ownFile() {
		// An invented county survives a power failure or not: it need not wait for the disk.
		p.database = models.Source{File: filepath.Join(dir, "cunkao.db"), Unsynced: o.data == ""}
	}
	return p, nil
}

// demoAccount is the account of the environment, or a random one.
func demoAccount(env func(string) string) sim.Account {
	or := func(name, random string) string {
		if v := env(name); v != "" {
			return v
		}
		return random
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // never fails
	return sim.Account{
		AppID:  or("CUNKAO_WECHAT_APPID", "wx"+hex.EncodeToString(id)),
		Token:  or("CUNKAO_WECHAT_TOKEN", rand.Text()),
		AESKey: or("CUNKAO_WECHAT_AES_KEY", (rand.Text() + rand.Text())[:43]),
		Secret: or("CUNKAO_WECHAT_SECRET", rand.Text()+rand.Text()),
		GhID:   "gh_cunkaodemo",
	}
}

func demoTemplates() map[string]bot.Template {
	return map[string]bot.Template{
		handlers.NoticeResult: {ID: "demo-result", Fields: map[string]string{"thing1": "quarter", "phrase2": "grade", "character_string3": "total", "thing4": "=回复“为什么”看每一分的来由"}},
		handlers.NoticeStep:   {ID: "demo-step", Fields: map[string]string{"thing1": "what", "thing2": "due", "thing3": "=回复“待办”办理"}},
		handlers.NoticeDuty:   {ID: "demo-duty", Fields: map[string]string{"thing1": "day", "thing2": "shift", "thing3": "=到岗后回复“签到”"}},
		handlers.NoticeNoHead: {ID: "demo-nohead", Fields: map[string]string{"thing1": "village", "thing2": "day", "thing3": "=还没有正职到岗，请安排"}},

		handlers.NoticeLeaveAsk:    {ID: "demo-leave-ask", Fields: map[string]string{"thing1": "who", "thing2": "what", "number3": "no", "thing4": "=回复“待办”审批"}},
		handlers.NoticeLeaveSaid:   {ID: "demo-leave-said", Fields: map[string]string{"thing1": "what", "thing2": "said", "number3": "no", "thing4": "=回复“我的假条”查看"}},
		handlers.NoticeLeaveDeputy: {ID: "demo-leave-deputy", Fields: map[string]string{"thing1": "who", "thing2": "span", "number3": "no", "thing4": "=回复“待办”答复"}},
		handlers.NoticeLeaveBack:   {ID: "demo-leave-back", Fields: map[string]string{"thing1": "when", "number2": "no", "thing3": "=回村后回复“销假”"}},
		handlers.NoticeLeaveOver:   {ID: "demo-leave-over", Fields: map[string]string{"thing1": "who", "thing2": "day", "thing3": "=到期没有销假，请联系本人"}},
		handlers.NoticeAttest:      {ID: "demo-attest", Fields: map[string]string{"thing1": "who", "thing2": "what", "number3": "no", "thing4": "=回复“待办”答复"}},
		handlers.NoticeAttestSaid:  {ID: "demo-attest-said", Fields: map[string]string{"thing1": "who", "thing2": "what", "thing3": "said"}},
		handlers.NoticeMatter:      {ID: "demo-matter", Fields: map[string]string{"thing1": "what", "thing2": "from", "number3": "no", "thing4": "=回复“未办事项”查看"}},
		handlers.NoticeMatterGone:  {ID: "demo-matter-gone", Fields: map[string]string{"thing1": "what", "thing2": "from", "number3": "no", "thing4": "said"}},
		handlers.NoticeLog:         {ID: "demo-log", Fields: map[string]string{"thing1": "day", "thing2": "=日志还没有记", "thing3": "=回复“记日志”或“无事”"}},
		handlers.NoticeSelfEval:    {ID: "demo-selfeval", Fields: map[string]string{"thing1": "quarter", "thing2": "due", "thing3": "=回复“自评”，几分钟就好"}},
		handlers.NoticePhoto:       {ID: "demo-photo", Fields: map[string]string{"thing1": "what", "thing2": "=照片没有取到", "thing3": "=请再发一次照片"}},
		handlers.NoticeDraft:       {ID: "demo-draft", Fields: map[string]string{"thing1": "title", "thing2": "until", "thing3": "=没办完，回复“继续”接着办"}},
		handlers.NoticeDraftEnded:  {ID: "demo-draft-ended", Fields: map[string]string{"thing1": "title", "thing2": "until", "thing3": "=放得太久，已作废"}},
	}
}

// turnable is a clock that the seeding turns, and that then follows another.
type turnable struct {
	mu   sync.Mutex
	at   time.Time
	then func() time.Time
}

func (t *turnable) now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.then != nil {
		return t.then()
	}
	return t.at
}

func (t *turnable) set(at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at = at
}

func (t *turnable) follow(now func() time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.then = now
}

// stamped keeps when a request came: it may have to wait for a walk, and be old
// for its own clock when it is let in.
func (d *demo) stamped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := d.clock.Now()
		if made, err := strconv.ParseInt(r.URL.Query().Get("timestamp"), 10, 64); err == nil {
			at = d.clock.Arrived(time.Unix(made, 0))
		}
		next.ServeHTTP(w, r.WithContext(bot.WithReceived(r.Context(), at)))
	})
}

// handler serves the callback behind the clock's gate, and the simulator.
func (d *demo) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/wechat", d.stamped(d.clock.Gate(d.sim.Observe(http.HandlerFunc(d.serveBot)))))
	mux.Handle("/", d.sim.Handler())
	return mux
}

// serveBot hands a message to the program as it is now: it may be started anew meanwhile.
func (d *demo) serveBot(w http.ResponseWriter, r *http.Request) {
	d.running.RLock()
	defer d.running.RUnlock()
	d.bot.ServeHTTP(w, r)
}

// restart ends the program and starts it anew on what it has stored.
func (d *demo) restart(ctx context.Context) error {
	d.running.Lock()
	defer d.running.Unlock()
	err := errors.Join(d.app.close(), d.open(ctx))
	d.crowd.desk = d.desk
	return err
}

// serveAt says where the demo can be reached. It is called once, before begin.
func (d *demo) serveAt(base string) (err error) {
	d.sim.SetWebhooks(base + "/wechat")
	d.client, err = d.platform(base)
	d.late.Client = d.client
	return err
}

// nextDue is the first instant after another at which something happens by
// itself: a job, one of the crowd, a notice.
func (d *demo) nextDue(ctx context.Context, after time.Time) (time.Time, bool) {
	next := d.app.clock.next(after)
	if at := d.crowd.next(after); at.Before(next) {
		next = at
	}
	at, waits, err := d.desk.NextNotice(ctx)
	if err != nil && ctx.Err() == nil {
		d.log.ErrorContext(ctx, "demo: next notice", "err", err)
	}
	if waits && at.After(after) && at.Before(next) {
		next = at
	}
	return next, true
}

// runDue carries out what is due at the instant at which the clock stands, and
// remembers the instant: whoever kills the demo finds it there again.
func (d *demo) runDue(ctx context.Context, at time.Time) error {
	return errors.Join(d.stands.save(at), d.app.clock.tick(ctx, at), d.crowd.passBy(ctx, at), d.bot.TagDue(ctx), d.bot.TakeOverDue(ctx), d.bot.FetchDue(ctx), d.bot.DeliverDue(ctx))
}

// close ends a demo, with a walk that is under way, and removes what is not to be kept.
func (d *demo) close() error {
	d.sim.Close()
	return errors.Join(d.stands.save(d.clock.Now()), d.app.close(), d.drop())
}

// demoLogs is when the demo's villages begin to keep their logs by phone: with the quarter
// that its clock walks into.
func demoLogs() calendar.Date { return calendar.Date{Year: 2026, Month: 10, Day: 1} }
