package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/sheet"
)

type importHolidaysCmd struct {
	settingsFlag
	As      string `help:"以谁的名义办理：姓名或编号。" required:"" placeholder:"PERSON"`
	Key     string `help:"这次办理的唯一编号（UUID）；重复执行不会重复办理。" placeholder:"UUID"`
	Preview bool   `help:"只看会改哪几天，不入库。"`
	File    string `arg:"" help:"放假安排（csv或xlsx）：日期、类别（休、班）、名称。" type:"existingfile"`
}

// Run takes in the county's own table of days off, or says what it would change.
func (c *importHolidaysCmd) Run(ctx context.Context, s std) error {
	table, digest, err := readTableFile(c.File)
	if err != nil {
		return err
	}
	days, err := handlers.ReadHolidays(table)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		if c.Preview {
			return c.preview(ctx, s, a, days)
		}
		f := personFlags{As: c.As, Key: c.Key}
		return f.carryOut(ctx, s, a, []string{"import holidays", digest}, func(d *handlers.Desk) (string, error) {
			n, err := d.SetHolidays(filepath.Base(c.File), days)
			return fmt.Sprintf("已导入放假安排，改了%d天。", n), err
		})
	})
}

func (c *importHolidaysCmd) preview(ctx context.Context, s std, a *app, days handlers.Holidays) error {
	cmd, err := asked(ctx, a, c.As)
	if err != nil {
		return err
	}
	text, err := a.desk.Look(ctx, cmd, func(v *handlers.View) (string, error) {
		lines, err := v.HolidayChanges(days)
		if len(lines) == 0 {
			return "和现有的安排一样，没有要改的。", err
		}
		return fmt.Sprintf("会改%d天（没有入库）：\n%s", len(lines), strings.Join(lines, "\n")), err
	})
	if err == nil {
		_, err = fmt.Fprintln(s.out, text)
	}
	return err
}

// readTableFile reads a spreadsheet or comma-separated text, by the file's name,
// with the digest of its bytes.
func readTableFile(file string) (t sheet.Table, digest string, err error) {
	if !strings.EqualFold(filepath.Ext(file), ".csv") {
		return readSheet(file)
	}
	src, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return t, "", fmt.Errorf("read the sheet: %w", err)
	}
	sum := sha256.Sum256(src)
	t, err = sheet.ReadCSV(bytes.NewReader(src), sheet.DefaultLimits())
	return t, hex.EncodeToString(sum[:]), err
}

type exportHolidaysCmd struct {
	settingsFlag
	As   string `help:"以谁的名义导出：姓名或编号。" required:"" placeholder:"PERSON"`
	File string `arg:"" help:"写到哪个文件（csv）。"`
}

// Run writes the county's own table of days off.
func (c *exportHolidaysCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		var rows [][]string
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (string, error) {
			days, err := v.Holidays()
			rows = days.Rows()
			return "", err
		})
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := sheet.WriteCSV(&out, append(handlers.HolidayColumns(), "星期"), rows); err != nil {
			return err
		}
		if err := os.WriteFile(c.File, out.Bytes(), 0o600); err != nil {
			return fmt.Errorf("write the sheet: %w", err)
		}
		_, err = fmt.Fprintf(s.out, "已导出%d行到 %s\n", len(rows), c.File)
		return err
	})
}
