package sheet

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Read reads the first sheet of an .xlsx file. Its first row with anything in it
// is the header; rows and columns without text are left out. A formula is
// refused, as what stands in its cell may be out of date. The error is a
// *[Problem] unless r cannot be read.
func Read(r io.Reader, l Limits) (Table, error) {
	b, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return Table{}, fmt.Errorf("read the upload: %w", err)
	}
	if int64(len(b)) > l.Bytes {
		return Table{}, wrong("文件太大，最多%d MB。", l.Bytes>>20)
	}
	seen, err := inspect(b, l)
	if err != nil {
		return Table{}, err
	}
	return read(b, seen, l)
}

func unreadable() error {
	return wrong("文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再试。")
}

// read hands bytes that passed inspection to the library. What the library
// panics at, it cannot read.
func read(b []byte, seen findings, l Limits) (t Table, err error) {
	defer func() {
		if recover() != nil {
			t, err = Table{}, unreadable()
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{
		// The same limit for one part: so nothing is spilled to files.
		UnzipSizeLimit: l.Unzipped, UnzipXMLSizeLimit: l.Unzipped,
	})
	if err != nil {
		return Table{}, unreadable()
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return Table{}, unreadable()
	}
	if cell, found := seen.formula(firstPart(f)); found {
		return Table{}, wrong("单元格%s是公式，请改为数值或文字（复制后选“只粘贴值”）。", cell)
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return Table{}, unreadable()
	}
	defer rows.Close()
	return collect(rows, l)
}

// firstPart is the file name of the first sheet's part, or empty.
func firstPart(f *excelize.File) string {
	if f.WorkBook == nil || len(f.WorkBook.Sheets.Sheet) == 0 {
		return ""
	}
	raw, _ := f.Pkg.Load("xl/_rels/workbook.xml.rels")
	rels, _ := raw.([]byte)
	id := regexp.QuoteMeta(f.WorkBook.Sheets.Sheet[0].ID)
	of := regexp.MustCompile(`\sId=["']` + id + `["']`)
	target := regexp.MustCompile(`\sTarget=["']([^"']*)["']`)
	for _, rel := range regexp.MustCompile(`<[^<>]*>`).FindAll(rels, -1) {
		if m := target.FindSubmatch(rel); m != nil && of.Match(rel) {
			return path.Base(string(m[1]))
		}
	}
	return ""
}

// collect reads the rows within the limits.
func collect(rows *excelize.Rows, l Limits) (Table, error) {
	var t Table
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return Table{}, unreadable()
		}
		if n > 5*l.Rows { // blank ones count here: they cost time too
			return Table{}, wrong("行数太多，最多%d行。", l.Rows)
		}
		if err := tidy(cells, n, t.Header, l); err != nil {
			return Table{}, err
		}
		switch {
		case blank(cells):
		case t.Header == nil:
			t.Header = slices.Clone(cells)
			if err := checkHeader(t.Header, n); err != nil {
				return Table{}, err
			}
		case len(t.Rows) == l.Rows:
			return Table{}, wrong("行数太多，最多%d行。", l.Rows)
		default:
			t.Rows = appendRow(t.Rows, n, t.Header, cells)
		}
	}
	if err := rows.Error(); err != nil {
		return Table{}, unreadable()
	}
	if t.Header == nil {
		return Table{}, wrong("第一张工作表是空的。")
	}
	t.Header = slices.DeleteFunc(t.Header, func(h string) bool { return h == "" })
	return t, nil
}

// tidy cleans the cells of row n in place, and refuses what is too wide or long.
func tidy(cells []string, n int, header []string, l Limits) error {
	for i, cell := range cells {
		cells[i] = unguarded(clean(cell))
		switch {
		case cells[i] == "":
		case i >= l.Columns:
			return &Problem{Row: n, Text: fmt.Sprintf("列数太多，最多%d列。", l.Columns)}
		case utf8.RuneCountInString(cells[i]) > l.Chars:
			return &Problem{Row: n, Column: columnName(header, i), Text: fmt.Sprintf("太长，最多%d个字。", l.Chars)}
		}
	}
	return nil
}

func columnName(header []string, i int) string {
	if i < len(header) && header[i] != "" {
		return header[i]
	}
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return ""
	}
	return name + "列"
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != "" })
}

// checkHeader refuses two columns of one name: nobody could tell which counts.
func checkHeader(header []string, n int) error {
	seen := map[string]bool{}
	for _, h := range header {
		if h != "" && seen[h] {
			return &Problem{Row: n, Column: h, Text: "表头里这一列出现了两次。"}
		}
		seen[h] = true
	}
	return nil
}

// appendRow takes the cells that stand below a header; others are remarks.
func appendRow(rows []Row, n int, header, cells []string) []Row {
	row := Row{N: n, Cells: make(map[string]string, len(cells))}
	for i, cell := range cells {
		if cell != "" && i < len(header) && header[i] != "" {
			row.Cells[header[i]] = cell
		}
	}
	if len(row.Cells) == 0 {
		return rows
	}
	return append(rows, row)
}
