package sim

import (
	"maps"
	"time"
)

// clearsPerMonth is how often an account may have its counts of calls forgotten.
const clearsPerMonth = 10

// Limits are how often an account may call. What is not named has the limit of
// a new account; 0 is no limit.
type Limits struct {
	PerDay    map[string]int // by API, such as message/custom/send, until midnight in Beijing
	PerMinute map[string]int
	// PerPerson is for template messages to one person in a minute. The
	// platform does not say its own; 0 is none.
	PerPerson int
}

// quota counts the calls of a day and of a minute.
type quota struct {
	limits  Limits
	today   string
	day     map[string]int
	thisMin string
	minute  map[string]int // by API
	persons map[string]int // template messages, by openid
	month   string
	clears  int
}

// SetLimits makes the account's limits others than those of a new account, and
// forgets what was counted.
func (s *Sim) SetLimits(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota = quota{limits: Limits{PerDay: maps.Clone(l.PerDay), PerMinute: maps.Clone(l.PerMinute), PerPerson: l.PerPerson}}
}

// perDay is the limit of a new account; 0 is none that is known.
func perDay(api string) int {
	switch api {
	case forcedTokens:
		return 20
	case "token", "menu/addconditional", "menu/delconditional":
		return 2000
	case "menu/create", "menu/delete":
		return 1000
	case "menu/get":
		return 10_000
	case "menu/trymatch":
		return 20_000
	case "message/template/send", "message/subscribe/bizsend", "qrcode/create", "media/upload":
		return 100_000
	case "media/get":
		return 200_000
	case "message/custom/send", "stable_token":
		return 500_000
	}
	return 0
}

// perMinute is the same for a minute.
func perMinute(api string) int {
	if api == "stable_token" {
		return 10_000
	}
	return 0
}

// counted lets a call through that is within the limits. Also one that fails
// counts.
func (s *Sim) counted(api string, f platform) platform {
	return func(c call) (any, *platformError) {
		if no := s.count(api); no != nil {
			return nil, no
		}
		return f(c)
	}
}

func (s *Sim) count(api string) *platformError {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.quota
	q.turn(s.now())
	if n := limit(q.limits.PerMinute, api, perMinute); n > 0 && q.minute[api] >= n {
		return refuse(45011, "api minute-quota reach limit  must slower  retry next minute")
	}
	if no := s.countToday(api); no != nil {
		return no
	}
	q.minute[api]++
	return nil
}

// countToday counts against the limit of a day. Callers hold the lock.
func (s *Sim) countToday(api string) *platformError {
	q := &s.quota
	q.turn(s.now())
	if n := limit(q.limits.PerDay, api, perDay); n > 0 && q.day[api] >= n {
		return refuse(45009, "reach max api daily quota limit")
	}
	q.day[api]++
	return nil
}

func limit(set map[string]int, api string, ordinary func(string) int) int {
	if n, ok := set[api]; ok {
		return n
	}
	return ordinary(api)
}

// turn begins a new day, minute or month where one has begun.
func (q *quota) turn(now time.Time) {
	if day := now.Format(time.DateOnly); q.today != day {
		q.today, q.day = day, map[string]int{}
	}
	if minute := now.Format("2006-01-02 15:04"); q.thisMin != minute {
		q.thisMin, q.minute, q.persons = minute, map[string]int{}, map[string]int{}
	}
	if month := now.Format("2006-01"); q.month != month {
		q.month, q.clears = month, 0
	}
}

// bother counts a template message to somebody. Callers hold the lock.
func (s *Sim) bother(openID string) *platformError {
	q := &s.quota
	q.turn(s.now())
	if q.limits.PerPerson > 0 && q.persons[openID] >= q.limits.PerPerson {
		return refuse(43117, "sending to this openid too frequently")
	}
	q.persons[openID]++
	return nil
}

// clearQuota forgets what was counted today, ten times a month.
func (s *Sim) clearQuota(c call) (any, *platformError) {
	var in struct {
		AppID string `json:"appid"`
	}
	if no := c.decode(&in); no != nil {
		return nil, no
	}
	if in.AppID != s.o.Account.AppID {
		return nil, refuse(40013, "invalid appid")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quota.clears >= clearsPerMonth {
		return nil, refuse(48006, "forbid to clear quota because of reaching the limit")
	}
	s.quota.clears++
	s.quota.day = map[string]int{}
	return done(), nil
}
