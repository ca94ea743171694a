package bot

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

func checkIn(d *handlers.Desk, _ string) (string, error) {
	in, err := d.CheckIn()
	if err != nil {
		return "", err
	}
	return arrivedText(in), nil
}

// arrivedText says what a 签到 wrote down.
func arrivedText(in handlers.CheckedIn) string {
	day := in.Days.Chinese(in.Arrival.Day)
	what := "坐班"
	switch {
	case in.Shift.ID == "":
		what = "今天没有排您的班，也给您记下了"
	case in.Shift.Kind == models.RestShift:
		what = "带班值班到次日08:00"
	}
	return fmt.Sprintf("签到成功 ✓\n%s %s，%s。\n回执：%s", day, calendar.TimeOfDay(in.Arrival.At), what, in.Arrival.Receipt)
}

func myShifts(v *handlers.View, _ string) (string, error) {
	shifts, warning, err := v.MyShifts(5)
	if err != nil {
		return "", err
	}
	if len(shifts) == 0 {
		return strings.TrimSpace("接下来没有排您的班。\n" + warning), nil
	}
	lines := []string{"您接下来的班："}
	for _, s := range shifts {
		lines = append(lines, shiftLine(s))
	}
	if warning != "" {
		lines = append(lines, warning)
	}
	return strings.Join(lines, "\n"), nil
}

func shiftLine(s handlers.MyShift) string {
	line := s.Day + " 坐班"
	if s.Kind == models.RestShift {
		line = s.Day + " 值班24小时"
		if s.Chief {
			line = s.Day + " 带班24小时"
		}
	}
	if len(s.With) > 0 {
		line += "（同" + strings.Join(s.With, "、") + "）"
	}
	switch {
	case s.Arrived == nil:
	case s.Witness != "":
		line += " " + s.Witness + "作证在岗"
	default:
		line += " 已签到" + calendar.TimeOfDay(s.Arrived.At)
	}
	return line
}

// onDuty answers 谁在值班: of the village that is named, of one's own, or with the
// villages to choose from.
func (b *Bot) onDuty(v *handlers.View, rest string) (string, error) {
	day, rest, err := dayNamed(v, rest)
	if err != nil {
		return "", err
	}
	rest = aroundDuty.ReplaceAllString(rest, "")
	if day == v.Today { // now
		day = calendar.Date{}
	}
	if mine := v.MyVillage(); mine != "" && rest == "" {
		return dutyOf(v, mine, day)
	}
	villages, err := v.VillageByName(rest)
	if err != nil {
		return "", err
	}
	if len(villages) == 1 {
		return dutyOf(v, villages[0].ID, day)
	}
	lines := []string{"请问是哪个村？"}
	if rest != "" {
		lines = []string{"没有找到“" + short(rest) + "”。请问是哪个村？"}
	}
	for _, one := range villages[:min(20, len(villages))] {
		lines = append(lines, link("谁在值班 "+one.Name, one.Name))
	}
	if len(villages) > 20 {
		lines = append(lines, "其他村请直接发：谁在值班 村名")
	}
	return strings.Join(lines, "\n"), nil
}

// aroundDuty are the words of a question about duty that name no village.
var aroundDuty = regexp.MustCompile(`(?:是|都)?(?:谁|哪些人|哪个)(?:在|还)?(?:值班|带班|坐班|当班|在岗|(?:没有?|未)(?:签到|打卡))|今天|村里|我村|本村|我们村|咱村|值班|[啊呢呀的? ]`)

func dutyOf(v *handlers.View, villageID string, day calendar.Date) (string, error) {
	duty, err := v.OnDuty(villageID, day)
	if err != nil {
		return "", err
	}
	if len(duty.People) == 0 {
		return duty.Village + " " + duty.Day + "：还没有排班。", nil
	}
	where, err := v.Verdicts(villageID, duty.On)
	if _, refused := errors.AsType[*handlers.Refusal](err); err != nil && !refused { // whoever may not read them sees who is there
		return "", err
	}
	lines := []string{duty.Village + " " + duty.Day + " 值班："}
	for _, p := range duty.People {
		line := p.Name
		if p.Chief {
			line += "（带班）"
		}
		switch {
		case p.Witness != "":
			line += " 同事作证（" + p.Witness + "）"
		case p.Arrived != nil:
			line += " " + calendar.TimeOfDay(*p.Arrived) + "已签到"
			if at := where[p.ID]; at.Verdict == models.VerdictOut {
				line += "，外出：" + at.Reason
			}
		case !duty.On.After(v.Today):
			line += " 还没签到"
		}
		lines = append(lines, line)
	}
	if duty.Gap && !duty.On.After(v.Today) && (v.Is(handlers.Head) || v.Is(handlers.TownStaff) || v.Is(handlers.TownLeader)) { // who can mend it
		lines = append(lines, "现在还没有正职到岗。")
	}
	return strings.Join(lines, "\n"), nil
}
