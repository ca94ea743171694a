package sim

import (
	"bytes"
	"context"
	"crypto/md5" //nolint:gosec // the platform's protocol says MD5
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What is kept of what people and the account send besides words.
const (
	maxMedia  = 10 << 20 // one file
	keptMedia = 64 << 20 // all of them: beyond, the oldest is gone early
	mediaLife = 3 * 24 * time.Hour
)

// medium is a file under a media id.
type medium struct {
	kind string // Content-Type
	body []byte
	at   time.Time
}

// mediaStore are the files that can be had.
type mediaStore struct {
	by    map[string]medium
	order []string // oldest first
	bytes int
}

// keepMedium stores a file and returns its id. Callers hold the lock.
func (s *Sim) keepMedium(kind string, body []byte) string {
	m := &s.media
	if m.by == nil {
		m.by = make(map[string]medium)
	}
	id := rand.Text() + "_" + rand.Text()
	m.by[id] = medium{kind: kind, body: bytes.Clone(body), at: s.now()}
	m.order = append(m.order, id)
	m.bytes += len(body)
	for m.bytes > keptMedia {
		oldest := m.order[0]
		m.bytes -= len(m.by[oldest].body)
		delete(m.by, oldest)
		m.order = m.order[1:]
	}
	return id
}

// findMedium is a file that is still there. Callers hold the lock.
func (s *Sim) findMedium(id string) (medium, *platformError) {
	m, ok := s.media.by[id]
	if !ok || s.now().Sub(m.at) >= mediaLife {
		return medium{}, refuse(40007, "invalid media_id")
	}
	return m, nil
}

// getMedia answers with the file itself.
func (s *Sim) getMedia(c call) (any, *platformError) {
	id := c.query.Get("media_id")
	s.mu.Lock()
	defer s.mu.Unlock()
	m, no := s.findMedium(id)
	if no != nil {
		return nil, no
	}
	_, end, _ := strings.Cut(m.kind, "/")
	return file{kind: m.kind, name: id + "." + strings.Replace(end, "jpeg", "jpg", 1), body: m.body}, nil
}

type uploadAnswer struct {
	Type    string `json:"type"`
	ID      string `json:"media_id"`
	Created int64  `json:"created_at"`
}

// uploadMedia takes a file of the account's.
func (s *Sim) uploadMedia(c call) (any, *platformError) {
	as := c.query.Get("type")
	body, no := c.media()
	if no != nil {
		return nil, no
	}
	kind := http.DetectContentType(body)
	switch as {
	case "image":
		no = checkUpload(body, maxMedia, 40009, isPicture(kind))
	case "thumb":
		no = checkUpload(body, 64<<10, 40012, kind == "image/jpeg")
	case "voice":
		kind = "audio/amr"
		no = checkUpload(body, 2<<20, 40010, true)
	case "video":
		no = checkUpload(body, maxMedia, 40011, kind == "video/mp4")
	default:
		no = refuse(40004, "invalid media type")
	}
	if no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return uploadAnswer{Type: as, ID: s.keepMedium(kind, body), Created: s.now().Unix()}, nil
}

func checkUpload(body []byte, most, code int, rightKind bool) *platformError {
	switch {
	case len(body) > most:
		return refuse(code, "invalid media size")
	case !rightKind:
		return refuse(40005, "invalid file type")
	}
	return nil
}

// media is the file in an upload, in the field of that name.
func (c call) media() ([]byte, *platformError) {
	missing := refuse(41005, "media data missing")
	_, parameters, err := mime.ParseMediaType(c.kind)
	if err != nil || parameters["boundary"] == "" {
		return nil, missing
	}
	form := multipart.NewReader(bytes.NewReader(c.body), parameters["boundary"])
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, missing
		}
		if part.FormName() != "media" {
			continue
		}
		body, err := io.ReadAll(part)
		if err != nil || len(body) == 0 {
			return nil, missing
		}
		return body, nil
	}
}

// photoKind is the kind of what a phone would send as a photo.
func photoKind(photo []byte) (string, error) {
	kind := http.DetectContentType(photo)
	if !isPicture(kind) || len(photo) > maxMedia {
		return "", fmt.Errorf("sim: %d bytes of %s are no photo", len(photo), kind)
	}
	return kind, nil
}

func isPicture(kind string) bool {
	return kind == "image/jpeg" || kind == "image/png" || kind == "image/gif"
}

// SendPhoto sends a photo from a phone: JPEG, PNG or GIF. What comes back is as
// with Say.
func (s *Sim) SendPhoto(ctx context.Context, openID string, photo []byte) (string, error) {
	kind, err := photoKind(photo)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	id := s.keepMedium(kind, photo)
	s.mu.Unlock()
	return s.act(ctx, action{
		openID: openID, kind: "image", show: entry{Type: "image", Image: id, Pieces: []Piece{{Text: "照片"}}},
		// The address leads nowhere on purpose: the photo is had by its id.
		fields: []pair{{name: "PicUrl", value: "http://mmbiz.qpic.invalid/mmbiz_jpg/" + rand.Text() + "/0"}, {name: "MediaId", value: id}},
		open:   func(p *phone) { p.open(s.now(), false) },
	})
}

// LastMedia is the media id in the last thing that a person sent, if it has one.
func (s *Sim) LastMedia(openID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.phones[openID]
	if !ok || p.last == nil {
		return ""
	}
	i := slices.IndexFunc(p.last.fields, func(f pair) bool { return f.name == "MediaId" })
	if i < 0 {
		return ""
	}
	return p.last.fields[i].value
}

// SendPhotos sends photos after a tap on a button that asks for them
// (pic_sysphoto, pic_photo_or_album, pic_weixin): the account first hears how
// many there will be, then gets one message after another. The reply is the last
// photo's.
func (s *Sim) SendPhotos(ctx context.Context, openID string, b Button, photos ...[]byte) (string, error) {
	var items []pair
	for _, photo := range photos {
		sum := md5.Sum(photo) //nolint:gosec // the protocol's choice
		items = append(items, pair{name: "item", sub: []pair{{name: "PicMd5Sum", value: hex.EncodeToString(sum[:])}}})
	}
	info := pair{name: "SendPicsInfo", sub: []pair{
		{name: "Count", value: strconv.Itoa(len(photos)), number: true}, {name: "PicList", sub: items},
	}}
	if err := s.report(ctx, openID, append(event(b.Type, b.Key), info)...); err != nil {
		return "", err
	}
	reply := ""
	for _, photo := range photos {
		var err error
		if reply, err = s.SendPhoto(ctx, openID, photo); err != nil {
			return reply, err
		}
	}
	return reply, nil
}

// SendVoice sends a voice message. Nobody listens to it: any bytes will do.
func (s *Sim) SendVoice(ctx context.Context, openID string, amr []byte) (string, error) {
	if len(amr) == 0 || len(amr) > maxMedia {
		return "", fmt.Errorf("sim: a voice of %d bytes", len(amr))
	}
	s.mu.Lock()
	id, id16 := s.keepMedium("audio/amr", amr), s.keepMedium("audio/speex", amr)
	s.mu.Unlock()
	return s.act(ctx, action{
		openID: openID, kind: "voice", show: entry{Type: "text", Pieces: []Piece{{Text: "[语音]"}}},
		fields: []pair{{name: "MediaId", value: id}, {name: "Format", value: "amr"}, {name: "MediaId16K", value: id16}},
		open:   func(p *phone) { p.open(s.now(), false) },
	})
}

// SendLink sends a link that the person has shared.
func (s *Sim) SendLink(ctx context.Context, openID, title, description, address string) (string, error) {
	return s.act(ctx, action{
		openID: openID, kind: "link",
		show:   entry{Type: "card", Title: title, Pieces: []Piece{{Text: description}}, URL: webURL(address)},
		fields: []pair{{name: "Title", value: title}, {name: "Description", value: description}, {name: "Url", value: address}},
		open:   func(p *phone) { p.open(s.now(), false) },
	})
}
