package models

import (
	"errors"
	"time"

	"gorm.io/gorm"
)

// Leaver is a user who has left the account and whose openid is still to be
// taken out of what is older.
type Leaver struct {
	Mark   string    `gorm:"size:64;primaryKey"`
	OpenID string    `gorm:"column:openid;size:300;not null"` // sealed
	At     time.Time `gorm:"not null"`
}

// Estrange puts a mark into the place of a user's openid, in the binding and
// wherever messages would be sent from; when he left stays with it. It reports
// whether a binding was estranged. What the user had begun to say is forgotten
// too. If he has come back since, nothing happens.
func (tx *Tx) Estrange(openID, mark string, left time.Time) (bool, error) {
	q := tx.g.Model(&Binding{}).
		Where("active_openid = ? AND (followed_at IS NULL OR followed_at <= ?)", openID, left.UTC()).
		Updates(map[string]any{"openid": "", "active_openid": mark, "tag": "", "followed_at": left.UTC()})
	if q.Error != nil {
		return false, known(q.Error)
	}
	if q.RowsAffected == 0 {
		_, err := one[Binding](tx.g.Where("active_openid = ?", openID))
		if !errors.Is(err, ErrNotFound) {
			return false, err // back since
		}
	}
	for _, forget := range []func() error{
		func() error { return tx.EndTalk(openID) },
		func() error { return tx.g.Where("openid = ?", openID).Delete(&Subscription{}).Error },
		func() error { return tx.unaddress(openID) },
		func() error {
			return tx.g.Model(&Binding{}).Where("openid = ? AND active_openid IS NULL", openID).
				Updates(map[string]any{"openid": mark, "tag": ""}).Error
		},
	} {
		if err := forget(); err != nil {
			return false, known(err)
		}
	}
	return q.RowsAffected == 1, nil
}

// unaddress takes an openid off every notice. What waits for somebody who was
// never bound is given up; what waits for a person waits until he is back.
func (tx *Tx) unaddress(openID string) error {
	err := tx.g.Model(&Notice{}).Where("openid = ? AND person_id = '' AND state = ?", openID, NoticeWaiting).
		Updates(map[string]any{"state": NoticeDead, "problem": "no longer a follower"}).Error
	if err != nil {
		return err
	}
	return tx.g.Model(&Notice{}).Where("openid = ?", openID).Update("openid", "").Error
}

// Reunite puts a user's openid back into the place of the mark, unless he was
// heard of then before he left. It reports whether there was one.
func (tx *Tx) Reunite(mark, openID string, at time.Time) (bool, error) {
	q := tx.g.Model(&Binding{}).Where("active_openid = ? AND (followed_at IS NULL OR followed_at <= ?)", mark, at.UTC()).
		Updates(map[string]any{"openid": openID, "active_openid": openID, "followed_at": at.UTC()})
	if q.Error != nil || q.RowsAffected == 0 {
		return false, known(q.Error)
	}
	err := tx.g.Model(&Inbox{}).Where("who = ?", "wx:"+mark).Update("who", "wx:"+openID).Error
	if err != nil {
		return false, known(err)
	}
	return true, known(tx.g.Where("mark = ?", mark).Delete(&Leaver{}).Error)
}

// SetFollowed says that a bound user was there at a time.
func (tx *Tx) SetFollowed(openID string, at time.Time) error {
	return known(tx.g.Model(&Binding{}).
		Where("active_openid = ? AND (followed_at IS NULL OR followed_at < ?)", openID, at.UTC()).
		Update("followed_at", at.UTC()).Error)
}

// EndBinding ends the active binding of a person and returns it, or ErrNotFound.
func (tx *Tx) EndBinding(personID string) (Binding, error) {
	b, err := tx.BindingOf(personID)
	if err != nil {
		return b, err
	}
	return b, moved(tx.g.Model(&Binding{}).Where("id = ? AND active_person = ?", b.ID, personID).
		Updates(map[string]any{"active_person": nil, "active_openid": nil, "ended_at": tx.Now}))
}

// AddLeaver remembers whose openid is still to be taken out.
func (tx *Tx) AddLeaver(l *Leaver) error { return known(tx.g.Save(l).Error) }

// Leavers returns up to n users who left before an instant.
func (tx *Tx) Leavers(before time.Time, n int) ([]Leaver, error) {
	return many[Leaver](tx.g.Where("at < ?", before.UTC()).Order("at, mark").Limit(n))
}

// Forget takes a leaver's openid out of what is kept under the keys of the
// messages that he sent until he left, and the leaver off the list. What he has
// done since he came back stays his.
func (tx *Tx) Forget(l Leaver, openID string) error {
	without := func(column string) any {
		return gorm.Expr("REPLACE("+column+", ?, ?)", openID, l.Mark[:min(len(openID), len(l.Mark))])
	}
	inside := "%:" + openID + ":%"
	whose := tx.g.Model(&Binding{}).Select("person_id").Where("active_openid = ?", l.Mark)
	for _, forget := range []func() *gorm.DB{ // after one that failed nothing more is asked
		func() *gorm.DB {
			return tx.g.Model(&Inbox{}).Where("who = ? AND sent_at <= ?", "wx:"+openID, l.At).Updates(map[string]any{"who": "wx:" + l.Mark, "cmd_key": without("cmd_key")})
		},
		func() *gorm.DB {
			return tx.g.Model(&DeadLetter{}).Where("cmd_key LIKE ?", inside).Update("cmd_key", without("cmd_key"))
		},
		func() *gorm.DB {
			return tx.g.Model(&Notice{}).Where("(person_id = '' OR person_id IN (?)) AND dedupe LIKE ?", whose, inside).Update("dedupe", without("dedupe"))
		},
		func() *gorm.DB { return tx.g.Where("mark = ?", l.Mark).Delete(&Leaver{}) },
	} {
		if err := forget().Error; err != nil {
			return known(err)
		}
	}
	return nil
}

// Holding names the tables and columns that hold a text in clear. It reads
// everything: it is for tests and for an auditor's question.
func (tx *Tx) Holding(text string) ([]string, error) {
	var where []string
	for _, row := range liveTypes() {
		stmt := &gorm.Statement{DB: tx.g}
		if err := stmt.Parse(row); err != nil {
			return nil, err
		}
		for _, f := range stmt.Schema.Fields {
			if f.DBName == "" || f.DataType != "string" && f.TagSettings["TYPE"] == "" {
				continue
			}
			var n int64
			q := tx.g.Table(stmt.Schema.Table).Where(f.DBName+" LIKE ?", "%"+text+"%").Count(&n)
			if q.Error != nil {
				return nil, known(q.Error)
			}
			if n > 0 {
				where = append(where, stmt.Schema.Table+"."+f.DBName)
			}
		}
	}
	return where, nil
}
