package sim

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// routeSending adds what the page sends besides words.
func (s *Sim) routeSending(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/page/places", s.pagePlaces)
	mux.HandleFunc("GET /sim/page/media/{id}", s.pageMedia)
	mux.HandleFunc("POST /sim/page/photo", s.pagePhoto)
	mux.HandleFunc("POST /sim/page/place", s.pagePlace)
	mux.HandleFunc("GET /sim/page/notices", s.pageNotices)
	mux.HandleFunc("POST /sim/page/choose", s.pageChoose)
}

// pagePlaces are the points that somebody could send.
func (s *Sim) pagePlaces(w http.ResponseWriter, _ *http.Request) {
	list := s.o.Places
	if len(list) == 0 {
		list = ordinaryPlaces()
	}
	writeJSON(w, http.StatusOK, list)
}

// pageMedia shows a picture of a chat. Only pictures are shown: whatever else
// somebody sent must not run in the page.
func (s *Sim) pageMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m, no := s.findMedium(r.PathValue("id"))
	s.mu.Unlock()
	if no != nil || !strings.HasPrefix(m.kind, "image/") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.kind)
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Write(m.body)
}

// pagePhoto sends a photo: the body. If a button asked for it, the address says
// which.
func (s *Sim) pagePhoto(w http.ResponseWriter, r *http.Request) {
	photo, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMedia))
	if err != nil {
		writeError(w, http.StatusRequestEntityTooLarge, "照片太大，最多10兆。")
		return
	}
	if _, err := photoKind(photo); err != nil {
		writeError(w, http.StatusUnsupportedMediaType, "这不是照片，请选JPG或PNG图片。")
		return
	}
	q := r.URL.Query()
	s.pageDo(w, r, q.Get("openid"), func(ctx context.Context) (string, error) {
		if q.Get("type") == "" {
			return s.SendPhoto(ctx, q.Get("openid"), photo)
		}
		return s.SendPhotos(ctx, q.Get("openid"), Button{Type: q.Get("type"), Key: q.Get("key")}, photo)
	})
}

// pagePlace sends a point, after a button or without.
func (s *Sim) pagePlace(w http.ResponseWriter, r *http.Request) {
	var in struct {
		OpenID string `json:"openid"`
		Type   string `json:"type"`
		Key    string `json:"key"`
		Place  Place  `json:"place"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	if err := in.Place.check(); err != nil {
		writeError(w, http.StatusUnprocessableEntity, "这个位置没有经纬度。")
		return
	}
	s.pageDo(w, r, in.OpenID, func(ctx context.Context) (string, error) {
		if in.Type == "" {
			return s.SendLocation(ctx, in.OpenID, in.Place)
		}
		return s.PickLocation(ctx, in.OpenID, Button{Type: in.Type, Key: in.Key}, in.Place)
	})
}

type pageNotice struct {
	ID      string `json:"template_id"`
	Title   string `json:"title"`
	Lasting bool   `json:"lasting"`
}

// pageNotices are the notices that people are asked about.
func (s *Sim) pageNotices(w http.ResponseWriter, _ *http.Request) {
	list := []pageNotice{}
	for _, t := range s.o.Templates {
		if t.Consent != NoConsent {
			list = append(list, pageNotice{ID: t.ID, Title: t.Title, Lasting: t.Consent == LongTerm})
		}
	}
	writeJSON(w, http.StatusOK, list)
}

// pageChoose answers for which of them a person agrees.
func (s *Sim) pageChoose(w http.ResponseWriter, r *http.Request) {
	var in struct {
		OpenID  string   `json:"openid"`
		Choices []Choice `json:"choices"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	if len(in.Choices) == 0 {
		writeError(w, http.StatusBadRequest, "choices are missing")
		return
	}
	s.pageDo(w, r, in.OpenID, func(ctx context.Context) (string, error) {
		return "", s.Choose(ctx, in.OpenID, in.Choices...)
	})
}
