package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// kinCmd is `cunkao kin`: who is related to whom, and so decides nothing about him.
type kinCmd struct {
	Add    kinAddCmd    `cmd:"" help:"登记两个人是亲属。"`
	Remove kinRemoveCmd `cmd:"" help:"删去登记错的亲属关系。"`
	List   kinListCmd   `cmd:"" help:"看一个人登记了哪些亲属。"`
}

type kinAddCmd struct {
	settingsFlag
	personFlags
	One      string `arg:"" help:"姓名或编号。"`
	Other    string `arg:"" help:"姓名或编号。"`
	Relation string `arg:"" help:"什么关系：夫妻、父母子女、兄弟姐妹、其他近亲属。"`
}

// Run declares that two people are relatives.
func (c *kinAddCmd) Run(ctx context.Context, s std) error {
	return withTwo(ctx, c.settingsFlag, s, [2]string{c.One, c.Other}, func(a *app, one, other string) error {
		return c.carryOut(ctx, s, a, []string{"kin", one, other, c.Relation}, func(d *handlers.Desk) (string, error) {
			return "已登记：" + c.One + "和" + c.Other + "是" + c.Relation + "，互相回避。", d.AddKin(one, other, c.Relation)
		})
	})
}

type kinRemoveCmd struct {
	settingsFlag
	personFlags
	One   string `arg:"" help:"姓名或编号。"`
	Other string `arg:"" help:"姓名或编号。"`
}

// Run takes back what was declared by mistake.
func (c *kinRemoveCmd) Run(ctx context.Context, s std) error {
	return withTwo(ctx, c.settingsFlag, s, [2]string{c.One, c.Other}, func(a *app, one, other string) error {
		return c.carryOut(ctx, s, a, []string{"unkin", one, other}, func(d *handlers.Desk) (string, error) {
			return "已删去。", d.RemoveKin(one, other)
		})
	})
}

type kinListCmd struct {
	settingsFlag
	As string `help:"以谁的名义查看：姓名或编号。" required:"" placeholder:"PERSON"`
	Of string `arg:"" help:"谁：姓名或编号。" name:"person"`
}

// Run lists the relatives of a person.
func (c *kinListCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		whose, err := a.desk.PersonNamed(ctx, c.Of)
		if err != nil {
			return err
		}
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		var lines []string
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (string, error) {
			kin, err := v.Kin(whose)
			for _, k := range kin {
				lines = append(lines, k.Name+" "+k.Relation)
			}
			return "", err
		})
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			lines = []string{"没有登记亲属。"}
		}
		_, err = fmt.Fprintln(s.out, strings.Join(lines, "\n"))
		return err
	})
}

// withTwo opens the desk and finds two people.
func withTwo(ctx context.Context, f settingsFlag, s std, names [2]string, fn func(a *app, one, other string) error) error {
	return withDesk(ctx, f, s, func(a *app) error {
		first, err := a.desk.PersonNamed(ctx, names[0])
		if err != nil {
			return err
		}
		second, err := a.desk.PersonNamed(ctx, names[1])
		if err != nil {
			return err
		}
		return fn(a, first, second)
	})
}
