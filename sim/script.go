package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// EveryAPI is the name under which a script holds for each API that has none of
// its own.
const EveryAPI = "*"

// Fail is what goes wrong with calls of one API. One that says nothing lets a
// call through, so that a script can fail the third. Of the ways to fail there
// may be one; Delay goes with each, and Cut with Lost.
type Fail struct {
	Code   int    `json:"code,omitempty"`   // an errcode, and nothing is done
	Msg    string `json:"msg,omitempty"`    // the errmsg with it
	Status int    `json:"status,omitempty"` // of HTTP, with a page, and nothing is done
	HTML   bool   `json:"html,omitempty"`   // a page instead of JSON, and nothing is done
	Cut    bool   `json:"cut,omitempty"`    // the connection ends, and nothing is done
	Lost   bool   `json:"lost,omitempty"`   // it is done, but no answer ever comes; with Cut the connection ends at once
	Half   bool   `json:"half,omitempty"`   // it is done, but the answer breaks off

	Delay  time.Duration `json:"-"`                // on the clock on the wall, before anything else
	Times  int           `json:"times,omitempty"`  // how many calls it is used on, then comes the next; 0 is for ever
	Chance int           `json:"chance,omitempty"` // in a hundred calls; 0 is each
	Seed   uint64        `json:"seed,omitempty"`   // the same seed has the same luck
}

// running is a Fail at work.
type running struct {
	Fail

	left int
	dice *rand.Rand
}

// Script sets what goes wrong with the coming calls of an API, such as
// message/template/send, one after another. Without any all is well again.
func (s *Sim) Script(api string, fails ...Fail) error {
	if !s.isAPI(api) {
		return fmt.Errorf("sim: no API %q", api)
	}
	list := make([]*running, len(fails))
	for i, f := range fails {
		if err := f.check(); err != nil {
			return fmt.Errorf("sim: script of %s: %w", api, err)
		}
		dice := rand.New(rand.NewPCG(f.Seed, 0)) //nolint:gosec // luck that can be repeated is wanted
		list[i] = &running{Fail: f, left: f.Times, dice: dice}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[api] = list
	return nil
}

func (s *Sim) isAPI(name string) bool {
	if name == EveryAPI {
		return true
	}
	for pattern := range s.calls() {
		if _, api, _ := strings.Cut(pattern, " "); api == name {
			return true
		}
	}
	return false
}

func (f Fail) check() error {
	ways := 0
	for _, is := range []bool{f.Code != 0, f.Status != 0, f.HTML, f.Cut && !f.Lost, f.Lost, f.Half} {
		if is {
			ways++
		}
	}
	switch {
	case ways > 1:
		return errors.New("a call can fail in one way only")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is no failure", f.Status)
	case f.Delay < 0 || f.Delay > time.Hour || f.Times < 0 || f.Chance < 0 || f.Chance > 100:
		return errors.New("a delay, a number of times or a chance that cannot be")
	}
	return nil
}

// nextFail is what the script of an API has for one call.
func (s *Sim) nextFail(api string) Fail {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.scripts[api]) == 0 {
		api = EveryAPI
	}
	list := s.scripts[api]
	if len(list) == 0 {
		return Fail{}
	}
	f := list[0]
	if f.Chance > 0 && f.dice.IntN(100) >= f.Chance {
		return Fail{}
	}
	if f.Times > 0 {
		f.left--
	}
	if f.Times > 0 && f.left == 0 {
		s.scripts[api] = list[1:]
	}
	return f.Fail
}

// perform answers a call as its script wants, and keeps that it did. do carries
// the call out.
func (s *Sim) perform(w http.ResponseWriter, r *http.Request, api string, do func() any) {
	f := s.nextFail(api)
	if why := f.what(); why != "" {
		s.record(Delivery{At: s.now(), Out: true, Kind: api, Status: f.Status, Outcome: Scripted, Code: f.Code, Reason: why})
	}
	if f.Delay > 0 && !s.pause(r.Context(), f.Delay) {
		return
	}
	switch {
	case f.Lost:
		do()
		if !f.Cut {
			s.pause(r.Context(), time.Hour)
		}
		cut(w)
	case f.Cut:
		cut(w)
	case f.Status != 0:
		writePage(w, f.Status)
	case f.HTML:
		writePage(w, http.StatusOK)
	case f.Code != 0:
		writeAnswer(w, http.StatusOK, refuse(f.Code, f.words()), "")
	case f.Half:
		writeOut(half{w}, do())
	default:
		writeOut(w, do())
	}
}

// what names the way to fail, or nothing.
func (f Fail) what() string {
	switch {
	case f.Lost:
		return "lost answer"
	case f.Cut:
		return "cut line"
	case f.Status != 0:
		return "status"
	case f.HTML:
		return "page"
	case f.Code != 0:
		return "errcode"
	case f.Half:
		return "half an answer"
	case f.Delay > 0:
		return "delay"
	}
	return ""
}

func (f Fail) words() string {
	if f.Msg == "" {
		return "system error"
	}
	return f.Msg
}

// writeOut writes what a call came to. Clients of others trip over a line's end
// after JSON.
func writeOut(w http.ResponseWriter, out any) {
	f, isFile := out.(file)
	if !isFile {
		writeAnswer(w, http.StatusOK, out, "")
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(f.body)
}

// half promises all that is written and writes half of it.
type half struct{ http.ResponseWriter }

// WriteHeader waits for the body, whose length goes with it.
func (half) WriteHeader(int) {}

// Write writes the first half. The server cuts the connection then, because
// more was promised.
func (h half) Write(b []byte) (int, error) {
	h.Header().Set("Content-Length", strconv.Itoa(len(b)))
	return h.ResponseWriter.Write(b[:len(b)/2])
}

// writePage answers as a proxy does that stands before the platform.
func writePage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	fmt.Fprintf(w, "<html>\r\n<head><title>%s</title></head>\r\n<body><center><h1>系统繁忙</h1>%s</center></body>\r\n</html>\r\n", title, title)
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "this connection cannot be cut", http.StatusBadGateway)
		return
	}
	conn.Close()
}

// pause waits, and reports whether there is still somebody to answer.
func (s *Sim) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.quit:
	}
	return false
}

// failJSON is a Fail as other programs write it.
type failJSON struct {
	Fail

	DelayMS int64 `json:"delay_ms,omitempty"`
}

type scriptJSON struct {
	API   string     `json:"api"`
	Fails []failJSON `json:"fails"`
}

// postScript sets an API's script.
func (s *Sim) postScript(w http.ResponseWriter, r *http.Request) {
	var in scriptJSON
	if !readJSON(w, r, &in) {
		return
	}
	fails := make([]Fail, len(in.Fails))
	for i, f := range in.Fails {
		fails[i] = f.Fail
		fails[i].Delay = time.Duration(min(f.DelayMS, int64(time.Hour/time.Millisecond)+1)) * time.Millisecond
	}
	if err := s.Script(in.API, fails...); err != nil {
		writeError(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	s.showScripts(w, r)
}

// showScripts lists what will go wrong.
func (s *Sim) showScripts(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	list := []scriptJSON{}
	for api, fails := range s.scripts {
		one := scriptJSON{API: api}
		for _, f := range fails {
			left := f.Fail
			left.Times = f.left
			one.Fails = append(one.Fails, failJSON{Fail: left, DelayMS: f.Delay.Milliseconds()})
		}
		if len(one.Fails) > 0 {
			list = append(list, one)
		}
	}
	s.mu.Unlock()
	slices.SortFunc(list, func(a, b scriptJSON) int { return strings.Compare(a.API, b.API) })
	writeJSON(w, http.StatusOK, list)
}
