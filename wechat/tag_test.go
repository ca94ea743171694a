package wechat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/wechat"
)

// answers gives each path of the API the answers in turn, the last for ever.
func answers(f *fake, by map[string][]string) {
	n := map[string]int{}
	f.answer = func(w http.ResponseWriter, r *http.Request) {
		api := strings.TrimPrefix(r.URL.Path, "/cgi-bin/")
		f.mu.Lock()
		defer f.mu.Unlock()
		all, ok := by[api]
		if !ok {
			all = []string{`{"errcode":0,"errmsg":"ok"}`}
		}
		i := min(n[api], len(all)-1)
		n[api]++
		say(w, "%s", all[i])
	}
}

// calls are what was called, in order, without the token.
func (f *fake) calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, r := range f.requests {
		out = append(out, strings.TrimSpace(strings.TrimPrefix(r.path, "/cgi-bin/")+" "+r.body))
	}
	return out
}

const someTags = `{"tags":[{"id":2,"name":"星标组","count":0},{"id":101,"name":"村书记","count":7}]}`

func TestTags(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	answers(f, map[string][]string{"tags/get": {someTags, `{"tags":[]}`, `{"errcode":45009,"errmsg":"x"}`}})
	c := newClient(t, f, nil)
	got, err := c.Tags(t.Context())
	if diff := cmp.Diff([]wechat.Tag{{ID: 2, Name: "星标组"}, {ID: 101, Name: "村书记", Count: 7}}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if got, err := c.Tags(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	// The SDK takes a refusal for an empty list.
	if _, err := c.Tags(t.Context()); wechat.ClassOf(err) != wechat.Quota {
		t.Errorf("got %v", err)
	}
}

func TestEnsureTag(t *testing.T) {
	t.Parallel()
	const made, rival = `{"tag":{"id":134,"name":"村文书"}}`, `{"errcode":45157,"errmsg":"invalid tag name"}`
	later := strings.Replace(someTags, "村书记", "村文书", 1)
	tests := map[string]struct {
		by    map[string][]string
		name  string
		want  wechat.Tag
		code  int
		calls []string
	}{
		"it is there": {
			by: map[string][]string{"tags/get": {someTags}}, name: "村书记",
			want: wechat.Tag{ID: 101, Name: "村书记", Count: 7}, calls: []string{"tags/get"},
		},
		"it is made": {
			by: map[string][]string{"tags/get": {someTags}, "tags/create": {made}}, name: "村文书",
			want: wechat.Tag{ID: 134, Name: "村文书"}, calls: []string{"tags/get", `tags/create {"tag":{"name":"村文书"}}`},
		},
		"somebody was quicker": {
			by: map[string][]string{"tags/get": {someTags, later}, "tags/create": {rival}}, name: "村文书",
			want: wechat.Tag{ID: 101, Name: "村文书", Count: 7}, calls: []string{"tags/get", `tags/create {"tag":{"name":"村文书"}}`, "tags/get"},
		},
		"the name is refused": {
			by: map[string][]string{"tags/get": {someTags}, "tags/create": {rival}}, name: "村文书",
			code: 45157, calls: []string{"tags/get", `tags/create {"tag":{"name":"村文书"}}`, "tags/get"},
		},
		"there are too many": {
			by: map[string][]string{"tags/get": {someTags}, "tags/create": {`{"errcode":45056,"errmsg":"x"}`}}, name: "村文书",
			code: 45056, calls: []string{"tags/get", `tags/create {"tag":{"name":"村文书"}}`},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			answers(f, tt.by)
			got, err := newClient(t, f, nil).EnsureTag(t.Context(), tt.name)
			if e, ok := errors.AsType[*wechat.Error](err); ok != (tt.code != 0) || ok && e.Code != tt.code {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, got) + cmp.Diff(tt.calls, f.calls()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTagMembers(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	answers(f, map[string][]string{"user/tag/get": {
		`{"count":2,"data":{"openid":["o1","o2"]},"next_openid":"o2"}`,
		`{"count":1,"data":{"openid":["o3"]},"next_openid":"o3"}`,
		`{"count":0}`,
		`{"errcode":40003,"errmsg":"x"}`,
	}})
	c := newClient(t, f, nil)
	got, err := c.TagMembers(t.Context(), 101)
	if diff := cmp.Diff([]string{"o1", "o2", "o3"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	want := []string{
		`user/tag/get {"tagid":101,"next_openid":""}`, `user/tag/get {"tagid":101,"next_openid":"o2"}`, `user/tag/get {"tagid":101,"next_openid":"o3"}`,
	}
	if diff := cmp.Diff(want, f.calls()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := c.TagMembers(t.Context(), 101); wechat.ClassOf(err) != wechat.Dead {
		t.Errorf("got %v", err)
	}
}

func TestSetTag(t *testing.T) {
	t.Parallel()
	t.Run("the others go first", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		if err := newClient(t, f, nil).SetTag(t.Context(), 102, []int{101, 102, 103}, "o1", "o2"); err != nil {
			t.Fatal(err)
		}
		want := []string{
			`tags/members/batchuntagging {"openid_list":["o1","o2"],"tagid":101}`,
			`tags/members/batchuntagging {"openid_list":["o1","o2"],"tagid":103}`,
			`tags/members/batchtagging {"openid_list":["o1","o2"],"tagid":102}`,
		}
		if diff := cmp.Diff(want, f.calls()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("none at all", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		if err := newClient(t, f, nil).SetTag(t.Context(), 0, []int{101}, "o1"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{`tags/members/batchuntagging {"openid_list":["o1"],"tagid":101}`}, f.calls()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	t.Run("fifty at a time", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		var all []string
		for i := range 120 {
			all = append(all, fmt.Sprintf("o%d", i))
		}
		if err := newClient(t, f, nil).SetTag(t.Context(), 102, nil, all...); err != nil {
			t.Fatal(err)
		}
		var sizes []int
		var sent []string
		for _, call := range f.calls() {
			var body struct {
				OpenIDs []string `json:"openid_list"`
			}
			_, text, _ := strings.Cut(call, " ")
			if err := json.Unmarshal([]byte(text), &body); err != nil {
				t.Fatal(err)
			}
			sizes, sent = append(sizes, len(body.OpenIDs)), append(sent, body.OpenIDs...)
		}
		if !slices.Equal(sizes, []int{50, 50, 20}) || !slices.Equal(sent, all) {
			t.Errorf("sent %v", sizes)
		}
	})
	t.Run("a failure leaves one of ours or none", func(t *testing.T) {
		t.Parallel()
		f := newFake(t, "a")
		answers(f, map[string][]string{"tags/members/batchuntagging": {`{"errcode":-1,"errmsg":"busy"}`}})
		err := newClient(t, f, nil).SetTag(t.Context(), 102, []int{101}, "o1")
		if wechat.ClassOf(err) != wechat.Retry || len(f.calls()) != 1 {
			t.Errorf("%v after %v", err, f.calls())
		}
	})
}

func TestPublishMenus(t *testing.T) {
	t.Parallel()
	everybody := wechat.Menu{Buttons: []wechat.Button{{Name: "帮助", Key: "帮助"}}}
	tags := []wechat.TagMenu{
		{TagID: 101, Menu: wechat.Menu{Buttons: []wechat.Button{
			{Name: "村务", Sub: []wechat.Button{
				{Name: "扫码签到", Type: wechat.ScanWait, Key: "s&<>"},
				{Name: "拍照", Type: wechat.PhotoOrAlbum, Key: "p"},
				{Name: "位置", Type: wechat.LocationSelect, Key: "l"},
				{Name: "我的", URL: "https://e.org/?a=1&b=村"},
				{Name: "签到", Type: wechat.Click, Key: "签到"},
			}},
		}}},
		{TagID: 102, Menu: everybody},
	}
	const (
		create = `menu/create {"button":[{"type":"click","name":"帮助","key":"帮助"}]}`
		first  = `menu/addconditional {"button":[{"name":"村务","sub_button":[` +
			`{"type":"scancode_waitmsg","name":"扫码签到","key":"s&<>"},{"type":"pic_photo_or_album","name":"拍照","key":"p"},` +
			`{"type":"location_select","name":"位置","key":"l"},{"type":"view","name":"我的","url":"https://e.org/?a=1&b=村"},` +
			`{"type":"click","name":"签到","key":"签到"}]}],"matchrule":{"tag_id":"101"}}`
		second = `menu/addconditional {"button":[{"type":"click","name":"帮助","key":"帮助"}],"matchrule":{"tag_id":"102"}}`
		added  = `{"menuid":"208379533"}`
	)
	tests := map[string]struct {
		by   map[string][]string
		want []string
		bad  bool
	}{
		"no menu before": {
			by:   map[string][]string{"menu/get": {`{"errcode":46003,"errmsg":"menu no exist"}`}, "menu/addconditional": {added}},
			want: []string{"menu/get", create, first, second},
		},
		"old ones go last": {
			by: map[string][]string{
				"menu/get":            {`{"menu":{"button":[],"menuid":1},"conditionalmenu":[{"button":[],"matchrule":{"group_id":101},"menuid":208396938},{"menuid":"9223372036854775807"}]}`},
				"menu/addconditional": {added},
			},
			want: []string{"menu/get", create, first, second, `menu/delconditional {"menuid":"208396938"}`, `menu/delconditional {"menuid":"9223372036854775807"}`},
		},
		"a menu without conditional ones": {
			by:   map[string][]string{"menu/get": {`{"menu":{"button":[],"menuid":1}}`}, "menu/addconditional": {added}},
			want: []string{"menu/get", create, first, second},
		},
		"what there is cannot be known": {
			by: map[string][]string{"menu/get": {`{"errcode":-1,"errmsg":"busy"}`}}, want: []string{"menu/get"}, bad: true,
		},
		"an id that is none": {
			by: map[string][]string{"menu/get": {`{"menu":{},"conditionalmenu":[{"menuid":{}}]}`}}, want: []string{"menu/get"}, bad: true,
		},
		"the old ones stay if a new one is refused": {
			by: map[string][]string{
				"menu/get": {`{"menu":{},"conditionalmenu":[{"menuid":7}]}`}, "menu/addconditional": {added, `{"errcode":65301,"errmsg":"x"}`},
			},
			want: []string{"menu/get", create, first, second}, bad: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			answers(f, tt.by)
			err := newClient(t, f, nil).PublishMenus(t.Context(), everybody, tags...)
			if diff := cmp.Diff(tt.want, f.calls()); diff != "" || tt.bad != (err != nil) {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

func TestSubscriptionEvents(t *testing.T) {
	t.Parallel()
	read := func(xml string) wechat.Message {
		m, err := wechat.Decode([]byte(event(xml)))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	asked := read(popup)
	wantChoices := []wechat.SubscriptionChoice{{TemplateID: "t1", Accepted: true, Scene: "x"}, {TemplateID: "t2"}}
	if diff := cmp.Diff(wantChoices, asked.SubscriptionChoices()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	changed := read(strings.NewReplacer("popup", "change", "Popup", "Change").Replace(popup))
	if got := changed.SubscriptionChoices(); len(got) != 2 {
		t.Errorf("of a change: %v", got)
	}
	sent := read("<Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent>" +
		"<List><TemplateId>t1</TemplateId><MsgID>11</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List>" +
		"<List><TemplateId>t2</TemplateId><MsgID>12</MsgID><ErrorCode>43101</ErrorCode><ErrorStatus>refused</ErrorStatus></List>" +
		"<List><TemplateId>t3</TemplateId><MsgID>13</MsgID><ErrorCode>soon</ErrorCode></List></SubscribeMsgSentEvent>")
	results := sent.SubscriptionResults()
	wantResults := []wechat.SubscriptionResult{
		{TemplateID: "t1", MsgID: "11", Code: "0", Status: "success"},
		{TemplateID: "t2", MsgID: "12", Code: "43101", Status: "refused"},
		{TemplateID: "t3", MsgID: "13", Code: "soon"},
	}
	if diff := cmp.Diff(wantResults, results); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	if results[0].Err() != nil || wechat.ClassOf(results[1].Err()) != wechat.Window || wechat.ClassOf(results[2].Err()) != wechat.Retry {
		t.Errorf("results mean %v, %v, %v", results[0].Err(), results[1].Err(), results[2].Err())
	}
	other := read("<Event>CLICK</Event><EventKey>k</EventKey>")
	if asked.SubscriptionResults() != nil || sent.SubscriptionChoices() != nil || other.SubscriptionChoices() != nil {
		t.Error("an event says what only another says")
	}
}
