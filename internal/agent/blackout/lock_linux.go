package blackout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

const askEvery = 50 * time.Millisecond

// logind locks by systemd's login manager and believes its LockedHint alone,
// which the desktop's screen locker sets once it covers the screen.
type logind struct {
	command string // loginctl
	session string // "" is found out
	user    int    // whose graphical session it is then
	own     bool   // the user is the agent's own
}

// NewLocker is the system's lock over the session of a user; a negative one is
// the agent's own. An agent that runs for somebody else needs the system's leave
// to lock his session (deploy/agent).
func NewLocker(user int) Locker {
	l := logind{user: user}
	if own := os.Getuid(); user < 0 || user == own {
		l.user, l.own, l.session = own, true, os.Getenv("XDG_SESSION_ID")
	}
	for _, dir := range []string{"/usr/bin", "/bin"} { // never by PATH: whoever sets it could answer for the system
		if path := filepath.Join(dir, "loginctl"); l.command == "" && executable(path) {
			l.command = path
		}
	}
	return l
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

var sessionForm = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// Lock asks logind and waits for its answer.
func (l logind) Lock(ctx context.Context) error {
	if l.command == "" {
		return errNoLock
	}
	ctx, cancel := context.WithTimeout(ctx, lockWithin)
	defer cancel()
	session := l.session
	if session == "" {
		out, err := l.run(ctx, "show-user", fmt.Sprint(l.user), "--property=Display", "--value")
		switch {
		case err == nil && out != "":
			session = out // a service has no session of its own: the user's graphical one
		case l.own:
			session = "self"
		}
	}
	if session != "self" && !sessionForm.MatchString(session) {
		return errors.New("blackout: logind named no session")
	}
	args := []string{"lock-session"}
	if session != "self" {
		args = append(args, session)
	}
	if _, err := l.run(ctx, args...); err != nil {
		return err
	}
	for {
		out, err := l.run(ctx, "show-session", session, "--property=LockedHint", "--value")
		if err == nil && out == "yes" {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(errors.New("blackout: the desktop did not say that it is locked"), err)
		case <-time.After(askEvery):
		}
	}
}

func (l logind) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, l.command, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("blackout: %s: %s", strings.Join(args, " "), firstLine(exit.Stderr))
	}
	if err != nil {
		return "", fmt.Errorf("blackout: %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return line[:min(len(line), 200)]
}
