package scoring

// rule reads how one check is scored, and checks that full points can be
// reached.
func (in reading) rule(m mapping, points Points) Rule {
	r := Rule{Type: RuleType(m.choice(
		"类型",
		"评判", string(JudgedRule),
		"按次扣分", string(DeductRule),
		"分项扣分", string(DeductListRule),
		"达标得分", string(AllOrNothingRule),
		"到期义务", string(ObligationRule),
		"比率", string(RateRule),
		"按比例", string(ProportionalRule),
		"应做已做", string(RatioObligationRule),
		"群众测评", string(SurveyRule),
	))}
	switch r.Type {
	case JudgedRule:
		r.readJudged(m, points)
	case DeductRule:
		r.Label, r.Unit, r.Points = m.text("事由"), m.textOr("单位", ""), m.points("每次扣")
	case DeductListRule:
		r.Events = in.eventRules(m)
	case AllOrNothingRule:
		r.Metric = m.text("指标")
	case ObligationRule:
		r.Due = m.choice("到期", "年度", "annual")
	case RateRule:
		r.readRate(m)
	case ProportionalRule:
		r.readProportional(m)
	case RatioObligationRule:
		r.Label, r.Unit = m.text("事由"), m.textOr("单位", "")
		r.Required, r.Done = m.text("应做"), m.text("已做")
		in.events.add(m, "应做", r.Required)
		in.events.add(m, "已做", r.Done)
		if m.has("扣分") {
			r.Events = in.eventRules(m)
		}
	case SurveyRule:
		r.readSurvey(m)
	default: // the type is wrong, and so the other keys are not known
		for key := range m.keys {
			m.read[key] = true
		}
	}
	return r
}

func (r *Rule) readJudged(m mapping, points Points) {
	r.Step = m.points("步长")
	if r.Step == 0 || points%r.Step != 0 {
		m.fault("步长", "应当大于0，并能整除分值%s。", points)
	}
}

func (r *Rule) readRate(m mapping) {
	r.Metric, r.Target, r.PerPoint = m.text("指标"), m.hundredths("目标"), m.points("每百分点扣")
	if r.Target == 0 || r.Target > 100_00 {
		m.fault("目标", "应当大于0，至多100。")
	}
	if m.has("到期") {
		r.Due = m.choice("到期", "年度", "annual")
	}
}

func (r *Rule) readProportional(m mapping) {
	r.Metric, r.Cap = m.text("指标"), m.hundredths("上限")
	if r.Cap == 0 || r.Cap > 100 {
		m.fault("上限", "应当大于0，至多1。")
	}
}

// eventRules reads a list of deductions. Each event stands in one check only,
// so that a record knows where it belongs.
func (in reading) eventRules(m mapping) []EventRule {
	var out []EventRule
	m.each("扣分", "扣分", func(m mapping) {
		e := EventRule{m.text("事件"), m.text("名称"), m.textOr("单位", ""), m.points("每次扣")}
		in.events.add(m, "事件", e.Event)
		out = append(out, e)
	})
	return out
}

func (r *Rule) readSurvey(m mapping) {
	seen := ids{}
	m.each("票", "票", func(m mapping) {
		v := Vote{m.text("票"), m.text("名称"), m.whole("权重", 0, 100)}
		seen.add(m, "票", v.Vote)
		r.Votes = append(r.Votes, v)
	})
	if m.has("不计") {
		r.Excluded = m.texts("不计")
	}
	for _, v := range r.Excluded {
		seen.add(m, "不计", v)
	}
	r.MinValid = m.whole("最少有效票", 1, mostCount)
}
