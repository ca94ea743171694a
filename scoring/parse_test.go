package scoring_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cunkao/cunkao/scoring"
)

func theDefault(tb testing.TB) *scoring.Rubric {
	tb.Helper()
	r, err := scoring.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestDefaultRubricAddsUp(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	var items, checks int
	var total scoring.Points
	article := regexp.MustCompile(`^第七条（[一二三四五]）\d?$`)
	for _, d := range r.Dimensions {
		items += len(d.Items)
		for _, it := range d.Items {
			checks += len(it.Checks)
			for _, c := range it.Checks {
				total += c.Points
				if !article.MatchString(c.Article) {
					t.Errorf("%s cites %q", c.ID, c.Article)
				}
			}
		}
	}
	if len(r.Dimensions) != 5 || items != 31 || checks != 82 || total != 100_00 {
		t.Errorf("%d dimensions, %d items, %d checks, %s points", len(r.Dimensions), items, checks, total)
	}
	if r.ID != scoring.DefaultID {
		t.Errorf("it is called %s", r.ID)
	}
}

func TestDefaultRubricUsesEveryRule(t *testing.T) {
	t.Parallel()
	seen := map[scoring.RuleType]int{}
	for _, d := range theDefault(t).Dimensions {
		for _, it := range d.Items {
			for _, c := range it.Checks {
				seen[c.Rule.Type]++
			}
		}
	}
	want := map[scoring.RuleType]int{
		scoring.JudgedRule: 30, scoring.DeductRule: 25, scoring.DeductListRule: 7, scoring.AllOrNothingRule: 6,
		scoring.ObligationRule: 2, scoring.RateRule: 9, scoring.ProportionalRule: 1,
		scoring.RatioObligationRule: 1, scoring.SurveyRule: 1,
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestRubricSaysEveryMistakeWithItsLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ old, mistake, want string }{
		"a check's points":          {"            分值: 1.5\n", "            分值: 1.25\n", "第31行第13列：项目A1的“分值”是4.00，但各要点合计3.75，差0.25"},
		"a dimension's points":      {"    分值: 30\n", "    分值: 31\n", "第25行第9列：维度A的“分值”是31.00，但各项目合计30.00，差1.00"},
		"the total":                 {"总分: 100", "总分: 90", "的“总分”是90.00，但各维度合计100.00"},
		"an unknown key":            {"评分者: 考核组\n", "评分者: 考核组\n            打分人: 张三\n", "要点A1.1没有“打分人”这个键"},
		"a missing key":             {"    得分归属: 村\n", "", "维度A缺少“得分归属”"},
		"a key that stands twice":   {"    得分归属: 村\n", "    得分归属: 村\n    得分归属: 村\n", "得分归属"},
		"an id that stands twice":   {"编号: A1.2\n", "编号: A1.1\n", "“A1.1”已经用过"},
		"an event of two checks":    {"事件: log_missing", "事件: duty_absent", "“duty_absent”已经用过"},
		"an unknown rule":           {"类型: 评判", "类型: 看心情", "的规则的“类型”应当是评判、按次扣分"},
		"a step of nothing":         {"步长: 0.25", "步长: 0", "的规则的“步长”应当大于0，并能整除分值1.50"},
		"a step past full points":   {"步长: 0.25", "步长: 0.4", "应当大于0，并能整除分值1.50"},
		"a third of a point":        {"每次扣: 0.5}", "每次扣: 0.333}", "应当是不小于0、至多两位小数的数"},
		"a negative deduction":      {"每次扣: 0.5}", "每次扣: -0.5}", "应当是不小于0"},
		"a rate above 100":          {"目标: 80", "目标: 180", "应当大于0，至多100"},
		"a ratio above 1":           {"上限: 1}", "上限: 2}", "应当大于0，至多1"},
		"a weight above 100":        {"权重: 80", "权重: 101", "应当是0到100的整数"},
		"a vote that stands twice":  {"票: fairly", "票: satisfied", "“satisfied”已经用过"},
		"no votes needed":           {"最少有效票: 10", "最少有效票: 0", "应当是1到"},
		"a floor above the points":  {"编号: A1.1\n", "编号: A1.1\n            下限: 2\n", "不能高于分值1.50"},
		"a cap below the floor":     {"        分值: 4\n", "        分值: 4\n        上限: -1\n", "不能低于下限0.00"},
		"a cap below 0":             {"    分值: 30\n", "    分值: 30\n    上限: -1\n", "的“上限”不能是负数"},
		"a floor that is a word":    {"编号: A1.1\n", "编号: A1.1\n            下限: 没有\n", "应当是分数或“不设”"},
		"an unknown scope":          {"得分归属: 村", "得分归属: 镇", "应当是村、个人，不是“镇”"},
		"an unknown sign":           {"方向: 加", "方向: 乘", "应当是加、减"},
		"a level that stands twice": {"级别: provincial", "级别: national", "“national”已经用过"},
		"an unknown dimension":      {"[B, E, D, A, C]", "[B, X, D, A, C]", "里的“X”不是维度"},
		"a dimension named twice":   {"[B, E, D, A, C]", "[B, B, D, A, C]", "里的“B”不是维度，或写了两次"},
		"a tie-break cut short":     {"[B, E, D, A, C]", "[B, E, D]", "要写全5个维度"},
		"grades the wrong way":      {"优秀线: 90", "优秀线: 50", "不能低于合格线60.00"},
		"an unknown rounding":       {"名额取整: 向下", "名额取整: 向上", "应当是向下、至少一名、四舍五入"},
		"a percentage above 100":    {"优秀加发比例: 30", "优秀加发比例: 130", "应当是0到100的整数"},
		"half a percentage":         {"优秀加发比例: 30", "优秀加发比例: 30.5", "应当是0到100的整数"},
		"a share above 1":           {"定等任职比例: 1/2", "定等任职比例: 3/2", "应当是1/2这样不大于1的分数"},
		"a part that is no mapping": {"等次:\n", "等次: 好\n旧:\n", "等次应当写成“键: 值”的形式"},
		"a list that is none":       {"凭证: [党组织设置批复, 党员花名册]", "凭证: 批复", "应当是一个不空的列表"},
		"an empty list":             {"凭证: [党组织设置批复, 党员花名册]", "凭证: []", "应当是一个不空的列表"},
		"a list within a list":      {"凭证: [党组织设置批复, 党员花名册]", "凭证: [[批复]]", "里应当都是文字"},
		"an anchor":                 {"名称: 组织设置合理", "名称: &a 组织设置合理", "项目A1的“名称”应当是文字"},
		"an empty word":             {"名称: 组织设置合理", "名称:", "项目A1的“名称”应当是文字"},
		"another way out":           {"不涉及: 满分", "不涉及: 零分", "应当是满分"},
		"bad indentation":           {"    名称: 村级党组织标准化建设", "  - [", "格式不对"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := string(scoring.DefaultSource())
			if !strings.Contains(src, tc.old) {
				t.Fatalf("the rubric has no %q", tc.old)
			}
			_, err := scoring.ParseRubric([]byte(strings.Replace(src, tc.old, tc.mistake, 1)))
			if _, ok := errors.AsType[scoring.RubricErrors](err); !ok || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error is\n%v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestRubricSaysAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer("总分: 100", "总分: 98", "步长: 0.25", "步长: 0", "名额取整: 向下", "名额取整: 随便").Replace(string(scoring.DefaultSource()))
	_, err := scoring.ParseRubric([]byte(src))
	mistakes, _ := errors.AsType[scoring.RubricErrors](err)
	if len(mistakes) < 30 {
		t.Errorf("%d mistakes:\n%v", len(mistakes), err)
	}
	for i, m := range mistakes[1:] {
		if m.Line < mistakes[i].Line {
			t.Errorf("line %d stands after line %d", m.Line, mistakes[i].Line)
		}
	}
}

func TestRubricRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"nothing":        "",
		"a comment":      "# 细则",
		"a list":         "- 1",
		"two documents":  "编号: a\n---\n编号: b\n",
		"far too much":   strings.Repeat("#\n", 1<<20),
		"a long line":    "编号: " + strings.Repeat("- ", 20_000),
		"a deep list":    "编号: " + strings.Repeat("[\n", 20_000),
		"a lonely key":   "编号: a",
		"an open string": "编号: \"a",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r, err := scoring.ParseRubric([]byte(src)); err == nil || r != nil {
				t.Errorf("it was read as %v", r)
			}
		})
	}
}

func TestRubricFindsItsParts(t *testing.T) {
	t.Parallel()
	r := theDefault(t)
	if c, scope, ok := r.Check("D3.1"); !ok || scope != scoring.CadreScope || c.Article != "第七条（四）3" {
		t.Errorf("D3.1 is %v in %s", c, scope)
	}
	if _, _, ok := r.Check("D3"); ok {
		t.Error("an item is no check")
	}
	if c, ok := r.CheckOf("log_missing"); !ok || c.ID != "D2.1" {
		t.Errorf("log_missing stands in %s", c.ID)
	}
	if _, ok := r.CheckOf("slept"); ok {
		t.Error("nobody deducts for sleep")
	}
	if d, ok := r.Dimension("B"); !ok || d.Points != 40_00 {
		t.Errorf("B is %v", d)
	}
	if _, ok := r.Dimension("Z"); ok {
		t.Error("there is no Z")
	}
}

// smallRubric is as short as a rubric can be that has most of the keys.
const smallRubric = `编号: small
名称: 小
总分: 3
维度:
  - 编号: A
    名称: 甲
    分值: 3
    得分归属: 个人
    条款: 一
    项目:
      - 编号: A1
        名称: 乙
        分值: 3
        下限: -1
        要点:
          - {编号: A1.1, 内容: 丙, 分值: 1, 评分者: 系统, 凭证: [无], 规则: {类型: 评判, 步长: 0.5}}
          - 编号: A1.2
            内容: 丁
            分值: 2
            评分者: 群众
            凭证: [无]
            下限: 不设
            规则: {类型: 分项扣分, 扣分: [{事件: x, 名称: 戊, 每次扣: 0.1}]}
加减分:
  - {编号: F, 名称: 己, 方向: 减, 范围: 个人, 条款: 二, 统一: 1}
同一事项取高: 否
等次: {合格线: 1, 优秀线: 2, 优秀比例: 20, 名额取整: 向下, 优秀须测评有效: 否}
同分比较: [A]
不涉及: 满分
测评无效: 去掉该维度后折算
补贴: {每月发放比例: 20, 优秀加发比例: 30, 不合格扣除比例: 30, 连续不合格扣除比例: 50, 定等任职比例: 1/2}
`

func TestASmallRubricIsEnough(t *testing.T) {
	t.Parallel()
	r, err := scoring.ParseRubric([]byte(smallRubric))
	if err != nil {
		t.Fatal(err)
	}
	facts := scoring.Facts{"A1.2": fact(scoring.Tally(map[string]int64{"x": 25}))}
	twice := []scoring.Event{{ID: "F", Matter: "庚"}, {ID: "F", Matter: "庚"}}
	s, err := scoring.Assess(r, nil, facts, twice)
	if err != nil || s.Base != 50 || s.Total != -1_50 || !s.SurveyValid {
		t.Errorf("base %s, total %s (%v)", s.Base, s.Total, err)
	}
}

func FuzzParseRubric(f *testing.F) {
	f.Add([]byte(smallRubric))
	f.Add([]byte("编号: a\n维度:\n  - 编号: A\n"))
	f.Add([]byte("a: &x [*x]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := scoring.ParseRubric(src)
		if (r == nil) == (err == nil) {
			t.Fatalf("%v, %v", r, err)
		}
		if err != nil {
			return
		}
		s, err := scoring.Assess(r, nil, nil, nil)
		if err != nil || s.Total < 0 {
			t.Fatalf("nothing found scores %s (%v)", s.Total, err)
		}
	})
}
