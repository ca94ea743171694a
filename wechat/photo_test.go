package wechat_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/wechat"
)

// checkPhoto checks what holds of every photo and returns its picture.
func checkPhoto(t *testing.T, p wechat.Photo) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s.X != p.Width || s.Y != p.Height || max(s.X, s.Y) > 1600 || min(s.X, s.Y) < 1 {
		t.Errorf("%v, said to be %d by %d", s, p.Width, p.Height)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256(p.JPEG)); p.SHA256 != want {
		t.Errorf("sum %s, want %s", p.SHA256, want)
	}
	for b := p.JPEG[2:]; len(b) > 4 && b[1] != 0xda; b = b[2+int(binary.BigEndian.Uint16(b[2:])):] {
		if b[1] >= 0xe0 && b[1] <= 0xef || b[1] == 0xfe {
			t.Errorf("segment %#x is in it", b[1])
		}
	}
	return img
}

// checkQuarters checks the colours of an upright picture.
func checkQuarters(t *testing.T, img image.Image) {
	t.Helper()
	s := img.Bounds().Size()
	for i, want := range quarters {
		x, y := s.X/4+(i%2)*s.X/2, s.Y/4+(i/2)*s.Y/2
		got := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
		for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
			if d < -30 || d > 30 {
				t.Errorf("quarter %d is %v, want %v", i, got, want)
				break
			}
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	small := picture(64, 32)
	film := &gif.GIF{LoopCount: 1}
	for range 2 {
		p := image.NewPaletted(image.Rect(0, 0, 64, 32), color.Palette{quarters[0], quarters[1], quarters[2], quarters[3]})
		for y := range 32 {
			for x := range 64 {
				p.Set(x, y, small.At(x, y))
			}
		}
		film.Image, film.Delay = append(film.Image, p), append(film.Delay, 1)
	}
	var moving bytes.Buffer
	if err := gif.EncodeAll(&moving, film); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		src  []byte
		w, h int
	}{
		"a jpeg":                         {jpegOf(t, small), 64, 32},
		"a png":                          {pngOf(t, small), 64, 32},
		"a gif":                          {gifOf(t, small), 64, 32},
		"a gif that moves":               {moving.Bytes(), 64, 32},
		"a jpeg with bytes behind":       {append(jpegOf(t, small), canary...), 64, 32},
		"as long as may be":              {jpegOf(t, picture(1600, 900)), 1600, 900},
		"a little longer":                {jpegOf(t, picture(1601, 900)), 1600, 899},
		"half as long again":             {pngOf(t, picture(2400, 1200)), 1600, 800},
		"twice as long, and odd":         {pngOf(t, picture(3201, 1601)), 1600, 800},
		"a phone's, standing":            {jpegOf(t, picture(3000, 4000)), 1200, 1600},
		"a jpeg that a camera turned":    {after(jpegOf(t, picture(32, 64)), segment(0xe1, exif(binary.BigEndian, 1))), 32, 64},
		"an orientation that is none":    {after(jpegOf(t, small), segment(0xe1, exif(binary.LittleEndian, 9))), 64, 32},
		"exif that is cut off":           {after(jpegOf(t, small), segment(0xe1, exif(binary.LittleEndian, 6)[:20])), 64, 32},
		"exif that points beyond":        {after(jpegOf(t, small), segment(0xe1, []byte("Exif\x00\x00II*\x00\xff\xff\xff\xff\x00\x00"))), 64, 32},
		"exif of no known byte order":    {after(jpegOf(t, small), segment(0xe1, []byte("Exif\x00\x00XX*\x00\x08\x00\x00\x00\x00\x00"))), 64, 32},
		"bytes between segments":         {after(jpegOf(t, small), []byte{0xff, 0xff, 0xff}), 64, 32},
		"something else in exif's place": {after(jpegOf(t, small), segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+canary))), 64, 32},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := wechat.Clean(bytes.NewReader(tt.src))
			if err != nil {
				t.Fatal(err)
			}
			if p.Width != tt.w || p.Height != tt.h {
				t.Errorf("%d by %d, want %d by %d", p.Width, p.Height, tt.w, tt.h)
			}
			checkQuarters(t, checkPhoto(t, p))
		})
	}
}

func TestCleanThinPictures(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]image.Point{
		"one row": {20_000, 1}, "one column": {1, 20_000}, "one pixel": {1, 1}, "three rows": {5_000, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := wechat.Clean(bytes.NewReader(pngOf(t, picture(size.X, size.Y))))
			if err != nil {
				t.Fatal(err)
			}
			checkPhoto(t, p)
		})
	}
}

// sides of the eye at which the first row and the first column of what is
// stored are to be seen, as the standard of cameras says it.
var sides = map[uint16][2]string{
	1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
	5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
}

// held is how a camera stores what is seen, if it is held so.
func held(seen *image.RGBA, orientation uint16) *image.RGBA {
	w, h := seen.Rect.Dx(), seen.Rect.Dy()
	stored := image.NewRGBA(seen.Rect)
	if orientation >= 5 {
		stored = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for row := range stored.Rect.Dy() {
		for column := range stored.Rect.Dx() {
			var at image.Point
			for i, n := range []int{row, column} {
				switch sides[orientation][i] {
				case "top":
					at.Y = n
				case "bottom":
					at.Y = h - 1 - n
				case "left":
					at.X = n
				case "right":
					at.X = w - 1 - n
				}
			}
			stored.Set(column, row, seen.At(at.X, at.Y))
		}
	}
	return stored
}

func TestCleanTurnsUpright(t *testing.T) {
	t.Parallel()
	for o := range sides {
		for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
			t.Run(fmt.Sprintf("%d %s endian", o, name), func(t *testing.T) {
				t.Parallel()
				src := after(jpegOf(t, held(picture(96, 48), o)), segment(0xe0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")), segment(0xe1, exif(order, o)))
				p, err := wechat.Clean(bytes.NewReader(src))
				if err != nil {
					t.Fatal(err)
				}
				if p.Width != 96 || p.Height != 48 {
					t.Errorf("%d by %d", p.Width, p.Height)
				}
				checkQuarters(t, checkPhoto(t, p))
			})
		}
	}
}

func TestCleanLeavesNothingOfTheCamera(t *testing.T) {
	t.Parallel()
	img := picture(64, 32)
	comment := gifOf(t, img)
	comment = slices.Insert(comment, len(comment)-1, append(append([]byte{0x21, 0xfe, byte(len(canary))}, canary...), 0)...)
	text := pngOf(t, img)
	text = slices.Insert(text, 33, slices.Concat(
		chunk("tEXt", []byte("Location\x00"+canary)), chunk("eXIf", exif(binary.BigEndian, 1)[6:]), chunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+canary)),
	)...)
	for name, src := range map[string][]byte{
		"exif":                   after(jpegOf(t, img), segment(0xe1, exif(binary.LittleEndian, 1))),
		"xmp":                    after(jpegOf(t, img), segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+canary))),
		"iptc":                   after(jpegOf(t, img), segment(0xed, []byte("Photoshop 3.0\x00"+canary))),
		"a comment":              after(jpegOf(t, img), segment(0xfe, []byte(canary))),
		"behind the end":         append(jpegOf(t, img), canary...),
		"a comment in a gif":     comment,
		"texts in a png":         text,
		"behind the end of png ": append(pngOf(t, img), canary...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !bytes.Contains(src, []byte(canary)) {
				t.Fatal("the canary is not in the picture")
			}
			p, err := wechat.Clean(bytes.NewReader(src))
			if err != nil {
				t.Fatal(err)
			}
			checkPhoto(t, p)
			if bytes.Contains(p.JPEG, []byte(canary[:6])) || bytes.Contains(p.JPEG, []byte("Exif")) {
				t.Error("the canary sings")
			}
		})
	}
}

func TestCleanDrawsOnWhite(t *testing.T) {
	t.Parallel()
	p, err := wechat.Clean(bytes.NewReader(pngOf(t, image.NewNRGBA(image.Rect(0, 0, 16, 16)))))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := checkPhoto(t, p).At(8, 8).RGBA(); min(r, g, b) < 0xf000 {
		t.Errorf("nothing is drawn as %x %x %x", r, g, b)
	}
}

// Each of these is a few bytes that ask for much, and all are refused for their
// size: had the decoder been asked, it would have said that they are cut off.
func TestCleanRefusesBombs(t *testing.T) {
	t.Parallel()
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	_, _ = z.Write(make([]byte, 8<<20))
	_ = z.Close()
	scans := bytes.Repeat([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}, 65)
	for name, src := range map[string][]byte{
		"a png of 400 megapixels":             append(pngHead(20_000, 20_000, 8, 2), chunk("IDAT", zeros.Bytes())...),
		"a png of four thousand megapixels":   pngHead(65_535, 65_535, 8, 2),
		"a png beyond 31 bits of pixels":      pngHead(0x7fffffff, 2, 8, 2),
		"a png of deep colours":               pngHead(6_000, 5_000, 16, 6),
		"a png of one row":                    pngHead(40_000_000, 1, 8, 2),
		"a gif of four thousand megapixels":   []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"),
		"a jpeg of four thousand megapixels":  jpegHead(0xc0, 65_535, 65_535),
		"a jpeg just over fifty megapixels":   jpegHead(0xc0, 10_000, 5_001),
		"a progressive jpeg of 40 megapixels": jpegHead(0xc2, 8_000, 5_000),
		"a jpeg of many scans":                append(jpegHead(0xc2, 64, 64), scans...),
		"more than ten megabytes":             append(jpegOf(t, picture(8, 8)), make([]byte, 10<<20)...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if p, err := wechat.Clean(bytes.NewReader(src)); !errors.Is(err, wechat.ErrPhotoSize) {
				t.Errorf("got %d bytes, %v", len(p.JPEG), err)
			}
		})
	}
}

func TestCleanRefusesOtherKinds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ src, word string }{
		"nothing":            {"", ""},
		"words":              {"hello", ""},
		"a page":             {"<html>", ""},
		"an svg":             {`<svg xmlns="http://www.w3.org/2000/svg"/>`, ""},
		"webp":               {"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp"},
		"heic":               {"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "heic"},
		"a film":             {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "film"},
		"bmp":                {"BM\x36\x00\x00\x00", ""},
		"tiff":               {"II*\x00\x08\x00\x00\x00", ""},
		"a name like a jpeg": {"photo.jpg\xff\xd8\xff", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := wechat.Clean(strings.NewReader(tt.src))
			if !errors.Is(err, wechat.ErrPhotoKind) || !strings.Contains(err.Error(), tt.word) || wechat.ClassOf(err) != wechat.Gone {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCleanBrokenPictures(t *testing.T) {
	t.Parallel()
	img := picture(24, 16)
	for name, src := range map[string][]byte{"jpeg": jpegOf(t, img), "png": pngOf(t, img), "gif": gifOf(t, img)} {
		for n := range src {
			p, err := wechat.Clean(bytes.NewReader(src[:n]))
			if err == nil && len(src)-n > 16 {
				t.Errorf("%s cut off at %d of %d: taken, %d bytes", name, n, len(src), len(p.JPEG))
			}
			if err != nil && !errors.Is(err, wechat.ErrPhotoBroken) && !errors.Is(err, wechat.ErrPhotoKind) {
				t.Errorf("%s cut off at %d: %v", name, n, err)
			}
		}
	}
	for name, src := range map[string][]byte{
		"no pixels":         pngHead(0, 5, 8, 2),
		"a gif of nothing":  []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00;"),
		"a png's head only": pngHead(5, 5, 8, 2),
	} {
		if _, err := wechat.Clean(bytes.NewReader(src)); !errors.Is(err, wechat.ErrPhotoBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := wechat.Clean(failing{}); !errors.Is(err, errBroken) {
		t.Errorf("a reader's error is lost: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

func FuzzClean(f *testing.F) {
	img := picture(24, 16)
	f.Add(jpegOf(f, img))
	f.Add(pngOf(f, img))
	f.Add(gifOf(f, img))
	f.Add(after(jpegOf(f, img), segment(0xe1, exif(binary.LittleEndian, 6))))
	f.Add(jpegHead(0xc2, 64, 64))
	f.Add(pngHead(64, 64, 16, 6))
	f.Fuzz(func(t *testing.T, src []byte) {
		if w, h := claimedSize(src); w*h > 1<<20 {
			t.Skip("a large picture takes a second, for nothing new")
		}
		p, err := wechat.Clean(bytes.NewReader(src))
		if err == nil {
			checkPhoto(t, p)
			return
		}
		if !errors.Is(err, wechat.ErrPhotoBroken) && !errors.Is(err, wechat.ErrPhotoKind) && !errors.Is(err, wechat.ErrPhotoSize) {
			t.Errorf("untyped error %v", err)
		}
	})
}

func claimedSize(src []byte) (w, h int) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return 0, 0
	}
	return cfg.Width, cfg.Height
}
