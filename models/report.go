package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Report is what the platform said of a message that was sent, under its own id.
// It may come before that id is known here.
type Report struct {
	PlatformID string    `gorm:"size:40;primaryKey"`
	Outcome    string    `gorm:"size:60;not null"` // success, or why not
	At         time.Time `gorm:"not null;index:idx_reports_at"`
}

// AddReport keeps a report. One that is there already stays as it is.
func (tx *Tx) AddReport(r *Report) error {
	if err := known(tx.g.Create(r).Error); !errors.Is(err, ErrExists) {
		return err
	}
	return nil
}

// Report returns what was reported of a message.
func (tx *Tx) Report(platformID string) (Report, error) {
	return one[Report](tx.g.Where("platform_id = ?", platformID))
}

// EndReport forgets a report that was taken into account.
func (tx *Tx) EndReport(platformID string) error {
	return known(tx.g.Where("platform_id = ?", platformID).Delete(&Report{}).Error)
}

// ReportsLeftAlone returns up to n reports of which the notice is known, but was
// not told.
func (tx *Tx) ReportsLeftAlone(n int) (platformIDs []string, err error) {
	sent := tx.g.Model(&Notice{}).Select("platform_id").Where("platform_id <> '' AND state = ?", NoticeSent)
	err = tx.g.Model(&Report{}).Where("platform_id IN (?)", sent).Order("platform_id").Limit(n).Pluck("platform_id", &platformIDs).Error
	return platformIDs, known(err)
}

// EmptyReports forgets reports that nobody asked for: of what others sent.
func (tx *Tx) EmptyReports(before time.Time) error {
	return known(tx.g.Where("at < ?", before.UTC()).Delete(&Report{}).Error)
}

// NoticeReported returns the notice that was sent under the platform's id.
func (tx *Tx) NoticeReported(platformID string) (Notice, error) {
	return one[Notice](tx.g.Where("platform_id = ? AND state = ?", platformID, NoticeSent))
}

// NoticeUnreported returns the oldest notice of a kind to a person that went by a
// way and of which nothing was reported: sent, or on its way.
func (tx *Tx) NoticeUnreported(personID, kind, way string) (Notice, error) {
	return one[Notice](tx.g.Where("person_id = ? AND kind = ? AND report = '' AND (state = ? AND way = ? OR state = ?)",
		personID, kind, NoticeSent, way, NoticeSending).Order("id"))
}

// SetReported records what was reported of a notice that was sent, or returns
// ErrStale if it was recorded meanwhile.
func (tx *Tx) SetReported(n Notice) error {
	return moved(tx.g.Model(&Notice{}).Where("id = ? AND state = ? AND report = ''", n.ID, NoticeSent).
		Updates(map[string]any{
			"state": n.State, "report": n.Report, "problem": n.Problem, "not_before": n.NotBefore, "platform_id": n.PlatformID,
		}))
}

// Subscription is how many notices of a template a user has agreed to.
type Subscription struct {
	OpenID     string    `gorm:"column:openid;size:64;primaryKey"`
	TemplateID string    `gorm:"size:64;primaryKey"`
	Messages   int       `gorm:"not null"`
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"` // by the command's clock
}

// Subscription returns how many notices of a template a user has agreed to.
func (tx *Tx) Subscription(openID, templateID string) (int, error) {
	s, err := one[Subscription](tx.g.Where("openid = ? AND template_id = ?", openID, templateID))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return s.Messages, err
}

// AddSubscription counts one more notice that a user has agreed to.
func (tx *Tx) AddSubscription(openID, templateID string) error {
	return known(tx.g.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "openid"}, {Name: "template_id"}},
		DoUpdates: clause.Assignments(map[string]any{"messages": gorm.Expr("subscriptions.messages + 1"), "updated_at": tx.Now}),
	}).Create(&Subscription{OpenID: openID, TemplateID: templateID, Messages: 1, UpdatedAt: tx.Now}).Error)
}

// SpendSubscription takes so many away of the notices that a user has agreed to.
func (tx *Tx) SpendSubscription(openID, templateID string, n int) error {
	return known(tx.g.Model(&Subscription{}).Where("openid = ? AND template_id = ?", openID, templateID).
		Updates(map[string]any{"messages": gorm.Expr("CASE WHEN messages > ? THEN messages - ? ELSE 0 END", n, n), "updated_at": tx.Now}).Error)
}

// SetSubscription stores how many notices of a template a user agrees to.
func (tx *Tx) SetSubscription(openID, templateID string, n int) error {
	return known(tx.g.Clauses(clause.OnConflict{UpdateAll: true}).
		Create(&Subscription{OpenID: openID, TemplateID: templateID, Messages: n, UpdatedAt: tx.Now}).Error)
}
