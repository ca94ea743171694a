// Package bot holds conversations with people on WeChat. It turns what they
// send into use cases, and what these return into words.
package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/wechat"
)

// Options is what a bot needs.
type Options struct {
	Desk      *handlers.Handlers
	Cache     *cache.Cache
	Codec     *wechat.Codec
	AppID     string
	Sender    Sender
	Tagger    Tagger              // nil where nobody needs menus
	Templates map[string]Template // by kind of notice
	// Subscriptions are the templates of subscription notices, by kind of notice.
	Subscriptions map[string]Template
	Systems       wechat.Systems // of the platform's coordinates
	Hotline       string         // whom to ask: 人工
	PerMinute     int            // messages of one person that are answered; 0 means 60
	PerSecond     int            // messages of all people that are answered; 0 means any number
	Crowd         int            // messages that are waited for at once; 0 means 16,384
	Log           *slog.Logger
	Now           func() time.Time
}

// Bot answers messages and delivers notices.
type Bot struct {
	Options
	commands []command
	forms    map[string]form
	under    sync.WaitGroup // messages under way
	meter    Meter
	pauses   pauses
}

// New builds a bot with every command that it knows.
func New(o Options) *Bot {
	b := &Bot{Options: o, forms: map[string]form{}}
	for _, f := range []form{bindForm()} {
		b.forms[f.name] = f
	}
	b.commands = b.allCommands()
	return b
}

// Meter is what is counted.
func (b *Bot) Meter() *Meter { return &b.meter }

// Input is one message, in the words of the conversation.
type Input struct {
	Key   string
	Who   string // openid
	Text  string
	Scene string // of a scanned code
	// Unread is the kind of a message that is no text.
	Unread string
	Sent   time.Time
	// Digest is of the whole message, in hex.
	Digest string
	// Right is to be taken before a reply is given.
	Right *handlers.Right
}

// name is the key as a log may hold it.
func (in Input) name() string { return in.command().Name() }

func (in Input) command() handlers.Command {
	return handlers.Command{
		Key: in.Key, Digest: in.Digest, Who: handlers.Who{OpenID: in.Who}, Channel: handlers.ByWeChat,
		Sent: in.Sent, Right: in.Right,
	}
}

// Answer returns the reply to one message. The error is a fault that nobody
// can put into words yet: whether the message was carried out is not known.
func (b *Bot) Answer(ctx context.Context, in Input) (string, error) {
	reply, err := b.turn(ctx, in)
	if err == nil {
		return b.shorten(ctx, in.Who, reply), nil
	}
	if errors.Is(err, handlers.ErrUnsure) {
		b.meter.Unsure.Add(1)
		b.Log.ErrorContext(ctx, "bot: unsure", "message", in.name(), "number", number(in.Key), "err", err)
		b.apologiseLate(ctx, in, unsure)
		return "", err
	}
	said, refused := handlers.Explain(err, number(in.Key))
	if !refused {
		b.meter.Faults.Add(1)
		b.Log.ErrorContext(ctx, "bot: answer", "message", in.name(), "number", number(in.Key), "err", err)
		b.apologiseLate(ctx, in, said)
	}
	return b.shorten(ctx, in.Who, said), nil
}

// apologiseLate tells of a fault when nobody waits for the answer any more: as a
// notice or, should the database be what failed, at once.
func (b *Bot) apologiseLate(ctx context.Context, in Input, said string) {
	if in.Right.Take() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := b.Desk.ReplyLate(ctx, in.command(), said)
	if err != nil {
		err = b.Sender.SendText(ctx, in.Who, said)
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "bot: apologise", "message", in.name(), "number", number(in.Key), "err", err)
	}
}

// number is what a person can name when he asks about a fault, and what the log
// names the message by.
func number(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:3])
}

// turn finds out what a message asks for and does it.
func (b *Bot) turn(ctx context.Context, in Input) (string, error) {
	if handlers.IsScene(in.Scene) {
		return b.do(ctx, in.command(), func(d *handlers.Desk) (string, error) { return b.scanned(d, in.Scene) })
	}
	if in.Unread != "" {
		return b.look(ctx, in, func(v *handlers.View) (string, error) {
			menu, err := b.menu(v, "")
			return unread(in.Unread) + "\n" + menu, err
		})
	}
	in.Text = plain(in.Text)
	if slices.Contains([]string{"更多", "下一页", "后面的"}, in.Text) {
		return b.showMore(ctx, in)
	}
	c, rest, known := b.route(in.Text)
	if !known {
		return b.converse(ctx, in)
	}
	if c.do != nil {
		cmd := in.command()
		cmd.Gather = c.appends
		return b.do(ctx, cmd, func(d *handlers.Desk) (string, error) {
			reply, err := c.do(d, rest)
			return reply, b.kindly(d.View, c, err)
		})
	}
	return b.look(ctx, in, func(v *handlers.View) (string, error) {
		reply, err := c.look(v, rest)
		return reply, b.kindly(v, c, err)
	})
}

// errTalk says that a message belongs to an open conversation, which Look
// cannot go on with.
var errTalk = errors.New("there is an open conversation")

// converse takes a message that is no command: an answer in a conversation, or
// something that was not understood.
func (b *Bot) converse(ctx context.Context, in Input) (string, error) {
	reply, err := b.look(ctx, in, func(v *handlers.View) (string, error) {
		t, err := v.Talk()
		switch {
		case err == nil && b.forms[t.Form].name != "":
			return "", errTalk
		case err != nil && !errors.Is(err, models.ErrNotFound):
			return "", fmt.Errorf("open talk: %w", err)
		default:
			return b.lost(v, in.Text)
		}
	})
	if !errors.Is(err, errTalk) {
		return reply, err
	}
	return b.do(ctx, in.command(), func(d *handlers.Desk) (string, error) { return b.continueTalk(d, in.Text) })
}

// unsure is said when nobody knows.
const unsure = "是否记下还不能确定，请稍后发“我的记录”看一看。"

// repeatAge is how old a message is at least that the platform sends again, when
// nobody answered it for five seconds.
const repeatAge = 4 * time.Second

// do carries out a command. If that fails, and the message may have come before,
// what became of it then is not known: the answer may have been lost after the
// COMMIT. Whoever broke off a message leaves word of it, should it come again at
// once.
func (b *Bot) do(ctx context.Context, cmd handlers.Command, fn func(*handlers.Desk) (string, error)) (string, error) {
	repeat := b.receivedAt(ctx).Sub(cmd.Sent) >= repeatAge
	reply, err := b.Desk.Do(ctx, cmd, fn)
	_, refused := errors.AsType[*handlers.Refusal](err)
	switch {
	case err == nil || refused || errors.Is(err, handlers.ErrMismatch):
		return reply, err
	case errors.Is(err, handlers.ErrUnsure):
		b.Cache.KeepReply(ctx, doubt+cmd.Key, "")
		return reply, err
	}
	if !repeat {
		_, repeat = b.Cache.Reply(ctx, doubt+cmd.Key)
	}
	if repeat {
		err = fmt.Errorf("%w: %w", handlers.ErrUnsure, err)
	}
	return reply, err
}

// doubt begins the key under which word of a broken-off message is left.
const doubt = "doubt:"

// look answers a question. The answer is kept for the platform's repeats, so
// that they get the same.
func (b *Bot) look(ctx context.Context, in Input, fn func(*handlers.View) (string, error)) (string, error) {
	if kept, ok := b.Cache.Reply(ctx, in.Key); ok {
		return kept, nil
	}
	reply, err := b.Desk.Look(ctx, in.command(), func(v *handlers.View) (string, error) {
		reply, err := fn(v)
		if err != nil {
			return reply, err
		}
		return b.withOpenQuestion(v, reply)
	})
	if refused, ok := errors.AsType[*handlers.Refusal](err); ok {
		reply, err = refused.Text, nil
	}
	if err != nil {
		return "", err
	}
	b.Cache.KeepReply(ctx, in.Key, reply)
	if !in.Right.Take() {
		return reply, b.Desk.ReplyLate(ctx, in.command(), reply)
	}
	return reply, nil
}
