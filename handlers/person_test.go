package handlers_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

func (o *office) codes(t testing.TB, name string) (c handlers.Codes) {
	t.Helper()
	o.job(t, fmt.Sprintf("code:%s:%d", name, o.n.Add(1)), func(d *handlers.Desk) (err error) {
		c, err = d.IssueCode(o.ids[name])
		return err
	})
	return c
}

func (o *office) phone4(t testing.TB, name string) (last string) {
	t.Helper()
	cmd := handlers.Command{Key: "people", Who: handlers.Who{Job: "test"}}
	_, err := o.Look(t.Context(), cmd, func(v *handlers.View) (string, error) {
		cards, err := v.People()
		for _, c := range cards {
			if c.Name == name {
				last = c.Phone4
			}
		}
		return "", err
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func (o *office) bind(t testing.TB, openID, key string, p handlers.Proof) string {
	t.Helper()
	return o.do(t, openID, key, func(d *handlers.Desk) error { _, err := d.Bind(p); return err })
}

func TestBind(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		c, last := o.codes(t, "委员"), o.phone4(t, "委员")
		other := o.codes(t, "主任")
		wrong := o.bind(t, "o-1", "k-0", handlers.Proof{Code: c.Code, Phone4: "0000"})
		for name, p := range map[string]handlers.Proof{
			"a code that does not exist":    {Code: "AAAABBBB", Phone4: last},
			"somebody else's digits":        {Code: other.Code, Phone4: last},
			"a scene typed as a code":       {Code: c.Scene, Phone4: last},
			"a code given as a scanned one": {Scene: c.Code},
			"digits that are none":          {Code: c.Code, Phone4: "１２"},
		} {
			if got := o.bind(t, "o-"+name, "k-"+name, p); got != wrong || wrong == "" {
				t.Errorf("%s: %q, want the same answer as for wrong digits", name, got)
			}
		}
		// As people type: full width, lower case, spaces.
		typed := handlers.Proof{Code: " " + strings.ToLower(c.Code[:4]) + "　" + wide(c.Code[4:]), Phone4: wide(last)}
		if got := o.bind(t, "o-1", "k-1", typed); got != "" {
			t.Fatalf("the right code: %q", got)
		}
		if got := o.bind(t, "o-2", "k-2", handlers.Proof{Code: c.Code, Phone4: last}); got != wrong {
			t.Errorf("a used code: %q", got)
		}
		if got := o.bind(t, "o-2", "k-3", handlers.Proof{Scene: c.Scene}); got != wrong {
			t.Errorf("the scene beside a used code: %q", got)
		}
		if got := o.bind(t, "o-1", "k-4", handlers.Proof{Code: other.Code, Phone4: o.phone4(t, "主任")}); got != "您已经绑定为委员，不用再绑定。" {
			t.Errorf("a second person on one phone: %q", got)
		}
		o.set(morning.Add(73 * time.Hour))
		if got := o.bind(t, "o-9", "k-5", handlers.Proof{Code: other.Code, Phone4: o.phone4(t, "主任")}); got != wrong {
			t.Errorf("a code of 73 hours ago: %q", got)
		}
	})
}

// wide writes digits and letters as a phone in full-width mode does.
func wide(s string) string {
	return strings.Map(func(r rune) rune { return r + '！' - '!' }, s)
}

func TestOneCodeBindsOnePhoneEvenAtOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		c, last := o.codes(t, "委员"), o.phone4(t, "委员")
		bound := make([]string, 6)
		var all sync.WaitGroup
		for i := range bound {
			all.Go(func() {
				_, err := o.Do(t.Context(), o.by(fmt.Sprintf("o-%d", i), fmt.Sprintf("k-%d", i)), func(d *handlers.Desk) (string, error) {
					p, err := d.Bind(handlers.Proof{Code: c.Code, Phone4: last})
					return p.Name, err
				})
				bound[i] = refusal(t, err)
			})
		}
		all.Wait()
		n := 0
		for _, said := range bound {
			if said == "" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d phones were bound: %q", n, bound)
		}
	})
}

func TestTriesAreCountedByPhoneAndByVillage(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		c, last := o.codes(t, "委员"), o.phone4(t, "委员")
		tooMany := "今天试的次数太多了"
		for i := range 20 { // of twenty phones, four each at most
			said := o.bind(t, fmt.Sprintf("o-%d", i/4), fmt.Sprintf("k-%d", i), handlers.Proof{Code: c.Code, Phone4: "0000"})
			if strings.HasPrefix(said, tooMany) {
				t.Fatalf("try %d: %q", i, said)
			}
		}
		if said := o.bind(t, "o-new", "k-new", handlers.Proof{Code: c.Code, Phone4: last}); !strings.HasPrefix(said, tooMany) {
			t.Errorf("the 21st try in the village: %q", said)
		}
		o.set(morning.Add(24 * time.Hour))
		if said := o.bind(t, "o-new", "k-next", handlers.Proof{Code: c.Code, Phone4: last}); said != "" {
			t.Errorf("the next day: %q", said)
		}
	})
}

func TestIssueCodeKeepsToItsScope(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	for name, want := range map[string]bool{"东镇干事": true, "东镇党委": true, "组织部": true, "西镇党委": false, "书记": false, "村民": false, "管理员": false} {
		said := o.do(t, name, "k-"+name, func(d *handlers.Desk) error { _, err := d.IssueCode(o.ids["委员"]); return err })
		if (said == "") != want {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func TestARoleThatEndedIsGoneAtTheNextMessage(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		may := func(key string) string {
			return o.do(t, "东镇干事", key, func(d *handlers.Desk) error { _, err := d.IssueCode(o.ids["委员"]); return err })
		}
		if said := may("k-1"); said != "" {
			t.Fatal(said)
		}
		o.register(t, "end", handlers.PersonEntry{
			Name: "东镇干事", Phone: "199****" + o.phone4(t, "东镇干事"), Town: "东镇", Roles: []handlers.RoleName{handlers.TownStaff}, To: morningDay().Add(-1),
		})
		if said := may("k-2"); said != "您没有办理这件事的权限。" {
			t.Errorf("after the role ended: %q", said)
		}
	})
}

func TestPhonesAreSealedInTheDatabase(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{File: t.TempDir() + "/t.db", Unsynced: true})
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		people, err := tx.People()
		for _, p := range people {
			if strings.Contains(p.Phone, "199000") || strings.Contains(p.PhoneIndex, "199000") {
				t.Errorf("%s: the phone can be read: %q", p.Name, p.Phone)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTriesAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.codes(t, "委员")
		wrong := make([]bool, 12)
		var all sync.WaitGroup
		for i := range wrong {
			all.Go(func() {
				_, err := o.Do(t.Context(), o.by("o-1", fmt.Sprintf("k-%d", i)), func(d *handlers.Desk) (string, error) {
					_, err := d.Bind(handlers.Proof{Code: "AAAABBBB", Phone4: "0000"})
					return "", err
				})
				wrong[i] = strings.HasPrefix(refusal(t, err), "绑定码或手机尾号不对")
			})
		}
		all.Wait()
		n := 0
		for _, judged := range wrong {
			if judged {
				n++
			}
		}
		if n != 5 {
			t.Errorf("%d of 12 tries were judged, want 5", n)
		}
	})
}
