package sim_test

import (
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// sendButtons are a menu that asks for photos and places.
const sendButtons = `{"button":[{"name":"上报","sub_button":[{"type":"pic_photo_or_album","name":"拍照上报","key":"photo"},{"type":"location_select","name":"报位置","key":"where"}]},{"type":"click","name":"请假","key":"leave"}]}`

// photoFile is a photo of a field under the sky, in a file.
func photoFile(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for x := range 800 {
		for y := range 600 {
			c := color.RGBA{120, 180, 235, 255}
			if y > 330+(x-400)*(x-400)/2000 {
				c = color.RGBA{uint8(90 + (x/40)%2*25), 150, 60, 255}
			}
			img.Set(x, y, c)
		}
	}
	path := filepath.Join(t.TempDir(), "田.jpg")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, img, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// kinds are what arrived at the account, events by name.
func (w *world) kinds() (list []string) {
	for _, m := range w.account.all() {
		if m.Event != "" {
			list = append(list, m.Event)
			continue
		}
		list = append(list, m.Type)
	}
	return list
}

func (w *world) answerByKind() {
	w.account.on(func(m got) string {
		switch m.Type {
		case "image":
			return w.account.say(m, "照片收到了，已经存好。")
		case "location":
			return w.account.say(m, "位置收到了："+m.Label)
		}
		return w.account.say(m, "收到"+m.Content+m.Key)
	})
}

func TestPageSendsPhotosAndPlacesOnAPhone(t *testing.T) {
	t.Parallel()
	w := pageWorld(t)
	w.answerByKind()
	p := page{t: t, ctx: browser(t)}
	photo := photoFile(t)
	p.do(chromedp.EmulateViewport(375, 700, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(w.server.URL+"/"),
		seen(`#phone1 [data-openid="o_li_si"]`), tap(`#phone1 [data-openid="o_li_si"]`),
		seen(`#phone1 .top`), tap(`#phone1 .bar > .plain`), seen(`#phone1 .plus`))
	p.do(tap(`#phone1 .plus`), seen(`#phone1 .more-panel`))
	p.shot("s1-plus")
	p.sees("everything to tap is big enough", `[...document.querySelectorAll("button:not(.link), .keys input")].filter((b) => b.offsetParent).every((b) => b.offsetHeight >= 44 && b.offsetWidth >= 44)`)
	p.do(chromedp.SetUploadFiles(`#phone1 input[type=file]`, []string{photo}, chromedp.NodeReady))
	p.has("#phone1", "照片收到了，已经存好。")
	p.sees("the photo is shown", `document.querySelector("#phone1 .mine .picture img")?.naturalWidth === 800`)
	p.do(tap(`#phone1 .more-panel .send-kind:nth-child(2)`), seen(`#phone1 .sheet .choice`))
	p.shot("s2-places")
	p.do(tap(`#phone1 .sheet .choice`))
	p.has("#phone1", "位置收到了：青山镇柳树村村委会")
	p.sees("the place is a card", `document.querySelector("#phone1 .mine .place h3")?.textContent === "村委会"`)
	p.sees("the newest is in sight", `(() => { const c = document.querySelector("#phone1 .chat"); return c.scrollHeight - c.scrollTop - c.clientHeight < 40; })()`)
	p.shot("s3-sent")
	p.sees("nothing is wider than the screen", `document.documentElement.scrollWidth <= 375`)
	p.do(chromedp.Reload())
	p.has("#phone1", "照片收到了")
	p.sees("the photo is still shown", `document.querySelector("#phone1 .mine .picture img")?.naturalWidth === 800`)
}

func TestPageButtonsThatAskForPhotosAndPlaces(t *testing.T) {
	t.Parallel()
	w := pageWorld(t)
	w.answerByKind()
	id := w.makeTag(t, "村干部")
	w.putTag(t, id, li)
	if a := w.call(t, "menu/addconditional", sendButtons[:len(sendButtons)-1]+`,"matchrule":`+tagRule(id)+`}`); a.Code != 0 {
		t.Fatalf("menu: %+v", a)
	}
	p := page{t: t, ctx: browser(t)}
	photo := photoFile(t)
	p.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(w.server.URL+"/"),
		seen(`#phone1 [data-openid="o_li_si"]`), tap(`#phone1 [data-openid="o_li_si"]`),
		tap(`#phone2 [data-openid="o_wang_wu"]`), seen(`#phone1 .top`), seen(`#phone2 .top`))
	p.sees("each has the menu that is meant for him", `document.querySelectorAll("#phone1 .slot, #phone1 .bar > .top").length === 2 && document.querySelectorAll("#phone2 .slot, #phone2 .bar > .top").length === 3`)
	p.do(tap(`#phone1 .slot .has`), seen(`#phone1 .sub`))
	p.shot("s4-menus")
	p.do(tap(`#phone1 .sub button:nth-child(1)`), chromedp.SetUploadFiles(`#phone1 input[type=file]`, []string{photo}, chromedp.NodeReady))
	p.has("#phone1", "照片收到了")
	p.do(tap(`#phone1 .slot .has`), seen(`#phone1 .sub`), tap(`#phone1 .sub button:nth-child(2)`),
		seen(`#phone1 .sheet .choice`), tap(`#phone1 .sheet .choice:nth-child(2)`))
	p.has("#phone1", "位置收到了：青山镇柳树村村口")
	p.shot("s5-desktop")
	want := []string{"pic_photo_or_album", "image", "location_select", "location"}
	if got := w.kinds(); len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("arrived %v, want %v", got, want)
	}
	if m := w.account.all(); len(m) == 4 && (m[0].Key != "photo" || m[0].Pics.Count != 1 || m[2].Key != "where" || m[2].Picked.Name != "村口") {
		t.Errorf("the events were %+v and %+v", m[0], m[2])
	}
}

func TestPageSaysWhatIsNoPhoto(t *testing.T) {
	t.Parallel()
	w := pageWorld(t)
	p := page{t: t, ctx: browser(t)}
	path := filepath.Join(t.TempDir(), "words.jpg")
	if err := os.WriteFile(path, []byte("只是字"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(375, 700), chromedp.Navigate(w.server.URL+"/"),
		seen(`#phone1 [data-openid="o_li_si"]`), tap(`#phone1 [data-openid="o_li_si"]`), seen(`#phone1 .top`))
	p.do(chromedp.SetUploadFiles(`#phone1 input[type=file]`, []string{path}, chromedp.NodeReady))
	p.has("#phone1", "这不是照片。请选JPG或PNG图片。")
	if status, body := w.do(t, http.MethodGet, "/sim/page/poll?openid="+li+"&after=0", ""); status != http.StatusOK || len(w.kinds()) != 0 {
		t.Errorf("%d %s", status, body)
	}
}
