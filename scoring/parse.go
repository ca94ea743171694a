package scoring

import (
	"bytes"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// DefaultID names the rubric that comes with the program.
const DefaultID = "seed-default-v1"

//go:embed seed-default-v1.yaml
var seedDefault []byte

// The limits of a rubric's text. The parser's time grows with the square of the
// nesting, so that is limited first.
const (
	mostSource  = 1 << 18
	mostLine    = 4000
	mostNesting = 32
)

// DefaultSource is the text of the rubric that comes with the program, from
// which a county may make its own.
func DefaultSource() []byte { return append([]byte(nil), seedDefault...) }

// Default returns the rubric that comes with the program. It is read anew each
// time; keep it.
func Default() (*Rubric, error) { return ParseRubric(seedDefault) }

// ParseRubric reads a rubric in the project's YAML form (docs: the comments at
// the top of [DefaultSource]) and checks it: keys, sums, ids and references.
// The error is a [RubricErrors] with every mistake found.
func ParseRubric(src []byte) (*Rubric, error) {
	s := &source{}
	if s.excess(src); len(s.errors) > 0 {
		return nil, s.sorted()
	}
	m, ok := s.read(src)
	if !ok {
		return nil, s.sorted()
	}
	r := readRubric(m)
	if err := s.sorted(); err != nil {
		return nil, err
	}
	r.index()
	return r, nil
}

// excess notes a text that is beyond the limits.
func (s *source) excess(src []byte) {
	if len(src) > mostSource {
		s.fault(nil, "细则太长，至多%d字节。", mostSource)
		return
	}
	nesting, n := 0, 0
	for line := range bytes.Lines(src) {
		n++
		nesting += bytes.Count(line, []byte("[")) + bytes.Count(line, []byte("{"))
		nesting -= bytes.Count(line, []byte("]")) + bytes.Count(line, []byte("}"))
		if len(line) > mostLine || nesting > mostNesting {
			s.errors = append(s.errors, RubricError{Line: n, Column: 1, Text: "这一行太长，或括号套得太深。"})
			return
		}
	}
}

// ids notes names that are given twice.
type ids map[string]bool

func (seen ids) add(m mapping, key, id string) {
	if id != "" && seen[id] {
		m.fault(key, "“%s”已经用过，要换一个。", id)
	}
	seen[id] = true
}

// reading is what is known of a rubric while it is read.
type reading struct {
	ids    ids
	events ids
}

func readRubric(m mapping) *Rubric {
	in := reading{ids: ids{}, events: ids{}}
	r := &Rubric{ID: m.text("编号"), Title: m.text("名称"), Total: m.points("总分")}
	m.each("维度", "维度", func(m mapping) { r.Dimensions = append(r.Dimensions, in.dimension(m)) })
	m.each("加减分", "加减分", func(m mapping) { r.Adjustments = append(r.Adjustments, in.adjustment(m)) })
	r.HighestOnly = m.choice("同一事项取高", "是", "yes", "否", "") == "yes"
	r.Grades = readGrades(m)
	r.TieBreak = r.readTieBreak(m)
	r.Pay = readPay(m)
	m.choice("不涉及", "满分", "full")
	m.choice("测评无效", "去掉该维度后折算", "rescale_without_dimension")
	var sum Points
	for _, d := range r.Dimensions {
		sum += d.Points
	}
	checkSum(m, "总分", "各维度", r.Total, sum)
	m.done()
	return r
}

// checkSum notes a sum that is not what it says.
func checkSum(m mapping, key, parts string, want, sum Points) {
	if want != sum {
		m.fault(key, "是%s，但%s合计%s，差%s。", want, parts, sum, want-sum)
	}
}

func (in reading) dimension(m mapping) Dimension {
	d := Dimension{ID: m.text("编号")}
	in.ids.add(m, "编号", d.ID)
	d.Name, d.Points, d.Article = m.text("名称"), m.points("分值"), m.text("条款")
	d.Scope = Scope(m.choice("得分归属", "村", string(VillageScope), "个人", string(CadreScope)))
	d.Floor, d.Cap = readLimits(m, Limit{}, d.Points)
	var sum Points
	m.each("项目", "项目", func(m mapping) {
		it := in.item(m, d.Article)
		d.Items = append(d.Items, it)
		sum += it.Points
	})
	checkSum(m, "分值", "各项目", d.Points, sum)
	return d
}

func (in reading) item(m mapping, article string) Item {
	it := Item{ID: m.text("编号")}
	in.ids.add(m, "编号", it.ID)
	it.Name, it.Points, it.Article = m.text("名称"), m.points("分值"), m.textOr("条款", article)
	it.Floor, it.Cap = readLimits(m, Limit{Set: true}, it.Points)
	var sum Points
	m.each("要点", "要点", func(m mapping) {
		c := in.check(m, it.Article)
		it.Checks = append(it.Checks, c)
		sum += c.Points
	})
	checkSum(m, "分值", "各要点", it.Points, sum)
	return it
}

// readLimits reads a floor and a cap, which must leave room between them.
func readLimits(m mapping, otherwise Limit, points Points) (floor, top Limit) {
	floor, top = m.limit("下限", otherwise), m.limit("上限", Limit{})
	if floor.Set && floor.Points > points {
		m.fault("下限", "不能高于分值%s。", points)
	}
	if top.Points < 0 {
		m.fault("上限", "不能是负数。")
	}
	if floor.Set && top.Set && top.Points < floor.Points {
		m.fault("上限", "不能低于下限%s。", floor.Points)
	}
	return floor, top
}

func (in reading) check(m mapping, article string) Check {
	c := Check{ID: m.text("编号")}
	in.ids.add(m, "编号", c.ID)
	c.Text, c.Points, c.Scorer = m.text("内容"), m.points("分值"), m.text("评分者")
	c.Evidence, c.Article = m.texts("凭证"), m.textOr("条款", article)
	c.Floor = m.limit("下限", Limit{Set: true})
	if c.Floor.Points > c.Points {
		m.fault("下限", "不能高于分值%s。", c.Points)
	}
	if n, ok := m.node("规则"); ok {
		if rule := m.src.mapping(n, m.name+"的规则"); rule.at != nil {
			c.Rule = in.rule(rule, c.Points)
			rule.done()
		}
	}
	return c
}

func (in reading) adjustment(m mapping) Adjustment {
	a := Adjustment{ID: m.text("编号")}
	in.ids.add(m, "编号", a.ID)
	a.Name, a.Article = m.text("名称"), m.text("条款")
	a.Sign = 1
	if m.choice("方向", "加", "+", "减", "-") == "-" {
		a.Sign = -1
	}
	a.Scope = m.choice("范围", "个人", "cadre", "全村或点名个人", "village_or_named")
	if m.has("统一") {
		a.Flat = m.points("统一")
		return a
	}
	seen := ids{}
	m.each("各级", "级", func(m mapping) {
		l := Level{m.text("级别"), m.text("名称"), m.points("分")}
		seen.add(m, "级别", l.Level)
		a.Levels = append(a.Levels, l)
	})
	return a
}

// part reads a mapping within m.
func (m mapping) part(key string, read func(mapping)) {
	n, ok := m.node(key)
	if !ok {
		return
	}
	if one := m.src.mapping(n, key); one.at != nil {
		read(one)
		one.done()
	}
}

func readGrades(m mapping) GradeRules {
	var g GradeRules
	m.part("等次", func(m mapping) {
		g.PassLine, g.ExcellentLine = m.points("合格线"), m.points("优秀线")
		if g.ExcellentLine < g.PassLine {
			m.fault("优秀线", "不能低于合格线%s。", g.PassLine)
		}
		g.ExcellentPercent = int(m.whole("优秀比例", 0, 100))
		g.Rounding = Rounding(m.choice("名额取整", "向下", string(Floor), "至少一名", string(AtLeastOne), "四舍五入", string(HalfUp)))
		g.ExcellentNeedsSurvey = m.choice("优秀须测评有效", "是", "yes", "否", "") == "yes"
	})
	return g
}

// readTieBreak reads the order of the tie-break. It names every dimension, as
// a tie is a tie in all of them.
func (r *Rubric) readTieBreak(m mapping) []string {
	order, known := m.texts("同分比较"), ids{}
	for _, d := range r.Dimensions {
		known[d.ID] = true
	}
	left := len(known)
	for _, id := range order {
		if !known[id] {
			m.fault("同分比较", "里的“%s”不是维度，或写了两次。", id)
			return order
		}
		known[id] = false
		left--
	}
	if left > 0 {
		m.fault("同分比较", "要写全%d个维度。", len(known))
	}
	return order
}

func readPay(m mapping) PayRules {
	var p PayRules
	m.part("补贴", func(m mapping) {
		p.BasePercent = int(m.whole("每月发放比例", 0, 100))
		p.BonusPercent = int(m.whole("优秀加发比例", 0, 100))
		p.DeductPercent = int(m.whole("不合格扣除比例", 0, 100))
		p.DeductPercentSecond = int(m.whole("连续不合格扣除比例", 0, 100))
		share := m.text("定等任职比例")
		part, whole, ok := readShare(share)
		if !ok {
			m.fault("定等任职比例", "应当是1/2这样不大于1的分数，不是“%s”。", share)
		}
		p.MinServiceShare = [2]int{part, whole}
	})
	return p
}

// readShare reads a fraction of small numbers, at most 1.
func readShare(s string) (part, whole int, ok bool) {
	above, below, _ := strings.Cut(s, "/")
	part, err := strconv.Atoi(above)
	if err != nil {
		return 0, 1, false
	}
	whole, err = strconv.Atoi(below)
	if err != nil || part < 0 || whole < 1 || whole > 1000 || part > whole {
		return 0, 1, false
	}
	return part, whole, fmt.Sprintf("%d/%d", part, whole) == s
}
