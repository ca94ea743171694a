package scoring_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/scoring"
)

func TestFailsInSuccession(t *testing.T) {
	t.Parallel()
	const bad, good, none = scoring.Unqualified, scoring.Qualified, scoring.Ungraded
	tests := map[string]struct {
		grades []scoring.Grade
		want   []int
	}{
		"a good quarter breaks":                      {[]scoring.Grade{bad, good, bad}, []int{1, 0, 1}},
		"two in succession":                          {[]scoring.Grade{bad, bad, bad}, []int{1, 2, 3}},
		"a quarter without a grade leaves the count": {[]scoring.Grade{bad, none, bad}, []int{1, 1, 2}},
		"an excellent quarter breaks, too":           {[]scoring.Grade{bad, scoring.Excellent, none}, []int{1, 0, 0}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []int
			fails := 0
			for _, g := range tc.grades {
				fails = scoring.Fails(fails, g)
				got = append(got, fails)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("fails (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConsequences(t *testing.T) {
	t.Parallel()
	type cs = []scoring.Consequence
	tests := map[string]struct {
		grade scoring.Grade
		fails int
		posts []string
		want  cs
	}{
		"a good grade has none":             {scoring.Qualified, 0, []string{scoring.PartySecretary}, cs{}},
		"nor has a quarter without a grade": {scoring.Ungraded, 2, []string{scoring.PartySecretary}, cs{}},
		"the town talks to a secretary":     {scoring.Unqualified, 1, []string{scoring.PartySecretary}, cs{scoring.TalkByTown}},
		"and to a director":                 {scoring.Unqualified, 1, []string{scoring.CommitteeDirector}, cs{scoring.TalkByTown}},
		"the village to everybody else":     {scoring.Unqualified, 1, []string{scoring.PartyDeputySecretary, scoring.CommitteeMember}, cs{scoring.TalkByVillage}},
		"a second time refers a party post": {scoring.Unqualified, 2, []string{scoring.PartyCommitteeMember}, cs{scoring.TalkByVillage, scoring.ReferralParty}},
		"or a committee post":               {scoring.Unqualified, 2, []string{scoring.CommitteeDeputyDirector}, cs{scoring.TalkByVillage, scoring.ReferralCommittee}},
		"or both of one person":             {scoring.Unqualified, 3, []string{scoring.CommitteeDirector, scoring.PartySecretary}, cs{scoring.TalkByTown, scoring.ReferralParty, scoring.ReferralCommittee}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, scoring.Consequences(tc.grade, tc.fails, tc.posts)); diff != "" {
				t.Errorf("consequences (-want +got):\n%s", diff)
			}
		})
	}
	if !scoring.KnownPost(scoring.CommitteeMember) || scoring.KnownPost("mayor") {
		t.Error("a member is a post, a mayor is none")
	}
}

func TestDifference(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		self, group, percent scoring.Points
		recheck              bool
	}{
		"a tenth exactly is not more":  {90_00, 81_00, 10_00, false},
		"a little more is":             {90_00, 80_99, 10_01, true},
		"what rounds to a tenth isn't": {99_97, 89_97, 10_00, false},
		"the group may give more":      {80_00, 100_00, 25_00, true},
		"nothing and nothing":          {0, 0, 0, false},
		"nothing and something":        {0, 1, 100_00, true},
		"something and nothing":        {50_00, 0, 100_00, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			percent, recheck := scoring.Difference(tc.self, tc.group)
			if percent != tc.percent || recheck != tc.recheck {
				t.Errorf("%s %%, recheck %v", percent, recheck)
			}
		})
	}
}

func TestLeavePoints(t *testing.T) {
	t.Parallel()
	back := func(days int) calendar.Absence {
		last := day(2026, 5, 8)
		return calendar.Absence{Last: last, Returned: last.Add(days), Reported: last.Add(days).At(9, 0)}
	}
	for days, want := range map[int]scoring.Points{1: 1_50, 2: 1_20, 3: 1_00, 7: 20, 9: 0, 300: 0} {
		if got, ok := scoring.LeavePoints(theDefault(t), back(days)); !ok || got != want {
			t.Errorf("back after %d days gives %s, want %s", days, got, want)
		}
	}
	if _, ok := scoring.LeavePoints(changed(t, "事件: overstay_day", "事件: stayed_away"), back(3)); ok {
		t.Error("a rubric without the deduction has no points for it")
	}
}

func TestFarApart(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		self, group, full scoring.Points
		want              bool
	}{
		{250, 225, 250, false}, // a tenth is not more than a tenth
		{250, 224, 250, true},
		{224, 250, 250, true},
		{0, 0, 50, false},
		{5, 0, 50, false},
		{6, 0, 50, true},
		{0, 0, 0, false},
		{1, 0, 0, true},
	} {
		if got := scoring.FarApart(tc.self, tc.group, tc.full); got != tc.want {
			t.Errorf("%s and %s of %s: %t", tc.self, tc.group, tc.full, got)
		}
	}
}
