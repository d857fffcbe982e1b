package connect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// as runs an act as another user of the PC.
func as(t *testing.T, uid int, act func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0)); errno != 0 {
			done <- errno
			return
		}
		act()
		done <- nil
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// An agent that runs as a service for somebody else: he, and nobody else, gets
// a page; the service opens no browser of its own and prints no ticket.
func TestServiceServesItsUserAlone(t *testing.T) {
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("needs root")
		}
		t.Skip("needs root to become another user")
	}
	const user, stranger = 64001, 64002
	place, err := os.MkdirTemp("", "run")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(place)
	if err := os.Chmod(place, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RUNTIME_DIRECTORY", place)
	dir := t.TempDir()
	started := filepath.Join(dir, "browser-started")
	browser := filepath.Join(dir, "browser")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\ntouch "+started+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("software_key = true\nport = 0\nopen_browser = true\nbrowser = %q\ndesk_user = \"%d\"\n", browser, user)
	if err := os.WriteFile(filepath.Join(dir, settingsFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var said bytes.Buffer
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, dir, &said) }()
	open := func(uid int) (text string, err error) {
		var out bytes.Buffer
		as(t, uid, func() { err = Open(t.Context(), dir, true, &out, "ja") })
		return out.String(), err
	}
	text, err = "", uplink.ErrUnreachable
	for end := time.Now().Add(10 * time.Second); err != nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) { // it starts in its own time
		text, err = open(user)
	}
	if err != nil || !strings.Contains(text, "#ticket=") {
		t.Fatalf("its user: %q, %v", text, err)
	}
	if text, err := open(stranger); err == nil || strings.Contains(text, "ticket") {
		t.Errorf("another user: %q, %v", text, err)
	}
	var out bytes.Buffer
	as(t, user, func() { err = Status(t.Context(), dir, &out, "en") })
	if err != nil || !strings.Contains(out.String(), "phase:       unenrolled") {
		t.Errorf("status: %s, %v", out.String(), err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if said.Len() > 0 {
		t.Errorf("the service printed %q", said.String())
	}
	if _, err := os.Stat(started); err == nil {
		t.Error("the service started a browser")
	}
}

// A second agent on the same folder ends before it touches what the first one keeps.
func TestSecondAgentTouchesNothing(t *testing.T) {
	dir := folder(t, "")
	first, err := localdoor.OpenControl(dir, func(localdoor.Order) localdoor.Reply { return localdoor.Reply{} })
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	outbox, err := uplink.OpenOutbox(filepath.Join(dir, "outbox"), uplink.MaxOutbox, newClock())
	if err != nil {
		t.Fatal(err)
	}
	id := sekisho.IncidentID(wire.NewID())
	if err := outbox.Open(wire.IncidentReport{Incident: id, State: sekisho.Onlooker}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "outbox", string(id)+".json")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(t.Context(), dir, &bytes.Buffer{}); sekisho.CodeOf(err) != "local.agent_running" {
		t.Fatalf("a second agent: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the waiting incident was changed: %s, %v", after, err)
	}
}
