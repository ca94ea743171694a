package handlers_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
)

// sweepTalk are what a conversation stores.
func sweepTalk() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"SetTalk": func(_ *testing.T, o *office) swept {
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				return "下一个问题", d.SetTalk([]handlers.Draft{{Form: "bind", Answers: map[string]string{"code": "x"}}})
			})
		},
		"HeldTalk": func(t *testing.T, o *office) swept {
			startTalk(t, o)
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				talk, err := d.HeldTalk()
				if err != nil {
					return "", err
				}
				talk[0].Answers["again"] = "y"
				return "再下一个", d.SetTalk(talk)
			})
		},
		"TakeTurns": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				if err := d.TakeTurns(); err != nil {
					return "", err
				}
				return "轮到了", d.SetTalk([]handlers.Draft{{Form: "bind", Answers: map[string]string{"code": "x"}}})
			})
		},
		"TendTalks": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			startTalk(t, o)
			o.set(morning.Add(73 * time.Hour))
			return sweptJob(func(d *handlers.Desk) error {
				_, err := d.TendTalks("", 9)
				return err
			})
		},
		"SetTalk, to end it": func(t *testing.T, o *office) swept {
			startTalk(t, o)
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) { return "好", d.SetTalk(nil) })
		},
		"TalkLog": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			startTalk(t, o)
			return sweptBy(o, "组织部", func(d *handlers.Desk) (string, error) {
				lines, drafts, err := d.TalkLog(o.ids["委员"], 9)
				return fmt.Sprint(len(lines), len(drafts)), err
			})
		},
		"OpenTalkLog": func(t *testing.T, o *office) swept {
			o.bound(t, "委员", "o-1")
			return sweptBy(o, "组织部", func(d *handlers.Desk) (string, error) {
				lines, _, err := d.OpenTalkLog(o.ids["委员"], 9, "本人来问")
				return strconv.Itoa(len(lines)), err
			})
		},
		"Private": func(t *testing.T, o *office) swept {
			startTalk(t, o)
			return sweptBy(o, "o-1", func(d *handlers.Desk) (string, error) {
				d.Private()
				return "事由：去县里看病", d.SetTalk(nil)
			})
		},
	}
}

func startTalk(t *testing.T, o *office) {
	t.Helper()
	o.do(t, "o-1", "talk", func(d *handlers.Desk) error {
		return d.SetTalk([]handlers.Draft{{Form: "bind", Answers: map[string]string{"code": "x"}}})
	})
}
