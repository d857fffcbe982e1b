package blackout

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// standIn is a login manager's command by hand: it notes what it is asked and
// answers as told. The real one needs a booted system with a desktop.
func standIn(t *testing.T, script string) (logind, func() string) {
	t.Helper()
	dir := t.TempDir()
	path, log := filepath.Join(dir, "loginctl"), filepath.Join(dir, "log")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho \"$@\" >> "+log+"\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return logind{command: path, session: "c2"}, func() string {
		b, _ := os.ReadFile(log)
		return string(b)
	}
}

func TestLockBelievesTheSystemAlone(t *testing.T) {
	l, asked := standIn(t, `case "$1" in show-session) echo yes;; esac`)
	if err := l.Lock(t.Context()); err != nil {
		t.Errorf("locked: %v", err)
	}
	if got := asked(); got != "lock-session c2\nshow-session c2 --property=LockedHint --value\n" {
		t.Errorf("asked %q", got)
	}
	l, _ = standIn(t, `case "$1" in show-session) echo no;; esac`)
	if err := l.Lock(t.Context()); err == nil || !strings.Contains(err.Error(), "did not say") {
		t.Errorf("said to be locked although the system says no: %v", err)
	}
	l, _ = standIn(t, `echo "Access denied" >&2; exit 1`)
	if err := l.Lock(t.Context()); err == nil || !strings.Contains(err.Error(), "Access denied") {
		t.Errorf("refusal: %v", err)
	}
	if err := (logind{}).Lock(t.Context()); err == nil {
		t.Error("locked without a login manager")
	}
}

func TestLockFindsTheUsersDesktop(t *testing.T) {
	l, asked := standIn(t, `case "$1" in show-user) echo 7;; show-session) echo yes;; esac`)
	l.session = ""
	l.own = true
	if err := l.Lock(t.Context()); err != nil || !strings.Contains(asked(), "lock-session 7\n") {
		t.Errorf("%v, asked %q", err, asked())
	}
	l, _ = standIn(t, `case "$1" in show-user) echo "7; rm -rf /";; show-session) echo yes;; esac`)
	l.session = ""
	if err := l.Lock(t.Context()); err == nil {
		t.Error("took a session that is none")
	}
}

// An agent that runs as a service locks the session of the user it runs for,
// and never takes its own, or none, for his.
func TestLockOfAnotherUser(t *testing.T) {
	t.Setenv("XDG_SESSION_ID", "c9")
	other := os.Getuid() + 4242
	made, ok := NewLocker(other).(logind)
	if !ok || made.user != other || made.own || made.session != "" {
		t.Fatalf("%+v", made)
	}
	l, asked := standIn(t, `case "$1" in show-user) echo 7;; show-session) echo yes;; esac`)
	l.session, l.user = "", other
	if err := l.Lock(t.Context()); err != nil || !strings.Contains(asked(), "show-user "+strconv.Itoa(other)+" ") || !strings.Contains(asked(), "lock-session 7\n") {
		t.Errorf("%v, asked %q", err, asked())
	}
	l, asked = standIn(t, `case "$1" in show-user) exit 1;; show-session) echo yes;; esac`) // he is not logged in
	l.session, l.user = "", other
	if err := l.Lock(t.Context()); err == nil || strings.Contains(asked(), "lock-session") {
		t.Errorf("locked something that is not his: %v, asked %q", err, asked())
	}
	if own, ok := NewLocker(-1).(logind); !ok || !own.own || own.session != "c9" {
		t.Errorf("our own: %+v", own)
	}
}
