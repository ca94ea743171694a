package wechat

import (
	"math"
	"strconv"
	"strings"
)

// System is a system of coordinates. In China the two lie 100 to 700 m apart.
type System string

// The systems.
const (
	WGS84 System = "wgs84" // of satellites
	GCJ02 System = "gcj02" // of Chinese maps
)

// Systems say in which system the platform's coordinates are. It does not say
// itself; a telephone held at a known place tells.
type Systems struct {
	Message System // of a point that was picked on a map: a location message, location_select
	Event   System // of a LOCATION event: where the telephone says that it is
}

// Point is where somebody or something is. It can be forged in either kind.
type Point struct {
	Latitude, Longitude float64 // degrees
	Precision           float64 // metres; 0 of a point that was picked
	System              System
	Picked              bool // by hand, on a map: it says nothing of where the person is
}

// Point is where a location message, a LOCATION event or a location_select event
// says that something is; false if it says nothing that can be: an empty
// coordinate is not 0, and 0, 0 is a place in the sea.
func (m Message) Point(s Systems) (Point, bool) {
	p := Point{System: s.Message, Picked: true}
	switch {
	case m.Type == TypeLocation, m.Type == TypeEvent && m.Event == EventLocationSelect:
	case m.Type == TypeEvent && m.Event == EventLocation:
		p.System, p.Picked = s.Event, false
		p.Precision, _ = degrees(m.Precision, math.MaxFloat32)
	default:
		return Point{}, false
	}
	var north, east bool
	p.Latitude, north = degrees(m.Latitude, 90)
	p.Longitude, east = degrees(m.Longitude, 180)
	if !north || !east || p.Latitude == 0 && p.Longitude == 0 {
		return Point{}, false
	}
	return p, true
}

// PointOf is a point in millionths of a degree.
func PointOf(latitude, longitude int, s System) Point {
	return Point{Latitude: float64(latitude) / 1e6, Longitude: float64(longitude) / 1e6, System: s}
}

// Millionths are the degrees of a point in millionths: a tenth of a metre.
func (p Point) Millionths() (latitude, longitude int) {
	return int(math.Round(p.Latitude * 1e6)), int(math.Round(p.Longitude * 1e6))
}

// degrees reads a plain decimal number of at most so much either way.
func degrees(s string, most float64) (float64, bool) {
	if strings.Trim(s, "0123456789.-") != "" {
		return 0, false // NaN, Inf, hexadecimal and exponents are no coordinates
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && math.Abs(v) <= most
}

// In is the point in another system: GCJ-02 by its published shift, to a
// centimetre either way. Outside China, where nothing is shifted, both are equal.
func (p Point) In(s System) Point {
	if p.System == s || p.Latitude < 0.83 || p.Latitude > 55.83 || p.Longitude < 72.004 || p.Longitude > 137.8347 {
		p.System = s
		return p
	}
	if s == GCJ02 {
		north, east := shift(p.Latitude, p.Longitude)
		p.Latitude, p.Longitude, p.System = p.Latitude+north, p.Longitude+east, s
		return p
	}
	// The shift back is that of the point looked for: four steps come near enough.
	at := p
	for range 4 {
		north, east := shift(at.Latitude, at.Longitude)
		at.Latitude, at.Longitude = p.Latitude-north, p.Longitude-east
	}
	at.System = s
	return at
}

// shift is how far north and east GCJ-02 moves a point of WGS-84, in degrees, on
// the ellipsoid of Krassowski.
func shift(latitude, longitude float64) (north, east float64) {
	const axis, flat = 6378245.0, 0.00669342162296594323
	x, y := longitude-105, latitude-35
	sin := func(k, v float64) float64 { return math.Sin(k * math.Pi * v) }
	waves := 20*sin(6, x) + 20*sin(2, x)
	north = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) +
		(waves+20*sin(1, y)+40*sin(1.0/3, y)+160*sin(1.0/12, y)+320*sin(1.0/30, y))*2/3
	east = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) +
		(waves+20*sin(1, x)+40*sin(1.0/3, x)+150*sin(1.0/12, x)+300*sin(1.0/30, x))*2/3
	radians := latitude * math.Pi / 180
	w := 1 - flat*math.Sin(radians)*math.Sin(radians)
	north = north * 180 / (axis * (1 - flat) / (w * math.Sqrt(w)) * math.Pi)
	east = east * 180 / (axis / math.Sqrt(w) * math.Cos(radians) * math.Pi)
	return north, east
}
