package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/cunkao/cunkao/bench"
	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/wechat"
)

// benchCmd is `cunkao bench`.
type benchCmd struct {
	Checkin benchCheckinCmd `cmd:"" help:"签到：每秒能记下多少条，与只做一部分的两把尺子比。"`
	Score   benchScoreCmd   `cmd:"" help:"一个季度：从记录到存下结果，与GROUP BY比。"`
	Idle    benchIdleCmd    `cmd:"" help:"许多连接不作声：占多少内存。"`
	Talk    benchTalkCmd    `cmd:"" help:"请假的对话：一句话的和一步步的，各要多久。"`
	Surge   benchSurgeCmd   `cmd:"" help:"按人们自己的步调来：平稳、一齐、过载。"`
}

// benchPlace is where a measurement keeps its rows. The database must be empty
// and is left as it is.
type benchPlace struct {
	DSN   string `help:"空的MySQL数据库；不填则用临时的SQLite文件。" placeholder:"DSN" env:"CUNKAO_BENCH_DSN"`
	Redis string `help:"Redis地址；不填则用进程内的。" placeholder:"ADDR" env:"CUNKAO_BENCH_REDIS"`
}

// benchApp is a whole process for a measurement, whose clock is set.
type benchApp struct {
	*app
	account wechat.Account
	source  models.Source
	driver  string // of database/sql, for a yardstick beside it
	dsn     string
	shift   atomic.Int64 // between the real clock and this one
	dir     string
}

// now is the process's clock: it runs, from where it was set.
func (a *benchApp) now() time.Time { return time.Now().Add(time.Duration(a.shift.Load())) } //nolint:forbidigo // main's clock

func (a *benchApp) set(at time.Time) { a.shift.Store(int64(time.Until(at))) }

// nobody takes every message and sends none.
type nobody struct{}

// SendText takes a text.
func (nobody) SendText(context.Context, string, string) error { return nil }

// SendTemplate takes a template message.
func (nobody) SendTemplate(context.Context, wechat.Template) (string, error) { return "1", nil }

// SendSubscription takes a subscription notice.
func (nobody) SendSubscription(context.Context, wechat.Subscription) (string, error) { return "1", nil }

var _ bot.Sender = nobody{}

// openBench opens a process over an empty database.
func (p benchPlace) openBench(ctx context.Context, s std) (*benchApp, error) {
	a := &benchApp{account: bench.Account(), driver: "mysql", dsn: p.DSN, source: models.Source{DSN: p.DSN}}
	if p.DSN == "" {
		dir, err := os.MkdirTemp("", "cunkao-bench")
		if err != nil {
			return nil, fmt.Errorf("bench: %w", err)
		}
		a.dir, a.source.File = dir, filepath.Join(dir, "bench.db")
		a.driver = "sqlite"
		a.dsn = "file:" + filepath.Join(dir, "yardstick.db") + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	}
	a.set(benchDay(0).At(7, 0))
	opened, err := open(ctx, parts{
		database: a.source, redis: p.Redis, sealKey: make([]byte, 32), account: a.account, sender: nobody{},
		county: handlers.County{Name: "测速县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1, Leave: handlers.DefaultLeaveRules()},
		rubric: scoring.DefaultSource(), log: logOf(benchLog(), s), now: a.now,
	})
	if err != nil {
		os.RemoveAll(a.dir)
		return nil, err
	}
	a.app = opened
	return a, nil
}

func (a *benchApp) done() error {
	err := a.close()
	if a.dir != "" {
		os.RemoveAll(a.dir)
	}
	return err
}

// benchDay is the n-th day of a measurement; each has its shifts.
func benchDay(n int) calendar.Date {
	return calendar.Date{Year: 2026, Month: 3, Day: 2}.Add(n)
}

func benchOpenID(i int) string { return fmt.Sprintf("o-bench-%07d", i) }

// settle fills the database with n bound cadres, ten to a village, a shift each
// on every day from first on.
func (a *benchApp) settle(ctx context.Context, n, days int) error {
	const chunk = 500
	var village string
	return a.inChunks(ctx, n, chunk, func(tx *models.Tx, i int) error {
		if i%inVillage == 0 {
			v := models.Village{ID: tx.NewID(), TownID: tx.NewID(), Name: fmt.Sprintf("%d村", i/inVillage)}
			if err := tx.AddTown(&models.Town{ID: v.TownID, Name: fmt.Sprintf("%d镇", i/inVillage)}); err != nil {
				return err
			}
			if err := tx.AddVillage(&v); err != nil {
				return err
			}
			village = v.ID
		}
		return settleOne(tx, i, village, days)
	})
}

func (a *benchApp) inChunks(ctx context.Context, n, chunk int, fn func(*models.Tx, int) error) error {
	for from := 0; from < n; from += chunk {
		err := a.db.Write(ctx, func(tx *models.Tx) error {
			for i := from; i < min(n, from+chunk); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("settle the county: %w", err)
		}
	}
	return nil
}

// inVillage is how many cadres a village has.
const inVillage = 10

// benchTitle is the post of the i-th cadre: each village has its two 正职.
func benchTitle(i int) models.PostTitle {
	switch i % inVillage {
	case 0:
		return models.PartySecretary
	case 1:
		return models.CommitteeDirector
	default:
		return models.CommitteeMember
	}
}

func settleOne(tx *models.Tx, i int, village string, days int) error {
	p := models.Person{ID: tx.NewID(), Name: fmt.Sprintf("干部%d", i), PhoneIndex: benchOpenID(i), CreatedAt: tx.Now}
	if err := tx.AddPerson(&p); err != nil {
		return err
	}
	post := models.Post{
		ID: tx.NewID(), PersonID: p.ID, VillageID: village, Title: benchTitle(i),
		FromDay: calendar.Date{Year: 2024, Month: 1, Day: 1}, Subsidized: true,
	}
	if err := tx.AddPost(&post); err != nil {
		return err
	}
	if err := tx.AddBinding(p.ID, benchOpenID(i), "bench"); err != nil {
		return err
	}
	var shifts []models.Shift
	for d := range days {
		day := benchDay(d)
		shifts = append(shifts, models.Shift{
			ID: tx.NewID(), VillageID: village, Day: day, PersonID: p.ID, Kind: models.DeskShift,
			StartsAt: day.At(8, 30).UTC(), EndsAt: day.At(18, 0).UTC(),
		})
	}
	return tx.AddShifts(shifts)
}
