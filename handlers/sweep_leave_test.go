package handlers_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// sweptLeave is a use case of leave.
func sweptLeave(o *office, name string, fn func(*handlers.Desk) (handlers.Leave, error)) swept {
	return sweptBy(o, name, func(d *handlers.Desk) (string, error) {
		l, err := fn(d)
		return l.Words, err
	})
}

func sweepLeave() map[string]func(*testing.T, *office) swept {
	two := days(time.October, 12, 13)
	asked := func(t *testing.T, o *office) int {
		t.Helper()
		req := request(two)
		req.DeputyID = o.ids["副书记"]
		return o.asked(t, "委员", req).Number
	}
	return map[string]func(*testing.T, *office) swept{
		"AskLeave": func(_ *testing.T, o *office) swept {
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.AskLeave(request(two)) })
		},
		"ApproveLeave": func(t *testing.T, o *office) swept {
			return sweptLeave(o, "书记", approve(asked(t, o)))
		},
		"ApproveLeave, of an extension": func(t *testing.T, o *office) swept {
			return sweptLeave(o, "书记", approve(extended(t, o)))
		},
		"RejectLeave": func(t *testing.T, o *office) swept {
			return sweptLeave(o, "书记", reject(asked(t, o), "那天有检查"))
		},
		"WithdrawLeave": func(t *testing.T, o *office) swept {
			asked(t, o)
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.WithdrawLeave(0) })
		},
		"CancelLeave": func(t *testing.T, o *office) swept {
			o.leave(t, "书记", approve(asked(t, o)))
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.CancelLeave(0) })
		},
		"UrgeLeave": func(t *testing.T, o *office) swept {
			asked(t, o)
			o.set(morning.Add(5 * time.Hour))
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.UrgeLeave(0) })
		},
		"ExtendLeave": func(t *testing.T, o *office) swept {
			o.leave(t, "书记", approve(asked(t, o)))
			return sweptLeave(o, "委员", extension)
		},
		"UndoReturn": func(t *testing.T, o *office) swept {
			o.leave(t, "书记", approve(asked(t, o)))
			o.set(on(10, 13).At(9, 0))
			o.leave(t, "委员", back(0, calendar.Half{}))
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.UndoReturn(0) })
		},
		"ReportReturn": func(t *testing.T, o *office) swept {
			extended(t, o)
			o.set(on(10, 13).At(9, 0))
			return sweptLeave(o, "委员", back(0, calendar.Half{}))
		},
		"ReportReturnFor": func(t *testing.T, o *office) swept {
			no := asked(t, o)
			o.leave(t, "书记", approve(no))
			o.set(on(10, 13).At(9, 0))
			return sweptLeave(o, "书记", func(d *handlers.Desk) (handlers.Leave, error) { return d.ReportReturnFor(no, calendar.Half{}) })
		},
		"AcceptDeputy": func(t *testing.T, o *office) swept {
			asked(t, o)
			return sweptLeave(o, "副书记", func(d *handlers.Desk) (handlers.Leave, error) { return d.AcceptDeputy(0) })
		},
		"DeclineDeputy": func(t *testing.T, o *office) swept {
			asked(t, o)
			return sweptLeave(o, "副书记", func(d *handlers.Desk) (handlers.Leave, error) { return d.DeclineDeputy(0) })
		},
		"NameDeputy": func(t *testing.T, o *office) swept {
			asked(t, o)
			return sweptLeave(o, "委员", func(d *handlers.Desk) (handlers.Leave, error) { return d.NameDeputy(0, o.ids["主任"]) })
		},
		"RouteLeaves": func(t *testing.T, o *office) swept {
			o.deputized(t, "书记", "东镇党委", "副书记", two)
			o.asked(t, "委员", request(days(time.October, 19, 20)))
			o.set(on(10, 12).At(7, 50))
			return sweptJob((*handlers.Desk).RouteLeaves)
		},
		"RemindLeaves": func(t *testing.T, o *office) swept {
			o.leave(t, "书记", approve(asked(t, o)))
			o.set(on(10, 15).At(7, 50))
			return sweptJob((*handlers.Desk).RemindLeaves)
		},
		"AddKin": func(_ *testing.T, o *office) swept {
			return sweptJob(func(d *handlers.Desk) error { return d.AddKin(o.ids["书记"], o.ids["委员"], "夫妻") })
		},
		"RemoveKin": func(t *testing.T, o *office) swept {
			o.kin(t, "书记", "委员")
			return sweptJob(func(d *handlers.Desk) error { return d.RemoveKin(o.ids["书记"], o.ids["委员"]) })
		},
	}
}

func extension(d *handlers.Desk) (handlers.Leave, error) {
	return d.ExtendLeave(0, calendar.Half{Day: on(10, 14), Noon: true}, "车停运")
}

// extended has an extension of an approved leave wait, and returns its number.
func extended(t *testing.T, o *office) (no int) {
	t.Helper()
	o.granted(t, "委员", "书记", request(days(time.October, 12, 13)))
	o.leave(t, "委员", func(d *handlers.Desk) (handlers.Leave, error) {
		l, err := extension(d)
		no = l.Number
		return l, err
	})
	return no
}
