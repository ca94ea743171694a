package bot

import (
	"regexp"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// logsMeant is which village's logs are meant, with its name if one was said, and of which
// day; no village if none fits.
func logsMeant(v *handlers.View, rest string) (village, name string, day calendar.Date, err error) {
	day, name = v.Today, rest
	for at := range rest { // the day may stand before the village or behind it
		found, after, err := pastDay(v, rest[at:])
		if err != nil {
			return "", "", day, err
		}
		if !found.IsZero() {
			day, name = found, strings.TrimSpace(rest[:at]+after)
			break
		}
	}
	if village = v.MyVillage(); village != "" && name == "" {
		return village, "", day, nil
	}
	found, err := v.VillageByName(name)
	if err != nil || len(found) != 1 {
		return "", name, day, err
	}
	return found[0].ID, name, day, nil
}

var whyWords = regexp.MustCompile(`^(.*?)[ ,，]*(?:原因是|原因|因为|因)[ :：是为]*(.{2,})$`)

// whyIn is what stands before a reason, and the reason; none if there is none.
func whyIn(text string) (before, why string) {
	if at := whyWords.FindStringSubmatch(text); at != nil {
		return strings.TrimSpace(at[1]), strings.TrimSpace(at[2])
	}
	return text, ""
}

// openLogs shows the log of a village with the villagers' names, for a reason.
func openLogs(d *handlers.Desk, rest string) (string, error) {
	rest, why := whyIn(rest)
	if why == "" {
		return "", handlers.Refuse("要看群众的姓名，请写明村、哪天和原因，如“查日志 石桥村 昨天 因信访核查”。原因会记下来。")
	}
	village, name, day, err := logsMeant(d.View, rest)
	if err != nil || village == "" {
		return "没有找到" + name + "。请写上村名，如“查日志 石桥村 昨天 因信访核查”。", err
	}
	cards, err := d.OpenVillageLogs(village, day, why)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return day.Chinese() + "村里还没有日志。", nil
	}
	lines := logLines(cards, writerOf, "")
	return day.Chinese() + "的日志（为“" + why + "”查看，已记下）：\n" + strings.Join(lines, "\n"), nil
}
