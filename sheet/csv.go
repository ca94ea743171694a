package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV reads comma-separated text as [Read] reads a sheet: UTF-8, or the
// GB 18030 in which a Chinese Excel saves it. A row's number is that of its line
// of text. The error is a *[Problem] unless r cannot be read.
func ReadCSV(r io.Reader, l Limits) (Table, error) {
	b, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	if err != nil {
		return Table{}, fmt.Errorf("read the upload: %w", err)
	}
	if int64(len(b)) > l.Bytes {
		return Table{}, wrong("文件太大，最多%d MB。", l.Bytes>>20)
	}
	if !utf8.Valid(b) {
		if b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b); err != nil {
			return Table{}, unreadableCSV()
		}
	}
	in := csv.NewReader(bytes.NewReader(b))
	in.FieldsPerRecord = -1
	var t Table
	for {
		cells, err := in.Read()
		switch {
		case errors.Is(err, io.EOF) && t.Header == nil:
			return Table{}, wrong("文件是空的。")
		case errors.Is(err, io.EOF):
			return t, nil
		case err != nil:
			return Table{}, unreadableCSV()
		}
		line, _ := in.FieldPos(0)
		if err := take(&t, cells, line, l); err != nil {
			return Table{}, err
		}
	}
}

func unreadableCSV() error {
	return wrong("文件打不开，请另存为 CSV（逗号分隔）再试。")
}

// take adds a line of cells: the first with anything in it is the header.
func take(t *Table, cells []string, n int, l Limits) error {
	if err := tidy(cells, n, t.Header, l); err != nil {
		return err
	}
	switch {
	case blank(cells):
	case t.Header == nil:
		t.Header = cells
		return checkHeader(cells, n)
	case len(t.Rows) == l.Rows:
		return wrong("行数太多，最多%d行。", l.Rows)
	default:
		t.Rows = appendRow(t.Rows, n, t.Header, cells)
	}
	return nil
}
