package handlers_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// keep takes a message in, for the caller to carry out.
func (o *office) keep(t testing.TB, key, body string) (mine bool) {
	t.Helper()
	mine, err := o.TakeIn(t.Context(), handlers.Taken{Key: key, Body: body, Tries: 1})
	if err != nil {
		t.Fatal(err)
	}
	return mine
}

// kept counts the messages that were taken in.
func (o *office) kept(t testing.TB) (n int64) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) (err error) { n, err = tx.CountIntakes(); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func takeOver(t testing.TB, h *handlers.Handlers) []handlers.Taken {
	t.Helper()
	taken, err := h.TakeOver(t.Context(), 500)
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// TestAMessageIsTakenInOnce takes every message in twice at once, by two
// processes: it is one row, and one of them is to carry it out.
func TestAMessageIsTakenInOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const messages = 60
		other, _ := o.replica(t)
		var mine [messages]atomic.Int64
		var all sync.WaitGroup
		for i := range messages {
			for _, h := range []*handlers.Handlers{o.Handlers, other, o.Handlers} {
				all.Go(func() {
					own, err := h.TakeIn(t.Context(), handlers.Taken{Key: "wx:o-" + strconv.Itoa(i), Body: "<秘密>", Tries: 1})
					if err != nil {
						t.Error(err)
					}
					if own {
						mine[i].Add(1)
					}
				})
			}
		}
		all.Wait()
		for i := range mine {
			if n := mine[i].Load(); n != 1 {
				t.Errorf("message %d is to be carried out by %d", i, n)
			}
		}
		if n := o.kept(t); n != messages {
			t.Errorf("%d rows of %d messages", n, messages)
		}
		if where := o.holds(t, "秘密"); len(where) > 0 {
			t.Errorf("what was said can be read in %q", where)
		}
		if err := o.LetGo(t.Context(), "wx:o-0"); err != nil || o.kept(t) != messages-1 {
			t.Errorf("one was let go, %v, and %d are kept", err, o.kept(t))
		}
	})
}

// TestALeaseOfTheDeadIsTakenOnce lets two processes look at the same time at what
// a third has left.
func TestALeaseOfTheDeadIsTakenOnce(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		const messages = 40
		for i := range messages {
			o.keep(t, "wx:o-"+strconv.Itoa(i), "<"+strconv.Itoa(i)+">")
		}
		o.set(o.now().Add(handlers.IntakeLease - time.Second))
		if got := takeOver(t, o.Handlers); len(got) > 0 {
			t.Errorf("%d were taken from somebody who is at it", len(got))
		}
		o.set(o.now().Add(2 * time.Second))
		var mu sync.Mutex
		var all sync.WaitGroup
		seen := map[string]handlers.Taken{}
		for range 2 {
			h, _ := o.replica(t)
			for range 2 {
				all.Go(func() {
					taken, err := h.TakeOver(t.Context(), 15)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					for _, one := range taken {
						if _, twice := seen[one.Key]; twice {
							t.Errorf("%s was taken twice", one.Key)
						}
						seen[one.Key] = one
					}
				})
			}
		}
		all.Wait()
		last, _ := o.replica(t)
		for _, one := range takeOver(t, last) {
			seen[one.Key] = one
		}
		for key, one := range seen {
			if !one.Orphan || one.Tries != 2 || "<"+strings.TrimPrefix(key, "wx:o-")+">" != one.Body {
				t.Errorf("took over %+v", one)
			}
		}
		if len(seen) != messages {
			t.Errorf("%d of %d were taken over", len(seen), messages)
		}
	})
}

// TestWhatWaitsForRoomIsNobodysYet leaves a message to whoever has room first.
func TestWhatWaitsForRoomIsNobodysYet(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		if mine, err := o.TakeIn(t.Context(), handlers.Taken{Key: "wx:o-1", Body: "<1>"}); err != nil || !mine {
			t.Fatal(mine, err)
		}
		if got := takeOver(t, o.Handlers); len(got) != 1 || got[0].Orphan || got[0].Tries != 1 {
			t.Errorf("took %+v", got)
		}
		if got := takeOver(t, o.Handlers); len(got) > 0 {
			t.Errorf("took again %+v", got)
		}
	})
}

// given is a message that was tried too often.
func given(key string) (handlers.Command, handlers.Taken) {
	cmd := handlers.Command{Key: key, Digest: "d", Who: handlers.Who{OpenID: "o-1"}, Channel: handlers.ByWeChat, Right: &handlers.Right{}}
	cmd.Right.GiveUp()
	return cmd, handlers.Taken{Key: key, Body: "<秘密>", Tries: handlers.IntakeTries + 1}
}

func (o *office) texts(t testing.TB) (out []string) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.Notices("", "", 99)
		for _, n := range rows {
			out = append(out, n.Words["text"])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhoIsGivenUpIsToldTheTruth gives a message up: whatever comes of a repeat
// later says the same.
func TestWhoIsGivenUpIsToldTheTruth(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		cmd, taken := given("wx:o-1")
		o.keep(t, taken.Key, taken.Body)
		if err := o.GiveUp(t.Context(), cmd, taken, "没有记录下来。"); err != nil {
			t.Fatal(err)
		}
		if got := o.texts(t); len(got) != 1 || got[0] != "没有记录下来。" || o.kept(t) != 0 {
			t.Errorf("told %q, and %d are kept", got, o.kept(t))
		}
		_, err := o.Do(t.Context(), cmd, func(*handlers.Desk) (string, error) { t.Error("it was carried out"); return "", nil })
		if got := refusal(t, err); got != "没有记录下来。" {
			t.Errorf("a repeat is answered %q", got)
		}
		o.look(t, "组织部", func(v *handlers.View) error {
			letters, err := v.DeadLetters(9)
			if len(letters) != 1 || letters[0].CmdKey != taken.Key || strings.Contains(letters[0].Body, "秘密") {
				t.Errorf("buried %+v", letters)
			}
			return err
		})
	})
}

// TestWhatWasCarriedOutIsNotDenied gives a message up that was carried out, by a
// process that died before it could let it go.
func TestWhatWasCarriedOutIsNotDenied(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		cmd, taken := given("wx:o-1")
		o.keep(t, taken.Key, taken.Body)
		inline := cmd
		inline.Right = nil
		if _, err := o.Do(t.Context(), inline, func(*handlers.Desk) (string, error) { return "记下了", nil }); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := o.GiveUp(t.Context(), cmd, taken, "没有记录下来。"); err != nil {
				t.Fatal(err)
			}
		}
		if got := o.texts(t); len(got) != 1 || got[0] != "记下了" || o.kept(t) != 0 {
			t.Errorf("told %q, and %d are kept", got, o.kept(t))
		}
	})
}

// TestWhatNobodyCanOpenIsBuried has a message in the intake that another key
// sealed: it holds nobody up, and is buried when a day is over.
func TestWhatNobodyCanOpenIsBuried(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		err := o.db.Write(t.Context(), func(tx *models.Tx) error {
			return tx.AddIntakes([]*models.Intake{{CmdKey: "wx:o-2", Body: "v1:other:xxxx", ReceivedAt: tx.Now, LeaseUntil: tx.Now}})
		})
		if err != nil {
			t.Fatal(err)
		}
		o.keep(t, "wx:o-1", "<1>")
		o.set(o.now().Add(handlers.IntakeLease + time.Second))
		got, err := o.TakeOver(t.Context(), 9)
		if len(got) != 1 || got[0].Key != "wx:o-1" || err == nil {
			t.Errorf("took %+v, %v", got, err)
		}
		for _, tc := range []struct{ hours, kept int }{{20, 2}, {5, 0}} {
			o.set(o.now().Add(time.Duration(tc.hours) * time.Hour))
			if err := o.TidyIntake(t.Context()); err != nil || o.kept(t) != int64(tc.kept) {
				t.Errorf("%d hours later %d are kept, %v", tc.hours, o.kept(t), err)
			}
		}
	})
}

// sweepIntake are the use cases of what is acknowledged before it is carried out.
func sweepIntake() map[string]func(*testing.T, *office) swept {
	return map[string]func(*testing.T, *office) swept{
		"TakeIn, in a group": func(_ *testing.T, _ *office) swept {
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				_, err := h.TakeIn(ctx, handlers.Taken{Key: "wx:o-1", Body: "<1>"})
				return err
			})
		},
		"LetGo, in a group": func(t *testing.T, o *office) swept {
			o.keep(t, "wx:o-1", "<1>")
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.LetGo(ctx, "wx:o-1") })
		},
		"TakeOver": func(t *testing.T, o *office) swept {
			o.keep(t, "wx:o-1", "<1>")
			o.keep(t, "wx:o-2", "<2>")
			o.set(o.now().Add(handlers.IntakeLease))
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { _, err := h.TakeOver(ctx, 9); return err })
		},
		"GiveUp": func(t *testing.T, o *office) swept {
			cmd, taken := given("wx:o-1")
			o.keep(t, taken.Key, taken.Body)
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error {
				return h.GiveUp(ctx, cmd, taken, "没有记录下来。")
			})
		},
		"TidyIntake": func(t *testing.T, o *office) swept {
			o.keep(t, "wx:o-1", "<1>")
			o.set(o.now().Add(25 * time.Hour))
			return sweptHouse(func(ctx context.Context, h *handlers.Handlers) error { return h.TidyIntake(ctx) })
		},
	}
}
