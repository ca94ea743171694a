package models

import (
	"time"

	"gorm.io/gorm/clause"

	"github.com/cunkao/cunkao/calendar"
)

// CycleState is where a quarter's assessment stands.
type CycleState string

// The states of a cycle, in their order.
const (
	CycleDraft        CycleState = "draft"
	CycleOpen         CycleState = "open"
	CycleSelfEval     CycleState = "self_evaluation"
	CycleVerification CycleState = "verification"
	CycleAggregation  CycleState = "aggregation"
	CycleTownReview   CycleState = "town_review"
	CycleCountyFiling CycleState = "county_filing"
	CyclePublicNotice CycleState = "public_notice"
	CycleFinal        CycleState = "final"
	CyclePaying       CycleState = "paying"
	CyclePaid         CycleState = "paid"
	CycleArchived     CycleState = "archived"
	CycleSuspended    CycleState = "suspended"
	CycleCancelled    CycleState = "cancelled"
)

// Chinese is the state's name.
func (s CycleState) Chinese() string {
	names := map[CycleState]string{
		CycleDraft: "筹备", CycleOpen: "考核中", CycleSelfEval: "自评", CycleVerification: "核实",
		CycleAggregation: "汇总", CycleTownReview: "镇党委审定", CycleCountyFiling: "县委组织部备案",
		CyclePublicNotice: "公示", CycleFinal: "已定", CyclePaying: "发放中", CyclePaid: "已发放",
		CycleArchived: "已归档", CycleSuspended: "暂停", CycleCancelled: "已取消",
	}
	return names[s]
}

// Cycle is the assessment of one quarter (考核周期). Policy is frozen when it
// opens.
type Cycle struct {
	Quarter   calendar.Quarter `gorm:"type:char(6);primaryKey"`
	State     CycleState       `gorm:"size:20;not null;index"`
	Version   int              `gorm:"not null"`
	Round     int              `gorm:"not null"` // of the aggregation
	Policy    string           `gorm:"type:text;not null"`
	StateAt   time.Time        // when the state was entered
	CreatedAt time.Time
}

// AddCycle stores a cycle. It returns ErrExists if the quarter has one.
func (tx *Tx) AddCycle(c *Cycle) error { return known(tx.g.Create(c).Error) }

// Cycle returns the cycle of a quarter.
func (tx *Tx) Cycle(q calendar.Quarter) (Cycle, error) {
	return one[Cycle](tx.g.Where("quarter = ?", q))
}

// CyclesAlive returns the cycles that still move, the oldest first.
func (tx *Tx) CyclesAlive() ([]Cycle, error) {
	return many[Cycle](tx.g.Where("state NOT IN ?", []CycleState{CycleFinal, CyclePaid, CycleArchived, CycleCancelled}).Order("quarter"))
}

// Cycles returns all cycles, the newest first.
func (tx *Tx) Cycles() ([]Cycle, error) { return many[Cycle](tx.g.Order("quarter DESC")) }

// MoveCycle takes a cycle as it was read to another state, or returns ErrStale
// if somebody was faster. It returns the cycle as it is then.
func (tx *Tx) MoveCycle(c Cycle, to CycleState) (Cycle, error) {
	next := c
	next.State, next.Version, next.StateAt = to, c.Version+1, tx.Now
	if to == CycleAggregation {
		next.Round++
	}
	err := moved(tx.g.Model(&Cycle{}).
		Where("quarter = ? AND state = ? AND version = ?", c.Quarter, c.State, c.Version).
		Select("State", "Version", "StateAt", "Round").Updates(next))
	return next, err
}

// SequenceStep is how far a sequence has come in its cycle.
type SequenceStep string

// The steps of a sequence, in their order.
const (
	SequenceOpen      SequenceStep = "open"
	SequenceComputed  SequenceStep = "computed"
	SequenceConfirmed SequenceStep = "confirmed" // by the town (镇党委审定)
	SequenceFiled     SequenceStep = "filed"     // by the county (组织部备案)
	SequencePublished SequenceStep = "published" // the public notice began
	SequenceFinal     SequenceStep = "final"
)

// The classes of posts that sequences are made of.
const (
	ClassHead  = "head"
	ClassOther = "other"
)

// Sequence is those who are graded together (序列): a class of posts in a town.
type Sequence struct {
	ID          string           `gorm:"size:26;primaryKey"`
	Quarter     calendar.Quarter `gorm:"type:char(6);not null;uniqueIndex:idx_sequences_slot,priority:1"`
	TownID      string           `gorm:"size:26;not null;uniqueIndex:idx_sequences_slot,priority:2"`
	Class       string           `gorm:"size:8;not null;uniqueIndex:idx_sequences_slot,priority:3"`
	Step        SequenceStep     `gorm:"size:12;not null"`
	Version     int              `gorm:"not null"`
	Round       int              `gorm:"not null"` // of the results that count
	Headcount   int              `gorm:"not null"`
	Quota       int              `gorm:"not null"`
	ConfirmedBy string           `gorm:"size:26;not null"`
	FiledBy     string           `gorm:"size:26;not null"`
	PublishedBy string           `gorm:"size:26;not null"`
	PublishedAt *time.Time
	StepAt      time.Time
}

// ClassName is the Chinese name of a class of posts.
func ClassName(class string) string {
	if class == ClassHead {
		return "正职"
	}
	return "其他村干部"
}

// AddSequences stores sequences.
func (tx *Tx) AddSequences(s []Sequence) error { return insert(tx, s) }

// Sequence returns a sequence.
func (tx *Tx) Sequence(id string) (Sequence, error) {
	return one[Sequence](tx.g.Where("id = ?", id))
}

// Sequences returns the sequences of a quarter, town by town.
func (tx *Tx) Sequences(q calendar.Quarter) ([]Sequence, error) {
	return many[Sequence](tx.g.Where("quarter = ?", q).Order("town_id, class"))
}

// MoveSequence stores a sequence that was read at step from, or returns
// ErrStale if somebody was faster.
func (tx *Tx) MoveSequence(s Sequence, from SequenceStep) error {
	was := s.Version
	s.Version, s.StepAt = was+1, tx.Now
	return moved(tx.g.Model(&Sequence{}).Where("id = ? AND step = ? AND version = ?", s.ID, from, was).
		Select("*").Omit("ID", "Quarter", "TownID", "Class").Updates(s))
}

// Rubric is one version of the detailed rules (考评细则), as its source. A
// quarter keeps the version it opened with.
type Rubric struct {
	Hash      string `gorm:"size:64;primaryKey"` // SHA-256 of the source
	Name      string `gorm:"size:60;not null"`
	Source    string `gorm:"type:mediumtext;not null"`
	CreatedAt time.Time
}

// AddRubric stores a version, unless it is there.
func (tx *Tx) AddRubric(r *Rubric) error {
	r.CreatedAt = tx.Now
	return known(tx.g.Clauses(clause.OnConflict{DoNothing: true}).Create(r).Error)
}

// Rubric returns a version.
func (tx *Tx) Rubric(hash string) (Rubric, error) { return one[Rubric](tx.g.Where("hash = ?", hash)) }

// CycleHeld is Cycle, held until the transaction ends, so that steps of its
// sequences take turns.
func (tx *Tx) CycleHeld(q calendar.Quarter) (Cycle, error) {
	c, err := one[Cycle](tx.g.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Where("quarter = ?", q))
	tx.forget()
	return c, err
}
