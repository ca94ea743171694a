package handlers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/models"
)

// kinRelations are the relations that bar people from deciding about each other
// (回避). Each reads the same from both sides.
func kinRelations() []string {
	return []string{"夫妻", "父母子女", "兄弟姐妹", "其他近亲属"}
}

// Relative is one who is kin to somebody.
type Relative struct {
	PersonID string
	Name     string
	Relation string
}

// AddKin declares that two people are relatives: neither decides about the other.
func (d *Desk) AddKin(personID, otherID, relation string) error {
	if err := d.mayForBoth("AddKin", personID, otherID, d.may("AddKin", own(personID))); err != nil {
		return err
	}
	relation = strings.TrimSpace(relation)
	switch {
	case personID == otherID:
		return RefuseField("other", "两个人不能是同一个人。")
	case !slices.Contains(kinRelations(), relation):
		return RefuseField("relation", "关系应是%s，不是“%s”。", strings.Join(kinRelations(), "、"), short(relation, 30))
	}
	for _, id := range []string{personID, otherID} {
		if _, err := d.tx.Person(id); errors.Is(err, models.ErrNotFound) {
			return Refuse("没有这个人。")
		} else if err != nil {
			return fmt.Errorf("add kin: %w", err)
		}
	}
	switch err := d.tx.AddKin(models.Kin{PersonID: personID, OtherID: otherID, Relation: relation, AddedBy: d.Who.ID}); {
	case errors.Is(err, models.ErrExists):
		return Refuse("这两个人的亲属关系已经登记过了。")
	case err != nil:
		return fmt.Errorf("add kin: %w", err)
	}
	if err := d.rerouteFor(personID, otherID); err != nil {
		return err
	}
	return d.did("AddKin", personID, otherID)
}

// RemoveKin takes back what was declared by mistake.
func (d *Desk) RemoveKin(personID, otherID string) error {
	if err := d.mayForBoth("RemoveKin", personID, otherID, d.may("RemoveKin", own(personID))); err != nil {
		return err
	}
	switch err := d.tx.RemoveKin(personID, otherID); {
	case errors.Is(err, models.ErrStale):
		return Refuse("这两个人没有登记亲属关系。")
	case err != nil:
		return fmt.Errorf("remove kin: %w", err)
	}
	return d.did("RemoveKin", personID, otherID)
}

// mayForBoth asks the matrix for the place of either of two people, unless the
// act is allowed anywhere.
func (v *View) mayForBoth(act, personID, otherID string, anywhere error) error {
	if anywhere == nil {
		return nil
	}
	for _, id := range []string{personID, otherID} {
		at, err := v.placeOf(id)
		if err != nil {
			return err
		}
		if err := v.may(act, at); err == nil {
			return nil
		}
	}
	return anywhere
}

// Kin returns the relatives of a person that are on record.
func (v *View) Kin(personID string) ([]Relative, error) {
	at, err := v.placeOf(personID)
	if err != nil {
		return nil, err
	}
	if err := v.may("Kin", at); err != nil {
		return nil, err
	}
	rows, err := v.tx.KinOf(personID)
	if err != nil {
		return nil, fmt.Errorf("kin of %s: %w", personID, err)
	}
	out := make([]Relative, len(rows))
	for i, k := range rows {
		p, err := v.tx.Person(k.Of(personID))
		if err != nil {
			return nil, fmt.Errorf("kin of %s: %w", personID, err)
		}
		out[i] = Relative{p.ID, p.Name, k.Relation}
	}
	return out, nil
}

// rerouteFor tells those to whom the waiting leaves of people have come.
func (d *Desk) rerouteFor(people ...string) error {
	for _, id := range people {
		if err := d.reroute(models.LeaveScope{Person: id}); err != nil {
			return err
		}
	}
	return nil
}
