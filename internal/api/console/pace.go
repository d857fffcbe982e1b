package console

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/networks"
)

// bodyTime bounds how long a body may take: it is a few KiB.
const bodyTime = 15 * time.Second

// rates bound what one source may do in time. An office of many people is one
// source. Where a proxy on this host hides everybody's, it is the proxy's to
// bound requests; rows are counted together.
type rates struct {
	requests *devices.Limit // all of them
	open     *devices.Limit // those of people who have not signed in
	guesses  *devices.Limit // at passwords, of whatever logins
	finishes *devices.Limit // of such attempts: each that fails leaves a row
	rows     *devices.Limit // audit rows of refusals, by person or source
}

func newRates(clk clock.Clock) rates {
	return rates{
		requests: devices.NewLimit(clk, 1200, 5*time.Millisecond),
		open:     devices.NewLimit(clk, 120, 100*time.Millisecond),
		guesses:  devices.NewLimit(clk, 30, 2*time.Second),
		finishes: devices.NewLimit(clk, 30, 2*time.Second),
		rows:     devices.NewLimit(clk, 60, time.Second),
	}
}

// take says whether from may go on; the first refusal leaves a row.
func (d *Door) take(l *devices.Limit, from netip.Addr, route string) error {
	if !from.IsValid() {
		return nil
	}
	ok, first := l.Take(devices.Source(from))
	if first {
		d.row(caller{from: from}, route, "door.flooded", errBusy)
	}
	if !ok {
		return errBusy
	}
	return nil
}

// paced bounds requests by source, asks whether that source may reach this door
// at all, and bounds bodies in time.
func (d *Door) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := d.take(d.rates.requests, callerOf(r.Context()).from, ""); err != nil {
			writeRefusal(w, r, err)
			return
		}
		if err := d.reached(r.Context()); err != nil {
			if errors.Is(err, networks.ErrRefused) {
				d.turnedAway(callerOf(r.Context()), "", err)
			}
			writeRefusal(w, r, err)
			return
		}
		// Only where there is a body: the deadline would also end what is sent slowly.
		// By the wall clock: it bounds a socket, and decides nothing.
		if r.ContentLength != 0 {
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(d.bodyTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
				writeRefusal(w, r, errMalformed.Because(err)) // the connection is gone
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// reached is nil where the address may reach the console. The list is not asked of
// what came through a tunnel: the agents' door has its own, and the lease says more.
func (d *Door) reached(ctx context.Context) error {
	c := callerOf(ctx)
	if c.inside.Session != "" {
		return nil
	}
	return d.networks.Allows(ctx, networks.Console, c.from)
}

// turnedAway leaves the audit row of a refused attempt at this door.
func (d *Door) turnedAway(c caller, route string, err error) {
	if d.noted(c, route, err) {
		d.row(c, route, "door.refused", err)
	}
}

// noted says whether a refusal leaves a row of its own: up to one a second of one
// person or source; the first beyond leaves one that says there were more.
func (d *Door) noted(c caller, route string, err error) bool {
	key := devices.Source(c.from)
	if c.who != nil {
		key = string(c.who.Person)
	}
	ok, first := d.rates.rows.Take(key)
	if first {
		d.row(c, route, "door.flooded", err)
	}
	return ok
}

func (d *Door) row(c caller, route, kind string, err error) {
	e := audit.Event{
		Kind: kind, Actor: audit.Actor{Process: "browser"}, Object: audit.Object{Type: "door", ID: "console"},
		Decision: audit.Deny, Reason: sekisho.CodeOf(err), Detail: map[string]string{"route": route},
		Personal: audit.Personal{"source": c.from.String()},
	}
	if route == "" {
		e.Detail["route"] = "none" // never the caller's own words
	}
	switch {
	case c.who != nil:
		e.Actor.Person = c.who.Person
	case c.inside.Session != "":
		e.Actor.Person = c.inside.Person
	}
	e.Session = c.inside.Session
	d.audit.Afterwards(e)
}
