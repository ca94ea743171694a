package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// noticesCmd is `cunkao notices`.
type noticesCmd struct {
	List  noticesListCmd  `cmd:"" default:"withargs" help:"列出通知：给谁、哪一类、发到哪一步、为什么。不显示内容。"`
	Retry noticesRetryCmd `cmd:"" help:"重发一条发不出去或不确定的通知。"`
	Dead  noticesDeadCmd  `cmd:"" help:"列出看不懂的消息；写明理由可看一条的内容。"`
}

type noticesListCmd struct {
	settingsFlag
	As    string `help:"以谁的名义查看：姓名或编号。" required:"" placeholder:"PERSON"`
	State string `help:"只看这一种。" enum:",waiting,sending,sent,dead,unknown" default:""`
	Of    string `help:"只看给这个人的：姓名或编号。" placeholder:"PERSON"`
	Most  int    `help:"最多列多少条。" default:"50"`
}

// stateNames are the states of a notice as people read them.
func stateNames() map[models.NoticeState]string {
	return map[models.NoticeState]string{
		models.NoticeWaiting: "待发", models.NoticeSending: "在发", models.NoticeSent: "已发", models.NoticeDead: "发不出去", models.NoticeUnknown: "不确定",
	}
}

// Run prints the latest notices.
func (c *noticesListCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		of := ""
		if c.Of != "" {
			if of, err = a.desk.PersonNamed(ctx, c.Of); err != nil {
				return err
			}
		}
		var cards []handlers.NoticeCard
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
			cards, err = v.Queue(models.NoticeState(c.State), of, c.Most)
			return "", err
		})
		if err != nil {
			return err
		}
		return printNotices(s, cards)
	})
}

func printNotices(s std, cards []handlers.NoticeCard) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "编号\t时间\t给谁\t类别\t状态\t方式\t试过\t说明")
	for _, n := range cards {
		to := n.Name
		if to == "" {
			to = "未绑定"
		}
		why := strings.TrimSpace(n.Report + " " + n.Problem)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", n.ID, minute(n.CreatedAt), to, n.Kind, stateNames()[n.State], n.Way, n.Tries, why)
	}
	return w.Flush()
}

func minute(t time.Time) string { return t.In(calendar.Zone).Format("2006-01-02 15:04") }

type noticesRetryCmd struct {
	settingsFlag
	personFlags
	Reason string `help:"为什么重发。" required:""`
	ID     string `arg:"" help:"通知的编号。"`
}

// Run makes one notice due again; the service sends it within a second.
func (c *noticesRetryCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		return c.carryOut(ctx, s, a, []string{"retry", c.ID, c.Reason}, func(d *handlers.Desk) (string, error) {
			return "已放回队列，由正在运行的服务发出。", d.Requeue(c.ID, c.Reason)
		})
	})
}

type noticesDeadCmd struct {
	settingsFlag
	As     string `help:"以谁的名义查看：姓名或编号。" required:"" placeholder:"PERSON"`
	Key    string `help:"看这一条的内容；还要 --reason 和 --once。"`
	Reason string `help:"为什么要看内容；记入日志。"`
	Once   string `help:"这次查看的唯一编号（UUID）。" placeholder:"UUID"`
	Most   int    `help:"最多列多少条。" default:"50"`
}

// Run prints the latest messages that could not be carried out, or what one says.
func (c *noticesDeadCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		if c.Key != "" {
			who := personFlags{As: c.As, Key: c.Once}
			return who.carryOut(ctx, s, a, []string{"dead", c.Key, c.Reason}, func(d *handlers.Desk) (string, error) {
				d.Secret()
				return d.OpenDeadLetter(c.Key, c.Reason)
			})
		}
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		var letters []models.DeadLetter
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
			letters, err = v.DeadLetters(c.Most)
			return "", err
		})
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "时间\t类别\t原因\t编号")
		for _, l := range letters {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", minute(l.At), l.Kind, l.Why, l.CmdKey)
		}
		return w.Flush()
	})
}
