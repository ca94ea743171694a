package sim

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the platform's protocol says SHA-1
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// padTo is the platform's block for PKCS7, twice that of AES.
const padTo = 32

// head is what stands before the message: 16 random bytes and its length.
const head = 16 + 4

// box encrypts and signs for one account.
type box struct {
	block cipher.Block
	iv    []byte
	token string
	appID string
}

// newBox reads the account's key, the 43 characters of the console.
func newBox(a Account) (box, error) {
	// Not strict: the last of the 43 characters carries two bits nobody needs,
	// and the console hands out keys in which they are set.
	key, err := base64.StdEncoding.DecodeString(a.AESKey + "=")
	if err != nil {
		return box{}, fmt.Errorf("sim: account's AES key: %w", err)
	}
	if len(key) != 32 {
		return box{}, fmt.Errorf("sim: account's AES key has %d bytes instead of 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return box{}, fmt.Errorf("sim: account's AES key: %w", err)
	}
	return box{block: block, iv: key[:aes.BlockSize], token: a.Token, appID: a.AppID}, nil
}

// sign is the lower-case SHA-1 over token and parts, sorted as bytes.
func (b box) sign(parts ...string) string {
	all := append([]string{b.token}, parts...)
	slices.Sort(all)
	sum := sha1.Sum([]byte(strings.Join(all, ""))) //nolint:gosec // the protocol's choice
	return hex.EncodeToString(sum[:])
}

// seal encrypts a message. random must have 16 bytes.
func (b box) seal(random, message []byte) string {
	plain := make([]byte, 0, head+len(message)+len(b.appID)+padTo)
	plain = append(plain, random...)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(message))) //nolint:gosec // messages are small
	plain = append(plain, message...)
	plain = append(plain, b.appID...)
	pad := padTo - len(plain)%padTo
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(b.block, b.iv).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

// open decrypts a message and makes sure that it is whole and this account's.
func (b box) open(sealed string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("ciphertext: %w", err)
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("ciphertext of %d bytes", len(data))
	}
	cipher.NewCBCDecrypter(b.block, b.iv).CryptBlocks(data, data)
	data, err = unpad(data)
	if err != nil {
		return nil, err
	}
	if len(data) < head {
		return nil, errors.New("ciphertext too short")
	}
	n := int64(binary.BigEndian.Uint32(data[16:head]))
	rest := data[head:]
	if n > int64(len(rest)) {
		return nil, errors.New("message longer than its ciphertext")
	}
	if string(rest[n:]) != b.appID {
		return nil, errors.New("message of another account")
	}
	return rest[:n], nil
}

// unpad looks at every byte of the padding. The platform is the strict side: an
// account that pads carelessly should hear of it here first.
func unpad(data []byte) ([]byte, error) {
	pad := int(data[len(data)-1])
	if pad < 1 || pad > padTo || pad > len(data) {
		return nil, fmt.Errorf("padding of %d", pad)
	}
	body, tail := data[:len(data)-pad], data[len(data)-pad:]
	if bytes.Count(tail, tail[:1]) != pad {
		return nil, errors.New("padding is torn")
	}
	return body, nil
}
