package handlers_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// checkIn is the use case that these tests carry out; its effect is one row.
func checkIn(d *handlers.Desk) (string, error) {
	in, err := d.CheckIn()
	return "回执" + in.Arrival.Receipt, err
}

func (o *office) arrivals(t testing.TB, name string) int {
	t.Helper()
	n := 0
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ArrivalsOn(morningDay())
		for _, r := range rows {
			if r.PersonID == o.ids[name] {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACommandIsCarriedOutOnceAndAnsweredTheSame(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		other, _ := o.replica(t)
		cmd := o.by("主任", "k-1")
		var replies []string
		for i, h := range []*handlers.Handlers{o.Handlers, other, o.Handlers} {
			reply, err := h.Do(t.Context(), cmd, checkIn)
			if err != nil {
				t.Fatalf("delivery %d: %v", i+1, err)
			}
			replies = append(replies, reply)
		}
		if replies[0] != replies[1] || replies[1] != replies[2] {
			t.Errorf("answers differ: %q", replies)
		}
		if n := o.arrivals(t, "主任"); n != 1 {
			t.Errorf("%d effects, want 1", n)
		}
		// Each repeat was stored before it was answered.
		err := o.db.Read(t.Context(), func(tx *models.Tx) error {
			in, err := tx.Inbox("k-1")
			if in.Repeats != 2 {
				t.Errorf("%d repeats are counted, want 2", in.Repeats)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestDeliveriesAtOnceHaveOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		other, _ := o.replica(t)
		replicas, replies := []*handlers.Handlers{o.Handlers, other}, make([]string, 12)
		var all sync.WaitGroup
		for i := range replies {
			all.Go(func() {
				reply, err := replicas[i%2].Do(t.Context(), o.by("主任", "k-1"), checkIn)
				if err != nil {
					t.Errorf("delivery %d: %v", i, err)
				}
				replies[i] = reply
			})
		}
		all.Wait()
		for _, r := range replies {
			if r != replies[0] {
				t.Errorf("answers differ: %q and %q", r, replies[0])
			}
		}
		if n := o.arrivals(t, "主任"); n != 1 {
			t.Errorf("%d effects, want 1", n)
		}
	})
}

func TestAKeyWithAnotherInputIsNoRepeat(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		first := o.by("主任", "k-1")
		first.Digest = "a"
		if _, err := o.Do(t.Context(), first, checkIn); err != nil {
			t.Fatal(err)
		}
		other := first
		other.Digest = "b"
		if _, err := o.Do(t.Context(), other, checkIn); !errors.Is(err, handlers.ErrMismatch) {
			t.Errorf("another input: %v, want ErrMismatch", err)
		}
		stolen := o.by("书记", "k-1")
		stolen.Digest = "a"
		if _, err := o.Do(t.Context(), stolen, checkIn); !errors.Is(err, handlers.ErrMismatch) {
			t.Errorf("another person: %v, want ErrMismatch", err)
		}
	})
}

func TestARefusalUndoesTheUseCaseAndKeepsWhatIsToBeKept(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		runs := 0
		ask := func() (string, error) {
			return o.Do(t.Context(), o.by("o-stranger", "k-1"), func(d *handlers.Desk) (string, error) {
				runs++
				if err := d.SetTalk([]handlers.Draft{{Form: "kept", Answers: map[string]string{"a": "1"}}}); err != nil {
					return "", err
				}
				if _, err := d.Bind(handlers.Proof{Code: "AAAABBBB", Phone4: "1111"}); err != nil {
					return "", err
				}
				return "bound", nil
			})
		}
		_, err := ask()
		said := refusal(t, err)
		if !strings.Contains(said, "绑定码或手机尾号不对") {
			t.Errorf("refusal = %q", said)
		}
		first := runs // two where it had to fall out of a group
		_, again := ask()
		if got := refusal(t, again); got != said || runs != first {
			t.Errorf("the repeat said %q after %d runs", got, runs)
		}
		o.look(t, "o-stranger", func(v *handlers.View) error {
			talk, err := v.Talk()
			if err != nil || len(talk) != 1 || talk[0].Form != "kept" {
				t.Errorf("talk = %+v, %v", talk, err)
			}
			return nil
		})
	})
}

func TestAFaultUndoesEverythingAndMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		broken := errors.New("broken")
		_, err := o.Do(t.Context(), o.by("主任", "k-1"), func(d *handlers.Desk) (string, error) {
			if _, err := d.CheckIn(); err != nil {
				return "", err
			}
			return "", broken
		})
		if !errors.Is(err, broken) || o.arrivals(t, "主任") != 0 {
			t.Fatalf("err = %v, %d effects", err, o.arrivals(t, "主任"))
		}
		if _, err := o.Do(t.Context(), o.by("主任", "k-1"), checkIn); err != nil || o.arrivals(t, "主任") != 1 {
			t.Errorf("again: %v, %d effects", err, o.arrivals(t, "主任"))
		}
	})
}

func TestATransientFaultIsTriedAgain(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		for _, tc := range []struct {
			fails int
			works bool
		}{{1, true}, {3, true}, {4, false}} {
			runs := 0
			_, err := o.Do(t.Context(), o.by("主任", fmt.Sprintf("k-%d", tc.fails)), func(*handlers.Desk) (string, error) {
				if runs++; runs <= tc.fails {
					return "", fmt.Errorf("deadlock: %w", models.ErrAgain)
				}
				return "好", nil
			})
			if (err == nil) != tc.works {
				t.Errorf("%d failures: %v after %d runs", tc.fails, err, runs)
			}
		}
	})
}

func TestAnAnswerThatComesTooLateIsSentAsANotice(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		cmd := o.by("o-1", "k-1")
		cmd.Right = &handlers.Right{}
		_, err := o.Do(t.Context(), cmd, func(*handlers.Desk) (string, error) {
			if !cmd.Right.GiveUp() {
				t.Error("the waiter could not give up")
			}
			return "迟到的回答", nil
		})
		if err != nil {
			t.Fatal(err)
		}
		leases, _, err := o.LeaseNotices(t.Context(), 10)
		if err != nil || len(leases) != 1 || leases[0].OpenID != "o-1" || leases[0].Words["text"] != "迟到的回答" {
			t.Errorf("notices = %+v, %v", leases, err)
		}
	})
}

// TestARepeatThatNobodyWaitsForIsAnsweredByANotice lets the try that was carried
// out break off when its answer was due, and the next be told success: somebody
// must tell the person.
func TestARepeatThatNobodyWaitsForIsAnsweredByANotice(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, o *office) {
		cmd := o.by("o-1", "k-1")
		cmd.Right = &handlers.Right{}
		turn := func(*handlers.Desk) (string, error) { return "回执", nil }
		if _, err := o.Do(t.Context(), cmd, turn); err != nil {
			t.Fatal(err)
		}
		if n := o.lease(t, 9); len(n) != 0 {
			t.Errorf("%d notices of an answer that was read", len(n))
		}
		for range 2 {
			again := cmd
			again.Right = &handlers.Right{}
			again.Right.GiveUp()
			if _, err := o.Do(t.Context(), again, turn); err != nil {
				t.Fatal(err)
			}
		}
		if n := o.lease(t, 9); len(n) != 1 || n[0].OpenID != "o-1" || n[0].Words["text"] != "回执" {
			t.Errorf("notices = %+v", n)
		}
	})
}

func TestTheWaiterCannotGiveUpWhenTheWorkHasTheRight(t *testing.T) {
	t.Parallel()
	var r handlers.Right
	first, again := r.Take(), r.Take()
	if !first || !again || r.GiveUp() {
		t.Error("the work took the right and lost it")
	}
	var none *handlers.Right
	if !none.Take() {
		t.Error("where nobody waits the work has the right")
	}
}

// TestAnUnansweredCommitIsLookedUp cuts the line when COMMIT has been carried
// out and its answer is on the way.
func TestAnUnansweredCommitIsLookedUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t, models.Source{DSN: testkit.MariaDB(t)})
	p, through := testkit.MySQLProxy(t, o.src.DSN, 1)
	behind := &office{src: models.Source{DSN: through}, ids: o.ids, db: o.db, at: o.at}
	h, _ := behind.replica(t)
	if _, err := h.Look(t.Context(), o.by("主任", "warm"), func(*handlers.View) (string, error) { return "", nil }); err != nil {
		t.Fatal(err)
	}
	lost := testkit.Fault{How: testkit.CutAfter, Kind: "COMMIT", Times: 1}
	p.Break(lost)
	runs := 0
	reply, err := h.Do(t.Context(), o.by("主任", "k-1"), func(d *handlers.Desk) (string, error) {
		runs++
		return checkIn(d)
	})
	if err != nil || !strings.HasPrefix(reply, "回执") {
		t.Errorf("reply = %q, %v", reply, err)
	}
	if p.Hits() != 1 || runs != 1 || o.arrivals(t, "主任") != 1 {
		t.Errorf("%d cuts, %d runs, %d effects", p.Hits(), runs, o.arrivals(t, "主任"))
	}
	again, err := o.Do(t.Context(), o.by("主任", "k-1"), checkIn)
	if err != nil || again != reply {
		t.Errorf("the repeat = %q, %v; want %q", again, err, reply)
	}

	// With the database gone nobody knows, and nothing may be said.
	lost.Down = true
	p.Break(lost)
	_, err = h.Do(t.Context(), o.by("书记", "k-2"), checkIn)
	if !errors.Is(err, handlers.ErrUnsure) {
		t.Errorf("with the database gone: %v, want ErrUnsure", err)
	}
}
