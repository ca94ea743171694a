package calendar

import "time"

// Absence is a leave that was taken (请假). Last is its last day; the leave
// ends at 24:00 of that day, or at 12:00 if LastMorning says that only the
// morning was asked for. Returned is the day of return, no day if nobody
// stated it; Reported the moment at which the return was reported (销假).
type Absence struct {
	Last        Date
	LastMorning bool
	Returned    Date
	Reported    time.Time
}

// End is the moment at which the leave ends.
func (a Absence) End() time.Time {
	if a.LastMorning {
		return a.Last.At(12, 0)
	}
	return a.Last.At(24, 0)
}

// Overstayed counts the calendar days after the last day and before the day of
// return (article 7.4.3). If nobody stated that, the day of the report counts.
func (a Absence) Overstayed() int {
	back := a.Returned
	if back.IsZero() {
		back = On(a.Reported)
	}
	return max(0, back.Since(a.Last)-1)
}

// ReportedLate reports whether the return was reported more than 24 hours
// after the end of the leave.
func (a Absence) ReportedLate() bool { return a.Reported.Sub(a.End()) > 24*time.Hour }
