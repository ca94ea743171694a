package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/wechat"
)

// TestClientWithTheSimulator lets our client make each of its calls to the
// platform that is played here: the two were written apart.
func TestClientWithTheSimulator(t *testing.T) {
	t.Parallel()
	d := newTestDemo(t, models.Source{})
	s := newStranger(t, d)
	client, err := d.platform(s.base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	who := s.unboundCadre().OpenID
	clientTags(t, client, d.sim, who)
	clientPhotos(t, client, d.sim, who)
	clientNotices(t, client, who)
	clientTrouble(t, client, d.sim, who)
}

func clientTags(t *testing.T, client *wechat.Client, platform *sim.Sim, who string) {
	t.Helper()
	ctx := t.Context()
	one, err := client.EnsureTag(ctx, "村干部")
	if err != nil {
		t.Fatal(err)
	}
	two, err := client.EnsureTag(ctx, "村文书")
	if err != nil {
		t.Fatal(err)
	}
	menu := func(name string) wechat.Menu { return wechat.Menu{Buttons: []wechat.Button{{Name: name, Key: name}}} }
	for range 2 { // a menu is published over another
		err = client.PublishMenus(ctx, menu("大家"), wechat.TagMenu{TagID: one.ID, Menu: menu("干部")}, wechat.TagMenu{TagID: two.ID, Menu: menu("文书")})
		if err != nil {
			t.Fatal(err)
		}
	}
	for tag, want := range map[int]string{0: "大家", one.ID: "干部", two.ID: "文书"} {
		if err := client.SetTag(ctx, tag, []int{one.ID, two.ID}, who); err != nil {
			t.Fatal(err)
		}
		if got := platform.MenuOf(who); len(got) != 1 || got[0].Name != want {
			t.Errorf("with tag %d: %+v, want %s", tag, got, want)
		}
	}
	if err := client.SetTag(ctx, two.ID, []int{one.ID}, who); err != nil {
		t.Fatal(err)
	}
	if got, err := client.TagMembers(ctx, two.ID); err != nil || !slices.Equal(got, []string{who}) {
		t.Errorf("members %v, %v", got, err)
	}
	tags, err := client.Tags(ctx)
	if err != nil || !slices.Contains(tags, wechat.Tag{ID: two.ID, Name: "村文书", Count: 1}) {
		t.Errorf("tags %+v, %v", tags, err)
	}
}

func clientPhotos(t *testing.T, client *wechat.Client, platform *sim.Sim, who string) {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
		t.Fatal(err)
	}
	if _, err := platform.SendPhoto(t.Context(), who, picture.Bytes()); err != nil {
		t.Fatal(err)
	}
	id := platform.LastMedia(who)
	photo, err := client.Media(t.Context(), id)
	if err != nil || photo.Width != 64 || photo.Height != 48 {
		t.Errorf("photo %q: %+v, %v", id, photo, err)
	}
	if err := platform.Script("media/get", sim.Fail{Half: true, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Media(t.Context(), id); err == nil {
		t.Error("half a photo was taken for a whole one")
	}
	if _, err := client.Media(t.Context(), "unknown"); codeOf(err) != 40007 {
		t.Errorf("an unknown photo: %v", err)
	}
}

func clientNotices(t *testing.T, client *wechat.Client, who string) {
	t.Helper()
	n := wechat.Subscription{OpenID: who, TemplateID: "demo-duty", Data: map[string]string{"thing1": "9月28日", "thing2": "早班", "thing3": "到岗后回复签到"}}
	if _, err := client.SendSubscription(t.Context(), n); err != nil {
		t.Error(err)
	}
	delete(n.Data, "thing3")
	if _, err := client.SendSubscription(t.Context(), n); codeOf(err) != 47003 || !strings.Contains(err.Error(), "thing3") {
		t.Errorf("without a field: %v", err)
	}
}

// clientTrouble: every kind of trouble is an error of the client's, and the call
// after it is none.
func clientTrouble(t *testing.T, client *wechat.Client, platform *sim.Sim, who string) {
	t.Helper()
	send := func(ctx context.Context) error {
		_, err := client.SendTemplate(ctx, wechat.Template{OpenID: who, TemplateID: "demo-duty", Data: map[string]string{"thing1": "9月28日", "thing2": "早班", "thing3": "到岗后回复签到"}})
		return err
	}
	for name, f := range map[string]sim.Fail{
		"an errcode": {Code: 45009}, "a status": {Status: 503}, "a page": {HTML: true}, "half an answer": {Half: true},
		"a cut line": {Cut: true}, "an answer that is lost": {Lost: true, Cut: true},
	} {
		f.Times = 1
		if err := platform.Script("message/template/send", f); err != nil {
			t.Fatal(err)
		}
		if err := send(t.Context()); err == nil {
			t.Errorf("%s is no error", name)
		}
		if err := send(t.Context()); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
	if err := platform.Script("message/template/send", sim.Fail{Code: 40001, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if err := send(t.Context()); err != nil {
		t.Errorf("a dead token is renewed: %v", err)
	}
}

// codeOf is the errcode in an error, or 0.
func codeOf(err error) int {
	if e, ok := errors.AsType[*wechat.Error](err); ok {
		return e.Code
	}
	return 0
}
