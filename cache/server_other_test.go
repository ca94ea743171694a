//go:build !linux

package cache_test

import "os/exec"

func dieWithUs(*exec.Cmd) {}
