package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// withDesk opens the database of the settings for one command.
func withDesk(ctx context.Context, f settingsFlag, s std, fn func(*app) error) error {
	cfg, err := f.read(config.Store, s)
	if err != nil {
		return err
	}
	p, err := partsOf(cfg, s)
	if err != nil {
		return err
	}
	if p.account.AppID == "" { // a command that talks to nobody needs no account
		p.account = wechat.Account{AppID: "wx0000000000000000", Token: "offline", AESKey: strings.Repeat("0", 43)}
	}
	a, err := open(ctx, p)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.close())
}

// person is who gives a command, and the key under which it is done once.
type personFlags struct {
	As  string `help:"以谁的名义办理：姓名或编号。" required:"" placeholder:"PERSON"`
	Key string `help:"这次办理的唯一编号（UUID）；重复执行不会重复办理。" required:"" placeholder:"UUID"`
}

// command makes the command of a person. What is done is in its digest, so that
// a key is not used for two things.
func (f personFlags) command(ctx context.Context, a *app, input ...string) (handlers.Command, error) {
	if !isUUID(f.Key) {
		return handlers.Command{}, handlers.Refuse("--key 要一个UUID，如 0190a1b2-0000-4000-8000-000000000001；每件事用一个新的。")
	}
	id, err := a.desk.PersonNamed(ctx, f.As)
	if err != nil {
		return handlers.Command{}, err
	}
	sum := sha256.Sum256([]byte(strings.Join(input, "\x00")))
	return handlers.Command{
		Key: "cli:" + f.Key, Digest: hex.EncodeToString(sum[:]), Who: handlers.Who{PersonID: id}, Channel: handlers.ByCommand,
	}, nil
}

// carryOut does one thing for a person and prints what is said to it. input is
// what the key stands for.
func (f personFlags) carryOut(ctx context.Context, s std, a *app, input []string, fn func(*handlers.Desk) (string, error)) error {
	cmd, err := f.command(ctx, a, input...)
	if err != nil {
		return err
	}
	text, err := a.desk.Do(ctx, cmd, fn)
	if err == nil {
		_, err = fmt.Fprintln(s.out, text)
	}
	return err
}

// isUUID reports whether s has the form of a UUID.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

// asked is a command of a person that only reads.
func asked(ctx context.Context, a *app, as string) (handlers.Command, error) {
	id, err := a.desk.PersonNamed(ctx, as)
	return handlers.Command{Key: "cli", Who: handlers.Who{PersonID: id}, Channel: handlers.ByCommand}, err
}

// quarterCmd is `cunkao quarter`.
type quarterCmd struct {
	List quarterListCmd `cmd:"" help:"各季度办到哪一步。"`
	Step quarterStepCmd `cmd:"" help:"办理一步：审定、备案或公布一个序列。"`
}

type quarterListCmd struct {
	settingsFlag
	As string `help:"以谁的名义查看：姓名或编号。" required:"" placeholder:"PERSON"`
}

// Run prints every quarter with its sequences.
func (c *quarterListCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		text, err := a.desk.Look(ctx, cmd, listCycles)
		if err == nil {
			_, err = fmt.Fprintln(s.out, text)
		}
		return err
	})
}

func listCycles(v *handlers.View) (string, error) {
	cards, err := v.Cycles()
	if err != nil {
		return "", err
	}
	var lines []string
	for _, card := range cards {
		line := card.Quarter.String() + " " + card.State.Chinese()
		if !card.Due.IsZero() {
			line += "，到" + card.Due.In(calendar.Zone).Format("2006-01-02 15:04")
		}
		lines = append(lines, line)
	}
	waiting, err := v.Waiting("", "")
	for _, w := range waiting {
		lines = append(lines, "  待"+w.Step.Name+"："+w.Code())
	}
	if len(lines) == 0 {
		lines = []string{"还没有季度。导入镇、村、干部以后，由正在运行的服务在启动时或夜里0点10分开始。"}
	}
	return strings.Join(lines, "\n"), err
}

type quarterStepCmd struct {
	settingsFlag
	personFlags
	Step     string   `arg:"" enum:"审定,备案,公布,confirm,file,publish" help:"审定(confirm)、备案(file)或公布(publish)。"`
	Sequence []string `arg:"" help:"哪个序列，如 2026Q3 青石镇正职。"`
}

// Run takes one step of one sequence.
func (c *quarterStepCmd) Run(ctx context.Context, s std) error {
	step := c.Step
	if name, ok := map[string]string{"confirm": "审定", "file": "备案", "publish": "公布"}[step]; ok {
		step = name
	}
	code := strings.Join(c.Sequence, " ")
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		return c.carryOut(ctx, s, a, []string{step, code}, func(d *handlers.Desk) (string, error) {
			waiting, err := d.Waiting(step, code)
			if err != nil {
				return "", err
			}
			if len(waiting) != 1 {
				return "", handlers.Refuse("没有等%s%s的%s，或者已经办过了。", c.As, step, code)
			}
			return "已" + step + "：" + waiting[0].Title() + "。", d.TakeStep(waiting[0])
		})
	})
}
