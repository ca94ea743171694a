package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the platform signs with SHA-1
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
)

// The plaintext is 16 random bytes, the message's length in four bytes (big
// endian), the message, the app id, and padding.
const (
	saltLen = 16
	headLen = saltLen + 4
	// padBlock is the platform's block for padding: pads run from 1 to 32,
	// although AES works in blocks of 16.
	padBlock = 32
)

// key is one EncodingAESKey: AES-256-CBC whose IV is the key's first half.
type key struct {
	block cipher.Block
	iv    [aes.BlockSize]byte
}

// newKey reads the 43 characters of an EncodingAESKey. The last one carries two
// unused bits that may be set, so the decoder must not be a strict one.
func newKey(text string) (*key, error) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(text) != 43 || len(raw) != 32 {
		return nil, errors.New("must be 43 characters of base64")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, errors.New("not a key")
	}
	k := &key{block: block}
	copy(k.iv[:], raw)
	return k, nil
}

// open decrypts the base64 text sealed in s.plain and returns the message in
// it, which is valid until s is used again. It fails if the padding, the
// length or the app id is not right. The signature has been checked before, so
// this is no oracle.
func (k *key) open(s *scratch, sealed []byte, appID string) (inner []byte, ok bool) {
	s.plain = slices.Grow(s.plain[:0], base64.StdEncoding.DecodedLen(len(sealed)))
	b := s.plain[:cap(s.plain)]
	n, err := base64.StdEncoding.Decode(b, sealed)
	if err != nil || n == 0 || n%aes.BlockSize != 0 {
		return nil, false
	}
	b = b[:n]
	k.decrypt(b)
	if b, ok = unpad(b); !ok || len(b) < headLen {
		return nil, false
	}
	size := uint64(binary.BigEndian.Uint32(b[saltLen:headLen]))
	b = b[headLen:]
	if size > uint64(len(b)) || string(b[size:]) != appID {
		return nil, false
	}
	return b[:size], true
}

// decrypt undoes CBC in place, from the last block to the first so that the
// block before is still ciphertext when it is needed. Written out because the
// standard library's mode is an allocation per message.
func (k *key) decrypt(b []byte) {
	for i := len(b) - aes.BlockSize; i >= 0; i -= aes.BlockSize {
		now := b[i : i+aes.BlockSize]
		before := k.iv[:]
		if i > 0 {
			before = b[i-aes.BlockSize : i]
		}
		k.block.Decrypt(now, now)
		subtle.XORBytes(now, now, before)
	}
}

// encrypt does CBC in place. len(b) is a multiple of the block.
func (k *key) encrypt(b []byte) {
	before := k.iv[:]
	for i := 0; i < len(b); i += aes.BlockSize {
		now := b[i : i+aes.BlockSize]
		subtle.XORBytes(now, now, before)
		k.block.Encrypt(now, now)
		before = now
	}
}

// pad fills b up to a multiple of padBlock, with at least one byte.
func pad(b []byte) []byte {
	n := padBlock - len(b)%padBlock
	for range n {
		b = append(b, byte(n))
	}
	return b
}

// unpad takes the padding off, every byte of which must be right.
func unpad(b []byte) ([]byte, bool) {
	n := int(b[len(b)-1])
	if n < 1 || n > padBlock || n > len(b) {
		return nil, false
	}
	tail := b[len(b)-n:]
	if bytes.Count(tail, tail[:1]) != n {
		return nil, false
	}
	return b[:len(b)-n], true
}

// random appends as many random bytes as stand before a message.
func random(b []byte) []byte {
	n := len(b)
	b = append(b, make([]byte, headLen)...)
	_, _ = rand.Read(b[n:]) // never fails: it ends the program instead
	return b
}

// sum is the platform's signature: the parts sorted as bytes, joined, SHA-1, in
// lower-case hex. A nil sealed is left out.
func (s *scratch) sum(token, timestamp, nonce string, sealed []byte) [2 * sha1.Size]byte {
	b := append(s.sign[:0], token...)
	b = append(b, timestamp...)
	b = append(b, nonce...)
	t, n := len(token), len(token)+len(timestamp)
	parts := [4][]byte{b[:t], b[t:n], b[n:], sealed}
	slices.SortFunc(parts[:], bytes.Compare)
	start := len(b)
	for _, p := range parts {
		b = append(b, p...)
	}
	s.sign = b
	digest := sha1.Sum(b[start:]) //nolint:gosec // as above
	var out [2 * sha1.Size]byte
	hex.Encode(out[:], digest[:])
	return out
}

// signed compares in constant time, on digests of fixed length.
func signed(given string, want [2 * sha1.Size]byte) bool {
	var have [2 * sha1.Size]byte
	return copy(have[:], given) == len(given) && len(given) == len(want) &&
		subtle.ConstantTimeCompare(have[:], want[:]) == 1
}
