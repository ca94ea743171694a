package scoring

// Grade is the outcome of one quarter (等次, article 10). Its text is what is
// stored and shown.
type Grade string

// The grades. Ungraded is somebody who served less than half the quarter, or
// is under investigation: no bonus, no deduction, no part of the headcount.
const (
	Excellent   Grade = "优秀"
	Qualified   Grade = "合格"
	Unqualified Grade = "不合格"
	Ungraded    Grade = "不定等次"
)

// GradeAlone grades one sheet without its sequence. Excellent comes only from
// [Rank]; candidate says that the sheet may be considered for it.
func GradeAlone(r *Rubric, s Sheet) (g Grade, candidate bool) {
	return r.passOrFail(s.Total), r.candidate(s.Total, s.SurveyValid)
}

func (r *Rubric) passOrFail(total Points) Grade {
	if total < r.Grades.PassLine {
		return Unqualified
	}
	return Qualified
}

func (r *Rubric) candidate(total Points, surveyValid bool) bool {
	return total >= r.Grades.ExcellentLine && (surveyValid || !r.Grades.ExcellentNeedsSurvey)
}
