package main

import (
	"context"
	"fmt"
	"io"

	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/sheet"
)

type importPeopleCmd struct {
	settingsFlag
	File string `arg:"" help:"人员登记表（xlsx）：姓名、手机号、镇、村、身份、起始日期、部门。" type:"existingfile"`
}

// Run brings in people and places: all rows or none. The same file is brought in
// once.
func (c *importPeopleCmd) Run(ctx context.Context, s std) error {
	table, digest, err := readSheet(c.File)
	if err != nil {
		return err
	}
	register, err := handlers.ReadRegister(table)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		text, err := a.desk.Do(ctx, as("admit", digest), func(d *handlers.Desk) (string, error) {
			ids, err := d.Admit(register)
			return fmt.Sprintf("已导入%d人。", len(ids)), err
		})
		if err == nil {
			_, err = fmt.Fprintln(s.out, text)
		}
		return err
	})
}

type exportPeopleCmd struct {
	File string `arg:"" help:"写到哪个文件（xlsx）。"`
}

// Run writes the empty sheet that is to be filled.
func (c *exportPeopleCmd) Run(s std) error {
	return writeBook(c.File, 0, s, func(w io.Writer) error {
		return sheet.Write(w, "人员登记", handlers.RegisterColumns(), nil, sheet.Page{Name: "填写说明", Lines: handlers.RegisterGuide()})
	})
}
