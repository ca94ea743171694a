package wechat

import (
	"bytes"
	"encoding/binary"
)

// jpegHints are what the segments of a JPEG say that its decoder does not tell.
type jpegHints struct {
	orientation int // 1 to 8; 0 if nothing is said
	progressive bool
	scans       int
}

// The markers of a JPEG that are looked at.
const (
	markSOF2 = 0xc2 // begins a progressive image
	markSOS  = 0xda // begins a scan; what follows is no segments
	markAPP1 = 0xe1 // where cameras write
)

// inspect walks the segments before the first scan. It stops at whatever is
// none: to refuse what is broken is the decoder's.
func inspect(src []byte) jpegHints {
	// In the data of scans 0xFF is followed by 0x00, so what looks like the
	// begin of a scan is one, or stands in the small picture of a camera.
	h := jpegHints{scans: bytes.Count(src, []byte{0xff, markSOS})}
	for b := src[2:]; len(b) >= 4 && b[0] == 0xff && b[1] != markSOS; {
		mark := b[1]
		if mark == 0xff { // a byte between segments
			b = b[1:]
			continue
		}
		size := int(binary.BigEndian.Uint16(b[2:]))
		if size < 2 || len(b) < 2+size {
			break
		}
		switch segment := b[4 : 2+size]; {
		case mark == markSOF2:
			h.progressive = true
		case mark == markAPP1 && h.orientation == 0:
			h.orientation = orientation(segment)
		}
		b = b[2+size:]
	}
	return h
}

// orientation is what a camera says of how it was held, 1 to 8, or 0.
func orientation(segment []byte) int {
	tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		const size, tag, short = 12, 0x0112, 3
		if len(entries) < size {
			return 0
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if n := int(order.Uint16(entries[8:])); n >= 1 && n <= 8 {
				return n
			}
			return 0
		}
		entries = entries[size:]
	}
	return 0
}
