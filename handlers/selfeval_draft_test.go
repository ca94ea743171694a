package handlers_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/models"
)

// TestAStatementIsDraftedFromTheRecordsAlone: what was done and deducted this quarter, each
// with where it stands, and nothing where there are no records.
func TestAStatementIsDraftedFromTheRecordsAlone(t *testing.T) {
	t.Parallel()
	eachOffice(t, func(t *testing.T, o *office) {
		o.inCounty(t, func(c *handlers.County) { c.LogsSince = on(9, 1) })
		o.set(third.First().At(0, 30))
		o.openCycle(t, third)
		if s, _ := o.sheet(t, "委员", "委员"); s.Draft != "" || s.Items[0].Recorded != nil || s.Items[0].Last != nil {
			t.Errorf("without records: %q, %+v", s.Draft, s.Items[0])
		}
		o.set(on(9, 24).At(8, 0))
		o.job(t, "roster", func(d *handlers.Desk) error {
			_, err := d.MakeRoster(o.village(t, "甲村"), on(9, 24), on(9, 30))
			return err
		})
		arrived, logged := o.worked(t)
		o.set(on(9, 30).At(18, 0))
		s, _ := o.sheet(t, "委员", "委员")
		for _, want := range []string{
			"排班", "签到1次〔排班表，签到回执" + arrived, "排定在岗日无故缺岗", "〔班次",
			"记日志1篇，接待3人，事项2件，办结1件〔日志回执" + logged, "加分：个人因脱贫攻坚受到表彰，先进个人（2.00分）〔县委〔2026〕8号〕。",
		} {
			if !strings.Contains(s.Draft, want) {
				t.Errorf("it does not say %q:\n%s", want, s.Draft)
			}
		}
		for sentence := range strings.SplitSeq(strings.TrimSuffix(s.Draft, "。"), "。") {
			if !strings.HasSuffix(sentence, "〕") {
				t.Errorf("%q says not where it stands", sentence)
			}
		}
		if n := utf8.RuneCountInString(s.Draft); n > 300 {
			t.Errorf("%d characters", n)
		}
		if other, _ := o.sheet(t, "乙委员", "乙委员"); strings.Contains(other.Draft, "先进个人") {
			t.Errorf("another's deeds: %q", other.Draft)
		}
	})
}

// worked lets 委员 check in once, write one log and be commended; it returns the receipts.
func (o *office) worked(t *testing.T) (arrived, logged string) {
	t.Helper()
	day := on(9, 24)
	for ; !o.hasShift(t, day); day = day.Add(1) {
		if day.After(on(9, 30)) {
			t.Fatal("no shift of 委员")
		}
	}
	o.set(day.At(8, 10))
	o.do(t, "委员", "in", func(d *handlers.Desk) error {
		a, err := d.CheckIn()
		arrived = a.Arrival.Receipt
		return err
	})
	l, _ := o.wrote(t, "委员", handlers.LogRequest{Day: day, Visitors: 3, Matters: []handlers.MatterEntry{{Words: "低保咨询", Done: true}, {Words: "危房"}}})
	o.exec(t, `INSERT INTO adjustments
		(id, quarter, event_id, level, matter, document, day, village_id, people, proposed_by, confirmed_by, created_at)
		VALUES ('a', ?, 'F3', 'county', '先进个人', '县委〔2026〕8号', ?, ?, ?, ?, ?, '2026-09-20 00:00:00')`,
		third.String(), on(9, 20).String(), o.village(t, "甲村"), `["`+o.ids["委员"]+`"]`, o.ids["东镇干事"], o.ids["东镇党委"])
	return arrived, l.Receipt
}

func (o *office) hasShift(t *testing.T, day calendar.Date) (has bool) {
	t.Helper()
	err := o.db.Read(t.Context(), func(tx *models.Tx) error {
		rows, err := tx.ShiftsOf(o.ids["委员"], day, day)
		has = len(rows) > 0
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return has
}
