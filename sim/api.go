package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxCall is the most that a call to the API may carry, and maxUpload the most
// if it brings a file.
const (
	maxCall   = 1 << 20
	maxUpload = maxMedia + maxCall
)

// platformError is how the API says no: with status 200.
type platformError struct {
	Code int    `json:"errcode"`
	Msg  string `json:"errmsg"`
}

// call is one call to the API.
type call struct {
	query url.Values
	kind  string // Content-Type
	body  []byte
}

// file is an answer that is no JSON.
type file struct {
	kind, name string
	body       []byte
}

// decode reads a call's JSON.
func (c call) decode(into any) *platformError {
	if err := json.Unmarshal(c.body, into); err != nil {
		return refuse(47001, "data format error")
	}
	return nil
}

// refuse is an answer with an errcode, and with the request's id that the
// platform puts behind each.
func refuse(code int, msg string) *platformError {
	return &platformError{Code: code, Msg: fmt.Sprintf("%s rid: %08x-%08x", msg, randomN(1<<32), randomN(1<<32))}
}

// done is the answer of a call that has nothing to say.
func done() any { return platformError{Code: 0, Msg: "ok"} }

// platform is one function of the API. A nil refusal is success.
type platform func(call) (any, *platformError)

// calls are the functions of the API, by method and path.
func (s *Sim) calls() map[string]platform {
	all := map[string]platform{
		"GET media/get":                    s.getMedia,
		"POST media/upload":                s.uploadMedia,
		"POST menu/addconditional":         s.addConditional,
		"POST menu/delconditional":         s.deleteConditional,
		"POST menu/trymatch":               s.tryMatch,
		"POST tags/create":                 s.createTag,
		"POST tags/delete":                 s.deleteTag,
		"GET tags/get":                     s.getTags,
		"POST tags/getidlist":              s.tagsOf,
		"POST tags/members/batchtagging":   s.putTag,
		"POST tags/members/batchuntagging": s.takeTag,
		"POST tags/update":                 s.renameTag,
		"POST user/tag/get":                s.tagMembers,
		"POST clear_quota":                 s.clearQuota,
		"POST menu/create":                 s.createMenu,
		"GET menu/delete":                  s.deleteMenu,
		"GET menu/get":                     s.getMenu,
		"POST message/custom/send":         s.sendCustom,
		"POST message/custom/typing":       s.typing,
		"POST message/subscribe/bizsend":   s.sendSubscribe,
		"POST message/template/send":       s.sendTemplate,
		"POST qrcode/create":               s.createCode,
	}
	for pattern, f := range all {
		_, api, _ := strings.Cut(pattern, " ")
		all[pattern] = s.authorized(s.counted(api, f))
	}
	all["GET token"] = s.counted("token", s.token)
	all["POST stable_token"] = s.counted("stable_token", s.stableToken)
	return all
}

// api serves the platform's API below /sim/api.
func (s *Sim) api() http.Handler {
	mux := http.NewServeMux()
	for pattern, f := range s.calls() {
		method, api, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" /sim/api/cgi-bin/"+api, s.serveCall(api, f))
	}
	mux.HandleFunc("GET /sim/api/cgi-bin/showqrcode", s.showCode)
	mux.Handle("/sim/api/", s.serveCall("", func(call) (any, *platformError) { return nil, refuse(40066, "invalid url") }))
	return mux
}

// authorized lets a call through whose token is good.
func (s *Sim) authorized(f platform) platform {
	return func(c call) (any, *platformError) {
		if no := s.checkToken(c.query.Get("access_token")); no != nil {
			return nil, no
		}
		return f(c)
	}
}

// serveCall carries a call out, unless a script of the API says otherwise.
func (s *Sim) serveCall(api string, f platform) http.Handler {
	most := int64(maxCall)
	if api == "media/upload" {
		most = maxUpload
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
		if err != nil {
			http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
			return
		}
		s.perform(w, r, api, func() any {
			out, no := f(call{query: r.URL.Query(), kind: r.Header.Get("Content-Type"), body: body})
			if no != nil {
				return no
			}
			return out
		})
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) { writeAnswer(w, status, v, "\n") }

func writeAnswer(w http.ResponseWriter, status int, v any, end string) {
	out, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "cannot be written as JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(append(out, end...))
}
