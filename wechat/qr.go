package wechat

import (
	"context"
	"errors"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/silenceper/wechat/v2/officialaccount/basic"
	sdk "github.com/silenceper/wechat/v2/officialaccount/context"
)

// QR is a code that says through which scene somebody came.
type QR struct {
	Ticket   string
	URL      string // what the code says: to draw it without the platform
	ImageURL string // a picture of it, for whoever has the address
}

// SceneQR makes a temporary code. Whoever scans it brings scene along (1 to 64
// characters) until expire has passed (a second to 30 days). A scan proves no
// more than that somebody saw the code: scene should be unguessable and used
// once.
func (c *Client) SceneQR(ctx context.Context, scene string, expire time.Duration) (QR, error) {
	if n := utf8.RuneCountInString(scene); n < 1 || n > maxScene {
		return QR{}, invalid("scene of %d characters", n)
	}
	if expire < time.Second || expire > maxQRLifeDays*24*time.Hour {
		return QR{}, invalid("scene for %v", expire)
	}
	a, err := c.call(ctx, "qrcode/create", func(s *sdk.Context) error {
		_, err := basic.NewBasic(s).GetQRTicket(basic.NewTmpQrRequest(expire, scene))
		return err
	})
	if err != nil {
		return QR{}, err
	}
	if a.Ticket == "" {
		return QR{}, errors.New("wechat qrcode/create: answer without a ticket")
	}
	return QR{
		Ticket: a.Ticket, URL: a.URL,
		ImageURL: c.images + "/cgi-bin/showqrcode?ticket=" + url.QueryEscape(a.Ticket),
	}, nil
}
