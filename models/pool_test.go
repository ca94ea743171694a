package models_test

import (
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/testkit"
)

// Those who wait for the one connection get it in the order in which they came.
func TestWhoWaitsForAConnectionIsServedInOrder(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]func() models.Source{
		"SQLite":  func() models.Source { return models.Source{File: filepath.Join(t.TempDir(), "t.db"), Unsynced: true} },
		"MariaDB": func() models.Source { return models.Source{DSN: testkit.MariaDB(t), Pool: 1} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := unmigrated(t, src()) // which needs more than one
			const n = 30
			var (
				mu    sync.Mutex
				order []int
				done  sync.WaitGroup
			)
			held, release := make(chan struct{}), make(chan struct{})
			write := func(fn func()) {
				if err := db.Write(t.Context(), func(*models.Tx) error { fn(); return nil }); err != nil {
					t.Error(err)
				}
			}
			done.Go(func() { write(func() { close(held); <-release }) })
			<-held
			for i := range n {
				before := db.Pool().Waited
				done.Go(func() {
					write(func() {
						mu.Lock()
						defer mu.Unlock()
						order = append(order, i)
					})
				})
				for db.Pool().Waited == before {
					time.Sleep(100 * time.Microsecond)
				}
				time.Sleep(time.Millisecond) // counted, and then in the line
			}
			close(release)
			done.Wait()
			if len(order) != n || !slices.IsSorted(order) {
				t.Errorf("served in the order %v", order)
			}
		})
	}
}
