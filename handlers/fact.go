package handlers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/sheet"
)

// Columns of the sheet by which facts are entered (考核数据表). 要点 and 满分 are
// there to read; nobody reads them back.
const (
	colKind    = "类别"
	colTown    = "镇"
	colVillage = "村"
	colName    = "姓名"
	colCheck   = "编号"
	colText    = "要点"
	colFull    = "满分"
	colMatter  = "事项"
	colValue   = "值"
	colNote    = "说明"
	colHow     = "怎么填"
)

// What 类别 may be.
const (
	kindVillage = "村"
	kindCadre   = "干部"
)

func factHeader() []string {
	return []string{colKind, colTown, colVillage, colName, colCheck, colText, colFull, colMatter, colValue, colNote, colHow}
}

// FactRow is one line of the sheet: what was found at one check of one village
// or cadre, or at one entry of a check's list.
type FactRow struct {
	N       int // as the person sees it
	Kind    string
	Town    string
	Village string
	Name    string // of a cadre; namesakes in a village have the post behind it
	Check   string // id
	Matter  string // the event's or the vote's label
	Value   string // empty leaves what stands
	Note    string
}

// FactRows takes the lines out of a spreadsheet.
func FactRows(t sheet.Table) ([]FactRow, error) {
	if err := t.Require(colKind, colTown, colVillage, colName, colCheck, colMatter, colValue, colNote); err != nil {
		return nil, Refuse("%s", err)
	}
	rows := make([]FactRow, len(t.Rows))
	for i, r := range t.Rows {
		c := r.Cells
		rows[i] = FactRow{
			N: r.N, Kind: c[colKind], Town: c[colTown], Village: c[colVillage], Name: c[colName],
			Check: c[colCheck], Matter: c[colMatter], Value: c[colValue], Note: c[colNote],
		}
	}
	return rows, nil
}

// factCycle returns a quarter's cycle and its rules.
func (v *View) factCycle(q calendar.Quarter, find func(calendar.Quarter) (models.Cycle, error)) (models.Cycle, *scoring.Rubric, error) {
	c, err := find(q)
	if errors.Is(err, models.ErrNotFound) {
		return c, nil, Refuse("%s还没有开始考核。", q.Chinese())
	}
	if err != nil {
		return c, nil, fmt.Errorf("facts of %s: %w", q, err)
	}
	_, rubric, err := v.policy(c)
	return c, rubric, err
}

// mayEnter refuses facts of a quarter whose facts are no longer, or not yet,
// taken.
func mayEnter(c models.Cycle) error {
	switch c.State {
	case models.CycleOpen, models.CycleSelfEval, models.CycleVerification:
		return nil
	case models.CycleDraft, models.CycleSuspended, models.CycleCancelled:
		return Refuse("%s的考核现在是“%s”，不能录入。", c.Quarter.Chinese(), c.State.Chinese())
	default:
		return Refuse("%s已经汇总，不能再录入。", c.Quarter.Chinese())
	}
}

// matter is one line of a check in the sheet: the check itself (no code), an
// event, a count or a vote.
type matter struct {
	code  string
	label string
	event bool // its records are kept under the code
}

// mattersOf are the lines that people enter for a check. What is computed from
// records is not among them.
func mattersOf(c scoring.Check) []matter {
	var out []matter
	r := c.Rule
	if r.Type == scoring.RatioObligationRule {
		out = append(out, matter{r.Required, "应做：" + r.Label, false}, matter{r.Done, "已做：" + r.Label, false})
	}
	for _, e := range r.Events {
		if !computed(c.ID, e.Event) {
			out = append(out, matter{e.Event, e.Label, true})
		}
	}
	for _, v := range r.Votes {
		out = append(out, matter{v.Vote, v.Label, false})
	}
	for _, code := range r.Excluded {
		out = append(out, matter{code, excludedLabel(code), false})
	}
	if out == nil && !listed(c) {
		out = []matter{{}}
	}
	return out
}

// listed reports whether a check is entered line by line.
func listed(c scoring.Check) bool {
	switch c.Rule.Type {
	case scoring.DeductListRule, scoring.RatioObligationRule, scoring.SurveyRule:
		return true
	default:
		return false
	}
}

// computed reports whether an event is counted from records of duty or leave.
func computed(check, event string) bool {
	switch check {
	case dutyCheck:
		return event == dutyAbsent || event == holidayAbsent || event == noHeadOnSite
	case leaveCheck:
		return event == filedLate || event == scoring.EventOverstayDay || event == scoring.EventReturnNotReported
	default:
		return false
	}
}

// recordsOf names the records that a check is counted from, or nothing.
func recordsOf(check string) string {
	return map[string]string{dutyCheck: "值班记录", leaveCheck: "请假记录"}[check]
}

// excludedLabel names the votes that do not count; the rubric has only codes.
func excludedLabel(code string) string {
	switch code {
	case "unknown":
		return "不了解"
	case "abstain":
		return "弃权"
	case "invalid":
		return "无效票"
	default:
		return code
	}
}

// matterNamed finds a line by what stands in 事项.
func matterNamed(c scoring.Check, name string) (matter, bool) {
	for _, m := range mattersOf(c) {
		if m.label == name || m.code == name {
			return m, true
		}
	}
	return matter{}, false
}

// computedNamed reports whether 事项 names an event that is computed.
func computedNamed(c scoring.Check, name string) bool {
	for _, e := range c.Rule.Events {
		if computed(c.ID, e.Event) && (e.Label == name || e.Event == name) {
			return true
		}
	}
	return false
}

// matterLabels lists what 事项 may be.
func matterLabels(c scoring.Check) string {
	var labels []string
	for _, m := range mattersOf(c) {
		labels = append(labels, m.label)
	}
	return strings.Join(labels, "、")
}
