package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/cunkao/cunkao/seal"
)

func box(t *testing.T, fill byte) *seal.Box {
	t.Helper()
	b, err := seal.New(bytes.Repeat([]byte{fill}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenGivesBackWhatWasSealed(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	for _, plain := range []string{"", "13800000001", "𠮷野家 \x00"} {
		sealed := b.Seal(plain, "people.phone.1")
		if plain != "" && strings.Contains(sealed, plain) {
			t.Errorf("%q shows in %q", plain, sealed)
		}
		got, err := b.Open(sealed, "people.phone.1")
		if err != nil || got != plain {
			t.Errorf("Open = %q, %v; want %q", got, err, plain)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	sealed := b.Seal("13800000001", "people.phone.1")
	flipped := sealed[:len(sealed)-2] + "AA"
	tests := map[string]struct {
		by     *seal.Box
		sealed string
		place  string
	}{
		"another place":  {b, sealed, "people.phone.2"},
		"another key":    {box(t, 2), sealed, "people.phone.1"},
		"a changed byte": {b, flipped, "people.phone.1"},
		"plain text":     {b, "13800000001", "people.phone.1"},
		"no base64":      {b, sealed[:10] + "!", "people.phone.1"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := tc.by.Open(tc.sealed, tc.place); !errors.Is(err, seal.ErrSealed) {
				t.Errorf("Open = %q, %v; want ErrSealed", got, err)
			}
		})
	}
}

func TestIndexFindsTheSameValueInTheSameUseOnly(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	first, again := b.Index("phone", "1"), b.Index("phone", "1")
	if first != again {
		t.Error("the same value has two indexes")
	}
	for name, other := range map[string]string{
		"another value":        b.Index("phone", "2"),
		"another use":          b.Index("code", "1"),
		"another key":          box(t, 2).Index("phone", "1"),
		"a use that runs over": b.Index("phone1", ""),
	} {
		if other == b.Index("phone", "1") {
			t.Errorf("%s has the same index", name)
		}
	}
}

func TestSealTwiceDiffers(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	first, again := b.Seal("1", "p"), b.Seal("1", "p")
	if first == again {
		t.Error("two seals of one value are equal: the nonce repeats")
	}
}

func TestNewWantsAWholeKey(t *testing.T) {
	t.Parallel()
	if _, err := seal.New([]byte("short")); err == nil {
		t.Error("a short key was taken")
	}
}
