package wechat_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/wechat"
)

func TestPoint(t *testing.T) {
	t.Parallel()
	systems := wechat.Systems{Message: wechat.GCJ02, Event: wechat.WGS84}
	at := func(kind, event, north, east, precision string) wechat.Message {
		return wechat.Message{Type: kind, Event: event, Latitude: north, Longitude: east, Precision: precision}
	}
	for name, tc := range map[string]struct {
		message wechat.Message
		want    wechat.Point
		ok      bool
	}{
		"a message":                     {at("location", "", "38.019", "110.493", ""), wechat.Point{Latitude: 38.019, Longitude: 110.493, System: wechat.GCJ02, Picked: true}, true},
		"a point chosen by a button":    {at("event", "location_select", "38", "110", ""), wechat.Point{Latitude: 38, Longitude: 110, System: wechat.GCJ02, Picked: true}, true},
		"where the telephone is":        {at("event", "LOCATION", "38.019", "110.493", "65.5"), wechat.Point{Latitude: 38.019, Longitude: 110.493, Precision: 65.5, System: wechat.WGS84}, true},
		"without a precision":           {at("event", "LOCATION", "38.019", "110.493", ""), wechat.Point{Latitude: 38.019, Longitude: 110.493, System: wechat.WGS84}, true},
		"south and west":                {at("location", "", "-38", "-110", ""), wechat.Point{Latitude: -38, Longitude: -110, System: wechat.GCJ02, Picked: true}, true},
		"an empty coordinate":           {at("location", "", "", "110", ""), wechat.Point{}, false},
		"a place in the sea":            {at("location", "", "0", "0.000", ""), wechat.Point{}, false},
		"farther north than the pole":   {at("location", "", "90.1", "110", ""), wechat.Point{}, false},
		"no number":                     {at("location", "", "NaN", "110", ""), wechat.Point{}, false},
		"infinity":                      {at("location", "", "38", "Inf", ""), wechat.Point{}, false},
		"two numbers":                   {at("location", "", "38 39", "110", ""), wechat.Point{}, false},
		"a text that names coordinates": {at("text", "", "38", "110", ""), wechat.Point{}, false},
		"a click":                       {at("event", "CLICK", "38", "110", ""), wechat.Point{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := tc.message.Point(systems)
			if got != tc.want || ok != tc.ok {
				t.Errorf("%+v, %v; want %+v, %v", got, ok, tc.want, tc.ok)
			}
		})
	}
}

// metres is about how far two points are apart.
func metres(a, b wechat.Point) float64 {
	north := (a.Latitude - b.Latitude) * 111_195
	east := (a.Longitude - b.Longitude) * 111_195 * math.Cos(a.Latitude*math.Pi/180)
	return math.Hypot(north, east)
}

// TestSystems shifts 天安门, which maps show 550 m away from where satellites see
// it, and points outside of China not at all.
func TestSystems(t *testing.T) {
	t.Parallel()
	gate := wechat.Point{Latitude: 39.907333, Longitude: 116.391083, System: wechat.WGS84}
	shown := wechat.Point{Latitude: 39.908737, Longitude: 116.397327, System: wechat.GCJ02}
	if d := metres(gate.In(wechat.GCJ02), shown); d > 1 {
		t.Errorf("on a map it is %.2f m away from where maps have it", d)
	}
	if d := metres(shown.In(wechat.WGS84), gate); d > 1 {
		t.Errorf("from a map it is %.2f m away from where it is", d)
	}
	tokyo := wechat.Point{Latitude: 35.68, Longitude: 139.76, System: wechat.WGS84}
	if got := tokyo.In(wechat.GCJ02); got.Latitude != tokyo.Latitude || got.Longitude != tokyo.Longitude || got.System != wechat.GCJ02 {
		t.Errorf("outside of China: %+v", got)
	}
}

func TestSystemsLeadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := wechat.Point{
			Latitude: rapid.Float64Range(18, 54).Draw(t, "north"), Longitude: rapid.Float64Range(73, 135).Draw(t, "east"), System: wechat.WGS84,
		}
		there := p.In(wechat.GCJ02)
		if d := metres(p, there); d < 20 || d > 1200 {
			t.Errorf("the systems are %.0f m apart", d)
		}
		if d := metres(p, there.In(wechat.WGS84)); d > 0.01 {
			t.Errorf("there and back is %.3f m away", d)
		}
	})
}

// TestMillionths: degrees come back as they were written, south and west too.
func TestMillionths(t *testing.T) {
	t.Parallel()
	for _, want := range [][2]int{{30_274_512, 119_998_201}, {1, -1}, {-89_999_999, 179_999_999}, {0, 0}} {
		if north, east := wechat.PointOf(want[0], want[1], wechat.GCJ02).Millionths(); north != want[0] || east != want[1] {
			t.Errorf("%v came back as %d, %d", want, north, east)
		}
	}
}
