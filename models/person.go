package models

import (
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/cunkao/cunkao/calendar"
)

// Person is somebody the account knows: a cadre, one of the staff, a villager.
type Person struct {
	ID         string `gorm:"size:26;primaryKey"`
	Name       string `gorm:"size:40;not null;index"`
	Phone      string `gorm:"size:200;not null"`            // sealed
	PhoneIndex string `gorm:"size:64;not null;uniqueIndex"` // blind: finds a phone without opening it
	CreatedAt  time.Time
}

// PostTitle is a post in a village, by the eligible posts of article 2.
type PostTitle string

// The posts of a village, the higher first. The first two are 正职.
const (
	PartySecretary       PostTitle = "village_party_secretary"
	CommitteeDirector    PostTitle = "village_committee_director"
	PartyDeputySecretary PostTitle = "village_party_deputy_secretary"
	CommitteeDeputy      PostTitle = "village_committee_deputy_director"
	PartyMember          PostTitle = "village_party_committee_member"
	CommitteeMember      PostTitle = "village_committee_member"
	Supervisor           PostTitle = "village_supervision_head" // 监委会主任: not assessed by default
)

// Head reports whether the post is one of the two 正职.
func (t PostTitle) Head() bool { return t == PartySecretary || t == CommitteeDirector }

// Chinese is the post's name.
func (t PostTitle) Chinese() string {
	switch t {
	case PartySecretary:
		return "村党组织书记"
	case CommitteeDirector:
		return "村委会主任"
	case PartyDeputySecretary:
		return "党组织副书记"
	case CommitteeDeputy:
		return "村委会副主任"
	case PartyMember:
		return "党组织委员"
	case CommitteeMember:
		return "村委会委员"
	case Supervisor:
		return "监委会主任"
	default:
		return string(t)
	}
}

// Post is a person's tenure of a post (任职). A combined post (一肩挑) is two
// rows of one person.
type Post struct {
	ID         string        `gorm:"size:26;primaryKey"`
	PersonID   string        `gorm:"size:26;not null;index"`
	VillageID  string        `gorm:"size:26;not null;index"`
	Title      PostTitle     `gorm:"size:40;not null"`
	FromDay    calendar.Date `gorm:"type:char(10);not null"`
	ToDay      calendar.Date `gorm:"type:char(10);not null"` // the last day; empty while in post
	Subsidized bool          `gorm:"not null"`
}

// On reports whether the post is held on a day.
func (p Post) On(d calendar.Date) bool {
	return !d.Before(p.FromDay) && (p.ToDay.IsZero() || !d.After(p.ToDay))
}

// Role is what somebody who holds no village post may do, and where: staff,
// leaders, villagers.
type Role struct {
	ID       string        `gorm:"size:26;primaryKey"`
	PersonID string        `gorm:"size:26;not null;index"`
	Name     string        `gorm:"size:20;not null;index"`
	ScopeID  string        `gorm:"size:40;not null"` // of a village or town, or a topic; empty for the county
	FromDay  calendar.Date `gorm:"type:char(10);not null"`
	ToDay    calendar.Date `gorm:"type:char(10);not null"`
}

// On reports whether the role is held on a day.
func (r Role) On(d calendar.Date) bool {
	return !d.Before(r.FromDay) && (r.ToDay.IsZero() || !d.After(r.ToDay))
}

// Binding ties a WeChat user to a person. Only one of a person and one of an
// openid is active at a time: the unique columns are empty on the others.
type Binding struct {
	ID           string  `gorm:"size:26;primaryKey"`
	PersonID     string  `gorm:"size:26;not null;index"`
	OpenID       string  `gorm:"column:openid;size:64;not null;index"`
	ActivePerson *string `gorm:"size:26;uniqueIndex"`
	ActiveOpenID *string `gorm:"column:active_openid;size:64;uniqueIndex"`
	Consent      string  `gorm:"size:20;not null"` // the edition of the text that was agreed to
	Tag          string  `gorm:"size:20;not null"` // the role tag that the platform knows; empty before it was told
	BoundAt      time.Time
	FollowedAt   *time.Time // when the user was last known to come to the account or to leave it
	EndedAt      *time.Time
}

// BindingCode lets one person bind once. What is stored is a keyed hash.
type BindingCode struct {
	ID        string     `gorm:"size:26;primaryKey"`
	PersonID  string     `gorm:"size:26;not null;index"`
	CodeIndex string     `gorm:"size:64;not null;uniqueIndex"`
	Scene     bool       `gorm:"not null"` // a scanned code, which needs no phone digits
	ExpiresAt time.Time  `gorm:"not null"`
	UsedAt    *time.Time //
	IssuedBy  string     `gorm:"size:26;not null"`
	CreatedAt time.Time
}

// AddPerson stores a person.
func (tx *Tx) AddPerson(p *Person) error { return known(tx.g.Create(p).Error) }

// Person returns a person.
func (tx *Tx) Person(id string) (Person, error) {
	return rememberedOne(tx, "people", func() (Person, error) { return one[Person](tx.g.Where("id = ?", id)) }, id)
}

// HoldPerson holds a person until the transaction ends, so that what asks for one
// person takes turns. Afterwards everything is read anew.
func (tx *Tx) HoldPerson(id string) error {
	if tx.held[id] {
		return nil
	}
	_, err := one[Person](tx.g.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Where("id = ?", id))
	tx.held[id] = err == nil
	tx.forget()
	return err
}

// People returns all people in the order of their ids.
func (tx *Tx) People() ([]Person, error) { return many[Person](tx.g.Order("id")) }

// PeopleByID returns the named people, by id.
func (tx *Tx) PeopleByID(ids []string) (map[string]Person, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := remembered(tx, "among: people", func() ([]Person, error) { return many[Person](tx.g.Where("id IN ?", ids)) }, ids)
	by := make(map[string]Person, len(rows))
	for _, p := range rows {
		by[p.ID] = p
	}
	return by, err
}

// PeopleNamed returns the people of a name.
func (tx *Tx) PeopleNamed(name string) ([]Person, error) {
	return many[Person](tx.g.Where("name = ?", name).Order("id"))
}

// PersonByPhone returns whose phone it is, by its blind index, or ErrNotFound.
func (tx *Tx) PersonByPhone(index string) (Person, error) {
	return one[Person](tx.g.Where("phone_index = ?", index))
}

// PersonByOpenID returns who is bound to a WeChat user. Posts, roles and villages are
// read with him: nothing is done without them.
func (tx *Tx) PersonByOpenID(openID string) (Person, error) {
	if w := tx.warm; w != nil && w.asked[openID] {
		if p, ok := w.people[openID]; ok {
			return p, nil
		}
		return Person{}, ErrNotFound
	}
	w := newWarm()
	if err := tx.warmPeople(w, []string{openID}); err != nil {
		return Person{}, err
	}
	p, ok := w.people[openID]
	if !ok {
		return Person{}, ErrNotFound
	}
	w.sort()
	tx.remember("people", []Person{p}, p.ID)
	tx.remember("posts", w.posts[p.ID], p.ID)
	tx.remember("roles", w.roles[p.ID], p.ID)
	for id, v := range w.villages {
		tx.remember("villages", []Village{v}, id)
	}
	return p, nil
}

// OpenIDOf returns the WeChat user a person is bound to and may be written to by,
// or ErrNotFound: not bound, or gone from the account.
func (tx *Tx) OpenIDOf(personID string) (string, error) {
	b, err := one[Binding](tx.g.Where("active_person = ? AND openid <> ''", personID))
	return b.OpenID, err
}

// Bound reports whether a person is bound, to somebody who follows the account or
// to one who has left it.
func (tx *Tx) Bound(personID string) (bool, error) {
	_, err := tx.BindingOf(personID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// BindingOf returns the active binding of a person, or ErrNotFound.
func (tx *Tx) BindingOf(personID string) (Binding, error) {
	return one[Binding](tx.g.Where("active_person = ?", personID))
}

// Bindings returns the active bindings: openid by person.
func (tx *Tx) Bindings() (map[string]string, error) {
	rows, err := many[Binding](tx.g.Where("active_person IS NOT NULL"))
	by := make(map[string]string, len(rows))
	for _, b := range rows {
		by[b.PersonID] = b.OpenID
	}
	return by, err
}

// BoundSince returns since when a WeChat user is who he is now: since he was
// bound or, if he is not, since the last binding ended; zero if there was none.
func (tx *Tx) BoundSince(openID string) (time.Time, error) {
	b, err := one[Binding](tx.g.Where("active_openid = ?", openID))
	if err == nil {
		return b.BoundAt, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return time.Time{}, err
	}
	b, err = one[Binding](tx.g.Where("openid = ? AND ended_at IS NOT NULL", openID).Order("ended_at DESC"))
	if errors.Is(err, ErrNotFound) || err == nil && b.EndedAt == nil {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return *b.EndedAt, nil
}

// AddBinding binds a person. It returns ErrExists if the person or the WeChat
// user is bound already.
func (tx *Tx) AddBinding(personID, openID, consent string) error {
	return known(tx.g.Create(&Binding{
		ID: tx.NewID(), PersonID: personID, OpenID: openID,
		ActivePerson: &personID, ActiveOpenID: &openID, Consent: consent, BoundAt: tx.Now,
	}).Error)
}

// AddPost stores a tenure.
func (tx *Tx) AddPost(p *Post) error {
	return known(tx.g.Create(p).Error)
}

// AddRole stores a role.
func (tx *Tx) AddRole(r *Role) error {
	return known(tx.g.Create(r).Error)
}

// PostsOf returns all tenures of a person, past ones too.
func (tx *Tx) PostsOf(personID string) ([]Post, error) {
	if w := tx.warm; w != nil && w.known[personID] {
		return w.posts[personID], nil
	}
	return remembered(tx, "posts", func() ([]Post, error) {
		return many[Post](tx.g.Where("person_id = ?", personID).Order("from_day, id"))
	}, personID)
}

// RolesOf returns all roles of a person, past ones too.
func (tx *Tx) RolesOf(personID string) ([]Role, error) {
	if w := tx.warm; w != nil && w.known[personID] {
		return w.roles[personID], nil
	}
	return remembered(tx, "roles", func() ([]Role, error) {
		return many[Role](tx.g.Where("person_id = ?", personID).Order("id"))
	}, personID)
}

// PostsWithin returns the tenures that touch the days from first to last, in
// one village or, with no village, everywhere.
func (tx *Tx) PostsWithin(villageID string, first, last calendar.Date) ([]Post, error) {
	q := tx.g.Where("from_day <= ? AND (to_day = '' OR to_day >= ?)", last, first)
	if villageID != "" {
		q = q.Where("village_id = ?", villageID)
	}
	return remembered(tx, "within: posts", func() ([]Post, error) {
		return many[Post](q.Order("village_id, person_id, from_day, id"))
	}, villageID, first, last)
}

// RolesOn returns who holds a role on a day, in one scope or, with no scope,
// everywhere.
func (tx *Tx) RolesOn(name, scopeID string, day calendar.Date) ([]Role, error) {
	q := tx.g.Where("name = ? AND from_day <= ? AND (to_day = '' OR to_day >= ?)", name, day, day)
	if scopeID != "" {
		q = q.Where("scope_id = ?", scopeID)
	}
	return remembered(tx, "holders: roles", func() ([]Role, error) { return many[Role](q.Order("id")) }, name, scopeID, day)
}

// AddBindingCode stores a code.
func (tx *Tx) AddBindingCode(c *BindingCode) error { return known(tx.g.Create(c).Error) }

// BindingCode returns a code by its keyed hash.
func (tx *Tx) BindingCode(index string) (BindingCode, error) {
	return one[BindingCode](tx.g.Where("code_index = ?", index))
}

// UseBindingCode marks a code as used, or returns ErrStale if it was.
func (tx *Tx) UseBindingCode(id string) error {
	return moved(tx.g.Model(&BindingCode{}).Where("id = ? AND used_at IS NULL", id).Update("used_at", tx.Now))
}

// RevokeBindingCodes ends the open codes of a person, so that one is valid.
func (tx *Tx) RevokeBindingCodes(personID string, scene bool) error {
	return known(tx.g.Model(&BindingCode{}).Where("person_id = ? AND scene = ? AND used_at IS NULL", personID, scene).
		Update("used_at", tx.Now).Error)
}

// Attempt counts the tries of one subject on one day.
type Attempt struct {
	Subject string        `gorm:"size:80;primaryKey"`
	Day     calendar.Date `gorm:"type:char(10);primaryKey"`
	N       int           `gorm:"not null"`
}

// Attempts returns how often a subject tried on a day.
func (tx *Tx) Attempts(subject string, day calendar.Date) (int, error) {
	rows, err := many[Attempt](tx.g.Where("subject = ? AND day = ?", subject, day))
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].N, nil
}

// CountAttempt counts one try.
func (tx *Tx) CountAttempt(subject string, day calendar.Date) error {
	return known(tx.g.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "subject"}, {Name: "day"}},
		DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("attempts.n + 1")}),
	}).Create(&Attempt{Subject: subject, Day: day, N: 1}).Error)
}

// EndRole gives a role another last day than it was read with, or none, or returns ErrStale.
func (tx *Tx) EndRole(id string, was, last calendar.Date) error {
	return moved(tx.g.Model(&Role{}).Where("id = ? AND to_day = ?", id, was).Update("to_day", last))
}

// EndPost gives a tenure another last day than it was read with, or none, or returns ErrStale.
func (tx *Tx) EndPost(id string, was, last calendar.Date) error {
	return moved(tx.g.Model(&Post{}).Where("id = ? AND to_day = ?", id, was).Update("to_day", last))
}

// SetPhone gives a person as he was read another phone, or returns ErrExists if it is
// somebody's already, and ErrStale if his has changed meanwhile.
func (tx *Tx) SetPhone(p Person, sealed, index string) error {
	return moved(tx.g.Model(&Person{}).Where("id = ? AND phone_index = ?", p.ID, p.PhoneIndex).
		Updates(map[string]any{"phone": sealed, "phone_index": index}))
}

// AnyPerson returns one person, or ErrNotFound if there is nobody.
func (tx *Tx) AnyPerson() (Person, error) { return one[Person](tx.g.Order("id")) }
