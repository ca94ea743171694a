package bot

import (
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// couldNot is how somebody says that his check-in failed: what helps is a colleague's word.
var couldNot = regexp.MustCompile(`^(?:我|咱|俺)?(?:今天|今早|刚才|上午|下午)?(?:没有?|未)(?:能)?签(?:上到|成到|到成|上|成)(?:了)?(?:[ ,，].{0,12})?$`)

// witnessWords are how a colleague is asked without the word at the front: 请王主任作证.
var witnessWords = regexp.MustCompile(`^(?:想|要|我想|我要)?(?:请|让|叫)([^,，]{1,8}?)(?:帮我|给我|替我|为我|帮忙)?(?:作证|作个证|作证明)`)

// witnessed is whom a sentence about an attestation names, and the day.
func witnessed(d *handlers.Desk, word, text string) (who handlers.Colleague, day calendar.Date, err error) {
	all, err := d.Witnesses()
	if err != nil {
		return who, day, err
	}
	example := word + " 张三"
	if len(all) > 0 {
		example = word + " " + all[0].Name
	}
	if text == "" {
		return who, day, handlers.RefuseField("witness", "请写上同事的姓名，如“%s”。", example)
	}
	if who = whoIs(text, all); who.PersonID == "" {
		return who, day, handlers.RefuseField("witness", "没有看出“%s”是哪位本村同事。请写全名，如“%s”。", short(text), example)
	}
	off, err := d.DaysOff()
	if err != nil {
		return who, day, err
	}
	if f := calendar.ReadLeave(strings.TrimPrefix(text, who.Name), d.Sent.In(calendar.Zone), off); f.HasDays() && f.Days.Start == f.Days.End {
		day = f.Days.Start
	}
	return who, day, nil
}

func askWitness(d *handlers.Desk, rest string) (string, error) {
	text := rest
	if at := witnessWords.FindStringSubmatchIndex(rest); at != nil {
		text = rest[at[2]:at[3]] + " " + rest[at[1]:]
	}
	who, day, err := witnessed(d, "请人作证", strings.TrimSpace(text))
	if err != nil {
		return "", err
	}
	a, err := d.AskAttestation(who.PersonID, day)
	if err != nil {
		return "", err
	}
	return "已请" + a.Witness + "作证您" + a.Said + "在岗，他同意了就算到岗，会通知您。", nil
}

func offerWitness(d *handlers.Desk, rest string) (string, error) {
	who, day, err := witnessed(d, "作证", strings.TrimLeft(rest, ":：,， "))
	if err != nil {
		return "", err
	}
	a, err := d.OfferAttestation(who.PersonID, day)
	if err != nil {
		return "", err
	}
	return "已记下您作证" + a.Name + a.Said + "在岗，您要对此负责。" + a.Name + "确认了就算到岗。", nil
}

// answerWitness is the answer of the other: by number, or about the only one.
func answerWitness(act func(*handlers.Desk, int) (handlers.Attestation, error)) func(*handlers.Desk, string) (string, error) {
	return func(d *handlers.Desk, rest string) (string, error) {
		no, _ := numbered(rest)
		a, err := act(d, no)
		if err != nil {
			return "", err
		}
		if a.State == models.AttestAgreed {
			return "好的 ✓ " + a.Name + a.Said + "的班算到岗，作证人" + a.Witness + "。", nil
		}
		return "好的，" + a.Name + a.Said + "的班不作证。", nil
	}
}
