package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/wechat"
)

// photoCmd is `cunkao photo`.
type photoCmd struct {
	List photoListCmd `cmd:"" help:"列出一个人的照片：哪份日志、假条、签到、自评的，取到没有。"`
	Show photoShowCmd `cmd:"" help:"把一张照片写成文件；记入日志。"`
}

type photoListCmd struct {
	settingsFlag
	As string `help:"以谁的名义查看：姓名或编号。" required:"" placeholder:"PERSON"`
	Of string `help:"谁的照片：姓名或编号。" required:"" placeholder:"PERSON"`
}

// Run prints the photos of a person.
func (c *photoListCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		cmd, err := asked(ctx, a, c.As)
		if err != nil {
			return err
		}
		of, err := a.desk.PersonNamed(ctx, c.Of)
		if err != nil {
			return err
		}
		var cards []handlers.PhotoCard
		_, err = a.desk.Look(ctx, cmd, func(v *handlers.View) (_ string, err error) {
			cards, err = v.Photos(of)
			return "", err
		})
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "编号\t时间\t哪一项\t状态\t说明")
		for _, p := range cards {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, minute(p.TakenAt), p.Of, bot.PhotoState(p.State), p.Problem)
		}
		return w.Flush()
	})
}

type photoShowCmd struct {
	settingsFlag
	personFlags
	Reason string `help:"为什么要看；记入日志。" required:""`
	To     string `help:"写到哪个文件；不写就是“编号.jpg”。" placeholder:"FILE"`
	ID     string `arg:"" help:"照片的编号。"`
}

// Run writes one photo to a new file.
func (c *photoShowCmd) Run(ctx context.Context, s std) error {
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		var jpeg []byte
		cmd, err := c.command(ctx, a, "photo", c.ID, c.Reason)
		if err != nil {
			return err
		}
		_, err = a.desk.Do(ctx, cmd, func(d *handlers.Desk) (_ string, err error) {
			jpeg, err = d.OpenPhoto(c.ID, c.Reason)
			return "照片已取出。", err
		})
		switch {
		case err != nil:
			return err
		case jpeg == nil: // each look is on record by itself
			return handlers.Refuse("这个 --key 已经用来看过一次，再看请换一个新的。")
		}
		file := c.To
		if file == "" {
			file = c.ID + ".jpg"
		}
		if err := writeNew(file, jpeg); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "照片已写到 %s（%d字节）；这次查看已记入日志。\n", file, len(jpeg))
		return err
	})
}

// writeNew writes a file that nobody else may read, and none that is there already.
func writeNew(file string, b []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names it
	if err != nil {
		return fmt.Errorf("write the photo: %w", err)
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the photo: %w", err)
	}
	return nil
}

type importFencesCmd struct {
	settingsFlag
	personFlags
	File string `arg:"" help:"各村值班地点（csv或xlsx）：村、纬度、经度、半径（米）、坐标系（gcj02、wgs84）；村名有重的加镇。" type:"existingfile"`
}

// Run takes in where the villages' cadres are on duty, in the place of what the named
// villages had.
func (c *importFencesCmd) Run(ctx context.Context, s std) error {
	entries, digest, err := readFences(c.File)
	if err != nil {
		return err
	}
	return withDesk(ctx, c.settingsFlag, s, func(a *app) error {
		return c.carryOut(ctx, s, a, []string{"import fences", digest}, func(d *handlers.Desk) (string, error) {
			return fmt.Sprintf("已导入%d个值班地点。", len(entries)), d.SetFences(filepath.Base(c.File), entries)
		})
	})
}

// readFences reads a sheet of fences, in degrees of WGS-84.
func readFences(file string) (entries []handlers.FenceEntry, digest string, err error) {
	table, digest, err := readTableFile(file)
	if err != nil {
		return nil, "", err
	}
	if entries, err = handlers.ReadFences(table); err != nil {
		return nil, "", err
	}
	for i, e := range entries {
		at := wechat.PointOf(e.Spot.Latitude, e.Spot.Longitude, wechat.System(e.System)).In(wechat.WGS84)
		entries[i].Spot.Latitude, entries[i].Spot.Longitude = at.Millionths()
		entries[i].System = string(at.System)
	}
	return entries, digest, nil
}
