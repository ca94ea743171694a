package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/sheet"
)

// importCmd is `cunkao import`.
type importCmd struct {
	People   importPeopleCmd   `cmd:"" help:"导入人员登记表：镇、村、干部和工作人员，也登记换岗、离任、换手机号。"`
	Holidays importHolidaysCmd `cmd:"" help:"导入本县的放假安排：表里有的年份整年替换。"`
	Fences   importFencesCmd   `cmd:"" help:"导入各村值班地点（位置签到用）：写到的村整村替换。"`
	Facts    importFactsCmd    `cmd:"" help:"导入考核数据表：全部行都对才入库，否则逐行说明。"`
}

// exportCmd is `cunkao export`.
type exportCmd struct {
	People   exportPeopleCmd   `cmd:"" help:"导出人员登记表：现在登记的人；还没有人时是空表。"`
	Holidays exportHolidaysCmd `cmd:"" help:"导出本县的放假安排。"`
	Facts    exportFactsCmd    `cmd:"" help:"导出待填的考核数据表，已有的值沿用。"`
}

type importFactsCmd struct {
	settingsFlag
	personFlags
	Quarter string `help:"哪个季度，如 2026Q3。" placeholder:"QUARTER" required:""`
	File    string `arg:"" help:"考核数据表（xlsx）。" type:"existingfile"`
}

// Run takes in a sheet of facts: all rows or none.
func (c *importFactsCmd) Run(ctx context.Context, s std) error {
	q, err := calendar.ParseQuarter(c.Quarter)
	if err != nil {
		return handlers.Refuse("季度要写成 2026Q3 的样子。")
	}
	table, digest, err := readSheet(c.File)
	if err != nil {
		return err
	}
	rows, err := handlers.FactRows(table)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := c.command(ctx, a, "import facts", q.String(), digest)
		if err != nil {
			return err
		}
		text, err := a.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) {
			n, err := d.ImportFacts(q, filepath.Base(c.File), rows)
			return fmt.Sprintf("已录入%s考核数据%d项。", q.Chinese(), n), err
		})
		if err == nil {
			_, err = fmt.Fprintln(s.out, text)
		}
		return err
	})
}

// readSheet reads a spreadsheet, with the digest of its bytes.
func readSheet(file string) (t sheet.Table, digest string, err error) {
	src, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return t, "", fmt.Errorf("read the sheet: %w", err)
	}
	sum := sha256.Sum256(src)
	t, err = sheet.Read(bytes.NewReader(src), sheet.DefaultLimits())
	return t, hex.EncodeToString(sum[:]), err
}

type exportFactsCmd struct {
	settingsFlag
	As      string `help:"以谁的名义导出：姓名或编号；范围随其职责。" placeholder:"PERSON" required:""`
	Quarter string `help:"哪个季度，如 2026Q3。" placeholder:"QUARTER" required:""`
	File    string `arg:"" help:"写到哪个文件（xlsx）。"`
}

// Run writes the sheet that is to be filled.
func (c *exportFactsCmd) Run(ctx context.Context, s std) error {
	q, err := calendar.ParseQuarter(c.Quarter)
	if err != nil {
		return handlers.Refuse("季度要写成 2026Q3 的样子。")
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		var header []string
		var rows [][]string
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
			header, rows, err = v.ExportFacts(q)
			return "", err
		})
		if err != nil {
			return err
		}
		return writeBook(c.File, len(rows), s, func(w io.Writer) error {
			return sheet.Write(w, "考核数据", header, rows, sheet.Page{Name: "填写说明", Lines: handlers.FactGuide()})
		})
	})
}

// writeBook writes a spreadsheet beside its place and then moves it there, so
// that nobody finds half of one.
func writeBook(file string, n int, s std, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), ".cunkao-*.xlsx")
	if err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	_, err = fmt.Fprintf(s.out, "已导出%d行到 %s\n", n, file)
	return err
}
