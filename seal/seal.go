// Package seal keeps single values unreadable in the database: encrypted
// fields, and blind indexes by which a value is found without being opened.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// Box seals and opens values under one master key.
type Box struct {
	id    string
	gcm   cipher.AEAD
	blind []byte
}

// New makes a box of a master key of 32 bytes. Encryption and index have keys
// of their own, derived from it.
func New(master []byte) (*Box, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("seal: the key has %d bytes, want %d", len(master), KeySize)
	}
	field, err := hkdf.Key(sha256.New, master, nil, "cunkao field v1", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	blind, err := hkdf.Key(sha256.New, master, nil, "cunkao index v1", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(field)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	sum := sha256.Sum256(field)
	return &Box{id: hex.EncodeToString(sum[:3]), gcm: gcm, blind: blind}, nil
}

// Seal encrypts a value. place names where it is kept (table.column.id): a
// value moved elsewhere does not open.
func (b *Box) Seal(plain, place string) string {
	ct := b.gcm.Seal(nil, nil, []byte(plain), []byte(place)) //nolint:gosec // NewGCMWithRandomNonce makes the nonce
	return "v1:" + b.id + ":" + base64.RawStdEncoding.EncodeToString(ct)
}

// ErrSealed says that a value cannot be opened: another key, another place, or
// changed by somebody.
var ErrSealed = errors.New("sealed value does not open")

// Open decrypts what Seal made.
func (b *Box) Open(sealed, place string) (string, error) {
	rest, ok := strings.CutPrefix(sealed, "v1:"+b.id+":")
	if !ok {
		return "", ErrSealed
	}
	ct, err := base64.RawStdEncoding.DecodeString(rest)
	if err != nil {
		return "", ErrSealed
	}
	plain, err := b.gcm.Open(nil, nil, ct, []byte(place))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// Index returns the blind index of a value in a use: the same value in the same
// use has the same index, and nobody without the key can make it.
func (b *Box) Index(use, value string) string {
	m := hmac.New(sha256.New, b.blind)
	m.Write([]byte(use))
	m.Write([]byte{0})
	m.Write([]byte(value))
	return hex.EncodeToString(m.Sum(nil))
}
