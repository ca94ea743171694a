package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/bench"
	"github.com/cunkao/cunkao/config"
)

// benchCheckinCmd is `cunkao bench checkin`.
type benchCheckinCmd struct {
	benchPlace
	Conns   []int    `help:"连接数。" default:"1,16,64,256"`
	Count   int      `help:"每轮的签到数。" default:"10000"`
	Rounds  int      `help:"每种连接数的轮数，取中位数。" default:"3"`
	Only    []string `help:"只测其中几项：sdk、insert、cunkao。" placeholder:"NAME"`
	Profile string   `help:"把cunkao各轮的CPU采样写入文件。" placeholder:"FILE" type:"path"`
}

func benchLog() config.Log { return config.Log{Level: "error", Format: "text"} }

// contender is one server that answers callbacks.
type contender struct {
	name    string
	handler http.Handler
	rates   []int
	worst   time.Duration // of the 99th percentiles
	cpu     []time.Duration
}

// checkinRun is one measurement under way.
type checkinRun struct {
	benchCheckinCmd
	app        *benchApp
	std        std
	contenders []*contender
	day, sent  int
	stored     int // by yardstick (b)
	insert     *bench.Insert
}

// Run measures, counts the rows afterwards and prints the ratios.
func (c *benchCheckinCmd) Run(ctx context.Context, s std) (err error) {
	a, err := c.openBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.done()) }()
	fmt.Fprintf(s.out, "准备%d名干部……\n", c.Count)
	if err := a.settle(ctx, c.Count, len(c.Conns)*c.Rounds); err != nil {
		return err
	}
	y, err := bench.NewInsert(ctx, a.account, bench.Database{Driver: a.driver, DSN: a.dsn}, a.now, logOf(benchLog(), s))
	if err != nil {
		return err
	}
	defer y.Close()
	r := &checkinRun{benchCheckinCmd: *c, app: a, std: s, insert: y, contenders: []*contender{
		{name: "sdk", handler: bench.SDKEcho(a.account)},
		{name: "insert", handler: y},
		{name: "cunkao", handler: a.routes()},
	}}
	if len(c.Only) > 0 {
		r.contenders = slices.DeleteFunc(r.contenders, func(c *contender) bool { return !slices.Contains(r.Only, c.name) })
	}
	deliver, stop := context.WithCancel(ctx)
	a.loops.Go(func() { a.bot.Deliver(deliver, a.wake, time.Second) })
	defer stop()
	fmt.Fprintf(s.out, "%6s  %-8s %8s %8s %10s %12s\n", "连接", "", "次/秒", "p99", "CPU/次", "对insert")
	for _, conns := range c.Conns {
		if err := r.measure(ctx, conns); err != nil {
			return err
		}
	}
	return r.count(ctx)
}

// measure runs the contenders in turn, each round in another order.
func (r *checkinRun) measure(ctx context.Context, conns int) error {
	for _, c := range r.contenders {
		c.rates, c.cpu, c.worst = nil, nil, 0
	}
	n := r.Count
	if conns == 1 {
		n = min(n, 1000)
	}
	for round := range r.Rounds {
		for i := range r.contenders {
			c := r.contenders[(i+round)%len(r.contenders)]
			if err := r.round(ctx, c, conns, n); err != nil {
				return fmt.Errorf("%s, %d connections: %w", c.name, conns, err)
			}
		}
		r.day++
	}
	base := 0
	for _, c := range r.contenders {
		if c.name == "insert" {
			base = median(c.rates)
		}
	}
	for _, c := range r.contenders {
		ratio := "—"
		if base > 0 {
			ratio = fmt.Sprintf("%d%%", median(c.rates)*100/base)
		}
		fmt.Fprintf(r.std.out, "%6d  %-8s %8d %8s %10s %12s\n", conns, c.name, median(c.rates),
			c.worst.Round(100*time.Microsecond), median(c.cpu).Round(time.Microsecond), ratio)
	}
	return nil
}

// round sends one 签到 of each person to one contender.
func (r *checkinRun) round(ctx context.Context, c *contender, conns, n int) error {
	at := benchDay(r.day).At(8, 30)
	r.app.set(at)
	load := bench.Load{Conns: conns, Now: time.Now} //nolint:forbidigo // main's clock
	for i := range n {
		r.sent++
		req, err := bench.Callback(r.app.account, benchOpenID(i), "签到", int64(r.sent), at)
		if err != nil {
			return err
		}
		load.Requests = append(load.Requests, req)
	}
	addr, stop, err := bench.Serve(ctx, c.handler)
	if err != nil {
		return err
	}
	defer stop()
	load.Addr = addr
	r.app.set(at)
	o, err := r.profiled(c, func() (bench.Outcome, error) { return load.Run(ctx) })
	if err != nil {
		return err
	}
	c.rates, c.cpu = append(c.rates, o.Rate()), append(c.cpu, o.CPU/time.Duration(n))
	c.worst = max(c.worst, o.Percentile(99))
	return r.check(ctx, c, o, n)
}

// check opens every answer, and counts the rows behind them.
func (r *checkinRun) check(ctx context.Context, c *contender, o bench.Outcome, n int) error {
	want := map[string]string{"sdk": "签到", "insert": "签到成功", "cunkao": "签到成功"}[c.name]
	for i, body := range o.Answers {
		reply, err := bench.Reply(r.app.account, body)
		if err != nil || !strings.HasPrefix(reply, want) {
			return fmt.Errorf("request %d was answered %q: %w", i, reply, err)
		}
	}
	switch c.name {
	case "insert":
		r.stored += n
	case "cunkao":
		return r.app.arrived(ctx, r.day, n)
	}
	return nil
}

// arrived compares the rows of a day with the receipts that were given.
func (a *benchApp) arrived(ctx context.Context, day, want int) error {
	n, err := a.rows(ctx, day)
	if err == nil && n != want {
		err = fmt.Errorf("%d rows, %d receipts", n, want)
	}
	return err
}

// count compares what the yardstick stored with what it answered.
func (r *checkinRun) count(ctx context.Context) error {
	n, err := r.insert.Rows(ctx)
	if err == nil && n != r.stored {
		err = fmt.Errorf("the yardstick has %d rows of %d", n, r.stored)
	}
	return err
}

func median[T int | time.Duration](of []T) T {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
