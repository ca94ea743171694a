package sheet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/cunkao/cunkao/sheet"
)

func TestReadCSV(t *testing.T) {
	t.Parallel()
	rows := []sheet.Row{
		{N: 2, Cells: map[string]string{"日期": "2027-02-05", "类别": "休", "名称": "春节"}},
		{N: 4, Cells: map[string]string{"日期": "2027-02-13", "类别": "班", "名称": "=春节"}},
	}
	text := "日期,类别,名称\r\n2027-02-05, 休 ,春节\r\n,,\r\n2027-02-13,班,'=春节\r\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{"UTF-8": text, "with a mark": "\uFEFF" + text, "GBK": gbk, "one line end": strings.ReplaceAll(text, "\r", "")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := sheet.ReadCSV(strings.NewReader(src), sheet.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			want := sheet.Table{Header: []string{"日期", "类别", "名称"}, Rows: rows}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadCSVRefuses(t *testing.T) {
	t.Parallel()
	limits := sheet.Limits{Bytes: 100, Rows: 2, Columns: 3, Chars: 5}
	for name, test := range map[string]struct{ src, want string }{
		"nothing":             {"", "文件是空的。"},
		"only blank lines":    {",,\n\n", "文件是空的。"},
		"an open quote":       {"a,\"b\n", "文件打不开"},
		"too large":           {strings.Repeat("a", 101), "文件太大"},
		"too many rows":       {"a\n1\n2\n3\n", "行数太多"},
		"too many columns":    {"a,b,c,d\n", "列数太多"},
		"too long a cell":     {"a\n123456\n", "第2行“a”：太长"},
		"a column of no name": {"a,a\n", "两次"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sheet.ReadCSV(strings.NewReader(test.src), limits)
			if _, ok := errors.AsType[*sheet.Problem](err); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("日期,类别\n2027-02-05,休\n"))
	f.Add([]byte("\xc8\xd5\xc6\xda,\"a\"\"b\"\n"))
	limits := sheet.Limits{Bytes: 1 << 10, Rows: 20, Columns: 10, Chars: 50}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := sheet.ReadCSV(bytes.NewReader(src), limits)
		if _, ok := errors.AsType[*sheet.Problem](err); err != nil && !ok {
			t.Fatalf("a fault: %v", err)
		}
		if len(got.Rows) > limits.Rows {
			t.Fatalf("%d rows", len(got.Rows))
		}
	})
}
