package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

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
// only asked for something and stored nothing is on record for two weeks in Redis.
func (c *talkShowCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		whose, err := a.desk.PersonNamed(ctx, c.Of)
		if err != nil {
			return err
		}
		asked := a.bot.AskedBy(ctx, whose, c.Most)
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
			rows := talkRows(lines, asked, c.Reason != "")
			return talkText(a.bot, rows[:min(len(rows), c.Most)], drafts), nil
		})
	})
}

// talkRow is one message in the log.
type talkRow struct {
	at                 time.Time
	what, result, said string
}

// talkRows are what stored something and what only asked, the newest first. Words that are
// not open are not shown.
//
//nolint:revive // open says whether what was said is to be read
func talkRows(lines []handlers.TalkLine, asked []bot.Asked, open bool) []talkRow {
	rows := make([]talkRow, 0, len(lines)+len(asked))
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
		rows = append(rows, talkRow{l.At, what, result, l.Said})
	}
	for _, a := range asked {
		row := talkRow{a.At, "问：" + a.Word, "答了", ""}
		switch {
		case a.Word == "":
			row.what, row.result = "—", "没有听懂"
		case a.Refused:
			row.result = "没办成"
		}
		if open {
			row.said = "本人说：" + a.Said
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b talkRow) int { return b.at.Compare(a.at) })
	return rows
}

// talkText is the log as a table.
func talkText(b *bot.Bot, rows []talkRow, drafts []handlers.TalkState) string {
	var out strings.Builder
	for _, one := range drafts {
		fmt.Fprintf(&out, "没办完：%s，%s，上次 %s\n", b.FormTitle(one.Form), b.QuestionName(one.Form, one.Open, one.Tries), minute(one.At))
	}
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "时间\t听成\t结果\t内容")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", minute(r.at), r.what, r.result, strings.ReplaceAll(r.said, "\n", " / "))
	}
	_ = w.Flush() // into memory
	return strings.TrimRight(out.String(), "\n")
}
