package handlers

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

// How a county has its cadres check in.
const (
	CheckInByWord  = "word"  // one word
	CheckInByPlace = "place" // and a place, which is not kept
	CheckInByPhoto = "photo" // and a photo
)

// CheckInBy is what goes with a 签到 in this county.
func (h *Handlers) CheckInBy() string { return cmp.Or(h.county.CheckIn, CheckInByWord) }

// Spot is a point on the earth in millionths of a degree of WGS-84: a tenth of a metre.
type Spot struct{ Latitude, Longitude int }

// FenceEntry is a line of the sheet of fences (在岗范围): the spot is in the system that it
// names until it is converted.
type FenceEntry struct {
	Row           int
	Town, Village string
	Spot          Spot
	Radius        int    // metres
	System        string // gcj02 or wgs84
}

// FenceColumns are the columns of the sheet. 镇 is needed only where two villages have one
// name.
func FenceColumns() []string { return []string{"村", "纬度", "经度", "半径", "坐标系"} }

// The bounds of a fence. A small one would accuse people of what a telephone cannot know.
const (
	leastRadius = 300
	mostRadius  = 5000
)

// ReadFences takes fences out of a spreadsheet. A mistake in any row refuses the whole sheet,
// and names the rows.
func ReadFences(t sheet.Table) ([]FenceEntry, error) {
	if err := t.Require(FenceColumns()...); err != nil {
		return nil, Refuse("%s", err)
	}
	var out []FenceEntry
	var wrong []string
	for _, row := range t.Rows {
		e, err := fenceOf(row)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d行%s", row.N, err))
			continue
		}
		out = append(out, e)
	}
	if len(wrong) > mostMistakes {
		wrong = append(wrong[:mostMistakes], fmt.Sprintf("另外还有%d处。", len(wrong)-mostMistakes))
	}
	switch {
	case len(wrong) > 0:
		return nil, Refuse("在岗范围没有导入，请改正：\n%s", strings.Join(wrong, "\n"))
	case len(out) == 0:
		return nil, Refuse("表里没有一个村。")
	}
	return out, nil
}

func fenceOf(row sheet.Row) (FenceEntry, error) {
	c := row.Cells
	e := FenceEntry{Row: row.N, Town: c["镇"], Village: c["村"], System: strings.ToLower(strings.ReplaceAll(c["坐标系"], "-", ""))}
	var north, east bool
	e.Spot.Latitude, north = millionths(c["纬度"], 3, 54)
	e.Spot.Longitude, east = millionths(c["经度"], 73, 136)
	radius, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(c["半径"], "米"), "m"))
	e.Radius = radius
	switch {
	case e.Village == "":
		return e, Refuse("“村”没有写。")
	case !north || !east:
		return e, Refuse("“纬度”“经度”要写成 30.274512、119.998201 的样子，先纬度后经度。")
	case err != nil || radius < leastRadius || radius > mostRadius:
		return e, Refuse("“半径”要在%d到%d米之间。", leastRadius, mostRadius)
	case e.System != "gcj02" && e.System != "wgs84":
		return e, Refuse("“坐标系”要写 gcj02（手机地图）或 wgs84（卫星定位）。")
	}
	return e, nil
}

// millionths reads plain degrees between two bounds; what is finer than a millionth falls off.
func millionths(s string, least, most int) (int, bool) {
	whole, part, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 3 || len(part) > 15 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(whole + (part + "000000")[:6])
	return n, err == nil && n >= least*1_000_000 && n <= most*1_000_000
}

// SetFences puts fences in the place of those that the named villages had, all or none. The
// spots are of WGS-84.
func (d *Desk) SetFences(source string, entries []FenceEntry) error {
	villages, err := d.tx.Villages()
	if err != nil {
		return fmt.Errorf("set fences: %w", err)
	}
	towns, err := d.tx.Towns()
	if err != nil {
		return fmt.Errorf("set fences: %w", err)
	}
	names := map[string]string{}
	for _, t := range towns {
		names[t.ID] = t.Name
	}
	of, order := map[string][]models.Fence{}, []string{}
	for _, e := range entries {
		v, err := e.village(villages, names)
		if err != nil {
			return err
		}
		if err := d.may("SetFences", Target{Village: v.ID, Town: v.TownID}); err != nil {
			return err
		}
		if of[v.ID] == nil {
			order = append(order, v.ID)
		}
		of[v.ID] = append(of[v.ID], models.Fence{ID: d.tx.NewID(), VillageID: v.ID, Latitude: e.Spot.Latitude, Longitude: e.Spot.Longitude, Radius: e.Radius})
	}
	for _, village := range order {
		if err := d.tx.SetFences(village, of[village]); err != nil {
			return fmt.Errorf("set the fences of %s: %w", village, err)
		}
	}
	return d.did("SetFences", fmt.Sprintf("%d villages", len(order)), short(source, 200))
}

func (e FenceEntry) village(all []models.Village, towns map[string]string) (found models.Village, err error) {
	n := 0
	for _, v := range all {
		if v.Name == e.Village && (e.Town == "" || towns[v.TownID] == e.Town) {
			found, n = v, n+1
		}
	}
	switch n {
	case 1:
		return found, nil
	case 0:
		return found, Refuse("第%d行没有“%s%s”这个村。", e.Row, e.Town, e.Village)
	default:
		return found, Refuse("第%d行有几个村叫“%s”，请加“镇”一列写明。", e.Row, e.Village)
	}
}

// Presence is where somebody was when he checked in, as far as that is kept.
type Presence struct {
	Verdict  models.Verdict
	Distance string // class of the distance from the fence, in words; empty unless out
	Reason   string // of being out
}

// The classes of distance.
const (
	nearBy   = "500米内"
	walkable = "2公里内"
	farther  = "更远"
)

// Locate says where a spot is to the village in which somebody holds his post. The spot is not
// kept.
func (v *View) Locate(s Spot) (Presence, error) {
	if err := v.may("Locate", own(v.Who.ID)); err != nil {
		return Presence{}, err
	}
	at, err := v.homeOf(v.Who.ID)
	if err != nil {
		return Presence{}, err
	}
	fences, err := v.tx.FencesOf(at.village.ID)
	if err != nil {
		return Presence{}, fmt.Errorf("fences of %s: %w", at.village.ID, err)
	}
	return locate(s, fences), nil
}

// locate gives the doubt to the cadre: at the edge he is inside.
func locate(s Spot, fences []models.Fence) Presence {
	if len(fences) == 0 {
		return Presence{Verdict: models.VerdictUnknown}
	}
	beyond := math.MaxInt
	for _, f := range fences {
		beyond = min(beyond, s.metresTo(Spot{f.Latitude, f.Longitude})-f.Radius)
	}
	switch {
	case beyond <= 0:
		return Presence{Verdict: models.VerdictIn}
	case beyond < 500:
		return Presence{Verdict: models.VerdictOut, Distance: nearBy}
	case beyond < 2000:
		return Presence{Verdict: models.VerdictOut, Distance: walkable}
	default:
		return Presence{Verdict: models.VerdictOut, Distance: farther}
	}
}

// metresTo is the distance, rounded down: of the chord on a plane that touches the earth
// between the two, which within a county is off by less than a metre.
func (s Spot) metresTo(o Spot) int {
	const degree = 11_119_508 // centimetres along a meridian
	north := (o.Latitude - s.Latitude) * degree / 1_000_000
	east := (o.Longitude - s.Longitude) * degree / 1_000_000 * cosine((s.Latitude+o.Latitude)/2) / unit
	square := new(big.Int).SetInt64(int64(north)*int64(north) + int64(east)*int64(east))
	return int(square.Sqrt(square).Int64() / 100)
}

// unit is one in fixed point.
const unit = 1_000_000_000

// cosine is that of an angle of up to a right one, in millionths of a degree, in fixed point,
// by its series.
func cosine(angle int) int {
	x := angle * 17_453_293 / 1_000_000 // radians in fixed point
	square, term, sum := x*x/unit, unit, unit
	for k := 1; k <= 7; k++ {
		term = -term * square / unit / ((2*k - 1) * 2 * k)
		sum += term
	}
	return sum
}

// Verdicts says of the arrivals of a village on a day what is kept of their places, by person;
// of none, where only the word counts.
func (v *View) Verdicts(villageID string, day calendar.Date) (map[string]Presence, error) {
	village, err := v.tx.Village(villageID)
	if err != nil {
		return nil, fmt.Errorf("verdicts: %w", err)
	}
	if err := v.may("Verdicts", Target{Village: villageID, Town: village.TownID}); err != nil {
		return nil, err
	}
	arrivals, err := v.tx.ArrivalsIn(villageID, day, day)
	if err != nil {
		return nil, fmt.Errorf("verdicts: %w", err)
	}
	of := map[string]string{}
	for _, a := range arrivals {
		of[a.ID] = a.PersonID
	}
	ids := make([]string, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	rows, err := v.tx.PresencesOf(ids)
	if err != nil {
		return nil, fmt.Errorf("verdicts: %w", err)
	}
	out := map[string]Presence{}
	for _, r := range rows {
		p := Presence{Verdict: r.Verdict, Distance: r.Distance}
		if r.Reason != "" {
			if p.Reason, err = v.h.box.Open(r.Reason, awayOf(r.ArrivalID)); err != nil {
				return nil, fmt.Errorf("verdicts: %w", err)
			}
		}
		out[of[r.ArrivalID]] = p
	}
	return out, nil
}

func awayOf(id string) string { return "presences.reason." + id }
