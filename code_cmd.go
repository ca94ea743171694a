package main

import (
	"context"
	"fmt"

	"github.com/cunkao/cunkao/calendar"
	"github.com/cunkao/cunkao/config"
	"github.com/cunkao/cunkao/handlers"
)

// codeCmd is `cunkao code`.
type codeCmd struct {
	settingsFlag
	personFlags
	For string `arg:"" help:"给谁：姓名或编号。" name:"person"`
	QR  bool   `help:"同时向微信申请一次性二维码，扫码绑定不用输手机尾号。" name:"qr"`
}

// Run issues a binding code. It is shown once: the database has only its keyed
// hash, so the same key shows it no second time.
func (c *codeCmd) Run(ctx context.Context, s std) error {
	mode := config.Store
	if c.QR {
		mode = config.Serve
	}
	cfg, err := c.read(mode, s)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		codes, err := c.issue(ctx, a)
		if err != nil {
			return err
		}
		until := codes.Expires.In(calendar.Zone).Format("2006-01-02 15:04")
		if _, err := fmt.Fprintf(s.out, "%s的绑定码：%s，%s前有效。\n发给公众号：绑定 %s 手机尾号4位\n", c.For, codes.Code, until, codes.Code); err != nil {
			return err
		}
		if !c.QR {
			return nil
		}
		return c.scanned(ctx, cfg, a, codes, s)
	})
}

func (c *codeCmd) issue(ctx context.Context, a *app) (codes handlers.Codes, err error) {
	whose, err := a.desk.PersonNamed(ctx, c.For)
	if err != nil {
		return codes, err
	}
	cmd, err := c.command(ctx, a, "code", whose)
	if err != nil {
		return codes, err
	}
	_, err = a.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) {
		codes, err = d.IssueCode(whose)
		return "已发绑定码。", err
	})
	if err == nil && codes.Code == "" {
		err = handlers.Refuse("这个 --key 已经发过绑定码，再发请换一个新的。")
	}
	return codes, err
}

// scanned asks the platform for the picture of a one-time code, once the code is
// stored.
func (c *codeCmd) scanned(ctx context.Context, cfg config.Config, a *app, codes handlers.Codes, s std) error {
	client, err := clientOf(cfg, a)
	if err != nil {
		return err
	}
	defer client.Close()
	qr, err := client.SceneQR(ctx, codes.Scene, handlers.CodeLife)
	if err != nil {
		return fmt.Errorf("ask for the picture of a code: %w", err)
	}
	_, err = fmt.Fprintf(s.out, "二维码图片：%s\n", qr.ImageURL)
	return err
}
