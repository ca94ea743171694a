package sim_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/cunkao/cunkao/sim"
)

func TestView(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Follow(wang)
	w.call(t, "menu/create", oneButton("大家", ""))
	id := w.makeTag(t, "村干部")
	special := w.addMenu(t, "干部", tagRule(id))
	w.putTag(t, id, li)
	for _, who := range []string{li, wang} {
		if err := w.View(t.Context(), who, "https://example.com/?a=1&b=2"); err != nil {
			t.Fatal(err)
		}
	}
	seen := w.account.all()
	if m := seen[0]; m.Event != "VIEW" || m.Key != "https://example.com/?a=1&b=2" || m.Menu != special {
		t.Errorf("arrived as %+v, want menu %s", m, special)
	}
	if n, err := strconv.ParseInt(seen[1].Menu, 10, 64); err != nil || n <= 0 || seen[1].Menu == special {
		t.Errorf("the menu of everybody is %q", seen[1].Menu)
	}
	if a := w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`); a.Code != 45015 {
		t.Errorf("a view opens no window: %+v", a)
	}
}

func TestScanForAButton(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"scancode_waitmsg": "收到：meet", "scancode_push": ""} {
		w := newWorld(t)
		code := w.call(t, "qrcode/create", `{"expire_seconds":600,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"meet-1"}}}`)
		reply, err := w.ScanFor(t.Context(), li, sim.Button{Type: kind, Key: "meet"}, "meet-1")
		if err != nil || reply != want {
			t.Errorf("%s: %q, %v, want %q", kind, reply, err, want)
		}
		if m := w.account.all()[0]; m.Event != kind || m.Key != "meet" || m.Scanned.Type != "qrcode" || m.Scanned.Result != code.URL {
			t.Errorf("arrived as %+v, want %s", m, code.URL)
		}
		if a := w.call(t, "message/custom/send", `{"touser":"o_li_si","msgtype":"text","text":{"content":"好"}}`); a.Code != 0 {
			t.Errorf("%s opens the short window: %+v", kind, a)
		}
	}
}

func TestPageViewsAndScans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, body := range map[string]string{
		"view": `{"openid":"o_li_si","url":"https://example.com/"}`,
		"scan": `{"openid":"o_li_si","type":"scancode_waitmsg","key":"k","scene":"meet-1"}`,
	} {
		if status, out := w.do(t, http.MethodPost, "/sim/page/"+path, body); status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, out)
		}
	}
	kinds := map[string]bool{}
	for _, k := range w.kinds() {
		kinds[k] = true
	}
	if len(kinds) != 2 || !kinds["VIEW"] || !kinds["scancode_waitmsg"] {
		t.Errorf("arrived %v", kinds)
	}
}
