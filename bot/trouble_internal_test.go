package bot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTroubleIsToldOnceAMinuteAndItsEndOnce plays rounds of a loop, a second each.
func TestTroubleIsToldOnceAMinuteAndItsEndOnce(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	tests := map[string]struct {
		rounds string // x fails, . works
		want   []string
	}{
		"a loop that works says nothing":             {"...", nil},
		"one failure has its line and its end":       {".x.", []string{"1 ERROR lap failed=1", "2 WARN again failed=1 seconds=1"}},
		"many failures have the first line, and end": {strings.Repeat("x", 60) + "..", []string{"0 ERROR lap failed=1", "60 WARN again failed=60 seconds=60"}},
		"whoever goes on failing says so every minute": {
			strings.Repeat("x", 150) + ".",
			[]string{"0 ERROR lap failed=1", "60 ERROR lap failed=61", "120 ERROR lap failed=121", "150 WARN again failed=150 seconds=150"},
		},
		"what comes and goes has no more lines": {
			strings.Repeat("x.", 31), []string{"0 ERROR lap failed=1", "1 WARN again failed=1 seconds=1", "60 ERROR lap failed=30", "61 WARN again failed=30 seconds=59"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var said lapLog
			trouble := NewTrouble(slog.New(slog.NewTextHandler(&said, nil)), "bot: deliver")
			began := time.Date(2026, 9, 28, 0, 0, 0, 0, time.UTC)
			for i, r := range tt.rounds {
				var err error
				if r == 'x' {
					err = down
				}
				said.second = time.Duration(i) * time.Second
				trouble.Heed(t.Context(), began.Add(said.second), err)
			}
			if diff := cmp.Diff(tt.want, said.lines); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestTroubleAtTheEndOfTheProcessIsNone(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	trouble := NewTrouble(slog.New(slog.NewTextHandler(&said, nil)), "bot: deliver")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if trouble.Heed(ctx, time.Now(), context.Canceled); said.Len() > 0 {
		t.Errorf("it says %s", &said)
	}
}

// lapLog keeps what is compared of each line.
type lapLog struct {
	second time.Duration
	lines  []string
}

func (l *lapLog) Write(b []byte) (int, error) {
	_, line, _ := strings.Cut(strings.TrimSpace(string(b)), "level=")
	line = strings.NewReplacer("msg=", "", `"bot: works again" what="bot: deliver"`, "again", `"bot: deliver"`, "lap", " err=down", "").Replace(line)
	l.lines = append(l.lines, strconv.Itoa(int(l.second.Seconds()))+" "+line)
	return len(b), nil
}
