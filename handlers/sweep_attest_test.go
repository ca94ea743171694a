package handlers_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// sweepAttest are the use cases of a colleague's word for a shift.
func sweepAttest() map[string]func(*testing.T, *office) swept {
	none := calendar.Date{}
	by := func(o *office, name string, fn func(*handlers.Desk) (handlers.Attestation, error)) swept {
		return sweptBy(o, name, func(d *handlers.Desk) (string, error) {
			a, err := fn(d)
			return a.Said, err
		})
	}
	asked := func(t *testing.T, o *office) {
		t.Helper()
		o.onDuty(t)
		o.attested(t, "委员", func(d *handlers.Desk) (handlers.Attestation, error) { return d.AskAttestation(o.ids["主任"], none) })
	}
	return map[string]func(*testing.T, *office) swept{
		"AskAttestation": func(t *testing.T, o *office) swept {
			o.onDuty(t)
			return by(o, "委员", func(d *handlers.Desk) (handlers.Attestation, error) { return d.AskAttestation(o.ids["主任"], none) })
		},
		"OfferAttestation": func(t *testing.T, o *office) swept {
			o.onDuty(t)
			return by(o, "主任", func(d *handlers.Desk) (handlers.Attestation, error) { return d.OfferAttestation(o.ids["委员"], none) })
		},
		"AgreeAttestation": func(t *testing.T, o *office) swept {
			asked(t, o)
			return by(o, "主任", func(d *handlers.Desk) (handlers.Attestation, error) { return d.AgreeAttestation(1) })
		},
		"DeclineAttestation": func(t *testing.T, o *office) swept {
			asked(t, o)
			return by(o, "主任", func(d *handlers.Desk) (handlers.Attestation, error) { return d.DeclineAttestation(0) })
		},
	}
}

// onDuty draws up the duty of 甲村 for the tests' week; the clock stands at noon.
func (o *office) onDuty(t testing.TB) {
	t.Helper()
	o.job(t, "roster", func(d *handlers.Desk) error {
		_, err := d.MakeRoster(o.village(t, "甲村"), morningDay(), morningDay().Add(4))
		return err
	})
	o.set(morning.Add(4 * time.Hour))
}

func (o *office) attested(t testing.TB, name string, fn func(*handlers.Desk) (handlers.Attestation, error)) string {
	t.Helper()
	return o.do(t, name, o.key(), func(d *handlers.Desk) error { _, err := fn(d); return err })
}
