package handlers_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// sweepLogs are the use cases of the day's log.
func sweepLogs() map[string]func(*testing.T, *office) swept {
	entry := func(o *office) handlers.LogRequest {
		return handlers.LogRequest{Visitors: 2, Words: "两件事", Matters: []handlers.MatterEntry{
			{Words: "张大爷低保", Done: true}, {Words: "李家危房", Holder: o.ids["主任"]},
		}}
	}
	written := func(t *testing.T, o *office) {
		t.Helper()
		o.do(t, "委员", "log", func(d *handlers.Desk) error { _, err := d.WriteLog(entry(o)); return err })
	}
	return map[string]func(*testing.T, *office) swept{
		"WriteLog": func(_ *testing.T, o *office) swept {
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				_, err := d.WriteLog(entry(o))
				return "好", err
			})
		},
		"CorrectLog": func(t *testing.T, o *office) swept {
			written(t, o)
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				was, err := d.LogsToCorrect("", calendar.Date{})
				if err != nil {
					return "", err
				}
				req := entry(o)
				req.Matters = []handlers.MatterEntry{{No: 2, Version: 1, Words: "王家危房", Holder: o.ids["书记"]}, {Words: "又一件", Done: true}}
				_, err = d.CorrectLog(was[0].ID, req)
				return "好", err
			})
		},
		"CorrectLog, of another's to another day": func(t *testing.T, o *office) swept {
			l := o.entered(t, "书记", "委员", entry(o))
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				_, err := d.CorrectLog(l.ID, handlers.LogRequest{Day: morningDay().Add(-1), Visitors: 2})
				return "好", err
			})
		},
		"RegisterLog": func(_ *testing.T, o *office) swept {
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				_, err := d.RegisterLog(o.ids["委员"], entry(o))
				return "好", err
			})
		},
		"CloseMatter": func(t *testing.T, o *office) swept {
			written(t, o)
			return sweptBy(o, "主任", func(d *handlers.Desk) (string, error) {
				_, err := d.CloseMatter(2, "修好了")
				return "好", err
			})
		},
		"HandOver": func(t *testing.T, o *office) swept {
			written(t, o)
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				_, err := d.HandOver(2, o.ids["书记"])
				return "好", err
			})
		},
		"OpenVillageLogs": func(t *testing.T, o *office) swept {
			o.wrote(t, "委员", handlers.LogRequest{Matters: []handlers.MatterEntry{{Words: "张大爷低保", Done: true}}})
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				_, err := d.OpenVillageLogs(d.MyVillage(), d.Today, "核对")
				return "好", err
			})
		},
		"RemindLogs": func(t *testing.T, o *office) swept {
			o.inCounty(t, logsHere)
			o.job(t, "roster", func(d *handlers.Desk) error {
				_, err := d.MakeRoster(o.village(t, "甲村"), morningDay(), morningDay())
				return err
			})
			o.set(morning.Add(24 * time.Hour))
			return sweptJob(func(d *handlers.Desk) error { return d.RemindLogs(morningDay()) })
		},
	}
}
