package handlers_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/seal"
	"github.com/cunkao/cunkao/testkit"
)

// office is a small county: two towns, a village in each, and the people of
// the tests. Its clock is turned by the test.
type office struct {
	*handlers.Handlers
	src models.Source
	db  *models.DB
	ids map[string]string // by name
	mu  sync.Mutex
	n   atomic.Int64
	at  time.Time
	// gather lets commands share a transaction.
	gather bool
	county func(*handlers.County) // what is not as usual
}

// morning is when the tests begin: Monday 2026-09-28, eight o'clock.
var morning = calendar.Date{Year: 2026, Month: 9, Day: 28}.At(8, 0)

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *office) set(at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = at
}

// eachOffice runs a test with an office on every kind of database.
func eachOffice(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newOffice(t, models.Source{File: filepath.Join(t.TempDir(), "test.db"), Unsynced: true}))
	})
	t.Run("MariaDB", func(t *testing.T) {
		t.Parallel()
		test(t, newOffice(t, models.Source{DSN: testkit.MariaDB(t)}))
	})
}

// eachDoor runs a test with commands that are carried out alone, and again with
// such as may share a transaction: what is promised is the same.
func eachDoor(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	eachOffice(t, test)
	t.Run("gathered", func(t *testing.T) {
		t.Parallel()
		eachOffice(t, func(t *testing.T, o *office) {
			o.gather = true
			test(t, o)
		})
	})
}

func newOffice(t testing.TB, src models.Source) *office {
	t.Helper()
	o := &office{src: src, at: morning, ids: map[string]string{}}
	o.Handlers, o.db = o.replica(t)
	if err := o.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	from := calendar.Date{Year: 2024, Month: 1, Day: 1}
	register := handlers.Register{
		Towns: []handlers.TownEntry{{Name: "东镇", Villages: []string{"甲村", "丁村"}}, {Name: "西镇", Villages: []string{"乙村"}}},
		People: []handlers.PersonEntry{
			{Name: "书记", Village: "甲村", Town: "东镇", Posts: []models.PostTitle{models.PartySecretary}},
			{Name: "主任", Village: "甲村", Town: "东镇", Posts: []models.PostTitle{models.CommitteeDirector}},
			{Name: "委员", Village: "甲村", Town: "东镇", Posts: []models.PostTitle{models.CommitteeMember}},
			{Name: "副书记", Village: "甲村", Town: "东镇", Posts: []models.PostTitle{models.PartyDeputySecretary}},
			{Name: "一肩挑", Village: "乙村", Town: "西镇", Posts: []models.PostTitle{models.PartySecretary, models.CommitteeDirector}},
			{Name: "乙委员", Village: "乙村", Town: "西镇", Posts: []models.PostTitle{models.CommitteeMember}},
			{Name: "乙副书记", Village: "乙村", Town: "西镇", Posts: []models.PostTitle{models.PartyDeputySecretary}},
			{Name: "监委", Village: "甲村", Town: "东镇", Posts: []models.PostTitle{models.Supervisor}},
			{Name: "村民", Village: "甲村", Town: "东镇", Roles: []handlers.RoleName{handlers.Villager}},
			{Name: "东镇干事", Town: "东镇", Roles: []handlers.RoleName{handlers.TownStaff}},
			{Name: "东镇党委", Town: "东镇", Roles: []handlers.RoleName{handlers.TownLeader}},
			{Name: "西镇党委", Town: "西镇", Roles: []handlers.RoleName{handlers.TownLeader}},
			{Name: "组织部", Roles: []handlers.RoleName{handlers.Org}},
			{Name: "考核组", Roles: []handlers.RoleName{handlers.Assessor}},
			{Name: "审计", Roles: []handlers.RoleName{handlers.Auditor}},
			{Name: "管理员", Roles: []handlers.RoleName{handlers.Admin}},
			{Name: "农业局", Roles: []handlers.RoleName{handlers.Department}, Topic: "农业"},
		},
	}
	for i := range register.People {
		register.People[i].From, register.People[i].Phone = from, "199000"+string(rune('1'+i/10))+"00"+string(rune('0'+i%10))+"1"
	}
	o.job(t, "admit", func(d *handlers.Desk) error {
		done, err := d.Admit(register)
		for i, p := range register.People {
			o.ids[p.Name] = done.IDs[i]
		}
		return err
	})
	return o
}

// rawPool opens a database beside the program's own room for it.
func rawPool(t testing.TB, src models.Source) *sql.DB {
	t.Helper()
	driver, at := "mysql", src.DSN
	if at == "" {
		driver, at = "sqlite", "file:"+src.File+"?_pragma=busy_timeout(10000)&_pragma=synchronous(OFF)"
	}
	pool, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	pool.SetMaxOpenConns(1)
	return pool
}

// exec brings about what no use case can yet.
func (o *office) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	done, err := rawPool(t, o.src).ExecContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	if n, err := done.RowsAffected(); n != 1 {
		t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}

// replica opens the same database once more, as another process would.
func (o *office) replica(t testing.TB) (*handlers.Handlers, *models.DB) {
	t.Helper()
	db, err := models.Open(t.Context(), o.src, o.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	county := handlers.County{Name: "试县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1, ActingHead: true, Leave: handlers.DefaultLeaveRules()}
	if o.county != nil {
		o.county(&county)
	}
	return handlers.New(db, box, county, func() {}), db
}

// inCounty opens the office anew with other settings of the county.
func (o *office) inCounty(t testing.TB, change func(*handlers.County)) {
	t.Helper()
	o.county = change
	o.Handlers, o.db = o.replica(t)
}

// by is a command of somebody, by name, or of a WeChat user nobody knows.
func (o *office) by(name, key string) handlers.Command {
	who := handlers.Who{PersonID: o.ids[name]}
	if who.PersonID == "" {
		who = handlers.Who{OpenID: name}
	}
	return handlers.Command{Key: key, Who: who, Channel: handlers.ByWeChat, Gather: o.gather}
}

func (o *office) job(t testing.TB, key string, fn func(*handlers.Desk) error) {
	t.Helper()
	cmd := handlers.Command{Key: "job:" + key, Who: handlers.Who{Job: "test"}, Channel: handlers.ByJob}
	if _, err := o.Do(t.Context(), cmd, func(d *handlers.Desk) (string, error) { return "", fn(d) }); err != nil {
		t.Fatal(err)
	}
}

// do carries out something for somebody and returns what was refused, or "". A
// fault ends the test.
func (o *office) do(t testing.TB, name, key string, fn func(*handlers.Desk) error) string {
	t.Helper()
	_, err := o.Do(t.Context(), o.by(name, key), func(d *handlers.Desk) (string, error) { return "", fn(d) })
	return refusal(t, err)
}

func refusal(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	text, refused := handlers.Explain(err, "1")
	if !refused {
		t.Fatalf("fault: %v", err)
	}
	return text
}

func (o *office) look(t testing.TB, name string, fn func(*handlers.View) error) string {
	t.Helper()
	_, err := o.Look(t.Context(), o.by(name, "look"), func(v *handlers.View) (string, error) { return "", fn(v) })
	return refusal(t, err)
}

func (o *office) openCycle(t testing.TB, q calendar.Quarter) {
	t.Helper()
	o.job(t, "open:"+q.String(), func(d *handlers.Desk) error { return d.OpenCycle(q, scoring.DefaultSource()) })
}

func (o *office) village(t testing.TB, name string) (id string) {
	t.Helper()
	o.look(t, "组织部", func(v *handlers.View) error {
		found, err := v.VillageByName(name)
		id = found[0].ID
		return err
	})
	return id
}
