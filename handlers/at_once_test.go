package handlers_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/cunkao/cunkao/handlers"
)

// TestOfManyAtOnceOneIsDone lets eight people do at the same instant what can be
// done once: one is told that it is done, the others that somebody was faster.
func TestOfManyAtOnceOneIsDone(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, *office) (who string, do func(*handlers.Desk) error){
		"a notice is sent once more": func(t *testing.T, o *office) (string, func(*handlers.Desk) error) {
			lateReply(t, o)
			l := o.lease(t, 1)[0]
			o.settle(t, l, handlers.Fate{Problem: "43004"})
			return "", func(d *handlers.Desk) error { return d.Requeue(l.ID, "已关注") }
		},
		"a telephone is unbound": func(t *testing.T, o *office) (string, func(*handlers.Desk) error) {
			o.bound(t, "委员", "o-1")
			return "东镇干事", func(d *handlers.Desk) error { return d.Unbind(o.ids["委员"], "手机丢了") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOffice(t, func(t *testing.T, o *office) {
				who, do := prepare(t, o)
				said := make([]string, 8)
				var all sync.WaitGroup
				for i := range said {
					all.Go(func() {
						cmd := o.by(who, fmt.Sprintf("at-once:%d", i))
						if who == "" {
							cmd.Who = handlers.Who{Job: "test"} // the command line
						}
						_, err := o.Do(context.WithoutCancel(t.Context()), cmd, func(d *handlers.Desk) (string, error) { return "", do(d) })
						said[i] = refusal(t, err)
					})
				}
				all.Wait()
				done := 0
				for _, s := range said {
					if s == "" {
						done++
					}
				}
				if done != 1 {
					t.Errorf("it was done %d times: %q", done, said)
				}
			})
		})
	}
}
