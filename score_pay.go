package main

import (
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

// payAnswer is the answer to pay.
type payAnswer struct {
	Pay scoring.Pay `json:"pay"`

	quarter calendar.Quarter
	grade   scoring.Grade
}

func scorePay(r *scoring.Rubric, in value) (answer, error) {
	q := in.key("quarter").quarter()
	standard := in.key("month_standard_yuan").yuan()
	outcome := scoring.Outcome{Grade: readGrade(in.key("grade"), ""), Second: in.key("second_fail").flag(false)}
	rules := readRates(r.Pay, in)
	if err := in.failed(); err != nil {
		return nil, err
	}
	return &payAnswer{scoring.PayQuarter(rules, scoring.WholeQuarter(q, standard), outcome), q, outcome.Grade}, nil
}

// readRates reads the county's percentages. The deduction given is that of a
// first failure: a second in succession has its own.
func readRates(rules scoring.PayRules, in value) scoring.PayRules {
	rules.BonusPercent = in.key("bonus_percent").wholeOr(rules.BonusPercent, 0, 100)
	rules.DeductPercent = in.key("deduct_percent").wholeOr(rules.DeductPercent, 0, 100)
	return rules
}

// readGrade reads a grade; there must be one if otherwise is empty.
func readGrade(in value, otherwise scoring.Grade) scoring.Grade {
	if !in.there() && otherwise != "" {
		return otherwise
	}
	g := scoring.Grade(in.text())
	switch g {
	case scoring.Excellent, scoring.Qualified, scoring.Unqualified, scoring.Ungraded:
	default:
		in.fail("等次应当是优秀、合格、不合格或不定等次。")
	}
	return g
}

// tenureAnswer is the answer to tenure.
type tenureAnswer struct {
	DaysServed     int            `json:"days_served"`
	DaysInQuarter  int            `json:"days_in_quarter"`
	Graded         bool           `json:"graded"`
	Grade          scoring.Grade  `json:"grade"`
	Pay            scoring.Pay    `json:"pay"`
	DaysBySequence map[string]int `json:"days_by_sequence,omitempty"`
	Sequence       string         `json:"sequence,omitempty"`

	quarter calendar.Quarter
}

func scoreTenure(r *scoring.Rubric, in value) (answer, error) {
	s := readService(in)
	grade := readGrade(in.key("grade"), scoring.Qualified)
	graded, second := in.key("graded").flag(true), in.key("second_fail").flag(false)
	rules := readRates(r.Pay, in)
	if err := in.failed(); err != nil {
		return nil, err
	}
	out := &tenureAnswer{
		DaysServed: s.Days(), DaysInQuarter: s.Quarter.Days(),
		Graded: graded && s.Graded(rules), Grade: grade, quarter: s.Quarter,
	}
	if !out.Graded {
		out.Grade = scoring.Ungraded
	}
	out.Pay = scoring.PayQuarter(rules, s, scoring.Outcome{Grade: out.Grade, Second: second})
	if len(s.Standards) > 1 {
		out.DaysBySequence, out.Sequence = s.DaysBySequence(), s.Sequence()
	}
	return out, nil
}

func readService(in value) scoring.Service {
	s := scoring.Service{
		Quarter: in.key("quarter").quarter(),
		Tenure:  readSpan(in, "start", "end"),
	}
	standards := in.key("standards")
	for _, one := range standards.list() {
		s.Standards = append(s.Standards, scoring.Standard{
			Span:     readSpan(one, "from", "to"),
			Month:    one.key("month_standard_yuan").yuan(),
			Sequence: one.key("sequence").oneOf("", scoring.HeadSequence, scoring.OtherSequence),
		})
	}
	if len(s.Standards) == 0 {
		standards.fail("至少要有一个补贴标准。")
	}
	if in.failed() != nil {
		return s
	}
	if i, found := s.Overlap(); found {
		standards.list()[i].fail("与前面的补贴标准日期重叠。")
	}
	return s
}

func readSpan(in value, from, to string) scoring.Span {
	s := scoring.Span{From: in.key(from).dateOr(), To: in.key(to).dateOr()}
	if !s.From.IsZero() && !s.To.IsZero() && s.To.Before(s.From) {
		in.key(to).fail("早于%s。", from)
	}
	return s
}

// streakAnswer is the answer to streak, by quarter.
type streakAnswer map[string]streakQuarter

type streakQuarter struct {
	Grade        scoring.Grade         `json:"grade"`
	Fails        int                   `json:"consecutive_fails"`
	Pay          scoring.Pay           `json:"pay"`
	Consequences []scoring.Consequence `json:"consequences"`
}

func scoreStreak(r *scoring.Rubric, in value) (answer, error) {
	scores, posts := in.key("scores"), readPosts(in.key("posts"))
	standard := in.key("month_standard_yuan").yuan()
	var quarters []calendar.Quarter
	for _, name := range scores.keys() {
		q, err := calendar.ParseQuarter(name)
		if err != nil {
			scores.key(name).fail("应当是季度，例如2026Q2。")
		}
		quarters = append(quarters, q)
	}
	if err := in.failed(); err != nil {
		return nil, err
	}
	slices.SortFunc(quarters, calendar.Quarter.Compare)
	out, fails := streakAnswer{}, 0
	for _, q := range quarters {
		grade := scoring.Ungraded
		if total := scores.key(q.String()); total.there() {
			grade = scoring.GradeTotal(r, total.points())
		}
		fails = scoring.Fails(fails, grade)
		outcome := scoring.Outcome{Grade: grade, Second: fails >= 2}
		out[q.String()] = streakQuarter{
			Grade: grade, Fails: fails,
			Pay:          scoring.PayQuarter(r.Pay, scoring.WholeQuarter(q, standard), outcome),
			Consequences: scoring.Consequences(grade, fails, posts),
		}
	}
	return out, nil
}

func readPosts(in value) []string {
	var posts []string
	for _, one := range in.list() {
		post := one.text()
		if !scoring.KnownPost(post) {
			one.fail("没有“%s”这个职务。", post)
		}
		posts = append(posts, post)
	}
	return posts
}
