package handlers

import (
	"slices"
	"strings"
)

// Villagers' names in what cadres write are for those whom the matter concerns; others read
// the family name alone. Nobody can list all names, so it is told by what stands around one:
// better a word too many hidden than a name shown.

// familyNames are the common ones; placeLastRunes end the name of a place.
const (
	familyNames    = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚汤陶黎温莫易樊乔文安殷颜庄章鲁倪庞邢俞翟蓝聂齐向申葛柴伍覃骆关焦柳欧祝纪尚毕耿芦左季管符辛苗詹曲欧靳祁路涂兰甘裴柯阮"
	placeLastRunes = "村组路河桥厂店校院站所局镇乡县市区队社场塘库坝湾坪沟岭寨屯庄巷街"
)

// kinAfter stand behind a family name alone: 张大爷, 李家, 王某.
func kinAfter() []string {
	return []string{"家", "某", "大爷", "大妈", "大娘", "大叔", "大婶", "大伯", "大哥", "大姐", "奶奶", "爷爷", "阿姨", "嫂", "叔", "婶", "伯", "姨", "老师", "师傅", "老汉", "老太", "婆婆", "公公"}
}

// verbsAfter stand behind a whole name: 赵建国来问低保.
func verbsAfter() []string {
	return []string{"来问", "来办", "来反映", "来说", "来要", "来领", "咨询", "反映", "申请", "要求", "询问", "投诉", "家", "户", "的低保", "的危房", "上门", "来访"}
}

// leadsBefore stand before somebody for whom or with whom something was done: 给张美丽办好了医保.
func leadsBefore() []string {
	return []string{"给", "帮", "帮助", "为", "替", "陪", "陪同", "劝", "劝说", "找", "访", "走访", "看望", "慰问", "探望", "送", "接", "请", "让", "叫", "跟", "和", "与", "同", "向", "对", "村民", "群众", "老人", "党员", "住户", "贫困户", "低保户", "五保户", "调解", "解决", "处理", "协调", "问", "来", "、", "接待"}
}

// doneAfter stand behind a name after such a word.
func doneAfter() []string {
	return []string{"办", "的", "送", "修", "调", "解", "上", "报", "领", "开", "交", "补", "盖", "写", "打", "做", "看", "说", "讲", "买", "搬", "装", "换", "清", "查", "申", "咨", "反", "问", "去", "到", "回", "落", "联", "登", "填", "代", "发", "取", "拿", "提", "处", "协", "宣", "治", "找", "和", "与", "跟", "因", "同", "、", "两", "等", "老人", "老汉", "夫妇", "夫妻", "同志", "一家", "家", "户", "，", ",", " "}
}

// noNames begin with a family name and are none.
func noNames() []string {
	return []string{"马路", "田地", "田间", "林地", "林场", "金融", "高龄", "高血", "高考", "高中", "常住", "常年", "毛巾", "江边", "白天", "白内", "方便", "方案", "方面", "万元", "万亩", "康复", "任务", "任职", "文明", "文化", "文书", "文件", "安全", "安装", "安置", "安排", "关于", "关心", "向上", "向镇", "左右", "易地", "管理", "路灯", "路面", "路口", "水", "石头", "石桥", "施工", "于", "何", "温", "全", "程序", "单", "农", "季度", "曲", "祝", "申请", "申报", "申诉", "章程", "陶瓷", "钱款", "钱财", "龙头", "雷雨", "牛羊", "梁上", "叶子", "夏季", "苗木", "兰花", "黄牛", "黄豆", "金额"}
}

// nameAt is how many characters at the beginning of text are somebody's name that is not to
// be read, the family name with them; 1 is a family name with what shows that it is one (张大爷),
// 0 is none. before is what stands before it.
func nameAt(before string, text []rune) int {
	if len(text) < 2 || !strings.ContainsRune(familyNames, text[0]) {
		return 0
	}
	begins := func(words []string, s string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(s, w) })
	}
	if begins(kinAfter(), string(text[1:])) {
		return 1
	}
	led := slices.ContainsFunc(leadsBefore(), func(w string) bool { return strings.HasSuffix(before, w) })
	if led && begins(noNames(), string(text)) {
		led = false
	}
	for n := 2; n <= 3 && n <= len(text); n++ {
		rest := string(text[n:])
		switch {
		case begins(verbsAfter(), rest):
			return n
		case led && (rest == "" || begins(doneAfter(), rest)) && !strings.ContainsRune(placeLastRunes, text[n-1]):
			return n
		}
	}
	return 0
}

// masked hides the names of villagers in what was said: the family name stays.
func masked(words string) string {
	var out strings.Builder
	runes := []rune(words)
	for i := 0; i < len(runes); i++ {
		out.WriteRune(runes[i])
		if n := nameAt(string(runes[:i]), runes[i:]); n > 0 {
			out.WriteString("某")
			i += n - 1
		}
	}
	return out.String()
}
