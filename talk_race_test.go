package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// TestTwoWaysToAgreeNeverDeadlock submits a form by a command and by an answer at once, past
// the line in which one process keeps a person's messages, as two replicas would: both hold
// the talk first and the person then, and one of them submits.
func TestTwoWaysToAgreeNeverDeadlock(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{DSN: testkit.MariaDB(t)})
	me := d.person2(t, "石桥村")
	var filed atomic.Int64
	say := func(key, text string) {
		in := bot.Input{Key: key, Digest: key, Who: me.OpenID, Text: text, Sent: d.clock.Now()}
		reply, err := d.bot.Answer(t.Context(), in)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if strings.HasPrefix(reply, "已提交") {
			filed.Add(1)
		}
	}
	monday := calendar.Date{Year: 2026, Month: 10, Day: 12}
	for n := range 15 {
		day := monday.Add(n/5*7 + n%5) // who has no shift on a day off need not ask
		say(fmt.Sprint("ask-", n), "请事假 "+day.String()+"一天 送孩子上学")
		var both sync.WaitGroup
		both.Go(func() { say(fmt.Sprint("command-", n), "确认") })
		both.Go(func() { say(fmt.Sprint("answer-", n), "好的") })
		both.Wait()
		if filed.Load() != int64(n+1) {
			t.Fatalf("%d were filed by the %dth time", filed.Load(), n+1)
		}
	}
	if again := d.desk.Meter().Again.Load(); again != 0 {
		t.Errorf("the database broke %d transactions up", again)
	}
}
