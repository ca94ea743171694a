package models

import (
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
)

// NoticeState is where a notice stands.
type NoticeState string

// The states of a notice.
const (
	NoticeWaiting NoticeState = "waiting"
	NoticeSending NoticeState = "sending" // leased, and perhaps on its way
	NoticeSent    NoticeState = "sent"
	NoticeDead    NoticeState = "dead"    // given up, with the reason
	NoticeUnknown NoticeState = "unknown" // may have arrived; not sent again
)

// Notice is a message to one person. It is written in the transaction that
// makes it true, and sent afterwards. What must be done never depends on it.
type Notice struct {
	ID         string            `gorm:"size:26;primaryKey"`
	Dedupe     string            `gorm:"size:190;not null;uniqueIndex"`
	PersonID   string            `gorm:"size:26;not null;index"` // empty for somebody who is not bound
	OpenID     string            `gorm:"column:openid;size:64;not null"`
	Kind       string            `gorm:"size:32;not null"`
	Words      map[string]string `gorm:"serializer:json;type:text;not null"`
	Class      int               `gorm:"not null;index:idx_notices_class,priority:1"` // lower is more important
	State      NoticeState       `gorm:"size:12;not null;index:idx_notices_due,priority:1;index:idx_notices_class,priority:2"`
	NotBefore  time.Time         `gorm:"index:idx_notices_due,priority:2;index:idx_notices_class,priority:3"`
	NotAfter   *time.Time
	Owner      string `gorm:"size:26;not null"` // of the lease
	Tries      int    `gorm:"not null"`
	Problem    string `gorm:"size:300;not null"`
	PlatformID string `gorm:"size:40;not null;index:idx_notices_platform_id"` // the platform's id of what was sent
	Way        string `gorm:"size:12;not null"`                               // by which it was sent, or may have been: see bot
	Report     string `gorm:"size:60;not null"`                               // what the platform said of it afterwards
	CreatedAt  time.Time
	TriedAt    *time.Time // when a try began of which nobody knows the end
	SentAt     *time.Time
}

// AddNotice queues a message. A notice with the same Dedupe is there already:
// then nothing happens.
func (tx *Tx) AddNotice(n *Notice) error {
	tx.Queue(n)
	if _, err := one[Notice](tx.g.Select("id").Where("dedupe = ?", n.Dedupe)); !errors.Is(err, ErrNotFound) {
		return err
	}
	if err := known(tx.g.Create(n).Error); !errors.Is(err, ErrExists) {
		return err
	}
	return nil
}

// Queue makes a notice of a row that is then stored: it gets its id and waits.
func (tx *Tx) Queue(n *Notice) {
	n.ID, n.State, n.CreatedAt = tx.NewID(), NoticeWaiting, tx.Now
	if n.NotBefore.IsZero() {
		n.NotBefore = tx.Now
	}
	if n.Dedupe == "" {
		n.Dedupe = n.ID
	}
}

// NoticeClasses is how many classes of importance there are: from 0 on.
const NoticeClasses = 3

// dueNotices returns the ids of up to n due notices, the more important first and
// of those the longest due. Each class and state is a query of its own, which
// reads no further in its index than what it returns, however many wait.
func (tx *Tx) dueNotices(n int) (ids []string, err error) {
	for class := range NoticeClasses {
		for _, state := range []NoticeState{NoticeSending, NoticeWaiting} {
			if len(ids) == n {
				return ids, nil
			}
			var some []string
			q := tx.g.Model(&Notice{}).Where("class = ? AND state = ? AND not_before <= ?", class, state, tx.Now)
			if err := q.Order("not_before, id").Limit(n-len(ids)).Pluck("id", &some).Error; err != nil {
				return nil, known(err)
			}
			ids = append(ids, some...)
		}
	}
	return ids, nil
}

// LeaseNotices takes up to n due notices for owner until the lease ends. It
// chooses rows without a lock and takes them by one conditional update, so that
// no two workers get the same row and none waits for rows that it does not want.
// Of the seen rows another worker may have taken some meanwhile: more may be due
// as long as seen is not 0. A row whose lease ran out is due again.
func (tx *Tx) LeaseNotices(owner string, n int, lease time.Duration) (rows []Notice, seen int, err error) {
	ids, err := tx.dueNotices(n)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	slices.Sort(ids) // two workers lock in one order
	q := tx.g.Model(&Notice{}).Where("id IN ? AND not_before <= ?", ids, tx.Now)
	q = q.Where("state IN ?", []NoticeState{NoticeWaiting, NoticeSending}).Updates(map[string]any{
		"state": NoticeSending, "owner": owner, "not_before": tx.Now.Add(lease), "tries": gorm.Expr("tries + 1"), "tried_at": gorm.Expr("COALESCE(tried_at, ?)", tx.Now),
	})
	if q.Error != nil || q.RowsAffected == 0 {
		return nil, len(ids), known(q.Error)
	}
	rows, err = many[Notice](tx.g.Where("id IN ? AND owner = ?", ids, owner).Order("class, id"))
	return rows, len(ids), err
}

// SettleNotice records how a try went, if owner still holds the lease.
func (tx *Tx) SettleNotice(n Notice, owner string) error {
	return moved(tx.g.Model(&Notice{}).Where("id = ? AND owner = ? AND state = ?", n.ID, owner, NoticeSending).
		Updates(map[string]any{
			"state": n.State, "not_before": n.NotBefore, "problem": n.Problem,
			"platform_id": n.PlatformID, "way": n.Way, "sent_at": n.SentAt, "tried_at": nil, "owner": "", "tries": n.Tries,
		}))
}

// WakeNotices makes a person's waiting notices due at a time, and gives those
// without an end of their own this one: they may have waited for long.
func (tx *Tx) WakeNotices(personID string, at, end time.Time) error {
	return known(tx.g.Model(&Notice{}).Where("person_id = ? AND state = ? AND openid = ''", personID, NoticeWaiting).
		Updates(map[string]any{"not_before": at.UTC(), "not_after": gorm.Expr("COALESCE(not_after, ?)", end.UTC())}).Error)
}

// WakeNoticesTo makes due at a time what waits for a user rather than for whoever
// is bound to him: a late answer, the farewell of an old telephone.
func (tx *Tx) WakeNoticesTo(openID, personID string, at time.Time) error {
	return known(tx.g.Model(&Notice{}).
		Where("person_id IN ? AND openid = ? AND state = ? AND not_before > ?", []string{"", personID}, openID, NoticeWaiting, at.UTC()).
		Update("not_before", at.UTC()).Error)
}

// NextNotice returns when the next notice is due, or ErrNotFound.
func (tx *Tx) NextNotice() (time.Time, error) {
	n, err := one[Notice](tx.g.Select("not_before").
		Where("state IN ?", []NoticeState{NoticeWaiting, NoticeSending}).Order("not_before"))
	return n.NotBefore, err
}

// Notice returns a notice.
func (tx *Tx) Notice(id string) (Notice, error) { return one[Notice](tx.g.Where("id = ?", id)) }

// Notices returns the n latest of a state, or of any; of a person, or of all.
func (tx *Tx) Notices(state NoticeState, personID string, n int) ([]Notice, error) {
	q := tx.g.Order("id DESC").Limit(n)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	if personID != "" {
		q = q.Where("person_id = ?", personID)
	}
	return many[Notice](q)
}

// RequeueNotice makes a notice that was given up, or may have arrived, wait anew,
// as if it had been written now. Any other is ErrStale.
func (tx *Tx) RequeueNotice(id string) error {
	return moved(tx.g.Model(&Notice{}).Where("id = ? AND state IN ?", id, []NoticeState{NoticeDead, NoticeUnknown}).
		Updates(map[string]any{
			"state": NoticeWaiting, "not_before": tx.Now, "not_after": nil, "created_at": tx.Now, "tries": 0,
			"tried_at": nil, "owner": "", "way": "", "report": "", "platform_id": "", "problem": "",
		}))
}

// CountNotices counts the notices by state, and says since when the oldest of
// those that wait is due; zero if none waits.
func (tx *Tx) CountNotices() (counts map[NoticeState]int, due time.Time, err error) {
	type line struct {
		State NoticeState
		N     int
	}
	var lines []line
	q := tx.g.Model(&Notice{}).Select("state, COUNT(*) AS n").Group("state").Scan(&lines)
	if q.Error != nil {
		return nil, due, known(q.Error)
	}
	counts = map[NoticeState]int{}
	for _, l := range lines {
		counts[l.State] = l.N
	}
	due, err = tx.NextNotice()
	if errors.Is(err, ErrNotFound) {
		return counts, time.Time{}, nil
	}
	return counts, due, err
}
