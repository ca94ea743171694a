package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// What a spreadsheet of honest size never reaches. The library builds a whole
// tree of some parts, and copies a shared text for each cell of a row before
// anybody sees the row: so its input is measured first.
const (
	mostTags    = 3_000_000 // "<" in all parts together
	mostInRow   = 1_000     // cells of one row
	mostInText  = 64 << 10  // bytes of one shared text
	longestHead = 200       // bytes in which an XML part names its encoding
	longestName = 40        // bytes of a tag's name
)

// findings are what inspection saw: the first formula's cell by the part's file
// name.
type findings map[string]string

// formula returns the first formula of a part, or of any part if nobody knows
// which one is read.
func (f findings) formula(part string) (cell string, found bool) {
	if part != "" {
		cell, found = f[part]
		return cell, found
	}
	for _, cell := range f {
		return cell, true
	}
	return "", false
}

// inspect measures every part of an .xlsx file before the library sees it.
func inspect(b []byte, l Limits) (findings, error) {
	if bytes.HasPrefix(b, []byte("\xD0\xCF\x11\xE0")) {
		return nil, wrong("这是旧的 .xls 文件，或者加了密码，请另存为不加密码的 .xlsx 再试。")
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, wrong("这不是 .xlsx 表格文件。")
	}
	if len(z.File) > l.Parts {
		return nil, unreadable()
	}
	seen, unzipped, tags := findings{}, int64(0), 0
	for _, part := range z.File {
		text, err := unzip(part, l.Unzipped-unzipped)
		if err != nil {
			return nil, err
		}
		unzipped += int64(len(text))
		tags += bytes.Count(text, []byte("<"))
		if tags > mostTags {
			return nil, wrong("表格内容太多，请分成几个文件。")
		}
		if err := seen.look(part.Name, text); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// unzip reads one part of at most most bytes, whatever the directory says of it.
func unzip(part *zip.File, most int64) ([]byte, error) {
	r, err := part.Open()
	if err != nil {
		return nil, unreadable()
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case int64(len(text)) > most:
		return nil, wrong("文件解压后太大。")
	case err != nil:
		return nil, unreadable()
	default:
		return text, nil
	}
}

// look goes through the parts that hold cells and texts.
func (f findings) look(name string, text []byte) error {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	if otherEncoding(text) {
		return unreadable()
	}
	switch {
	case strings.Contains(name, "worksheets/") && strings.HasSuffix(name, ".xml"):
		cell, fits := formulaIn(text)
		if !fits {
			return wrong("有一行的单元格太多。")
		}
		if cell != "" {
			f[path.Base(name)] = cell
		}
	case strings.HasSuffix(name, "sharedstrings.xml"):
		if !textsFit(text) {
			return wrong("有单元格的文字太长。")
		}
	}
	return nil
}

// otherEncoding reports whether an XML part is not in UTF-8: its tags could not
// be recognised.
func otherEncoding(text []byte) bool {
	head := strings.ToLower(string(text[:min(len(text), longestHead)]))
	_, after, named := strings.Cut(head, "encoding=")
	return named && !strings.HasPrefix(strings.Trim(after, `"'`), "utf-8")
}

// tag is one opening or closing tag.
type tag struct {
	name    string // without namespace; begins with ! for comments and the like
	closing bool
	at      int
}

// each goes through the tags of an XML text until see says stop.
func each(text []byte, see func(tag) (more bool)) {
	for at := 0; ; {
		next := bytes.IndexByte(text[at:], '<')
		if next < 0 {
			return
		}
		at += next + 1
		name := tagName(text[at:])
		bare := strings.TrimPrefix(name, "/")
		if !see(tag{bare[strings.IndexByte(bare, ':')+1:], bare != name, at - 1}) {
			return
		}
	}
}

// tagName is what stands between "<" and the first space or the end of a tag.
func tagName(text []byte) string {
	text = text[:min(len(text), longestName)]
	if end := bytes.IndexAny(text[min(1, len(text)):], " \t\r\n/>"); end >= 0 {
		text = text[:end+1]
	}
	return string(text)
}

// formulaIn finds the first cell with a formula, and whether every row has few
// enough cells.
func formulaIn(text []byte) (cell string, fits bool) {
	inRow, last, fits := 0, 0, true
	each(text, func(t tag) bool {
		switch {
		case strings.HasPrefix(t.name, "!"): // a comment could hide a row's end
			fits = false
		case t.closing:
			return t.name != "sheetData"
		case t.name == "row":
			inRow = 0
		case t.name == "c":
			inRow, last = inRow+1, t.at
			fits = inRow <= mostInRow
		case t.name == "f" && cell == "":
			cell = nameOf(text[last:t.at])
		}
		return fits
	})
	return cell, fits
}

// nameOf is the name of the cell whose tag begins a text, such as C7.
func nameOf(text []byte) string {
	_, after, _ := strings.Cut(string(text[:min(len(text), longestHead)]), ` r="`)
	name, _, found := strings.Cut(after, `"`)
	if !found || len(name) > 10 {
		return "?"
	}
	return name
}

// textsFit reports whether no shared text is very long.
func textsFit(text []byte) bool {
	begin, fits := 0, true
	each(text, func(t tag) bool {
		switch {
		case strings.HasPrefix(t.name, "!"):
			fits = false
		case t.name == "si":
			fits = !t.closing || t.at-begin <= mostInText
			begin = t.at
		}
		return fits
	})
	return fits
}
