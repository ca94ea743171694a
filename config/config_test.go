package config_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cunkao/cunkao/config"
)

// env makes a lookup of names without their prefix.
func env(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := vars[strings.TrimPrefix(name, "CUNKAO_")]
		return v, ok
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "cunkao.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(t *testing.T, text string, vars map[string]string) (config.Config, error) {
	t.Helper()
	return config.Read(file(t, text), env(vars))
}

func diff(a, b config.Config) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(config.Config{}))
}

// key and aesKey are no one's.
var (
	key    = strings.Repeat("0123", 16)
	aesKey = strings.Repeat("9", 43)
)

const full = `
addr: 0.0.0.0:80
data: /var/lib/cunkao
database_dsn: user:word@tcp(db:3306)/cunkao
redis: redis://:word@cache:6379/0
seal_key: 0123012301230123012301230123012301230123012301230123012301230123
hotline: 0912-1234567
wording: ..
wechat:
  appid: wx1234567890abcdef
  token: "0123"
  aes_key: 9999999999999999999999999999999999999999999
  previous_aes_key: 9999999999999999999999999999999999999999999
  secret: 0x10
  api_base: http://127.0.0.1:8081
  message_coordinates: wgs84
  event_coordinates: gcj02
  templates:
    result: {id: tpl-1, fields: {quarter: keyword1, grade: keyword2}}
    duty: {id: tpl-2}
  subscriptions:
    step: {id: sub-1, fields: {what: thing1}, lasting: true}
    result: {id: sub-2, lasting: false}
county:
  name: 佳县
  others_per_shift: 2
  acting_head: false
  logs_since: 2026-10-01
  checkin: place
  rubric: config_test.go
  head_month_yuan: 2100.50
  other_month_yuan: 1700
  bonus_percent: 40
  deduct_percent: 35
  deduct_percent_second: 45
  quota_rounding: round
  deadlines:
    self_evaluation: 4
    verification: 13
    town_review: 5
    county_filing: 6
    publishing: 2
    public_notice: 7
    appeal: 15
  leave: {kinds: "事假、病假", rest_day_same_day_exempt: false, town_above_days: 3, county_above_days: 15, away_percent: 40}
limits: {person_minute: 30, all_second: 5000, waiting: 4096}
log: {level: debug, format: text}
`

func fullConfig() config.Config {
	return config.Config{
		Addr: "0.0.0.0:80", Data: "/var/lib/cunkao", DatabaseDSN: "user:word@tcp(db:3306)/cunkao",
		Redis: "redis://:word@cache:6379/0", SealKey: key, Hotline: "0912-1234567", Wording: "..",
		WeChat: config.WeChat{
			AppID: "wx1234567890abcdef", Token: "0123", AESKey: aesKey, PreviousAESKey: aesKey, Secret: "0x10",
			APIBase: "http://127.0.0.1:8081", MessageCoordinates: "wgs84", EventCoordinates: "gcj02",
			Templates: map[string]config.Template{
				"result": {ID: "tpl-1", Fields: map[string]string{"quarter": "keyword1", "grade": "keyword2"}},
				"duty":   {ID: "tpl-2"},
			},
			Subscriptions: map[string]config.Template{
				"step":   {ID: "sub-1", Fields: map[string]string{"what": "thing1"}, Lasting: true},
				"result": {ID: "sub-2"},
			},
		},
		County: config.County{
			Name: "佳县", OthersPerShift: 2, LogsSince: "2026-10-01", CheckIn: "place", Rubric: "config_test.go", HeadMonthYuan: "2100.50", OtherMonthYuan: "1700",
			BonusPercent: 40, DeductPercent: 35, DeductPercentSecond: 45, QuotaRounding: "round",
			Deadlines: config.Deadlines{
				SelfEvaluation: 4, Verification: 13, TownReview: 5, CountyFiling: 6,
				Publishing: 2, PublicNotice: 7, Appeal: 15,
			},
			Leave: config.Leave{Kinds: "事假、病假", TownAboveDays: 3, CountyAboveDays: 15, AwayPercent: 40},
		},
		Limits: config.Limits{PersonMinute: 30, AllSecond: 5000, Waiting: 4096},
		Log:    config.Log{Level: "debug", Format: "text"},
	}
}

func TestFileIsReadWhole(t *testing.T) {
	t.Parallel()
	got, err := read(t, full, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(fullConfig(), got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if len(got.MasterKey()) != 32 || got.County.HeadMonthFen() != 2100_50 || got.County.OtherMonthFen() != 1700_00 {
		t.Errorf("key of %d bytes, %d and %d fen", len(got.MasterKey()), got.County.HeadMonthFen(), got.County.OtherMonthFen())
	}
}

func TestWhatIsNotSaidStandsAsItWas(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"no text":            "",
		"only a comment":     "# nothing yet\n",
		"an empty section":   "county:\nlog:\n",
		"an empty subject":   "county:\n  deadlines:\n",
		"an empty value":     "addr:\nwechat:\n  api_base: ~\n",
		"an empty value map": "county: {}\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := read(t, text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(config.Default(), got); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
	if _, err := config.Read("", env(nil)); err != nil {
		t.Errorf("no file at all: %v", err)
	}
}

func TestEnvironmentWinsOverFile(t *testing.T) {
	t.Parallel()
	got, err := read(t, full, map[string]string{
		"ADDR": " 127.0.0.1:9000 ", "COUNTY_BONUS_PERCENT": "50", "COUNTY_ACTING_HEAD": "true", "REDIS": "",
		"COUNTY_DEADLINES_APPEAL": "20", "WECHAT_TEMPLATES": "{step: {id: tpl-3, fields: {step: thing1}}}",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := fullConfig()
	want.Addr, want.County.BonusPercent, want.County.ActingHead = "127.0.0.1:9000", 50, true
	want.County.Deadlines.Appeal = 20
	want.WeChat.Templates = map[string]config.Template{"step": {ID: "tpl-3", Fields: map[string]string{"step": "thing1"}}}
	if d := diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	_, err := read(t, `
adr: 127.0.0.1:1
addr: nowhere
addr: 127.0.0.1:2
seal_key: tooshort-word
wechat:
  token: no token word
  templates: {result: {id: a, filds: {}}, other: {id: b}}
county:
  bonus_percent: 29
  deduct_percent: 30.5
  acting_head: yes
  head_month_yuan: 2000.005
  deadlines: {self_evaluation: 13}
  leave: {kinds: 事假、病假、事假}
log: text
`, map[string]string{"LOG_LEVEL": "loud", "COUNTY_DEADLINES_APPEAL": "0", "WECHAT_AES_KEY": "short-word"})
	problems, ok := errors.AsType[config.SettingErrors](err)
	if !ok {
		t.Fatalf("%T: %v", err, err)
	}
	want := `第2行第1列：adr 没有这项设置
第3行第7列：addr（CUNKAO_ADDR）应是“主机:端口”，如 127.0.0.1:8080
第4行第1列：addr（CUNKAO_ADDR）写了两遍
第5行第11列：seal_key（CUNKAO_SEAL_KEY）应是32字节：64位十六进制数字，或base64
第7行第10列：wechat.token（CUNKAO_WECHAT_TOKEN）应是3到32位字母、数字
第8行第31列：wechat.templates.result.filds 没有这项设置：模板有 id 和 fields
第8行第43列：wechat.templates.other 没有这种通知，或写了两遍；可以是result、step、duty、nohead、unbound、draft、draftended、matter、mattergone、log、selfeval、photo、attest、attest_said、leave_ask、leave_said、leave_deputy、leave_back、leave_over
第10行第18列：county.bonus_percent（CUNKAO_COUNTY_BONUS_PERCENT）应是30到50的整数
第11行第19列：county.deduct_percent（CUNKAO_COUNTY_DEDUCT_PERCENT）应是30到50的整数
第12行第16列：county.acting_head（CUNKAO_COUNTY_ACTING_HEAD）应是“true”或“false”
第13行第20列：county.head_month_yuan（CUNKAO_COUNTY_HEAD_MONTH_YUAN）应是金额（元），如 2000.00
第15行第18列：county.leave.kinds（CUNKAO_COUNTY_LEAVE_KINDS）应是假别，如“事假、病假”，每个不超过8个字，不重复
第16行第6列：log 下面要写各项设置，一行一项
wechat.aes_key（CUNKAO_WECHAT_AES_KEY）应是平台上的43位字母、数字
county.deadlines.appeal（CUNKAO_COUNTY_DEADLINES_APPEAL）应是1到60的整数
log.level（CUNKAO_LOG_LEVEL）应是“debug”或“info”或“warn”或“error”
county.deadlines.verification（CUNKAO_COUNTY_DEADLINES_VERIFICATION）不能小于 county.deadlines.self_evaluation：两个都从季度最后一天算起`
	if d := cmp.Diff(want, problems.Error()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if strings.Contains(err.Error(), "-word") {
		t.Error("a secret stands in the error")
	}
}

func TestFileThatIsNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"不是YAML":        {"addr: a: b\nseal_key: sword", "不是YAML"},
		"a word":        {"sword", "各项设置"},
		"a list":        {"- sword\n", "各项设置"},
		"two documents": {"addr: 127.0.0.1:1\n---\naddr: 127.0.0.1:2\n", "一份设置"},
		"an anchor":     {"addr: &a 127.0.0.1:1\n", "应是“主机:端口”"},
		"a merge":       {"<<: {addr: 127.0.0.1:1}\n", "没有这项设置"},
		"a list within": {"redis: [sword]\n", "redis（CUNKAO_REDIS）"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, test.text, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "sword") {
				t.Errorf("%v, want something about %q", err, test.want)
			}
		})
	}
	c, err := config.Read(filepath.Join(t.TempDir(), "none.yaml"), env(nil))
	if !errors.Is(err, os.ErrNotExist) || c.Validate(config.Serve) != nil {
		t.Errorf("a file that is not there: %v, and then %v", err, c.Validate(config.Serve))
	}
}

func TestValidateAsksForWhatTheModeNeeds(t *testing.T) {
	t.Parallel()
	c := config.Default()
	if err := c.Validate(config.Plain); err != nil {
		t.Errorf("plain: %v", err)
	}
	want := "seal_key（CUNKAO_SEAL_KEY）没有写：库里的手机号等用它加密，openssl rand -hex 32 生成一个"
	if err := c.Validate(config.Store); err == nil || err.Error() != want {
		t.Errorf("store: %v", err)
	}
	err := c.Validate(config.Serve)
	for _, name := range []string{"SEAL_KEY", "WECHAT_APPID", "WECHAT_TOKEN", "WECHAT_AES_KEY", "WECHAT_SECRET"} {
		if err == nil || !strings.Contains(err.Error(), "（CUNKAO_"+name+"）") {
			t.Errorf("serve does not ask for %s: %v", name, err)
		}
	}
	c = fullConfig()
	if err := c.Validate(config.Serve); err != nil {
		t.Errorf("the whole of it: %v", err)
	}
}

func TestValuesThatNeedEachOther(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"no folder without a server": {`data: ""`, "data（CUNKAO_DATA）不能空着：没有写 database_dsn"},
		"an old key without a new":   {"wechat: {previous_aes_key: " + aesKey + "}", "wechat.aes_key（CUNKAO_WECHAT_AES_KEY）不能空着"},
		"no address":                 {`addr: ""`, "addr（CUNKAO_ADDR）不能空着"},
		"no subsidy":                 {`county: {head_month_yuan: ""}`, "不能空着"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := read(t, test.text, nil); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestPrintHidesSecretsAndNamesTheEnvironment(t *testing.T) {
	t.Parallel()
	c := fullConfig()
	c.DatabaseDSN, c.Redis, c.WeChat.Secret, c.WeChat.Token = "sword", "sword", "sword", "sword"
	var b bytes.Buffer
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"sword", key, aesKey} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("%q is printed", secret)
		}
	}
	for _, want := range []string{
		"addr: \"0.0.0.0:80\" # CUNKAO_ADDR\n", "database_dsn: \"***\" # CUNKAO_DATABASE_DSN\n",
		"county:\n  name: \"佳县\" # CUNKAO_COUNTY_NAME\n", "    appeal: 15 # CUNKAO_COUNTY_DEADLINES_APPEAL\nlimits:\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	b.Reset()
	c = config.Default()
	if err := c.Print(&b); err != nil || strings.Contains(b.String(), "***") {
		t.Errorf("a secret that is not set is hidden: %v", err)
	}
}

func TestPrintIsReadBack(t *testing.T) {
	t.Parallel()
	c := fullConfig()
	c.DatabaseDSN, c.Redis, c.SealKey = "", "", ""
	c.WeChat.Token, c.WeChat.AESKey, c.WeChat.PreviousAESKey, c.WeChat.Secret = "", "", "", ""
	var b bytes.Buffer
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	got, err := read(t, b.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, got, cmpopts.IgnoreUnexported(config.Config{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("(-want +got)\n%s\n%s", d, b.String())
	}
}

// A field that nobody can set, or a setting that goes nowhere, is a mistake of
// ours.
func TestEveryFieldHasItsKeyAndItsName(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile(`# (CUNKAO_[A-Z_]+)\n`)
	c, b := config.Default(), bytes.Buffer{}
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	found := names.FindAllStringSubmatch(b.String(), -1)
	if want := leaves(reflect.TypeFor[config.Config]()); len(found) != want {
		t.Errorf("%d settings for %d fields", len(found), want)
	}
	asked := map[string]bool{}
	_, err := config.Read("", func(name string) (string, bool) {
		asked[name] = true
		return "", false
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if !asked[name[1]] {
			t.Errorf("%s is printed and never read", name[1])
		}
	}
}

// leaves counts the exported fields that are no structs.
func leaves(t reflect.Type) int {
	n := 0
	for f := range t.Fields() {
		switch {
		case !f.IsExported():
		case f.Type.Kind() == reflect.Struct:
			n += leaves(f.Type)
		default:
			n++
		}
	}
	return n
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{full, "", "addr: &a x\nredis: *a\n", "- 1\n", "? a\n: b\n", "a: [[[", "wechat: {templates: {result: }}", "1: 2\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		c, err := read(t, text, nil)
		if err != nil {
			return
		}
		if c.County.BonusPercent < 30 || c.County.BonusPercent > 50 || c.Addr == "" || c.County.HeadMonthFen() < 0 {
			t.Errorf("%+v", c)
		}
	})
}

func TestOnlyASubscriptionLasts(t *testing.T) {
	t.Parallel()
	for text, right := range map[string]bool{
		"wechat: {subscriptions: {step: {id: a, lasting: true}}}":  true,
		"wechat: {subscriptions: {step: {id: a, lasting: false}}}": true,
		"wechat: {subscriptions: {step: {id: a, lasting: yes}}}":   false,
		"wechat: {templates: {step: {id: a, lasting: true}}}":      false,
		"wechat: {subscriptions: {reply: {id: a}}}":                false,
		"wechat: {message_coordinates: bd09}":                      false,
	} {
		if _, err := read(t, text, nil); (err == nil) != right {
			t.Errorf("%s: %v", text, err)
		}
	}
}
