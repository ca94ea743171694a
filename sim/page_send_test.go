package sim_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/sim"
)

// chat is what the page would show of a person's chat.
func (w *world) chat(t *testing.T, openID string) (list []struct{ Type, From, Title, Image string }) {
	t.Helper()
	status, body := w.do(t, http.MethodGet, "/sim/page/poll?openid="+url.QueryEscape(openID)+"&after=0", "")
	var out struct {
		Chats map[string][]struct{ Type, From, Title, Image string }
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v %s", status, err, body)
	}
	return out.Chats[openID]
}

func TestPageSendsAPhoto(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jpg := string(photo(t, green()))
	tests := map[string]struct {
		query, body string
		status      int
		kinds       string
	}{
		"a photo":               {"?openid=o_li_si", jpg, http.StatusOK, "image"},
		"a photo for a button":  {"?openid=o_li_si&type=pic_sysphoto&key=k", jpg, http.StatusOK, "event image"},
		"something else":        {"?openid=o_li_si", "<html>", http.StatusUnsupportedMediaType, ""},
		"nothing":               {"?openid=o_li_si", "", http.StatusUnsupportedMediaType, ""},
		"more than a photo has": {"?openid=o_li_si", strings.Repeat("x", 10<<20+1), http.StatusRequestEntityTooLarge, ""},
		"of nobody":             {"?openid=o_nobody", jpg, http.StatusNotFound, ""},
	}
	for name, test := range tests {
		before := len(w.account.all())
		if status, body := w.do(t, http.MethodPost, "/sim/page/photo"+test.query, test.body); status != test.status {
			t.Errorf("%s: %d %s, want %d", name, status, body, test.status)
		}
		var kinds []string
		for _, m := range w.account.all()[before:] {
			kinds = append(kinds, m.Type)
		}
		if got := strings.Join(kinds, " "); got != test.kinds {
			t.Errorf("%s: %q arrived, want %q", name, got, test.kinds)
		}
	}
	shown := w.chat(t, li)[0]
	if shown.Type != "image" || shown.From != "me" || shown.Image == "" {
		t.Fatalf("the chat shows %+v", shown)
	}
	if status, body := w.do(t, http.MethodGet, "/sim/page/media/"+shown.Image, ""); status != http.StatusOK || body != jpg {
		t.Errorf("the picture: %d, %d bytes", status, len(body))
	}
	if _, err := w.SendVoice(t.Context(), li, []byte("<script>alert(1)</script>")); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	for _, id := range []string{"unknown", seen[len(seen)-1].MediaID} {
		if status, _ := w.do(t, http.MethodGet, "/sim/page/media/"+id, ""); status != http.StatusNotFound {
			t.Errorf("what is no picture: %d", status)
		}
	}
}

func TestPageSendsAPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, body := w.do(t, http.MethodGet, "/sim/page/places", "")
	var places []sim.Place
	if err := json.Unmarshal([]byte(body), &places); err != nil || len(places) == 0 || places[0].Name == "" {
		t.Fatalf("places %s, %v", body, err)
	}
	place, err := json.Marshal(places[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		body   string
		status int
		kinds  int
	}{
		"a place":              {`{"openid":"o_li_si","place":` + string(place) + `}`, http.StatusOK, 1},
		"a place for a button": {`{"openid":"o_li_si","type":"location_select","key":"k","place":` + string(place) + `}`, http.StatusOK, 2},
		"nowhere":              {`{"openid":"o_li_si","place":{}}`, http.StatusUnprocessableEntity, 0},
		"words for degrees":    {`{"openid":"o_li_si","place":{"latitude":"<x>","longitude":"1"}}`, http.StatusUnprocessableEntity, 0},
		"of nobody":            {`{"openid":"o_nobody","place":` + string(place) + `}`, http.StatusNotFound, 0},
		"no JSON":              {`place`, http.StatusBadRequest, 0},
	} {
		before := len(w.account.all())
		if status, body := w.do(t, http.MethodPost, "/sim/page/place", test.body); status != test.status {
			t.Errorf("%s: %d %s, want %d", name, status, body, test.status)
		}
		if got := len(w.account.all()) - before; got != test.kinds {
			t.Errorf("%s: %d messages, want %d", name, got, test.kinds)
		}
	}
	if shown := w.chat(t, li)[0]; shown.Type != "place" || shown.Title != places[0].Name {
		t.Errorf("the chat shows %+v", shown)
	}
}

func TestPagePlacesOfTheCounty(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *sim.Options) { o.Places = []sim.Place{{Name: "石桥", Latitude: "31", Longitude: "121"}} })
	if _, body := w.do(t, http.MethodGet, "/sim/page/places", ""); !strings.HasPrefix(body, `[{"name":"石桥",`) || strings.Contains(body, "村口") {
		t.Errorf("places %s", body)
	}
}
