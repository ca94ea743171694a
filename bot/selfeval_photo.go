package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// Photos of 自评 are kept in the draft together, each under the item that was open when it
// came: “item3:MEDIA”; without one it is of the whole. So they stay when an item is answered
// anew.

// selfPhotosField takes the photos of the whole, and shows how many came.
func (b *Bot) selfPhotosField() field {
	q := photosField(b.hearSelfPhoto(""))
	q.show = func(a answers) string {
		w := b.forms["selfeval"].words
		said := w.says("photos", "n", strconv.Itoa(len(photosOf(a))))
		if whole := photosFor(a, ""); whole > 0 {
			said += w.says("ofwhole", "n", strconv.Itoa(whole))
		}
		return said
	}
	return q
}

// hearSelfPhoto takes a photo for an item or, without one, for the whole.
func (b *Bot) hearSelfPhoto(item string) func(h listening, s sent) (heard, error) {
	return func(h listening, s sent) (heard, error) {
		w := b.forms["selfeval"].words
		all := photosOf(h.a)
		there := slices.ContainsFunc(all, func(one string) bool { _, media := ofItem(one); return media == s.photo })
		switch {
		case there:
		case len(all)+handedIn(h.a) >= formPhotos:
			return heard{said: w.says("manyphotos", "n", strconv.Itoa(formPhotos)) + "\n"}, nil
		case item == "":
			all = append(all, s.photo)
		default:
			all = append(all, item+":"+s.photo)
		}
		fill := answers{"photos": strings.Join(all, " ")}
		say, name := "gotwhole", ""
		if q, ok := b.forms["selfeval"].field(item); ok {
			say, name = "gotitem", b.forms["selfeval"].wording(q, h.a).Label
		}
		n := 0
		for _, one := range all {
			if of, _ := ofItem(one); of == item {
				n++
			}
		}
		return heard{fill: fill, said: w.says(say, "name", name, "n", strconv.Itoa(n)) + "\n"}, nil
	}
}

func ofItem(one string) (item, media string) {
	item, media, found := strings.Cut(one, ":")
	if !found {
		return "", one
	}
	return item, media
}

// photosFor counts the photos in a draft that are of an item. Those of an item without points
// are of the whole, as the use case has it.
func photosFor(a answers, item string) (n int) {
	for _, one := range photosOf(a) {
		of, _ := ofItem(one)
		if standing(a, of) == "" {
			of = ""
		}
		if of == item {
			n++
		}
	}
	return n
}

// selfPhotos are the photos of a draft as the use case wants them.
func selfPhotos(a answers) (out []handlers.SelfPhoto) {
	check := map[string]string{}
	for i, it := range itemsOf(a) {
		check[handlers.SelfEvalField(i)] = it.Check
	}
	for _, one := range photosOf(a) {
		of, media := ofItem(one)
		out = append(out, handlers.SelfPhoto{Check: check[of], Media: media})
	}
	return out
}

// handedIn counts the photos that were handed in before.
func handedIn(a answers) int {
	n, _ := strconv.Atoi(a["whole"]) // written by known, or empty
	for _, it := range itemsOf(a) {
		n += it.Photos
	}
	return n
}

// photosSaid says how many photos an item has, those that were handed in among them.
func (b *Bot) photosSaid(a answers, item string) string {
	n := photosFor(a, item)
	for i, it := range itemsOf(a) {
		if handlers.SelfEvalField(i) == item {
			n += it.Photos
		}
	}
	return b.forms["selfeval"].words.photos(n)
}

// photos is a count behind something else; nothing if there are none.
func (w formWords) photos(n int) string {
	if n == 0 {
		return ""
	}
	return w.says("withphotos", "n", strconv.Itoa(n))
}

// photosDone is the line of a receipt about photos.
func (b *Bot) photosDone(done handlers.SelfEvalDone) string {
	w, n, all := b.forms["selfeval"].words, strconv.Itoa(done.Photos), strconv.Itoa(done.Photos+done.Kept)
	switch {
	case done.Photos+done.Kept == 0:
		return ""
	case done.State == models.SelfEvalDraft:
		return "\n" + w.says("photosheld", "all", all)
	case done.Kept == 0:
		return "\n" + w.says("photosin", "n", n)
	case done.Photos == 0:
		return "\n" + w.says("photoskept", "all", all)
	default:
		return "\n" + w.says("photosadded", "n", n, "kept", strconv.Itoa(done.Kept), "all", all)
	}
}
