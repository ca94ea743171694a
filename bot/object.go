package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
)

// The terms of an objection to a result, in calendar days: filed so long after it was
// published, answered so long after that; the county's are for whoever is still not content.
const (
	objectDays, objectAnswered = 10, 10
	countyDays, countyAnswered = 15, 30
)

// objection says how somebody objects to a result: it is done on paper or by word, for the
// bot takes none. A term that ends on a day off ends on the next working day.
func objection(v *handlers.View, _ string) (string, error) {
	how := fmt.Sprintf("对考核结果有意见，结果公布后%d天内找镇党委（镇党建办）提出，当面说、写材料都行，由没给您打分的人复核，%d天内答复；还不服的，%d天内再找县委组织部，%d天内答复。",
		objectDays, objectAnswered, countyDays, countyAnswered)
	lines := []string{"申诉要当面或书面提，这里还不能提交。", how}
	if v.Bound() && v.Is(handlers.Cadre) {
		until, err := objectUntil(v)
		if err != nil {
			return "", err
		}
		lines = append(lines, until...)
		lines = append(lines, "先看每一分扣在哪里："+say("为什么")+"　"+say("我的得分")+"　找人："+say("人工"), "假条没批的，可以直接找批的人，或改了日子再"+say("请假")+"。")
	}
	return strings.Join(lines, "\n"), nil
}

// objectUntil is until when the last result can be objected to.
func objectUntil(v *handlers.View) ([]string, error) {
	results, err := v.MyResults()
	if err != nil || len(results) == 0 {
		return nil, err
	}
	off, err := v.DaysOff()
	if err != nil {
		return nil, err
	}
	last := slices.MaxFunc(results, func(a, b handlers.Score) int { return a.Quarter.First().Compare(b.Quarter.First()) })
	if last.Published == nil {
		return nil, nil
	}
	until := off.NextWorkday(calendar.On(*last.Published).Add(objectDays))
	if until.Before(v.Today) {
		return []string{"您" + last.Quarter.Chinese() + "的结果，提出的期限是" + off.Chinese(until) + "，已经过了。"}, nil
	}
	return []string{"您" + last.Quarter.Chinese() + "的结果，最迟" + off.Chinese(until) + "提出。"}, nil
}

// checkedIn answers whether somebody has checked in today.
func checkedIn(v *handlers.View, _ string) (string, error) {
	shifts, _, err := v.MyShifts(5)
	if err != nil {
		return "", err
	}
	for _, s := range shifts {
		switch {
		case s.Shift.Day.After(v.Today):
		case s.Arrived != nil:
			return "签到了：" + shiftLine(s) + "。", nil
		default:
			return "还没有签到：" + shiftLine(s) + "。到岗了点" + say("签到") + "。", nil
		}
	}
	rows, err := v.MyRecords(30)
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		if line := recordLine(r); r.Act == "CheckIn" && calendar.On(r.ReceivedAt) == v.Today {
			return "今天没有排您的班，您签过到：" + line + "。", nil
		}
	}
	return "今天没有排您的班，也还没有签到。接下来的班看" + say("我的排班") + "。", nil
}
