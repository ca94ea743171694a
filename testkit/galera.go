package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// galeraProvider is where the library is that makes nodes of MariaDB servers.
const galeraProvider = "/usr/lib/galera/libgalera_smm.so"

// galeraPorts are what a node listens on beside its own port.
type galeraPorts struct{ group, parts, copies int }

// Galera starts a cluster of three MariaDB nodes, each of which takes writes.
// The first starts from a copy of a data folder, the others copy from it. The
// servers run as the user mysql if the test is root: their copying program
// refuses root.
func Galera(tb testing.TB, from string) []*Database {
	tb.Helper()
	for _, need := range []string{"mariadbd", "rsync"} {
		if _, err := exec.LookPath(need); err != nil {
			Without(tb, need)
		}
	}
	if _, err := os.Stat(galeraProvider); err != nil {
		Without(tb, "galera-4")
	}
	var ports []galeraPorts
	var group []string
	for range 3 {
		var p galeraPorts
		for _, to := range []*int{&p.group, &p.parts, &p.copies} {
			n, err := FreePort()
			if err != nil {
				tb.Fatal(err)
			}
			*to = n
		}
		ports, group = append(ports, p), append(group, fmt.Sprintf("127.0.0.1:%d", p.group))
	}
	var nodes []*Database
	for i, p := range ports {
		n, err := newDatabase(tb, from)
		if err != nil {
			tb.Fatal(err)
		}
		n.galera(i, p, "gcomm://"+strings.Join(group, ","))
		if err := n.own(tb); err != nil {
			tb.Fatal(err)
		}
		n.endWith(tb)
		nodes = append(nodes, n)
		if err := n.join(); err != nil {
			tb.Fatalf("node %d: %v", i, err)
		}
	}
	return nodes
}

func (d *Database) galera(i int, p galeraPorts, address string) {
	d.Args = append(d.Args, "--binlog-format=ROW", "--default-storage-engine=InnoDB", "--innodb-autoinc-lock-mode=2",
		"--wsrep-on=ON", "--wsrep-provider="+galeraProvider, "--wsrep-cluster-name=ck", "--wsrep-cluster-address="+address,
		fmt.Sprintf("--wsrep-node-name=n%d", i), fmt.Sprintf("--wsrep-node-address=127.0.0.1:%d", p.group),
		fmt.Sprintf("--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:%d;ist.recv_addr=127.0.0.1:%d;gcache.size=64M;gcache.page_size=16M;"+
			"evs.suspect_timeout=PT1S;evs.inactive_timeout=PT3S;evs.inactive_check_period=PT0.2S;evs.keepalive_period=PT0.2S", p.group, p.parts),
		"--wsrep-sst-method=rsync", fmt.Sprintf("--wsrep-sst-receive-address=127.0.0.1:%d", p.copies))
	if i == 0 {
		d.Args = append(d.Args, "--wsrep-new-cluster")
	}
}

// own gives the folder to who runs the server.
func (d *Database) own(tb testing.TB) error {
	tb.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("mysql")
	if err != nil {
		Without(tb, "the user mysql")
		return err
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	d.As = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of users have 32 bits
	root, err := os.OpenRoot(d.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, root.Chown(path, uid, gid))
	})
}

// join starts a node and waits until it takes part.
func (d *Database) join() error {
	if err := d.Start(); err != nil {
		return err
	}
	if err := d.Answers(); err != nil {
		return err
	}
	return d.Ready()
}

// Ready waits until a node of a cluster takes statements.
func (d *Database) Ready() error {
	pool, err := sql.Open("mysql", d.local())
	if err != nil {
		return err
	}
	defer pool.Close()
	err = Answers(func(ctx context.Context) error {
		var name, value string
		err := pool.QueryRowContext(ctx, "SHOW STATUS LIKE 'wsrep_ready'").Scan(&name, &value)
		if err == nil && value != "ON" {
			err = errors.New("the node is not ready")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, d.Log())
	}
	return nil
}
