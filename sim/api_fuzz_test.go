package sim_test

import (
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cunkao/cunkao/sim"
)

// apis are those that read what they are sent.
func apis() []string {
	return []string{
		"stable_token", "clear_quota", "menu/create", "menu/addconditional", "menu/delconditional", "menu/trymatch",
		"message/custom/send", "message/subscribe/bizsend", "message/template/send", "qrcode/create", "tags/create", "tags/delete",
		"tags/getidlist", "tags/members/batchtagging", "tags/members/batchuntagging", "tags/update", "user/tag/get", "media/upload",
	}
}

// FuzzCalls: whatever a call brings, the answer is JSON with status 200, and the
// platform goes on.
func FuzzCalls(f *testing.F) {
	form := "--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"x\"\r\n\r\n\xff\xd8\xff\xe0\r\n--b--\r\n"
	for i, body := range []string{
		`{}`, `[]`, `null`, ``, `{"touser":"o_li_si","template_id":"T1","data":{"thing1":{"value":"柳树村"},"phrase2":{"value":"优秀"}}}`,
		`{"touser":"o_li_si","template_id":"T1","data":{"thing1":null}}`, `{"tag":{"name":"村干部","id":100},"tagid":100,"openid_list":["o_li_si"]}`,
		`{"button":[{"type":"click","name":"干部","key":"k"}],"matchrule":{"tag_id":"100"},"menuid":"1","user_id":"o_li_si"}`,
		`{"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"x"}},"expire_seconds":1e9}`,
		`{"touser":"o_li_si","msgtype":"msgmenu","msgmenu":{"list":[{"id":"1","content":"<a href="}]}}`, form,
	} {
		f.Add(i, body)
	}
	wall := &wall{at: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	s := sim.New(sim.Options{
		Account: testAccount(), Clock: sim.NewClock(start(), wall.now),
		Templates: []sim.Template{{ID: "T1", Title: "通知", Fields: []sim.Field{{Key: "thing1"}, {Key: "phrase2"}}}},
	})
	f.Cleanup(s.Close)
	s.Follow(li)
	s.SetReports(sim.Reports{Lose: true}) // what goes on beside the calls would look like news to the fuzzer
	h := s.Handler()
	ask := func(t testing.TB, path, kind, body string) string {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/sim/api/cgi-bin/"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		out := httptest.NewRecorder()
		h.ServeHTTP(out, r)
		if out.Code != http.StatusOK || !json.Valid(out.Body.Bytes()) {
			t.Errorf("%s: %d %q", path, out.Code, out.Body)
		}
		return out.Body.String()
	}
	var token answer
	credentials := `{"grant_type":"client_credential","appid":"wx1234567890abcdef","secret":"a secret of the account"}`
	if err := json.Unmarshal([]byte(ask(f, "stable_token", "application/json", credentials)), &token); err != nil || token.Token == "" {
		f.Fatal(err)
	}
	s.SetLimits(sim.Limits{PerDay: map[string]int{"message/template/send": 1 << 40, "message/subscribe/bizsend": 1 << 40}})
	f.Fuzz(func(t *testing.T, n int, body string) {
		all := apis()
		api := all[((n%len(all))+len(all))%len(all)]
		kind := "application/json"
		if api == "media/upload" {
			kind = "multipart/form-data; boundary=b"
		}
		ask(t, api+"?type=image&access_token="+url.QueryEscape(token.Token), kind, body)
	})
}

// TestUploadsOfEveryShape keeps the form of an upload apart from its bytes.
func TestUploadsOfEveryShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jpg := photo(t, green())
	var form strings.Builder
	parts := multipart.NewWriter(&form)
	for _, field := range []string{"note", "media", "media"} {
		part, err := parts.CreateFormFile(field, "田 \"x\".jpg")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(jpg)
	}
	parts.Close()
	for name, test := range map[string]struct {
		kind, body string
		code       int
	}{
		"other fields before it":  {parts.FormDataContentType(), form.String(), 0},
		"another boundary":        {"multipart/form-data; boundary=other", form.String(), 41005},
		"no boundary":             {"multipart/form-data", form.String(), 41005},
		"a kind that is none":     {";;", form.String(), 41005},
		"a form that breaks off":  {parts.FormDataContentType(), form.String()[:len(jpg)], 41005},
		"a form of nothing":       {parts.FormDataContentType(), "", 41005},
		"a form that is no form":  {"application/json", `{"media":"x"}`, 41005},
		"only an end of the form": {"multipart/form-data; boundary=b", "--b--", 41005},
	} {
		res, err := w.server.Client().Post(w.server.URL+"/sim/api/cgi-bin/media/upload?type=image&access_token="+w.stable(t, "false").Token, test.kind, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		var a answer
		if err := json.NewDecoder(res.Body).Decode(&a); err != nil || a.Code != test.code {
			t.Errorf("%s: %+v, %v, want %d", name, a, err, test.code)
		}
		res.Body.Close()
	}
}
