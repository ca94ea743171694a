package sim

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// routePage adds what the page itself needs.
func (s *Sim) routePage(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/page/scenes", s.pageScenes)
	mux.HandleFunc("GET /sim/page/stops", s.pageStops)
	mux.HandleFunc("GET /sim/page/poll", s.pagePoll)
	mux.HandleFunc("POST /sim/page/play", s.pagePlay)
	mux.HandleFunc("POST /sim/page/seen", s.pageSeen)
	mux.Handle("POST /sim/page/say", s.pageAct(func(ctx context.Context, in pageAct) (string, error) {
		return s.Say(ctx, in.OpenID, in.Text)
	}))
	mux.Handle("POST /sim/page/tap", s.pageAct(func(ctx context.Context, in pageAct) (string, error) {
		return s.Tap(ctx, in.OpenID, Piece{Say: in.Text, ID: in.ID, Menu: in.Menu})
	}))
	mux.Handle("POST /sim/page/click", s.pageAct(func(ctx context.Context, in pageAct) (string, error) {
		return s.Click(ctx, in.OpenID, in.Key)
	}))
	mux.Handle("POST /sim/page/scan", s.pageAct(func(ctx context.Context, in pageAct) (string, error) {
		if in.Type != "" {
			return s.ScanFor(ctx, in.OpenID, Button{Type: in.Type, Key: in.Key}, in.Scene)
		}
		return s.Scan(ctx, in.OpenID, in.Scene)
	}))
	mux.Handle("POST /sim/page/view", s.pageAct(func(ctx context.Context, in pageAct) (string, error) {
		return "", s.View(ctx, in.OpenID, in.URL)
	}))
	s.routeSending(mux)
}

// pageAct is what somebody does on the page.
type pageAct struct {
	OpenID string `json:"openid"`
	Text   string `json:"text"`
	ID     string `json:"id"`
	Menu   bool   `json:"menu"`
	Type   string `json:"type"` // of the button that asked for it, if one did
	Key    string `json:"key"`
	Scene  string `json:"scene"`
	URL    string `json:"url"`
}

// pageAct does it.
func (s *Sim) pageAct(do func(context.Context, pageAct) (string, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in pageAct
		if readJSON(w, r, &in) {
			s.pageDo(w, r, in.OpenID, func(ctx context.Context) (string, error) { return do(ctx, in) })
		}
	})
}

// pageDo does something for a person. The person sees the result in the chat,
// the notice too; what is answered is only whether the simulator could.
func (s *Sim) pageDo(w http.ResponseWriter, r *http.Request, openID string, do func(context.Context) (string, error)) {
	if !s.known(r.Context(), openID) {
		writeError(w, http.StatusNotFound, "nobody has this openid")
		return
	}
	// What was typed has been sent, even if the page is closed at once.
	ctx, cancel := s.alive(r.Context())
	defer cancel()
	reply, err := do(ctx)
	_, failed := errors.AsType[*NoticeError](err)
	if err != nil && s.closed() {
		writeError(w, http.StatusServiceUnavailable, "演示正在关闭。")
		return
	}
	if err != nil && !failed {
		s.o.Log.WarnContext(r.Context(), "sim: page", "path", r.URL.Path, "err", err)
		writeError(w, http.StatusUnprocessableEntity, "the simulator could not do that")
		return
	}
	writeJSON(w, http.StatusOK, struct {
		Reply string `json:"reply"`
	}{reply})
}

// known reports whether there is such a person: one that main knows or that
// has a phone already, not one that a page invents.
func (s *Sim) known(ctx context.Context, openID string) bool {
	s.mu.Lock()
	_, ok := s.phones[openID]
	s.mu.Unlock()
	if ok {
		return true
	}
	people, err := s.people(ctx)
	return err == nil && slices.ContainsFunc(people, func(p Person) bool { return p.OpenID == openID })
}

func (s *Sim) pageScenes(w http.ResponseWriter, r *http.Request) {
	list := []Scene{}
	if s.o.Scenes != nil {
		found, err := s.o.Scenes(r.Context(), r.URL.Query().Get("openid"))
		if err != nil {
			s.fault(w, r, err)
			return
		}
		list = append(list, found...)
	}
	writeJSON(w, http.StatusOK, list)
}

func (s *Sim) pageStops(w http.ResponseWriter, r *http.Request) {
	list := []Stop{}
	if s.o.Stops != nil {
		found, err := s.o.Stops(r.Context())
		if err != nil {
			s.fault(w, r, err)
			return
		}
		list = append(list, found...)
	}
	for i := range list {
		list[i].At = list[i].At.In(zone())
	}
	writeJSON(w, http.StatusOK, list)
}

type poll struct {
	Boot    string              `json:"boot"`
	Title   string              `json:"title"`
	Now     string              `json:"now"`
	Walking bool                `json:"walking"`
	Menus   map[string][]Button `json:"menus"`
	Unread  map[string]int      `json:"unread"`
	Chats   map[string][]entry  `json:"chats"`
}

// pagePoll is everything that may have changed: the clock, who received
// something, and the menu of and what is new in up to two chats (openid=,
// after=).
func (s *Sim) pagePoll(w http.ResponseWriter, r *http.Request) {
	out := poll{
		Boot: s.boot, Title: s.o.Title, Now: s.now().Format(time.RFC3339), Walking: s.o.Clock.Walking(),
		Menus: map[string][]Button{}, Unread: map[string]int{}, Chats: map[string][]entry{},
	}
	ids, after := r.URL.Query()["openid"], r.URL.Query()["after"]
	if len(ids) > 2 || len(ids) != len(after) {
		writeError(w, http.StatusBadRequest, "at most two chats, each with its after")
		return
	}
	s.news(&out, ids, after)
	writeJSON(w, http.StatusOK, out)
}

// news fills in what the phones have to say.
func (s *Sim) news(out *poll, ids, after []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, id := range ids {
		last, err := strconv.ParseInt(after[i], 10, 64)
		if err != nil {
			last = 0
		}
		out.Chats[id], out.Menus[id] = s.entriesAfter(id, last), s.menuOf(id)
	}
	for id, p := range s.phones {
		if p.unread > 0 {
			out.Unread[id] = p.unread
		}
	}
}

// entriesAfter is what is new in a chat. Callers hold the lock.
func (s *Sim) entriesAfter(openID string, last int64) []entry {
	fresh := []entry{}
	p, ok := s.phones[openID]
	if !ok {
		return fresh
	}
	for _, e := range p.entries {
		if e.ID > last {
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// pagePlay says that a person was chosen and is played by hand from now on.
func (s *Sim) pagePlay(w http.ResponseWriter, r *http.Request) {
	var in pageAct
	if !readJSON(w, r, &in) {
		return
	}
	if !s.known(r.Context(), in.OpenID) {
		writeError(w, http.StatusNotFound, "nobody has this openid")
		return
	}
	if s.o.Play != nil {
		s.o.Play(in.OpenID)
	}
	s.forgetUnread(in.OpenID)
	writeJSON(w, http.StatusOK, struct{}{})
}

// pageSeen says that a chat is open on the page, so that nothing in it is news.
func (s *Sim) pageSeen(w http.ResponseWriter, r *http.Request) {
	var in pageAct
	if !readJSON(w, r, &in) {
		return
	}
	s.forgetUnread(in.OpenID)
	writeJSON(w, http.StatusOK, struct{}{})
}

func (s *Sim) forgetUnread(openID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.phones[openID]; ok {
		p.unread = 0
	}
}
