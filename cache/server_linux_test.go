package cache_test

import (
	"os/exec"
	"syscall"
)

// dieWithUs makes a child end even if the test is killed.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
