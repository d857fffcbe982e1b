//go:build !windows

package localdoor

import (
	"os/exec"
	"syscall"
)

// ownGroup gives the browser a process group of its own, so that all of it can be ended.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func endGroup(cmd *exec.Cmd) error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
