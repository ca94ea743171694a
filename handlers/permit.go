package handlers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cunkao/cunkao/models"
)

// RoleName is what somebody is to the assessment. The names are those that
// roles are stored by.
type RoleName string

// The roles. A cadre's follow from the posts; the others are granted.
const (
	Visitor    RoleName = "visitor" // nobody is bound
	Villager   RoleName = "villager"
	Cadre      RoleName = "cadre"      // any village post that is assessed
	Secretary  RoleName = "secretary"  // 村党组织书记
	Head       RoleName = "head"       // 正职
	Supervisor RoleName = "supervisor" // 村务监督委员会
	Former     RoleName = "former"     // has left all posts that are assessed (离任); what was then stays his
	TownStaff  RoleName = "town_staff"
	TownLeader RoleName = "town_leader" // acts for 镇党委
	Assessor   RoleName = "assessor"    // 考核组
	Department RoleName = "department"
	Org        RoleName = "org" // 县委组织部
	Auditor    RoleName = "auditor"
	Admin      RoleName = "admin"
	System     RoleName = "system" // the clock
)

// Grant is one role with its scope.
type Grant struct {
	Role    RoleName
	Village string // id; of a village role
	Town    string // id; of a village or town role
	Topic   string // of a department
}

// reach is how far a role's right goes.
type reach int

const (
	nowhere     reach = iota
	public            // whoever asks
	oneself           // own record
	ownVillage        // the village of the role
	ownTown           // the town of the role
	wholeCounty       //
)

// Target is whom or what an act is about.
type Target struct {
	Person  string
	Village string
	Town    string
}

func own(personID string) Target { return Target{Person: personID} }

// matrix says who may do what, and how far: the rows that exist of the
// authorization matrix. What is not in it nobody may. Each use case, a method of
// Desk or View, has the row of its name; the build fails without.
//
//nolint:gochecknoglobals // a table
var matrix = map[string]map[RoleName]reach{
	// Identity
	"Bind":           {Visitor: oneself},
	"MayBind":        {Visitor: oneself},
	"IssueCode":      {TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, System: wholeCounty},
	"Unbind":         {TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, System: wholeCounty},
	"Candidates":     {TownStaff: oneself, TownLeader: oneself, Org: oneself},
	"Follow":         everybody(),
	"Choose":         everybody(),
	"Unfollow":       everybody(),
	"MyRecords":      {Visitor: oneself, Villager: oneself, Cadre: oneself, Former: oneself, Supervisor: oneself, TownStaff: oneself, TownLeader: oneself, Assessor: oneself, Department: oneself, Org: oneself, Auditor: oneself, Admin: oneself},
	"WhoAmI":         everybody(),
	"Introduce":      everybody(),
	"Admit":          {System: wholeCounty}, // towns, villages, people, posts: the operator's import
	"People":         {System: wholeCounty},
	"ExportRegister": {System: wholeCounty},
	"Notices":        everybody(), // published ones
	"VillageByName":  everybody(), // names of villages are public
	// Operations
	"Queue":          {Admin: wholeCounty, Org: wholeCounty, System: wholeCounty},
	"Requeue":        {Admin: wholeCounty, Org: wholeCounty, System: wholeCounty},
	"DeadLetters":    {Admin: wholeCounty, Org: wholeCounty, System: wholeCounty},
	"OpenDeadLetter": {Org: wholeCounty}, // people's words: not for whoever runs the program
	"TendTalks":      {System: wholeCounty},
	"TalkLog":        {Admin: wholeCounty, Org: wholeCounty, System: wholeCounty},
	"OpenTalkLog":    {Org: wholeCounty}, // people's words: not for whoever runs the program
	// Duty (article 7.4.1)
	"CheckIn":          {Cadre: oneself},
	"CheckInWith":      {Cadre: oneself},
	"MayCheckIn":       {Cadre: oneself},
	"Locate":           {Cadre: oneself},
	"Verdicts":         {Secretary: ownVillage, Head: ownVillage, Supervisor: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Assessor: wholeCounty, Org: wholeCounty, Auditor: wholeCounty},
	"SetFences":        {TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty},
	"MyShifts":         {Cadre: oneself},
	"OnDuty":           everybody(),
	"MakeRoster":       {Secretary: ownVillage, Head: ownVillage, TownStaff: ownTown, TownLeader: ownTown, System: wholeCounty},
	"RemindDuty":       {System: wholeCounty},
	"TellNoHead":       {System: wholeCounty},
	"OpenShifts":       {System: wholeCounty},
	"Rosters":          {System: wholeCounty},
	"RegisterArrivals": {TownStaff: ownTown, Secretary: ownVillage, System: wholeCounty},
	// A colleague's word for a shift. Who may speak for whom: fitsWitness
	"AskAttestation":     {Cadre: oneself},
	"OfferAttestation":   {Cadre: oneself, Supervisor: oneself},
	"AgreeAttestation":   {Cadre: oneself, Supervisor: oneself},
	"DeclineAttestation": {Cadre: oneself, Supervisor: oneself},
	"Witnesses":          {Cadre: oneself, Supervisor: oneself},
	// The day's log (article 7.4.2)
	"WriteLog":        {Cadre: oneself},
	"RegisterLog":     {Secretary: ownVillage, TownStaff: ownTown}, // from paper
	"LogDay":          {Cadre: oneself},
	"CorrectLog":      {Cadre: oneself, Secretary: ownVillage, TownStaff: ownTown}, // one's own and what one entered; what was stays readable
	"LogsToCorrect":   {Cadre: oneself, TownStaff: oneself},
	"MyLogs":          {Cadre: oneself},
	"VillageLogs":     {Cadre: ownVillage, Secretary: ownVillage, Head: ownVillage, Supervisor: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, Auditor: wholeCounty},
	"OpenVillageLogs": {Secretary: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, Auditor: wholeCounty}, // with names, for a reason, which is journalled
	"OpenMatters":     {Cadre: ownVillage, Secretary: ownVillage, Head: ownVillage},
	"CloseMatter":     {Cadre: ownVillage},
	"HandOver":        {Cadre: ownVillage},
	"RemindLogs":      {System: wholeCounty},
	// Photos of logs, leaves, arrivals and self-evaluations
	"PhotoSubject": {Cadre: oneself},
	"AttachPhoto":  {Cadre: oneself},
	"Photos":       {Cadre: oneself, Secretary: ownVillage, TownLeader: ownTown, Auditor: wholeCounty},
	"OpenPhoto":    {Secretary: ownVillage, TownLeader: ownTown, Auditor: wholeCounty}, // for a reason, which is journalled
	// Leave (article 7.4.3). Whom a leave waits for is a question of its own
	// (line): the row says who may be that, a deputy from the village among them.
	"AskLeave":        {Cadre: oneself, Secretary: ownVillage, TownStaff: ownTown},
	"LeaveNotes":      {Cadre: oneself, Secretary: ownVillage, TownStaff: ownTown},
	"Colleagues":      {Cadre: oneself}, // of those whom AskLeave reaches
	"ApproveLeave":    {Cadre: ownVillage, TownLeader: ownTown, Org: wholeCounty},
	"RejectLeave":     {Cadre: ownVillage, TownLeader: ownTown, Org: wholeCounty},
	"WithdrawLeave":   {Cadre: oneself},
	"CancelLeave":     {Cadre: oneself},
	"UrgeLeave":       {Cadre: oneself},
	"ExtendLeave":     {Cadre: oneself},
	"ReportReturn":    {Cadre: oneself},
	"ReportReturnFor": {Secretary: ownVillage, TownStaff: ownTown},
	"UndoReturn":      {Cadre: oneself, Secretary: ownVillage, TownStaff: ownTown}, // one's own report
	"AcceptDeputy":    {Cadre: oneself},
	"DeclineDeputy":   {Cadre: oneself},
	"NameDeputy":      {Cadre: oneself},
	"RouteLeaves":     {System: wholeCounty},
	"RemindLeaves":    {System: wholeCounty},
	"AddKin":          {TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, System: wholeCounty},
	"RemoveKin":       {TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, System: wholeCounty},
	"Kin":             {Cadre: oneself, TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, Auditor: wholeCounty, System: wholeCounty},
	"MyLeaves":        {Cadre: oneself},
	"LeaveByNo":       {Cadre: ownVillage, Supervisor: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Assessor: wholeCounty, Org: wholeCounty, Auditor: wholeCounty},
	"PendingLeaves":   {Cadre: oneself, TownLeader: oneself, Org: oneself},
	"LeavesToExtend":  {Cadre: oneself},
	"CadresNamed":     {Secretary: oneself, TownStaff: oneself},
	"LeavesOn":        {Cadre: ownVillage, Supervisor: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty},
	"OnLeave":         {Cadre: ownVillage, Supervisor: ownVillage, TownStaff: ownTown, TownLeader: ownTown, Org: wholeCounty, System: wholeCounty},
	// Results
	"MyScore":   {Cadre: oneself, Former: oneself},
	"MyResults": {Cadre: oneself, Former: oneself},
	// What a cadre thinks of his quarter (述职自评)
	"SelfEvalSheet":    {Cadre: oneself, Secretary: ownVillage, TownStaff: ownTown},
	"SaveSelfEval":     {Cadre: oneself},
	"SubmitSelfEval":   {Cadre: oneself},
	"RegisterSelfEval": {Secretary: ownVillage, TownStaff: ownTown}, // from paper
	"MySelfEvals":      {Cadre: oneself, Former: oneself},
	"SelfPhotos":       {Cadre: oneself},
	"RemoveSelfPhotos": {Cadre: oneself},
	"RemindSelfEvals":  {System: wholeCounty},
	"GapList":          {TownLeader: ownTown, Org: wholeCounty},
	"CloseRecheck":     {TownLeader: ownTown, Org: wholeCounty},
	// What is due
	"Todo":    everybody(),
	"Waiting": everybody(), // of one's own roles
	// The quarter
	"OpenCycle":       {System: wholeCounty, Org: wholeCounty},
	"StepCycle":       {System: wholeCounty},
	"Cycles":          {TownLeader: ownTown, Org: wholeCounty, TownStaff: ownTown, Auditor: wholeCounty, System: wholeCounty},
	"Compute":         {System: wholeCounty},
	"TakeStep":        {TownLeader: ownTown, Org: wholeCounty}, // which step is whose: stepsOf
	"RemindSteps":     {System: wholeCounty},
	"SequenceResults": {TownLeader: ownTown, Org: wholeCounty},
	// The county's own table of days off
	"Holidays":       {Org: wholeCounty, Admin: wholeCounty, TownStaff: wholeCounty, TownLeader: wholeCounty, Auditor: wholeCounty, System: wholeCounty},
	"HolidayChanges": {Org: wholeCounty, Admin: wholeCounty, System: wholeCounty},
	"SetHolidays":    {Org: wholeCounty, Admin: wholeCounty, System: wholeCounty},
	// Facts
	"ImportFacts": {TownStaff: ownTown, Assessor: wholeCounty, Org: wholeCounty, System: wholeCounty},
	"ExportFacts": {TownStaff: ownTown, Assessor: wholeCounty, Org: wholeCounty, System: wholeCounty},
}

// everybody is the row of what is public.
func everybody() map[RoleName]reach {
	row := map[RoleName]reach{}
	for _, r := range []RoleName{
		Visitor, Villager, Cadre, Former, Supervisor, TownStaff, TownLeader, Assessor, Department, Org, Auditor, Admin, System,
	} {
		row[r] = public
	}
	return row
}

// errForbidden is what a person reads who may not.
func errForbidden() error { return Refuse("您没有办理这件事的权限。") }

// errUnbound is what somebody reads of whom nobody knows who he is.
func errUnbound() error { return Refuse("您还没有绑定身份。请回复“绑定”。") }

// may refuses an act that no role of the person reaches.
func (v *View) may(act string, t Target) error {
	row, known := matrix[act]
	if !known {
		return fmt.Errorf("act %q has no row in the matrix", act)
	}
	for _, g := range v.grants {
		if v.reaches(row[g.Role], g, t) {
			return nil
		}
	}
	if !v.Bound() && v.job == "" {
		return errUnbound()
	}
	return errForbidden()
}

func (v *View) reaches(r reach, g Grant, t Target) bool {
	switch r {
	case public, wholeCounty:
		return true
	case oneself:
		return t.Person == v.Who.ID
	case ownVillage:
		return g.Village != "" && t.Village == g.Village
	case ownTown:
		return g.Town != "" && t.Town == g.Town
	default:
		return false
	}
}

// Is reports whether the person holds a role now, anywhere.
func (v *View) Is(role RoleName) bool {
	return slices.ContainsFunc(v.grants, func(g Grant) bool { return g.Role == role })
}

// Left reports whether the person has left his posts and is nothing else here but perhaps a
// villager: what was his is still to be seen, and there is nothing more to be done.
func (v *View) Left() bool {
	return v.Is(Former) && !slices.ContainsFunc(v.grants, func(g Grant) bool { return g.Role != Former && g.Role != Villager })
}

// grantsOf returns the roles that a person holds today, by posts and by grant.
func (v *View) grantsOf(personID string) ([]Grant, error) {
	switch {
	case v.job != "":
		return []Grant{{Role: System}}, nil
	case personID == "":
		return []Grant{{Role: Visitor}}, nil
	}
	posts, err := v.postGrants(personID)
	if err != nil {
		return nil, err
	}
	rows, err := v.tx.RolesOf(personID)
	if err != nil {
		return nil, fmt.Errorf("roles of %s: %w", personID, err)
	}
	for _, r := range rows {
		if !r.On(v.Today) {
			continue
		}
		g, err := v.granted(r)
		if err != nil {
			return nil, err
		}
		posts = append(posts, g)
	}
	return posts, nil
}

func (v *View) granted(r models.Role) (Grant, error) {
	g := Grant{Role: RoleName(r.Name)}
	switch g.Role {
	case Villager, Supervisor:
		village, err := v.tx.Village(r.ScopeID)
		if err != nil {
			return g, fmt.Errorf("village of role %s: %w", r.ID, err)
		}
		g.Village, g.Town = village.ID, village.TownID
	case TownStaff, TownLeader:
		g.Town = r.ScopeID
	case Department:
		g.Topic = r.ScopeID
	default: // the county's
	}
	return g, nil
}

func (v *View) postGrants(personID string) ([]Grant, error) {
	posts, err := v.tx.PostsOf(personID)
	if err != nil {
		return nil, fmt.Errorf("posts of %s: %w", personID, err)
	}
	var grants []Grant
	left := false
	for _, p := range posts {
		if !p.On(v.Today) {
			left = left || p.Title != models.Supervisor && p.FromDay.Before(v.Today)
			continue
		}
		village, err := v.tx.Village(p.VillageID)
		if errors.Is(err, models.ErrNotFound) {
			return nil, fmt.Errorf("post %s has no village", p.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("village of post %s: %w", p.ID, err)
		}
		for _, role := range rolesOfPost(p.Title) {
			grants = append(grants, Grant{Role: role, Village: village.ID, Town: village.TownID})
		}
	}
	if left && !slices.ContainsFunc(grants, func(g Grant) bool { return g.Role == Cadre }) {
		grants = append(grants, Grant{Role: Former})
	}
	return grants, nil
}

func rolesOfPost(t models.PostTitle) []RoleName {
	switch {
	case t == models.PartySecretary:
		return []RoleName{Cadre, Secretary, Head}
	case t.Head():
		return []RoleName{Cadre, Head}
	case t == models.Supervisor:
		return []RoleName{Supervisor}
	default:
		return []RoleName{Cadre}
	}
}
