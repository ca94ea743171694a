package scoring

import "slices"

// Posts (职务) that a cadre may hold, as they are stored.
const (
	PartySecretary          = "village_party_secretary"           // 书记
	PartyDeputySecretary    = "village_party_deputy_secretary"    // 副书记
	PartyCommitteeMember    = "village_party_committee_member"    // 党组织委员
	CommitteeDirector       = "village_committee_director"        // 村委会主任
	CommitteeDeputyDirector = "village_committee_deputy_director" // 村委会副主任
	CommitteeMember         = "village_committee_member"          // 村委会委员
)

// Consequence is what a failed quarter leads to (article 11). A referral only
// proposes: who may remove somebody depends on the post.
type Consequence string

// The consequences of 不合格.
const (
	TalkByTown        Consequence = "admonition_talk:town"              // 镇党委诫勉谈话
	TalkByVillage     Consequence = "admonition_talk:village"           // 村党组织诫勉谈话
	ReferralParty     Consequence = "dismissal_referral:party_post"     // 提请免去党内职务
	ReferralCommittee Consequence = "dismissal_referral:committee_post" // 提请免去村委会职务
)

// partyPosts and committeePosts list the posts of the two committees (两委).
func partyPosts() []string {
	return []string{PartySecretary, PartyDeputySecretary, PartyCommitteeMember}
}

func committeePosts() []string {
	return []string{CommitteeDirector, CommitteeDeputyDirector, CommitteeMember}
}

// KnownPost reports whether post is one of the posts above.
func KnownPost(post string) bool {
	return slices.Contains(partyPosts(), post) || slices.Contains(committeePosts(), post)
}

// Chief reports whether somebody holding posts is 正职: the secretary or the
// director.
func Chief(posts []string) bool {
	return slices.Contains(posts, PartySecretary) || slices.Contains(posts, CommitteeDirector)
}

// Fails counts failures in succession: before, and now with grade g. A quarter
// without a grade neither counts nor breaks (不定等次).
func Fails(before int, g Grade) int {
	switch g {
	case Unqualified:
		return before + 1
	case Ungraded:
		return before
	default:
		return 0
	}
}

// Consequences says what grade g leads to for somebody holding posts, when
// fails counts the failures in succession, this one included.
func Consequences(g Grade, fails int, posts []string) []Consequence {
	out := []Consequence{}
	if g != Unqualified {
		return out
	}
	if Chief(posts) {
		out = append(out, TalkByTown)
	} else {
		out = append(out, TalkByVillage)
	}
	if fails < 2 {
		return out
	}
	if holdsAny(posts, partyPosts()) {
		out = append(out, ReferralParty)
	}
	if holdsAny(posts, committeePosts()) {
		out = append(out, ReferralCommittee)
	}
	return out
}

func holdsAny(posts, of []string) bool {
	return slices.ContainsFunc(posts, func(p string) bool { return slices.Contains(of, p) })
}

// GradeTotal grades a total that is known without its sheet: 合格 or 不合格.
func GradeTotal(r *Rubric, total Points) Grade { return r.passOrFail(total) }
