// Package sim plays the WeChat platform, and the phones on its other side, for
// demos and tests. It is a stranger to the rest of the program on purpose: it
// has its own cryptography and its own XML, so that a mistake on one side of
// the wire is not repeated, and so hidden, on the other.
package sim

import (
	"context"
	"crypto/rand"
	"log/slog"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"
)

// What is kept, so that a demo left running for months stays small.
const (
	keptEntries = 500
	keptHistory = 20_000
	keptPushes  = 20_000
	keptTickets = 10_000
)

// cutAfter is how long the platform waits for an answer.
const cutAfter = 5 * time.Second

// Account is a service account as the platform knows it.
type Account struct{ AppID, Token, AESKey, Secret, GhID string }

// Person is somebody the page can be. Roles are shown as they are, so they had
// better be Chinese words.
type Person struct {
	OpenID  string   `json:"openid"`
	Name    string   `json:"name"`
	Roles   []string `json:"roles"`
	Village string   `json:"village"`
	Bound   bool     `json:"bound"`
	Code    *string  `json:"code"` // the binding code; null once bound
	Phone4  string   `json:"phone4"`
}

// Template is a message template that the account was granted.
type Template struct {
	ID, Title string
	Fields    []Field
	Consent   Consent // of a subscription notice
}

// Field is one line of a template. Its key is kind and number, such as thing1.
type Field struct{ Key, Label string }

// Stop is a moment worth moving the clock to.
type Stop struct {
	Label string    `json:"label"`
	Hint  string    `json:"hint"`
	At    time.Time `json:"at"`
}

// Scene is a code that a person could find on a wall and scan.
type Scene struct {
	Label string `json:"label"`
	Scene string `json:"scene"`
}

// Options say whose platform this is and where the world around it is found.
// All but Account and Clock may be left out; without Title the page says 公众号.
type Options struct {
	Account   Account
	Title     string // the account's name in the head of the chat
	Webhooks  []string
	Templates []Template
	Places    []Place // where somebody who sends a position may be

	People func(context.Context) ([]Person, error)
	Scenes func(ctx context.Context, openID string) ([]Scene, error)
	Stops  func(context.Context) ([]Stop, error)

	// Next and Run are what happens by itself while the clock walks.
	Next func(ctx context.Context, after time.Time) (time.Time, bool)
	Run  func(ctx context.Context, at time.Time) error

	// Walked tells where a walk has ended, before whoever asked for it hears.
	Walked func(at time.Time) error

	// Play tells that somebody was chosen on the page and is from now on
	// played by the person in front of it.
	Play func(openID string)

	Clock  *Clock
	Client *http.Client
	Log    *slog.Logger
	Cut    time.Duration // how long a webhook may take; 5 s unless a test is in a hurry
}

// Sim is the platform with its phones. It is safe for concurrent use.
type Sim struct {
	o      Options
	box    box
	boxErr error
	steps  Steps

	boot     string // tells a page that it speaks to another run than before
	pushes   chan inbound
	quit     chan struct{}
	lateCame chan struct{} // there is a late event more
	once     sync.Once
	worker   sync.WaitGroup

	mu          sync.Mutex
	idle        *sync.Cond // pending fell to none
	pending     int        // pushes not yet delivered
	webhooks    []string
	templates   map[string]Template
	phones      map[string]*phone
	history     []Delivery
	once10      map[string]onceSent
	tokens      tokens
	quota       quota
	media       mediaStore
	reports     Reports
	gathered    []inbound // outcomes that wait for others
	late        []late
	roads       Roads
	scripts     map[string][]*running // by API
	menu        []Button
	menuID      int64
	lastMenu    int64
	tags        []tag
	lastTag     int
	conditional []conditional // menus for some, oldest first
	tickets     map[string]ticket
	order       []string // tickets, oldest first
	lastMsg     int64
	lastSent    int64
}

// New starts a platform. Close ends it.
func New(o Options) *Sim {
	if o.Cut == 0 {
		o.Cut = cutAfter
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	}
	s := &Sim{
		o: o, steps: Steps{Next: o.Next, Run: o.Run, Log: o.Log},
		boot: rand.Text(), pushes: make(chan inbound, keptPushes), quit: make(chan struct{}), lateCame: make(chan struct{}, 1),
		webhooks: slices.Clone(o.Webhooks), templates: make(map[string]Template), phones: make(map[string]*phone),
		once10: make(map[string]onceSent), tickets: make(map[string]ticket), scripts: make(map[string][]*running),
		// Beyond 2^53, as real ones are: whoever reads them as a float loses digits.
		// They begin anywhere, so that no run repeats another's.
		lastMsg: 24_000_000_000_000_000 + randomN(1_000_000_000_000_000),
		// Within 2^53: the page reads these.
		lastSent: 3_000_000_000_000_000 + randomN(1_000_000_000_000_000),
		lastMenu: 400_000_000 + randomN(10_000_000),
	}
	s.idle = sync.NewCond(&s.mu)
	s.box, s.boxErr = newBox(o.Account)
	for _, t := range o.Templates {
		s.templates[t.ID] = t
	}
	s.worker.Go(s.deliverPushes)
	s.worker.Go(s.releaseLate)
	return s
}

// SetWebhooks replaces the account's replicas. A message goes to any of them.
func (s *Sim) SetWebhooks(urls ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhooks = slices.Clone(urls)
}

// Follow makes people followers without telling the account: they have been
// following since before the story begins.
func (s *Sim) Follow(openIDs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range openIDs {
		s.phone(id).following = true
	}
}

// Wait returns when every event that the platform pushes by itself, and that is
// due, has been delivered or given up. It must not be called from Run, for pushes wait until
// a walk is over.
func (s *Sim) Wait() {
	s.pushDue()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.pending > 0 {
		s.idle.Wait()
	}
}

// Close ends what runs by itself, and a walk that somebody asked the handler
// for, and returns when they have ended. Pushes that are still waiting are lost.
// It may be called more than once.
func (s *Sim) Close() {
	s.once.Do(func() { close(s.quit) })
	s.worker.Wait()
	s.o.Clock.rest()
	s.mu.Lock()
	s.pending = 0
	s.idle.Broadcast()
	s.mu.Unlock()
	s.o.Client.CloseIdleConnections()
}

// alive is ctx until the platform is closed, even if whoever asked has gone.
func (s *Sim) alive(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		select {
		case <-s.quit:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// life is the platform's own: it ends with Close.
func (s *Sim) life() (context.Context, context.CancelFunc) {
	return s.alive(context.Background()) //nolint:forbidigo // events belong to no request
}

// closed reports whether Close was called.
func (s *Sim) closed() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// now is the platform's clock in whole seconds, which is all it ever shows.
func (s *Sim) now() time.Time { return s.o.Clock.Now().Truncate(time.Second).In(zone()) }

// zone is China's time. It has had no summer time since 1991.
func zone() *time.Location { return time.FixedZone("CST", 8*60*60) }

// randomN is a random number from 0 up to n. The platform's choices need not
// be secret, but the system's source needs no seed.
func randomN(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		return 0 // crypto/rand never fails; the first choice would do
	}
	return v.Int64()
}
