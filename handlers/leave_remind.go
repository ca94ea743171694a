package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// leaveWords are the words of what became of a leave.
func leaveWords(l Leave, what, said string, at time.Time) map[string]string {
	return map[string]string{"no": strconv.Itoa(l.Number), "what": what, "said": said, "date": plainTime(at)}
}

// tellAsker tells whose leave it is what became of it.
func (d *Desk) tellAsker(l Leave, said string) error {
	return d.tell(note{
		to: l.PersonID, kind: NoticeLeaveSaid, class: classTask, dedupe: fmt.Sprintf("leavesaid:%s:%d", l.ID, l.Version),
		words: leaveWords(l, l.Words, said, d.Now),
	})
}

// tellKnower tells somebody who was asked about a leave, or approved it, what
// became of it.
func (d *Desk) tellKnower(l Leave, personID, said string) error {
	if personID == "" || personID == d.Who.ID {
		return nil
	}
	return d.tell(note{
		to: personID, kind: NoticeLeaveSaid, class: classNews, dedupe: fmt.Sprintf("leaveknown:%s:%d", l.ID, l.Version),
		words: leaveWords(l, l.Name+l.Words, said, d.Now),
	})
}

// tellDecider tells somebody that a leave waits for him.
func (d *Desk) tellDecider(l Leave, personID string) error {
	return d.askDecider(l, personID, "", "leaveask:"+l.ID+":"+personID+":"+d.Today.String())
}

// urge tells somebody again that a leave waits for him.
func (d *Desk) urge(l Leave, personID string) error {
	return d.askDecider(l, personID, "（催办）", fmt.Sprintf("leaveurge:%s:%s:%d", l.ID, personID, d.Now.Unix()))
}

func (d *Desk) askDecider(l Leave, personID, mark, dedupe string) error {
	if personID == "" {
		return nil
	}
	notes, err := d.notesOn(l.Leave)
	if err != nil {
		return err
	}
	return d.tell(note{
		to: personID, kind: NoticeLeaveAsk, class: classTask, dedupe: dedupe,
		words: map[string]string{
			"no": strconv.Itoa(l.Number), "who": l.Village + l.Name, "what": l.Words + mark, "warning": notes.warning(),
			"date": plainTime(l.AskedAt),
		},
	})
}

// tellDeputy asks the deputy whether he stands in.
func (d *Desk) tellDeputy(l Leave) error {
	return d.tell(note{
		to: l.DeputyID, kind: NoticeLeaveDeputy, class: classTask, dedupe: "leavedeputy:" + l.ID + ":" + l.DeputyID,
		words: map[string]string{"no": strconv.Itoa(l.Number), "who": l.Name, "span": spanWords(l.Span())},
	})
}

// reroute tells those to whom waiting leaves have come meanwhile: the deputy of
// somebody who is on leave, or whoever is back.
func (d *Desk) reroute(s models.LeaveScope) error {
	rows, err := d.tx.LeavesWaiting(s)
	if err != nil {
		return fmt.Errorf("leaves that wait: %w", err)
	}
	for _, l := range rows {
		ahead, err := d.line(l)
		if err != nil {
			return err
		}
		if ahead.first() == l.ToldID || ahead.first() == "" {
			continue
		}
		if err := d.tx.SetLeaveTold(l.ID, ahead.first()); err != nil {
			return fmt.Errorf("route leave %s: %w", l.ID, err)
		}
		shown, err := d.show(l)
		if err != nil {
			return err
		}
		if err := d.tellDecider(shown, ahead.first()); err != nil {
			return err
		}
	}
	return nil
}

// RouteLeaves is for the clock: a leave that begins or ends moves what waits for
// whose it is, to the deputy or back.
func (d *Desk) RouteLeaves() error {
	if err := d.may("RouteLeaves", Target{}); err != nil {
		return err
	}
	if err := d.reroute(models.LeaveScope{All: true}); err != nil {
		return err
	}
	return d.did("RouteLeaves", d.Today.String(), "")
}

// RemindLeaves tells those whose leave ends tomorrow or today to report back, and
// climbs when nobody has: on the first day after the end the person again, on the
// second the 书记 too, on the third the town (article 7.4.3). Each is told once of
// one end; an extension is a new end. Whoever has still to decide about a leave
// that begins by tomorrow is reminded too.
func (d *Desk) RemindLeaves() error {
	if err := d.may("RemindLeaves", Target{}); err != nil {
		return err
	}
	rows, err := d.tx.LeavesToReturn(d.Today.Add(1))
	if err != nil {
		return fmt.Errorf("leaves that end: %w", err)
	}
	for _, l := range rows {
		_, err := d.homeOf(l.PersonID)
		if _, out := errors.AsType[*Refusal](err); out {
			continue // of no post any more
		}
		if err != nil {
			return err
		}
		late := d.Today.Since(l.LastDay)
		if err := d.remindBack(l, late); err != nil {
			return err
		}
		if late >= 2 {
			if err := d.tellOver(l, late); err != nil {
				return err
			}
		}
	}
	if err := d.remindDeciders(); err != nil {
		return err
	}
	return d.did("RemindLeaves", d.Today.String(), "")
}

// remindDeciders reminds once of what was asked for before today and is about to
// begin.
func (d *Desk) remindDeciders() error {
	rows, err := d.tx.LeavesWaiting(models.LeaveScope{All: true})
	if err != nil {
		return fmt.Errorf("leaves that wait: %w", err)
	}
	for _, l := range rows {
		if l.FirstDay.After(d.Today.Add(1)) || calendar.On(l.AskedAt) == d.Today {
			continue
		}
		ahead, err := d.line(l)
		if err != nil {
			return err
		}
		shown, err := d.show(l)
		if err != nil {
			return err
		}
		if err := d.askDecider(shown, ahead.first(), "（还没有审批）", "leavesoon:"+l.ID+":"+ahead.first()); err != nil {
			return err
		}
	}
	return nil
}

// remindBack tells the person, late days after the last day; before it late is
// below 0.
func (d *Desk) remindBack(l models.Leave, late int) error {
	stage, when := "over", "已经到期，还没有销假"
	switch {
	case late < 0:
		stage, when = "before", "明天到期"
	case late == 0:
		stage, when = "last", "今天到期"
	}
	return d.remind(l.PersonID, NoticeLeaveBack, leaveStage(l, stage, l.PersonID), d.Today.Add(3).At(0, 0), map[string]string{
		"no": strconv.Itoa(l.Number), "when": when, "day": l.LastDay.Chinese(), "date": plainTime(l.Absence(d.Now).End()),
	})
}

// leaveStage is the key of a reminder of one end of a leave.
func leaveStage(l models.Leave, stage, personID string) string {
	return fmt.Sprintf("leaveback:%s:%s:%s:%s", l.ID, l.LastDay, stage, personID)
}

// tellOver tells those above of somebody who is overdue: the village on the second
// day, the town from the third.
func (d *Desk) tellOver(l models.Leave, late int) error {
	level := villageLevel
	if late > 2 {
		level = townLevel
	}
	people, err := d.holders(level, l)
	if err != nil {
		return err
	}
	shown, err := d.show(l)
	if err != nil {
		return err
	}
	for _, id := range slices.DeleteFunc(people, func(id string) bool { return id == l.PersonID }) {
		err := d.remind(id, NoticeLeaveOver, leaveStage(l, "over", id), calendar.On(d.Now).Add(7).At(0, 0), map[string]string{
			"no": strconv.Itoa(l.Number), "who": shown.Village + shown.Name, "day": l.LastDay.Chinese(),
			"days": strconv.Itoa(late), "date": plainTime(shown.Absence(d.Now).End()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
