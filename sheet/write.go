package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Widths of columns, in characters of the default font; a Chinese one takes two.
const (
	narrowest = 8
	widest    = 48
	sampled   = 200 // rows that are looked at for a width
)

// Page is a sheet of plain lines under its name.
type Page struct {
	Name  string
	Lines []string
}

// Write writes one sheet of text cells under a bold header that stays in sight.
// No cell is a number or a formula: what looks like one is guarded, and the
// cells have the text format, so that “97.5%” stays what a person types. Spaces
// around a cell are left out. Pages follow it; whoever reads the file back takes the
// first sheet only.
func Write(w io.Writer, name string, header []string, rows [][]string, pages ...Page) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return fmt.Errorf("name the sheet %q: %w", name, err)
	}
	if err := fill(f, name, header, rows); err != nil {
		return fmt.Errorf("write the sheet %q: %w", name, err)
	}
	for _, p := range pages {
		if _, err := f.NewSheet(p.Name); err != nil {
			return fmt.Errorf("add the sheet %q: %w", p.Name, err)
		}
		lines := make([][]string, len(p.Lines))
		for i, l := range p.Lines {
			lines[i] = []string{l}
		}
		if err := fill(f, p.Name, []string{p.Name}, lines); err != nil {
			return fmt.Errorf("write the sheet %q: %w", p.Name, err)
		}
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write the sheet %q: %w", name, err)
	}
	return nil
}

func fill(f *excelize.File, name string, header []string, rows [][]string) error {
	const textFormat = 49 // @
	bold, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, NumFmt: textFormat,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}},
	})
	if err != nil {
		return err
	}
	plain, err := f.NewStyle(&excelize.Style{NumFmt: textFormat, Alignment: &excelize.Alignment{Vertical: "top"}})
	if err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i := range header {
		if err := sw.SetColWidth(i+1, i+1, width(i, header, rows)); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", cells(header, bold)); err != nil {
		return err
	}
	for i, row := range rows {
		if err := sw.SetRow(fmt.Sprintf("A%d", i+2), cells(row, plain)); err != nil {
			return err
		}
	}
	return sw.Flush()
}

// cells are texts as typed cells. An empty one keeps its format.
func cells(texts []string, style int) []any {
	out := make([]any, len(texts))
	for i, s := range texts {
		cell := excelize.Cell{StyleID: style}
		if s = guarded(clean(s)); s != "" {
			cell.Value = s
		}
		out[i] = cell
	}
	return out
}

// width fits a column to its header and its first rows.
func width(i int, header []string, rows [][]string) float64 { //nolint:forbidigo // the library's type
	n := wide(header[i])
	for _, row := range rows[:min(len(rows), sampled)] {
		if i < len(row) {
			n = max(n, wide(row[i]))
		}
	}
	return float64(min(max(n+2, narrowest), widest)) //nolint:forbidigo // the library's type
}

func wide(s string) int {
	n := 0
	for _, r := range s {
		n++
		if utf8.RuneLen(r) > 2 {
			n++
		}
	}
	return n
}

// WriteCSV writes the same as comma-separated text, with the mark by which
// Excel knows UTF-8.
func WriteCSV(w io.Writer, header []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{header}, rows...) {
		safe := make([]string, len(row))
		for i, s := range row {
			safe[i] = guarded(clean(s))
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
