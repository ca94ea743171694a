// Package sheet reads and writes spreadsheets: limits, errors that name row and
// column, and no formula in either direction. It knows no rule of the domain.
package sheet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is what is wrong with a spreadsheet, for the person who handed it in.
type Problem struct { //nolint:errname // reads better
	Row    int    // as the person sees it, from 1; 0 if the whole sheet is wrong
	Column string // its header, or its letter; may be empty
	Text   string // Chinese, ends with 。
}

// Error returns the whole text: 第3行“值”：太长。
func (p *Problem) Error() string {
	at := ""
	if p.Row > 0 {
		at = fmt.Sprintf("第%d行", p.Row)
	}
	if p.Column != "" {
		at += "“" + p.Column + "”"
	}
	if at != "" {
		at += "："
	}
	return at + p.Text
}

func wrong(format string, args ...any) error { return &Problem{Text: fmt.Sprintf(format, args...)} }

// Limits are how much of a stranger's spreadsheet is read.
type Limits struct {
	Bytes    int64 // of the upload
	Unzipped int64 // of all its parts together
	Parts    int
	Rows     int // with something in them, the header not counted
	Columns  int
	Chars    int // of one cell
}

// DefaultLimits are those of the console's uploads.
func DefaultLimits() Limits {
	return Limits{Bytes: 5 << 20, Unzipped: 50 << 20, Parts: 100, Rows: 20_000, Columns: 50, Chars: 500}
}

// Table is one sheet: a header and what stands below it.
type Table struct {
	Header []string
	Rows   []Row // those with something in them
}

// Row is one line of a table.
type Row struct {
	N     int               // as the person sees it, from 1
	Cells map[string]string // by header, trimmed; an empty cell is not in it
}

// Require refuses a table that lacks one of the columns: somebody picked the
// wrong file.
func (t Table) Require(columns ...string) error {
	var missing []string
	have := map[string]bool{}
	for _, h := range t.Header {
		have[h] = true
	}
	for _, c := range columns {
		if !have[c] {
			missing = append(missing, "“"+c+"”")
		}
	}
	if len(missing) > 0 {
		return wrong("表头缺少%s，请用导出的表格填写。", strings.Join(missing, "、"))
	}
	return nil
}

// clean is a cell without what no cell should have: spaces around it, full-width
// ones too, bytes that are no text and control characters. Lines are kept.
func clean(s string) string {
	plain := utf8.ValidString(s) && !strings.ContainsFunc(s, unwanted)
	if !plain {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
		s = strings.Map(func(r rune) rune {
			if unwanted(r) {
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s) // U+3000, the full-width space, is one
}

// unwanted are control characters but tab and line feed, and what XML cannot
// hold. The byte order mark is no space to Go, and none to be kept.
func unwanted(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF
}

// guard begins a cell that a spreadsheet could take for a formula. Text that
// has guards before such a beginning gets one more, so that unguard takes
// exactly this one away.
const guard = "'"

func guarded(s string) string {
	if formulaLike(strings.TrimLeft(s, guard)) {
		return guard + s
	}
	return s
}

func unguarded(s string) string {
	if rest, ok := strings.CutPrefix(s, guard); ok && formulaLike(strings.TrimLeft(s, guard)) {
		return rest
	}
	return s
}

// formulaLike reports whether a text begins as formulas do (SECURITY: T15). A
// tab, a carriage return or a NUL never gets here: see clean.
func formulaLike(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@＝＋－＠\t\r\n\x00", r)
}
