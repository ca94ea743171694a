// Package bot holds conversations with people on WeChat. It turns what they
// send into use cases, and what these return into words.
package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cunkao/cunkao/cache"
	"github.com/cunkao/cunkao/handlers"
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
	Fetcher   Fetcher             // nil where nobody fetches photos
	Templates map[string]Template // by kind of notice
	// Subscriptions are the templates of subscription notices, by kind of notice.
	Subscriptions map[string]Template
	Systems       wechat.Systems    // of the platform's coordinates
	Hotline       string            // whom to ask: 人工
	Wording       map[string][]byte // the county's own words of forms, by the name of the form
	PerMinute     int               // messages of one person that are answered; 0 means 60
	PerSecond     int               // messages of all people that are answered; 0 means any number
	Crowd         int               // messages that are waited for at once; 0 means 16,384
	Log           *slog.Logger
	Now           func() time.Time
}

// Bot answers messages and delivers notices.
type Bot struct {
	Options
	commands []command
	sayings  []saying
	// beginnings are by which sentences begin what they are about.
	beginnings []beginning
	forms      map[string]form
	under      sync.WaitGroup // messages under way
	meter      Meter
	pauses     pauses
	lines      lines
	most       atomic.Int64  // how many messages are waited for at once
	left       atomic.Bool   // kept messages wait for room
	room       chan struct{} // signals that there is some
}

// New builds a bot with every command that it knows. It fails on words of a form that
// are no such words.
func New(o Options) (*Bot, error) {
	b := &Bot{Options: o, forms: map[string]form{}, room: make(chan struct{}, 1)}
	b.WaitFor(o.Crowd)
	words, err := wordsOfForms(o.Wording)
	if err != nil {
		return nil, fmt.Errorf("bot: %w", err)
	}
	for _, f := range b.allForms() {
		if b.forms[f.name], err = f.worded(words[cmp.Or(f.like, f.name)]); err != nil {
			return nil, fmt.Errorf("bot: %w", err)
		}
	}
	b.commands = slices.Concat(b.allCommands(), b.logCommands(), b.leaveCommands())
	b.sayings, b.beginnings = b.allSayings(), b.allBeginnings()
	return b, nil
}

// allForms are the conversations.
func (b *Bot) allForms() []form {
	return []form{
		bindForm(), leaveForm(), extendForm(), rejectForm(), worklogForm(), worklogFixForm(), checkInForm(), b.selfEvalForm(false), b.selfEvalForm(true),
	}
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
	Photo  string        // MediaId of a photo
	Place  *wechat.Point // that was picked on a map
	Sent   time.Time
	// Digest is of the whole message, in hex.
	Digest string
	// Right is to be taken before a reply is given.
	Right   *handlers.Right
	other   string // what else the message asks for
	appends bool   // it may share a transaction
	word    string // of the command that it was found to ask for
}

// name is the key as a log may hold it.
func (in Input) name() string { return in.command().Name() }

func (in Input) command() handlers.Command {
	return handlers.Command{
		Key: in.Key, Digest: in.Digest, Who: handlers.Who{OpenID: in.Who}, Channel: handlers.ByWeChat,
		Sent: in.Sent, Right: in.Right, Gather: in.appends,
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
		return "", err
	}
	said, refused := handlers.Explain(err, number(in.Key))
	if !refused {
		b.Log.ErrorContext(ctx, "bot: answer", "message", in.name(), "number", number(in.Key), "err", err)
		return b.excuse(in, err)
	}
	return b.shorten(ctx, in.Who, said), nil
}

// excuse is what is said after a fault. Who does not wait any more is told nothing:
// his message is kept, and tried again.
func (b *Bot) excuse(in Input, fault error) (string, error) {
	if !in.Right.Take() {
		return "", fault
	}
	b.meter.Faults.Add(1)
	said, _ := handlers.Explain(fault, number(in.Key))
	return said, nil
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
		return b.do(ctx, in, func(d *handlers.Desk) (string, error) { return b.scanned(d, in.Scene) })
	}
	if s, brought := in.sent(); brought {
		return b.receiveSent(ctx, in, s)
	}
	if in.Unread != "" {
		return b.look(ctx, in, func(v *handlers.View) (string, error) {
			menu, err := b.menu(v, "")
			return unread(in.Unread) + "\n" + menu, err
		})
	}
	in.Text = plain(in.Text)
	if slices.Contains([]string{"更多", "下一页", "后面的", follows}, in.Text) {
		return b.showMore(ctx, in)
	}
	c, rest, known := b.route(in.Text)
	if known && strings.HasSuffix(in.Text, c.words[0]+rest) && len([]rune(rest)) > 12 && !glued.MatchString(rest) { // in one breath, so long, it may be an answer
		reply, err := b.lookOrDo(ctx, in, b.proseOpen, func(*handlers.View) (string, error) { return "", errCommand },
			func(d *handlers.Desk) (string, error) { return b.continueTalk(d, in.Text) })
		if !errors.Is(err, errCommand) {
			return reply, err
		}
	}
	if in.Text, in.other = b.commandAnd(c, in.Text); in.other != "" {
		c, rest, known = b.route(in.Text)
	}
	if !known && leaveSentence.MatchString(in.Text) {
		return b.do(ctx, in, func(d *handlers.Desk) (string, error) { return b.begun(d, in.Text) })
	}
	if !known {
		reply, err := b.converse(ctx, in, func(v *handlers.View) (string, error) {
			if _, likely := b.likely(v, in.Text); likely {
				return "", errCommand
			}
			return b.lost(v, in.Text)
		})
		if errors.Is(err, errCommand) {
			return b.do(ctx, in, func(d *handlers.Desk) (string, error) { return b.begun(d, in.Text) })
		}
		return reply, err
	}
	if c.mayAnswer(in.Text, rest) {
		reply, err := b.converse(ctx, in, func(*handlers.View) (string, error) { return "", errCommand })
		if !errors.Is(err, errCommand) {
			return reply, err
		}
	}
	return b.carryOut(ctx, in, c, rest)
}

// begun takes a sentence that all but says which form it begins, without a look at the
// open talk before: most such sentences begin one.
func (b *Bot) begun(d *handlers.Desk, text string) (string, error) {
	reply, open, err := b.openTalk(d, text)
	if open || err != nil {
		return reply, err
	}
	what, likely := b.likely(d.View, text)
	if !likely {
		return b.lost(d.View, text)
	}
	first, other := b.twoThings(text, "")
	reply, err = what.begin(d, first)
	return named(reply, err, other)
}

// errCommand says that no conversation is open that a message could belong to.
var errCommand = errors.New("this is a command")

// carryOut does what a command asks for.
func (b *Bot) carryOut(ctx context.Context, in Input, c command, rest string) (string, error) {
	if c.do != nil {
		in.appends = c.appends
		return b.do(ctx, in, func(d *handlers.Desk) (string, error) {
			reply, err := c.do(d, rest)
			if err == nil && !c.talks {
				return b.withOpenQuestion(d.View, reply)
			}
			return reply, b.leadBack(d.View, c, b.kindly(d.View, c, err))
		})
	}
	in.word = c.words[0]
	return b.look(ctx, in, func(v *handlers.View) (string, error) {
		reply, err := c.look(v, rest)
		return reply, b.leadBack(v, c, b.kindly(v, c, err))
	})
}

// leadBack makes the refusal of a command that interrupted a talk bring its question back.
func (b *Bot) leadBack(v *handlers.View, c command, err error) error {
	r, refused := refusal(err)
	if !refused || c.talks {
		return err
	}
	text, err := b.withOpenQuestion(v, r.Text)
	if err != nil {
		return err
	}
	return &handlers.Refusal{Field: r.Field, Text: text}
}

// converse takes a message that is no command for certain: an answer in a conversation or,
// if none is open, whatever otherwise does.
func (b *Bot) converse(ctx context.Context, in Input, otherwise func(*handlers.View) (string, error)) (string, error) {
	talking, err := b.Desk.Talking(ctx, in.Who)
	if err != nil {
		return "", err
	}
	goOn := func(d *handlers.Desk) (string, error) { return b.continueTalk(d, in.Text) }
	if talking {
		if reply, asked := b.kept(ctx, in); asked { // as a question, before the talk
			return b.tell(ctx, in, reply)
		}
		return b.do(ctx, in, goOn)
	}
	open := func(v *handlers.View) (bool, error) {
		drafts, err := v.Talk()
		return len(drafts) > 0, err
	}
	return b.lookOrDo(ctx, in, open, otherwise, goOn)
}

// errStores says that a message stores something, which Look cannot.
var errStores = errors.New("this is to be stored")

// lookOrDo carries out a message that may belong to something that is open, and only
// answers it by look if it does not.
func (b *Bot) lookOrDo(
	ctx context.Context, in Input, belongs func(*handlers.View) (bool, error),
	look func(*handlers.View) (string, error), do func(*handlers.Desk) (string, error),
) (string, error) {
	reply, err := b.look(ctx, in, func(v *handlers.View) (string, error) {
		stores, err := belongs(v)
		if err == nil && !stores { // what it belonged to it may have ended itself: it came again
			stores, err = v.CarriedOut(in.Key)
		}
		switch {
		case err != nil:
			return "", err
		case stores:
			return "", errStores
		default:
			return look(v)
		}
	})
	if errors.Is(err, errStores) {
		return b.do(ctx, in, do)
	}
	return reply, err
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
func (b *Bot) do(ctx context.Context, in Input, fn func(*handlers.Desk) (string, error)) (string, error) {
	cmd := in.command()
	repeat := b.receivedAt(ctx).Sub(cmd.Sent) >= repeatAge
	reply, err := b.Desk.Do(ctx, cmd, withOther(in, fn))
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
	if reply, ok := b.kept(ctx, in); ok {
		return b.tell(ctx, in, reply)
	}
	var who handlers.Who
	reply, err := b.Desk.Look(ctx, in.command(), withOther(in, func(v *handlers.View) (string, error) {
		who.PersonID = v.Who.ID
		reply, err := fn(v)
		if err != nil {
			return reply, err
		}
		return b.withOpenQuestion(v, reply)
	}))
	refused, isRefused := refusal(err)
	if isRefused {
		reply, err = refused.Text, nil
	}
	if err != nil {
		return "", err
	}
	b.noteAsked(ctx, who, in, isRefused)
	b.Cache.KeepReply(ctx, in.Key, b.Desk.Shut(reply, in.Key))
	return b.tell(ctx, in, reply)
}

// kept is what a question was answered before, if it was.
func (b *Bot) kept(ctx context.Context, in Input) (reply string, ok bool) {
	kept, ok := b.Cache.Reply(ctx, in.Key)
	if !ok {
		return "", false
	}
	reply, err := b.Desk.Opened(kept, in.Key)
	return reply, err == nil
}

// tell answers a question: as a notice, if nobody waits any more.
func (b *Bot) tell(ctx context.Context, in Input, reply string) (string, error) {
	if in.Right.Take() {
		return reply, nil
	}
	return reply, b.Desk.ReplyLate(ctx, in.command(), b.Desk.Shut(reply, in.Key))
}
