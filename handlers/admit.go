package handlers

import (
	"errors"
	"fmt"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// Register is the people and places of a county, as an operator brings them in.
type Register struct {
	Towns  []TownEntry
	People []PersonEntry
}

// TownEntry is a town with its villages.
type TownEntry struct {
	Name     string
	Villages []string
}

// PersonEntry is one person with posts and roles.
type PersonEntry struct {
	Name  string
	Phone string // 11 digits, stored sealed; of somebody registered also 139****0001
	Town  string
	// Village of the posts, or of the villager.
	Village string
	Posts   []models.PostTitle
	From    calendar.Date // of posts and roles
	To      calendar.Date // their last day; empty while they last
	Serving bool          // what was ended is not
	Roles   []RoleName    // for those without a village post
	Topic   string        // of a department
	// NewPhone takes the place of Phone, unless it is empty.
	NewPhone string
}

// Admitted is what a register brought.
type Admitted struct {
	IDs     []string // of the people, in the register's order
	New     int
	Changed int

	left []leaver
}

// Words say it to whoever brought it in.
func (a Admitted) Words() string {
	if a.New == len(a.IDs) {
		return fmt.Sprintf("已导入%d人。", a.New)
	}
	return fmt.Sprintf("已导入：新登记%d人，变动%d行，照旧%d行。", a.New, a.Changed, len(a.IDs)-a.New-a.Changed)
}

// Admit stores a register, or nothing of it. Towns and villages that are not there yet are
// added, and so are people; who is there is changed as the register says (换岗、离任).
func (d *Desk) Admit(r Register) (Admitted, error) {
	var done Admitted
	if err := d.may("Admit", Target{}); err != nil {
		return done, err
	}
	places, err := d.admitPlaces(r.Towns)
	if err != nil {
		return done, err
	}
	for _, p := range r.People {
		if err := d.admitEntry(&done, p, places); err != nil {
			return done, fmt.Errorf("admit %s: %w", p.Name, err)
		}
	}
	for i, p := range r.People {
		if err := d.oneHolder(p, done.IDs[i], places[[2]string{p.Town, p.Village}]); err != nil {
			return done, fmt.Errorf("admit %s: %w", p.Name, err)
		}
	}
	for _, l := range done.left {
		if err := d.refill(l); err != nil {
			return done, fmt.Errorf("admit: shifts of %s: %w", l.person, err)
		}
	}
	return done, d.did("Admit", "register", fmt.Sprintf("%d people, %d changed", done.New, done.Changed))
}

func (d *Desk) admitEntry(done *Admitted, p PersonEntry, at placeIDs) error {
	who, known, err := d.registered(p)
	if err != nil {
		return err
	}
	if !known {
		who.ID, err = d.admitPerson(p, at)
		done.New++
	} else if changed, failed := d.changePerson(who, p, at); changed || failed != nil {
		err = failed
		done.Changed++
		if len(p.Posts) > 0 && !p.To.IsZero() {
			done.left = append(done.left, leaver{who.ID, at[[2]string{p.Town, p.Village}], p.To.Add(1)})
		}
	}
	done.IDs = append(done.IDs, who.ID)
	return err
}

// placeIDs finds towns by name and villages by town and name.
type placeIDs map[[2]string]string

func (d *Desk) admitPlaces(towns []TownEntry) (placeIDs, error) {
	ids, err := d.knownPlaces()
	if err != nil {
		return nil, err
	}
	for _, t := range towns {
		if ids[[2]string{t.Name}] == "" {
			town := models.Town{ID: d.tx.NewID(), Name: t.Name}
			if err := d.tx.AddTown(&town); err != nil {
				return nil, fmt.Errorf("add town %s: %w", t.Name, err)
			}
			if err := d.joinCycles(town); err != nil {
				return nil, err
			}
			ids[[2]string{t.Name}] = town.ID
		}
		for _, name := range t.Villages {
			if ids[[2]string{t.Name, name}] != "" {
				continue
			}
			village := models.Village{ID: d.tx.NewID(), TownID: ids[[2]string{t.Name}], Name: name}
			if err := d.tx.AddVillage(&village); err != nil {
				return nil, fmt.Errorf("add village %s: %w", name, err)
			}
			ids[[2]string{t.Name, name}] = village.ID
		}
	}
	return ids, nil
}

func (v *View) knownPlaces() (placeIDs, error) {
	towns, err := v.tx.Towns()
	if err != nil {
		return nil, fmt.Errorf("towns: %w", err)
	}
	villages, err := v.tx.Villages()
	if err != nil {
		return nil, fmt.Errorf("villages: %w", err)
	}
	ids, names := placeIDs{}, map[string]string{}
	for _, t := range towns {
		ids[[2]string{t.Name}], names[t.ID] = t.ID, t.Name
	}
	for _, place := range villages {
		ids[[2]string{names[place.TownID], place.Name}] = place.ID
	}
	return ids, nil
}

// joinCycles lets a new town into the quarters that are not computed yet.
func (d *Desk) joinCycles(town models.Town) error {
	cycles, err := d.tx.CyclesAlive()
	if err != nil {
		return fmt.Errorf("running quarters: %w", err)
	}
	for _, c := range cycles {
		switch c.State {
		case models.CycleOpen, models.CycleSelfEval, models.CycleVerification:
			if err := d.addSequences(c.Quarter, []models.Town{town}); err != nil {
				return fmt.Errorf("sequences of %s: %w", town.Name, err)
			}
		default:
		}
	}
	return nil
}

func (d *Desk) admitPerson(p PersonEntry, at placeIDs) (string, error) {
	if p.From.IsZero() || p.NewPhone != "" {
		return "", Refuse("没有登记过%s，没有导入。新来的人写“手机号”和“起始日期”，“新手机号”空着。", p.Name)
	}
	id := d.tx.NewID()
	err := d.tx.AddPerson(&models.Person{
		ID: id, Name: p.Name, Phone: d.h.box.Seal(p.Phone, "people.phone."+id),
		PhoneIndex: d.h.box.Index("phone", p.Phone), CreatedAt: d.Now,
	})
	if errors.Is(err, models.ErrExists) { // another import was faster
		return "", Refuse("%s的手机号已经登记在别人名下，没有导入。", p.Name)
	}
	if err != nil {
		return "", err
	}
	village, err := villageOfEntry(p, at)
	if err != nil {
		return "", err
	}
	for _, title := range p.Posts {
		if err := d.addPost(id, village, title, p.From, p.To); err != nil {
			return "", err
		}
	}
	for _, role := range p.Roles {
		scope, err := scopeOf(p, role, at)
		if err != nil {
			return "", err
		}
		if err := d.addRole(id, role, scope, p.From, p.To); err != nil {
			return "", err
		}
	}
	return id, nil
}

// villageOfEntry is the village of an entry's posts, and empty without posts.
func villageOfEntry(p PersonEntry, at placeIDs) (string, error) {
	village := at[[2]string{p.Town, p.Village}]
	if len(p.Posts) > 0 && village == "" {
		return "", Refuse("%s的村“%s%s”没有登记。", p.Name, p.Town, p.Village)
	}
	return village, nil
}

// scopeOf is where a role of an entry is held; empty is the county.
func scopeOf(p PersonEntry, role RoleName, at placeIDs) (string, error) {
	village, town := at[[2]string{p.Town, p.Village}], at[[2]string{p.Town}]
	scope, scoped := map[RoleName]string{
		Villager: village, Supervisor: village, TownStaff: town, TownLeader: town, Department: p.Topic,
	}[role]
	if scoped && scope == "" {
		return "", Refuse("%s的身份要写明镇、村或部门。", p.Name)
	}
	return scope, nil
}

func (d *Desk) addPost(personID, village string, title models.PostTitle, from, to calendar.Date) error {
	return d.tx.AddPost(&models.Post{
		ID: d.tx.NewID(), PersonID: personID, VillageID: village, Title: title, FromDay: from, ToDay: to,
		Subsidized: title != models.Supervisor,
	})
}

func (d *Desk) addRole(personID string, role RoleName, scope string, from, to calendar.Date) error {
	return d.tx.AddRole(&models.Role{ID: d.tx.NewID(), PersonID: personID, Name: string(role), ScopeID: scope, FromDay: from, ToDay: to})
}

// PersonCard is a person as the simulator's list and an operator see him.
type PersonCard struct {
	Me
	ID     string
	OpenID string // empty if not bound, or gone from the account
	Bound  bool
	Phone4 string
}

// People lists everybody with roles.
func (v *View) People() ([]PersonCard, error) {
	if err := v.may("People", Target{}); err != nil {
		return nil, err
	}
	people, err := v.tx.People()
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	bound, err := v.tx.Bindings()
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	cards := make([]PersonCard, 0, len(people))
	for _, p := range people {
		card, err := v.card(p)
		if err != nil {
			return nil, err
		}
		card.OpenID, card.Bound = bound[p.ID]
		cards = append(cards, card)
	}
	return cards, nil
}

func (v *View) card(p models.Person) (PersonCard, error) {
	me, err := v.meOf(p)
	if err != nil {
		return PersonCard{}, err
	}
	phone, err := v.phoneOf(p)
	if err != nil || len(phone) < 4 {
		return PersonCard{}, fmt.Errorf("phone of %s: %w", p.ID, err)
	}
	return PersonCard{Me: me, ID: p.ID, Phone4: phone[len(phone)-4:]}, nil
}
