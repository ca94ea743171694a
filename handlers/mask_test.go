package handlers_test

import (
	"testing"

	"github.com/cunkao/cunkao/handlers"
)

// TestNamesOfVillagersAreHidden: what a cadre writes of people, as those read it whom it
// does not concern.
func TestNamesOfVillagersAreHidden(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"张大爷低保":        "张某大爷低保",
		"李家危房":         "李某家危房",
		"赵建国来问低保":      "赵某来问低保",
		"王斌桂来问低保":      "王某来问低保",
		"给张美丽办好了医保":    "给张某办好了医保",
		"帮李强申请低保":      "帮李某申请低保",
		"替王秀英老人领补贴":    "替王某老人领补贴",
		"陪同刘洋去县医院":     "陪同刘某去县医院",
		"慰问孙桂花":        "慰问孙某",
		"走访陈大山户":       "走访陈某户",
		"调解王建国和李大山的纠纷": "调解王某和李某的纠纷",
		"和周海调解地界":      "和周某调解地界",
		"给马路装了灯":       "给马路装了灯",
		"给高龄老人办了补贴":    "给高龄老人办了补贴",
		"向镇上报了材料":      "向镇上报了材料",
		"去石桥村的水库看了":    "去石桥村的水库看了",
		"给方便群众的事办好了":   "给方便群众的事办好了",
		"和江水库的人说了":     "和江水库的人说了",
		"低保咨询":         "低保咨询",
		"":             "",
	} {
		if got := handlers.Masked(words); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
}
