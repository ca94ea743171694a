package bot

import (
	"context"
	"encoding/json"
	"time"

	"github.com/cunkao/cunkao/handlers"
)

// Asked is a message that stored nothing, as support sees it: a question, or one that was
// not understood.
type Asked struct {
	At      time.Time `json:"at"`
	Word    string    `json:"word,omitempty"`    // of the command; empty if it was not understood
	Refused bool      `json:"refused,omitempty"` // the question was not answered
	Said    string    `json:"said"`              // by the person
}

// sealedAsked is under what name these lines are sealed.
func sealedAsked(personID string) string { return "asked:" + personID }

// longestAsked is how much of a message is kept, in runes.
const longestAsked = 60

// noteAsked keeps for a while that somebody asked for something. Whoever is not bound is
// nobody's to look up.
func (b *Bot) noteAsked(ctx context.Context, who handlers.Who, in Input, refused bool) {
	if who.PersonID == "" {
		return
	}
	said := []rune(in.Text)
	if in.Text == "" {
		said = []rune("（" + in.Unread + "）")
	}
	line, err := json.Marshal(Asked{
		At: in.Sent, Word: in.word, Refused: refused, Said: string(said[:min(len(said), longestAsked)]),
	})
	if err != nil {
		return // cannot be: plain types
	}
	b.Cache.NoteAsked(ctx, who.PersonID, b.Desk.Shut(string(line), sealedAsked(who.PersonID)))
}

// AskedBy returns up to n of the last messages by which a person stored nothing, the newest
// first, as far as Redis has them.
func (b *Bot) AskedBy(ctx context.Context, personID string, n int) (out []Asked) {
	for _, sealed := range b.Cache.Asked(ctx, personID, n) {
		line, err := b.Desk.Opened(sealed, sealedAsked(personID))
		var one Asked
		if err == nil && json.Unmarshal([]byte(line), &one) == nil {
			out = append(out, one)
		}
	}
	return out
}
