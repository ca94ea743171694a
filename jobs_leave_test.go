package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// A leave of the demo is approved by whoever nobody plays, and the clock reminds
// of its end, once a stage, whichever replica comes first.
func TestTheClockRemindsOfLeave(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	people := demoPeople()
	at := slices.IndexFunc(people, func(p demoPerson) bool { return slices.Contains(p.Posts, models.CommitteeDeputy) })
	who := people[at]
	first := calendar.Date{Year: 2026, Month: 10, Day: 12}
	d.turn(t, first.Add(-3).At(9, 0))
	var id string
	cmd := handlers.Command{Key: "ask", Who: handlers.Who{OpenID: who.openID()}, Channel: handlers.ByWeChat}
	_, err := d.desk.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) {
		l, err := d.AskLeave(handlers.LeaveRequest{Kind: "事假", Span: calendar.Span{First: first, Last: first.Add(1)}, Reason: "送孩子上学"})
		id = l.PersonID
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := newCrowd(d.desk).decideLeaves(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := d.another(t).clock
	for _, at := range []time.Time{first.At(8, 0), first.At(12, 10), first.Add(1).At(8, 0), first.Add(2).At(8, 0)} {
		d.turn(t, at)
		for _, c := range []*clockwork{d.app.clock, other} {
			if err := c.tick(t.Context(), at); err != nil {
				t.Fatal(err)
			}
		}
	}
	var told []string
	err = d.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.Notices("", id, 100)
		for _, n := range rows {
			if strings.HasPrefix(n.Kind, "leave_") {
				told = append([]string{n.Kind + " " + n.Words["said"] + n.Words["when"]}, told...)
			}
		}
		return err
	})
	want := []string{"leave_said 已批准", "leave_back 明天到期", "leave_back 今天到期", "leave_back 已经到期，还没有销假"}
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("told %q, want %q, %v", told, want, err)
	}
}
