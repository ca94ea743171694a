package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/cunkao/cunkao/sheet"
	"github.com/cunkao/cunkao/testkit"
)

func write(tb testing.TB, header []string, rows [][]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := sheet.Write(&b, "考核数据", header, rows); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte) (sheet.Table, error) {
	return sheet.Read(bytes.NewReader(b), sheet.DefaultLimits())
}

func TestWrittenSheetIsReadBack(t *testing.T) {
	t.Parallel()
	b := write(t, []string{"村", "值", "说明"}, [][]string{
		{"东村", "97.5%", "=HYPERLINK(\"http://x\",\"点我\")"},
		{"", "", ""},
		{"　西村 ", "０．８２", "+86、@SUM(A1)\n第二行"},
		{"北村", "", "'先有引号"},
	})
	got, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	want := sheet.Table{Header: []string{"村", "值", "说明"}, Rows: []sheet.Row{
		{N: 2, Cells: map[string]string{"村": "东村", "值": "97.5%", "说明": "=HYPERLINK(\"http://x\",\"点我\")"}},
		{N: 4, Cells: map[string]string{"村": "西村", "值": "０．８２", "说明": "+86、@SUM(A1)\n第二行"}},
		{N: 5, Cells: map[string]string{"村": "北村", "说明": "'先有引号"}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// What is dangerous is text in the file, and begins with an apostrophe.
func TestNothingWrittenIsAFormula(t *testing.T) {
	t.Parallel()
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "＝1", "＋1", "－1", "＠x", "'=1", " =1"}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, []string{"甲"}, column(evil))))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, []string{"甲"}, column(evil)); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\uFEFF")
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(lines) != len(evil)+1 {
		t.Fatalf("csv: %d lines, %v", len(lines), err)
	}
	for i, s := range evil {
		cell := fmt.Sprintf("A%d", i+2)
		got, _ := f.GetCellValue("考核数据", cell)
		formula, _ := f.GetCellFormula("考核数据", cell)
		kind, _ := f.GetCellType("考核数据", cell)
		if !strings.HasPrefix(got, "'") || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%q is written as %q (formula %q, type %v)", s, got, formula, kind)
		}
		if !strings.HasPrefix(lines[i+1][0], "'") {
			t.Errorf("%q is %q in csv", s, lines[i+1][0])
		}
	}
}

func column(cells []string) [][]string {
	rows := make([][]string, len(cells))
	for i, c := range cells {
		rows[i] = []string{c}
	}
	return rows
}

func TestAnyTextSurvivesTheRoundTrip(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("'=+-@＝＋－＠ \t\n　a村1,\"<&_x0041;%")), 0, 12, -1),
		rapid.StringN(0, 20, 80),
	)
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SliceOfN(text, 1, 4).Draw(rt, "cells")
		var b bytes.Buffer
		if err := sheet.Write(&b, "x", []string{"头"}, column(in)); err != nil {
			rt.Fatal(err)
		}
		once, err := read(b.Bytes())
		if err != nil {
			rt.Fatal(err)
		}
		var rows [][]string
		for _, r := range once.Rows {
			rows = append(rows, []string{r.Cells["头"]})
			want := tidy(in[r.N-2])
			if r.Cells["头"] != want {
				rt.Fatalf("row %d: %q became %q", r.N, want, r.Cells["头"])
			}
		}
		for i, s := range in {
			if tidy(s) != "" && !strings.Contains(fmt.Sprint(rows), tidy(s)) {
				rt.Fatalf("row %d is lost: %q", i, s)
			}
		}
	})
}

// tidy says in other words what a cell keeps.
func tidy(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var out []rune
	for _, r := range s {
		control := r < 0x20 && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0
		if !control && r != 0xFEFF && r != 0xFFFE && r != 0xFFFF {
			out = append(out, r)
		}
	}
	return strings.TrimSpace(string(out))
}

// book makes a workbook by the library, as others' programs would.
func book(tb testing.TB, fill func(f *excelize.File)) []byte {
	tb.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func set(tb testing.TB, f *excelize.File, cell string, v any) {
	tb.Helper()
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		tb.Fatal(err)
	}
}

func TestNumbersAreReadAsTheyAreSeen(t *testing.T) {
	t.Parallel()
	b := book(t, func(f *excelize.File) {
		percent, err := f.NewStyle(&excelize.Style{NumFmt: 10})
		if err != nil {
			t.Fatal(err)
		}
		set(t, f, "A3", "值")
		set(t, f, "A4", 0.82)
		set(t, f, "A5", 12)
		set(t, f, "A6", 0.975)
		if err := f.SetCellStyle("Sheet1", "A6", "A6", percent); err != nil {
			t.Fatal(err)
		}
		set(t, f, "C6", "没有表头的备注")
	})
	got, err := read(b)
	if err != nil {
		t.Fatal(err)
	}
	want := sheet.Table{Header: []string{"值"}, Rows: []sheet.Row{
		{N: 4, Cells: map[string]string{"值": "0.82"}},
		{N: 5, Cells: map[string]string{"值": "12"}},
		{N: 6, Cells: map[string]string{"值": "97.50%"}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestSheetsThatAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		bytes []byte
		want  string
	}{
		"no spreadsheet":  {[]byte("村,值\n东村,1\n"), "这不是 .xlsx 表格文件。"},
		"nothing":         {nil, "这不是 .xlsx 表格文件。"},
		"an old one":      {append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...), "这是旧的 .xls 文件，或者加了密码，请另存为不加密码的 .xlsx 再试。"},
		"another zip":     {archive(t, map[string]string{"a.txt": "hello"}), "文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再试。"},
		"too many bytes":  {make([]byte, 5<<20+1), "文件太大，最多5 MB。"},
		"an empty sheet":  {book(t, func(*excelize.File) {}), "第一张工作表是空的。"},
		"a column twice":  {write(t, []string{"村", "值", "村"}, nil), "第1行“村”：表头里这一列出现了两次。"},
		"a long cell":     {write(t, []string{"村", "说明"}, [][]string{{"东村", strings.Repeat("长", 501)}}), "第2行“说明”：太长，最多500个字。"},
		"too many column": {write(t, make51(), nil), "第1行：列数太多，最多50列。"},
		"too many rows":   {write(t, []string{"村"}, column(slicesRepeat("东村", 20_001))), "行数太多，最多20000行。"},
		"a formula": {book(t, func(f *excelize.File) {
			set(t, f, "A1", "值")
			if err := f.SetCellFormula("Sheet1", "A2", "=1+1"); err != nil {
				t.Fatal(err)
			}
		}), "单元格A2是公式，请改为数值或文字（复制后选“只粘贴值”）。"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(test.bytes)
			p, ok := errors.AsType[*sheet.Problem](err)
			if !ok || p.Error() != test.want {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func make51() []string {
	out := make([]string, 51)
	for i := range out {
		out[i] = fmt.Sprintf("列%d", i)
	}
	return out
}

func slicesRepeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func TestFormulaOfAnotherSheetIsNoMatter(t *testing.T) {
	t.Parallel()
	b := book(t, func(f *excelize.File) {
		set(t, f, "A1", "值")
		set(t, f, "A2", "1")
		if _, err := f.NewSheet("说明"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula("说明", "A1", "=1+1"); err != nil {
			t.Fatal(err)
		}
	})
	got, err := read(b)
	if err != nil || len(got.Rows) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestRequireNamesTheColumnsThatAreMissing(t *testing.T) {
	t.Parallel()
	table := sheet.Table{Header: []string{"村", "值"}}
	if err := table.Require("值", "村"); err != nil {
		t.Error(err)
	}
	err := table.Require("编号", "值", "姓名")
	if err == nil || err.Error() != "表头缺少“编号”、“姓名”，请用导出的表格填写。" {
		t.Error(err)
	}
}

// archive makes a zip of named texts.
func archive(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		method := zip.Deflate
		if text == "" { // 60,000 compressors are slow
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// with replaces or adds one part of a good workbook.
func with(tb testing.TB, name, text string) []byte {
	tb.Helper()
	good := book(tb, func(f *excelize.File) {
		set(tb, f, "A1", "值")
		set(tb, f, "A2", "1")
	})
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		tb.Fatal(err)
	}
	parts := map[string]string{}
	for _, p := range z.File {
		r, err := p.Open()
		if err != nil {
			tb.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		parts[p.Name] = string(b)
	}
	parts[name] = text
	return archive(tb, parts)
}

func sheetXML(data string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + data + `</sheetData></worksheet>`
}

// F073: what unzips to far more than it is must not cost time or memory.
func TestBombsAreRefusedQuickly(t *testing.T) {
	t.Parallel()
	const page = "xl/worksheets/sheet1.xml"
	sst := func(s string) string {
		return `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + s + `</sst>`
	}
	many := map[string]string{}
	for i := range 60_000 {
		many[fmt.Sprintf("p%d", i)] = ""
	}
	tests := map[string][]byte{
		"unzips to 60 MB":  with(t, page, strings.Repeat(" ", 60<<20)),
		"60,000 parts":     archive(t, many),
		"empty texts":      with(t, "xl/sharedStrings.xml", sst(strings.Repeat("<si/>", 3_100_000))),
		"one long text":    with(t, "xl/sharedStrings.xml", sst("<si><t>"+strings.Repeat("长", 1<<20)+"</t></si>")),
		"a hidden text":    with(t, "xl/sharedStrings.xml", sst("<si><!--<si></si>--></si>")),
		"empty rows":       with(t, page, sheetXML(strings.Repeat("<row/>", 3_100_000))),
		"one wide row":     with(t, page, sheetXML("<row>"+strings.Repeat(`<c t="s"><v>0</v></c>`, 100_000)+"</row>")),
		"a far column":     with(t, page, sheetXML(strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 100_000))),
		"a far row":        with(t, page, sheetXML(`<row r="1048576"><c><v>1</v></c></row>`)),
		"another encoding": with(t, page, `<?xml version="1.0" encoding="UTF-16"?>`+sheetXML("")),
	}
	for name, b := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			got, err := sheet.Read(bytes.NewReader(b), sheet.Limits{Bytes: 20 << 20, Unzipped: 50 << 20, Parts: 100, Rows: 20_000, Columns: 50, Chars: 500})
			if _, ok := errors.AsType[*sheet.Problem](err); !ok {
				t.Errorf("%d rows, %v", len(got.Rows), err)
			}
			if took := time.Since(began); took > 5*time.Second && !testkit.Raced {
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(write(f, []string{"村", "值"}, [][]string{{"东村", "1"}}))
	f.Add(book(f, func(x *excelize.File) { set(f, x, "B2", 1.5) }))
	f.Add([]byte("PK\x03\x04"))
	small := sheet.Limits{Bytes: 1 << 16, Unzipped: 1 << 20, Parts: 50, Rows: 100, Columns: 20, Chars: 100}
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := sheet.Read(bytes.NewReader(b), small)
		if _, ok := errors.AsType[*sheet.Problem](err); err != nil && !ok {
			t.Errorf("%T is no text for a person: %v", err, err)
		}
		if len(table.Rows) > small.Rows || len(table.Header) > small.Columns {
			t.Errorf("%d rows, %d columns", len(table.Rows), len(table.Header))
		}
	})
}

// FuzzSheetXML feeds the part that holds the cells, which random bytes of a zip
// hardly ever reach.
func FuzzSheetXML(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>值</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>`)
	f.Add(`<row><c t="s"><v>7</v></c></row><row r="-1"><c r="A0"/></row>`)
	small := sheet.Limits{Bytes: 1 << 20, Unzipped: 4 << 20, Parts: 50, Rows: 100, Columns: 20, Chars: 100}
	f.Fuzz(func(t *testing.T, data string) {
		_, err := sheet.Read(bytes.NewReader(with(t, "xl/worksheets/sheet1.xml", sheetXML(data))), small)
		if _, ok := errors.AsType[*sheet.Problem](err); err != nil && !ok {
			t.Errorf("%T: %v", err, err)
		}
	})
}
