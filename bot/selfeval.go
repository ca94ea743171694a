package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/scoring"
)

// The form of 自评 has a question for each check that its person is scored by: how many that
// are, and what they are, is the county's rubric's matter. What is known of them when the
// form begins stays with the draft, under "list".

// selfAsked is one check as it is asked for.
type selfAsked struct {
	Check    string          `json:"c"`
	Name     string          `json:"n"`
	Text     string          `json:"t"`
	Max      scoring.Points  `json:"m"`
	Last     *scoring.Points `json:"l,omitempty"`
	Recorded *scoring.Points `json:"r,omitempty"`
	Found    string          `json:"f,omitempty"`
	Photos   int             `json:"p,omitempty"` // that were handed in
}

// mostItems is how many checks a form can ask for.
const mostItems = 40

func (b *Bot) selfEvalForm(paper bool) form { //nolint:revive // the same questions, from paper
	f := form{name: "selfeval", edition: 1, notes: selfEvalNotes, submit: b.submitSelfEval}
	if paper {
		f.name, f.like = "selfevalfor", "selfeval"
	}
	for i := range mostItems {
		name := handlers.SelfEvalField(i)
		f.fields = append(f.fields, field{
			name: name, like: "item", optional: true, former: former(name),
			skip: func(a answers) bool { return i >= itemCount(a) },
			read: b.readMark(i), change: b.changeMarks, renew: b.renewItem(name),
			about: func(a answers, w formWords, own fieldWords) fieldWords { return aboutItem(i, a, w, own) },
			show:  func(a answers) string { return showMark(itemsOf(a)[i], a[name]) + b.photosSaid(a, name) },
			sent:  b.hearSelfPhoto(name), photo: true,
		})
	}
	f.fields = append(f.fields, field{
		name: "statement", former: former("statement"), optional: true, prose: true,
		read: readStatement, about: aboutStatement, renew: b.renewStatement,
	}, b.selfPhotosField())
	return f
}

// former is the input of what an item, or the statement, was answered with before.
func former(name string) string { return "former-" + name }

// standing is an answer, or what it was before its question was asked again.
func standing(a answers, name string) string {
	if answer, answered := a[name]; answered {
		return answer
	}
	return a[former(name)]
}

func itemCount(a answers) int {
	n, _ := strconv.Atoi(a["count"]) // written by known, or empty
	return n
}

func itemsOf(a answers) (out []selfAsked) {
	_ = json.Unmarshal([]byte(a["list"]), &out) // written by known, or empty
	return out
}

// known is what a form begins with: what is to be asked, and what was kept of it.
func known(s handlers.SelfEvalSheet) answers {
	list := make([]selfAsked, 0, len(s.Items))
	a := answers{"quarter": s.Quarter.String(), "version": strconv.Itoa(s.Version)}
	if !s.Open {
		a["early"] = s.Quarter.Last().Add(1).Chinese()
	}
	for i, it := range s.Items[:min(mostItems, len(s.Items))] {
		one := selfAsked{Check: it.Check, Name: it.Name, Text: it.Text, Max: it.Max, Last: it.Last, Recorded: it.Recorded, Photos: it.Photos}
		one.Found = foundSaid(it)
		list = append(list, one)
		if it.Mark != nil {
			a[handlers.SelfEvalField(i)] = packMark(*it.Mark)
		}
	}
	text, _ := json.Marshal(list) //nolint:errchkjson // strings and numbers only
	a["list"], a["count"], a["draft"] = string(text), strconv.Itoa(len(list)), s.Draft
	if s.Statement != "" {
		a["statement"] = s.Statement
	}
	if s.Photos > 0 {
		a["whole"] = strconv.Itoa(s.Photos)
	}
	return a
}

// packMark writes a mark as an answer: “2.20 迟到一次”.
func packMark(m handlers.SelfMark) string {
	return strings.TrimSpace(m.Points.String() + " " + m.Words)
}

func unpackMark(answer string) (m handlers.SelfMark) {
	points, words, _ := strings.Cut(answer, " ")
	m.Points, _ = scoring.ParsePoints(points) // written by packMark
	m.Words = words
	return m
}

func showMark(it selfAsked, answer string) string {
	m := unpackMark(answer)
	text := short2(m.Points) + "/" + short2(it.Max)
	if m.Words != "" {
		text += "，" + m.Words
	}
	return text
}

// markSaid is a mark in a sentence: 2.2分（督查时不在岗）.
func markSaid(m handlers.SelfMark) string {
	if m.Words == "" {
		return short2(m.Points) + "分"
	}
	return short2(m.Points) + "分（" + m.Words + "）"
}

// short2 writes points without needless noughts: 2.5, 1, 0.25.
func short2(p scoring.Points) string {
	return strings.TrimSuffix(strings.TrimRight(p.String(), "0"), ".")
}

// selfEval begins one's self-evaluation or goes on with it. One that is submitted is taken
// up again only if that is meant.
func (b *Bot) selfEval(anew bool) func(d *handlers.Desk, rest string) (string, error) { //nolint:revive // two commands
	return func(d *handlers.Desk, rest string) (string, error) {
		d.Private()
		s, err := d.SelfEvalSheet(d.Who.ID, calendar.Quarter{})
		if err != nil {
			return "", err
		}
		f := b.forms["selfeval"]
		if s.State == models.SelfEvalSubmitted && !anew {
			say := "already"
			if s.Paper {
				say = "bypaper"
			}
			return linked(f.words.says(say, "quarter", s.Quarter.Chinese(), "receipt", s.Receipt)), nil
		}
		reply, err := b.beginSelfEval(d, f, known(s), rest)
		if err == nil && !s.Open {
			reply = f.words.says("begin", "quarter", s.Quarter.Chinese(), "from", s.Quarter.Last().Add(1).Chinese()) + "\n" + reply
		}
		return reply, err
	}
}

// beginSelfEval goes on with a draft of the same state of things as it is, whatever the
// records say by now: what was answered is not lost. said are marks that came with the word.
func (b *Bot) beginSelfEval(d *handlers.Desk, f form, given answers, said string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	for _, one := range t.drafts {
		same := func(key string) bool { return one.Answers[key] == given[key] }
		if one.Form == f.name && same("quarter") && same("version") && same("person") {
			given = f.given(one.Answers)
		}
	}
	shown, err := t.begin(f, given, "")
	if err != nil || said == "" {
		return shown, err
	}
	return t.hearMarks(shown, said)
}

// selfEvalFor begins a self-evaluation from paper for somebody else (代录自评).
func (b *Bot) selfEvalFor(d *handlers.Desk, rest string) (string, error) {
	d.Private()
	name, _, _ := strings.Cut(rest, " ")
	who, ask, err := b.inScope(d.View, "代录自评", name)
	if err != nil || ask != "" {
		return ask, err
	}
	if who.PersonID == d.Who.ID {
		return "", handlers.Refuse("自己的自评请回复“自评”。")
	}
	s, err := d.SelfEvalSheet(who.PersonID, calendar.Quarter{})
	if err != nil {
		return "", err
	}
	if s.State == models.SelfEvalSubmitted && !s.Paper {
		return "", handlers.Refuse("%s已经自己交了自评（回执%s），不用代录。", who.Name, s.Receipt)
	}
	given := known(s)
	given["person"], given["name"] = who.PersonID, who.Name
	return b.beginSelfEval(d, b.forms["selfevalfor"], given, "")
}

// selfEvalRequest is what was said as the use case wants it.
func selfEvalRequest(a answers) handlers.SelfEvalRequest {
	req := handlers.SelfEvalRequest{Marks: map[string]handlers.SelfMark{}, Statement: standing(a, "statement")}
	req.Quarter, _ = calendar.ParseQuarter(a["quarter"]) // written by known
	req.Version, _ = strconv.Atoi(a["version"])
	for i, it := range itemsOf(a) {
		if answer := standing(a, handlers.SelfEvalField(i)); answer != "" {
			req.Marks[it.Check] = unpackMark(answer)
		}
	}
	req.Photos = selfPhotos(a)
	return req
}

// keptRequest is selfEvalRequest, to be gone on with: a statement that stands as it was
// drafted is left out, to be drafted of the records that there are then.
func keptRequest(a answers) handlers.SelfEvalRequest {
	req := selfEvalRequest(a)
	if req.Statement == a["draft"] && a["person"] == "" {
		req.Statement = ""
	}
	return req
}

// selfEvalSum is what was judged, and what that comes to.
func selfEvalSum(a answers) (done handlers.SelfEvalDone) {
	for i, it := range itemsOf(a) {
		if answer := a[handlers.SelfEvalField(i)]; answer != "" {
			done.Judged, done.Sum, done.Full = done.Judged+1, done.Sum+unpackMark(answer).Points, done.Full+it.Max
		}
	}
	return done
}

// selfEvalNotes say what is left, and that it counts nothing.
func selfEvalNotes(_ *handlers.View, a answers, w formWords) ([]string, error) {
	var notes []string
	if left := itemCount(a) - len(selfEvalRequest(a).Marks); left > 0 {
		notes = append(notes, w.says("left", "left", strconv.Itoa(left)))
	}
	if done := selfEvalSum(a); done.Judged > 0 {
		notes = append(notes, w.says("sum", "judged", strconv.Itoa(done.Judged), "sum", short2(done.Sum), "full", short2(done.Full)))
	}
	if there := handedIn(a); there > 0 {
		notes = append(notes, w.says("photosstay", "n", strconv.Itoa(there)))
	}
	if a["early"] != "" {
		notes = append(notes, w.says("early", "from", a["early"]))
	}
	return append(notes, w.says("nocount")), nil
}

func (b *Bot) submitSelfEval(d *handlers.Desk, a answers, _ formWords) (string, error) {
	req := selfEvalRequest(a)
	if a["person"] != "" {
		done, err := d.RegisterSelfEval(a["person"], req)
		return b.selfEvalReceipt("registered", done, err)
	}
	if a["early"] != "" { // by now there may be time to submit it
		if s, err := d.SelfEvalSheet(d.Who.ID, req.Quarter); err != nil {
			return "", err
		} else if !s.Open {
			done, err := d.SaveSelfEval(keptRequest(a))
			return b.selfEvalReceipt(keptSay(a, done), done, err)
		}
	}
	done, err := d.SubmitSelfEval(req)
	return b.selfEvalReceipt("submitted", done, err)
}

// selfEvalReceipt says what became of a self-evaluation.
func (b *Bot) selfEvalReceipt(say string, done handlers.SelfEvalDone, err error) (string, error) {
	if err != nil {
		return "", err
	}
	last := calendar.On(done.Due.Add(-1))
	return linked(b.forms["selfeval"].words.says(say, "photos", b.photosDone(done),
		"name", done.Name, "judged", strconv.Itoa(done.Judged), "left", strconv.Itoa(done.Of-done.Judged),
		"sum", short2(done.Sum), "full", short2(done.Full), "due", last.Chinese(), "receipt", done.Receipt,
		"from", done.Quarter.Last().Add(1).Chinese())), nil
}

// keepForLater sets the open form aside (存着). A self-evaluation is kept for as long as it
// may be submitted; other drafts wait for three days.
func (b *Bot) keepForLater(d *handlers.Desk, _ string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if len(t.drafts) == 0 {
		return b.lost(d.View, "存着")
	}
	w := b.forms["selfeval"].words
	switch t.form.name {
	case "selfeval":
		done, err := d.SaveSelfEval(keptRequest(t.draft().Answers))
		reply, err := b.selfEvalReceipt(keptSay(t.draft().Answers, done), done, err)
		if err != nil {
			return "", err
		}
		next, err := t.end()
		return reply + next, err
	case "selfevalfor":
		return linked(w.says("keptpaper")), t.keep()
	default:
		return linked(w.says("parked", "title", t.form.words.Title)), t.keep()
	}
}

// goOn goes on with whatever is open or, without anything, with a self-evaluation that is
// kept.
func (b *Bot) goOn(d *handlers.Desk, _ string) (string, error) {
	if reply, open, err := b.openTalk(d, "继续"); open || err != nil {
		return reply, err
	}
	if d.Bound() && d.Is(handlers.Cadre) {
		s, err := d.SelfEvalSheet(d.Who.ID, calendar.Quarter{})
		if err == nil && s.State == models.SelfEvalDraft {
			return b.selfEval(false)(d, "")
		}
		if _, refused := refusal(err); err != nil && !refused {
			return "", err
		}
	}
	return b.lost(d.View, "继续")
}

// aboutItem words the question about one check.
func aboutItem(i int, a answers, w formWords, own fieldWords) fieldWords {
	all := itemsOf(a)
	if i >= len(all) {
		return own
	}
	it := all[i]
	lines := []string{w.says("head", "n", strconv.Itoa(i+1), "of", strconv.Itoa(len(all)), "name", it.Name, "max", short2(it.Max), "text", it.Text)}
	taps, then := []string{"满分"}, "question"
	if it.Found != "" {
		lines = append(lines, w.says("found", "found", it.Found))
	}
	said := ""
	if it.Recorded != nil {
		said += w.says("recorded", "recorded", short2(*it.Recorded))
		taps = append(taps, "按记录")
	}
	if it.Last != nil {
		said += w.says("last", "last", short2(*it.Last))
		taps = append(taps, "同上季")
	}
	if said != "" {
		lines = append(lines, said)
	}
	if a["person"] != "" {
		then = "paperquestion"
	}
	was := a[former(handlers.SelfEvalField(i))]
	if was != "" {
		stands := w.says("stands", "mark", markSaid(unpackMark(was)))
		lines, own.Again = append(lines, stands), own.Again+"\n"+stands
	}
	taps = append(taps, "下一项")
	lines = append(lines, w.says(then, "max", short2(it.Max)), "〈"+strings.Join(taps, "〉　〈")+"〉")
	if was != "" {
		lines = append(lines, w.says("unjudge"))
	} else if slices.ContainsFunc(all, func(other selfAsked) bool { return other.Last != nil }) {
		lines = append(lines, w.says("rest"))
	} else {
		lines = append(lines, w.says("restfull"))
	}
	own.Label, own.Ask = it.Name, strings.Join(lines, "\n")
	own.Again = strings.ReplaceAll(own.Again, "〈max〉", short2(it.Max))
	return own
}

// quit is 退出: what took long to fill in is kept.
func (b *Bot) quit(d *handlers.Desk, rest string) (string, error) {
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	if len(t.drafts) > 0 && strings.HasPrefix(t.form.name, "selfeval") {
		return b.keepForLater(d, rest)
	}
	return b.cancel(d, rest)
}
