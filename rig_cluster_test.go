package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cunkao/cunkao/testkit"
)

// TestClusters runs three replicas, each on its own node of a database of three
// that all take writes, and one Redis Cluster. Nodes of both are killed and
// stopped under load, and come back.
func TestClusters(t *testing.T) { //nolint:paralleltest // it needs the machine to itself
	testkit.Unraced(t)
	r := newRig(t)
	nodes := testkit.Galera(t, rigData(t, rigAccount()))
	caches := testkit.RedisCluster(t)
	var addrs, dsns []string
	for _, c := range caches {
		addrs = append(addrs, c.Addr)
	}
	for _, n := range nodes {
		dsns = append(dsns, n.DSN("rig"))
	}
	r.load.copies = 3 // every message to every replica at once, so that nodes conflict
	r.start(strings.Join(addrs, ","), dsns...)
	r.load.run(12, 60)
	time.Sleep(3 * time.Second)
	for range long(1) {
		r.loseNode(nodes[1])
		must(t, caches[2].Kill())
		r.figures.FaultsRedis++
		time.Sleep(time.Second)
		must(t, caches[2].Restart())
		up := r.databaseDown.begin()
		must(t, nodes[2].Signal(syscall.SIGSTOP))
		r.figures.FaultsDatabase++
		time.Sleep(1500 * time.Millisecond)
		must(t, nodes[2].Signal(syscall.SIGCONT))
		time.Sleep(2 * time.Second)
		up()
	}
	r.load.copies = 1
	time.Sleep(2 * time.Second)
	r.load.finish()
	for _, n := range nodes {
		must(t, n.Ready())
	}
	r.recovered()
	r.nodesAgree(nodes)
	f := r.check(r.load.history)
	if f.Receipts < 100 || f.KillsDatabase < 1 || f.Conflicts < 10 || f.Duplicates < 2*f.Receipts {
		t.Errorf("too little happened: %+v", f)
	}
}

// loseNode kills a node as a power failure would. It comes back and copies what
// it has missed.
func (r *rig) loseNode(n *testkit.Database) {
	r.Helper()
	up := r.databaseDown.begin()
	defer up()
	must(r.T, n.Kill())
	r.figures.KillsDatabase++
	time.Sleep(2500 * time.Millisecond)
	must(r.T, n.Restart(), n.Ready())
}

// nodesAgree compares what the nodes hold, when all have taken in everything.
func (r *rig) nodesAgree(nodes []*testkit.Database) {
	r.Helper()
	first := r.dsn
	defer func() { r.dsn = first }()
	want := map[string]int{}
	for i, n := range nodes {
		r.dsn = n.DSN("rig") + "?wsrep_sync_wait=7"
		for _, table := range []string{"inbox", "arrivals", "journal", "notices"} {
			got := r.number("SELECT COUNT(*) FROM " + table)
			if i == 0 {
				want[table] = got
			}
			if got != want[table] {
				r.Errorf("node %d holds %d rows of %s, the first %d", i, got, table, want[table])
			}
		}
		r.figures.Conflicts += r.number("SELECT CAST(SUM(variable_value) AS INT) FROM information_schema.global_status WHERE variable_name IN ('WSREP_LOCAL_CERT_FAILURES', 'WSREP_LOCAL_BF_ABORTS')")
	}
}
