package sim_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// answer is what the API says.
type answer struct {
	Code   int    `json:"errcode"`
	Msg    string `json:"errmsg"`
	MsgID  int64  `json:"msgid"`
	Token  string `json:"access_token"`
	Left   int64  `json:"expires_in"`
	Ticket string `json:"ticket"`
	URL    string `json:"url"`
}

// api calls the API with a token as it stands.
func (w *world) api(t *testing.T, method, path, body string) answer {
	t.Helper()
	status, out := w.do(t, method, "/sim/api/cgi-bin/"+path, body)
	if status != http.StatusOK {
		t.Errorf("%s: status %d", path, status)
	}
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("%s: %v: %s", path, err, out)
	}
	if strings.Contains(out, testAccount().Secret) {
		t.Errorf("%s tells the secret", path)
	}
	return a
}

func (w *world) stable(t *testing.T, force string) answer {
	t.Helper()
	return w.api(t, http.MethodPost, "stable_token",
		`{"grant_type":"client_credential","appid":"wx1234567890abcdef","secret":"a secret of the account","force_refresh":`+force+`}`)
}

// call posts with a good token.
func (w *world) call(t *testing.T, path, body string) answer {
	t.Helper()
	return w.api(t, http.MethodPost, path+"?access_token="+w.stable(t, "false").Token, body)
}

// template sends a result to somebody.
func (w *world) template(t *testing.T, openID, thing string) answer {
	t.Helper()
	return w.call(t, "message/template/send", `{"touser":"`+openID+`","template_id":"T1","url":"https://example.com/r","data":{"thing1":{"value":"`+
		thing+`"},"phrase2":{"value":"优秀"}},"miniprogram":{"appid":"","pagepath":""}}`)
}
