package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// prefix begins the name of every environment variable.
const prefix = "CUNKAO_"

// setting is one line of settings: where it is written and what is right.
type setting struct {
	key    string // path in the file; the environment's name follows from it
	to     any    // *string, *int, *bool or *map[string]Template
	want   string // completes “应是…”
	right  func(string) bool
	secret bool
}

// env is the name in the environment: county.bonus_percent is
// CUNKAO_COUNTY_BONUS_PERCENT.
func (s setting) env() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settings is the table of everything that can be set. The build's tests fail
// on a field of Config that is not in it.
func (c *Config) settings() []setting {
	w, d := &c.WeChat, &c.County.Deadlines
	return slices.Concat([]setting{
		{key: "addr", to: &c.Addr, want: "“主机:端口”，如 127.0.0.1:8080", right: isAddr},
		{key: "data", to: &c.Data, want: "一个目录"},
		{key: "database_dsn", to: &c.DatabaseDSN, want: "“用户:密码@tcp(主机:3306)/库”", right: isDSN, secret: true},
		{key: "redis", to: &c.Redis, want: "“主机:端口”（几个用逗号隔开），或“redis://:密码@主机:端口/0”（密码里的特殊字符要写成百分号编码）", right: isRedis, secret: true},
		{key: "seal_key", to: &c.SealKey, want: "32字节：64位十六进制数字，或base64", right: isSealKey, secret: true},
		{key: "hotline", to: &c.Hotline, want: "电话号码，如 0912-1234567", right: isPhone},
		{key: "wording", to: &c.Wording, want: "已有的目录，或者不写", right: isFolderOrNothing},
		{key: "wechat.appid", to: &w.AppID, want: "wx和16位十六进制数字", right: isAppID},
		{key: "wechat.token", to: &w.Token, want: "3到32位字母、数字", right: isToken, secret: true},
		{key: "wechat.aes_key", to: &w.AESKey, want: "平台上的43位字母、数字", right: isAESKey, secret: true},
		{key: "wechat.previous_aes_key", to: &w.PreviousAESKey, want: "平台上的43位字母、数字", right: isAESKey, secret: true},
		{key: "wechat.secret", to: &w.Secret, want: "一个词，中间没有空格", right: isWord, secret: true},
		{key: "wechat.api_base", to: &w.APIBase, want: "网址，如 https://api.weixin.qq.com，末尾没有斜杠和参数", right: isBase},
		oneOf("wechat.message_coordinates", &w.MessageCoordinates, "gcj02", "wgs84"),
		oneOf("wechat.event_coordinates", &w.EventCoordinates, "gcj02", "wgs84"),
		{key: "wechat.templates", to: &w.Templates, want: "按种类写的 id 和 fields，种类可以是" + strings.Join(templateKinds(), "、")},
		{key: subscriptionsKey, to: &w.Subscriptions, want: "按种类写的 id、fields 和 lasting，种类可以是" + strings.Join(templateKinds(), "、")},
	}, c.County.settings(), []setting{
		days("county.deadlines.self_evaluation", &d.SelfEvaluation),
		days("county.deadlines.verification", &d.Verification),
		days("county.deadlines.town_review", &d.TownReview),
		days("county.deadlines.county_filing", &d.CountyFiling),
		days("county.deadlines.publishing", &d.Publishing),
		days("county.deadlines.public_notice", &d.PublicNotice),
		days("county.deadlines.appeal", &d.Appeal),
		whole("limits.person_minute", &c.Limits.PersonMinute, 6, 6000),
		whole("limits.all_second", &c.Limits.AllSecond, 10, 1_000_000),
		whole("limits.waiting", &c.Limits.Waiting, 16, 200_000),
		oneOf("log.level", &c.Log.Level, "debug", "info", "warn", "error"),
		oneOf("log.format", &c.Log.Format, "json", "text"),
	})
}

func (c *County) settings() []setting {
	return []setting{
		{key: "county.name", to: &c.Name, want: "不超过40个字的名称", right: isName},
		whole("county.others_per_shift", &c.OthersPerShift, 0, 20),
		{key: "county.acting_head", to: &c.ActingHead, want: yesOrNo},
		{key: "county.logs_since", to: &c.LogsSince, want: "日期，如 2026-10-01，或者不写", right: isDayOrNothing},
		oneOf("county.checkin", &c.CheckIn, "word", "place", "photo"),
		{key: "county.rubric", to: &c.Rubric, want: "已有的文件，或 seed-default-v1", right: isRubric},
		{key: "county.head_month_yuan", to: &c.HeadMonthYuan, want: "金额（元），如 2000.00", right: isYuan},
		{key: "county.other_month_yuan", to: &c.OtherMonthYuan, want: "金额（元），如 1600.00", right: isYuan},
		// Article 11: the county chooses each rate within 30 to 50.
		whole("county.bonus_percent", &c.BonusPercent, 30, 50),
		whole("county.deduct_percent", &c.DeductPercent, 30, 50),
		whole("county.deduct_percent_second", &c.DeductPercentSecond, 30, 50),
		oneOf("county.quota_rounding", &c.QuotaRounding, "floor", "at_least_one", "round"),
		{key: "county.leave.kinds", to: &c.Leave.Kinds, want: "假别，如“事假、病假”，每个不超过8个字，不重复", right: areKinds},
		{key: "county.leave.rest_day_same_day_exempt", to: &c.Leave.RestDaySameDayExempt, want: yesOrNo},
		whole("county.leave.town_above_days", &c.Leave.TownAboveDays, 0, 60),
		whole("county.leave.county_above_days", &c.Leave.CountyAboveDays, 0, 60),
		whole("county.leave.away_percent", &c.Leave.AwayPercent, 10, 100),
	}
}

// yesOrNo is what a switch is set to.
const yesOrNo = "“true”或“false”"

// subscriptionsKey is where subscription notices are set.
const subscriptionsKey = "wechat.subscriptions"

func whole(key string, to *int, least, most int) setting {
	return setting{
		key: key, to: to, want: fmt.Sprintf("%d到%d的整数", least, most),
		right: func(s string) bool {
			n, err := strconv.Atoi(s)
			return err == nil && n >= least && n <= most
		},
	}
}

func days(key string, to *int) setting { return whole(key, to, 1, 60) }

func oneOf(key string, to *string, words ...string) setting {
	return setting{
		key: key, to: to, want: "“" + strings.Join(words, "”或“") + "”",
		right: func(s string) bool { return slices.Contains(words, s) },
	}
}

// set reads text into the setting, or leaves it as it is and says no.
func (s setting) set(text string) bool {
	text = strings.TrimSpace(text)
	if text != "" && s.right != nil && !s.right(text) {
		return false
	}
	switch to := s.to.(type) {
	case *string:
		*to = text
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return false
		}
		*to = n
	case *bool:
		if text != "true" && text != "false" {
			return false
		}
		*to = text == "true"
	default: // templates, which are no text
		return false
	}
	return true
}

// value is what is set, as a Go value.
func (s setting) value() any {
	switch to := s.to.(type) {
	case *string:
		return *to
	case *int:
		return *to
	case *bool:
		return *to
	case *map[string]Template:
		return *to
	default:
		return nil
	}
}

// readEnv takes what the environment says.
func (c *Config) readEnv(lookup func(string) (string, bool)) SettingErrors {
	var found SettingErrors
	for _, s := range c.settings() {
		text, ok := lookup(s.env())
		if text = strings.TrimSpace(text); !ok || text == "" {
			continue
		}
		if _, ok := s.to.(*map[string]Template); ok {
			found = append(found, s.readTemplates(text)...)
			continue
		}
		if !s.set(text) {
			found = append(found, s.problem())
		}
	}
	return found
}
