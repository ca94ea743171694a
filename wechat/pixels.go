package wechat

import (
	"image"
	stddraw "image/draw"

	"golang.org/x/image/draw"
)

// shrink draws src on white, its longer side at most longSide. It goes by
// strips, and by whole pixels as far as they go, so that a large picture is
// never held a second time; only the last step, less than one half, is between
// pixels.
func shrink(src image.Image) *image.RGBA {
	size := src.Bounds().Size()
	long := max(size.X, size.Y)
	small := boxes(src, max(1, long/longSide))
	if long <= longSide {
		return small
	}
	w, h := size.X*longSide/long, size.Y*longSide/long
	out := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	draw.ApproxBiLinear.Scale(out, out.Rect, small, small.Rect, draw.Src, nil)
	return out
}

// boxes makes one pixel of each k by k of src, their mean. At the right and the
// lower edge there may be fewer.
func boxes(src image.Image, k int) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, (b.Dx()+k-1)/k, (b.Dy()+k-1)/k))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(k, b.Dy())))
	for y := range out.Rect.Dy() {
		rows := min(k, b.Dy()-y*k)
		area := image.Rect(0, 0, b.Dx(), rows)
		stddraw.Draw(strip, area, image.White, image.Point{}, stddraw.Src)
		stddraw.Draw(strip, area, src, image.Pt(b.Min.X, b.Min.Y+y*k), stddraw.Over)
		for x := range out.Rect.Dx() {
			mean(out.Pix[out.PixOffset(x, y):], strip, image.Rect(x*k, 0, min(x*k+k, b.Dx()), rows))
		}
	}
	return out
}

// mean writes the mean of an area of opaque pixels to dst.
func mean(dst []byte, src *image.RGBA, area image.Rectangle) {
	var r, g, b uint32
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := src.Pix[src.PixOffset(area.Min.X, y):src.PixOffset(area.Max.X, y)]
		for ; len(row) >= 4; row = row[4:] {
			r, g, b = r+uint32(row[0]), g+uint32(row[1]), b+uint32(row[2])
		}
	}
	n := uint32(area.Dx() * area.Dy()) //nolint:gosec // at most maxSide/longSide squared
	dst[0], dst[1], dst[2], dst[3] = byte(r/n&0xff), byte(g/n&0xff), byte(b/n&0xff), 0xff
}

// upright turns an image as it was seen, by what its camera said: 1 to 8, of
// which 5 to 8 lie on their side.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			to := place(orientation, x, y, w, h)
			from := src.PixOffset(x, y)
			copy(out.Pix[out.PixOffset(to.X, to.Y):], src.Pix[from:from+4])
		}
	}
	return out
}

// place is where the pixel at x, y of a stored image, w by h, is to be seen.
func place(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2: // mirrored
		return image.Pt(w-1-x, y)
	case 3: // upside down
		return image.Pt(w-1-x, h-1-y)
	case 4: // upside down and mirrored
		return image.Pt(x, h-1-y)
	case 5: // on its side and mirrored
		return image.Pt(y, x)
	case 6: // on its side, to be turned to the right
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8: // on its side, to be turned to the left
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}
