package sim_test

import (
	"strings"
	"testing"

	"github.com/cunkao/cunkao/sim"
)

// official is the account of the platform's own page on encryption. The
// numbers below are from there too.
func official() sim.Account {
	return sim.Account{Token: "AAAAA", AESKey: strings.Repeat("A", 43), AppID: "wxba5fad812f8e6fb9"}
}

const officialSealed = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="

func TestOfficialSignatures(t *testing.T) {
	t.Parallel()
	reply := "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
	tests := map[string]struct {
		parts []string
		want  string
	}{
		"url check":        {[]string{"1714036504", "1514711492"}, "f464b24fc39322e44b38aa78f5edd27bd1441696"},
		"plain message":    {[]string{"1714037059", "486452656"}, "899cf89e464efb63f54ddac96b0a0a235f53aa78"},
		"safe message":     {[]string{"1714112445", "415670741"}, "6c5c811b55cc85e0e1b54100749188c20beb3f5d"},
		"safe msg message": {[]string{"1714112445", "415670741", officialSealed}, "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"},
		"reply":            {[]string{"1713424427", "415670741", reply}, "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sim.Sign(official(), test.parts...); got != test.want {
				t.Errorf("signature %s, want %s", got, test.want)
			}
		})
	}
	sealed, err := sim.Seal(official(), []byte("707722b803182950"), []byte(`{"demo_resp":"good luck"}`))
	if err != nil || sealed != reply {
		t.Errorf("sealed %s, %v", sealed, err)
	}
	plain, err := sim.Open(official(), officialSealed)
	if err != nil || len(plain) != 167 {
		t.Errorf("opened %d bytes: %s, %v", len(plain), plain, err)
	}
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	for n := range 80 { // every length of padding, twice and more
		message := strings.Repeat("村", n)
		sealed, err := sim.Seal(testAccount(), []byte("0123456789abcdef"), []byte(message))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := sim.Open(testAccount(), sealed)
		if err != nil || string(plain) != message {
			t.Fatalf("%d characters: %q, %v", n, plain, err)
		}
	}
	if _, err := sim.Seal(sim.Account{AESKey: "short"}, nil, nil); err == nil {
		t.Error("a short key was taken")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(officialSealed)
	f.Add("")
	f.Add("AAAA")
	f.Add(strings.Repeat("A", 64))
	f.Fuzz(func(t *testing.T, sealed string) {
		if plain, err := sim.Open(official(), sealed); err == nil && sealed != officialSealed && len(plain) > len(sealed) {
			t.Errorf("%d bytes out of %d", len(plain), len(sealed))
		}
	})
}
