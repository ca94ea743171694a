package bot

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// notBack is how somebody says that his return was reported by mistake: 我还没回来, 我销错假了.
var notBack = regexp.MustCompile(`^(?:我|人)?(?:其实|现在)?(?:还|都)?(?:没有?|未)(?:回来|回村|到村|到家|回)(?:呢|啊|呀|的)?(?:[ ,，]*(?:销错了?|点错了?|发错了?|按错了?))?$|^(?:我|刚才|刚刚|[ ,，])*(?:把)?(?:假)?销错(?:假)?了?(?:[ ,，]*(?:我|人)?(?:还)?没(?:有)?(?:回来|回村))?$`)

// undoReturn takes back a return that was reported by mistake (收回销假).
func undoReturn(d *handlers.Desk, rest string) (string, error) {
	no, err := slipNumber(rest)
	if err != nil {
		return "", err
	}
	l, err := d.UndoReturn(no)
	if err != nil {
		return "", err
	}
	reply := "销假收回了 ✓ " + strconv.Itoa(l.Number) + "号假条：" + l.Words + "，照旧算。回来了再回复" + say("销假") + "。"
	rows, err := d.MyLeaves(30)
	if _, refused := refusal(err); err != nil && !refused {
		return "", err
	}
	if slices.ContainsFunc(rows, func(r handlers.Leave) bool { return r.Extends == l.ID && r.State == models.LeaveWithdrawn }) {
		reply += "\n没批的续假条销假时撤回了，还要续的请再说一遍“续假”。"
	}
	return reply, nil
}

// stillAway takes back the return of somebody who says that he is not back; where none was
// reported of late it is whatever else it may be.
func (b *Bot) stillAway(d *handlers.Desk, text string) (string, error) {
	rows, err := d.MyLeaves(10)
	if _, refused := refusal(err); err != nil && !refused {
		return "", err
	}
	lately := func(l handlers.Leave) bool {
		return l.ReportedAt != nil && l.ReportedBy == d.Who.ID && d.Sent.Sub(*l.ReportedAt) < 24*time.Hour
	}
	if !slices.ContainsFunc(rows, lately) {
		return b.begun(d, text)
	}
	return undoReturn(d, "")
}
