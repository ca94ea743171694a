package calendar_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/testkit"
)

// said are phrases of every kind, for the speed.
func said() []string {
	return []string{
		"明天请一天假", "10月8日到9日请事假，送孩子上学，小王替班", "下周三下午", "国庆后第二个工作日", "腊月二十三", "从明天起三天",
		"周三下午到周五上午请假", "2026-10-08 14:00", "三个工作日", "书记，我想请三天假，从10月9号开始，回老家办丧事", "8、9、10号", "母亲节", "不是日期的一句话，说说今年的收成",
	}
}

func BenchmarkPhrase(b *testing.B) {
	now := on(2026, 9, 28).At(10, 0)
	phrases := said()
	for _, p := range phrases {
		calendar.ReadLeave(p, now, nil)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		calendar.ReadLeave(phrases[i%len(phrases)], now, nil)
		i++
	}
}

// perPhrase is the time that a phrase may take on an ordinary machine.
const perPhrase = 50 * time.Microsecond

func TestAPhraseIsReadInTime(t *testing.T) { //nolint:paralleltest // it measures
	if testkit.Raced {
		t.Skip("the race detector takes its own time")
	}
	// The machine may be busy: of many short stretches some are not interrupted.
	now, phrases, best := on(2026, 9, 28).At(10, 0), said(), time.Hour
	for range 2000 {
		from := time.Now()
		for range 4 {
			for _, p := range phrases {
				calendar.ReadLeave(p, now, nil)
			}
		}
		best = min(best, time.Since(from)/time.Duration(4*len(phrases)))
		if best <= perPhrase {
			return
		}
	}
	t.Errorf("a phrase takes %s, more than %s", best, perPhrase)
}
