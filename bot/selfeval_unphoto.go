package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
)

// dropPhotos takes photos of a self-evaluation back (删照片): those of the item that is open or
// that is named, of the whole, or all. Said alone it lists them. In another form it drops the
// photos that are only in its draft.
func (b *Bot) dropPhotos(d *handlers.Desk, rest string) (string, error) {
	d.Private()
	t, err := b.heldTurn(d)
	if err != nil {
		return "", err
	}
	in := answers{} // without the form of 自评 there is no draft of it
	switch {
	case len(t.drafts) == 0:
	case t.form.name == "selfeval":
		in = t.draft().Answers
		if at, found := strings.CutPrefix(t.draft().Open, "item"); found && rest == "" {
			rest = "第" + at + "项"
		}
	default:
		if q, ok := t.form.field("photos"); ok && t.draft().Answers["photos"] != "" {
			return t.replace(q, "不要照片")
		}
	}
	there, err := b.photosThere(d.View, in)
	if err != nil {
		return "", err
	}
	w := b.forms["selfeval"].words
	which := photosMeant(there, rest)
	if len(which) == 0 {
		reply := w.photoList(there)
		if rest != "" {
			reply = w.says("nosuchphotos", "said", short(rest)) + "\n" + reply
		}
		return b.withOpenQuestion(d.View, reply)
	}
	said, err := w.removePhotos(d, in, which)
	if err != nil {
		return "", err
	}
	if len(in) > 0 {
		return t.advance(said + "\n")
	}
	return b.withOpenQuestion(d.View, said)
}

// removePhotos takes photos back, and out of a draft.
func (w formWords) removePhotos(d *handlers.Desk, in answers, which []heldPhotos) (string, error) {
	var said []string
	for _, one := range which {
		if one.handed > 0 {
			if _, err := d.RemoveSelfPhotos(one.Check); err != nil {
				return "", err
			}
		}
		forgetPhotos(in, one)
		said = append(said, w.says("photosgone", "name", w.whose(one), "n", strconv.Itoa(one.N)))
	}
	return strings.Join(said, "\n"), nil
}

// heldPhotos are photos of one item, or of the whole, those of the draft among them.
type heldPhotos struct {
	handlers.SelfPhotos
	handed int // that were handed in
}

// photosThere are the photos that can be taken back: that were handed in, and of the draft.
func (b *Bot) photosThere(v *handlers.View, a answers) (out []heldPhotos, err error) {
	stored, err := v.SelfPhotos()
	_, refused := refusal(err)
	if err != nil && (!refused || len(photosOf(a)) == 0) {
		return nil, err
	}
	for _, s := range stored {
		out = append(out, heldPhotos{s, s.N})
	}
	add := func(s handlers.SelfPhotos) {
		if s.N == 0 {
			return
		}
		if at := slices.IndexFunc(out, func(one heldPhotos) bool { return one.Check == s.Check }); at >= 0 {
			out[at].N += s.N
			return
		}
		out = append(out, heldPhotos{SelfPhotos: s})
	}
	for i, it := range itemsOf(a) {
		add(handlers.SelfPhotos{Check: it.Check, Name: it.Name, Place: i + 1, N: draftPhotos(a, handlers.SelfEvalField(i))})
	}
	add(handlers.SelfPhotos{N: draftPhotos(a, "")})
	return out, nil
}

// draftPhotos counts the photos of a draft that came while an item was open.
func draftPhotos(a answers, item string) (n int) {
	for _, one := range photosOf(a) {
		if of, _ := ofItem(one); of == item {
			n++
		}
	}
	return n
}

// photosMeant are the photos that a text names: by the item's number or name, 整份 or 全部.
func photosMeant(there []heldPhotos, text string) (out []heldPhotos) {
	for _, one := range there {
		named := one.Place > 0 && (placed(text) == one.Place || len([]rune(text)) > 1 && strings.Contains(one.Name, text))
		whole := one.Place == 0 && slices.Contains([]string{"整份", "整份的"}, text)
		if named || whole || slices.Contains([]string{"全部", "全部的", "都删", "所有", "所有的"}, text) {
			out = append(out, one)
		}
	}
	return out
}

// forgetPhotos takes photos out of a draft.
func forgetPhotos(a answers, gone heldPhotos) {
	item := ""
	if gone.Place > 0 {
		item = handlers.SelfEvalField(gone.Place - 1)
	}
	left := slices.DeleteFunc(photosOf(a), func(one string) bool { of, _ := ofItem(one); return of == item })
	if delete(a, "photos"); len(left) > 0 {
		a["photos"] = strings.Join(left, " ")
	}
	if gone.Place == 0 {
		delete(a, "whole")
		return
	}
	all := itemsOf(a)
	for i := range all {
		if all[i].Check == gone.Check {
			all[i].Photos = 0
		}
	}
	if len(all) > 0 {
		text, _ := json.Marshal(all) //nolint:errchkjson // strings and numbers only
		a["list"] = string(text)
	}
}

// whose names what photos are of.
func (w formWords) whose(one heldPhotos) string {
	if one.Place == 0 {
		return w.says("wholephotos")
	}
	return one.Name
}

// photoList are the photos that can be taken back, to tap.
func (w formWords) photoList(there []heldPhotos) string {
	lines := []string{w.says("whichphotos")}
	for i, one := range there {
		say := "整份"
		if one.Place > 0 {
			say = strconv.Itoa(one.Place)
		}
		line := fmt.Sprintf("%s %d张", w.whose(one), one.N)
		if i < tappable {
			line = link("删照片 "+say, line)
		} else {
			line += "：“删照片 " + say + "”"
		}
		lines = append(lines, line)
	}
	if len(there) > 1 {
		lines = append(lines, link("删照片 全部", "全部都删"))
	}
	return strings.Join(lines, "\n")
}
