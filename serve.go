package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
	"github.com/cunkao/cunkao/wechat"
)

// settingsFlag is what every command that reads the settings takes.
type settingsFlag struct {
	Config string `help:"配置文件（YAML）；环境变量优先。" type:"path" placeholder:"FILE"`
}

// read reads and checks the settings for a mode of use.
func (f settingsFlag) read(m config.Mode, s std) (config.Config, error) {
	c, err := config.Read(f.Config, s.env)
	return c, errors.Join(err, c.Validate(m))
}

// serveCmd is `cunkao serve`.
type serveCmd struct{ settingsFlag }

// Run serves the account until ctx ends.
func (c *serveCmd) Run(ctx context.Context, s std) error {
	cfg, err := c.read(config.Serve, s)
	if err != nil {
		return err
	}
	p, err := partsOf(cfg, s)
	if err != nil {
		return err
	}
	client := &lateSender{}
	p.sender, p.tagger, p.fetcher = client, client, client
	a, err := open(ctx, p)
	if err != nil {
		return err
	}
	if client.Client, err = clientOf(cfg, a); err != nil {
		return errors.Join(err, a.close())
	}
	defer client.Close()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), a.close())
	}
	srv := newServer(a.routes())
	p.log.InfoContext(ctx, "main: serve", "addr", l.Addr().String(), "version", version)
	if a.cache.Silent() { // a wrong password looks like this: the program runs on without
		p.log.WarnContext(ctx, "main: redis does not answer")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.start(ctx, p.now)
	err = listen(ctx, srv, func() error { return srv.Serve(l) })
	cancel()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, a.close())
}

// lateSender is the platform's client, which needs the cache and so comes after
// the bot.
type lateSender struct{ *wechat.Client }

func clientOf(cfg config.Config, a *app) (*wechat.Client, error) {
	return wechat.NewClient(wechat.ClientOptions{
		AppID: cfg.WeChat.AppID, Secret: cfg.WeChat.Secret, BaseURL: cfg.WeChat.APIBase,
		Timeout: 10 * time.Second, Tokens: a.cache, Now: time.Now,
	})
}

// routes are what the process serves. The simulator is never among them.
func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/wechat", a.bot)
	mux.HandleFunc("GET /metrics", a.metrics)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(w, "ok") // alive; to start it anew would not mend a database
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := a.db.Ready(ctx); err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		if a.cache.Silent() {
			_, _ = fmt.Fprintln(w, "ok, without redis") // which is slower and no less right
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
	return mux
}

// partsOf turns the settings into what a process is made from.
func partsOf(cfg config.Config, s std) (parts, error) {
	rubric, err := rubricSource(cfg.County.Rubric)
	if err != nil {
		return parts{}, err
	}
	wording, err := wordingIn(cfg.Wording)
	if err != nil {
		return parts{}, err
	}
	p := parts{
		wording: wording, database: models.Source{DSN: cfg.DatabaseDSN}, redis: cfg.Redis, sealKey: cfg.MasterKey(), hotline: cfg.Hotline,
		account: wechat.Account{
			AppID: cfg.WeChat.AppID, Token: cfg.WeChat.Token,
			AESKey: cfg.WeChat.AESKey, PreviousAESKey: cfg.WeChat.PreviousAESKey,
		},
		templates: templatesOf(cfg.WeChat.Templates), subscribe: templatesOf(cfg.WeChat.Subscriptions), county: countyOf(cfg.County), rubric: rubric,
		systems: wechat.Systems{Message: wechat.System(cfg.WeChat.MessageCoordinates), Event: wechat.System(cfg.WeChat.EventCoordinates)},
		limits:  cfg.Limits, log: logOf(cfg.Log, s), now: s.clock(),
	}
	if cfg.DatabaseDSN == "" {
		if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
			return p, fmt.Errorf("data folder: %w", err)
		}
		p.database.File = filepath.Join(cfg.Data, "cunkao.db")
	}
	return p, nil
}

// wordingIn reads the county's own words of forms, by the form's name.
func wordingIn(folder string) (map[string][]byte, error) {
	if folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("wording: %w", err)
	}
	words := map[string][]byte{}
	for _, file := range files {
		b, err := os.ReadFile(file) //nolint:gosec // the operator names the folder
		if err != nil {
			return nil, handlers.Refuse("wording（CUNKAO_WORDING）里的 %s 读不了：要是一个文件，运行的用户能读（%s）。", filepath.Base(file), err)
		}
		words[strings.TrimSuffix(filepath.Base(file), ".yaml")] = b
	}
	return words, nil
}

func rubricSource(name string) ([]byte, error) {
	src := scoring.DefaultSource()
	if name != "seed-default-v1" {
		read, err := os.ReadFile(name) //nolint:gosec // the operator names it
		if err != nil {
			return nil, fmt.Errorf("county.rubric: %w", err)
		}
		src = read
	}
	if _, err := scoring.ParseRubric(src); err != nil {
		return nil, fmt.Errorf("county.rubric %s: %w", name, err)
	}
	return src, nil
}

func templatesOf(in map[string]config.Template) map[string]bot.Template {
	out := map[string]bot.Template{}
	for kind, t := range in {
		fields := map[string]string{}
		for word, key := range t.Fields {
			fields[key] = word
		}
		out[kind] = bot.Template{ID: t.ID, Fields: fields, Lasting: t.Lasting}
	}
	return out
}

func countyOf(c config.County) handlers.County {
	since, _ := calendar.Parse(c.LogsSince) // no day where none is set
	return handlers.County{
		Name: c.Name, OthersPerShift: c.OthersPerShift, ActingHead: c.ActingHead, LogsSince: since, CheckIn: c.CheckIn,
		Leave: handlers.LeaveRules{
			Kinds: c.Leave.KindNames(), RestDayExempt: c.Leave.RestDaySameDayExempt,
			TownAbove: c.Leave.TownAboveDays, CountyAbove: c.Leave.CountyAboveDays, AwayPercent: c.Leave.AwayPercent,
		},
		Policy: handlers.Policy{
			HeadMonth: scoring.Fen(c.HeadMonthFen()), OtherMonth: scoring.Fen(c.OtherMonthFen()),
			Bonus: c.BonusPercent, Deduct: c.DeductPercent, DeductSecond: c.DeductPercentSecond,
			Rounding: scoring.Rounding(c.QuotaRounding),
			Deadlines: handlers.Deadlines{
				SelfEval: c.Deadlines.SelfEvaluation, Verification: c.Deadlines.Verification, Review: c.Deadlines.TownReview,
				Filing: c.Deadlines.CountyFiling, Publishing: c.Deadlines.Publishing, Notice: c.Deadlines.PublicNotice,
				Appeal: c.Deadlines.Appeal,
			},
		},
	}
}

func logOf(c config.Log, s std) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level)) // checked when the settings were read
	o := &slog.HandlerOptions{Level: level}
	if c.Format == "text" {
		return slog.New(slog.NewTextHandler(s.err, o))
	}
	return slog.New(slog.NewJSONHandler(s.err, o))
}

// configCmd is `cunkao config`.
type configCmd struct{ settingsFlag }

// Run prints the settings that hold, with secrets hidden, and what is wrong
// with them.
func (c *configCmd) Run(s std) error {
	cfg, err := c.read(config.Plain, s)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return err // there are no settings to show
	}
	return errors.Join(cfg.Print(s.out), err)
}

// migrateCmd is `cunkao migrate`.
type migrateCmd struct{ settingsFlag }

// Run brings the schema up to date, as serve does when it starts.
func (c *migrateCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(*app) error {
		_, err := fmt.Fprintln(s.out, "数据库结构已是最新。")
		return err
	})
}
