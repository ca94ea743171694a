package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/bench"
	"github.com/cunkao/cunkao/models"
)

// benchSurgeCmd is `cunkao bench surge`: what happens when people come at a pace
// of their own.
type benchSurgeCmd struct {
	benchPlace
	Rate    int `help:"平稳来到：每秒多少条。" default:"2000"`
	Seconds int `help:"平稳来到与过载各多少秒。" default:"8"`
	Burst   int `help:"同时来到：多少条。" default:"20000"`
	Conns   int `help:"连接数。" default:"4000"`
	People  int `help:"多少名干部；每人每轮签到一次。" default:"60000"`
}

// overloadFor bounds the seconds of too much: of more, some would be left to the
// platform to send again, which no generator here does.
const overloadFor = 6

// Run measures a steady flow, a burst and an overload, one after the other.
func (c *benchSurgeCmd) Run(ctx context.Context, s std) (err error) {
	a, err := c.openBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.done()) }()
	people := max(c.People, c.Burst, c.Rate*c.Seconds)
	fmt.Fprintf(s.out, "准备%d名干部……\n", people)
	if err := a.settle(ctx, people, 8); err != nil {
		return err
	}
	deliver, stop := context.WithCancel(ctx)
	a.loops.Go(func() { a.bot.Deliver(deliver, a.wake, time.Second) })
	a.loops.Go(func() { a.bot.TakeOver(deliver, time.Second) })
	defer stop()
	r := &surge{benchSurgeCmd: *c, app: a, std: s, people: people}
	for _, step := range []func(context.Context) error{r.steady, r.burst, r.overload} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// surge is the measurement under way.
type surge struct {
	benchSurgeCmd
	app               *benchApp
	std               std
	people, day, sent int
}

// load sends a 签到 of each of n people on a day of its own.
func (r *surge) load(ctx context.Context, n, conns, perSecond int) (bench.Outcome, error) {
	at := benchDay(r.day).At(8, 30)
	l := bench.Load{Conns: conns, PerSecond: perSecond, Now: time.Now} //nolint:forbidigo // main's clock
	for i := range n {
		r.sent++
		req, err := bench.Callback(r.app.account, benchOpenID(i), "签到", int64(r.sent), at)
		if err != nil {
			return bench.Outcome{}, err
		}
		l.Requests = append(l.Requests, req)
	}
	addr, stop, err := bench.Serve(ctx, r.app.routes())
	if err != nil {
		return bench.Outcome{}, err
	}
	defer stop()
	l.Addr = addr
	r.app.set(at)
	return l.Run(ctx)
}

// replies counts the receipts among the answers, and those that said that the
// reply comes later.
func (r *surge) replies(o bench.Outcome) (receipts, later int, err error) {
	for i, body := range o.Answers {
		reply, err := bench.Reply(r.app.account, body)
		switch {
		case err != nil:
			return 0, 0, fmt.Errorf("answer %d: %w", i, err)
		case strings.HasPrefix(reply, "签到成功"):
			receipts++
		case string(body) == "success":
			later++
		case body != nil:
			return 0, 0, fmt.Errorf("answer %d is %q", i, reply)
		}
	}
	return receipts, later, nil
}

func (r *surge) steady(ctx context.Context) error {
	n := r.Rate * r.Seconds
	o, err := r.load(ctx, n, min(r.Conns, 512), r.Rate)
	if err != nil {
		return err
	}
	receipts, later, err := r.replies(o)
	if err == nil {
		err = r.app.arrived(ctx, r.day, n)
	}
	fmt.Fprintf(r.std.out, "平稳：每秒%d条共%d条，回执%d，稍后回复%d，没有应答%d；p50 %s，p99 %s，最长 %s\n",
		r.Rate, n, receipts, later, o.Failed, o.Percentile(50), o.Percentile(99), o.Percentile(100))
	r.day++
	return err
}

func (r *surge) burst(ctx context.Context) error {
	o, err := r.load(ctx, r.Burst, r.Conns, 100_000_000)
	if err != nil {
		return err
	}
	receipts, later, err := r.replies(o)
	if err == nil {
		err = r.app.arrived(ctx, r.day, r.Burst)
	}
	fmt.Fprintf(r.std.out, "一齐：%d条同时来到，%s内全部应答，回执%d，稍后回复%d，没有应答%d\n",
		r.Burst, o.Took.Round(time.Millisecond), receipts, later, o.Failed)
	r.day++
	return err
}

// overload finds out what can be held, offers half as much again, and counts
// what was stored while it was offered, and afterwards. A third of what is too
// much fills the crowd that is waited for; the rest is taken and answered later.
// The generator has more connections than that, or the crowd would never fill.
func (r *surge) overload(ctx context.Context) error {
	full, err := r.load(ctx, min(r.people, 20_000), 256, 0)
	if err != nil {
		return err
	}
	r.day++
	rate := full.Rate() * 3 / 2
	n := min(r.people, rate*min(r.Seconds, overloadFor))
	crowd := max(n/9, 1)
	r.app.bot.WaitFor(crowd)
	o, err := r.load(ctx, n, crowd*5/4+8, rate)
	if err != nil {
		return err
	}
	stored, err := r.app.rows(ctx, r.day)
	if err != nil {
		return err
	}
	receipts, later, err := r.replies(o)
	if err != nil {
		return err
	}
	good := int(int64(stored) * int64(time.Second) / int64(o.Took))
	fmt.Fprintf(r.std.out, "过载：能记每秒%d条，来了每秒%d条共%d条，至多%d条同时等着；当时每秒记下%d条（%d%%），回执%d，先答success稍后回复%d，没有应答%d\n",
		full.Rate(), rate, n, crowd, good, good*100/max(1, full.Rate()), receipts, later, o.Failed)
	return r.drained(ctx, receipts+later)
}

// drained waits until everything that was taken is stored.
func (r *surge) drained(ctx context.Context, taken int) error {
	start := time.Now() //nolint:forbidigo // main's clock
	for range 600 {
		stored, err := r.app.rows(ctx, r.day)
		if err != nil {
			return err
		}
		if stored >= taken {
			fmt.Fprintf(r.std.out, "过载之后：收下的%d条都已记下，又用了%s\n", stored, time.Since(start).Round(time.Millisecond))
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.New("taken, and not stored within a minute")
}

// rows counts the records of a day.
func (a *benchApp) rows(ctx context.Context, day int) (n int, err error) {
	err = a.db.Read(ctx, func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(benchDay(day))
		n = len(rows)
		return err
	})
	return n, err
}
