package scoring

// The entries of the list of deductions that a leave may lead to (article
// 7.4.3, 请销假), as the default rubric names them.
const (
	EventOverstayDay       = "overstay_day"
	EventReturnNotReported = "return_not_reported"
)

// LeavePoints is what the item that leave belongs to (D3) still gives after
// one leave that was overstayed by days, with its end reported late or not. ok
// is false if the rubric has no such deductions.
func LeavePoints(r *Rubric, days int, late bool) (p Points, ok bool) {
	check, ok := r.CheckOf(EventOverstayDay)
	if !ok {
		return 0, false
	}
	counts := map[string]int64{EventOverstayDay: int64(days)}
	if _, known := check.Rule.event(EventReturnNotReported); known && late {
		counts[EventReturnNotReported] = 1
	}
	facts := Facts{check.ID: {Value: Tally(counts)}}
	for _, d := range r.Dimensions {
		for _, it := range d.Items {
			if _, here := it.checkOf(EventOverstayDay); here {
				score, _ := it.score(facts)
				return score.Points, true
			}
		}
	}
	return 0, false
}
