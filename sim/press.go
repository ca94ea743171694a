package sim

import (
	"context"
	"strconv"
)

// View taps a button or a link of the menu that opens a page. The account hears
// of it, and its answer is shown to nobody. It opens no window.
func (s *Sim) View(ctx context.Context, openID, address string) error {
	s.mu.Lock()
	id := s.menuIDOf(openID)
	s.mu.Unlock()
	return s.report(ctx, openID, append(event("VIEW", address), pair{name: "MenuId", value: strconv.FormatInt(id, 10), number: true})...)
}

// menuIDOf is the id of the menu that somebody sees. Callers hold the lock.
func (s *Sim) menuIDOf(openID string) int64 {
	if m, ok := s.matching(openID); ok {
		return m.id
	}
	return s.menuID
}

// ScanFor scans a code after a tap on a button that asks for one
// (scancode_waitmsg, scancode_push). Only the first kind is answered; what is
// scanned is not followed.
func (s *Sim) ScanFor(ctx context.Context, openID string, b Button, scene string) (string, error) {
	s.mu.Lock()
	found := scene
	if t, ok := s.tickets[s.ticketOf(scene)]; ok {
		found = t.url
	}
	s.mu.Unlock()
	info := pair{name: "ScanCodeInfo", sub: []pair{{name: "ScanType", value: "qrcode"}, {name: "ScanResult", value: found}}}
	a := action{
		openID: openID, kind: b.Type, fields: append(event(b.Type, b.Key), info),
		show: entry{Type: "note", Pieces: []Piece{{Text: "扫了二维码"}}},
		open: func(p *phone) { p.open(s.now(), true) },
	}
	if b.Type == "scancode_waitmsg" {
		return s.act(ctx, a)
	}
	return "", s.reportAs(ctx, a)
}
