package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/handlers"
)

// talkCmd is `cunkao talk`.
type talkCmd struct {
	Show talkShowCmd `cmd:"" help:"看一个人最近和公众号说话，听懂了什么；要看内容还要写原因。"`
}

type talkShowCmd struct {
	settingsFlag
	personFlags
	Reason string `help:"为什么要看内容；记入日志。不写就只看办了什么、卡在哪里。"`
	Most   int    `help:"最多列多少条。" default:"20"`
	Of     string `arg:"" help:"谁：姓名或编号。" name:"person"`
}

// Run prints what was understood of a person's last messages, and where he is now. What
// only asked for something and stored nothing is not on record.
func (c *talkShowCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		whose, err := a.desk.PersonNamed(ctx, c.Of)
		if err != nil {
			return err
		}
		return c.carryOut(ctx, s, a, []string{"talk", whose, c.Reason}, func(d *handlers.Desk) (string, error) {
			show := d.TalkLog
			if c.Reason != "" {
				show = func(id string, n int) ([]handlers.TalkLine, []handlers.TalkState, error) {
					return d.OpenTalkLog(id, n, c.Reason)
				}
			}
			lines, drafts, err := show(whose, c.Most)
			if err != nil {
				return "", err
			}
			return talkText(a.bot, lines, drafts), nil
		})
	})
}

// talkText is the log as a table, the newest first.
func talkText(b *bot.Bot, lines []handlers.TalkLine, drafts []handlers.TalkState) string {
	var out strings.Builder
	for _, one := range drafts {
		fmt.Fprintf(&out, "没办完：%s，%s，上次 %s\n", b.FormTitle(one.Form), b.QuestionName(one.Form, one.Open, one.Tries), minute(one.At))
	}
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "时间\t听成\t结果\t内容")
	for _, l := range lines {
		what, result := bot.ActName(l.Act), "办了"
		switch {
		case l.Refused:
			what, result = "—", "没办成"
			if l.Field != "" {
				result += "（" + l.Field + "）"
			}
		case l.Act == "":
			what, result = "填表中的一句话", "记在草稿里"
		}
		if l.Repeats > 0 {
			result += fmt.Sprintf("，重发%d次", l.Repeats)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", minute(l.At), what, result, strings.ReplaceAll(l.Said, "\n", " / "))
	}
	_ = w.Flush() // into memory
	return strings.TrimRight(out.String(), "\n")
}
