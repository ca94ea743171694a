package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxCall is the most that a call to the API may carry.
const maxCall = 1 << 20

// platformError is how the API says no: with status 200.
type platformError struct {
	Code int    `json:"errcode"`
	Msg  string `json:"errmsg"`
}

// call is one call to the API.
type call struct {
	query url.Values
	body  []byte
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

// api serves the platform's API below /sim/api.
func (s *Sim) api() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, f platform) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" /sim/api/cgi-bin/"+path, serveCall(f))
	}
	with := func(pattern string, f platform) { open(pattern, s.authorized(f)) }
	open("GET token", s.token)
	open("POST stable_token", s.stableToken)
	with("POST menu/create", s.createMenu)
	with("GET menu/get", s.getMenu)
	with("GET menu/delete", s.deleteMenu)
	with("POST message/template/send", s.sendTemplate)
	with("POST message/subscribe/bizsend", s.sendSubscribe)
	with("POST message/custom/send", s.sendCustom)
	with("POST message/custom/typing", s.typing)
	with("POST qrcode/create", s.createCode)
	mux.HandleFunc("GET /sim/api/cgi-bin/showqrcode", s.showCode)
	mux.Handle("/sim/api/", serveCall(func(call) (any, *platformError) { return nil, refuse(40066, "invalid url") }))
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

func serveCall(f platform) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
		if err != nil {
			http.Error(w, "request too large", http.StatusRequestEntityTooLarge)
			return
		}
		out, no := f(call{query: r.URL.Query(), body: body})
		if no != nil {
			out = no
		}
		writeAnswer(w, http.StatusOK, out, "") // clients of others trip over a line's end
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
