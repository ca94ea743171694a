package sim

// Seal, Open and Sign let the tests hold the cryptography against the
// platform's own numbers.
func Seal(a Account, random, message []byte) (string, error) {
	b, err := newBox(a)
	if err != nil {
		return "", err
	}
	return b.seal(random, message), nil
}

// Open decrypts as the platform does.
func Open(a Account, sealed string) ([]byte, error) {
	b, err := newBox(a)
	if err != nil {
		return nil, err
	}
	return b.open(sealed)
}

// Sign signs as the platform does.
func Sign(a Account, parts ...string) string { return box{token: a.Token}.sign(parts...) }
