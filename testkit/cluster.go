package testkit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Do sends one command on a connection of its own and returns the answer, of a
// line or a text.
func (c *Cache) Do(ctx context.Context, words ...string) (string, error) {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", c.Addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(3 * time.Second)); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := io.WriteString(conn, b.String()); err != nil {
		return "", err
	}
	return answerOf(bufio.NewReader(conn))
}

func answerOf(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(line, "-"):
		return "", errors.New(line[1:])
	case !strings.HasPrefix(line, "$"):
		return strings.TrimLeft(line, "+:"), nil
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil || n < 0 {
		return "", err
	}
	text := make([]byte, n)
	_, err = io.ReadFull(r, text)
	return string(text), err
}

// clusterSize is how many nodes a cluster of this kit has.
const clusterSize = 3

// RedisCluster starts a Redis Cluster of three nodes, which share the slots.
func RedisCluster(tb testing.TB) []*Cache {
	tb.Helper()
	var nodes []*Cache
	for range clusterSize {
		bus, err := FreePort()
		if err != nil {
			tb.Fatal(err)
		}
		nodes = append(nodes, KillableRedis(tb, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf",
			"--cluster-node-timeout", "2000", "--cluster-port", strconv.Itoa(bus)))
	}
	for i, n := range nodes {
		first, last := i*16384/clusterSize, (i+1)*16384/clusterSize-1
		for _, words := range [][]string{
			{"CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(first), strconv.Itoa(last)},
			{"CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i + 1)},
		} {
			if _, err := n.Do(tb.Context(), words...); err != nil {
				tb.Fatal(err)
			}
		}
	}
	meet(tb, nodes)
	return nodes
}

// meet brings the nodes together and waits until all say so.
func meet(tb testing.TB, nodes []*Cache) {
	tb.Helper()
	for i := range nodes[1:] {
		other := nodes[i+1]
		port := other.Args[1]
		bus := other.Args[len(other.Args)-1]
		if _, err := nodes[0].Do(tb.Context(), "CLUSTER", "MEET", "127.0.0.1", port, bus); err != nil {
			tb.Fatal(err)
		}
	}
	for _, n := range nodes {
		err := Answers(func(ctx context.Context) error {
			info, err := n.Do(ctx, "CLUSTER", "INFO")
			if err == nil && (!strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3")) {
				err = errors.New(info)
			}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
}
