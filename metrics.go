package main

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/models"
)

// metrics shows what the rooms count to Prometheus. No number in it is about
// one person.
type metrics struct {
	app   *app
	waits *prometheus.Desc
}

// handler serves /metrics.
func (a *app) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m := &metrics{app: a, waits: prometheus.NewDesc("cunkao_answer_seconds", "How long people's messages waited for the answer.", nil, nil)}
	r.MustRegister(m)
	for _, c := range a.counters() {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "cunkao_" + c.name, Help: c.help},
			func() float64 { return float64(c.n.Load()) })) //nolint:forbidigo // what Prometheus takes
	}
	for _, g := range a.gauges() {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "cunkao_" + g.name, Help: g.help},
			func() float64 { return float64(g.n()) })) //nolint:forbidigo // what Prometheus takes
	}
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 5 * time.Second})
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
		{"messages_too_fast_total", "Messages turned away: too many of one person.", &b.TooFast},
		{"messages_too_many_total", "Messages turned away: too many of all people.", &b.TooMany},
		{"messages_shed_total", "Messages taken at once whose reply comes later: too many under way.", &b.Shed},
		{"messages_full_total", "Messages not taken: far too many under way.", &b.Full},
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

// Describe names the collector's own metrics.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) { ch <- m.waits }

// Collect reads what has to be asked for.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	counts, sum := m.app.bot.Meter().Waits.Read()
	buckets, total := map[float64]uint64{}, uint64(0) //nolint:forbidigo // what Prometheus takes
	for i, bound := range bot.Bounds() {
		total += uint64(counts[i]) //nolint:gosec // a count
		buckets[bound.Seconds()] = total
	}
	total += uint64(counts[len(counts)-1]) //nolint:gosec // a count
	ch <- prometheus.MustNewConstHistogram(m.waits, total, sum.Seconds(), buckets)
	m.notices(ch)
}

// notices counts what is to be told. A database that does not answer says so by
// the absence of these.
func (m *metrics) notices(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(m.app.ctx, 2*time.Second)
	defer cancel()
	b, err := m.app.desk.Backlog(ctx)
	if err != nil {
		return
	}
	byState := prometheus.NewDesc("cunkao_notices", "Notices by state.", []string{"state"}, nil)
	for _, s := range []models.NoticeState{models.NoticeWaiting, models.NoticeSending, models.NoticeSent, models.NoticeDead, models.NoticeUnknown} {
		ch <- prometheus.MustNewConstMetric(byState, prometheus.GaugeValue, float64(b.Counts[s]), string(s)) //nolint:forbidigo // what Prometheus takes
	}
	oldest := prometheus.NewDesc("cunkao_notices_oldest_seconds", "For how long the oldest notice that waits has been due.", nil, nil)
	ch <- prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, b.Oldest.Seconds())
}
