package main

import (
	"context"

	"github.com/cunkao/cunkao/handlers"
)

// unbindCmd is `cunkao unbind`.
type unbindCmd struct {
	settingsFlag
	personFlags
	Reason string `help:"为什么解绑，如“丢了手机”。" required:""`
	For    string `arg:"" help:"给谁：姓名或编号。" name:"person"`
}

// Run ends the binding of one person; his telephone is told.
func (c *unbindCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		whose, err := a.desk.PersonNamed(ctx, c.For)
		if err != nil {
			return err
		}
		return c.carryOut(ctx, s, a, []string{"unbind", whose, c.Reason}, func(d *handlers.Desk) (string, error) {
			return c.For + "已解绑，原来的微信会收到通知。发新码：cunkao code。", d.Unbind(whose, c.Reason)
		})
	})
}
