package app

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/wire"
)

// unread takes audit rows and keeps none.
type unread struct{}

func (unread) Append(context.Context, storage.Tx, audit.Event) error { return nil }
func (unread) Afterwards(audit.Event)                                {}

// doorway is the real road, and the policies that the book asks for between its
// steps; each step of an opening can be held up once.
type doorway struct {
	*flows.Flows
	mu     sync.Mutex
	before map[string]func() // by step, taken by the first who gets there
}

func (d *doorway) pass(step string) {
	d.mu.Lock()
	fn := d.before[step]
	delete(d.before, step)
	d.mu.Unlock()
	if fn != nil {
		fn()
	}
}

func (d *doorway) Connect(id sekisho.ConnectionID, wireguard []byte) (tunnels.Opened, error) {
	d.pass("tunnel")
	return d.Flows.Connect(id, wireguard)
}

func (d *doorway) Get(_ context.Context, name sekisho.PolicyName) (wire.GuardPolicy, error) {
	d.pass("book")
	return wire.GuardPolicy{Name: name}, nil
}

func newConnections(t *testing.T) (*connections, *doorway, *clock.Fake) {
	t.Helper()
	clk, d := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)), &doorway{before: map[string]func(){}}
	db := storagetest.SQLite(t)
	if err := db.Migrate(t.Context(), grants.Schema); err != nil {
		t.Fatal(err)
	}
	book, err := grants.NewBook(t.Context(), db, clk, grants.Deps{Policies: d, Audit: unread{}})
	if err != nil {
		t.Fatal(err)
	}
	if d.Flows, err = flows.New(flows.Config{Tunnels: tunnels.Config{Listen: "127.0.0.1:0"}}, clk, book, unread{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return &connections{
		book: book, flows: d, clock: clk, current: map[sekisho.DeviceID]sekisho.ConnectionID{}, ended: func(sekisho.ConnectionID) {},
	}, d, clk
}

func bound(t *testing.T) devices.Binding {
	t.Helper()
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return devices.Binding{Device: "pc", Person: "p", WGPub: [32]byte(key.PublicKey().Bytes()), LeaseKey: make([]byte, 32), Tier: sekisho.TierB, Policy: "home"}
}

// left counts the tunnels and connections that are there. A tunnel goes a few
// milliseconds after its resets, so that it is asked until want are left.
func left(t *testing.T, c *connections, want int) (inTunnels, inBook int) {
	t.Helper()
	for range 1000 {
		peers, err := c.flows.Tunnels()
		if err != nil {
			t.Fatal(err)
		}
		if inTunnels, inBook = len(peers), len(c.book.Live()); inTunnels <= want {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return inTunnels, inBook
}

// Two connections of one PC at the same moment: whatever the order of their
// steps, one is left, and none once the PC is closed.
func TestTwoConnectionsOfOnePC(t *testing.T) {
	for _, step := range []string{"tunnel", "book"} {
		for _, then := range []string{"another opens", "another opens, then the PC is closed", "the PC is closed"} {
			t.Run(fmt.Sprintf("before the %s, %s", step, then), func(t *testing.T) {
				c, d, _ := newConnections(t)
				arrived, release := make(chan struct{}), make(chan struct{})
				d.before[step] = func() { close(arrived); <-release }
				var slow error
				var wait sync.WaitGroup
				wait.Go(func() { _, slow = c.Open(t.Context(), bound(t)) })
				<-arrived
				want := 0
				if then != "the PC is closed" {
					if _, err := c.Open(t.Context(), bound(t)); err != nil {
						t.Errorf("the newer one: %v", err)
					}
					want = 1
				}
				if then != "another opens" {
					c.CloseDevice("pc", "device.revoked")
					want = 0
				}
				close(release)
				wait.Wait()
				if !errors.Is(slow, errReplaced) {
					t.Errorf("the older one: %v", slow)
				}
				if n, m := left(t, c, want); n != want || m != want {
					t.Fatalf("%d tunnels and %d connections are left, want %d", n, m, want)
				}
				c.CloseDevice("pc", "device.revoked")
				if n, m := left(t, c, 0); n != 0 || m != 0 {
					t.Fatalf("%d tunnels and %d connections of a PC that is closed", n, m)
				}
				if _, err := c.Open(t.Context(), bound(t)); err != nil {
					t.Errorf("the control: %v", err)
				}
			})
		}
	}
}

// A tunnel that leads to no connection does not stay, however it came to be.
func TestOrphanedTunnelsGo(t *testing.T) {
	c, d, clk := newConnections(t)
	if _, err := c.Open(t.Context(), bound(t)); err != nil {
		t.Fatal(err)
	}
	orphan := bound(t)
	if _, err := d.Connect("orphan", orphan.WGPub[:]); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{orphaned - time.Second, 2}, {time.Second, 1}} {
		clk.Advance(step.after)
		if err := c.tidy(); err != nil {
			t.Fatal(err)
		}
		if n, m := left(t, c, step.want); n != step.want || m != 1 {
			t.Fatalf("%d tunnels, want %d, and %d connections", n, step.want, m)
		}
	}
}
