package wechat

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const (
	mediaAPI   = "media/get"
	maxMediaID = 256
	// slower is how much longer than a call a download may take.
	slower = 3
)

// Media downloads the photo that a user has sent and makes what may be kept of
// it, JPEG or PNG: see Clean for limits and errors. The id is the MediaID of an image
// message and lives for three days (then 40007, whose class is Gone): it should
// be had at once. The address in PicURL is not used: it leads anywhere, and
// says nothing of how long. A download may take three times a call's timeout.
func (c *Client) Media(ctx context.Context, mediaID string) (Photo, error) {
	if mediaID == "" || len(mediaID) > maxMediaID || clean(mediaID) != mediaID {
		return Photo{}, invalid("media id of %d bytes", len(mediaID))
	}
	a, err := c.withToken(ctx, slower*c.timeout, func(ctx context.Context, token string) (answer, error) {
		a, err := c.download(ctx, token, mediaID)
		if err != nil {
			return answer{}, c.clean(err, token)
		}
		return a, nil
	})
	if err != nil {
		return Photo{}, err
	}
	switch {
	case a.VideoURL != "":
		return Photo{}, fmt.Errorf("wechat %s: %w but a film", mediaAPI, ErrPhotoKind)
	case a.binary == nil:
		return Photo{}, fmt.Errorf("wechat %s: answer without a picture", mediaAPI)
	}
	if f, err := formatOf(a.binary); err == nil && f.name == "gif" { // a sticker, no photo
		return Photo{}, fmt.Errorf("wechat %s: %w but a gif", mediaAPI, ErrPhotoKind)
	}
	// One at a time: two pictures of the largest kind are half a gigabyte.
	select {
	case c.drawing <- struct{}{}:
		defer func() { <-c.drawing }()
	case <-ctx.Done():
		return Photo{}, fmt.Errorf("wechat %s: %w", mediaAPI, ctx.Err())
	}
	p, err := Clean(bytes.NewReader(a.binary))
	if err != nil {
		return Photo{}, fmt.Errorf("wechat %s: %w", mediaAPI, err)
	}
	return p, nil
}

// download gets what is stored under mediaID: a picture, or JSON that is a
// refusal or says where a film is.
func (c *Client) download(ctx context.Context, token, mediaID string) (answer, error) {
	at := *c.base.JoinPath("/cgi-bin/" + mediaAPI)
	at.RawQuery = url.Values{"access_token": {token}, "media_id": {mediaID}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return answer{}, fmt.Errorf("wechat %s: %w", mediaAPI, err)
	}
	resp, err := c.send(req, mediaAPI)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode != http.StatusOK:
		return answer{}, fmt.Errorf("wechat %s: http status %d", mediaAPI, resp.StatusCode)
	case resp.ContentLength > maxPhoto:
		return answer{}, fmt.Errorf("wechat %s: %w: %d bytes", mediaAPI, ErrPhotoSize, resp.ContentLength)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPhoto+1))
	if err != nil {
		return answer{}, fmt.Errorf("wechat %s: read the answer: %w", mediaAPI, err)
	}
	if len(body) == 0 {
		return answer{}, fmt.Errorf("wechat %s: answer is empty", mediaAPI)
	}
	if spoken(resp.Header.Get("Content-Type"), body) {
		return read(body, mediaAPI)
	}
	return answer{binary: body}, nil
}

// spoken reports whether an answer is JSON, by its first byte, and by what it
// says of itself if it does not begin as a picture does.
func spoken(contentType string, body []byte) bool {
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return true
	}
	if _, err := formatOf(body); err == nil {
		return false
	}
	kind := strings.ToLower(contentType)
	return strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "text/")
}
