package models

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// pool is some connections, and the line of those who wait for one. database/sql
// gives a free connection to any of the waiting, by lot: under load the unlucky
// would wait many times as long as the others.
type pool struct {
	g      *gorm.DB
	turns  chan struct{} // as many as connections; a channel serves in order
	waited atomic.Int64
}

func openPool(d gorm.Dialector, n int) (*pool, error) {
	g, err := gorm.Open(d, gormConfig())
	if err != nil {
		return nil, err
	}
	conns, err := g.DB()
	if err != nil {
		return nil, err
	}
	conns.SetMaxOpenConns(n)
	conns.SetMaxIdleConns(n)
	conns.SetConnMaxIdleTime(5 * time.Minute)
	return &pool{g: g, turns: make(chan struct{}, n)}, nil
}

// enter waits for one's turn at a connection.
func (p *pool) enter(ctx context.Context) error {
	select {
	case p.turns <- struct{}{}:
		return nil
	default:
	}
	p.waited.Add(1)
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pool) leave() { <-p.turns }

func (p *pool) close() error {
	conns, err := p.g.DB()
	if err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return conns.Close()
}

// Pool is how the connections for writing stand.
type Pool struct {
	Open, InUse int
	Waited      int64 // how often somebody waited for one
}

// Pool tells how the connections stand.
func (db *DB) Pool() Pool {
	conns, err := db.write.g.DB()
	if err != nil {
		return Pool{}
	}
	s := conns.Stats()
	return Pool{Open: s.OpenConnections, InUse: s.InUse, Waited: db.write.waited.Load()}
}
