package scoring

import "math/big"

// recheckOver is the difference, in 1/100 per cent, above which the assessment
// group looks again and gives reasons.
const recheckOver = 10_00

// Difference is how far the group's score is from the self-evaluation, in
// 1/100 per cent of the latter, rounded half up; recheck says that it is more
// than 10.00 %. A self-evaluation of 0 differs by nothing from 0 and by 100 %
// from anything else. Neither score is negative.
func Difference(self, group Points) (percent Points, recheck bool) {
	switch self {
	case group:
		percent = 0
	case 0:
		percent = 100_00
	default:
		gap := max(self-group, group-self)
		percent = Points(roundHalfUp(big.NewRat(int64(gap)*100_00, int64(self))))
	}
	return percent, percent > recheckOver
}

// FarApart reports whether two scores of one thing differ by more than a tenth of its full
// points: then the assessment group looks again (复核) and gives reasons.
func FarApart(self, group, full Points) bool {
	return max(self-group, group-self)*100_00 > full*recheckOver
}
