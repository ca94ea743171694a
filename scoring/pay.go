package scoring

import (
	"fmt"

	"github.com/cunkao/cunkao/calendar"
)

// MonthPay is what one month is worth: a fifth is paid monthly, the rest is
// the performance pay that waits for the quarter's grade (article 11).
type MonthPay struct {
	Month       string `json:"month"` // 2026-07
	Base        Fen    `json:"base_paid_monthly"`
	Performance Fen    `json:"performance_standard"`
}

// Pay is a quarter's pay (article 11). Change is the bonus, or the deduction
// if negative; it is made once, of the quarter's performance pay.
type Pay struct {
	Months              []MonthPay `json:"months"`
	BaseQuarter         Fen        `json:"base_quarter"`
	PerformanceStandard Fen        `json:"performance_standard_quarter"`
	Change              Fen        `json:"bonus_or_deduction"`
	PerformancePaid     Fen        `json:"performance_paid"`
	QuarterTotal        Fen        `json:"quarter_total"`
}

// Outcome is what a quarter's pay depends on besides the service. Second says
// that the grade is the second 不合格 in succession, or a later one.
type Outcome struct {
	Grade  Grade `json:"grade"`
	Second bool  `json:"second_fail"`
}

// PayQuarter reckons a quarter's pay. Each month's base is a fifth of the
// standard, rounded half a fen up, and its performance pay is the rest, so
// that nothing is lost; each is paid by calendar day of that standard in that
// month, rounded half a fen up per month and standard.
func PayQuarter(p PayRules, s Service, o Outcome) Pay {
	pay := Pay{Months: make([]MonthPay, 0, 3)}
	for _, first := range s.Quarter.Months() {
		m := p.month(s, first)
		pay.Months = append(pay.Months, m)
		pay.BaseQuarter += m.Base
		pay.PerformanceStandard += m.Performance
	}
	pay.Change = p.change(pay.PerformanceStandard, o)
	pay.PerformancePaid = pay.PerformanceStandard + pay.Change
	pay.QuarterTotal = pay.BaseQuarter + pay.PerformancePaid
	return pay
}

func (p PayRules) month(s Service, first calendar.Date) MonthPay {
	last := first.LastOfMonth()
	m := MonthPay{Month: fmt.Sprintf("%04d-%02d", first.Year, int(first.Month))}
	for _, standard := range s.Standards {
		days := s.daysOf(standard, Span{first, last})
		base := standard.Month.Percent(p.BasePercent)
		m.Base += base.share(days, last.Day)
		m.Performance += (standard.Month - base).share(days, last.Day)
	}
	return m
}

// change is the bonus or, negative, the deduction of a grade; half a fen makes
// it larger, whichever way it goes.
func (p PayRules) change(performance Fen, o Outcome) Fen {
	switch {
	case o.Grade == Excellent:
		return performance.Percent(p.BonusPercent)
	case o.Grade == Unqualified && o.Second:
		return -performance.Percent(p.DeductPercentSecond)
	case o.Grade == Unqualified:
		return -performance.Percent(p.DeductPercent)
	default:
		return 0
	}
}
