package operators

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// A stranger who begins and never finishes stops nobody: neither people at the
// console nor those at their PCs.
func TestStrangersStopNobodysSignIn(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	_, key := r.setup()
	ctx := t.Context()
	op := r.create("op", sekisho.RoleOperator)
	desk := r.invited(op, RPDesk, deskOrigin)

	mine, err := r.BeginLogin(ctx, RPConsole, "", "", host)
	r.must(err)
	atDesk, err := r.BeginLogin(ctx, RPDesk, op.ID, "c-1", netip.MustParseAddr("100.64.0.2"))
	r.must(err)
	for range maxCeremonies { // one source: it pushes out its own
		if _, err := r.BeginLogin(ctx, RPConsole, "", "", remote); err != nil {
			t.Fatalf("a stranger's ceremonies fill the room: %v", err)
		}
	}
	if n := len(r.ceremonies[RPConsole].held); n > maxEach+1 {
		t.Errorf("%d ceremonies are held for two sources", n)
	}
	if _, err := r.FinishLogin(ctx, RPConsole, mine.ID, key.get(mine.Options), host); err != nil {
		t.Errorf("somebody's own sign-in was pushed out: %v", err)
	}
	if _, err := r.Prove(ctx, RPDesk, atDesk.ID, desk.get(atDesk.Options), netip.MustParseAddr("100.64.0.2")); err != nil {
		t.Errorf("somebody at his PC was pushed out: %v", err)
	}
}

// Very many sources push out the oldest of all, never the newest.
func TestCeremoniesAreBounded(t *testing.T) {
	c := newCeremonies()
	for n := range 3 * maxCeremonies {
		c.put(fmt.Sprint(n), ceremony{source: fmt.Sprint(n)}, time.Duration(n)*time.Millisecond)
	}
	now := 3 * maxCeremonies * time.Millisecond
	if len(c.held) > maxCeremonies || len(c.each) > maxCeremonies || len(c.order) > 2*maxCeremonies+1 {
		t.Errorf("%d held, %d sources, %d in order", len(c.held), len(c.each), len(c.order))
	}
	if _, ok := c.take(fmt.Sprint(3*maxCeremonies-1), now); !ok {
		t.Error("the newest was pushed out")
	}
	if _, ok := c.take("0", now); ok {
		t.Error("the oldest is still held")
	}
	for n := range 3 * maxCeremonies {
		c.take(fmt.Sprint(n), now)
	}
	if len(c.held) != 0 || len(c.each) != 0 {
		t.Errorf("%d held, %d sources are left", len(c.held), len(c.each))
	}
}

// Behind a proxy nobody's source is known: one person's failures are not everybody's.
func TestUnknownSourcesShareNoLock(t *testing.T) {
	l := limiter{held: map[string]window{}}
	for range failuresEach {
		l.failed(netip.Addr{}, 0)
		l.failed(remote, 0)
	}
	if !l.may(netip.Addr{}, 0) {
		t.Error("ten failures behind a proxy shut everybody out")
	}
	if l.may(remote, 0) {
		t.Error("ten failures of one source shut nobody out")
	}
}
