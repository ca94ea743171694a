package wechat_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// canary stands for what must not leave the photo: where it was taken.
const canary = "N30.123456 E104.654321"

// The colours of the four quarters: left above, right above, left below, right
// below.
var quarters = []color.RGBA{{220, 20, 20, 255}, {20, 200, 20, 255}, {20, 20, 220, 255}, {230, 230, 20, 255}}

// picture is w by h with a colour in each quarter.
func picture(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			q := 0
			if 2*x >= w {
				q = 1
			}
			if 2*y >= h {
				q += 2
			}
			img.SetRGBA(x, y, quarters[q])
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a part of a JPEG.
func segment(mark byte, data []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, mark}, uint16(len(data)+2)), data...)
}

// exif is what a camera writes: how it was held, and where.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 3)
	entry := func(tag, kind uint16, n uint32) {
		b = order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), kind), n)
	}
	entry(0x010f, 2, uint32(len(canary))) // the maker, at the end
	b = order.AppendUint32(b, 50)
	entry(0x0112, 3, 1)
	b = order.AppendUint16(order.AppendUint16(b, orientation), 0)
	entry(0x8825, 4, 1) // GPS
	b = order.AppendUint32(b, 50)
	b = order.AppendUint32(b, 0)
	b = append(b, canary...)
	return append([]byte("Exif\x00\x00"), b...)
}

// after puts segments behind the first two bytes of a JPEG.
func after(src []byte, segments ...[]byte) []byte {
	return append(append(src[:2:2], slices.Concat(segments...)...), src[2:]...)
}

// chunk is a part of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngHead begins a PNG of that size and depth.
func pngHead(w, h uint32, depth, kind byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)
	b = binary.BigEndian.AppendUint32(b, h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(b, depth, kind, 0, 0, 0))...)
}

// jpegHead begins a JPEG of that size.
func jpegHead(mark byte, w, h uint16) []byte {
	b := []byte{8}
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	b = append(b, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1)
	head := append([]byte{0xff, 0xd8}, segment(mark, b)...)
	return append(head, segment(0xda, []byte{3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0})...)
}
