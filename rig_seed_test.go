package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/seal"
	"github.com/cunkao/cunkao/testkit"
	"github.com/cunkao/cunkao/wechat"
)

// The rig's county: ten cadres to a village, of whom those of the first
// villages have a shift on the day of every test.
const (
	rigPeople  = 6000
	rigShifted = 300
	rigPerRow  = 10
)

// rigDay is a Sunday: whoever has a shift is reminded at 07:40.
func rigDay() calendar.Date { return calendar.Date{Year: 2026, Month: 3, Day: 8} }

func rigSealKey() []byte { return bytes.Repeat([]byte{0x5a}, 32) }

func rigOpenID(i int) string { return fmt.Sprintf("o-rig-%07d", i) }

// rigCounty is the data folder of a database with the rig's county, made once.
var rigCounty struct {
	sync.Mutex
	root string // to be removed
	dir  string
}

// rigData returns a data folder with the county, seeded by one process.
func rigData(t *testing.T, account wechat.Account) string {
	t.Helper()
	rigCounty.Lock()
	defer rigCounty.Unlock()
	if rigCounty.dir != "" {
		return rigCounty.dir
	}
	start := time.Now()
	db := testkit.Killable(t, "")
	db.Run(t, "CREATE DATABASE rig")
	if err := seedRig(t.Context(), db.DSN("rig"), account); err != nil {
		t.Fatal(err)
	}
	if err := db.Stop(); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "ckrig") //nolint:usetesting // it outlives this test: others start from it
	if err == nil {
		err = os.CopyFS(filepath.Join(dir, "data"), os.DirFS(db.Data()))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d people seeded in %s", rigPeople, time.Since(start).Round(time.Millisecond))
	rigCounty.root, rigCounty.dir = dir, filepath.Join(dir, "data")
	return rigCounty.dir
}

func seedRig(ctx context.Context, dsn string, account wechat.Account) (err error) {
	at := rigDay().At(7, 0)
	a, err := open(ctx, parts{
		database: models.Source{DSN: dsn}, sealKey: rigSealKey(), account: account, sender: nobody{},
		county: handlers.County{Name: "试验县", Policy: handlers.DefaultPolicy(), OthersPerShift: 1, Leave: handlers.DefaultLeaveRules()},
		rubric: scoring.DefaultSource(), log: slog.New(slog.DiscardHandler), now: func() time.Time { return at },
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	box, err := seal.New(rigSealKey())
	if err != nil {
		return err
	}
	for from := 0; from < rigPeople; from += 500 {
		err := a.db.Write(ctx, func(tx *models.Tx) error { return seedRigPeople(tx, box, from, from+500) })
		if err != nil {
			return err
		}
	}
	for _, j := range a.clock.jobs {
		if j.name == "duty" {
			continue // comes at 07:40
		}
		if err := a.desk.JobDone(ctx, j.name, j.last(at)); err != nil {
			return err
		}
	}
	return nil
}

func seedRigPeople(tx *models.Tx, box *seal.Box, from, to int) error {
	town := models.Town{ID: tx.NewID(), Name: fmt.Sprintf("%d镇", from)}
	if err := tx.AddTown(&town); err != nil {
		return err
	}
	var village models.Village
	var shifts []models.Shift
	for i := from; i < to; i++ {
		if i%rigPerRow == 0 {
			village = models.Village{ID: tx.NewID(), TownID: town.ID, Name: fmt.Sprintf("第%d村", i/rigPerRow)}
			if err := tx.AddVillage(&village); err != nil {
				return err
			}
		}
		p := models.Person{ID: tx.NewID(), Name: fmt.Sprintf("干部%d", i), PhoneIndex: rigOpenID(i), CreatedAt: tx.Now}
		p.Phone = box.Seal(fmt.Sprintf("139%08d", i), "people.phone."+p.ID)
		if err := errors.Join(
			tx.AddPerson(&p),
			tx.AddPost(&models.Post{
				ID: tx.NewID(), PersonID: p.ID, VillageID: village.ID, Title: models.CommitteeMember,
				FromDay: calendar.Date{Year: 2024, Month: 1, Day: 1}, Subsidized: true,
			}),
			tx.AddBinding(p.ID, rigOpenID(i), "rig"),
		); err != nil {
			return err
		}
		if i < rigShifted {
			shifts = append(shifts, models.Shift{
				ID: tx.NewID(), VillageID: village.ID, Day: rigDay(), PersonID: p.ID, Kind: models.RestShift,
				Chief: i%rigPerRow == 0, StartsAt: rigDay().At(8, 0).UTC(), EndsAt: rigDay().Add(1).At(8, 0).UTC(),
			})
		}
	}
	return tx.AddShifts(shifts)
}
