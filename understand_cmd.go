package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// maxPhraseLine is how many bytes a line of phrases may have.
const maxPhraseLine = 1 << 20

// wall is a wall clock time, without its zone.
const wall = "2006-01-02T15:04:05"

// understandCmd is `cunkao understand`.
type understandCmd struct {
	Now string `help:"现在是什么时候，如 2026-09-28T10:00:00+08:00；不写就是此刻。" placeholder:"RFC3339"`
}

// phraseLine is a line to be read: a phrase alone, or an object.
type phraseLine struct {
	Input     string     `json:"input"`
	Span      string     `json:"span"`
	Reference string     `json:"reference_datetime"`
	State     *leaveLine `json:"state"`
}

// leaveLine is a leave as it is read and printed.
type leaveLine struct {
	Start     calendar.Date `json:"start"`
	StartPart calendar.Part `json:"start_part,omitempty"`
	End       calendar.Date `json:"end"`
	EndPart   calendar.Part `json:"end_part,omitempty"`
	Workdays  json.Number   `json:"working_days"`
	Type      string        `json:"leave_type,omitempty"`
	Reason    string        `json:"reason,omitempty"`
}

// understood is what is printed for a line.
type understood struct {
	Input    string              `json:"input"`
	Kind     calendar.PhraseKind `json:"kind"`
	Expected readingLine         `json:"expected"`
	Ask      []questionLine      `json:"ask"`
	Leave    *leaveLine          `json:"leave,omitempty"`
}

// questionLine is one question of an answer.
type questionLine struct {
	Kind     calendar.PhraseKind `json:"kind,omitempty"`
	Expected *readingLine        `json:"expected,omitempty"`
	Text     string              `json:"text"`
}

// readingLine is a reading as it is printed: what its kind has.
type readingLine struct {
	Date    string        `json:"date,omitempty"`
	Part    calendar.Part `json:"part,omitempty"`
	Start   string        `json:"start,omitempty"`
	End     string        `json:"end,omitempty"`
	Days    json.Number   `json:"days,omitempty"`
	Seconds int64         `json:"seconds,omitempty"`
}

// Run reads a phrase a line and prints what was understood, an object a line.
func (c *understandCmd) Run(s std) error {
	now := s.clock()()
	if c.Now != "" {
		at, err := time.Parse(time.RFC3339, c.Now)
		if err != nil {
			return handlers.Refuse("--now 要写成 2026-09-28T10:00:00+08:00 的样子。")
		}
		now = at
	}
	lines := bufio.NewScanner(s.in)
	lines.Buffer(nil, maxPhraseLine)
	out := bufio.NewWriter(s.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for lines.Scan() {
		answer, err := understand(lines.Text(), now)
		if err != nil {
			return err
		}
		if err := enc.Encode(answer); err != nil {
			return fmt.Errorf("print what was understood: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the phrases: %w", err)
	}
	return out.Flush()
}

// understand reads one line.
func understand(line string, now time.Time) (understood, error) {
	p := phraseLine{Input: line}
	if strings.HasPrefix(strings.TrimSpace(line), "{") {
		p = phraseLine{}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			return understood{}, handlers.Refuse("这一行不是一个JSON对象：%.60s", line)
		}
	}
	if p.Reference != "" {
		at, err := time.ParseInLocation(wall, p.Reference, calendar.Zone)
		if err != nil {
			return understood{}, handlers.Refuse("reference_datetime 要写成 2026-09-28T10:00:00 的样子。")
		}
		now = at
	}
	text := p.Span
	if text == "" {
		text = p.Input
	}
	var off calendar.DaysOff
	if p.State != nil {
		f := calendar.CorrectLeave(p.State.days(), text, now, off)
		f.Type = cmp.Or(f.Type, p.State.Type)
		f.Reason = cmp.Or(f.Reason, p.State.Reason)
		return answerLine(p.Input, f, off), nil
	}
	return answerLine(p.Input, calendar.ReadLeave(text, now, off), off), nil
}

// days are the days of a leave so far.
func (l leaveLine) days() calendar.LeaveDays {
	d := calendar.LeaveDays{Start: l.Start, StartPart: l.StartPart, End: l.End, EndPart: l.EndPart}
	if d.StartPart == calendar.WholeDay {
		d.StartPart = calendar.Morning
	}
	if d.EndPart == calendar.WholeDay {
		d.EndPart = calendar.Afternoon
	}
	return d
}

// answerLine is an answer as it is printed.
func answerLine(input string, f calendar.FoundLeave, off calendar.DaysOff) understood {
	out := understood{Input: input, Kind: f.Kind, Ask: []questionLine{}}
	for _, q := range f.Asks {
		line := questionLine{Text: q.Text}
		if q.Kind != calendar.NoPhrase {
			reading := readingOf(q.Reading)
			line.Kind, line.Expected = q.Kind, &reading
		}
		out.Ask = append(out.Ask, line)
	}
	if len(f.Asks) == 0 || f.Confirm || f.Kind == calendar.Length {
		out.Expected = readingOf(f.Reading)
	}
	if f.HasDays() {
		d := f.Days
		out.Leave = &leaveLine{
			Start: d.Start, StartPart: d.StartPart, End: d.End, EndPart: d.EndPart,
			Workdays: decimal(int64(d.Halves(off))*5, 1), Type: f.Type, Reason: f.Reason,
		}
	}
	return out
}

// readingOf is a reading as it is printed.
func readingOf(g calendar.Reading) readingLine {
	switch g.Kind {
	case calendar.OneDay, calendar.Days:
		return readingLine{Start: g.Start.String(), End: g.End.String()}
	case calendar.HalfDay:
		return readingLine{Date: g.Start.String(), Part: g.Part}
	case calendar.Moment:
		return readingLine{Start: g.StartAt.Format(wall)}
	case calendar.Spell:
		return readingLine{Start: g.StartAt.Format(wall), End: g.EndAt.Format(wall)}
	case calendar.Length:
		const day = 24 * 60 * 60
		return readingLine{Days: decimal((g.Seconds*20000/day+1)/2, 4), Seconds: g.Seconds}
	default:
		return readingLine{}
	}
}

// decimal writes n units of the last of some decimals: 5 of 1 decimal is 0.5.
func decimal(n int64, decimals int) json.Number {
	s := strconv.FormatInt(n, 10)
	for len(s) <= decimals {
		s = "0" + s
	}
	whole, rest := s[:len(s)-decimals], strings.TrimRight(s[len(s)-decimals:], "0")
	if rest == "" {
		return json.Number(whole)
	}
	return json.Number(whole + "." + rest)
}
