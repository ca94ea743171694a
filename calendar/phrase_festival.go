package calendar

import "time"

// The ways a festival falls.
const (
	byMonth     = iota // a day of the solar year
	byMoon             // a day of the lunar year
	byWeekday          // the nth weekday of a month: day is 10·n + weekday
	byEve              // the last day of the lunar year
	byTerm             // a solar term: day is its index
	afterPrev          // the day after the festival that stands before it in the table
	beforeTerm         // the day before a solar term
	afterEaster        // day is the days after Easter
)

// festivals are the feasts by the names people use. block is what the table of
// days off calls the feast that gives days off.
//
//nolint:gochecknoglobals // a constant, but for the language
var festivals = []struct {
	names      string
	how        int
	month, day int
}{
	{"元旦 元旦节 阳历新年 公历新年 新历新年 阳历年 新年第一天", byMonth, 1, 1},
	{"腊八 腊八节", byMoon, 12, 8},
	{"小年 北方小年 小年夜", byMoon, 12, 23},
	{"南方小年", byMoon, 12, 24},
	{"除夕 三十晚上 三十夜 除夕夜 大年夜 年三十 大年三十", byEve, 12, 30},
	{"春节 农历新年 阴历新年 大年初一 新春 过年 中国新年 旧历新年 农历年 年初一", byMoon, 1, 1},
	{"元宵 元宵节 上元节 灯节", byMoon, 1, 15},
	{"情人节 圣瓦伦丁节", byMonth, 2, 14},
	{"龙抬头", byMoon, 2, 2},
	{"妇女节 三八妇女节 三八节 三八国际妇女节 国际妇女节 国际劳动妇女节 女神节 女人节", byMonth, 3, 8},
	{"植树节", byMonth, 3, 12},
	{"消费者权益日 国际消费者权益日 消费者权益保护日 三一五", byMonth, 3, 15},
	{"愚人节", byMonth, 4, 1},
	{"清明 清明节", byTerm, 4, clearAndBright},
	{"寒食 寒食节", beforeTerm, 4, clearAndBright},
	{"上巳节", byMoon, 3, 3},
	{"地球日 世界地球日", byMonth, 4, 22},
	{"读书日 世界读书日", byMonth, 4, 23},
	{"劳动节 五一劳动节 五一节 国际劳动节 五一国际劳动节", byMonth, 5, 1},
	{"青年节 五四青年节 五四节", byMonth, 5, 4},
	{"护士节 国际护士节", byMonth, 5, 12},
	{"母亲节", byWeekday, 5, 20},
	{"儿童节 六一儿童节 六一节 国际儿童节 六一国际儿童节", byMonth, 6, 1},
	{"环境日 世界环境日", byMonth, 6, 5},
	{"父亲节", byWeekday, 6, 30},
	{"端午 端午节 五月节 龙舟节 端阳节 端阳 重五节", byMoon, 5, 5},
	{"建党节 七一建党节 党的生日 党生日 香港回归纪念日 香港回归日", byMonth, 7, 1},
	{"建军节 八一建军节 八一节", byMonth, 8, 1},
	{"七夕 七夕节 乞巧节 中国情人节", byMoon, 7, 7},
	{"中元节 鬼节 盂兰节 七月半", byMoon, 7, 15},
	{"抗战胜利纪念日 抗日战争胜利纪念日", byMonth, 9, 3},
	{"教师节", byMonth, 9, 10},
	{"中秋 中秋节 八月节 团圆节", byMoon, 8, 15},
	{"烈士纪念日", byMonth, 9, 30},
	{"国庆 国庆节 十一国庆 国庆日 十一国庆节", byMonth, 10, 1},
	{"重阳 重阳节 老人节 敬老节", byMoon, 9, 9},
	{"寒衣节", byMoon, 10, 1},
	{"下元节", byMoon, 10, 15},
	{"万圣夜 万圣节前夜 万圣节 万圣节前夕", byMonth, 10, 31},
	{"记者节", byMonth, 11, 8},
	{"消防日 消防安全日 全国消防日", byMonth, 11, 9},
	{"光棍节 双十一 双11", byMonth, 11, 11},
	{"感恩节", byWeekday, 11, 44},
	{"黑色星期五 黑五", afterPrev, 11, 0},
	{"宪法日 国家宪法日", byMonth, 12, 4},
	{"双十二 双12", byMonth, 12, 12},
	{"国家公祭日 公祭日", byMonth, 12, 13},
	{"澳门回归纪念日 澳门回归日", byMonth, 12, 20},
	{"平安夜 圣诞夜 圣诞前夜 圣诞前夕", byMonth, 12, 24},
	{"圣诞 圣诞节", byMonth, 12, 25},
	{"跨年夜 跨年 元旦前夜 新年前夜 新年前夕", byMonth, 12, 31},
	{"复活节", afterEaster, 4, 0},
	{"耶稣受难日 受难日 耶稣受难节", afterEaster, 4, -2},
	{"农民丰收节 丰收节", byTerm, 9, 17},
}

// feast is the day of the festival with the index i in a year, which is the
// lunar year for a lunar feast.
func feast(i, year int) (Date, bool) {
	f := festivals[i]
	first := Date{year, time.Month(f.month), 1}
	switch f.how {
	case byMoon:
		return MoonDay{year, f.month, f.day, false}.Date()
	case byEve:
		next, ok := SpringFestival(year + 1)
		return next.Add(-1), ok
	case byWeekday:
		return nthWeekday(first, f.day/10, time.Weekday(f.day%10)), true
	case byTerm:
		return solarTerm(year, f.day)
	case beforeTerm:
		d, ok := solarTerm(year, f.day)
		return d.Add(-1), ok
	case afterPrev:
		d, ok := feast(i-1, year)
		return d.Add(1), ok
	case afterEaster:
		return easter(year).Add(f.day), true
	default:
		return Date{year, time.Month(f.month), f.day}, true
	}
}

// byLunarYear reports whether the festival's year is the lunar one.
func byLunarYear(i int) bool { return festivals[i].how == byMoon || festivals[i].how == byEve }

// nthWeekday is the nth day of the week on or after first.
func nthWeekday(first Date, n int, day time.Weekday) Date {
	ahead := (int(day) - int(first.Weekday()) + 7) % 7
	return first.Add(ahead + 7*(n-1))
}

// easter is Easter Sunday of the Gregorian calendar, by the congruences of the
// church tables: the golden number, the corrections of the century, the epact.
func easter(year int) Date {
	golden := year % 19
	century := year / 100
	epact := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30
	epact -= epact / 28 * (1 - 29/(epact+1)*((21-golden)/11))
	weekday := (year + year/4 + epact + 2 - century + century/4) % 7
	days := epact - weekday
	month := 3 + (days+40)/44
	return Date{year, time.Month(month), days + 28 - 31*(month/4)}
}

// shortFeasts are the feasts that are called by month and day in numerals: 五一,
// 十一. They count only where nothing else can be meant.
//
//nolint:gochecknoglobals // a constant, but for the language
var shortFeasts = map[int]Date{
	11: {0, 10, 1}, 51: {0, 5, 1}, 54: {0, 5, 4}, 61: {0, 6, 1}, 71: {0, 7, 1}, 81: {0, 8, 1}, 38: {0, 3, 8},
}

// Block is the days off around d that the table gives to a feast, d alone if it
// gives none.
func (o DaysOff) Block(d Date) Stretch {
	b := Stretch{d, d}
	if o.dayOf(d).Kind != Holiday {
		return b
	}
	for o.dayOf(b.From.Add(-1)).Kind == Holiday {
		b.From = b.From.Add(-1)
	}
	for o.dayOf(b.To.Add(1)).Kind == Holiday {
		b.To = b.To.Add(1)
	}
	return b
}

// NextBlock is the first block of days off of a feast that ends on d or later,
// and false if none is known within a year.
func (o DaysOff) NextBlock(d Date) (Stretch, bool) {
	for n := range 366 {
		if day := d.Add(n); o.dayOf(day).Kind == Holiday {
			return o.Block(day), true
		}
	}
	return Stretch{}, false
}
