package handlers_test

import (
	"strconv"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/scoring"
)

// sweepSelfEval are the use cases of self-evaluation.
func sweepSelfEval() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"SaveSelfEval": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				_, err := d.SaveSelfEval(pictured(0, "m", "D1.1", ""))
				return "好", err
			})
		},
		"SubmitSelfEval": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "keep", func(d *handlers.Desk) error { _, err := d.SaveSelfEval(evaluation(0, nil)); return err })
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) { return "好", submit(pictured(1, "m", "D1.1", ""))(d) })
		},
		"RegisterSelfEval": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				_, err := d.RegisterSelfEval(o.ids["委员"], pictured(0, "m", "D1.1", ""))
				return "好", err
			})
		},
		"AttachPhoto, to a self-evaluation": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "submit", submit(pictured(0, "m")))
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				s, err := d.AttachPhoto("m-2")
				return s.Words(), err
			})
		},
		"RemoveSelfPhotos": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "submit", submit(pictured(0, "m", "D1.1", "D1.1", "")))
			return sweptBy(o, "委员", func(d *handlers.Desk) (string, error) {
				n, err := d.RemoveSelfPhotos("D1.1")
				return strconv.Itoa(n), err
			})
		},
		"OpenPhoto, of a self-evaluation": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "submit", submit(pictured(0, "m", "D1.1")))
			o.fetched(t, o.leased(t, 1)[0], handlers.PhotoFate{JPEG: []byte("picture")})
			cards, _ := o.photos(t, "委员", "委员")
			return sweptBy(o, "书记", func(d *handlers.Desk) (string, error) {
				_, err := d.OpenPhoto(cards[0].ID, "核对")
				return "好", err
			})
		},
		"RemindSelfEvals": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.set(on(10, 9).At(8, 40))
			return sweptJob(func(d *handlers.Desk) error { return d.RemindSelfEvals(on(10, 9)) })
		},
		"StepCycle, self-evaluations missing": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "keep", func(d *handlers.Desk) error { _, err := d.SaveSelfEval(evaluation(0, nil)); return err })
			o.set(on(10, 14).At(0, 10))
			return sweptJob(func(d *handlers.Desk) error { _, err := d.StepCycle(third); return err })
		},
		"CloseRecheck": func(t *testing.T, o *office) swept {
			selfEvaluating(t, o)
			o.do(t, "委员", "submit", submit(evaluation(0, map[string]scoring.Points{"D1.1": 200})))
			o.step(t, on(10, 23).At(0, 10))
			return sweptBy(o, "东镇党委", func(d *handlers.Desk) (string, error) {
				gaps, err := d.GapList()
				if err != nil {
					return "", err
				}
				return "好", d.CloseRecheck(gaps[0].ResultID, "记录属实，不变")
			})
		},
	}
}
