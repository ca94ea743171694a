package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// registered finds whom a row of the register means, if he is registered: by his phone, or by
// his name and what an exported register shows of it.
func (d *Desk) registered(p PersonEntry) (who models.Person, ok bool, err error) {
	if isHidden(p.Phone) {
		return d.registeredByName(p)
	}
	who, err = d.tx.PersonByPhone(d.h.box.Index("phone", p.Phone))
	switch {
	case errors.Is(err, models.ErrNotFound):
		return who, false, nil
	case err != nil:
		return who, false, fmt.Errorf("by phone: %w", err)
	case who.Name != p.Name:
		return who, false, Refuse("%s的手机号已经登记在别人名下，没有导入。", p.Name)
	}
	return who, true, nil
}

func (d *Desk) registeredByName(p PersonEntry) (found models.Person, ok bool, err error) {
	people, err := d.tx.PeopleNamed(p.Name)
	if err != nil {
		return found, false, fmt.Errorf("of the name: %w", err)
	}
	for _, who := range people {
		phone, err := d.phoneOf(who)
		if err != nil {
			return found, false, err
		}
		if hidden(phone) != p.Phone {
			continue
		}
		if ok {
			return found, false, Refuse("有两个%s的手机号都是%s，请写完整的手机号。没有导入。", p.Name, p.Phone)
		}
		found, ok = who, true
	}
	if !ok {
		return found, false, Refuse("没有登记过手机号是%s的%s。新来的人要写完整的11位手机号。没有导入。", p.Phone, p.Name)
	}
	return found, true, nil
}

// hiddenDigits stand for the middle of a phone's number.
const hiddenDigits = "****"

// hidden is a phone's number as a list shows it: 139****0001.
func hidden(phone string) string {
	if len(phone) != 11 {
		return hiddenDigits
	}
	return phone[:3] + hiddenDigits + phone[7:]
}

func (v *View) phoneOf(p models.Person) (string, error) {
	phone, err := v.h.box.Open(p.Phone, "people.phone."+p.ID)
	if err != nil {
		return "", fmt.Errorf("phone of %s: %w", p.ID, err)
	}
	return phone, nil
}

// tenure is a post or a role of somebody, as far as a row of the register can change it.
type tenure struct {
	id       string
	from, to calendar.Date // to is empty while it lasts
}

// tenureChange is what a row says of one post or role that is otherwise than registered.
type tenureChange struct {
	tenure
	begins bool          // it is new
	last   calendar.Date // of what is registered, or new; empty while it lasts
}

// changeOf compares a row with what is registered of the same post or role: nothing, an end
// (or none any more), or a new tenure.
func changeOf(p PersonEntry, title string, known []tenure) (*tenureChange, error) {
	for _, t := range slices.Backward(known) {
		meant := t.to.IsZero() || t.to == p.To || p.Serving // where the row does not say from when
		if t.from != p.From && (!p.From.IsZero() || !meant) {
			continue
		}
		switch {
		case p.Serving && !t.to.IsZero():
			return &tenureChange{tenure: t}, nil
		case p.To.IsZero() || p.To == t.to:
			return nil, nil
		case p.To.Before(t.from):
			return nil, Refuse("%s的%s从%s起，不能在%s截止。没有导入。", p.Name, title, t.from.String(), p.To.String())
		}
		return &tenureChange{tenure: t, last: p.To}, nil
	}
	if p.From.IsZero() {
		return nil, Refuse("%s没有在任的%s可以截止。新任职的要写起始日期。没有导入。", p.Name, title)
	}
	for _, t := range known {
		if t.to.IsZero() || !t.to.Before(p.From) {
			return nil, Refuse("%s已经登记为%s，从%s起，和表里的起始日期%s不一样。没有导入。", p.Name, title, t.from.String(), p.From.String())
		}
	}
	return &tenureChange{tenure: tenure{from: p.From}, begins: true, last: p.To}, nil
}

// since is the first day that is otherwise than it was.
func (c tenureChange) since() calendar.Date {
	switch {
	case c.begins:
		return c.from
	case c.last.IsZero() || !c.to.IsZero() && c.to.Before(c.last):
		return c.to.Add(1)
	default:
		return c.last.Add(1)
	}
}

// held is one post or role that a row names: what is registered of it, and how that changes.
type held struct {
	title string
	known []tenure
	add   func(tenureChange) error
	end   func(id string, was, last calendar.Date) error
}

// changePerson makes what is registered of somebody what a row of the register says of him.
// What the row does not name stays. Of whom it says nothing new nobody waits for.
func (d *Desk) changePerson(who models.Person, p PersonEntry, at placeIDs) (changed bool, err error) {
	all, err := d.heldBy(who, p, at)
	if err != nil {
		return false, err
	}
	for _, h := range all {
		c, err := changeOf(p, h.title, h.known)
		if err != nil {
			return false, err
		}
		changed = changed || c != nil
	}
	if !changed && p.NewPhone == "" {
		return false, nil
	}
	if err := d.tx.HoldPerson(who.ID); err != nil {
		return false, fmt.Errorf("hold: %w", err)
	}
	if all, err = d.heldBy(who, p, at); err != nil {
		return false, err
	}
	if changed, err = d.changePhone(who, p.NewPhone); err != nil {
		return false, err
	}
	for _, h := range all {
		did, err := d.changeTenure(who, p, h)
		if err != nil {
			return false, err
		}
		changed = changed || did
	}
	return changed, nil
}

func (d *Desk) heldBy(who models.Person, p PersonEntry, at placeIDs) ([]held, error) {
	posts, err := d.heldPosts(who, p, at)
	if err != nil {
		return nil, err
	}
	roles, err := d.heldRoles(who, p, at)
	return append(posts, roles...), err
}

func (d *Desk) heldPosts(who models.Person, p PersonEntry, at placeIDs) ([]held, error) {
	village, err := villageOfEntry(p, at)
	if err != nil {
		return nil, err
	}
	posts, err := d.tx.PostsOf(who.ID)
	if err != nil {
		return nil, fmt.Errorf("posts: %w", err)
	}
	out := make([]held, 0, len(p.Posts))
	for _, title := range p.Posts {
		h := held{title: title.Chinese(), end: d.tx.EndPost}
		h.add = func(c tenureChange) error { return d.addPost(who.ID, village, title, c.from, c.last) }
		for _, post := range posts {
			if post.Title == title && post.VillageID == village {
				h.known = append(h.known, tenure{id: post.ID, from: post.FromDay, to: post.ToDay})
			}
		}
		out = append(out, h)
	}
	return out, nil
}

func (d *Desk) heldRoles(who models.Person, p PersonEntry, at placeIDs) ([]held, error) {
	roles, err := d.tx.RolesOf(who.ID)
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	out := make([]held, 0, len(p.Roles))
	for _, role := range p.Roles {
		scope, err := scopeOf(p, role, at)
		if err != nil {
			return nil, err
		}
		h := held{title: roleTitle(role), end: d.tx.EndRole}
		h.add = func(c tenureChange) error { return d.addRole(who.ID, role, scope, c.from, c.last) }
		for _, r := range roles {
			if RoleName(r.Name) == role && r.ScopeID == scope {
				h.known = append(h.known, tenure{id: r.ID, from: r.FromDay, to: r.ToDay})
			}
		}
		out = append(out, h)
	}
	return out, nil
}

// changeTenure carries out what a row says of one post or role, unless it says nothing new.
func (d *Desk) changeTenure(who models.Person, p PersonEntry, h held) (bool, error) {
	c, err := changeOf(p, h.title, h.known)
	if c == nil || err != nil {
		return false, err
	}
	if err := d.mayChange(p, h.title, c.since()); err != nil {
		return false, err
	}
	if c.begins {
		err = h.add(*c)
	} else {
		err = h.end(c.id, c.to, c.last)
	}
	if err != nil {
		return false, err
	}
	return true, d.did("Admit", who.ID, h.title+" "+c.from.String()+"/"+c.last.String())
}

// mayChange refuses what would change a quarter that has been computed: its points and its pay
// rest on who was in post.
func (d *Desk) mayChange(p PersonEntry, title string, since calendar.Date) error {
	cycles, err := d.tx.Cycles()
	if err != nil {
		return fmt.Errorf("quarters: %w", err)
	}
	for _, c := range cycles {
		switch c.State {
		case models.CycleDraft, models.CycleOpen, models.CycleSelfEval, models.CycleVerification, models.CycleCancelled:
			continue
		default:
		}
		if !since.After(c.Quarter.Last()) {
			return Refuse("%s的%s从%s起有变动，可是%s已经核算，不能再改它的任职。没有导入。", p.Name, title, since.String(), c.Quarter.Chinese())
		}
	}
	return nil
}

func (d *Desk) changePhone(who models.Person, phone string) (bool, error) {
	if phone == "" {
		return false, nil
	}
	index := d.h.box.Index("phone", phone)
	if index == who.PhoneIndex {
		return false, nil
	}
	err := d.tx.SetPhone(who, d.h.box.Seal(phone, "people.phone."+who.ID), index)
	if errors.Is(err, models.ErrExists) {
		return false, Refuse("%s的新手机号已经登记在别人名下，没有导入。", who.Name)
	}
	if err != nil {
		return false, err
	}
	return true, d.did("Admit", who.ID, "phone")
}

// heldByOne are the posts that a village has once.
func heldByOne(t models.PostTitle) bool { return t.Head() || t == models.Supervisor }

// oneHolder refuses a village with two secretaries: whoever went has been forgotten.
func (d *Desk) oneHolder(p PersonEntry, personID, village string) error {
	if !slices.ContainsFunc(p.Posts, heldByOne) {
		return nil
	}
	own, err := d.tx.PostsOf(personID)
	if err != nil {
		return fmt.Errorf("posts of %s: %w", personID, err)
	}
	for _, post := range own {
		if post.VillageID != village || !slices.Contains(p.Posts, post.Title) || !heldByOne(post.Title) {
			continue
		}
		if err := d.alone(p, post); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) alone(p PersonEntry, post models.Post) error {
	last := post.ToDay
	if last.IsZero() {
		last = calendar.Date{Year: 9999, Month: 12, Day: 31}
	}
	posts, err := d.tx.PostsWithin(post.VillageID, post.FromDay, last)
	if err != nil {
		return fmt.Errorf("posts of the village: %w", err)
	}
	for _, other := range posts {
		if other.Title != post.Title || other.PersonID == post.PersonID {
			continue
		}
		who, err := d.tx.Person(other.PersonID)
		if err != nil {
			return fmt.Errorf("who holds it: %w", err)
		}
		return Refuse("%s的%s登记的是%s，从%s起。换成%s的，请在表里也给%s写一行截止日期。没有导入。",
			p.Village, post.Title.Chinese(), who.Name, other.FromDay.String(), p.Name, who.Name)
	}
	return nil
}
