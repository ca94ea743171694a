package testkit

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a program of a test that can be killed, stopped for a while and
// started again. The kernel ends it when the test's process ends.
type Process struct {
	Dir  string   // where it starts, and where its output goes: log
	Name string   // of the program
	Args []string //
	Env  []string // nil means that of the test
	As   *syscall.Credential

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan error
}

// Start starts the program. It must not be running.
func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	log, err := os.OpenFile(filepath.Join(p.Dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.CommandContext(context.Background(), p.Name, p.Args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.Dir, p.Env, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Credential: p.As}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	p.cmd, p.ended = cmd, ended
	return nil
}

// Kill ends the program as a power failure would, and waits until it is gone.
func (p *Process) Kill() error {
	_, err := p.End(syscall.SIGKILL, time.Minute)
	return err
}

// End sends a signal, waits until the program is gone, and returns what it
// ended with. A program that does not run is no error.
func (p *Process) End(sig syscall.Signal, within time.Duration) (how, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return nil, nil
	}
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return nil, err
	}
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case how = <-p.ended:
		p.cmd = nil
		return how, nil
	case <-late.C:
		return nil, errors.New("the program does not end")
	}
}

// Signal sends a signal that does not end the program.
func (p *Process) Signal(sig syscall.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return os.ErrProcessDone
	}
	return p.cmd.Process.Signal(sig)
}

// Log is the end of what the program has said.
func (p *Process) Log() string {
	b, err := os.ReadFile(filepath.Join(p.Dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-4000):])
}

// endWith ends the program with the test.
func (p *Process) endWith(tb testing.TB) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := p.Kill(); err != nil {
			tb.Error(err)
		}
	})
}
