package handlers

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
)

// ConsentEdition is the edition of the text that a person agrees to before
// binding.
const ConsentEdition = "2026-2"

// The alphabet of binding codes has nothing that is read two ways: no 0 O 1 I L.
const (
	codeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	codeLength   = 8
	sceneLength  = 26
)

// CodeLife is how long a binding code is valid.
const CodeLife = 72 * time.Hour

// How often a binding may be tried in a day.
const (
	triesPerOpenID  = 5
	triesPerVillage = 20
)

// Codes are what lets one person bind: a code for typing, with the last four
// digits of the phone, and a scene for a scanned code.
type Codes struct {
	Code    string
	Scene   string
	Expires time.Time
}

// IssueCode makes codes for a person and ends the older ones.
func (d *Desk) IssueCode(personID string) (Codes, error) {
	at, err := d.placeOf(personID)
	if err != nil {
		return Codes{}, err
	}
	if err := d.may("IssueCode", at); err != nil {
		return Codes{}, err
	}
	switch bound, err := d.tx.Bound(personID); {
	case err != nil:
		return Codes{}, fmt.Errorf("issue a code: %w", err)
	case bound:
		return Codes{}, Refuse("此人已经绑定，换手机请先解绑。")
	}
	c := Codes{Code: randomText(codeLength), Scene: "b" + randomText(sceneLength), Expires: d.Now.Add(CodeLife)}
	if err := d.storeCodes(personID, c); err != nil {
		return Codes{}, fmt.Errorf("issue a code for %s: %w", personID, err)
	}
	return c, d.did("IssueCode", personID, "")
}

func (d *Desk) storeCodes(personID string, c Codes) error {
	for text, scene := range map[string]bool{c.Code: false, c.Scene: true} {
		if err := d.tx.RevokeBindingCodes(personID, scene); err != nil {
			return err
		}
		err := d.tx.AddBindingCode(&models.BindingCode{
			ID: d.tx.NewID(), PersonID: personID, CodeIndex: d.h.box.Index("binding", text), Scene: scene,
			ExpiresAt: c.Expires, IssuedBy: d.Who.ID, CreatedAt: d.Now,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// randomText is n characters of the code alphabet, each as likely.
func randomText(n int) string {
	out := make([]byte, 0, n)
	for buf := make([]byte, 1); len(out) < n; {
		_, _ = rand.Read(buf) // never fails
		if limit := 256 - 256%len(codeAlphabet); int(buf[0]) < limit {
			out = append(out, codeAlphabet[int(buf[0])%len(codeAlphabet)])
		}
	}
	return string(out)
}

// PlainCode writes a code as it was issued, however it was typed: full-width,
// lower case, with spaces or hyphens.
func PlainCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // full width
			r -= '！' - '!'
		}
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r == ' ', r == '\u3000', r == '-', r == '—':
			return -1
		default:
			return r
		}
	}, s)
}

// MayBind refuses somebody who is bound already.
func (v *View) MayBind() error {
	if v.Bound() {
		return Refuse("您已经绑定为%s，不用再绑定。", v.Who.Name)
	}
	return v.may("MayBind", own(""))
}

// IsScene reports whether a scanned scene is that of a binding code.
func IsScene(s string) bool {
	return len(s) == sceneLength+1 && s[0] == 'b' && strings.Trim(s[1:], codeAlphabet) == ""
}

// Proof is what somebody shows to be bound: a code with the phone's last four
// digits, or a scene that was scanned.
type Proof struct {
	Code   string
	Phone4 string
	Scene  string
}

// errProof is the one answer to everything that does not match, so that it
// tells a guesser nothing.
func errProof() error {
	return RefuseField("code", "绑定码或手机尾号不对，或者绑定码已经用过、过期了。请核对后再发，或找镇上工作人员重发绑定码。")
}

// Bind binds the asking WeChat user to the person whose proof is shown. Tries
// are counted in the database, by WeChat user and by village.
func (d *Desk) Bind(p Proof) (models.Person, error) {
	if err := d.MayBind(); err != nil {
		return models.Person{}, err
	}
	if err := d.may("Bind", own("")); err != nil {
		return models.Person{}, err
	}
	if err := d.countTry("openid:"+d.h.mark(d.OpenID), triesPerOpenID); err != nil {
		return models.Person{}, err
	}
	who, code, err := d.proven(p)
	if err != nil {
		return models.Person{}, err
	}
	switch err := d.tx.UseBindingCode(code.ID); {
	case errors.Is(err, models.ErrStale):
		return models.Person{}, errProof()
	case err != nil:
		return models.Person{}, fmt.Errorf("bind %s: %w", who.ID, err)
	}
	switch err := d.tx.AddBinding(who.ID, d.OpenID, ConsentEdition); {
	case errors.Is(err, models.ErrExists):
		return models.Person{}, errProof()
	case err != nil:
		return models.Person{}, fmt.Errorf("bind %s: %w", who.ID, err)
	}
	if err := d.tx.SetFollowed(d.OpenID, d.Sent); err != nil {
		return models.Person{}, fmt.Errorf("bind %s: %w", who.ID, err)
	}
	if err := d.wakeNotices(who.ID); err != nil {
		return models.Person{}, err
	}
	if err := d.tx.RevokeBindingCodes(who.ID, !code.Scene); err != nil {
		return models.Person{}, fmt.Errorf("end the other code of %s: %w", who.ID, err)
	}
	d.Who = who
	return who, d.did("Bind", who.ID, "")
}

// countTry counts one try that stays counted, and refuses one too many. It is
// counted before it is judged: the count's row is held until the command ends,
// so that tries at once take turns.
func (d *Desk) countTry(subject string, most int) error {
	return d.Keep(func() error {
		if err := d.tx.CountAttempt(subject, d.Today); err != nil {
			return fmt.Errorf("count tries: %w", err)
		}
		n, err := d.tx.Attempts(subject, d.Today)
		if err != nil {
			return fmt.Errorf("count tries: %w", err)
		}
		if n > most {
			return Refuse("今天试的次数太多了，请明天再试，或找镇上工作人员。")
		}
		return nil
	})
}

// proven finds whose proof it is. Every way to fail takes the same steps and has
// the same answer, so that neither tells a guesser anything.
func (d *Desk) proven(p Proof) (models.Person, models.BindingCode, error) {
	text, scene := PlainCode(p.Code), p.Scene != ""
	if scene {
		text = p.Scene
	}
	code, err := d.tx.BindingCode(d.h.box.Index("binding", text))
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return models.Person{}, code, fmt.Errorf("find a code: %w", err)
	}
	who, err := d.tx.Person(code.PersonID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return who, code, fmt.Errorf("find the code's person: %w", err)
	}
	if err := d.countVillage(code.PersonID); err != nil {
		return who, code, err
	}
	fits := d.opens(who.Phone, PlainCode(p.Phone4), "people.phone."+who.ID)
	if code.ID == "" || code.UsedAt != nil || d.Now.After(code.ExpiresAt) || code.Scene != scene || !fits && !scene {
		return who, code, errProof()
	}
	return who, code, nil
}

// countVillage counts a try against the village of the code that was tried.
// Codes that nobody has are counted together, without a limit.
func (d *Desk) countVillage(personID string) error {
	at, err := d.placeOf(personID)
	if err != nil {
		return err
	}
	if at.Village == "" {
		return d.countTry("village:none", math.MaxInt)
	}
	return d.countTry("village:"+at.Village, triesPerVillage)
}

// opens reports whether a sealed phone ends in four digits.
func (d *Desk) opens(sealed, last4, place string) bool {
	phone, err := d.h.box.Open(sealed, place)
	if err != nil || len(phone) < 4 || len(last4) != 4 {
		phone, last4 = "0000", "xxxx"
	}
	return subtle.ConstantTimeCompare([]byte(phone[len(phone)-4:]), []byte(last4)) == 1
}

// placeOf says where a person belongs: the village and town of the post or
// role.
func (v *View) placeOf(personID string) (Target, error) {
	grants, err := (&View{h: v.h, tx: v.tx, Today: v.Today}).grantsOf(personID)
	if err != nil {
		return Target{}, err
	}
	t := own(personID)
	for _, g := range grants {
		if g.Town != "" {
			t.Village, t.Town = g.Village, g.Town
			break
		}
	}
	return t, nil
}

// Me is who somebody is: for a greeting and for the menu.
type Me struct {
	Name    string
	Roles   []RoleName
	Post    string // as it is said: 村党组织书记兼村委会主任
	Village string
	Town    string
}

// WhoAmI says who the person is now.
func (v *View) WhoAmI() (Me, error) {
	if err := v.may("WhoAmI", own(v.Who.ID)); err != nil {
		return Me{}, err
	}
	return v.describe(v.Who, v.grants)
}

// meOf says who somebody else is now. What whoever asks may do has no part in it.
func (v *View) meOf(p models.Person) (Me, error) {
	grants, err := (&View{h: v.h, tx: v.tx, Today: v.Today}).grantsOf(p.ID)
	if err != nil {
		return Me{}, err
	}
	return v.describe(p, grants)
}

func (v *View) describe(p models.Person, grants []Grant) (Me, error) {
	me := Me{Name: p.Name}
	for _, g := range grants {
		if !slices.Contains(me.Roles, g.Role) {
			me.Roles = append(me.Roles, g.Role)
		}
		if err := v.place(&me, g); err != nil {
			return me, err
		}
	}
	posts, err := v.tx.PostsOf(p.ID)
	if err != nil {
		return me, fmt.Errorf("posts of %s: %w", p.ID, err)
	}
	me.Post = postNames(posts, v.Today)
	return me, nil
}

func (v *View) place(me *Me, g Grant) error {
	if g.Village != "" && me.Village == "" {
		village, err := v.tx.Village(g.Village)
		if err != nil {
			return fmt.Errorf("village %s: %w", g.Village, err)
		}
		me.Village = village.Name
	}
	if g.Town != "" && me.Town == "" {
		town, err := v.tx.Town(g.Town)
		if err != nil {
			return fmt.Errorf("town %s: %w", g.Town, err)
		}
		me.Town = town.Name
	}
	return nil
}

// postNames writes the posts held on a day, the higher first.
func postNames(posts []models.Post, day calendar.Date) string {
	var names []string
	for _, title := range postOrder() {
		if slices.ContainsFunc(posts, func(p models.Post) bool { return p.Title == title && p.On(day) }) {
			names = append(names, title.Chinese())
		}
	}
	return strings.Join(names, "兼")
}

func postOrder() []models.PostTitle {
	return []models.PostTitle{
		models.PartySecretary, models.CommitteeDirector, models.PartyDeputySecretary, models.CommitteeDeputy,
		models.PartyMember, models.CommitteeMember, models.Supervisor,
	}
}

// Introduce is WhoAmI after something changed in this very command: a binding
// makes somebody of a visitor.
func (d *Desk) Introduce() (Me, error) {
	if err := d.may("Introduce", own(d.Who.ID)); err != nil {
		return Me{}, err
	}
	grants, err := d.grantsOf(d.Who.ID)
	if err != nil {
		return Me{}, err
	}
	return d.describe(d.Who, grants)
}

// Has reports whether somebody holds a role.
func (m Me) Has(role RoleName) bool { return slices.Contains(m.Roles, role) }

// Title is how somebody is introduced: 柳湾村 村党组织书记.
func (m Me) Title() string {
	names := map[RoleName]string{
		Villager: "村民", Supervisor: "监委会主任", TownStaff: "镇工作人员", TownLeader: "镇党委", Assessor: "考核组",
		Department: "县直部门", Org: "县委组织部", Auditor: "审计", Admin: "管理员",
	}
	at, what := m.Village, m.Post
	if at == "" {
		at = m.Town
	}
	if what == "" && len(m.Roles) > 0 {
		what = names[m.Roles[0]]
	}
	return strings.TrimSpace(at + " " + what)
}
