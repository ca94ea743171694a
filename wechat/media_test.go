package wechat_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/wechat"
)

// gives answers a call with bytes under a content type.
func gives(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	photo := after(jpegOf(t, held(picture(96, 48), 6)), segment(0xe1, exif(binary.BigEndian, 6)))
	for name, contentType := range map[string]string{
		"as a picture": "image/jpeg", "as words": "text/plain", "as JSON": "application/json", "as anything": "application/octet-stream",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			var asked url.Values
			f.answer = func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Query()
				gives(contentType, photo)(w, r)
			}
			c := newClient(t, f, nil)
			p, err := c.Media(t.Context(), "m-1_&x=1")
			if err != nil {
				t.Fatal(err)
			}
			if p.Width != 96 || p.Height != 48 {
				t.Errorf("%d by %d", p.Width, p.Height)
			}
			checkQuarters(t, checkPhoto(t, p))
			if r := f.last(t); r.path != "/cgi-bin/media/get" || asked.Get("media_id") != "m-1_&x=1" || len(asked) != 2 {
				t.Errorf("asked %s with %v", r.path, asked)
			}
		})
	}
}

func TestMediaThatIsNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		class  wechat.Class
		is     error
		code   int
	}{
		"expired":                    {answer: gives("text/plain", []byte(`{"errcode":40007,"errmsg":"invalid media_id"}`)), class: wechat.Gone, code: 40007},
		"a refusal said to be a jpg": {answer: gives("image/jpeg", []byte(` {"errcode":45009,"errmsg":"x"}`)), class: wechat.Quota, code: 45009},
		"a film":                     {answer: gives("application/json", []byte(`{"video_url":"http://e.org/v"}`)), class: wechat.Gone, is: wechat.ErrPhotoKind},
		"luck without a picture":     {answer: gives("application/json", []byte(`{"errcode":0,"errmsg":"ok"}`))},
		"a page":                     {answer: gives("text/html", []byte("<html>")), class: wechat.Retry},
		"nothing":                    {answer: gives("image/jpeg", nil), class: wechat.Retry},
		"webp":                       {answer: gives("image/jpeg", []byte("RIFF\x24\x00\x00\x00WEBPVP8 ")), class: wechat.Gone, is: wechat.ErrPhotoKind},
		"a sticker":                  {answer: gives("image/gif", gifOf(t, picture(64, 64))), class: wechat.Gone, is: wechat.ErrPhotoKind},
		"half a picture":             {answer: gives("image/jpeg", jpegOf(t, picture(64, 64))[:300]), class: wechat.Gone, is: wechat.ErrPhotoBroken},
		"a bomb":                     {answer: gives("image/png", pngHead(20_000, 20_000, 8, 2)), class: wechat.Gone, is: wechat.ErrPhotoSize},
		"eleven megabytes":           {answer: gives("image/jpeg", append([]byte("\xff\xd8\xff"), make([]byte, 11<<20)...)), class: wechat.Gone, is: wechat.ErrPhotoSize},
		"eleven megabytes, and told": {answer: long(11 << 20), class: wechat.Gone, is: wechat.ErrPhotoSize},
		"another address":            {answer: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }},
		"an answer that is cut": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write([]byte("\xff\xd8\xff"))
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "a")
			f.answer = tt.answer
			p, err := newClient(t, f, nil).Media(t.Context(), "m")
			if err == nil || p.JPEG != nil || wechat.ClassOf(err) != tt.class || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %d bytes, %v (%v)", len(p.JPEG), err, wechat.ClassOf(err))
			}
			if e, ok := errors.AsType[*wechat.Error](err); ok != (tt.code != 0) || ok && (e.Code != tt.code || e.API != "media/get") {
				t.Errorf("got %v", err)
			}
			quiet(t, err)
		})
	}
}

// long announces n bytes and sends a few.
func long(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/jpeg")
		w.Header().Set("Content-Length", strconv.Itoa(n))
		_, _ = io.WriteString(w, "\xff\xd8\xff")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

func TestMediaRenewsTheToken(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	c := newClient(t, f, nil)
	mustSend(t, c)
	f.answer = gives("image/png", pngOf(t, picture(8, 8)))
	f.kill(true)
	if _, err := c.Media(t.Context(), "m"); err != nil {
		t.Error(err)
	}
	wantCounts(t, f, 2, 0, 3)
}

func TestMediaManyAtOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	f.answer = gives("image/png", pngOf(t, picture(400, 300)))
	c := newClient(t, f, nil)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Media(t.Context(), "m"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Media(gone, "m"); !errors.Is(err, context.Canceled) || !errors.Is(err, wechat.ErrUnsent) {
		t.Errorf("got %v", err)
	}
}

func TestMediaTakesLonger(t *testing.T) {
	t.Parallel()
	f := newFake(t, "a")
	photo := pngOf(t, picture(8, 8))
	f.answer = func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		gives("image/png", photo)(w, r)
	}
	slow := func(o *wechat.ClientOptions) { o.Timeout = 200 * time.Millisecond }
	if _, err := newClient(t, f, slow).Media(t.Context(), "m"); err != nil {
		t.Error(err)
	}
	f.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	if _, err := newClient(t, f, slow).Media(t.Context(), "m"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	f.CloseClientConnections()
	if _, err := newClient(t, f, slow).Media(t.Context(), strings.Repeat("m", 257)); !errors.Is(err, wechat.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

// TestWithin: a photo is made coarser, then smaller, until it fits.
func TestWithin(t *testing.T) {
	t.Parallel()
	noise := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	dice := rand.NewChaCha8([32]byte{1})
	_, _ = dice.Read(noise.Pix)
	for name, tt := range map[string]struct {
		img  image.Image
		most int
		side int // the longer, in pixels
	}{
		"a small one stays as it is":        {picture(640, 480), 400 << 10, 640},
		"noise is halved until it fits":     {noise, 400 << 10, 800},
		"noise is made as small as need be": {noise, 20 << 10, 400},
	} {
		p, err := wechat.Clean(bytes.NewReader(jpegOf(t, tt.img)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Within(tt.most)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil || len(b) > tt.most || cfg.Width != tt.side {
			t.Errorf("%s: %d bytes, %d pixels, %v", name, len(b), cfg.Width, err)
		}
	}
}
