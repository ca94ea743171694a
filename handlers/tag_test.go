package handlers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestEverybodyHasTheOneTagOfWhatHeIs follows a cadre who becomes a clerk.
func TestEverybodyHasTheOneTagOfWhatHeIs(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		want := func(when string, tags map[string]string) {
			t.Helper()
			due, err := o.TagsDue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, d := range due {
				got[d.OpenID] = d.Want
			}
			if diff := cmp.Diff(tags, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", when, diff)
			}
			for id, tag := range got {
				if err := o.Tagged(t.Context(), tag, id); err != nil {
					t.Fatal(err)
				}
			}
		}
		for name, openID := range map[string]string{"书记": "o-1", "东镇干事": "o-2", "村民": "o-3", "监委": "o-4", "组织部": "o-5"} {
			o.bound(t, name, openID)
		}
		want("when they are bound", map[string]string{
			"o-1": handlers.TagCadre, "o-2": handlers.TagStaff, "o-3": handlers.TagNone, "o-4": handlers.TagNone, "o-5": handlers.TagStaff,
		})
		want("when the platform knows", map[string]string{})
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			posts, err := tx.PostsOf(o.ids["书记"])
			if err != nil {
				return err
			}
			if err := tx.EndPost(posts[0].ID, calendar.Date{}, calendar.On(tx.Now).Add(-1)); err != nil {
				return err
			}
			scope, err := tx.Towns()
			if err != nil {
				return err
			}
			return tx.AddRole(&models.Role{ID: tx.NewID(), PersonID: o.ids["书记"], Name: string(handlers.TownStaff), ScopeID: scope[0].ID, FromDay: calendar.On(tx.Now)})
		})
		if err != nil {
			t.Fatal(err)
		}
		want("before anybody looks", map[string]string{})
		if err := o.CheckTags(t.Context()); err != nil {
			t.Fatal(err)
		}
		want("after a cadre became a clerk", map[string]string{"o-1": handlers.TagStaff})
		o.event(t, "o-2", "k-1", morning, (*handlers.Desk).Unfollow)
		want("while somebody is away", map[string]string{})
		o.event(t, "o-2", "k-2", morning, (*handlers.Desk).Follow)
		want("whom the platform forgot with all tags", map[string]string{"o-2": handlers.TagStaff})
	})
}

// TestAnOldTelephoneLosesItsTag unbinds a cadre: the menu of cadres goes too.
func TestAnOldTelephoneLosesItsTag(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		want := func(when string, tags ...handlers.TagDue) {
			t.Helper()
			due, err := o.TagsDue(t.Context())
			if diff := cmp.Diff(tags, due); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got)\n%s", when, err, diff)
			}
			for _, d := range due {
				if err := o.Tagged(t.Context(), d.Want, d.OpenID); err != nil {
					t.Fatal(err)
				}
			}
		}
		unbind := func(key string) {
			t.Helper()
			if said := o.do(t, "东镇干事", key, func(d *handlers.Desk) error { return d.Unbind(o.ids["委员"], "丢了手机") }); said != "" {
				t.Fatal(said)
			}
		}
		bound := func(name, key string) {
			t.Helper()
			if said := o.bind(t, "o-1", key, handlers.Proof{Scene: o.codes(t, name).Scene}); said != "" {
				t.Fatal(said)
			}
		}
		bound("委员", "b-1")
		unbind("k-1")
		want("whom the platform never knew")
		bound("委员", "b-2")
		want("when he is bound again", handlers.TagDue{OpenID: "o-1", Want: handlers.TagCadre})
		unbind("k-2")
		want("when he is unbound", handlers.TagDue{OpenID: "o-1", Want: handlers.TagNone})
		want("when the platform knows")
		bound("委员", "b-3")
		want("when he is bound once more", handlers.TagDue{OpenID: "o-1", Want: handlers.TagCadre})
		unbind("k-3")
		bound("组织部", "b-4")
		want("when the telephone is somebody else's", handlers.TagDue{OpenID: "o-1", Want: handlers.TagStaff})
		want("when the platform knows that")
		if said := o.do(t, "组织部", "k-4", func(d *handlers.Desk) error { return d.Unbind(o.ids["组织部"], "换了手机") }); said != "" {
			t.Fatal(said)
		}
		o.event(t, "o-1", "k-5", morning, (*handlers.Desk).Unfollow)
		want("who has left, and the platform has forgotten him with all tags")
	})
}
