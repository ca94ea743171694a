package models

import (
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/cunkao/cunkao/calendar"
)

// LeaveState is how far a leave has come. Being away and being overdue are no
// states: they follow from an approved leave and the clock.
type LeaveState string

// The states of a leave (article 7.4.3).
const (
	LeaveAsked     LeaveState = "asked"     // 待审批
	LeaveApproved  LeaveState = "approved"  // 已批准, until the return is reported
	LeaveRejected  LeaveState = "rejected"  // 不同意
	LeaveWithdrawn LeaveState = "withdrawn" // 撤回, before it was decided
	LeaveCancelled LeaveState = "cancelled" // 取消, approved and not begun
	LeaveReturned  LeaveState = "returned"  // 已销假
)

// What the one named as deputy said.
const (
	DeputyAccepted = "yes"
	DeputyDeclined = "no"
)

// Leave is a leave that somebody asks for (请假), or an extension of one (续假):
// then Extends names the leave whose end it moves, and its span is what is added.
type Leave struct {
	ID        string        `gorm:"size:26;primaryKey"`
	TownID    string        `gorm:"size:26;not null;uniqueIndex:idx_leaves_number,priority:1;index:idx_leaves_open,priority:2"`
	Number    int           `gorm:"not null;uniqueIndex:idx_leaves_number,priority:2"` // what people call it by, within the town
	VillageID string        `gorm:"size:26;not null;index:idx_leaves_village,priority:1"`
	PersonID  string        `gorm:"size:26;not null;index:idx_leaves_person,priority:1"`
	Extends   string        `gorm:"size:26;not null;index:idx_leaves_extends"`
	Kind      string        `gorm:"size:40;not null"`
	FirstDay  calendar.Date `gorm:"type:char(10);not null"`
	FromNoon  bool          `gorm:"not null"`
	LastDay   calendar.Date `gorm:"type:char(10);not null;index:idx_leaves_person,priority:2;index:idx_leaves_village,priority:2"`
	ToNoon    bool          `gorm:"not null"`
	Reason    string        `gorm:"type:text;not null"` // sealed
	Emergency bool          `gorm:"not null"`
	FiledLate bool          `gorm:"not null"` // filed when it had begun, and no emergency
	Level     int           `gorm:"not null"` // of those who decide, to begin with

	DeputyID   string `gorm:"size:26;not null;index:idx_leaves_deputy"`
	DeputySaid string `gorm:"size:4;not null"` // empty until the deputy answers

	PaperRef     string        `gorm:"size:60;not null"` // of the paper that it was entered from (代请)
	PaperDay     calendar.Date `gorm:"type:char(10);not null"`
	RegisteredBy string        `gorm:"size:26;not null"`

	State     LeaveState `gorm:"size:10;not null;index:idx_leaves_open,priority:1"`
	Version   int        `gorm:"not null"`
	AskedAt   time.Time  `gorm:"not null"`
	ToldID    string     `gorm:"size:26;not null"` // who was last told that it waits for him
	ToldAt    time.Time  `gorm:"not null"`
	UrgedAt   *time.Time
	DecidedBy string `gorm:"size:26;not null"`
	DecidedAt *time.Time
	Said      string `gorm:"type:text;not null"` // sealed: what was said with the decision

	ReturnedDay  calendar.Date `gorm:"type:char(10);not null"`
	ReturnedNoon bool          `gorm:"not null"`
	ReportedAt   *time.Time
	ReportedBy   string `gorm:"size:26;not null"`
}

// Span is the time that was asked for, with what extensions added.
func (l Leave) Span() calendar.Span {
	return calendar.Span{First: l.FirstDay, FromNoon: l.FromNoon, Last: l.LastDay, ToNoon: l.ToNoon}
}

// Taken is the part of Span before the return: what an early return gives back
// is not in it. It has no time in it (calendar.Span.Valid) if all is given back.
func (l Leave) Taken() calendar.Span {
	s := l.Span()
	back := calendar.Half{Day: l.ReturnedDay, Noon: l.ReturnedNoon}
	if l.State != LeaveReturned || !s.Has(back) {
		return s
	}
	if back.Noon {
		s.Last, s.ToNoon = back.Day, true
	} else {
		s.Last, s.ToNoon = back.Day.Add(-1), false
	}
	return s
}

// Absence is the leave as the rules of return see it, at an instant: a return
// that nobody reported counts as reported then.
func (l Leave) Absence(now time.Time) calendar.Absence {
	a := calendar.Absence{Last: l.LastDay, LastMorning: l.ToNoon, Returned: l.ReturnedDay, Reported: now}
	if l.ReportedAt != nil {
		a.Reported = *l.ReportedAt
	}
	return a
}

// LeaveNumber is the last number that a town gave to a leave.
type LeaveNumber struct {
	TownID string `gorm:"size:26;primaryKey"`
	N      int    `gorm:"not null"`
}

// NextLeaveNumber gives a town's next number. Whoever has it holds the town's
// counter until the transaction ends: it is for the end of a command.
func (tx *Tx) NextLeaveNumber(townID string) (int, error) {
	err := known(tx.g.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "town_id"}},
		DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("leave_numbers.n + 1")}),
	}).Create(&LeaveNumber{TownID: townID, N: 1}).Error)
	if err != nil {
		return 0, err
	}
	row, err := one[LeaveNumber](tx.g.Where("town_id = ?", townID))
	return row.N, err
}

// AddLeave stores a leave.
func (tx *Tx) AddLeave(l *Leave) error { return known(tx.g.Create(l).Error) }

// Leave returns a leave.
func (tx *Tx) Leave(id string) (Leave, error) { return one[Leave](tx.g.Where("id = ?", id)) }

// LeaveScope is whose leaves somebody may see: those of the person and of the
// places named. All opens the county's.
type LeaveScope struct {
	Person   string
	Villages []string
	Towns    []string
	All      bool
}

func (s LeaveScope) on(q *gorm.DB) *gorm.DB {
	if s.All {
		return q
	}
	// Nobody has the id "-": without a person, a village or a town nothing is found.
	none := func(ids ...string) []string {
		return append([]string{"-"}, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
	}
	return q.Where("person_id IN ? OR deputy_id IN ? OR village_id IN ? OR town_id IN ?",
		none(s.Person), none(s.Person), none(slices.Clone(s.Villages)...), none(slices.Clone(s.Towns)...))
}

// LeavesNumbered returns the leaves of a number within a scope: one a town.
func (tx *Tx) LeavesNumbered(number int, s LeaveScope) ([]Leave, error) {
	return many[Leave](s.on(tx.g.Where("number = ?", number)).Order("id"))
}

// LeavesWaiting returns what waits to be decided within a scope, the oldest first.
func (tx *Tx) LeavesWaiting(s LeaveScope) ([]Leave, error) {
	return many[Leave](s.on(tx.g.Where("state = ?", LeaveAsked)).Order("id"))
}

// LeavesToReturn returns the approved leaves of all towns that end by a day.
func (tx *Tx) LeavesToReturn(by calendar.Date) ([]Leave, error) {
	return many[Leave](tx.g.Where("state = ? AND extends = '' AND last_day <= ?", LeaveApproved, by).Order("id"))
}

// LeavesOf returns a person's n latest leaves, extensions too, the newest first.
func (tx *Tx) LeavesOf(personID string, n int) ([]Leave, error) {
	return remembered(tx, "latest: leaves", func() ([]Leave, error) {
		return many[Leave](tx.g.Where("person_id = ?", personID).Order("id DESC").Limit(n))
	}, personID, n)
}

// LeavesOpenOf returns a person's leaves that are asked for or approved, the
// earliest first; an approved extension is part of what it extends.
func (tx *Tx) LeavesOpenOf(personID string) ([]Leave, error) {
	return remembered(tx, "open: leaves", func() ([]Leave, error) {
		return many[Leave](tx.g.Where("person_id = ? AND (state = ? OR state = ? AND extends = '')", personID, LeaveAsked, LeaveApproved).
			Order("first_day, id"))
	}, personID)
}

// ExtensionsAsked returns the extensions of a leave that wait to be decided.
func (tx *Tx) ExtensionsAsked(id string) ([]Leave, error) {
	return many[Leave](tx.g.Where("extends = ? AND state = ?", id, LeaveAsked))
}

// granted are the leaves that were approved, whether or not the return is reported.
func (tx *Tx) granted() *gorm.DB {
	return tx.g.Where("extends = '' AND state IN ?", []LeaveState{LeaveApproved, LeaveReturned})
}

// LeavesGranted returns the approved leaves of people that touch the days from
// first to last.
func (tx *Tx) LeavesGranted(people []string, first, last calendar.Date) ([]Leave, error) {
	return remembered(tx, "granted: leaves", func() ([]Leave, error) {
		return among[Leave](people, func(ids []string) *gorm.DB {
			return tx.granted().Where("person_id IN ? AND first_day <= ? AND last_day >= ?", ids, last, first).Order("first_day, id")
		})
	}, people, first, last)
}

// LeavesInTheWay returns the leaves of people that touch the days from first to last, asked
// for or approved, the earliest first; an approved extension is part of what it extends.
func (tx *Tx) LeavesInTheWay(people []string, first, last calendar.Date) ([]Leave, error) {
	return remembered(tx, "in the way: leaves", func() ([]Leave, error) {
		return among[Leave](people, func(ids []string) *gorm.DB {
			return tx.g.Where("person_id IN ? AND (state = ? OR extends = '' AND state IN ?) AND first_day <= ? AND last_day >= ?",
				ids, LeaveAsked, []LeaveState{LeaveApproved, LeaveReturned}, last, first).Order("first_day, id")
		})
	}, people, first, last)
}

// LeavesCounting returns the approved leaves of people that may count in the days
// from first to last: those that touch them, and those that ended before with no
// return until then.
func (tx *Tx) LeavesCounting(people []string, first, last calendar.Date) ([]Leave, error) {
	return among[Leave](people, func(ids []string) *gorm.DB {
		return tx.granted().Where("person_id IN ? AND first_day <= ? AND (last_day >= ? OR state = ? OR returned_day >= ?)",
			ids, last, first.Add(-2), LeaveApproved, first).Order("first_day, id")
	})
}

// MoveLeave stores what became of a leave that was read in state from, or returns
// ErrStale if somebody was faster.
func (tx *Tx) MoveLeave(l *Leave, from LeaveState) error {
	was := l.Version
	l.Version++
	return moved(tx.g.Model(&Leave{}).Where("id = ? AND state = ? AND version = ?", l.ID, from, was).
		Select("State", "Version", "LastDay", "ToNoon", "FiledLate", "DecidedBy", "DecidedAt", "Said",
			"ReturnedDay", "ReturnedNoon", "ReportedAt", "ReportedBy").Updates(l))
}

// SetDeputySaid stores the deputy's answer, or returns ErrStale if there is one.
func (tx *Tx) SetDeputySaid(id, deputyID, said string) error {
	return moved(tx.g.Model(&Leave{}).Where("id = ? AND deputy_id = ? AND deputy_said = ''", id, deputyID).Update("deputy_said", said))
}

// SetDeputy names another deputy, or returns ErrStale if one has accepted.
func (tx *Tx) SetDeputy(id, deputyID string) error {
	return moved(tx.g.Model(&Leave{}).Where("id = ? AND deputy_said <> ?", id, DeputyAccepted).
		Updates(map[string]any{"deputy_id": deputyID, "deputy_said": "", "version": gorm.Expr("version + 1")}))
}

// LeavesStoodIn returns the leaves, asked for or approved, that name a person as
// deputy.
func (tx *Tx) LeavesStoodIn(deputyID string) ([]Leave, error) {
	return many[Leave](tx.g.Where("deputy_id = ? AND state IN ?", deputyID, []LeaveState{LeaveAsked, LeaveApproved}).Order("first_day, id"))
}

// SetLeaveTold notes who was told that a leave waits for him.
func (tx *Tx) SetLeaveTold(id, personID string) error {
	return moved(tx.g.Model(&Leave{}).Where("id = ?", id).
		Updates(map[string]any{"told_id": personID, "told_at": tx.Now}))
}

// UrgeLeave notes that somebody was urged who had not been since an instant, or
// returns ErrStale.
func (tx *Tx) UrgeLeave(id string, since time.Time) error {
	return moved(tx.g.Model(&Leave{}).Where("id = ? AND state = ? AND (urged_at IS NULL OR urged_at <= ?)", id, LeaveAsked, since.UTC()).
		Update("urged_at", tx.Now))
}

// Kin says that two people are relatives (回避). The pair is kept once, the lower
// id first.
type Kin struct {
	PersonID  string    `gorm:"size:26;primaryKey"`
	OtherID   string    `gorm:"size:26;primaryKey;index:idx_kin_other"`
	Relation  string    `gorm:"size:20;not null"`
	AddedBy   string    `gorm:"size:26;not null"`
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// TableName keeps the word: kin has no plural.
func (*Kin) TableName() string { return "kin" }

// Of is the relative of one of the two.
func (k *Kin) Of(personID string) string {
	if k.PersonID == personID {
		return k.OtherID
	}
	return k.PersonID
}

// AddKin stores a pair, or returns ErrExists.
func (tx *Tx) AddKin(k Kin) error {
	if k.OtherID < k.PersonID {
		k.PersonID, k.OtherID = k.OtherID, k.PersonID
	}
	k.CreatedAt = tx.Now
	return known(tx.g.Create(&k).Error)
}

// RemoveKin forgets a pair, or returns ErrStale if there is none.
func (tx *Tx) RemoveKin(a, b string) error {
	return moved(tx.g.Where("person_id = ? AND other_id = ?", min(a, b), max(a, b)).Delete(&Kin{}))
}

// KinOf returns the pairs of a person.
func (tx *Tx) KinOf(personID string) ([]Kin, error) {
	return remembered(tx, "kin", func() ([]Kin, error) {
		return many[Kin](tx.g.Where("person_id = ? OR other_id = ?", personID, personID).Order("person_id, other_id"))
	}, personID)
}
