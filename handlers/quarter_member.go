package handlers

import (
	"slices"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// member is one cadre of a sequence.
type member struct {
	person  models.Person
	village string
	posts   []models.Post
	service scoring.Service
}

// memberOf is one person's service of a quarter, and false if no post of it is
// assessed (article 2: subsidised posts of the two committees). Whoever changed
// villages belongs to the one of most days, the later if they are equal.
func memberOf(who models.Person, posts []models.Post, q calendar.Quarter, p Policy) (member, bool) {
	posts = slices.DeleteFunc(slices.Clone(posts), func(post models.Post) bool {
		return post.Title == models.Supervisor || !post.Subsidized ||
			post.FromDay.After(q.Last()) || !post.ToDay.IsZero() && post.ToDay.Before(q.First())
	})
	if len(posts) == 0 {
		return member{}, false
	}
	m := member{person: who, posts: posts, service: serviceOf(posts, q, p)}
	days := map[string]int{}
	for _, post := range posts {
		first, last := q.First(), q.Last()
		if post.FromDay.After(first) {
			first = post.FromDay
		}
		if !post.ToDay.IsZero() && post.ToDay.Before(last) {
			last = post.ToDay
		}
		days[post.VillageID] += last.Since(first) + 1
		if m.village == "" || days[post.VillageID] >= days[m.village] {
			m.village = post.VillageID
		}
	}
	return m, true
}

// byPerson groups tenures that are assessed, keeping the order of persons.
func byPerson(posts []models.Post) [][]models.Post {
	var out [][]models.Post
	for _, p := range posts {
		if p.Title == models.Supervisor || !p.Subsidized {
			continue
		}
		if n := len(out); n > 0 && out[n-1][0].PersonID == p.PersonID {
			out[n-1] = append(out[n-1], p)
		} else {
			out = append(out, []models.Post{p})
		}
	}
	return out
}

// serviceOf is a cadre's service in a quarter. On each day the higher post
// counts: a combined post (一肩挑) is one person and one subsidy.
func serviceOf(posts []models.Post, q calendar.Quarter, p Policy) scoring.Service {
	service := scoring.Service{Quarter: q}
	starts := turningDays(posts, q)
	for i, from := range starts {
		to := q.Last()
		if i+1 < len(starts) {
			to = starts[i+1].Add(-1)
		}
		class := classOn(posts, from)
		n := len(service.Standards)
		switch {
		case class == "":
		case n > 0 && service.Standards[n-1].Sequence == class && service.Standards[n-1].To == from.Add(-1):
			service.Standards[n-1].To = to
		default:
			service.Standards = append(service.Standards, scoring.Standard{
				Span: scoring.Span{From: from, To: to}, Month: p.month(class), Sequence: class,
			})
		}
	}
	if n := len(service.Standards); n > 0 {
		service.Tenure = scoring.Span{From: service.Standards[0].From, To: service.Standards[n-1].To}
	}
	return service
}

// turningDays are the days of a quarter on which the posts held may change,
// beginning with its first.
func turningDays(posts []models.Post, q calendar.Quarter) []calendar.Date {
	days := []calendar.Date{q.First()}
	add := func(day calendar.Date) {
		if day.After(q.First()) && !day.After(q.Last()) {
			days = append(days, day)
		}
	}
	for _, p := range posts {
		add(p.FromDay)
		if !p.ToDay.IsZero() {
			add(p.ToDay.Add(1))
		}
	}
	slices.SortFunc(days, calendar.Date.Compare)
	return slices.Compact(days)
}

func classOn(posts []models.Post, day calendar.Date) string {
	class := ""
	for _, p := range posts {
		if !p.On(day) {
			continue
		}
		if p.Title.Head() {
			return models.ClassHead
		}
		class = models.ClassOther
	}
	return class
}
