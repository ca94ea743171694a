package calendar

import "strings"

// plain writes the runes that mean the same in one way: traditional characters
// as simplified ones, full-width signs as ASCII, capitals as small letters. Each
// rune stays one rune, so that offsets hold.
func plain(text []rune) []rune {
	out := make([]rune, len(text))
	for i, r := range text {
		out[i] = plainRune(r)
		if first := i < 2 || numerals[out[i-2]] == [2]int{} && (out[i-2] < '0' || out[i-2] > '9'); i > 0 && out[i] == '月' && out[i-1] == '元' && first {
			out[i-1] = '一' // 元月, and not 三百元月底
		}
	}
	return out
}

func plainRune(r rune) rune {
	switch {
	case r < 'A':
		return r
	case r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		return r
	case r >= 0xFF01 && r <= 0xFF5E: // full width
		return plainRune(r - 0xFEE0)
	case r == 0x3000 || r == 0xA0:
		return ' '
	}
	if s, ok := folded[r]; ok {
		return s
	}
	return r
}

// folded is written as pairs: what is said, and how it is read.
//
//nolint:gochecknoglobals // a constant, but for the language
var folded = pairs(`
後后 週周 禮礼 號号 點点 鐘钟 鍾钟 兩两 個个 箇个 這这 時时 間间 從从 開开 來来 過过 還还 請请 節节 國国 慶庆 陽阳 陰阴 曆历 歷历 農农
舊旧 婦妇 兒儿 勞劳 動动 軍军 黨党 聖圣 誕诞 親亲 師师 樹树 萬万 為为 內内 幾几 晝昼 聽听 噚寻 尋寻 連连 續续 結结 給给 學学 縣县
鎮镇 長长 歲岁 臘腊 閏闰 淩凌 車车 幫帮 辦办 產产 喪丧 醫医 補补 銷销 錯错 對对 遲迟 當当 現现 夠够 會会 裡里 裏里 頭头 嗎吗
們们 種种 歡欢 剛刚 準准 檢检 體体 愛爱 紀纪 護护 記记 權权 費费 戀恋 燈灯 龍龙 舉举 穀谷 驚惊 蟄蛰 滿满 處处 極极 寒寒
冬冬 離离 傷伤 婚婚 陪陪 與与 單单 雙双 復复 感感 恩恩 業业 務务 員员 書书 麼么 無无 發发 總总 後后 傍傍 淸清 淨净 號号 預预 將将
別别 趟趟 將将 調调 休休 幹干 終终 執执 實实 應应 該该 禮礼 際际 聯联 盡尽 壹一 贰二 貳二 叁三 參三 叄三 肆四 伍五 陆六 陸六 柒七 捌八 夭天
玖九 拾十 〇零 ○零 ◯零 ー- —- –- －- ～~ 〜~ ∼~ ―- ‐- ‑- −- 。. ．. ：: ﹕: ，, 、, ；; （( ）) 【( 】) 〔( 〕) 「( 」) “" ”" ／/ ・· •· ‧· 卄廿
`)

// pairs reads a table of two runes each.
func pairs(table string) map[rune]rune {
	m := map[rune]rune{}
	for p := range strings.FieldsSeq(table) {
		r := []rune(p)
		m[r[0]] = r[1]
	}
	return m
}
