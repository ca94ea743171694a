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
	File string `arg:"" help:"人员登记表（xlsx）：填写说明在导出的表里。" type:"existingfile"`
}

// Run brings in people and places, and what has changed of them: all rows or none. The same
// file is brought in once.
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
			done, err := d.Admit(register)
			return done.Words(), err
		})
		if err == nil {
			_, err = fmt.Fprintln(s.out, text)
		}
		return err
	})
}

type exportPeopleCmd struct {
	settingsFlag
	File string `arg:"" help:"写到哪个文件（xlsx）。"`
}

// Run writes the sheet of people as they are registered: to be filled, where there is nobody
// yet, or to be changed.
func (c *exportPeopleCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		var rows [][]string
		_, err := a.desk.Look(ctx, as("export people", ""), func(v *handlers.View) (_ string, err error) {
			rows, err = v.ExportRegister()
			return "", err
		})
		if err != nil {
			return err
		}
		return writeBook(c.File, len(rows), s, func(w io.Writer) error {
			return sheet.Write(w, "人员登记", handlers.RegisterColumns(), rows, sheet.Page{Name: "填写说明", Lines: handlers.RegisterGuide()})
		})
	})
}
