package sim

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rsc.io/qr"
)

// maxExpire is the longest life of a temporary code, in seconds: 30 days.
const maxExpire = 2_592_000

// ticket is a code that was made.
type ticket struct {
	scene string
	until time.Time // zero for ever
	url   string
}

type codeCall struct {
	Expire int64  `json:"expire_seconds"`
	Action string `json:"action_name"`
	Info   struct {
		Scene struct {
			ID  json.Number `json:"scene_id"`
			Str string      `json:"scene_str"`
		} `json:"scene"`
	} `json:"action_info"`
}

type codeAnswer struct {
	Ticket string `json:"ticket"`
	Expire int64  `json:"expire_seconds,omitempty"`
	URL    string `json:"url"`
}

func (s *Sim) createCode(c call) (any, *platformError) {
	var in codeCall
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	scene, no := in.scene()
	if no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := "gQ" + rand.Text() + rand.Text() + "=="
	t := ticket{scene: scene, url: "http://weixin.qq.com/q/" + rand.Text()}
	if in.Expire > 0 {
		t.until = s.now().Add(time.Duration(in.Expire) * time.Second)
	}
	s.keepTicket(name, t)
	return codeAnswer{Ticket: name, Expire: in.Expire, URL: t.url}, nil
}

// scene checks which scene a code is asked for, and for how long.
func (in *codeCall) scene() (string, *platformError) {
	lasting := strings.HasPrefix(in.Action, "QR_LIMIT_")
	switch {
	case lasting:
		in.Expire = 0
	case in.Expire == 0:
		in.Expire = 60
	case in.Expire < 0 || in.Expire > maxExpire:
		return "", refuse(40091, "invalid expire_seconds")
	}
	switch in.Action {
	case "QR_STR_SCENE", "QR_LIMIT_STR_SCENE":
		if n := utf8.RuneCountInString(in.Info.Scene.Str); n < 1 || n > 64 {
			return "", refuse(40169, "invalid length for scene, or the data is not json string")
		}
		return in.Info.Scene.Str, nil
	case "QR_SCENE", "QR_LIMIT_SCENE":
		return in.number(lasting)
	default:
		return "", refuse(40053, "invalid action info")
	}
}

func (in *codeCall) number(lasting bool) (string, *platformError) { //nolint:revive // two ranges of one number
	n, err := strconv.ParseInt(in.Info.Scene.ID.String(), 10, 64)
	if err != nil || n < 1 || n > 1<<32-1 || lasting && n > 100_000 {
		return "", refuse(40169, "invalid scene_id")
	}
	return strconv.FormatInt(n, 10), nil
}

// keepTicket remembers a code and forgets the oldest of too many. Callers hold
// the lock.
func (s *Sim) keepTicket(name string, t ticket) {
	s.tickets[name] = t
	s.order = append(s.order, name)
	if len(s.order) > keptTickets {
		delete(s.tickets, s.order[0])
		s.order = s.order[1:]
	}
}

// ticketOf is the ticket of a scene's newest code; a scene that no code was
// made for gets one that looks like it. Callers hold the lock.
func (s *Sim) ticketOf(scene string) string {
	for _, name := range slices.Backward(s.order) {
		if s.tickets[name].scene == scene {
			return name
		}
	}
	return "gQ" + rand.Text() + "=="
}

// showCode draws a code. It asks for no token, as the platform's does not.
func (s *Sim) showCode(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	t, ok := s.tickets[r.URL.Query().Get("ticket")]
	now := s.now()
	s.mu.Unlock()
	if !ok || !t.until.IsZero() && !now.Before(t.until) {
		http.NotFound(w, r)
		return
	}
	code, err := qr.Encode(t.url, qr.M)
	if err != nil {
		http.Error(w, "code cannot be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Write(code.PNG())
}
