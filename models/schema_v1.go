package models

// The schema of the first release, frozen: what stands here is never edited
// once it was released. A later change is a migration of its own.

import "time"

type v1Town struct {
	ID   string `gorm:"size:26;primaryKey"`
	Name string `gorm:"size:40;not null;uniqueIndex"`
}

type v1Village struct {
	ID     string `gorm:"size:26;primaryKey"`
	TownID string `gorm:"size:26;not null;uniqueIndex:idx_villages_name,priority:1"`
	Name   string `gorm:"size:40;not null;uniqueIndex:idx_villages_name,priority:2"`
}

type v1DayOff struct {
	Day  string `gorm:"type:char(10);primaryKey"`
	Name string `gorm:"size:40;not null"`
	Work bool   `gorm:"not null"`
}

type v1Person struct {
	ID         string `gorm:"size:26;primaryKey"`
	Name       string `gorm:"size:40;not null;index"`
	Phone      string `gorm:"size:200;not null"`
	PhoneIndex string `gorm:"size:64;not null;uniqueIndex"`
	CreatedAt  time.Time
}

type v1Post struct {
	ID         string `gorm:"size:26;primaryKey"`
	PersonID   string `gorm:"size:26;not null;index"`
	VillageID  string `gorm:"size:26;not null;index"`
	Title      string `gorm:"size:40;not null"`
	FromDay    string `gorm:"type:char(10);not null"`
	ToDay      string `gorm:"type:char(10);not null"`
	Subsidized bool   `gorm:"not null"`
}

type v1Role struct {
	ID       string `gorm:"size:26;primaryKey"`
	PersonID string `gorm:"size:26;not null;index"`
	Name     string `gorm:"size:20;not null;index"`
	ScopeID  string `gorm:"size:40;not null"`
	FromDay  string `gorm:"type:char(10);not null"`
	ToDay    string `gorm:"type:char(10);not null"`
}

type v1Binding struct {
	ID           string  `gorm:"size:26;primaryKey"`
	PersonID     string  `gorm:"size:26;not null;index"`
	OpenID       string  `gorm:"column:openid;size:64;not null;index"`
	ActivePerson *string `gorm:"size:26;uniqueIndex"`
	ActiveOpenID *string `gorm:"column:active_openid;size:64;uniqueIndex"`
	Consent      string  `gorm:"size:20;not null"`
	BoundAt      time.Time
	EndedAt      *time.Time
}

type v1BindingCode struct {
	ID        string    `gorm:"size:26;primaryKey"`
	PersonID  string    `gorm:"size:26;not null;index"`
	CodeIndex string    `gorm:"size:64;not null;uniqueIndex"`
	Scene     bool      `gorm:"not null"`
	ExpiresAt time.Time `gorm:"not null"`
	UsedAt    *time.Time
	IssuedBy  string `gorm:"size:26;not null"`
	CreatedAt time.Time
}

type v1Attempt struct {
	Subject string `gorm:"size:80;primaryKey"`
	Day     string `gorm:"type:char(10);primaryKey"`
	N       int    `gorm:"not null"`
}

type v1Shift struct {
	ID        string    `gorm:"size:26;primaryKey"`
	VillageID string    `gorm:"size:26;not null;uniqueIndex:idx_shifts_slot,priority:1"`
	Day       string    `gorm:"type:char(10);not null;uniqueIndex:idx_shifts_slot,priority:2;index:idx_shifts_person,priority:2;index:idx_shifts_day"`
	PersonID  string    `gorm:"size:26;not null;uniqueIndex:idx_shifts_slot,priority:3;index:idx_shifts_person,priority:1"`
	Kind      string    `gorm:"size:8;not null"`
	Chief     bool      `gorm:"not null"`
	StartsAt  time.Time `gorm:"not null"`
	EndsAt    time.Time `gorm:"not null"`
}

type v1Arrival struct {
	ID        string    `gorm:"size:26;primaryKey"`
	PersonID  string    `gorm:"size:26;not null;uniqueIndex:idx_arrivals_once,priority:1"`
	Day       string    `gorm:"type:char(10);not null;uniqueIndex:idx_arrivals_once,priority:2;index:idx_arrivals_village,priority:2"`
	VillageID string    `gorm:"size:26;not null;index:idx_arrivals_village,priority:1"`
	ShiftID   string    `gorm:"size:26;not null"`
	At        time.Time `gorm:"not null"`
	Channel   string    `gorm:"size:16;not null"`
	Receipt   string    `gorm:"size:16;not null"`
}

type v1Fact struct {
	Quarter   string `gorm:"type:char(6);primaryKey"`
	Kind      string `gorm:"size:8;primaryKey"`
	SubjectID string `gorm:"size:26;primaryKey"`
	CheckID   string `gorm:"size:16;primaryKey"`
	Payload   string `gorm:"type:text;not null"`
	Source    string `gorm:"size:80;not null"`
	EnteredBy string `gorm:"size:26;not null"`
	EnteredAt time.Time
}

type v1Adjustment struct {
	ID          string `gorm:"size:26;primaryKey"`
	Quarter     string `gorm:"type:char(6);not null;index"`
	EventID     string `gorm:"size:8;not null"`
	Level       string `gorm:"size:16;not null"`
	Matter      string `gorm:"size:120;not null"`
	Document    string `gorm:"size:120;not null"`
	Day         string `gorm:"type:char(10);not null"`
	VillageID   string `gorm:"size:26;not null"`
	People      string `gorm:"type:text;not null"`
	ProposedBy  string `gorm:"size:26;not null"`
	ConfirmedBy string `gorm:"size:26;not null"`
	CreatedAt   time.Time
}

type v1Cycle struct {
	Quarter   string `gorm:"type:char(6);primaryKey"`
	State     string `gorm:"size:20;not null;index"`
	Version   int    `gorm:"not null"`
	Round     int    `gorm:"not null"`
	Policy    string `gorm:"type:text;not null"`
	StateAt   time.Time
	CreatedAt time.Time
}

type v1Sequence struct {
	ID          string `gorm:"size:26;primaryKey"`
	Quarter     string `gorm:"type:char(6);not null;uniqueIndex:idx_sequences_slot,priority:1"`
	TownID      string `gorm:"size:26;not null;uniqueIndex:idx_sequences_slot,priority:2"`
	Class       string `gorm:"size:8;not null;uniqueIndex:idx_sequences_slot,priority:3"`
	Step        string `gorm:"size:12;not null"`
	Version     int    `gorm:"not null"`
	Round       int    `gorm:"not null"`
	Headcount   int    `gorm:"not null"`
	Quota       int    `gorm:"not null"`
	ConfirmedBy string `gorm:"size:26;not null"`
	FiledBy     string `gorm:"size:26;not null"`
	PublishedBy string `gorm:"size:26;not null"`
	PublishedAt *time.Time
	StepAt      time.Time
}

type v1Result struct {
	ID         string `gorm:"size:26;primaryKey"`
	Quarter    string `gorm:"type:char(6);not null;uniqueIndex:idx_results_once,priority:1"`
	Round      int    `gorm:"not null;uniqueIndex:idx_results_once,priority:2"`
	PersonID   string `gorm:"size:26;not null;uniqueIndex:idx_results_once,priority:3;index"`
	SequenceID string `gorm:"size:26;not null;index"`
	VillageID  string `gorm:"size:26;not null"`
	Post       string `gorm:"size:80;not null"`
	Rubric     string `gorm:"size:80;not null"`
	Facts      string `gorm:"type:mediumtext;not null"`
	Sheet      string `gorm:"type:mediumtext;not null"`
	Pay        string `gorm:"type:text;not null"`
	Total      int64  `gorm:"not null"`
	Grade      string `gorm:"size:16;not null"`
	Tied       bool   `gorm:"not null"`
	Fails      int    `gorm:"not null"`
	PayTotal   int64  `gorm:"not null"`
	CreatedAt  time.Time
}

type v1Inbox struct {
	CmdKey     string `gorm:"size:190;primaryKey"`
	Digest     string `gorm:"size:64;not null"`
	Who        string `gorm:"size:80;not null;index:idx_inbox_who,priority:1"`
	Channel    string `gorm:"size:16;not null"`
	Act        string `gorm:"size:40;not null"`
	Reply      string `gorm:"type:text;not null"`
	Field      string `gorm:"size:40;not null"`
	Refused    bool   `gorm:"not null"`
	SentAt     time.Time
	ReceivedAt time.Time `gorm:"index:idx_inbox_who,priority:2"`
}

type v1Talk struct {
	OpenID    string `gorm:"column:openid;size:64;primaryKey"`
	Form      string `gorm:"size:32;not null"`
	Edition   int    `gorm:"not null"`
	Answers   string `gorm:"type:text;not null"`
	UpdatedAt time.Time
}

type v1Journal struct {
	ID      string    `gorm:"size:26;primaryKey"`
	At      time.Time `gorm:"index"`
	Actor   string    `gorm:"size:80;not null;index"`
	Act     string    `gorm:"size:40;not null"`
	Subject string    `gorm:"size:80;not null;index"`
	Reason  string    `gorm:"size:500;not null"`
	Digest  string    `gorm:"size:64;not null"`
	CmdKey  string    `gorm:"size:190;not null"`
}

type v1JobRun struct {
	Job    string    `gorm:"size:60;primaryKey"`
	SlotAt time.Time `gorm:"primaryKey"`
	DoneAt time.Time
}

type v1Notice struct {
	ID         string    `gorm:"size:26;primaryKey"`
	Dedupe     string    `gorm:"size:190;not null;uniqueIndex"`
	PersonID   string    `gorm:"size:26;not null;index"`
	OpenID     string    `gorm:"column:openid;size:64;not null"`
	Kind       string    `gorm:"size:32;not null"`
	Words      string    `gorm:"type:text;not null"`
	Class      int       `gorm:"not null"`
	State      string    `gorm:"size:12;not null;index:idx_notices_due,priority:1"`
	NotBefore  time.Time `gorm:"index:idx_notices_due,priority:2"`
	NotAfter   *time.Time
	Owner      string `gorm:"size:26;not null"`
	Tries      int    `gorm:"not null"`
	Problem    string `gorm:"size:300;not null"`
	PlatformID string `gorm:"size:40;not null"`
	CreatedAt  time.Time
	TriedAt    *time.Time
	SentAt     *time.Time
}

type v1Rubric struct {
	Hash      string `gorm:"size:64;primaryKey"`
	Name      string `gorm:"size:60;not null"`
	Source    string `gorm:"type:mediumtext;not null"`
	CreatedAt time.Time
}

// v1Tables are the tables of the first release, by name.
func v1Tables() map[string]any {
	return map[string]any{
		"rubrics":       &v1Rubric{},
		"towns":         &v1Town{},
		"villages":      &v1Village{},
		"day_offs":      &v1DayOff{},
		"people":        &v1Person{},
		"posts":         &v1Post{},
		"roles":         &v1Role{},
		"bindings":      &v1Binding{},
		"binding_codes": &v1BindingCode{},
		"attempts":      &v1Attempt{},
		"shifts":        &v1Shift{},
		"arrivals":      &v1Arrival{},
		"facts":         &v1Fact{},
		"adjustments":   &v1Adjustment{},
		"cycles":        &v1Cycle{},
		"sequences":     &v1Sequence{},
		"results":       &v1Result{},
		"inbox":         &v1Inbox{},
		"talks":         &v1Talk{},
		"journal":       &v1Journal{},
		"job_runs":      &v1JobRun{},
		"notices":       &v1Notice{},
	}
}
