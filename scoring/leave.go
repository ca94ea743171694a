package scoring

import "github.com/cunkao/cunkao/calendar"

// The entries of the list of deductions that a leave may lead to (article
// 7.4.3, 请销假), as the default rubric names them.
const (
	EventOverstayDay       = "overstay_day"
	EventReturnNotReported = "return_not_reported"
)

// LeavePoints is what the item that leave belongs to (D3) still gives after
// one leave. ok is false if the rubric has no such deductions.
func LeavePoints(r *Rubric, a calendar.Absence) (p Points, ok bool) {
	check, ok := r.CheckOf(EventOverstayDay)
	if !ok {
		return 0, false
	}
	counts := map[string]int64{EventOverstayDay: int64(a.Overstayed())}
	if a.ReportedLate() && check.Rule.has(EventReturnNotReported) {
		counts[EventReturnNotReported] = 1
	}
	facts := Facts{check.ID: {Value: Tally(counts)}}
	for _, d := range r.Dimensions {
		for i := range d.Items {
			it := &d.Items[i]
			if _, here := it.checkOf(EventOverstayDay); here {
				var score ItemScore
				it.score(facts, &score)
				return score.Points, true
			}
		}
	}
	return 0, false
}
