package bot

import (
	"sync"
	"time"
)

// lines keep the messages of one person in order: two that follow each other quickly are
// answered one after the other, as they came. Across processes the talk's row does that,
// but for who is first.
type lines struct {
	mu    sync.Mutex
	tails map[string]chan struct{} // closed when the last of the line is done
}

// join takes the last place in somebody's line. It is to be called as the message arrives;
// wait returns when those before it are done, or gives up.
func (l *lines) join(who string) (wait func(most time.Duration), leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, mine := l.tails[who], make(chan struct{})
	if l.tails == nil {
		l.tails = map[string]chan struct{}{}
	}
	l.tails[who] = mine
	wait = func(most time.Duration) {
		if before == nil {
			return
		}
		enough := time.NewTimer(most)
		defer enough.Stop()
		select {
		case <-before:
		case <-enough.C:
		}
	}
	leave = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.tails[who] == mine {
			delete(l.tails, who)
		}
		close(mine)
	}
	return wait, leave
}
