package sim

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"
)

// maxPost is the most that a page or another program may post.
const maxPost = 64 << 10

// farthest is how far one walk may go. A walk does what is due on every day of
// the way, so that one to the year 9999 would never arrive.
const farthest = 800 * 24 * time.Hour

//go:embed page
var pageFiles embed.FS

// Handler serves the phone's page at / and /sim/, the platform's API below
// /sim/api/, and /sim/people, /sim/outbox, /sim/clock and /sim/script for other
// programs.
func (s *Sim) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /sim/{$}", s.index)
	mux.Handle("/sim/api/", s.api())
	mux.HandleFunc("GET /sim/people", s.listPeople)
	mux.HandleFunc("GET /sim/outbox", s.listOutbox)
	mux.HandleFunc("GET /sim/clock", s.showClock)
	mux.HandleFunc("POST /sim/clock", s.moveClock)
	mux.HandleFunc("GET /sim/script", s.showScripts)
	mux.HandleFunc("POST /sim/script", s.postScript)
	s.routePage(mux)
	assets, err := fs.Sub(pageFiles, "page")
	if err == nil { // it cannot fail: the folder is embedded
		mux.Handle("GET /sim/page/", http.StripPrefix("/sim/page/", http.FileServerFS(assets)))
	}
	return http.NewCrossOriginProtection().Handler(guarded(mux))
}

// guarded sets what every answer carries: nothing here loads or runs anything
// of somebody else's.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

func (s *Sim) index(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "page/index.html")
}

func (s *Sim) listPeople(w http.ResponseWriter, r *http.Request) {
	people, err := s.people(r.Context())
	if err != nil {
		s.fault(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, people)
}

// people asks main who there is. A list in JSON is never null.
func (s *Sim) people(ctx context.Context) ([]Person, error) {
	if s.o.People == nil {
		return []Person{}, nil
	}
	people, err := s.o.People(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(people))
	for i, p := range people {
		if p.Roles == nil {
			p.Roles = []string{}
		}
		if p.Bound {
			p.Code = nil
		}
		out[i] = p
	}
	return out, nil
}

func (s *Sim) listOutbox(w http.ResponseWriter, r *http.Request) {
	openID := r.URL.Query().Get("openid")
	if openID == "" {
		writeError(w, http.StatusBadRequest, "openid is missing")
		return
	}
	writeJSON(w, http.StatusOK, s.Outbox(openID))
}

type clockAnswer struct {
	Now string `json:"now"`
}

func (s *Sim) showClock(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, clockAnswer{Now: s.now().Format(time.RFC3339)})
}

// moveClock walks the clock and answers when it has arrived. A walk that has
// begun goes on even if whoever asked for it has gone.
func (s *Sim) moveClock(w http.ResponseWriter, r *http.Request) {
	var in clockAnswer
	if !readJSON(w, r, &in) {
		return
	}
	to, err := time.Parse(time.RFC3339, in.Now)
	if err != nil {
		writeError(w, http.StatusBadRequest, "now must be a time such as 2026-03-31T18:00:00+08:00")
		return
	}
	if to.Sub(s.now()) > farthest {
		writeError(w, http.StatusBadRequest, fmt.Sprintf("一次最多往前走%d天。", farthest/(24*time.Hour)))
		return
	}
	ctx, cancel := s.alive(r.Context())
	defer cancel()
	err = s.walk(ctx, to)
	back, isBack := errors.AsType[*BackError](err)
	switch {
	case isBack:
		writeError(w, http.StatusConflict, back.Error())
	case err != nil && s.closed():
		writeError(w, http.StatusServiceUnavailable, "演示正在关闭。")
	case err != nil:
		s.fault(w, r, err)
	default:
		s.showClock(w, r)
	}
}

func (s *Sim) walk(ctx context.Context, to time.Time) error {
	err := s.o.Clock.Walk(ctx, to, s.steps)
	if err == nil && s.o.Walked != nil {
		err = s.o.Walked(s.o.Clock.Now())
	}
	return err
}

// readJSON reads a posted object, or answers why it cannot.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPost)).Decode(into); err != nil {
		writeError(w, http.StatusBadRequest, "body is not the JSON that is needed here")
		return false
	}
	return true
}

func writeError(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, struct {
		Error string `json:"error"`
	}{text})
}

func (s *Sim) fault(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // whoever asked has left: nothing failed
	}
	s.o.Log.ErrorContext(r.Context(), "sim: serve", "path", r.URL.Path, "err", err)
	writeError(w, http.StatusInternalServerError, "the simulator failed; its log says why")
}
