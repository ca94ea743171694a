package sim_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/sim"
)

// photo is a small picture of one colour.
func photo(t *testing.T, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for x := range 160 {
		for y := range 120 {
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func green() color.Color { return color.RGBA{G: 140, B: 60, A: 255} }

// download asks for a medium.
func (w *world) download(t *testing.T, id string) (body string, code int) {
	t.Helper()
	status, body := w.do(t, http.MethodGet, "/sim/api/cgi-bin/media/get?access_token="+w.stable(t, "false").Token+"&media_id="+id, "")
	var a answer
	if status != http.StatusOK {
		t.Errorf("download: %d", status)
	}
	if strings.HasPrefix(body, "{") && json.Unmarshal([]byte(body), &a) != nil {
		t.Errorf("download: %s", body)
	}
	return body, a.Code
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := photo(t, green())
	reply, err := w.SendPhoto(t.Context(), li, sent)
	if err != nil || !strings.HasPrefix(reply, "收到") {
		t.Fatalf("%q, %v", reply, err)
	}
	m := w.account.all()[0]
	if m.Type != "image" || m.MsgID == 0 || m.MediaID == "" || !strings.HasPrefix(m.PicURL, "http://") {
		t.Errorf("arrived as %+v", m)
	}
	if body, code := w.download(t, m.MediaID); code != 0 || body != string(sent) {
		t.Errorf("download: errcode %d, %d bytes, sent %d", code, len(body), len(sent))
	}
	if _, code := w.download(t, "unknown"); code != 40007 {
		t.Errorf("an unknown id: %d", code)
	}
	if _, err := w.SendPhoto(t.Context(), li, []byte("no photo at all")); err == nil {
		t.Error("words were sent as a photo")
	}
	if a := w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"收到"}}`); a.Code != 0 {
		t.Errorf("a photo opens the window: %+v", a)
	}
	w.wall.pass(72*time.Hour - time.Second)
	if _, code := w.download(t, m.MediaID); code != 0 {
		t.Errorf("just before three days: %d", code)
	}
	w.wall.pass(time.Second)
	if _, code := w.download(t, m.MediaID); code != 40007 {
		t.Errorf("after three days: %d", code)
	}
}

func TestHalfAPhoto(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := photo(t, green())
	if _, err := w.SendPhoto(t.Context(), li, sent); err != nil {
		t.Fatal(err)
	}
	if err := w.Script("media/get", sim.Fail{Half: true, Times: 1}); err != nil {
		t.Fatal(err)
	}
	id := w.account.all()[0].MediaID
	res, err := w.server.Client().Get(w.server.URL + "/sim/api/cgi-bin/media/get?access_token=" + w.stable(t, "false").Token + "&media_id=" + id)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err == nil || len(got) != len(sent)/2 || res.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%d of %d bytes of %s, %v", len(got), len(sent), res.Header.Get("Content-Type"), err)
	}
	if body, _ := w.download(t, id); body != string(sent) {
		t.Error("the next time the photo is not whole")
	}
}

func TestPhotosAfterAButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := photo(t, green()), photo(t, color.Black)
	if _, err := w.SendPhotos(t.Context(), li, sim.Button{Type: "pic_photo_or_album", Key: "duty_photo"}, one, two); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	if len(seen) != 3 || seen[1].Type != "image" || seen[2].Type != "image" || seen[1].MediaID == seen[2].MediaID {
		t.Fatalf("arrived as %+v", seen)
	}
	sums := make([]string, 2)
	for i, p := range [][]byte{one, two} {
		sum := md5.Sum(p)
		sums[i] = hex.EncodeToString(sum[:])
	}
	if m := seen[0]; m.Type != "event" || m.Event != "pic_photo_or_album" || m.Key != "duty_photo" || m.Pics.Count != 2 || !slices.Equal(m.Pics.Sums, sums) {
		t.Errorf("the event %+v, want %v", m, sums)
	}
	w.account.on(func(m got) string {
		if m.Type == "event" {
			return "trouble"
		}
		return w.account.say(m, "好")
	})
	if reply, err := w.SendPhotos(t.Context(), li, sim.Button{Type: "pic_weixin", Key: "k"}, one); err != nil || reply != "好" {
		t.Errorf("after an event whose answer is none: %q, %v", reply, err)
	}
}

func TestVoiceAndLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.SendVoice(t.Context(), li, []byte("#!AMR\nwords")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SendLink(t.Context(), li, "标题", "说明", "https://example.com/a?b=1&c=2"); err != nil {
		t.Fatal(err)
	}
	seen := w.account.all()
	if m := seen[0]; m.Type != "voice" || m.Format != "amr" || m.MediaID == "" || m.Media16 == "" || m.MsgID == 0 {
		t.Errorf("voice arrived as %+v", m)
	}
	if body, code := w.download(t, seen[0].MediaID); code != 0 || body != "#!AMR\nwords" {
		t.Errorf("the voice is %q, %d", body, code)
	}
	if m := seen[1]; m.Type != "link" || m.Title != "标题" || m.About != "说明" || m.Link != "https://example.com/a?b=1&c=2" || m.MsgID == 0 {
		t.Errorf("link arrived as %+v", m)
	}
	if _, err := w.SendVoice(t.Context(), li, nil); err == nil {
		t.Error("silence was sent as a voice")
	}
}

// upload sends a file of the account's.
func (w *world) upload(t *testing.T, as, field string, body []byte) (id string, code int) {
	t.Helper()
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	part, err := parts.CreateFormFile(field, "x.bin")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(body)
	parts.Close()
	res, err := w.server.Client().Post(w.server.URL+"/sim/api/cgi-bin/media/upload?access_token="+w.stable(t, "false").Token+"&type="+as, parts.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out struct {
		Code int    `json:"errcode"`
		ID   string `json:"media_id"`
		Type string `json:"type"`
		At   int64  `json:"created_at"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	if out.Code == 0 && (out.Type != as || out.At != w.clock.Now().Unix()) {
		t.Errorf("uploaded %+v", out)
	}
	return out.ID, out.Code
}

func TestUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jpg := photo(t, green())
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		as, field string
		body      []byte
		code      int
	}{
		"a photo":                {"image", "media", jpg, 0},
		"a drawing":              {"image", "media", small.Bytes(), 0},
		"words as a picture":     {"image", "media", []byte("words"), 40005},
		"a picture too large":    {"image", "media", append(slices.Clone(jpg), make([]byte, 10<<20)...), 40009},
		"a small picture of one": {"thumb", "media", jpg, 0},
		"a large one of one":     {"thumb", "media", append(slices.Clone(jpg), make([]byte, 64<<10)...), 40012},
		"a voice":                {"voice", "media", []byte("#!AMR\n"), 0},
		"a voice too long":       {"voice", "media", make([]byte, 2<<20+1), 40010},
		"a film that is none":    {"video", "media", jpg, 40005},
		"of an unknown kind":     {"dance", "media", jpg, 40004},
		"in another field":       {"image", "file", jpg, 41005},
		"of nothing":             {"image", "media", nil, 41005},
	}
	for name, test := range tests {
		if _, code := w.upload(t, test.as, test.field, test.body); code != test.code {
			t.Errorf("%s: %d, want %d", name, code, test.code)
		}
	}
	if a := w.call(t, "media/upload", "no form"); a.Code != 41005 {
		t.Errorf("no form: %+v", a)
	}
	id, _ := w.upload(t, "image", "media", jpg)
	w.mustSay(t, li, "你好")
	if a := w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"image","image":{"media_id":"`+id+`"}}`); a.Code != 0 {
		t.Errorf("send what was uploaded: %+v", a)
	}
	if box := w.Outbox(li); len(box) != 1 || box[0].Type != "image" || box[0].Text != "[图片]" {
		t.Errorf("outbox %+v", box)
	}
}

func TestOldPhotosMakeRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	big := append(photo(t, green()), make([]byte, 9<<20)...)
	for range 9 {
		if _, err := w.SendPhoto(t.Context(), li, big); err != nil {
			t.Fatal(err)
		}
	}
	seen := w.account.all()
	if _, code := w.download(t, seen[0].MediaID); code != 40007 {
		t.Errorf("the oldest of 81 MiB: %d", code)
	}
	if _, code := w.download(t, seen[8].MediaID); code != 0 {
		t.Errorf("the newest: %d", code)
	}
}

func TestLocations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here := sim.Place{Name: "村委会", Label: "柳树村 <1> 号", Latitude: "30.274512", Longitude: "119.998201", Precision: "65.5"}
	if _, err := w.SendLocation(t.Context(), li, here); err != nil {
		t.Fatal(err)
	}
	if err := w.ReportLocation(t.Context(), li, here); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PickLocation(t.Context(), li, sim.Button{Type: "location_select", Key: "where"}, here); err != nil {
		t.Fatal(err)
	}
	point := spot{X: "30.274512", Y: "119.998201", Scale: "15", Label: "柳树村 <1> 号"}
	picked := point
	picked.Name = "村委会"
	type arrived struct {
		Type, Event, Key, Lat, Lon, Precision string
		Spot, Picked                          spot
		Message                               bool
	}
	want := []arrived{
		{Type: "location", Spot: point, Message: true},
		{Type: "event", Event: "LOCATION", Lat: "30.274512", Lon: "119.998201", Precision: "65.5"},
		{Type: "event", Event: "location_select", Key: "where", Picked: picked},
		{Type: "location", Spot: point, Message: true},
	}
	var have []arrived
	for _, m := range w.account.all() {
		have = append(have, arrived{m.Type, m.Event, m.Key, m.Lat, m.Lon, m.Precision, m.spot, m.Picked, m.MsgID != 0})
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

// TestAReportOfWhereOpensNoWindow: it is not said by the person.
func TestAReportOfWhereOpensNoWindow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.ReportLocation(t.Context(), li, sim.Place{Latitude: "30", Longitude: "120", Precision: "10"}); err != nil {
		t.Fatal(err)
	}
	send := func() int {
		return w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`).Code
	}
	if code := send(); code != 45015 {
		t.Errorf("after the report: %d", code)
	}
	if _, err := w.SendLocation(t.Context(), li, sim.Place{Latitude: "30", Longitude: "120"}); err != nil {
		t.Fatal(err)
	}
	if code := send(); code != 0 {
		t.Errorf("after a position that the person sent: %d", code)
	}
}
