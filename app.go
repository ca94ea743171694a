package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/seal"
	"github.com/cunkao/cunkao/wechat"
)

// parts are what a process is made from.
type parts struct {
	database  models.Source
	redis     string
	sealKey   []byte
	account   wechat.Account
	sender    bot.Sender
	tagger    bot.Tagger
	fetcher   bot.Fetcher
	templates map[string]bot.Template
	subscribe map[string]bot.Template // subscription notices
	hotline   string
	wording   map[string][]byte // the county's own words of forms
	systems   wechat.Systems
	limits    config.Limits // 0 of any means the bot's own
	county    handlers.County
	rubric    []byte
	log       *slog.Logger
	now       func() time.Time
}

// app is the whole process, wired.
type app struct {
	db    *models.DB
	cache *cache.Cache
	desk  *handlers.Handlers
	bot   *bot.Bot
	clock *clockwork
	wake  chan struct{}
	loops sync.WaitGroup
}

// open wires a process from the bottom up, and brings the schema up to date.
func open(ctx context.Context, p parts) (*app, error) {
	box, err := seal.New(p.sealKey)
	if err != nil {
		return nil, err
	}
	codec, err := wechat.NewCodec(p.account)
	if err != nil {
		return nil, fmt.Errorf("the account: %w", err)
	}
	db, err := models.Open(ctx, p.database, p.now)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	c, err := cache.Open(ctx, p.redis)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a := &app{db: db, cache: c, wake: make(chan struct{}, 1)}
	a.desk = handlers.New(db, box, p.county, a.rouse)
	a.bot, err = bot.New(bot.Options{
		Desk: a.desk, Cache: c, Codec: codec, AppID: p.account.AppID, Sender: p.sender, Tagger: p.tagger, Fetcher: p.fetcher,
		Templates: p.templates, Subscriptions: p.subscribe, Systems: p.systems, Hotline: p.hotline, Wording: p.wording, PerMinute: p.limits.PersonMinute, PerSecond: p.limits.AllSecond,
		Crowd: p.limits.Waiting, Log: p.log, Now: p.now,
	})
	if err != nil { // there is no bot to wait for
		return nil, errors.Join(err, c.Close(), db.Close())
	}
	a.clock = newClockwork(a.desk, p.rubric, p.log)
	if err := a.desk.CheckKey(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

// rouse tells the deliverer that notices wait.
func (a *app) rouse() {
	select {
	case a.wake <- struct{}{}:
	default: // a signal waits already
	}
}

// start runs the loops of a process until ctx ends; close waits for them.
func (a *app) start(ctx context.Context, now func() time.Time) {
	a.loops.Go(func() { a.bot.Deliver(ctx, a.wake, time.Second) })
	a.loops.Go(func() { a.bot.TakeOver(ctx, time.Second) })
	a.loops.Go(func() { a.bot.Fetch(ctx, 3*time.Second) })
	a.loops.Go(func() { a.clock.keep(ctx, now) })
}

// close ends what open began. The loops' context must have ended.
func (a *app) close() error {
	a.loops.Wait()
	a.bot.Wait()
	return errors.Join(a.cache.Close(), a.db.Close())
}

// listen serves until ctx ends, then lets the requests under way finish.
func listen(ctx context.Context, srv *http.Server, serve func() error) error {
	done := make(chan error, 1)
	go func() { done <- serve() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err := srv.Shutdown(late)
	if failed := <-done; failed != nil && !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}
