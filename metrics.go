package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	vm "github.com/VictoriaMetrics/metrics"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/models"
)

// metrics serves /metrics: what the rooms count, as Prometheus reads it. No
// number in it is about one person.
func (a *app) metrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, c := range a.counters() {
		series(w, "cunkao_"+c.name, c.help, "counter", c.n.Load())
	}
	for _, g := range a.gauges() {
		series(w, "cunkao_"+g.name, g.help, "gauge", int64(g.n()))
	}
	a.waits(w)
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	a.backlog(ctx, w)
	vm.WriteProcessMetrics(w)
}

func series(w io.Writer, name, help, kind string, n int64) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %d\n", name, help, name, kind, name, n)
}

// waits writes how long people waited, as a histogram.
func (a *app) waits(w io.Writer) {
	counts, sum := a.bot.Meter().Waits.Read()
	const name = "cunkao_answer_seconds"
	fmt.Fprintf(w, "# HELP %s How long messages waited for the answer.\n# TYPE %s histogram\n", name, name)
	total := int64(0)
	for i, bound := range bot.Bounds() {
		total += counts[i]
		fmt.Fprintf(w, "%s_bucket{le=%q} %d\n", name, seconds(bound), total)
	}
	total += counts[len(counts)-1]
	fmt.Fprintf(w, "%s_bucket{le=\"+Inf\"} %d\n%s_sum %s\n%s_count %d\n", name, total, name, seconds(sum), name, total)
}

// seconds writes a span in seconds, to the microsecond.
func seconds(d time.Duration) string {
	us := strconv.FormatInt(d.Microseconds()%1_000_000+1_000_000, 10)[1:]
	return strconv.FormatInt(d.Microseconds()/1_000_000, 10) + "." + us
}

// backlog counts what is to be told. A database that does not answer says so by
// the absence of these.
func (a *app) backlog(ctx context.Context, w io.Writer) {
	b, err := a.desk.Backlog(ctx)
	if err != nil {
		return
	}
	fmt.Fprintf(w, "# HELP cunkao_notices Notices by state.\n# TYPE cunkao_notices gauge\n")
	for _, s := range []models.NoticeState{models.NoticeWaiting, models.NoticeSending, models.NoticeSent, models.NoticeDead, models.NoticeUnknown} {
		fmt.Fprintf(w, "cunkao_notices{state=%q} %d\n", s, b.Counts[s])
	}
	series(w, "cunkao_messages_kept", "Messages that were acknowledged and are not carried out yet.", "gauge", b.Kept)
	series(w, "cunkao_notices_oldest_seconds", "For how long the oldest notice that waits has been due.", "gauge", int64(b.Oldest/time.Second))
}

type watched struct {
	name, help string
	n          *atomic.Int64
}

func (a *app) counters() []watched {
	b, h := a.bot.Meter(), a.desk.Meter()
	return []watched{
		{"messages_answered_total", "Messages that were answered.", &b.Answered},
		{"messages_forged_total", "Callbacks refused: not from the platform, or too old.", &b.Forged},
		{"messages_unreadable_total", "Messages of the platform that could not be read.", &b.Unreadable},
		{"account_refusals_total", "Refusals of the account itself by the platform: quota, rights, secret, address.", &b.Refusals},
		{"account_alerts_total", "Warnings of the platform about the account: its verification ends or was refused.", &b.Alerts},
		{"photos_kept_total", "Photos that were fetched.", &b.PhotosKept},
		{"photos_lost_total", "Photos that could not be had.", &b.PhotosLost},
		{"messages_buried_total", "Messages kept in dead_inbox: unreadable, or of a kind that is not known here.", &b.Buried},
		{"messages_too_fast_total", "Messages turned away: too many of one person.", &b.TooFast},
		{"messages_too_many_total", "Messages turned away: too many of all people.", &b.TooMany},
		{"messages_shed_total", "Messages stored and acknowledged at once, whose reply comes later: too many under way.", &b.Shed},
		{"messages_full_total", "Those of them that wait until there is room: far too many under way.", &b.Full},
		{"messages_taken_over_total", "Messages that another process had acknowledged, and died.", &b.TakenOver},
		{"messages_late_total", "Messages whose reply comes later: it took too long.", &b.Late},
		{"messages_hung_up_total", "Messages left without an answer, so that the platform sends them again.", &b.HungUp},
		{"faults_total", "Messages whose sender was told that nothing was recorded.", &b.Faults},
		{"unsure_total", "Messages of which nobody knew whether they were recorded.", &b.Unsure},
		{"panics_total", "Mistakes in the program that a message met.", &b.Panics},
		{"commands_total", "Commands that were asked for.", &h.Commands},
		{"questions_total", "Questions that were asked.", &h.Looks},
		{"commands_repeated_total", "Commands that had been carried out before.", &h.Repeats},
		{"transactions_repeated_total", "Transactions that the database asked to repeat.", &h.Again},
		{"commits_unanswered_total", "Commits without an answer.", &h.Unsure},
		{"groups_total", "Transactions that carried out several commands.", &h.Groups},
		{"commands_gathered_total", "Commands that were carried out in groups.", &h.Gathered},
		{"commands_alone_total", "Commands that fell out of their group.", &h.Alone},
		{"notices_put_off_total", "Notices that the platform did not take, which are tried again.", &h.PutOff},
	}
}

type gauge struct {
	name, help string
	n          func() int
}

func (a *app) gauges() []gauge {
	return []gauge{
		{"messages_under_way", "Messages under way.", func() int { return int(a.bot.Meter().Under.Load()) }},
		{"commands_queued", "Commands that wait for a group.", a.desk.Queued},
		{"database_connections", "Open connections to the database.", func() int { return a.db.Pool().Open }},
		{"database_connections_in_use", "Connections to the database in use.", func() int { return a.db.Pool().InUse }},
		{"database_waits", "How often somebody waited for a connection, so far.", func() int { return int(a.db.Pool().Waited) }},
		{"redis_silent", "1 while Redis does not answer.", func() int {
			if a.cache.Silent() {
				return 1
			}
			return 0
		}},
	}
}
