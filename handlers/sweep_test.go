package handlers_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// The sweep lets the 1st, 2nd, 3rd … call to the database of a use case fail, in
// every way, until the use case is not touched any more. After each of them the
// whole database is as it was before or as it is after the use case, and nothing
// between; and the same command once more has its effect once, and the answer
// that is stored.

// swept is a use case that waits to be carried out, for the first or the
// hundredth time.
type swept func(ctx context.Context, h *handlers.Handlers) (string, error)

// sweep holds one use case, its database and what that holds before and after.
type sweep struct {
	t             *testing.T
	o             *office
	h             *handlers.Handlers // whose calls fail
	calls         *testkit.Calls
	run           swept
	raw           *sql.DB
	tables        []string
	touched       []string // tables that the use case changes: the others are looked at after each way
	before, after map[string]string
	masked        map[string]string // what same makes of a row
	total         int               // calls of one run
	points        int               // failures tried
	grouped       bool
	steps         bool // it is two transactions, of which the second may be missing until the next try
}

// TestSweep is the sweep over every use case.
func TestSweep(t *testing.T) {
	t.Parallel()
	if testing.Short() || testkit.Raced {
		t.Skip("it takes long")
	}
	cases, sum := sweepCases(), &sweepFigures{Test: t.Name()}
	t.Cleanup(func() { sum.publish(t) })
	for _, kind := range []string{"SQLite", "MariaDB"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, name := range slices.Sorted(maps.Keys(cases)) {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					src := models.Source{File: filepath.Join(t.TempDir(), "test.db"), Unsynced: true}
					if kind == "MariaDB" {
						src = models.Source{DSN: testkit.MariaDB(t)}
					}
					s := newSweep(t, src, cases[name])
					s.grouped, s.steps = strings.HasSuffix(name, "in a group"), strings.HasSuffix(name, "in two steps")
					s.all()
					sum.add(s)
				})
			}
		})
	}
}

// sweepFigures are what all sweeps came to.
type sweepFigures struct {
	mu       sync.Mutex
	Test     string `json:"test"`
	UseCases int    `json:"use_cases"` // times databases
	Calls    int    `json:"calls"`     // to the database, of a run of each
	Failures int    `json:"failures"`  // tried
	Broken   int    `json:"broken"`    // use cases of which one left something half done
}

func (f *sweepFigures) add(s *sweep) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.UseCases++
	f.Calls += s.total
	f.Failures += s.points
	if s.t.Failed() {
		f.Broken++
	}
}

// publish appends the figures to the file that CUNKAO_RIG_OUT names.
func (f *sweepFigures) publish(t *testing.T) {
	t.Helper()
	line, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", line)
	if err := testkit.AppendLine(os.Getenv("CUNKAO_RIG_OUT"), line); err != nil {
		t.Fatal(err)
	}
}

// onlyReads are the methods of Handlers that store nothing, and the door to those
// of the Desk.
var onlyReads = []string{
	"Do", "Look", "Shut", "Opened", "Meter", "Queued", "Backlog", "LastJobs", "PersonNamed", "CheckKey", "NextNotice", "TagsDue", "Subscribed", "CheckInBy", "Talking",
}

// TestSweepKnowsEveryUseCase fails for a use case that nobody sweeps.
func TestSweepKnowsEveryUseCase(t *testing.T) {
	t.Parallel()
	cases := slices.Collect(maps.Keys(sweepCases()))
	view, names := reflect.TypeFor[*handlers.View](), []string{}
	for m := range reflect.TypeFor[*handlers.Desk]().Methods() {
		if _, reads := view.MethodByName(m.Name); !reads && m.Name != "Keep" {
			names = append(names, m.Name)
		}
	}
	for m := range reflect.TypeFor[*handlers.Handlers]().Methods() {
		if !slices.Contains(onlyReads, m.Name) {
			names = append(names, m.Name)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(cases, func(c string) bool { return c == name || strings.HasPrefix(c, name+",") }) {
			t.Errorf("no case of the sweep carries out %s", name)
		}
	}
}

func newSweep(t *testing.T, src models.Source, prepare func(*testing.T, *office) swept) *sweep {
	t.Helper()
	s := &sweep{t: t, o: newOffice(t, src), calls: &testkit.Calls{}, masked: map[string]string{}}
	s.run = prepare(t, s.o)
	behind := &office{src: src, at: s.o.now(), county: s.o.county}
	behind.src.Between = s.calls
	s.h, _ = behind.replica(t)
	s.openRaw(src)
	s.before = s.dump(s.tables)
	for _, table := range s.tables {
		s.exec("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
	}
	s.reference()
	return s
}

func (s *sweep) openRaw(src models.Source) {
	s.t.Helper()
	list := "SHOW TABLES"
	if src.DSN == "" {
		list = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	}
	s.raw = rawPool(s.t, src)
	for _, row := range s.query(list) {
		if !strings.HasPrefix(row, "goose_") {
			s.tables = append(s.tables, row)
		}
	}
}

func (s *sweep) exec(query string) {
	s.t.Helper()
	if _, err := s.raw.ExecContext(s.t.Context(), query); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// query returns the rows as lines.
func (s *sweep) query(query string) (lines []string) {
	s.t.Helper()
	rows, err := s.raw.QueryContext(s.t.Context(), query)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			s.t.Fatal(err)
		}
		var kept []string
		for i, c := range cells {
			if !slices.Contains(chance, columns[i]) {
				kept = append(kept, c.String)
			}
		}
		lines = append(lines, strings.Join(kept, "|"))
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return lines
}

// chance are the columns whose values differ from run to run: what is sealed and
// what is drawn.
// How often a command came again says nothing of what it did.
var chance = []string{"phone", "code_index", "body", "repeats"}

// drawn are ids, receipts, codes and what is sealed, which differ too.
var drawn = regexp.MustCompile(`v1:[A-Za-z0-9:+/_=-]+|\b[A-Z2-7]{13}[0-9A-Za-z]{13}\b|[0-9a-hj-km-np-tv-z]{26}|\b[0-9A-Z]{6}\b|\b[0-9A-Z]{8}\b`)

func same(text string) string { return drawn.ReplaceAllString(text, "#") }

// dump is everything that some tables hold, by table, without chance.
func (s *sweep) dump(tables []string) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, table := range tables {
		lines := s.query("SELECT * FROM " + table)
		for i, l := range lines {
			lines[i] = s.mask(l)
		}
		slices.Sort(lines)
		out[table] = strings.Join(lines, "\n")
	}
	return out
}

// mask is same, once for a row: most rows are the same after every failure.
func (s *sweep) mask(row string) string {
	masked, known := s.masked[row]
	if !known {
		masked = same(row)
		s.masked[row] = masked
	}
	return masked
}

// held is what the tables hold that the use case changes.
func (s *sweep) held() map[string]string {
	s.t.Helper()
	return s.dump(s.touched)
}

// only leaves the tables that the use case changes.
func (s *sweep) only(all map[string]string) map[string]string {
	out := map[string]string{}
	for _, table := range s.touched {
		out[table] = all[table]
	}
	return out
}

// restore brings back what the database held before the use case.
func (s *sweep) restore() {
	s.t.Helper()
	for _, table := range s.touched {
		s.exec("DELETE FROM " + table)
		s.exec("INSERT INTO " + table + " SELECT * FROM kept_" + table)
	}
}

// alone demands that nothing else was changed by what failed in a way, and nothing left.
func (s *sweep) alone(way string) {
	s.t.Helper()
	if diff := cmp.Diff(s.before, s.dump(s.tables)); diff != "" {
		s.t.Errorf("%s at call 1 to %d: changed for good: %s", way, s.total, diff)
	}
}

// reference carries the use case out with no failure, and then once more.
func (s *sweep) reference() {
	s.t.Helper()
	if _, err := s.try(s.t.Context()); err != nil { // what is read once for a process is read now
		s.t.Fatal(err)
	}
	s.after = s.dump(s.tables)
	s.touched = slices.DeleteFunc(slices.Clone(s.tables), func(table string) bool { return s.after[table] == s.before[table] })
	s.restore()
	s.calls.Arm(0, 0, nil)
	reply, err := s.try(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	_, s.total = s.calls.Disarm()
	s.after = s.dump(s.tables)
	if cmp.Equal(s.before, s.after) {
		s.t.Fatal("the use case changes nothing")
	}
	again, err := s.try(s.t.Context())
	if diff := cmp.Diff(s.after, s.dump(s.tables)); err != nil || diff != "" || again != reply {
		s.t.Fatalf("the repeat: %v, %q after %q, %s", err, again, reply, diff)
	}
	s.restore()
	if diff := cmp.Diff(s.before, s.dump(s.tables)); diff != "" {
		s.t.Fatalf("restored: %s", diff)
	}
}

// try carries the use case out. A refusal is an answer, and a panic is what the
// caller above would catch.
func (s *sweep) try(ctx context.Context) (reply string, err error) {
	defer func() {
		if p := recover(); p != nil {
			planted, ok := p.(error)
			if !ok || !errors.Is(planted, testkit.ErrPlanted) {
				panic(p)
			}
			err = planted
		}
	}()
	reply, err = s.run(ctx, s.h)
	if r, refused := errors.AsType[*handlers.Refusal](err); refused {
		return "refused: " + r.Text, nil
	}
	return reply, err
}

// all tries every way at every call.
func (s *sweep) all() {
	for name, way := range testkit.Ways() {
		if s.grouped && way == testkit.Hang {
			continue // a group has a time of its own, of eight seconds
		}
		if s.o.src.DSN == "" && slices.Contains([]testkit.Way{testkit.LoseBefore, testkit.LoseAfter, testkit.LockWait}, way) {
			continue // a file has no line to lose, and no locks that time out
		}
		if s.o.src.DSN != "" && way == testkit.Panic {
			continue // the code above the driver is the same
		}
		for n := 1; ; n++ {
			if !s.point(name, way, n) {
				if n <= s.total {
					s.t.Errorf("%s: call %d of %d was not reached", name, n, s.total)
				}
				break
			}
			if s.t.Failed() {
				return
			}
		}
		s.alone(name)
	}
	s.t.Logf("swept %d calls, %d failures", s.total, s.points)
	if s.total < 3 || s.points < 4*s.total {
		s.t.Errorf("%d failures at %d calls are too few", s.points, s.total)
	}
}

// point lets the nth call fail, and reports whether there was one.
func (s *sweep) point(name string, way testkit.Way, n int) bool {
	at := fmt.Sprintf("%s at call %d of %d", name, n, s.total)
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.calls.Arm(n, way, cancel)
	first, err := s.try(ctx)
	hit, made := s.calls.Disarm()
	if !hit {
		s.restore()
		return false
	}
	s.points++
	// After a deadlock the server has ended the transaction: what is written then
	// is stored by itself. The answer to COMMIT is looked for, in two calls or three.
	if way == testkit.FailBefore && !s.grouped && !s.steps && n < s.total && made > n {
		s.t.Errorf("%s: %d more calls after it (%v)", at, made-n, err)
	}
	held, before, after := s.held(), s.only(s.before), s.only(s.after)
	whole, none := maps.Equal(held, after), maps.Equal(held, before)
	switch {
	case !whole && !none && !s.steps:
		s.t.Errorf("%s: half done, %v\nwithout what it does: %s\nwith it: %s", at, err, cmp.Diff(before, held), cmp.Diff(after, held))
	case err == nil && !whole:
		s.t.Errorf("%s: answered %q, and nothing is stored", at, first)
	}
	var said []string
	for range 2 {
		reply, failed := s.try(s.t.Context())
		if failed != nil {
			s.t.Errorf("%s: and once more: %v", at, failed)
		}
		said = append(said, reply)
	}
	if said[0] != said[1] || err == nil && first != said[0] {
		s.t.Errorf("%s: answered %q (%v), then %q", at, first, err, said)
	}
	if diff := cmp.Diff(after, s.held()); diff != "" {
		s.t.Errorf("%s: and once more: (-once +twice)\n%s", at, diff)
	}
	s.restore()
	return true
}
