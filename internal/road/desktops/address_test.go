package desktops

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// Where a desktop may stand, for what an administrator writes and for what a
// name was resolved to: the one judge is asked for both.
func TestWhereADesktopMayStand(t *testing.T) {
	mine := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
	strict := rules{own: func() ([]netip.Addr, error) { return mine, nil }}
	demo := rules{loopback: true, own: strict.own}
	for address, may := range map[string]struct{ strict, demo bool }{
		"192.0.2.7": {true, true}, "10.0.0.5": {true, true}, "2001:db8::7": {true, true}, "fd12::7": {true, true}, "::ffff:192.0.2.7": {true, true}, "64:ff9b::192.0.2.7": {true, true},
		"127.0.0.1": {false, true}, "127.9.9.9": {false, true}, "::1": {false, true}, "::ffff:127.0.0.1": {false, true}, "64:ff9b::127.0.0.1": {false, true},
		"192.0.2.1": {false, true}, "2001:db8::1": {false, true}, "::ffff:192.0.2.1": {false, true}, "64:ff9b::192.0.2.1": {false, true},
		"0.0.0.0": {}, "::": {}, "0.0.0.1": {}, "224.0.0.1": {}, "255.255.255.255": {}, "fe80::1": {}, "fe80::1%lo": {},
		"169.254.169.254": {}, "::ffff:169.254.169.254": {}, "64:ff9b::169.254.169.254": {}, "64:ff9b::a9fe:a9fe": {}, "::169.254.169.254": {}, "2002:a9fe:a9fe::": {}, "64:ff9b:1::a9fe:a9fe": {},
		"fd00:ec2::254": {}, "fd20:ce::254": {}, "168.63.129.16": {}, "192.0.0.192": {},
		"100.64.0.1": {}, "100.64.0.2": {}, "::ffff:100.64.0.2": {}, "64:ff9b::100.64.0.2": {}, "::127.0.0.1": {}, "2002:7f00:1::": {}, "2001:0:7f00:1::": {},
	} {
		a := netip.MustParseAddr(address)
		for name, x := range map[string]struct {
			rules rules
			may   bool
		}{"a real centre": {strict, may.strict}, "a demonstration": {demo, may.demo}} {
			if err := x.rules.judge(a); (err == nil) != x.may || (err != nil && sekisho.CodeOf(err) != "desktop.forbidden") {
				t.Errorf("%s, %s: %v", name, address, err)
			}
			if err := x.rules.dialled(net.JoinHostPort(address, "5900")); (err == nil) != x.may {
				t.Errorf("%s, %s, dialled: %v", name, address, err)
			}
		}
	}
	if err := demo.dialled("nonsense"); err == nil {
		t.Error("nonsense was dialled")
	}
	blind := rules{own: func() ([]netip.Addr, error) { return nil, errors.New("no interfaces") }}
	if err := blind.judge(netip.MustParseAddr("192.0.2.7")); sekisho.CodeOf(err) != "desktop.forbidden" {
		t.Errorf("a machine that does not know itself: %v", err)
	}
	if own, err := ownAddresses(); err != nil || len(own) == 0 {
		t.Errorf("%v, %v", own, err)
	}
}

// A room that nobody told otherwise takes no desktop on its own machine, and
// opens none that was written when that was allowed.
func TestThisMachineIsNoDesktop(t *testing.T) {
	v := vnc{version: version38, types: []byte{1}}
	r := newRoom(t, storagetest.SQLite(t))
	d := r.desktop(t, v.listen(t), "")
	strict := New(r.db, r.clk, r.box, r.audit)
	for _, host := range []string{"127.0.0.1", "::1", "localhost", "vdi.localhost", "LOCALHOST"} {
		if _, err := strict.Create(t.Context(), "admin", Desktop{Name: "b", Host: host, Port: 5900}, ""); sekisho.CodeOf(err) != "desktop.forbidden" {
			t.Errorf("%s: %v", host, err)
		}
	}
	gateway, page := pairTCP(t)
	done := make(chan error, 1)
	go func() { done <- strict.Stream(t.Context(), gateway, Visit{Desktop: d.ID}) }()
	if _, _, reason := join(t, page); reason != "desktop.forbidden" {
		t.Errorf("the browser was told %q", reason)
	}
	if err := <-done; sekisho.CodeOf(err) != "desktop.forbidden" {
		t.Error(err)
	}
}

// meddling is the real box; while it opens a password, something happens.
type meddling struct {
	Box
	then func()
}

func (m *meddling) Unwrap(purpose, id string, wrapped []byte) ([]byte, error) {
	if m.then != nil {
		m.then()
	}
	return m.Box.Unwrap(purpose, id, wrapped)
}

// A desktop that is changed or deleted while a stream to it is opening: the
// stream has read the old row and must not go there.
func TestAChangeWhileAStreamOpens(t *testing.T) {
	for reason, change := range map[string]func(room, Desktop) error{
		"desktop.changed": func(r room, d Desktop) error {
			other := "other"
			d.Port++
			_, err := r.Update(t.Context(), "admin", d, &other)
			return err
		},
		"desktop.deleted": func(r room, d Desktop) error { return r.Delete(t.Context(), "admin", d.ID) },
		"":                func(room, Desktop) error { return nil }, // the control
	} {
		t.Run(reason, func(t *testing.T) {
			v := vnc{version: version38, types: []byte{2}, secret: "abc", after: func(c net.Conn, _ *bufio.Reader) { _, _ = c.Write([]byte{2}) }}
			r := newRoom(t, storagetest.SQLite(t))
			d := r.desktop(t, v.listen(t), "abc")
			box := &meddling{Box: r.box}
			r.Desktops.box = box
			box.then = func() {
				box.then = nil
				if err := change(r, d); err != nil {
					t.Error(err)
				}
			}
			gateway, page := pairTCP(t)
			done := make(chan error, 1)
			go func() { done <- r.Stream(t.Context(), gateway, Visit{Desktop: d.ID, Person: "p", Session: "s"}) }()
			if reason == "" {
				join(t, page)
				_ = page.Close()
			}
			if err := <-done; (reason == "" && err != nil) || (reason != "" && sekisho.CodeOf(err) != reason) {
				t.Errorf("%v, want %q", err, reason)
			}
			if n := len(r.Open()); n != 0 {
				t.Errorf("%d streams are still known", n)
			}
		})
	}
}
