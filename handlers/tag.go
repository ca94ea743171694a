package handlers

import (
	"context"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// The tags by which the platform chooses somebody's menu: one for each person. A
// menu is a view only; what a button leads to asks the matrix.
const (
	TagCadre = "cadre" // 村干部
	TagStaff = "staff" // those of town and county
	TagNone  = "none"  // villagers: the menu of everybody
)

// TagDue is a WeChat user whose tag the platform does not know yet.
type TagDue struct {
	OpenID string
	Want   string
}

// tagsAtOnce is how many users one transaction looks at.
const tagsAtOnce = 200

// TagsDue lists some of those whose tag is to be told to the platform.
func (h *Handlers) TagsDue(ctx context.Context) (due []TagDue, err error) {
	err = h.db.Read(ctx, func(tx *models.Tx) error {
		due = nil
		rows, err := tx.BindingsUntagged(tagsAtOnce)
		if err != nil {
			return err
		}
		for _, b := range rows {
			want, err := h.tagOf(tx, b.PersonID)
			if err != nil {
				return err
			}
			due = append(due, TagDue{OpenID: b.OpenID, Want: want})
		}
		old, err := tx.BindingsEnded(TagNone, tagsAtOnce)
		for _, b := range old { // whose telephone it was is a matter of the past
			if tag := (TagDue{OpenID: b.OpenID, Want: TagNone}); !slices.Contains(due, tag) {
				due = append(due, tag)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("tags that are due: %w", err)
	}
	return due, nil
}

// tagOf is the tag that goes with what somebody is today.
func (h *Handlers) tagOf(tx *models.Tx, personID string) (string, error) {
	v := &View{h: h, tx: tx, Today: calendar.On(tx.Now)}
	grants, err := v.grantsOf(personID)
	if err != nil {
		return "", err
	}
	tag := TagNone
	for _, g := range grants {
		switch g.Role {
		case Cadre:
			return TagCadre, nil
		case TownStaff, TownLeader, Org, Assessor, Department:
			tag = TagStaff
		default: // villagers, auditors and those who run the program
		}
	}
	return tag, nil
}

// Tagged records that the platform knows the tag of some users.
func (h *Handlers) Tagged(ctx context.Context, tag string, openIDs ...string) error {
	err := h.keepHouse(ctx, func(tx *models.Tx) error { return tx.SetTag(tag, openIDs) })
	if err != nil {
		return fmt.Errorf("record tags: %w", err)
	}
	return nil
}

// CheckTags makes the tags due of those who have become something else.
func (h *Handlers) CheckTags(ctx context.Context) error {
	for after, more := "", true; more; {
		last := after // a try that is undone has looked at nobody
		err := h.keepHouse(ctx, func(tx *models.Tx) error {
			rows, err := tx.BindingsTagged(after, tagsAtOnce)
			more = len(rows) == tagsAtOnce
			for _, b := range rows {
				last = b.ID
				want, wrong := h.tagOf(tx, b.PersonID)
				if wrong != nil {
					return wrong
				}
				if want == b.Tag {
					continue
				}
				if err := tx.SetTag("", []string{b.OpenID}); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("check tags: %w", err)
		}
		after = last
	}
	h.wake()
	return nil
}
