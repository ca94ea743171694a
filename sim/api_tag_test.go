package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ask calls the API with a good token and reads the answer.
func (w *world) ask(t *testing.T, method, api, body string, into any) int {
	t.Helper()
	_, out := w.do(t, method, "/sim/api/cgi-bin/"+api+"?access_token="+w.stable(t, "false").Token, body)
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%s: %v: %s", api, err, out)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(out), into); err != nil {
			t.Fatalf("%s: %v: %s", api, err, out)
		}
	}
	return a.Code
}

// makeTag makes a tag and returns its id.
func (w *world) makeTag(t *testing.T, name string) int {
	t.Helper()
	var out struct{ Tag struct{ ID int } }
	if code := w.ask(t, http.MethodPost, "tags/create", `{"tag":{"name":"`+name+`"}}`, &out); code != 0 || out.Tag.ID < 100 {
		t.Fatalf("tag %s: %d, %+v", name, code, out)
	}
	return out.Tag.ID
}

func (w *world) putTag(t *testing.T, id int, openIDs ...string) int {
	t.Helper()
	return w.tagCall(t, "tags/members/batchtagging", id, openIDs)
}

func (w *world) tagCall(t *testing.T, api string, id int, openIDs []string) int {
	t.Helper()
	body, err := json.Marshal(map[string]any{"tagid": id, "openid_list": openIDs})
	if err != nil {
		t.Fatal(err)
	}
	return w.ask(t, http.MethodPost, api, string(body), nil)
}

func (w *world) tagsOf(t *testing.T, openID string) []int {
	t.Helper()
	var out struct {
		IDs []int `json:"tagid_list"`
	}
	if code := w.ask(t, http.MethodPost, "tags/getidlist", `{"openid":"`+openID+`"}`, &out); code != 0 {
		t.Errorf("tags of %s: %d", openID, code)
	}
	return out.IDs
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Follow(wang)
	cadre, clerk := w.makeTag(t, "村干部"), w.makeTag(t, "村文书")
	if w.putTag(t, clerk, li) != 0 || w.putTag(t, cadre, li, wang) != 0 || w.putTag(t, clerk, li) != 0 {
		t.Error("tags were refused")
	}
	if got := w.tagsOf(t, li); !cmp.Equal(got, []int{clerk, cadre}) {
		t.Errorf("tags of 李四 %v, want them in the order in which they were put on", got)
	}
	type one struct {
		ID    int
		Name  string
		Count int
	}
	var all struct{ Tags []one }
	w.ask(t, http.MethodGet, "tags/get", "", &all)
	if diff := cmp.Diff([]one{{2, "星标组", 0}, {cadre, "村干部", 2}, {clerk, "村文书", 1}}, all.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	var page struct {
		Count int
		Data  struct{ OpenID []string }
		Next  string `json:"next_openid"`
	}
	w.ask(t, http.MethodPost, "user/tag/get", fmt.Sprintf(`{"tagid":%d,"next_openid":""}`, cadre), &page)
	if page.Count != 2 || !cmp.Equal(page.Data.OpenID, []string{li, wang}) || page.Next != wang {
		t.Errorf("members %+v", page)
	}
	last := page
	last.Data.OpenID = nil
	w.ask(t, http.MethodPost, "user/tag/get", fmt.Sprintf(`{"tagid":%d,"next_openid":"%s"}`, cadre, page.Next), &last)
	if last.Count != 0 || last.Data.OpenID != nil || last.Next != "" {
		t.Errorf("the page after the last %+v", last)
	}
	if code := w.tagCall(t, "tags/members/batchuntagging", cadre, []string{li}); code != 0 {
		t.Errorf("untagging: %d", code)
	}
	if code := w.ask(t, http.MethodPost, "tags/update", fmt.Sprintf(`{"tag":{"id":%d,"name":"文书"}}`, clerk), nil); code != 0 {
		t.Errorf("renaming: %d", code)
	}
	if code := w.ask(t, http.MethodPost, "tags/delete", fmt.Sprintf(`{"tag":{"id":%d}}`, cadre), nil); code != 0 {
		t.Errorf("deleting: %d", code)
	}
	w.ask(t, http.MethodGet, "tags/get", "", &all)
	if diff := cmp.Diff([]one{{2, "星标组", 0}, {clerk, "文书", 1}}, all.Tags); diff != "" || len(w.tagsOf(t, wang)) != 0 {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if err := w.Unfollow(t.Context(), li); err != nil {
		t.Fatal(err)
	}
	w.Follow(li)
	if got := w.tagsOf(t, li); len(got) != 0 {
		t.Errorf("tags of somebody who left and came back: %v", got)
	}
}

func TestLimitsOfTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.makeTag(t, "村干部")
	tests := map[string]struct {
		api, body string
		code      int
	}{
		"a name there is":                      {"tags/create", `{"tag":{"name":"村干部"}}`, 45157},
		"the platform's own name":              {"tags/create", `{"tag":{"name":"星标组"}}`, 45157},
		"no name":                              {"tags/create", `{"tag":{}}`, 45158},
		"31 characters":                        {"tags/create", `{"tag":{"name":"` + strings.Repeat("长", 31) + `"}}`, 45158},
		"not JSON":                             {"tags/create", `tag`, 47001},
		"the platform's own renamed":           {"tags/update", `{"tag":{"id":2,"name":"x"}}`, 45058},
		"the platform's own deleted":           {"tags/delete", `{"tag":{"id":2}}`, 45058},
		"an unknown one renamed":               {"tags/update", `{"tag":{"id":999,"name":"x"}}`, 45159},
		"an unknown one deleted":               {"tags/delete", `{"tag":{"id":999}}`, 45159},
		"an unknown one put on":                {"tags/members/batchtagging", `{"tagid":999,"openid_list":["o_li_si"]}`, 45159},
		"an unknown one's members":             {"user/tag/get", `{"tagid":999}`, 45159},
		"nobody":                               {"tags/members/batchtagging", fmt.Sprintf(`{"tagid":%d,"openid_list":[]}`, id), 40032},
		"51 people":                            {"tags/members/batchtagging", fmt.Sprintf(`{"tagid":%d,"openid_list":["o_li_si"%s]}`, id, strings.Repeat(`,"o_li_si"`, 50)), 40032},
		"50 people":                            {"tags/members/batchuntagging", fmt.Sprintf(`{"tagid":%d,"openid_list":["o_li_si"%s]}`, id, strings.Repeat(`,"o_li_si"`, 49)), 0},
		"one who follows and one who does not": {"tags/members/batchtagging", fmt.Sprintf(`{"tagid":%d,"openid_list":["o_li_si","o_wang_wu"]}`, id), 40003},
		"the tags of somebody unknown":         {"tags/getidlist", `{"openid":"o_nobody"}`, 40003},
	}
	for name, test := range tests {
		if code := w.ask(t, http.MethodPost, test.api, test.body, nil); code != test.code {
			t.Errorf("%s: %d, want %d", name, code, test.code)
		}
	}
	if got := w.tagsOf(t, li); len(got) != 0 {
		t.Errorf("a refused call put tags on: %v", got)
	}
	for n := 2; n <= 100; n++ {
		next := w.makeTag(t, fmt.Sprint("标签", n))
		want := 0
		if n > 21 {
			want = 45059
		}
		if code := w.putTag(t, next, li); code != want {
			t.Errorf("tag %d: %d, want %d", n-1, code, want)
		}
	}
	if code := w.ask(t, http.MethodPost, "tags/create", `{"tag":{"name":"又一个"}}`, nil); code != 45056 {
		t.Errorf("the 101st tag: %d", code)
	}
}
