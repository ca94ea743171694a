package main

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"
)

// figures are what a run came to. Those that must be 0 are below the line.
type figures struct {
	Test             string `json:"test"`
	Replicas         int    `json:"replicas"`
	Messages         int    `json:"messages"`
	Deliveries       int    `json:"deliveries"`
	Duplicates       int    `json:"duplicates"` // deliveries beyond the first of a message
	Receipts         int    `json:"receipts"`   // people who were given one
	Records          int    `json:"records"`
	NotRecorded      int    `json:"not_recorded"` // messages answered so
	Unsure           int    `json:"unsure"`
	Later            int    `json:"later"`      // success, and the reply as a notice
	Unanswered       int    `json:"unanswered"` // all tries broke off
	UnansweredKept   int    `json:"unanswered_kept"`
	Notices          int    `json:"notices"`
	NoticesDelivered int    `json:"notices_delivered"`
	NoticesDoubled   int    `json:"notices_doubled"`  // all after an answer that nobody recorded
	NoticesRepeated  int    `json:"notices_repeated"` // sent again after such an answer, and dropped by the platform
	QuestionsVaried  int    `json:"questions_varied"`
	KillsProgram     int    `json:"kills_program"`
	KillsDatabase    int    `json:"kills_database"`
	FaultsRedis      int    `json:"faults_redis"`
	FaultsDatabase   int    `json:"faults_database"` // troubles of the server that are no kill
	Spoiled          int    `json:"spoiled"`         // commands and lines to both, by the proxies
	Stopped          int    `json:"stopped"`         // replicas that stood still past their leases
	ClockJumps       int    `json:"clock_jumps"`
	Poison           int    `json:"poison"`               // messages and notices that cannot be carried out
	TakenOver        int    `json:"taken_over,omitempty"` // messages that the dead had acknowledged
	Conflicts        int    `json:"conflicts,omitempty"`  // of nodes that wrote the same
	QueuePerSecond   int    `json:"queue_per_second,omitempty"`
	Seconds          int    `json:"seconds"`
	WorstAnswerMS    int64  `json:"worst_answer_ms"`

	Lost          int `json:"lost"`           // receipts without a record, and success without anything
	DoubleEffects int `json:"double_effects"` // of one message
	Halves        int `json:"halves"`         // records without their journal or claim, or the reverse
	Contradicted  int `json:"contradicted"`   // said not to be recorded, and recorded; or answered in two ways
	DoubleNotices int `json:"double_notices"` // without a lost answer
	LostNotices   int `json:"lost_notices"`   // promised or queued, and never delivered
}

// checker compares what people saw, what the database holds and what arrived on
// the phones.
type checker struct {
	*testing.T
	rig     *rig
	history []*message
	state   *rigState
	phones  map[string][]*platformCall
	f       *figures
}

// check is the end of every test of the rig.
func (r *rig) check(history []*message) *figures {
	r.Helper()
	f := &r.figures
	f.Test, f.Replicas, f.Seconds = r.Name(), len(r.replicas), int(time.Since(r.began).Seconds())
	for _, one := range r.replicas {
		f.KillsProgram += int(one.fails.Load())
	}
	c := &checker{T: r.T, rig: r, history: history, state: readRigState(r.T, r.dsn), phones: r.platform.delivered(), f: f}
	c.count()
	c.records()
	c.receipts()
	c.answers()
	c.notices()
	c.promises()
	r.publish()
	return f
}

func (c *checker) count() {
	c.f.Messages, c.f.Records = len(c.history), len(c.state.arrivals)
	for _, m := range c.history {
		c.f.Deliveries += len(m.Tries)
		for _, t := range m.Tries {
			if t.ok() {
				c.f.WorstAnswerMS = max(c.f.WorstAnswerMS, t.To.Sub(t.From).Milliseconds())
			}
		}
		replies := m.replies()
		has := func(what string) bool {
			return slices.ContainsFunc(replies, func(s string) bool { return strings.HasPrefix(s, what) })
		}
		switch {
		case has(saysNot):
			c.f.NotRecorded++
		case has(saysUnsure):
			c.f.Unsure++
		case len(replies) == 0 && m.success():
			c.f.Later++
		case len(replies) == 0:
			c.f.Unanswered++
			if _, kept := c.state.inbox[m.Key]; kept {
				c.f.UnansweredKept++
			}
		}
	}
	c.f.Duplicates = c.f.Deliveries - c.f.Messages
}

// fault counts what must not be, and shows the first few.
func (c *checker) fault(n *int, format string, args ...any) {
	c.Helper()
	if *n++; *n <= 5 {
		c.Errorf(format, args...)
	}
}

// records: arrival, claim and journal are there together or not at all, and once
// for each message (C2, C3).
func (c *checker) records() {
	journaled := map[string]int{}
	for _, key := range sortedKeys(c.state.journal) {
		rows := c.state.journal[key]
		if len(rows) > 1 {
			c.fault(&c.f.DoubleEffects, "C2: %d records of %s", len(rows), key)
		}
		for _, j := range rows {
			journaled[j.subject]++
			if _, there := c.state.arrivals[j.subject]; !there {
				c.fault(&c.f.Halves, "C3: a journal row of %s without its record", key)
			}
			if in := c.state.inbox[key]; in.act != "CheckIn" || in.refused || receiptIn(in.reply) != c.state.arrivals[j.subject].receipt {
				c.fault(&c.f.Halves, "C3: a record of %s and its claim %+v", key, in)
			}
		}
	}
	for _, id := range sortedKeys(c.state.arrivals) {
		if journaled[id] != 1 {
			c.fault(&c.f.Halves, "C3: %d journal rows of record %s", journaled[id], id)
		}
	}
	for _, key := range sortedKeys(c.state.inbox) {
		if c.state.inbox[key].act == "CheckIn" && len(c.state.journal[key]) == 0 {
			c.fault(&c.f.Halves, "C3: the claim of %s without a record", key)
		}
	}
}

// receipts: each that was read or delivered is of exactly one record of that
// person (C1).
func (c *checker) receipts() {
	records := map[string]int{}
	for _, a := range c.state.arrivals {
		records[a.openID+" "+a.receipt]++
	}
	seen := map[string]bool{}
	see := func(openID, text string) {
		if r := receiptIn(text); r != "" {
			seen[openID+" "+r] = true
		}
	}
	for _, m := range c.history {
		for _, s := range m.replies() {
			see(m.OpenID, s)
		}
	}
	for _, calls := range c.phones {
		see(calls[0].To, calls[0].Text)
	}
	for _, one := range sortedKeys(seen) {
		if records[one] != 1 {
			c.fault(&c.f.Lost, "C1: %d records of receipt %s", records[one], one)
		}
	}
	c.f.Receipts = len(seen)
}

// answers: a command is answered in one way, that which is stored; what is said
// not to be recorded is not (C2, P05).
func (c *checker) answers() {
	for _, m := range c.history {
		said := slices.Compact(slices.Sorted(slices.Values(m.replies())))
		if m.Words != "签到" {
			if len(said) > 1 {
				c.f.QuestionsVaried++
			}
			continue
		}
		in, kept := c.state.inbox[m.Key]
		for _, s := range said {
			switch {
			case strings.HasPrefix(s, saysUnsure):
			case strings.HasPrefix(s, saysNot):
				// Of deliveries at one instant one may fail while another does not.
				if kept && m.Copies == 1 {
					c.fault(&c.f.Contradicted, "P05: %s was said not to be recorded: %+v %+v", m.Key, in, m.Tries)
				}
			case !kept || in.reply != s:
				c.fault(&c.f.Contradicted, "C2: %s was answered %q, and %q is stored", m.Key, s, in.reply)
			}
		}
	}
}

// settleTime is how long after an answer of the platform a replica may need to
// record it.
const settleTime = 3 * time.Second

// notices: each queued one arrived once; more often only if the answer was lost,
// or whoever got it died before it was recorded (C7).
func (c *checker) notices() {
	queued := map[string]int{}
	for _, n := range c.state.notices {
		queued[n.phone()]++
		c.f.Notices++
		refused := n.state == "dead" && (c.rig.platform.refused(n.problem) || n.expired) // whose openid is gone by then
		if n.state != "sent" && !refused {
			c.fault(&c.f.LostNotices, "C7: notice %s of %s is %s: %s", n.id, n.dedupe, n.state, n.problem)
		}
	}
	for _, k := range sortedKeys(c.phones) {
		calls := c.phones[k]
		c.f.NoticesDelivered += len(calls)
		extra := len(calls) - max(1, queued[k])
		if queued[k] == 0 {
			c.fault(&c.f.DoubleNotices, "C7: %q was delivered and is no notice", calls[0].Text)
		}
		if extra > 0 {
			c.f.NoticesDoubled += extra
		}
		excused := 0
		for _, call := range calls {
			if c.rig.unrecorded(call) {
				excused++
			}
		}
		if extra > excused {
			c.fault(&c.f.DoubleNotices, "C7: %d deliveries of %q, of which %d may be repeated: %+v", len(calls), k, excused, calls[0])
		}
	}
	asked := c.rig.platform.asked()
	for _, id := range sortedKeys(asked) {
		c.repeats(id, asked[id])
	}
	for _, n := range c.state.notices {
		if n.state == "sent" && len(c.phones[n.phone()]) == 0 {
			c.fault(&c.f.LostNotices, "C7: notice %s of %s is sent and did not arrive", n.id, n.dedupe)
		}
	}
}

// repeats: that the platform drops the repeat of an id is no excuse for it.
func (c *checker) repeats(id string, calls []*platformCall) {
	excused := 0
	for _, call := range calls {
		if c.rig.unrecorded(call) {
			excused++
		}
	}
	c.f.NoticesRepeated += len(calls) - 1
	if len(calls)-1 > excused {
		c.fault(&c.f.DoubleNotices, "C7: %s was sent %d times, of which %d may be repeated", id, len(calls), excused)
	}
}

// unrecorded reports whether the answer to a call may not have been recorded.
func (r *rig) unrecorded(call *platformCall) bool {
	until := call.Answered.Add(settleTime)
	return call.How == callLost || r.replicas[call.Replica].stops.touches(call.From, until) || r.databaseDown.touches(call.From, until) ||
		r.jumps.touches(call.From, until)
}

// rigNumber is what a person can name a message by.
func rigNumber(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:3])
}

// read reports whether a text that holds some words arrived on a telephone.
func (c *checker) read(openID, words string) bool {
	for _, calls := range c.phones {
		if calls[0].To == openID && strings.Contains(calls[0].Text, words) {
			return true
		}
	}
	return false
}

// promises: success is said only of what is stored, be it that whoever said it died
// at once (C9); and whoever read it and nothing else gets the reply as a notice (C8).
func (c *checker) promises() {
	for _, m := range c.history {
		_, kept := c.state.inbox[m.Key]
		later := m.success() && len(m.replies()) == 0
		switch {
		case !later || c.state.dedupes["reply:"+m.Key]:
		case kept:
			c.fault(&c.f.LostNotices, "C8: %s was carried out, answered success, and there is no notice: %+v", m.Key, m.Tries)
		default:
			c.fault(&c.f.Lost, "C9: %s was answered success, and nobody went on with it: %+v", m.Key, m.Tries)
		}
		if kept && m.Copies == 1 && c.read(m.OpenID, saysNot+"，请稍后再试（编号"+rigNumber(m.Key)) {
			c.fault(&c.f.Contradicted, "P05: %s was said later not to be recorded: %+v", m.Key, c.state.inbox[m.Key])
		}
	}
	if !c.rig.remind {
		return
	}
	for _, id := range c.state.shifts {
		if !c.state.dedupes["duty:"+id] {
			c.fault(&c.f.LostNotices, "C8: nobody was reminded of shift %s", id)
		}
	}
}
