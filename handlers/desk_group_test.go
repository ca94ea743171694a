package handlers_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// crowd checks everybody in at once, so that they share transactions, and
// returns the replies by name.
func (o *office) crowd(t *testing.T, round string, names []string, fn func(name string, d *handlers.Desk) (string, error)) map[string]string {
	t.Helper()
	var mu sync.Mutex
	replies := map[string]string{}
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			reply, err := o.Do(t.Context(), o.by(name, round+name), func(d *handlers.Desk) (string, error) { return fn(name, d) })
			if err != nil {
				reply = "err: " + err.Error()
			}
			mu.Lock()
			replies[name] = reply
			mu.Unlock()
		})
	}
	all.Wait()
	return replies
}

var cadres = []string{"书记", "主任", "委员", "副书记", "一肩挑", "乙委员", "乙副书记"}

func TestOneWhoCannotShareDoesNotSpoilIt(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.gather = true
		broken := errors.New("broken")
		replies := o.crowd(t, "k-", append([]string{"监委"}, cadres...), func(name string, d *handlers.Desk) (string, error) {
			switch name {
			case "主任": // writes what is no appended row
				if err := d.SetTalk([]handlers.Draft{{Form: "kept"}}); err != nil {
					return "", err
				}
			case "委员":
				if _, err := d.CheckIn(); err != nil {
					return "", err
				}
				return "", broken
			}
			return checkIn(d)
		})
		for name, reply := range replies {
			want := 1
			switch {
			case name == "监委":
				want = 0
				if !strings.Contains(reply, "没有办理这件事的权限") {
					t.Errorf("%s was told %q", name, reply)
				}
			case name == "委员":
				want = 0
				if !strings.Contains(reply, "broken") {
					t.Errorf("%s was told %q", name, reply)
				}
			case !strings.HasPrefix(reply, "回执"):
				t.Errorf("%s was told %q", name, reply)
			}
			if n := o.arrivals(t, name); n != want {
				t.Errorf("%s: %d effects, want %d", name, n, want)
			}
		}
	})
}

func TestAPanicInAGroupIsHeardByItsCallerOnly(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.gather = true
		var panics atomic.Int64
		var all sync.WaitGroup
		for _, name := range cadres {
			all.Go(func() {
				defer func() {
					if p := recover(); p != nil {
						panics.Add(1)
					}
				}()
				_, err := o.Do(t.Context(), o.by(name, "k-"+name), func(d *handlers.Desk) (string, error) {
					if name == "主任" {
						panic("a mistake")
					}
					return checkIn(d)
				})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		if n := o.arrivals(t, "主任"); panics.Load() != 1 || n != 0 {
			t.Errorf("%d panics, %d effects of the one who panicked", panics.Load(), n)
		}
		if n := o.arrivals(t, "书记"); n != 1 {
			t.Errorf("%d effects of another, want 1", n)
		}
	})
}

// TestQuickMessagesOfOnePersonTakeTurns sends many commands of one person at
// once: the first is a receipt, all others say when it was.
func TestQuickMessagesOfOnePersonTakeTurns(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.gather = true
		var receipts, said atomic.Int64
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				_, err := o.Do(t.Context(), o.by("主任", fmt.Sprintf("k-%d", i)), checkIn)
				switch r, refused := errors.AsType[*handlers.Refusal](err); {
				case err == nil:
					receipts.Add(1)
				case refused && strings.Contains(r.Text, "已经签到了"):
					said.Add(1)
				default:
					t.Errorf("command %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if receipts.Load() != 1 || said.Load() != 39 || o.arrivals(t, "主任") != 1 {
			t.Errorf("%d receipts, %d refusals, %d effects", receipts.Load(), said.Load(), o.arrivals(t, "主任"))
		}
	})
}

// TestTwoReplicasGatherTheSameMessages gives the same messages to two replicas
// at once: the loser's group fails at its claims, and each finds its answer.
func TestTwoReplicasGatherTheSameMessages(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.gather = true
		other, _ := o.replica(t)
		var mu sync.Mutex
		replies := map[string][]string{}
		var all sync.WaitGroup
		for _, h := range []*handlers.Handlers{o.Handlers, other, o.Handlers} {
			for _, name := range cadres {
				all.Go(func() {
					reply, err := h.Do(t.Context(), o.by(name, "k-"+name), checkIn)
					if err != nil {
						t.Errorf("%s: %v", name, err)
					}
					mu.Lock()
					defer mu.Unlock()
					replies[name] = append(replies[name], reply)
				})
			}
		}
		all.Wait()
		for name, r := range replies {
			if len(r) != 3 || r[0] != r[1] || r[1] != r[2] || !strings.HasPrefix(r[0], "回执") || o.arrivals(t, name) != 1 {
				t.Errorf("%s: %q, %d effects", name, r, o.arrivals(t, name))
			}
		}
	})
}

func TestALateAnswerOfAGroupIsSentAsANotice(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.gather = true
		var all sync.WaitGroup
		for _, name := range cadres {
			all.Go(func() {
				cmd := o.by(name, "k-"+name)
				cmd.Right = &handlers.Right{}
				if name == "书记" && !cmd.Right.GiveUp() {
					t.Error("the waiter could not give up")
				}
				if _, err := o.Do(t.Context(), cmd, checkIn); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		n, err := 0, error(nil)
		err = errors.Join(err, o.db.Read(t.Context(), func(tx *models.Tx) error {
			at, err := tx.NextNotice()
			if err == nil && !at.IsZero() {
				n++
			}
			return err
		}))
		if err != nil || n != 1 || o.arrivals(t, "书记") != 1 {
			t.Errorf("%d notices, %v, %d effects", n, err, o.arrivals(t, "书记"))
		}
	})
}
