package centre

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Process is one program that we started, with its output in a file.
type Process struct {
	Name string
	Log  string
	cmd  *exec.Cmd
	done chan struct{}
	once sync.Once
}

// Run starts a program; its standard output and error go to dir/name.log.
func Run(dir, name string, env []string, args ...string) (*Process, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	p := &Process{Name: name, Log: filepath.Join(dir, name+".log"), done: make(chan struct{})}
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = ownGroup()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("centre: start %s: %w", name, err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }() // how it ended is in its log
	return p, nil
}

// PID of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Signal sends a signal to the process's whole group.
func (p *Process) Signal(s syscall.Signal) error { return syscall.Kill(-p.PID(), s) }

// Kill ends it at once (SIGKILL) and waits.
func (p *Process) Kill() {
	p.once.Do(func() { _ = p.Signal(syscall.SIGKILL) }) // gone already: just as well
	<-p.done
}

// Stop asks it to end (SIGTERM), waits ten seconds, then kills it.
func (p *Process) Stop() {
	select {
	case <-p.done:
		return
	default:
	}
	_ = p.Signal(syscall.SIGTERM) // gone already: just as well
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.Kill()
	}
}

// Tail returns the last bytes of the process's output, for error messages.
func (p *Process) Tail() string {
	b, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}

var errEnded = errors.New("the process ended")

// await polls until ready says yes, the process ends or the time is up.
func (p *Process) await(ctx context.Context, limit time.Duration, ready func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-p.done:
			return fmt.Errorf("centre: %s: %w:\n%s", p.Name, errEnded, p.Tail())
		case <-ctx.Done():
			return fmt.Errorf("centre: %s was not ready in %s:\n%s", p.Name, limit, p.Tail())
		case <-tick.C:
		}
	}
	return nil
}

// RunOnce runs a program to its end and returns its standard output.
func RunOnce(ctx context.Context, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return string(out), fmt.Errorf("centre: %s: %w: %s", filepath.Base(args[0]), err, exit.Stderr)
	}
	return string(out), err
}

func ownGroup() *syscall.SysProcAttr {
	// Pdeathsig follows the thread that started the child; main programs lock
	// none, and Go keeps its threads, so in practice it follows the program.
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
