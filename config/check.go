package config

import (
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Mode is what the process is about to do, as far as its settings matter.
type Mode int

// The modes.
const (
	Plain Mode = iota // needs neither people's data nor the platform: config, score
	Store             // opens people's data: import, quarter
	Serve             // talks to the platform as well
)

// Validate says what is missing for a mode, and what no notice has a word for;
// what is wrong in itself Read has said. The error is a [SettingErrors].
func (c *Config) Validate(m Mode) error {
	if c.broken {
		return nil // Read has said why
	}
	found := c.strange()
	if m >= Store {
		found = append(found, c.lacking("没有写：库里的手机号等用它加密，openssl rand -hex 32 生成一个", "seal_key")...)
	}
	if m >= Serve {
		found = append(found, c.lacking("没有写：在微信开发者平台（我的业务 → 服务号 → 基础信息）里",
			"wechat.appid", "wechat.token", "wechat.aes_key", "wechat.secret")...)
	}
	if len(found) > 0 {
		return found
	}
	return nil
}

// together says what is wrong between settings that are each right.
func (c *Config) together() SettingErrors {
	found := c.lacking("不能空着", "addr", "county.rubric", "county.head_month_yuan", "county.other_month_yuan",
		"county.quota_rounding", "county.checkin", "county.leave.kinds", "log.level", "log.format", "wechat.api_base", "wechat.message_coordinates", "wechat.event_coordinates")
	if c.DatabaseDSN == "" {
		found = append(found, c.lacking("不能空着：没有写 database_dsn", "data")...)
	}
	if c.WeChat.PreviousAESKey != "" {
		found = append(found, c.lacking("不能空着：写了 wechat.previous_aes_key", "wechat.aes_key")...)
	}
	if d := c.County.Deadlines; d.Verification < d.SelfEvaluation {
		found = append(found, Problem{
			Key: "county.deadlines.verification", Env: prefix + "COUNTY_DEADLINES_VERIFICATION",
			Text: "不能小于 county.deadlines.self_evaluation：两个都从季度最后一天算起",
		})
	}
	return found
}

// MasterKey returns the 32 bytes of SealKey, or nil if it is empty.
func (c *Config) MasterKey() []byte {
	key, _ := sealKey(c.SealKey)
	return key
}

// sealKey reads 32 bytes. Hex is tried first: 64 hex digits would be base64 too.
func sealKey(s string) ([]byte, bool) {
	if key, err := hex.DecodeString(s); err == nil && len(key) == 32 {
		return key, true
	}
	key, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		key, err = base64.RawStdEncoding.DecodeString(s)
	}
	if err != nil || len(key) != 32 {
		return nil, false
	}
	return key, true
}

// HeadMonthFen is the monthly subsidy of a 正职 in hundredths of a yuan.
func (c *County) HeadMonthFen() int64 { return fen(c.HeadMonthYuan) }

// OtherMonthFen is the monthly subsidy of the others in hundredths of a yuan.
func (c *County) OtherMonthFen() int64 { return fen(c.OtherMonthYuan) }

// fen reads yuan with at most two decimals, and gives -1 for anything else.
func fen(yuan string) int64 {
	whole, part, pointed := strings.Cut(yuan, ".")
	if pointed && (part == "" || len(part) > 2) || len(whole) > 6 || !only(whole, digits) || !only(part, digits) {
		return -1
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if whole == "" || err != nil {
		return -1
	}
	return n
}

// KindNames are the kinds of leave.
func (l *Leave) KindNames() []string {
	return strings.FieldsFunc(l.Kinds, func(r rune) bool { return strings.ContainsRune("、，, ", r) })
}

// areKinds wants names that can be said: nothing that is too long, or there twice.
func areKinds(s string) bool {
	names := (&Leave{Kinds: s}).KindNames()
	for i, n := range names {
		if utf8.RuneCountInString(n) > 8 || strings.ContainsAny(n, "\r\n\t") || slices.Contains(names[:i], n) {
			return false
		}
	}
	return len(names) > 0 && len(names) <= 20
}

const (
	digits    = "0123456789"
	letters   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexDigits = "0123456789abcdef"
)

func only(s, alphabet string) bool { return strings.Trim(s, alphabet) == "" }

func isSealKey(s string) bool {
	_, ok := sealKey(s)
	return ok
}

func isYuan(s string) bool { return fen(s) >= 0 }

func isAddr(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// isDSN looks at the form only; the password may be any.
func isDSN(s string) bool {
	at := strings.LastIndex(s, "@")
	if at < 1 {
		return false
	}
	rest, ok := strings.CutPrefix(s[at+1:], "tcp(")
	if !ok {
		rest, ok = strings.CutPrefix(s[at+1:], "unix(")
	}
	_, name, closed := strings.Cut(rest, ")/")
	name, _, _ = strings.Cut(name, "?")
	return ok && closed && name != ""
}

func isRedis(s string) bool {
	for one := range strings.SplitSeq(s, ",") {
		one = strings.TrimSpace(one)
		if !strings.Contains(one, "://") {
			if !isAddr(one) {
				return false
			}
			continue
		}
		u, err := url.Parse(one)
		if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || !isAddr(u.Host) {
			return false
		}
	}
	return true
}

// builtInRubric is the rubric that needs no file.
const builtInRubric = "seed-default-v1"

func isRubric(s string) bool {
	if s == builtInRubric {
		return true
	}
	info, err := os.Stat(s) //nolint:gosec // the operator names it
	return err == nil && !info.IsDir()
}

func isAppID(s string) bool {
	rest, ok := strings.CutPrefix(s, "wx")
	return ok && len(rest) == 16 && only(rest, hexDigits)
}

func isToken(s string) bool { return len(s) >= 3 && len(s) <= 32 && only(s, letters+digits) }

func isAESKey(s string) bool { return len(s) == 43 && only(s, letters+digits) }

func isWord(s string) bool { return !strings.ContainsAny(s, " \t\r\n") }

func isPhone(s string) bool { return len(s) <= 30 && only(s, digits+" -+()转") }

func isName(s string) bool {
	return utf8.RuneCountInString(s) <= 40 && !strings.ContainsAny(s, "\r\n\t")
}

func isBase(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == "" && !strings.HasSuffix(s, "/")
}

// isDayOrNothing reports whether a setting is a day such as 2026-10-01, or empty.
func isDayOrNothing(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

// isFolderOrNothing reports whether a setting is a folder, or empty.
func isFolderOrNothing(s string) bool {
	info, err := os.Stat(s) //nolint:gosec // the operator names it
	return s == "" || err == nil && info.IsDir()
}
