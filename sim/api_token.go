package sim

import (
	"crypto/rand"
	"crypto/subtle"
	"time"
)

// tokenLife is how long an access token is good, and overlap how long the one
// before it stays so.
const (
	tokenLife = 2 * time.Hour
	overlap   = 5 * time.Minute
	forceGap  = 30 * time.Second
)

// forcedTokens is what calls that force a new stable token are counted under, in
// Limits too.
const forcedTokens = "stable_token force_refresh"

// tokens are the access tokens that were handed out. The two families, the
// ordinary and the stable, know nothing of each other.
type tokens struct {
	until  map[string]time.Time // by token: good until
	plain  string
	stable string
	forced time.Time

	every   time.Duration // the newest turn bad so often; 0 is never
	spoiled time.Time     // when they last did
}

// SpoilTokens lets the newest tokens turn bad (40001) every so often by the
// platform's clock, as if somebody else had fetched new ones by force. 0 ends it.
func (s *Sim) SpoilTokens(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens.every, s.tokens.spoiled = every, s.now()
}

// spoil does so where it is time. Callers hold the lock.
func (s *Sim) spoil() {
	t, now := &s.tokens, s.now()
	if t.every <= 0 || now.Sub(t.spoiled) < t.every {
		return
	}
	t.spoiled = now.Add(-(now.Sub(t.spoiled) % t.every))
	s.retire(t.plain, now)
	s.retire(t.stable, now)
	t.plain, t.stable = "", ""
}

type tokenAnswer struct {
	Token   string `json:"access_token"`
	Expires int64  `json:"expires_in"`
}

// token hands out an ordinary token. Each kills the one before it, after a
// short overlap.
func (s *Sim) token(c call) (any, *platformError) {
	if no := s.checkAccount(c.query.Get("grant_type"), c.query.Get("appid"), c.query.Get("secret")); no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil()
	s.retire(s.tokens.plain, s.now().Add(overlap))
	s.tokens.plain = s.issue()
	return tokenAnswer{Token: s.tokens.plain, Expires: int64(tokenLife / time.Second)}, nil
}

// stableToken hands out the stable token: the same until five minutes before
// its end, with what is left of its life, unless a new one is forced.
func (s *Sim) stableToken(c call) (any, *platformError) {
	var in struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	if no := s.checkAccount(in.Grant, in.AppID, in.Secret); no != nil {
		return nil, no
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil()
	now := s.now()
	left := s.tokens.until[s.tokens.stable].Sub(now)
	switch {
	case in.Force && now.Sub(s.tokens.forced) >= forceGap:
		if no := s.countToday(forcedTokens); no != nil {
			return nil, no
		}
		s.retire(s.tokens.stable, now)
		s.tokens.stable, s.tokens.forced = s.issue(), now
		left = tokenLife
	case left <= overlap:
		s.tokens.stable = s.issue()
		left = tokenLife
	}
	return tokenAnswer{Token: s.tokens.stable, Expires: int64(left / time.Second)}, nil
}

// checkAccount compares what only the account knows. The secret is never said
// back, not even in part.
func (s *Sim) checkAccount(grant, appID, secret string) *platformError {
	a := s.o.Account
	switch {
	case grant != "client_credential":
		return refuse(40002, "invalid grant_type")
	case appID != a.AppID:
		return refuse(40013, "invalid appid")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(a.Secret)) != 1:
		return refuse(40125, "invalid appsecret")
	}
	return nil
}

// issue makes a token and forgets those that ended long ago. Callers hold the
// lock.
func (s *Sim) issue() string {
	now := s.now()
	if s.tokens.until == nil {
		s.tokens.until = make(map[string]time.Time)
	}
	for t, until := range s.tokens.until {
		if now.Sub(until) > tokenLife {
			delete(s.tokens.until, t)
		}
	}
	token := "TOKEN_" + rand.Text() + rand.Text()
	s.tokens.until[token] = now.Add(tokenLife)
	return token
}

// retire ends a token early. Callers hold the lock.
func (s *Sim) retire(token string, at time.Time) {
	if until, ok := s.tokens.until[token]; ok && at.Before(until) {
		s.tokens.until[token] = at
	}
}

// checkToken tells an expired token from one that a newer one has replaced,
// because accounts are expected to take different steps.
func (s *Sim) checkToken(token string) *platformError {
	if token == "" {
		return refuse(41001, "access_token missing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spoil()
	until, known := s.tokens.until[token]
	switch {
	case !known:
		return refuse(40001, "invalid credential, access_token is invalid or not latest")
	case s.now().Before(until):
		return nil
	case token == s.tokens.plain || token == s.tokens.stable:
		return refuse(42001, "access_token expired")
	default: // a newer one took its place
		return refuse(40001, "invalid credential, access_token is invalid or not latest")
	}
}
