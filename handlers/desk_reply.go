package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cunkao/cunkao/models"
)

// A reply is stored with its command, sealed where it must be, and is what a command is answered
// that comes again.

// repeat answers a command that was carried out before. If nobody waits for it any
// more the answer goes as a notice, unless it does so already: whoever carried it
// out may have thought that somebody would read it.
func (h *Handlers) repeat(ctx context.Context, cmd Command, in models.Inbox) (string, error) {
	if in.Reply == "" || cmd.Right.Take() {
		return h.answer(in)
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
	defer cancel()
	if err := h.ReplyLate(late, cmd, lateWords(in)); err != nil {
		return "", fmt.Errorf("do %s: %w: %w", cmd.Name(), ErrUnsure, err)
	}
	return h.answer(in)
}

// lateWords is a stored reply as a notice may say it.
func lateWords(in models.Inbox) string {
	if strings.HasPrefix(in.Reply, secretReply) {
		return secretLate
	}
	return in.Reply
}

// answer turns a stored reply back into what Do returns.
func (h *Handlers) answer(in models.Inbox) (string, error) {
	reply, err := h.Opened(in.Reply, in.CmdKey)
	if err != nil {
		return "", err
	}
	if in.Refused {
		return "", &Refusal{Field: in.Field, Text: reply}
	}
	return reply, nil
}

// Shut seals a reply that is kept for whoever asks again, under its command's key.
func (h *Handlers) Shut(reply, key string) string {
	return privateReply + h.box.Seal(reply, "inbox.reply."+key)
}

// Opened is a stored reply to a command as it was given.
func (h *Handlers) Opened(stored, key string) (string, error) {
	for _, mark := range []string{secretReply, privateReply} {
		if sealed, ok := strings.CutPrefix(stored, mark); ok {
			reply, err := h.box.Open(sealed, "inbox.reply."+key)
			if err != nil {
				return "", fmt.Errorf("sealed reply: %w", err)
			}
			return reply, nil
		}
	}
	return stored, nil
}

// Secret makes the reply be stored sealed: whoever reads the database learns no
// code and no word of others from it.
func (d *Desk) Secret() { d.secret = true }

// Private makes the reply be stored sealed, be it a refusal: it repeats what somebody told
// of himself and others. If it comes late, the notice holds it sealed too.
func (d *Desk) Private() { d.private = true }

const (
	// secretReply begins a reply that is stored sealed.
	secretReply = "sealed:"
	// privateReply begins one that is sealed and may be sent again.
	privateReply = "private:"
	// secretLate is told instead of a secret reply that nobody waits for any more.
	secretLate = "刚才的事办好了，但内容不能再发一遍，请重新发一次。" //nolint:gosec // words for a person
)

// unsure adds ErrUnsure to why a command could not be looked up, unless it was
// found and is another one.
func unsure(err, looked error) error {
	if errors.Is(looked, ErrMismatch) {
		return looked
	}
	return fmt.Errorf("%w: %w: %w", ErrUnsure, err, looked)
}

// lookFor is how long finding out about a command may take; it may have used up
// its own time.
const lookFor = 2 * time.Second

// committed looks a command up on a fresh connection. It counts that the command
// came again, so that what is answered is on the disk.
func (h *Handlers) committed(ctx context.Context, cmd Command) (in models.Inbox, found bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
	defer cancel()
	err = h.keepHouse(ctx, func(tx *models.Tx) error {
		if in, err = tx.Inbox(cmd.Key); err != nil {
			return err
		}
		return tx.Repeat(cmd.Key)
	})
	switch {
	case errors.Is(err, models.ErrNotFound):
		return in, false, nil
	case err != nil:
		return in, false, err
	default:
		return in, true, cmd.same(in)
	}
}

// same returns ErrMismatch if another command was carried out under the key.
func (c Command) same(in models.Inbox) error {
	if in.Digest != c.Digest || in.Who != c.Who.String() {
		return ErrMismatch
	}
	return nil
}
