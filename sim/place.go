package sim

import (
	"context"
	"errors"
	"regexp"
	"strconv"
)

// Place is a point on a map. Degrees are as they are written, such as 30.274512;
// which system they belong to the platform does not say either.
type Place struct {
	Name      string `json:"name"`  // what stands there, often empty
	Label     string `json:"label"` // the address in words
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Scale     int    `json:"scale"`     // of the map; 0 is 15
	Precision string `json:"precision"` // in metres, of a LOCATION event
}

// ordinaryPlaces are what the page offers where main knows of no others.
func ordinaryPlaces() []Place {
	return []Place{
		{Name: "村委会", Label: "青山镇柳树村村委会", Latitude: "30.274512", Longitude: "119.998201"},
		{Name: "村口", Label: "青山镇柳树村村口", Latitude: "30.276904", Longitude: "120.003415"},
		{Name: "镇政府", Label: "青山镇人民政府", Latitude: "30.301877", Longitude: "120.021466"},
	}
}

func (p Place) scale() string {
	if p.Scale == 0 {
		return "15"
	}
	return strconv.Itoa(p.Scale)
}

// check finds fault with a place of the page's. A test may send any.
func (p Place) check() error {
	degrees := regexp.MustCompile(`^-?\d{1,3}(\.\d{1,9})?$`)
	if !degrees.MatchString(p.Latitude) || !degrees.MatchString(p.Longitude) {
		return errors.New("sim: a place without degrees")
	}
	return nil
}

func (p Place) show() entry {
	title := p.Name
	if title == "" {
		title = "位置"
	}
	return entry{Type: "place", Title: title, Pieces: []Piece{{Text: p.Label}}}
}

// SendLocation sends a point that the person has picked on a map. It says nothing
// of where the person is.
func (s *Sim) SendLocation(ctx context.Context, openID string, at Place) (string, error) {
	return s.act(ctx, action{
		openID: openID, kind: "location", show: at.show(),
		fields: []pair{
			{name: "Location_X", value: at.Latitude, number: true},
			{name: "Location_Y", value: at.Longitude, number: true},
			{name: "Scale", value: at.scale(), number: true},
			{name: "Label", value: at.Label},
		},
		open: func(p *phone) { p.open(s.now(), false) },
	})
}

// PickLocation picks a point after a tap on a location_select button: the account
// first hears of the choice, then gets it as a message. The reply is the
// message's.
func (s *Sim) PickLocation(ctx context.Context, openID string, b Button, at Place) (string, error) {
	info := pair{name: "SendLocationInfo", sub: []pair{
		{name: "Location_X", value: at.Latitude},
		{name: "Location_Y", value: at.Longitude},
		{name: "Scale", value: at.scale()},
		{name: "Label", value: at.Label},
		{name: "Poiname", value: at.Name},
	}}
	if err := s.report(ctx, openID, append(event(b.Type, b.Key), info)...); err != nil {
		return "", err
	}
	return s.SendLocation(ctx, openID, at)
}

// ReportLocation tells the account where the phone is, as it does when somebody
// who allows it opens the chat.
func (s *Sim) ReportLocation(ctx context.Context, openID string, at Place) error {
	return s.report(ctx, openID,
		pair{name: "Event", value: "LOCATION"},
		pair{name: "Latitude", value: at.Latitude, number: true}, pair{name: "Longitude", value: at.Longitude, number: true},
		pair{name: "Precision", value: at.Precision, number: true})
}
