package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/models"
	"github.com/cunkao/cunkao/sheet"
)

// RegisterColumns are the columns of the sheet by which people are brought in
// (人员登记表). 身份 is a post or a role; several are separated by 、.
func RegisterColumns() []string { return append(neededColumns(), "截止日期", "新手机号") }

// neededColumns are those without which a sheet is none of people; the others are for
// changes.
func neededColumns() []string {
	return []string{"姓名", "手机号", "镇", "村", "身份", "起始日期", "部门"}
}

// stillServing takes back an end that was written by mistake.
const stillServing = "在任"

// RegisterGuide are the words that go with the sheet of people, for whoever fills it.
func RegisterGuide() []string {
	return []string{
		"1. 一个人同一天起的身份写一行。姓名、手机号（11位，一人一个）、身份、起始日期（任现职的第一天，如 2026-01-05）都要写。",
		"2. 身份可以是" + strings.Join(titles(), "、") + "。一人几个身份用顿号隔开，如“村党组织书记、村委会主任”。",
		"3. 村干部和村民写镇和村；镇工作人员、镇党委写镇，不写村；县直部门写部门；其余的镇、村、部门都空着。",
		"4. 镇、村的名字前后要写得一样：写到的镇和村就此登记。",
		"5. 全县至少要有一名“县委组织部”，绑定码先以他的名义发；每镇要有“镇工作人员”和“镇党委”，否则没有人发码、审定。",
		"6. 不要改表头，不要用公式。有一行不对，整张表都不入库，并逐行说明。",
		"7. 以后有变动：先导出，表里是现在登记的人；改好再导入。没有改的行照旧，不写的人也照旧。手机号中间的****不用补。",
		"8. 离任的，在他那一行的“截止日期”写在任的最后一天。换岗的，再加一行，写新身份和起始日期。写错了截止日期，改成“" + stillServing + "”。",
		"9. 换手机号的，写“新手机号”。姓名、起始日期不能在这里改。已经核算的季度里，任职不能再变。",
	}
}

// roleNames are the roles that are no village post, as the sheet names them.
func roleNames() map[string]RoleName {
	return map[string]RoleName{
		"村民": Villager, "镇工作人员": TownStaff, "镇党委": TownLeader, "考核组": Assessor,
		"县直部门": Department, "县委组织部": Org, "审计": Auditor, "管理员": Admin,
	}
}

// roleTitle is what the sheet calls a role.
func roleTitle(role RoleName) string {
	for title, r := range roleNames() {
		if r == role {
			return title
		}
	}
	return string(role)
}

// mostMistakes is how many mistakes of a sheet are named at once.
const mostMistakes = 20

// ReadRegister takes people and places out of a spreadsheet. A mistake in any
// row refuses the whole sheet, and names the rows.
func ReadRegister(t sheet.Table) (Register, error) {
	if err := t.Require(neededColumns()...); err != nil {
		return Register{}, Refuse("%s", err)
	}
	if len(t.Rows) == 0 {
		return Register{}, Refuse("人员登记表的第一页是空的，没有导入。")
	}
	var r Register
	var wrong []string
	phones, towns := map[string]sheet.Row{}, map[string]int{}
	for _, row := range t.Rows {
		p, err := personOf(row)
		if other, there := phones[p.Phone]; err == nil && there && !isHidden(p.Phone) && other.Cells["姓名"] != p.Name {
			err = Refuse("“手机号”和第%d行一样。", other.N)
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d行%s", row.N, err))
			continue
		}
		phones[p.Phone] = row
		r.People = append(r.People, p)
		r.addPlace(towns, p)
	}
	if len(wrong) > mostMistakes {
		wrong = append(wrong[:mostMistakes], fmt.Sprintf("另外还有%d处。", len(wrong)-mostMistakes))
	}
	if len(wrong) > 0 {
		return Register{}, Refuse("人员登记表没有导入，请改正：\n%s", strings.Join(wrong, "\n"))
	}
	return r, nil
}

// addPlace notes the town and village of a person, each once.
func (r *Register) addPlace(towns map[string]int, p PersonEntry) {
	if p.Town == "" {
		return
	}
	at, there := towns[p.Town]
	if !there {
		at = len(r.Towns)
		towns[p.Town] = at
		r.Towns = append(r.Towns, TownEntry{Name: p.Town})
	}
	if p.Village != "" && !slices.Contains(r.Towns[at].Villages, p.Village) {
		r.Towns[at].Villages = append(r.Towns[at].Villages, p.Village)
	}
}

func personOf(row sheet.Row) (PersonEntry, error) {
	c := row.Cells
	p := PersonEntry{Name: c["姓名"], Phone: plainPhone(c["手机号"]), Town: c["镇"], Village: c["村"], Topic: c["部门"], NewPhone: plainPhone(c["新手机号"])}
	from, noFrom := calendar.Parse(PlainDate(c["起始日期"]))
	to, noTo := calendar.Parse(PlainDate(c["截止日期"]))
	p.From, p.To, p.Serving = from, to, c["截止日期"] == stillServing
	// Whoever only ends a tenure, or has another phone, need not know when it began.
	changes := c["起始日期"] == "" && (c["截止日期"] != "" || p.NewPhone != "")
	switch {
	case p.Name == "" || len([]rune(p.Name)) > 20:
		return p, Refuse("“姓名”要写，不超过20个字。")
	case !isPhone(p.Phone) && !isHidden(p.Phone):
		return p, Refuse("“手机号”要11位数字。")
	case p.NewPhone != "" && !isPhone(p.NewPhone):
		return p, Refuse("“新手机号”要11位数字。")
	case noFrom != nil && !changes:
		return p, Refuse("“起始日期”要写成 2026-01-05 的样子。")
	case noTo != nil && c["截止日期"] != "" && !p.Serving:
		return p, Refuse("“截止日期”要写成 2026-01-05 的样子；还在任就空着。")
	case noFrom == nil && noTo == nil && to.Before(from):
		return p, Refuse("“截止日期”在“起始日期”前面。")
	case c["身份"] == "" && p.NewPhone != "":
		return p, nil
	}
	return p, p.readTitles(c["身份"])
}

// plainPhone leaves the digits of a phone's number, and the stars that hide some.
func plainPhone(s string) string { return strings.ReplaceAll(PlainCode(s), "＊", "*") }

func isPhone(s string) bool {
	return len(s) == 11 && s[0] == '1' && strings.Trim(s, "0123456789") == ""
}

// isHidden reports whether the middle of a phone's number is hidden: 139****0001.
func isHidden(s string) bool {
	return len(s) == 11 && s[3:7] == hiddenDigits && isPhone(s[:3]+"0000"+s[7:])
}

// PlainDate writes a date of a sheet with hyphens: 2026/1/5, 2026年1月5日.
func PlainDate(s string) string {
	s = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-").Replace(strings.TrimSpace(s))
	parts := strings.Split(s, "-")
	for i, part := range parts {
		if i > 0 && len(part) == 1 {
			parts[i] = "0" + part
		}
	}
	return strings.Join(parts, "-")
}

func (p *PersonEntry) readTitles(text string) error {
	for title := range strings.SplitSeq(strings.ReplaceAll(text, "，", "、"), "、") {
		title = strings.TrimSpace(title)
		if role, ok := roleNames()[title]; ok {
			p.Roles = append(p.Roles, role)
			continue
		}
		post, ok := postNamed(title)
		if !ok {
			return Refuse("“身份”不认识“%s”，可以是%s。", title, strings.Join(titles(), "、"))
		}
		p.Posts = append(p.Posts, post)
	}
	if len(p.Posts) > 0 && (p.Town == "" || p.Village == "") {
		return Refuse("村干部要写“镇”和“村”。")
	}
	for _, role := range p.Roles {
		switch {
		case role == Villager && p.Village == "", (role == TownStaff || role == TownLeader) && p.Town == "":
			return Refuse("“镇”“村”要写。")
		case role == Department && p.Topic == "":
			return Refuse("“部门”要写。")
		}
	}
	return nil
}

func postNamed(name string) (models.PostTitle, bool) {
	for _, t := range postOrder() {
		if t.Chinese() == name {
			return t, true
		}
	}
	return "", false
}

func titles() []string {
	var out []string
	for _, t := range postOrder() {
		out = append(out, t.Chinese())
	}
	return append(out, "村民", "镇工作人员", "镇党委", "考核组", "县直部门", "县委组织部", "审计", "管理员")
}
