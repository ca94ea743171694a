package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/bench"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// benchTalkCmd is `cunkao bench talk`: whole conversations that ask for a leave.
type benchTalkCmd struct {
	benchPlace
	Conns int `help:"连接数，也就是同时说话的人。" default:"64"`
	Count int `help:"每种对话的遍数，每遍一名干部。" default:"1000"`
	Open  int `help:"说了一半的对话有多少，看占多少内存。" default:"10000"`
}

// benchTalks are what is said, and what the last answer begins with. The first is one
// sentence and its confirmation; the second goes step by step, with a correction.
func benchTalks() []benchWords {
	return []benchWords{
		{"一句话", []string{"明天下午到后天请事假，送孩子上学", "确认"}, "已提交 ✓"},
		{"一步步", []string{"请假", "事假", "明天到后天", "送孩子上学", "推迟一天", "确认"}, "已提交 ✓"},
	}
}

type benchWords struct {
	name string
	says []string
	ends string
}

// talkRun is one measurement under way.
type talkRun struct {
	benchTalkCmd
	app    *benchApp
	std    std
	addr   string
	asking int // who file their leave
	heads  int // how many have spoken
	sent   int
}

// Run measures both conversations, counts the leaves, and leaves talks open.
func (c *benchTalkCmd) Run(ctx context.Context, s std) (err error) {
	a, err := c.openBench(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.done()) }()
	kinds := benchTalks()
	asking := (c.Count + askedAlone) * len(kinds)
	people := asking*inVillage + c.Open
	fmt.Fprintf(s.out, "准备%d名干部……\n", people)
	if err := a.settle(ctx, people, 5); err != nil {
		return err
	}
	a.set(benchDay(0).At(10, 0))
	addr, stop, err := bench.Serve(ctx, a.routes())
	if err != nil {
		return err
	}
	defer stop()
	r := &talkRun{benchTalkCmd: *c, app: a, std: s, addr: addr, asking: asking}
	for _, kind := range kinds {
		if err := r.statements(ctx, kind); err != nil {
			return err
		}
		if err := r.measure(ctx, kind); err != nil {
			return err
		}
	}
	if err := r.leaves(ctx, asking); err != nil {
		return err
	}
	return r.open(ctx, kinds[1].says[:3])
}

// speaker is the i-th who speaks. Whoever files a leave is the only one of his village: a
// colleague's leave would change what he is told.
func (r *talkRun) speaker(i int) string {
	if i < r.asking {
		return benchOpenID(i*inVillage + inVillage - 1)
	}
	return benchOpenID(r.asking*(inVillage-1) + i)
}

// talks are n conversations of people who have not spoken yet.
func (r *talkRun) talks(says []string, n int) ([][][]byte, error) {
	out := make([][][]byte, n)
	for i := range out {
		who := r.speaker(r.heads)
		r.heads++
		for _, text := range says {
			r.sent++
			req, err := bench.Callback(r.app.account, who, text, int64(r.sent), r.app.now())
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], req)
		}
	}
	return out, nil
}

func (r *talkRun) say(ctx context.Context, says []string, n, conns int) (bench.Told, error) {
	talks, err := r.talks(says, n)
	if err != nil {
		return bench.Told{}, err
	}
	return bench.Talks{Addr: r.addr, Talks: talks, Conns: conns, Now: time.Now}.Run(ctx) //nolint:forbidigo // main's clock
}

// ended fails unless every conversation ended as it should.
func (r *talkRun) ended(t bench.Told, want string) error {
	for i, answers := range t.Answers {
		last, err := bench.Reply(r.app.account, answers[len(answers)-1])
		if err != nil || !strings.HasPrefix(last, want) {
			return fmt.Errorf("talk %d ended with %q: %w", i, last, errors.Join(err, errors.New("no receipt")))
		}
	}
	return nil
}

func (r *talkRun) measure(ctx context.Context, kind benchWords) error {
	t, err := r.say(ctx, kind.says, r.Count, r.Conns)
	if err == nil {
		err = r.ended(t, kind.ends)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", kind.name, err)
	}
	fmt.Fprintf(r.std.out, "%s（%d句）：%d个连接，每秒%d遍，一遍CPU %s\n", kind.name, len(kind.says), r.Conns, t.Rate(),
		(t.CPU / time.Duration(r.Count)).Round(10*time.Microsecond))
	for i, text := range kind.says {
		o := bench.Outcome{Waits: t.Waits[i]}
		fmt.Fprintf(r.std.out, "  %-30s p50 %8s  p99 %8s\n", text, o.Percentile(50).Round(100*time.Microsecond), o.Percentile(99).Round(100*time.Microsecond))
	}
	return nil
}

// askedAlone is how many conversations are carried on one after the other, to count what
// each message asks of the database.
const askedAlone = 5

// statements says how many statements each message takes, as the server counts them: the
// median of a few conversations with nobody else.
func (r *talkRun) statements(ctx context.Context, kind benchWords) error {
	talks, err := r.talks(kind.says, askedAlone)
	if err != nil {
		return err
	}
	counts := make([][]int, len(kind.says))
	for _, talk := range talks {
		for i, req := range talk {
			before, err := r.questions(ctx)
			if err != nil {
				return err
			}
			if _, err := (bench.Talks{Addr: r.addr, Talks: [][][]byte{{req}}, Conns: 1, Now: time.Now}).Run(ctx); err != nil { //nolint:forbidigo // main's clock
				return err
			}
			after, err := r.questions(ctx)
			if err != nil {
				return err
			}
			counts[i] = append(counts[i], after-before-1)
		}
	}
	if r.DSN == "" {
		return nil
	}
	var said []string
	for i, text := range kind.says {
		slices.Sort(counts[i])
		said = append(said, fmt.Sprintf("%s %d", text, counts[i][len(counts[i])/2]))
	}
	fmt.Fprintf(r.std.out, "%s，问数据库几次：%s\n", kind.name, strings.Join(said, "；"))
	return nil
}

// questions is the server's counter of statements; a file has none.
func (r *talkRun) questions(ctx context.Context) (int, error) {
	if r.DSN == "" {
		return 0, nil
	}
	return bench.Questions(ctx, bench.Database{Driver: r.app.driver, DSN: r.app.dsn})
}

// leaves counts what was asked for: as many as there were conversations.
func (r *talkRun) leaves(ctx context.Context, want int) error {
	var got int
	err := r.app.db.Read(ctx, func(tx *models.Tx) error {
		rows, err := tx.LeavesWaiting(models.LeaveScope{All: true})
		got = len(rows)
		return err
	})
	if err == nil && got != want {
		err = fmt.Errorf("%d leaves are stored, and %d were confirmed", got, want)
	}
	return err
}

// open leaves talks half said, and compares what the process holds before and after.
func (r *talkRun) open(ctx context.Context, says []string) error {
	before := heap()
	if _, err := r.say(ctx, says, r.Open, r.Conns); err != nil {
		return err
	}
	after := heap()
	var drafts int
	_, err := r.app.desk.Look(ctx, handlers.Command{Key: "bench", Who: handlers.Who{OpenID: r.speaker(r.heads - 1)}, Channel: handlers.ByWeChat},
		func(v *handlers.View) (string, error) {
			open, err := v.Talk()
			drafts = len(open)
			return "", err
		})
	if err == nil && drafts != 1 {
		err = fmt.Errorf("the last one has %d open talks", drafts)
	}
	fmt.Fprintf(r.std.out, "说了一半的对话%d个：进程的堆 %d KiB，原来 %d KiB，都已记下\n", r.Open, after>>10, before>>10)
	return err
}

// heap is what is alive in the process.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
