package wechat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// The limits of a photo. A decoder gives an image the memory that its header
// asks for, and a header is a few bytes: so it is read, and refused, first.
const (
	maxPhoto   = 10 << 20   // bytes, the platform's own limit
	maxPixels  = 50_000_000 // what the largest phones make
	maxSide    = 30_000     // pixels
	maxDecoded = 256 << 20  // bytes an image takes while it is decoded, about
	maxScans   = 64         // of a JPEG: each costs a walk over the whole image
	longSide   = 1600       // pixels of the longer side of what is kept
	quality    = 85         // of the JPEG that is kept
)

// What is wrong with a photo (errors.Is). Sent again it is no better: another
// has to be sent, or this one in another way.
var (
	ErrPhotoKind   = errors.New("wechat: no jpeg, png or gif")
	ErrPhotoSize   = errors.New("wechat: photo is too large")
	ErrPhotoBroken = errors.New("wechat: photo cannot be read")
)

// Photo is a picture as it may be kept: drawn anew, upright, the longer side at
// most 1600 pixels, without what the camera wrote beside it (place, time, name).
type Photo struct {
	JPEG   []byte
	Width  int    // pixels
	Height int    // pixels
	SHA256 string // of JPEG, lower-case hex
}

// Clean reads a picture of at most 10 MiB and 50 million pixels and makes the
// Photo of it. JPEG, PNG and GIF (the first picture) are taken; what a camera
// says of how it was held is applied. The errors match ErrPhotoKind,
// ErrPhotoSize or ErrPhotoBroken, or are those of r. It needs up to 256 MiB of
// memory and a second or two: run few at a time.
func Clean(r io.Reader) (Photo, error) {
	src, err := io.ReadAll(io.LimitReader(r, maxPhoto+1))
	if err != nil {
		return Photo{}, fmt.Errorf("read photo: %w", err)
	}
	if len(src) > maxPhoto {
		return Photo{}, fmt.Errorf("%w: over %d bytes", ErrPhotoSize, maxPhoto)
	}
	f, err := formatOf(src)
	if err != nil {
		return Photo{}, err
	}
	hints, err := f.admit(src)
	if err != nil {
		return Photo{}, err
	}
	img, err := f.decode(bytes.NewReader(src))
	if err != nil {
		return Photo{}, fmt.Errorf("%w: %w", ErrPhotoBroken, err)
	}
	return encode(upright(shrink(img), hints.orientation))
}

// encode makes the Photo of an image.
func encode(img *image.RGBA) (Photo, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return Photo{}, fmt.Errorf("%w: %w", ErrPhotoBroken, err)
	}
	sum := sha256.Sum256(out.Bytes())
	return Photo{
		JPEG: out.Bytes(), Width: img.Rect.Dx(), Height: img.Rect.Dy(), SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

// Within is the photo as a JPEG of at most so many bytes: coarser and, if that is not enough,
// smaller.
func (p Photo) Within(most int) ([]byte, error) {
	if len(p.JPEG) <= most {
		return p.JPEG, nil
	}
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPhotoBroken, err)
	}
	for k := 1; k < longSide; k *= 2 {
		small := boxes(img, k)
		for _, q := range []int{70, 50, 35} {
			var out bytes.Buffer
			if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: q}); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrPhotoBroken, err)
			}
			if out.Len() <= most {
				return out.Bytes(), nil
			}
		}
	}
	return nil, fmt.Errorf("%w: it does not fit %d bytes", ErrPhotoSize, most)
}

// format is a kind of picture.
type format struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// formatOf tells a picture by its first bytes, which is all that counts: names
// and content types are the sender's words.
func formatOf(b []byte) (format, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return format{"jpeg", jpeg.DecodeConfig, jpeg.Decode}, nil
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return format{"png", png.DecodeConfig, png.Decode}, nil
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return format{"gif", gif.DecodeConfig, gif.Decode}, nil
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return format{}, fmt.Errorf("%w but webp", ErrPhotoKind)
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		return format{}, fmt.Errorf("%w but heic or a film", ErrPhotoKind)
	}
	return format{}, ErrPhotoKind
}

// admit looks at what the picture says of itself, before it gets any memory.
func (f format) admit(src []byte) (jpegHints, error) {
	cfg, err := f.config(bytes.NewReader(src))
	if err != nil {
		return jpegHints{}, fmt.Errorf("%w: %w", ErrPhotoBroken, err)
	}
	var hints jpegHints
	if f.name == "jpeg" {
		hints = inspect(src)
	}
	w, h := int64(cfg.Width), int64(cfg.Height)
	switch {
	case w <= 0 || h <= 0:
		return hints, fmt.Errorf("%w: %d by %d pixels", ErrPhotoBroken, w, h)
	case w > maxSide || h > maxSide || w*h > maxPixels:
		return hints, fmt.Errorf("%w: %d by %d pixels", ErrPhotoSize, w, h)
	case w*h*f.weight(cfg.ColorModel, hints) > maxDecoded:
		return hints, fmt.Errorf("%w: %d by %d pixels of its kind", ErrPhotoSize, w, h)
	case hints.scans > maxScans:
		return hints, fmt.Errorf("%w: %d scans", ErrPhotoSize, hints.scans)
	}
	return hints, nil
}

// weight is about how many bytes a pixel takes while it is decoded.
func (f format) weight(m color.Model, hints jpegHints) int64 {
	switch {
	case hints.progressive: // three colours, and their coefficients of four bytes
		return 15
	case f.name == "jpeg" && m != color.YCbCrModel && m != color.GrayModel: // converted at the end
		return 8
	case f.name == "jpeg":
		return 4
	case m == color.RGBA64Model, m == color.NRGBA64Model: // an interlaced one is held twice, in part
		return 12
	case m == color.RGBAModel, m == color.NRGBAModel:
		return 6
	}
	return 2
}
