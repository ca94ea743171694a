// Package config reads the process's settings: defaults, then a strict YAML
// file, then the environment. It knows plain types only; main turns them into
// those of the other rooms.
package config

import (
	"fmt"
	"os"
)

// Config is every setting of the process. It is read once, in main. Each field
// has its key in the file and its name in the environment in settings.
type Config struct {
	Addr        string // where the HTTP server listens
	Data        string // folder of the embedded database
	DatabaseDSN string // secret; empty means the embedded SQLite in Data
	Redis       string // secret, as it may hold a password; empty means in-process
	SealKey     string // secret; see MasterKey
	Hotline     string // whom people call if the account cannot help
	Wording     string // a folder with the county's own words of forms; empty: the program's
	WeChat      WeChat
	County      County
	Limits      Limits
	Log         Log

	broken bool // the file could not be read, so that what is missing says nothing
}

// WeChat is the service account (服务号).
type WeChat struct {
	AppID          string
	Token          string // secret
	AESKey         string // secret; the platform's EncodingAESKey
	PreviousAESKey string // secret; while the key is being changed
	Secret         string // secret
	APIBase        string
	// MessageCoordinates and EventCoordinates are the systems of the platform's
	// coordinates, which it does not name: gcj02 or wgs84.
	MessageCoordinates string
	EventCoordinates   string
	Templates          map[string]Template // by kind of notice: see templateKinds
	Subscriptions      map[string]Template // subscription notices (订阅通知), by kind as well
}

// Template is a message template that the account was granted.
type Template struct {
	ID     string
	Fields map[string]string // the template's key by the notice's word
	// Lasting says of a subscription that people agree to it once for all.
	Lasting bool
}

// County is what the county decides for itself.
type County struct {
	Name                string
	OthersPerShift      int
	ActingHead          bool
	LogsSince           string // the first day whose log is kept here, as 2026-10-01; empty: on paper
	CheckIn             string // word, place or photo: what goes with a 签到
	Rubric              string // a file, or the name of the built-in one
	HeadMonthYuan       string // see HeadMonthFen
	OtherMonthYuan      string // see OtherMonthFen
	BonusPercent        int
	DeductPercent       int
	DeductPercentSecond int
	QuotaRounding       string // floor, at_least_one or round
	Deadlines           Deadlines
	Leave               Leave
}

// Leave is what the county decides about leave (请销假).
type Leave struct {
	Kinds                string // see KindNames
	RestDaySameDayExempt bool
	TownAboveDays        int // above so many days the town decides; 0 means never
	CountyAboveDays      int // above so many days the county decides; 0 means never
	AwayPercent          int // of a village's cadres, of which people are warned
}

// Deadlines are the terms of a quarter's assessment. All are working days but
// Appeal, which counts calendar days.
type Deadlines struct {
	SelfEvaluation int // after the quarter's last day
	Verification   int // after the quarter's last day
	TownReview     int
	CountyFiling   int
	Publishing     int
	PublicNotice   int
	Appeal         int
}

// Limits are how many messages are taken.
type Limits struct {
	PersonMinute int // of one person in a minute
	AllSecond    int // of all people in a second, over all replicas
	Waiting      int // waited for at once by one process; the replies of more come later
}

// Log is what is logged, and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // json or text
}

// Default is what holds where nobody says otherwise.
func Default() Config {
	return Config{
		Addr: "127.0.0.1:8080",
		Data: "data",
		WeChat: WeChat{
			APIBase: "https://api.weixin.qq.com", MessageCoordinates: "gcj02", EventCoordinates: "wgs84",
		},
		County: County{
			OthersPerShift: 1, ActingHead: true, CheckIn: "word", Rubric: "seed-default-v1",
			HeadMonthYuan: "2000.00", OtherMonthYuan: "1600.00",
			BonusPercent: 30, DeductPercent: 30, DeductPercentSecond: 50, QuotaRounding: "floor",
			Deadlines: Deadlines{
				SelfEvaluation: 5, Verification: 12, TownReview: 4, CountyFiling: 3,
				Publishing: 1, PublicNotice: 5, Appeal: 10,
			},
			Leave: Leave{
				Kinds: "事假、病假、年休假、婚假、产假、陪产假、丧假、公差、其他", RestDaySameDayExempt: true, AwayPercent: 50,
			},
		},
		Limits: Limits{PersonMinute: 60, AllSecond: 20_000, Waiting: 16_384},
		Log:    Log{Level: "info", Format: "json"},
	}
}

// Read builds a Config from the defaults, then file (none if it is empty), then
// lookup, which is os.LookupEnv outside tests. A variable that is set but empty
// counts as not set, as compose files pass those on.
//
// The error is a [SettingErrors] with everything that is wrong at once. The Config
// is then still good for [Config.Validate], so that one start of the program
// can show both lists: errors.Join(err, c.Validate(mode)).
func Read(file string, lookup func(string) (string, bool)) (Config, error) {
	c := Default()
	var found SettingErrors
	if file != "" {
		src, err := os.ReadFile(file) //nolint:gosec // the operator names it
		if err != nil {
			return Config{broken: true}, fmt.Errorf("读不了设置文件：%w", err)
		}
		found = c.readFile(src)
	}
	found = append(found, c.readEnv(lookup)...)
	found = append(found, c.together()...)
	if len(found) > 0 {
		return c, found
	}
	return c, nil
}
