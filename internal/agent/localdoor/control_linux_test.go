package localdoor

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sekisho/sekisho/internal/wire"
)

// as runs an act as another user of the PC: the kernel notes for a socket whose
// thread connects it.
func as(t *testing.T, uid int, act func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("needs root")
		}
		t.Skip("needs root to become another user")
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		_, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0))
		if errno != 0 {
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

// shared is a folder that every user can enter and nobody else can write in.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "run") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestControlForOneUser(t *testing.T) {
	const user, stranger = 64001, 64002
	dir := shared(t)
	c, err := OpenControlFor(user, dir, func(Order) Reply { return Reply{Status: &wire.LocalStatus{Phase: "ready"}} })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ask := func(uid int) (r Reply, err error) {
		as(t, uid, func() { r, err = Ask(t.Context(), dir, Order{Do: "status"}) })
		return r, err
	}
	for _, uid := range []int{user, os.Geteuid()} {
		if r, err := ask(uid); err != nil || r.Status == nil {
			t.Errorf("user %d: %+v, %v", uid, r, err)
		}
	}
	if r, err := ask(stranger); !errors.Is(err, errNotReady) || r.Status != nil || r.URL != "" {
		t.Errorf("another user was answered: %+v, %v", r, err)
	}
}

// The agent's own socket answers nobody else, even if its folder stood open.
func TestControlIsOurOwn(t *testing.T) {
	dir := shared(t)
	c, err := OpenControl(dir, func(Order) Reply { return Reply{URL: "x"} })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := os.Chmod(dir+"/"+controlFile, 0o666); err != nil {
		t.Fatal(err)
	}
	var r Reply
	as(t, 64001, func() { r, err = Ask(t.Context(), dir, Order{Do: "open"}) })
	if err == nil || r.URL != "" {
		t.Errorf("another user was answered: %+v", r)
	}
}

// Where others could put a socket of their own into the place, there is none of ours.
func TestControlFolderOfOthers(t *testing.T) {
	open := func(dir string) error {
		c, err := OpenControlFor(64001, dir, func(Order) Reply { return Reply{} })
		if err == nil {
			c.Close()
		}
		return err
	}
	writable := shared(t)
	if err := os.Chmod(writable, 0o777); err != nil {
		t.Fatal(err)
	}
	foreign := shared(t)
	if err := os.Chown(foreign, 64002, 64002); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("needs root to give a folder away")
	}
	for name, dir := range map[string]string{"writable": writable, "foreign": foreign, "missing": writable + "/none"} {
		if err := open(dir); !errors.Is(err, errService) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := open(shared(t)); err != nil {
		t.Errorf("control: %v", err)
	}
}

// Windows' table of connections, as its documentation draws it.
func TestParseConnections(t *testing.T) {
	port := func(n uint16) []byte { return append(binary.BigEndian.AppendUint16(nil, n), 0xaa, 0xbb) } // the upper half means nothing
	row := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	word := func(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
	v4 := row(word(1), word(5), []byte{127, 0, 0, 1}, port(51234), []byte{127, 0, 0, 1}, port(7777), word(4242))
	one := make([]byte, 16)
	one[15] = 1
	v6 := row(word(1), one, word(0), port(51234), one, word(0), port(7777), word(5), word(4243))
	for name, c := range map[string]struct {
		table []byte
		six   bool
		want  connectionRow
	}{
		"four": {v4, false, connectionRow{netip.MustParseAddrPort("127.0.0.1:51234"), netip.MustParseAddrPort("127.0.0.1:7777"), 4242}},
		"six":  {v6, true, connectionRow{netip.MustParseAddrPort("[::1]:51234"), netip.MustParseAddrPort("[::1]:7777"), 4243}},
	} {
		if got := parseConnections(c.table, c.six); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v", name, got)
		}
		for n := range c.table {
			if got := parseConnections(c.table[:n], c.six); len(got) != 0 {
				t.Errorf("%s, %d bytes of it: %+v", name, n, got)
			}
		}
	}
	if got := parseConnections(row(word(1<<31), v4[4:]), false); len(got) != 1 {
		t.Errorf("a count beyond the table: %d rows", len(got))
	}
}
