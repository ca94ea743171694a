package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sim"
	"github.com/cunkao/cunkao/testkit"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/script")

func TestMain(m *testing.M) {
	if os.Getenv(rigClockEnv) != "" {
		os.Exit(rigReplica())
	}
	flag.Parse()
	if n := strconv.Itoa(together); runtime.GOMAXPROCS(0) < together {
		_ = flag.Set("test.parallel", n) // the flag is there: testing has registered it
	}
	goleak.VerifyTestMain(tidying{m},
		goleak.IgnoreAnyFunction("github.com/go-sql-driver/mysql.(*mysqlConn).startWatcher.func1"))
}

// together is how many tests run side by side at least: most of them wait for a database
// or for the time to pass.
const together = 4

// tidying runs the tests and removes what they shared.
type tidying struct{ *testing.M }

// Run runs the tests.
func (t tidying) Run() int {
	defer func() {
		os.RemoveAll(templateDir)
		os.RemoveAll(rigCounty.root)
	}()
	return t.M.Run()
}

// demoStart is when every script begins, unless it says otherwise.
var demoStart = time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)

var templateDir string

// template is the folder of a demo that was seeded once for all tests.
var template = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "ckseed"); err != nil {
		return "", err
	}
	templateDir = dir
	return dir, seedAt(dir, models.Source{File: filepath.Join(dir, "cunkao.db"), Unsynced: true})
})

func seedAt(dir string, database models.Source) error {
	d, err := newDemo(context.Background(), demoOptions{
		now: demoStart, data: dir, database: database, env: func(string) string { return "" }, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	return d.close()
}

// seeds is the database on the tests' MariaDB that was seeded once.
var seeds struct {
	sync.Mutex
	dsn string
}

// seeded puts a copy of the seeded county where a demo is to find it.
func seeded(t testing.TB, dir string, database models.Source) models.Source {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(from, "seal.key"), filepath.Join(dir, "seal.key"))
	if database.DSN == "" {
		if database.File == "" {
			database = models.Source{File: filepath.Join(dir, "cunkao.db"), Unsynced: true}
		}
		copyFile(t, filepath.Join(from, "cunkao.db"), database.File)
		return database
	}
	seeds.Lock()
	defer seeds.Unlock()
	if seeds.dsn == "" {
		if err := seedAt(from, database); err != nil {
			t.Fatal(err)
		}
		seeds.dsn = database.DSN
	}
	return models.Source{DSN: testkit.CloneMariaDB(t, seeds.dsn)}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// newTestDemo starts a seeded demo behind a server of its own, with no loops:
// what happens by itself happens while the clock walks.
//
// A fault in the log fails the test, unless it is one of those expected.
func newTestDemo(t testing.TB, database models.Source, expected ...string) *demo {
	t.Helper()
	return loggedDemo(t, database, slog.New(slog.NewTextHandler(testLog{t, expected}, &slog.HandlerOptions{Level: slog.LevelError})))
}

// loggedDemo is a demo that logs there.
func loggedDemo(t testing.TB, database models.Source, log *slog.Logger) *demo {
	t.Helper()
	return demoBeside(t, demoOptions{database: database, log: log})
}

// demoBeside is a demo over the servers that are named.
func demoBeside(t testing.TB, o demoOptions) *demo {
	t.Helper()
	dir := t.TempDir()
	o.now, o.data, o.database, o.env = demoStart, dir, seeded(t, dir, o.database), func(string) string { return "" }
	d, err := newDemo(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(d.handler())
	t.Cleanup(func() {
		srv.Close()
		d.client.Close()
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	if err := d.serveAt(srv.URL); err != nil {
		t.Fatal(err)
	}
	if err := publishMenus(t.Context(), d.client); err != nil {
		t.Fatal(err)
	}
	return d
}

func calendarDay(t time.Time) calendar.Date { return calendar.On(t) }

// testLog makes a fault in the log a failure of the test.
type testLog struct {
	t        testing.TB
	expected []string
}

func (l testLog) Write(b []byte) (int, error) {
	if !slices.ContainsFunc(l.expected, func(e string) bool { return strings.Contains(string(b), e) }) {
		l.t.Errorf("log: %s", b)
	}
	return len(b), nil
}

// databases are the kinds of database that every conversation runs on.
func databases(t *testing.T) map[string]func(t testing.TB) models.Source {
	t.Helper()
	return map[string]func(t testing.TB) models.Source{
		"SQLite":  func(t testing.TB) models.Source { return models.Source{File: t.TempDir() + "/test.db", Unsynced: true} },
		"MariaDB": func(t testing.TB) models.Source { return models.Source{DSN: testkit.MariaDB(t)} },
	}
}

// spoken are the databases on which conversations are spoken: with the race detector, which
// makes everything many times slower, only the embedded one.
func spoken(t *testing.T) map[string]func(t testing.TB) models.Source {
	t.Helper()
	all := databases(t)
	if testkit.Raced {
		delete(all, "MariaDB")
	}
	return all
}

// TestScript speaks each conversation of testdata/script with a whole demo, by
// the wire format of the platform.
func TestScript(t *testing.T) {
	t.Parallel()
	for name, database := range spoken(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playScripts(t, "testdata/script/*.txtar", database, *update && name == "SQLite", stage{})
		})
	}
}

// TestTalkThrice and TestTalkRestarted speak the conversations once more, with every
// message delivered three times, and with the program started anew before each: what
// people read is the same.
func TestTalkThrice(t *testing.T) {
	t.Parallel()
	testkit.Unraced(t)
	for name, database := range spoken(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playScripts(t, "testdata/script/talk_*.txtar", database, false, stage{repeats: 2})
		})
	}
}

func TestTalkRestarted(t *testing.T) {
	t.Parallel()
	testkit.Unraced(t)
	for name, database := range databases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			playScripts(t, "testdata/script/talk_*.txtar", database, false, stage{restarts: true})
		})
	}
}

// playScripts plays scripts, each on a stage of its own.
func playScripts(t *testing.T, pattern string, database func(testing.TB) models.Source, rewrite bool, like stage) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatal(pattern, err)
	}
	if testkit.Raced { // weeks of the clock
		files = slices.DeleteFunc(files, func(f string) bool {
			return slices.Contains([]string{"quarter.txtar", "steps.txtar"}, filepath.Base(f))
		})
	}
	testscript.Run(t, testscript.Params{
		Files: files, UpdateScripts: rewrite,
		Setup: func(e *testscript.Env) error {
			s := like
			s.demo = newTestDemo(e.T().(testing.TB), database(e.T().(testing.TB)))
			e.Values["stage"] = &s
			return nil
		},
		Cmds: scriptCommands(),
	})
}

// stage is what a script plays on.
type stage struct {
	*demo
	names    map[string]sim.Person
	repeats  int  // how often every message comes again
	restarts bool // the program starts anew before every message
}

// speak says something, as the stage wants it.
func (s *stage) speak(ctx context.Context, who, text string) (string, error) {
	return s.send(ctx, who, func(id string) (string, error) { return s.sim.Say(ctx, id, text) })
}

// send sends something from somebody's phone, as the stage wants it.
func (s *stage) send(ctx context.Context, who string, way func(id string) (string, error)) (string, error) {
	if s.restarts {
		if err := s.restart(ctx); err != nil {
			return "", err
		}
	}
	said, err := way(s.id(who))
	for n := 0; err == nil && n < s.repeats; n++ {
		var again string
		again, err = s.sim.Repeat(ctx, s.id(who))
		if err == nil && again != said {
			err = fmt.Errorf("%s was answered\n%s\nand again\n%s", who, said, again)
		}
	}
	return said, err
}

func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	on := func(fn func(ctx context.Context, s *stage, args []string) (string, error)) func(*testscript.TestScript, bool, []string) {
		return func(ts *testscript.TestScript, neg bool, args []string) {
			s := ts.Value("stage").(*stage)
			for i, a := range args { // %code and %phone4 are of the person who speaks
				if i > 0 {
					args[i] = s.filled(args[0], a)
				}
			}
			out, err := fn(context.Background(), s, args)
			if told, ok := errors.AsType[*sim.NoticeError](err); ok && neg {
				out, err = "故障："+told.Last.Outcome, nil
			}
			ts.Check(err)
			_, err = ts.Stdout().Write([]byte(strings.TrimSpace(out) + "\n"))
			ts.Check(err)
		}
	}
	return map[string]func(*testscript.TestScript, bool, []string){
		"say": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			return s.speak(ctx, a[0], strings.Join(a[1:], " "))
		}),
		"photo":  on(sendPicture),
		"place":  on(sendPlace),
		"photos": on(listPhotos),
		"fetch":  on(func(ctx context.Context, s *stage, _ []string) (string, error) { return "", s.bot.FetchDue(ctx) }),
		"checkin": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			s.parts.county.CheckIn = a[0]
			return "", s.restart(ctx)
		}),
		"fences": on(setFences),
		"click": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			return s.send(ctx, a[0], func(id string) (string, error) { return s.sim.Click(ctx, id, a[1]) })
		}),
		"scan":  on(scanOwn),
		"again": on(func(ctx context.Context, s *stage, a []string) (string, error) { return s.sim.Repeat(ctx, s.id(a[0])) }),
		"tap":   on(tapLink),
		"leave": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			return "", s.sim.Unfollow(ctx, s.id(a[0]))
		}),
		"follow": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			return s.sim.Subscribe(ctx, s.id(a[0]))
		}),
		"clock": on(func(ctx context.Context, s *stage, a []string) (string, error) {
			to, err := time.Parse(time.RFC3339, a[0]+":00+08:00")
			if err != nil {
				return "", err
			}
			return "", s.clock.Walk(ctx, to, sim.Steps{Next: s.nextDue, Run: s.runDue, Log: s.log})
		}),
		"outbox": on(func(_ context.Context, s *stage, a []string) (string, error) {
			var out []string
			for _, sent := range s.sim.Outbox(s.id(a[0])) {
				out = append(out, sent.Type+" "+strings.ReplaceAll(sent.Text, "\n", " / "))
			}
			return strings.Join(out, "\n"), nil
		}),
		"play": on(func(_ context.Context, s *stage, a []string) (string, error) {
			s.crowd.play(s.id(a[0]))
			return "", nil
		}),
	}
}

func scanOwn(ctx context.Context, s *stage, a []string) (string, error) {
	of := a[len(a)-1] // one's own code, or that of somebody else
	scenes, err := s.scenes(ctx, s.id(of))
	if err != nil || len(scenes) == 0 {
		return "", errors.Join(errors.New("no code to scan"), err)
	}
	return s.send(ctx, a[0], func(id string) (string, error) { return s.sim.Scan(ctx, id, scenes[0].Scene) })
}

// tapLink taps the link with a text in the last message that had links.
func tapLink(ctx context.Context, s *stage, a []string) (string, error) {
	for _, l := range s.sim.Links(s.id(a[0])) {
		if strings.Contains(l.Text, a[1]) {
			return s.send(ctx, a[0], func(id string) (string, error) { return s.sim.Tap(ctx, id, l) })
		}
	}
	return "", errors.New("no link says " + a[1])
}

// person finds somebody by name.
func (s *stage) person(name string) sim.Person {
	people, err := s.people(context.Background())
	if err != nil {
		panic(err)
	}
	s.names = map[string]sim.Person{}
	for _, p := range people {
		s.names[p.Name] = p
	}
	return s.names[name]
}

func (s *stage) id(name string) string {
	if p := s.names[name]; p.OpenID != "" { // a phone stays whose it is
		return p.OpenID
	}
	if p := s.person(name); p.OpenID != "" {
		return p.OpenID
	}
	return name // a stranger
}

func (s *stage) filled(name, arg string) string {
	if !strings.Contains(arg, "%") {
		return arg
	}
	p := s.person(name)
	code := ""
	if p.Code != nil {
		code = *p.Code
	}
	return strings.NewReplacer("%code", code, "%phone4", p.Phone4).Replace(arg)
}

// silentSteps let a clock walk with nothing on its way.
func silentSteps() sim.Steps {
	return sim.Steps{
		Next: func(context.Context, time.Time) (time.Time, bool) { return time.Time{}, false },
		Run:  func(context.Context, time.Time) error { return nil }, Log: slog.New(slog.DiscardHandler),
	}
}
