package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cunkao/cunkao/bot"
	"github.com/cunkao/cunkao/handlers"
	"github.com/cunkao/cunkao/sim"
)

// picture is what a phone sends: a jpeg, or a sticker that moves (gif).
func picture(kind string) ([]byte, error) {
	img := image.NewPaletted(image.Rect(0, 0, 640, 480), color.Palette{color.White, color.RGBA{G: 120, A: 255}})
	for i := range img.Pix {
		img.Pix[i] = uint8(i / 320 % 2)
	}
	var out bytes.Buffer
	if kind == "gif" {
		err := gif.Encode(&out, img, nil)
		return out.Bytes(), err
	}
	err := jpeg.Encode(&out, img, nil)
	return out.Bytes(), err
}

// sendPicture is `photo NAME [gif]`.
func sendPicture(ctx context.Context, s *stage, a []string) (string, error) {
	b, err := picture(a[len(a)-1])
	if err != nil {
		return "", err
	}
	return s.send(ctx, a[0], func(id string) (string, error) { return s.sim.SendPhoto(ctx, id, b) })
}

// sendPlace is `place NAME PLACE`.
func sendPlace(ctx context.Context, s *stage, a []string) (string, error) {
	places := simPlaces()
	i := slices.IndexFunc(places, func(p sim.Place) bool { return p.Name == a[1] })
	if i < 0 {
		return "", errors.New("no place is called " + a[1])
	}
	return s.send(ctx, a[0], func(id string) (string, error) { return s.sim.SendLocation(ctx, id, places[i]) })
}

// listPhotos is `photos NAME`: one's own photos.
func listPhotos(ctx context.Context, s *stage, a []string) (string, error) {
	var lines []string
	who := s.id(a[0])
	_, err := s.desk.Look(ctx, handlers.Command{Key: "photos", Who: handlers.Who{OpenID: who}}, func(v *handlers.View) (string, error) {
		cards, err := v.Photos(v.Who.ID)
		for _, p := range cards {
			lines = append(lines, p.Of+" "+bot.PhotoState(p.State))
		}
		return "", err
	})
	return strings.Join(lines, "\n"), err
}

// setFences is `fences NAME LINE…`: lines of the sheet, in the name of somebody of the town.
func setFences(ctx context.Context, s *stage, a []string) (string, error) {
	dir, err := os.MkdirTemp("", "fences")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "fences.csv")
	lines := append([]string{strings.Join(handlers.FenceColumns(), ",")}, a[1:]...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	entries, digest, err := readFences(file)
	if err != nil {
		return "", err
	}
	who, err := s.desk.PersonNamed(ctx, a[0])
	if err != nil {
		return "", err
	}
	cmd := handlers.Command{Key: "fences:" + digest, Digest: digest, Who: handlers.Who{PersonID: who}, Channel: handlers.ByCommand}
	return s.desk.Do(ctx, cmd, func(d *handlers.Desk) (string, error) { return "已导入", d.SetFences("fences.csv", entries) })
}
