package bench

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver behind sql.Open
	"github.com/silenceper/wechat/v2/cache"
	"github.com/silenceper/wechat/v2/officialaccount"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/sirupsen/logrus"

	"github.com/cunkao/cunkao/wechat"
)

// SDKEcho is the SDK's own server, quiet, that sends a text back and stores
// nothing: yardstick (a).
func SDKEcho(a wechat.Account) http.Handler {
	logrus.SetOutput(io.Discard)
	logrus.SetLevel(logrus.PanicLevel)
	account := officialaccount.NewOfficialAccount(&config.Config{
		AppID: a.AppID, Token: a.Token, EncodingAESKey: a.AESKey, Cache: cache.NewMemory(),
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := account.GetServer(r, w)
		s.SetMessageHandler(func(m *message.MixMessage) *message.Reply {
			return &message.Reply{MsgType: message.MsgTypeText, MsgData: message.NewText(m.Content)}
		})
		if err := s.Serve(); err != nil {
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		_ = s.Send()
	})
}

// Database is where a yardstick keeps or finds its rows, as database/sql opens it.
type Database struct{ Driver, DSN string }

// Insert is the least that a durable 签到 takes: open the envelope, one prepared
// INSERT that is committed, a sealed reply. Yardstick (b).
type Insert struct {
	codec *wechat.Codec
	pool  *sql.DB
	add   *sql.Stmt
	now   func() time.Time
	log   *slog.Logger
}

// NewInsert opens the yardstick on a database of its own table, with as many
// connections as the program has.
func NewInsert(ctx context.Context, a wechat.Account, db Database, now func() time.Time, log *slog.Logger) (*Insert, error) {
	codec, err := wechat.NewCodec(a)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open(db.Driver, db.DSN)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	n := 16
	if db.Driver == "sqlite" {
		n = 1
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	for _, q := range []string{
		"DROP TABLE IF EXISTS bench_arrivals",
		"CREATE TABLE bench_arrivals (id VARCHAR(190) PRIMARY KEY, openid VARCHAR(64) NOT NULL, content TEXT NOT NULL, at DATETIME NOT NULL)",
	} {
		if _, err := pool.ExecContext(ctx, q); err != nil {
			return nil, fmt.Errorf("make the table: %w", err)
		}
	}
	add, err := pool.PrepareContext(ctx, "INSERT INTO bench_arrivals (id, openid, content, at) VALUES (?, ?, ?, ?)")
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return &Insert{codec: codec, pool: pool, add: add, now: now, log: log}, nil
}

// Close closes the database.
func (y *Insert) Close() error { return y.pool.Close() }

// Rows counts what was stored.
func (y *Insert) Rows(ctx context.Context) (n int, err error) {
	return n, y.pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM bench_arrivals").Scan(&n)
}

// ServeHTTP stores one message and answers it.
func (y *Insert) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reply, err := y.store(r)
	if err != nil {
		y.log.ErrorContext(r.Context(), "bench: yardstick", "err", err)
		http.Error(w, "not stored", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(reply) //nolint:gosec // encrypted XML, which no browser shows
}

func (y *Insert) store(r *http.Request) ([]byte, error) {
	q, err := wechat.ParseQuery(r.URL)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, wechat.MaxBody))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	m, err := y.codec.Open(q, body, y.now())
	if err != nil {
		return nil, err
	}
	if _, err := y.add.ExecContext(r.Context(), m.Key("wx"), m.FromUser, m.Content, y.now()); err != nil {
		return nil, fmt.Errorf("insert: %w", err)
	}
	return y.codec.Reply(m, "签到成功 ✓", y.now())
}
