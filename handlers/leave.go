package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// LeaveRules are what a county decides about leave (article 7.4.3).
type LeaveRules struct {
	Kinds []string
	// RestDayExempt lets people go and come back on one day off without leave, if
	// they have no shift.
	RestDayExempt bool
	// TownAbove and CountyAbove are the calendar days above which the town
	// (镇党委) and the county decide, whosever the leave is; 0 means never.
	TownAbove, CountyAbove int
	// AwayPercent is the share of a village's cadres of which people are warned
	// when more are away.
	AwayPercent int
}

// DefaultLeaveRules are the regulation's, with the usual kinds.
func DefaultLeaveRules() LeaveRules {
	return LeaveRules{
		Kinds:         []string{"事假", "病假", "年休假", "婚假", "产假", "陪产假", "丧假", "公差", "其他"},
		RestDayExempt: true, AwayPercent: 50,
	}
}

// LeaveRequest is a leave that is asked for. PersonID is empty for oneself; with
// it the request is entered from paper (代请) and says which and of what day.
type LeaveRequest struct {
	Kind      string
	Span      calendar.Span
	Reason    string
	DeputyID  string // who stands in; may be empty
	Emergency bool   // left at once, filed afterwards
	PersonID  string
	PaperRef  string
	PaperDay  calendar.Date // the day that the paper bears; none means today
	Photos    []string      // ids at the platform: evidence, such as 病历
}

// EmergencyDays is after how many days an emergency is not filed any more (article 7.4.3).
const EmergencyDays = 2

// Bounds of a request.
const (
	paperDays     = 92  // for so long a paper may be entered
	longestLeave  = 190 // days: the longest statutory one is shorter
	aheadDays     = 366
	longestReason = 200 // characters
)

// Leave is a leave as people see it.
type Leave struct {
	models.Leave
	Name     string // of whose leave it is
	Village  string
	Deputy   string
	Approver string // whom it waits for, or who decided
	Why      string // the reason, opened; empty for those whom it does not concern
	Answer   string // what was said with the decision
	Words    string // kind, days and length: 事假10月8日至10月9日，2天
	// Decides says that the person who looks at one leave may decide about it now. Notes and
	// Better are those of LeaveNotes, where it concerns him.
	Decides bool
	Notes   []LeaveNote
	Better  []calendar.Span
}

// home is where somebody is a cadre.
type home struct {
	village models.Village
	head    bool
}

// homeOf finds where somebody holds an assessed post today.
func (v *View) homeOf(personID string) (home, error) {
	posts, err := v.tx.PostsOf(personID)
	if err != nil {
		return home{}, fmt.Errorf("posts of %s: %w", personID, err)
	}
	posts = slices.DeleteFunc(slices.Clone(posts), func(p models.Post) bool { return !p.On(v.Today) || p.Title == models.Supervisor })
	if len(posts) == 0 {
		return home{}, Refuse("没有任职的村干部，不用办这件事。")
	}
	village, err := v.tx.Village(posts[0].VillageID)
	if err != nil {
		return home{}, fmt.Errorf("village of post %s: %w", posts[0].ID, err)
	}
	return home{village, slices.ContainsFunc(posts, func(p models.Post) bool { return p.Title.Head() })}, nil
}

// asked is a request with whose it is.
type asked struct {
	LeaveRequest
	home
	who models.Person
}

// whose finds out whose leave is asked for. An act on behalf of others is seen by
// the matrix through village and town.
func (v *View) whose(req LeaveRequest) (asked, Target, error) {
	a := asked{LeaveRequest: req, who: v.Who}
	if req.PersonID != "" && req.PersonID != v.Who.ID {
		var err error
		if a.who, err = v.tx.Person(req.PersonID); errors.Is(err, models.ErrNotFound) {
			return a, Target{}, Refuse("没有这个人。")
		} else if err != nil {
			return a, Target{}, fmt.Errorf("whose leave: %w", err)
		}
	}
	if a.who.ID == "" {
		return a, own(""), nil
	}
	var err error
	if a.home, err = v.homeOf(a.who.ID); err != nil {
		return a, Target{}, err
	}
	return a, Target{Person: a.who.ID, Village: a.village.ID, Town: a.village.TownID}, nil
}

// paper reports whether a request is entered from paper for somebody else.
func (a asked) paper(v *View) bool { return a.who.ID != v.Who.ID }

// AskLeave asks for a leave (请假), for oneself or, from paper, for somebody else.
// Whoever decides is told, and the deputy is asked.
func (d *Desk) AskLeave(req LeaveRequest) (Leave, error) {
	a, target, err := d.whose(req)
	if err != nil {
		return Leave{}, err
	}
	if err := d.may("AskLeave", target); err != nil {
		return Leave{}, err
	}
	if err := d.fits(&a); err != nil {
		return Leave{}, err
	}
	l := models.Leave{
		ID: d.tx.NewID(), TownID: a.village.TownID, VillageID: a.village.ID, PersonID: a.who.ID, Kind: a.Kind,
		FirstDay: a.Span.First, FromNoon: a.Span.FromNoon, LastDay: a.Span.Last, ToNoon: a.Span.ToNoon,
		DeputyID: a.DeputyID, State: models.LeaveAsked, AskedAt: d.Now,
	}
	l.Reason = d.h.box.Seal(a.Reason, reasonOf(l.ID))
	subject := PhotoSubject{Kind: models.PhotoOfLeave, ID: l.ID, Day: l.FirstDay, person: l.PersonID, village: l.VillageID}
	if _, err := d.addPhotos(subject, req.Photos); err != nil {
		return Leave{}, err
	}
	l.Level = d.startLevel(a.head, a.Span.Halves())
	if a.paper(d.View) {
		l.PaperRef, l.PaperDay, l.RegisteredBy = a.PaperRef, a.PaperDay, d.Who.ID
	}
	filed := d.Today
	if !l.PaperDay.IsZero() {
		filed = l.PaperDay
	}
	late := filed.Since(l.FirstDay)
	l.Emergency = a.Emergency && late > 0
	l.FiledLate = late > 0 && (!a.Emergency || late > EmergencyDays)
	return d.file(l, "AskLeave")
}

// file gives a request its number, stores it and tells whom it waits for.
func (d *Desk) file(l models.Leave, act string) (Leave, error) {
	if err := d.tx.HoldPerson(l.PersonID); err != nil { // now nobody is faster
		return Leave{}, fmt.Errorf("hold who asks: %w", err)
	}
	if err := d.overlaps(l); err != nil {
		return Leave{}, err
	}
	line, err := d.line(l)
	if err != nil {
		return Leave{}, err
	}
	l.ToldID, l.ToldAt = line.first(), d.Now
	shown, err := d.show(l)
	if err != nil {
		return shown, err
	}
	if l.Number, err = d.tx.NextLeaveNumber(l.TownID); err != nil {
		return Leave{}, fmt.Errorf("number a leave: %w", err)
	}
	shown.Number = l.Number
	if err := d.tx.AddLeave(&l); err != nil {
		return Leave{}, fmt.Errorf("store a leave: %w", err)
	}
	if err := d.tellDecider(shown, l.ToldID); err != nil {
		return shown, err
	}
	if l.DeputyID != "" {
		if err := d.tellDeputy(shown); err != nil {
			return shown, err
		}
	}
	if l.RegisteredBy != "" {
		if err := d.tellAsker(shown, "已由"+d.Who.Name+"按纸质假条"+l.PaperRef+"代为提交，待审批；不是您本人要请的，请联系他"); err != nil {
			return shown, err
		}
	}
	return shown, d.did(act, l.ID, "")
}

func reasonOf(id string) string { return "leaves.reason." + id }
func answerOf(id string) string { return "leaves.said." + id }

// fits refuses a request that breaks a rule by itself, and completes it.
func (v *View) fits(a *asked) error {
	a.Kind, a.Reason, a.PaperRef = strings.TrimSpace(a.Kind), strings.TrimSpace(a.Reason), strings.TrimSpace(a.PaperRef)
	if kinds := v.h.county.Leave.Kinds; !slices.Contains(kinds, a.Kind) {
		return RefuseField("kind", "没有“%s”这种假。可以请：%s。", short(a.Kind, 30), strings.Join(kinds, "、"))
	}
	if err := v.fitsSpan(a); err != nil {
		return err
	}
	switch n := utf8.RuneCountInString(a.Reason); {
	case n == 0:
		return RefuseField("reason", "请写明事由。")
	case n > longestReason:
		return RefuseField("reason", "事由太长，请不超过%d个字。", longestReason)
	}
	if err := v.fitsDeputy(a); err != nil {
		return err
	}
	return v.exempt(a)
}

func (v *View) fitsSpan(a *asked) error {
	s := a.Span
	switch {
	case s.First.IsZero():
		return RefuseField("first", "请写明从哪天开始。")
	case s.Last.Before(s.First):
		return RefuseField("last", "结束日期早于开始日期。")
	case !s.Valid():
		return RefuseField("last", "同一天不能从下午开始、到上午结束。")
	case s.Last.Since(s.First) >= longestLeave:
		return RefuseField("last", "一次最多请%d天。", longestLeave)
	case s.First.Since(v.Today) > aheadDays:
		return RefuseField("first", "只能请一年以内的假。")
	}
	if a.paper(v) {
		return v.fitsPaper(a)
	}
	switch past := v.Today.Since(s.First); {
	case past > 0 && !a.Emergency:
		return RefuseField("first", "%s已经过了。请假要在离开以前；因紧急情况先走的，请在%d天以内说明“紧急补假”。", s.First.Chinese(), EmergencyDays)
	case past > EmergencyDays:
		return RefuseField("first", "紧急补假要在%d天以内，%s已经过了%d天。请把纸质假条交镇上登记。", EmergencyDays, s.First.Chinese(), past)
	}
	return nil
}

func (v *View) fitsPaper(a *asked) error {
	if a.PaperRef == "" || utf8.RuneCountInString(a.PaperRef) > 20 {
		return RefuseField("paper", "代请假要写纸质假条的编号或日期，不超过20个字。")
	}
	if a.PaperDay.IsZero() {
		a.PaperDay = v.Today
	}
	switch {
	case a.PaperDay.After(v.Today):
		return RefuseField("paper", "纸质假条的日期还没有到。")
	case v.Today.Since(a.Span.First) > paperDays:
		return RefuseField("first", "%d天以前的假不能再登记。", paperDays)
	}
	return nil
}

// fitsDeputy wants a deputy who is a cadre of the village and there meanwhile.
func (v *View) fitsDeputy(a *asked) error {
	if a.DeputyID == "" {
		return nil
	}
	if a.DeputyID == a.who.ID {
		return RefuseField("deputy", "代理人不能是请假人自己。")
	}
	posts, err := v.tx.PostsWithin(a.village.ID, v.Today, v.Today)
	if err != nil {
		return fmt.Errorf("posts of %s: %w", a.village.Name, err)
	}
	if !slices.ContainsFunc(posts, func(p models.Post) bool { return p.PersonID == a.DeputyID && p.Title != models.Supervisor }) {
		return RefuseField("deputy", "代理人要是%s在任的村干部。", a.village.Name)
	}
	away, err := v.tx.LeavesGranted([]string{a.DeputyID}, a.Span.First, a.Span.Last)
	if err != nil {
		return fmt.Errorf("leaves of a deputy: %w", err)
	}
	for _, l := range away {
		if taken := l.Taken(); taken.Valid() && taken.Overlaps(a.Span) {
			return RefuseField("deputy", "这位同志%s也请了假，请换一位代理人。", spanWords(l.Span()))
		}
	}
	return nil
}

// exempt says that no leave is needed to go and come back on one day off, where
// the county has it so and there is no shift.
func (v *View) exempt(a *asked) error {
	s := a.Span
	if !v.h.county.Leave.RestDayExempt || s.First != s.Last || a.paper(v) {
		return nil
	}
	off, err := v.daysOff()
	if err != nil || off.IsWorkday(s.First) {
		return err
	}
	shifts, err := v.tx.ShiftsOf(a.who.ID, s.First, s.First)
	if err != nil {
		return fmt.Errorf("shifts on a day off: %w", err)
	}
	if len(shifts) > 0 {
		return nil
	}
	return RefuseField("first", "%s是休息日，没有排您的班，当天往返不用请假。要在外过夜的，请把返回那天也算上。", off.Chinese(s.First))
}

// overlaps refuses a leave of which there is one already.
func (v *View) overlaps(l models.Leave) error {
	others, err := v.tx.LeavesInTheWay([]string{l.PersonID}, l.FirstDay, l.LastDay)
	if err != nil {
		return fmt.Errorf("leaves of %s: %w", l.PersonID, err)
	}
	for _, o := range others {
		if taken := o.Taken(); o.ID != l.ID && o.ID != l.Extends && taken.Valid() && taken.Overlaps(l.Span()) {
			return RefuseField("first", "这段时间已经有%d号假条（%s，%s），不能重复请假。", o.Number, spanWords(o.Span()), stateWord(o.State))
		}
	}
	return nil
}
