package handlers_test

import (
	"testing"
	"time"

	"github.com/cunkao/cunkao/models"
)

// Each line says what it takes, and what the records have counted already.
func TestExportSaysHowEachLineIsFilled(t *testing.T) {
	t.Parallel()
	o := factOffice(t, newOffice(t, models.Source{File: t.TempDir() + "/test.db", Unsynced: true}))
	o.shiftOf(t, "委员", "副书记")
	o.set(morning.Add(4 * time.Hour))
	o.attested(t, "委员", askFor(o, "主任", morningDay()))
	o.attested(t, "主任", agreeTo(1))
	o.set(on(9, 29).At(9, 0))
	_, rows := o.exported(t, "东镇干事")
	how := map[string]string{}
	for _, r := range rows {
		how[r[2]+r[3]+r[4]+r[7]] = r[len(r)-1]
	}
	for line, want := range map[string]string{
		"甲村A1.3":     "填次数，没有填0",
		"甲村B2.1":     "填比率，如248/250或97.5%",
		"甲村委员E1.1满意": "填满意的票数",
		"甲村副书记D1.1迟到早退脱岗（督查）": "填次数，没有填0。记录已计：排定在岗日无故缺岗1，不用再填",
		"甲村委员D1.1迟到早退脱岗（督查）":  "填次数，没有填0。记录已计：没有要扣的（9月28日 周一由主任作证在岗），不用再填",
	} {
		if how[line] != want {
			t.Errorf("%s: %q, want %q", line, how[line], want)
		}
	}
}
