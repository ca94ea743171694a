package bot

import (
	"slices"
	"strconv"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// cancelLeave is 不请了: of a leave that nobody has decided at once, of one that is approved
// once it was asked again. While a leave is being asked for, it is that one.
func (b *Bot) cancelLeave(d *handlers.Desk, rest string) (string, error) {
	no, _ := numbered(rest)
	if no == 0 {
		t, err := b.heldTurn(d)
		if err != nil {
			return "", err
		}
		if len(t.drafts) > 0 && (t.form.name == "leave" || t.form.name == "extend") {
			return b.cancel(d, "")
		}
	}
	rows, err := d.MyLeaves(50)
	if err != nil {
		return "", err
	}
	rows = slices.DeleteFunc(rows, func(l handlers.Leave) bool { return no > 0 && l.Number != no || !givenUp(d.View, l) })
	switch {
	case len(rows) == 0: // the rule says why
		_, err := d.CancelLeave(no)
		return "", err
	case len(rows) > 1:
		return "", handlers.Refuse("%s", leavesToTap("您不请的是哪一张？", rows, tappable, "我的假条", func(l handlers.Leave, no string) string {
			return l.Words + "，" + leaveState(l) + "　" + say("取消请假"+no)
		}))
	case rows[0].State == models.LeaveAsked:
		return onOwn((*handlers.Desk).WithdrawLeave, "已撤回 ")(d, strconv.Itoa(rows[0].Number))
	}
	own := strconv.Itoa(rows[0].Number)
	return "", handlers.Refuse("%s", own+"号假条（"+rows[0].Words+"）已经批准，真的不请了吗？取消了再要走，得重新请。\n"+say("确认取消"+own)+"　还要请的，不用回复。")
}

// givenUp reports whether a leave can be withdrawn or cancelled.
func givenUp(v *handlers.View, l handlers.Leave) bool {
	return l.State == models.LeaveAsked || l.State == models.LeaveApproved && l.Extends == "" && !l.Begun(v.Now)
}
