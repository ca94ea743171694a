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
func RegisterColumns() []string {
	return []string{"姓名", "手机号", "镇", "村", "身份", "起始日期", "部门"}
}

// RegisterGuide are the words that go with the sheet of people, for whoever fills it.
func RegisterGuide() []string {
	return []string{
		"1. 一人一行。姓名、手机号（11位，一人一个）、身份、起始日期（任现职的第一天，如 2026-01-05）都要写。",
		"2. 身份可以是" + strings.Join(titles(), "、") + "。一人几个身份用顿号隔开，如“村党组织书记、村委会主任”。",
		"3. 村干部和村民写镇和村；镇工作人员、镇党委写镇，不写村；县直部门写部门；其余的镇、村、部门都空着。",
		"4. 镇、村的名字前后要写得一样：写到的镇和村就此登记。",
		"5. 全县至少要有一名“县委组织部”，绑定码先以他的名义发；每镇要有“镇工作人员”和“镇党委”，否则没有人发码、审定。",
		"6. 不要改表头，不要用公式。有一行不对，整张表都不入库，并逐行说明。以后新来的人另填一张表，已经导入的人不要再写。",
	}
}

// roleNames are the roles that are no village post, as the sheet names them.
func roleNames() map[string]RoleName {
	return map[string]RoleName{
		"村民": Villager, "镇工作人员": TownStaff, "镇党委": TownLeader, "考核组": Assessor,
		"县直部门": Department, "县委组织部": Org, "审计": Auditor, "管理员": Admin,
	}
}

// mostMistakes is how many mistakes of a sheet are named at once.
const mostMistakes = 20

// ReadRegister takes people and places out of a spreadsheet. A mistake in any
// row refuses the whole sheet, and names the rows.
func ReadRegister(t sheet.Table) (Register, error) {
	if err := t.Require(RegisterColumns()...); err != nil {
		return Register{}, Refuse("%s", err)
	}
	if len(t.Rows) == 0 {
		return Register{}, Refuse("人员登记表的第一页是空的，没有导入。")
	}
	var r Register
	var wrong []string
	phones, towns := map[string]int{}, map[string]int{}
	for _, row := range t.Rows {
		p, err := personOf(row)
		if err == nil && phones[p.Phone] > 0 {
			err = Refuse("“手机号”和第%d行一样。", phones[p.Phone])
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("第%d行%s", row.N, err))
			continue
		}
		phones[p.Phone] = row.N
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
	p := PersonEntry{Name: c["姓名"], Phone: PlainCode(c["手机号"]), Town: c["镇"], Village: c["村"], Topic: c["部门"]}
	from, err := calendar.Parse(PlainDate(c["起始日期"]))
	p.From = from
	switch {
	case p.Name == "" || len([]rune(p.Name)) > 20:
		return p, Refuse("“姓名”要写，不超过20个字。")
	case len(p.Phone) != 11 || p.Phone[0] != '1' || strings.Trim(p.Phone, "0123456789") != "":
		return p, Refuse("“手机号”要11位数字。")
	case err != nil:
		return p, Refuse("“起始日期”要写成 2026-01-05 的样子。")
	}
	return p, p.readTitles(c["身份"])
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
