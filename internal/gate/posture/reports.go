package posture

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Keep stores the newest report of a connection as its PC's, and writes into the
// log what came out differently from the one before. It says whether anything did.
func (r *Posture) Keep(ctx context.Context, by By) (changed bool, err error) {
	a, err := r.asks(ctx, by)
	if err != nil {
		return false, fmt.Errorf("posture: keep: %w", err)
	}
	r.mu.Lock()
	h := r.held[by.Connection]
	if h == nil || h.report == nil {
		r.mu.Unlock()
		return false, nil
	}
	if h.asked != nil {
		a = *h.asked
	}
	one := kept{Connection: by.Connection, Report: *h.report, At: h.at, Outcomes: outcomes(h.judge(a, r.clk.Mono()))}
	r.mu.Unlock()
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		old, err := readReport(ctx, tx, by.Device)
		if err != nil {
			return err
		}
		if err := saveReport(ctx, tx, by.Device, one); err != nil {
			return err
		}
		diff := changes(old.Outcomes, one.Outcomes)
		if changed = len(diff) > 0; !changed {
			return nil
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "posture.changed", Actor: audit.Actor{Person: by.Person, Device: by.Device, Process: "agent"},
			Object: audit.Object{Type: "device", ID: string(by.Device)}, Detail: diff,
		})
	})
	if err != nil {
		return false, fmt.Errorf("posture: keep %s: %w", by.Device, err)
	}
	return changed, nil
}

// outcomes are a verdict's by check.
func outcomes(v Verdict) map[string]string {
	out := make(map[string]string, len(v.Checks))
	for _, c := range v.Checks {
		out[c.Check] = c.Outcome
	}
	return out
}

func changes(old, now map[string]string) map[string]string {
	diff := map[string]string{}
	for check, outcome := range now {
		switch old[check] {
		case outcome:
		case "":
			diff[check] = outcome
		default:
			diff[check] = old[check] + " → " + outcome
		}
	}
	return diff
}

// OfDevice tells how a PC stands by the rules in force, from its newest report:
// for the console. The zero time of a PC that never reported is null there.
func (r *Posture) OfDevice(ctx context.Context, d sekisho.DeviceID, policy sekisho.PolicyName, place sekisho.Place, english bool) (wire.PostureStanding, error) {
	a, err := r.asks(ctx, By{Device: d, Policy: policy, Place: place})
	if err != nil {
		return wire.PostureStanding{}, fmt.Errorf("posture: of device: %w", err)
	}
	var k kept
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) { k, err = readReport(ctx, tx, d); return err })
	if err != nil {
		return wire.PostureStanding{}, fmt.Errorf("posture: of device %s: %w", d, err)
	}
	s, now := seen{device: d, own: a.own}, r.clk.Now()
	if !k.At.IsZero() {
		s.report, s.age = &k.Report, max(0, now.Sub(k.At))
	}
	// A PC that is switched off is shown as it was seen last, with its times; that
	// the report is too old for a session is said beside it.
	stale := s.age > wire.PostureStale
	age := s.age
	if stale {
		s.age = 0
	}
	v := judge(s, a.rules)
	for i := range v.Checks {
		if stale {
			v.Checks[i].Age += age
		}
	}
	if stale && asks(a.rules) {
		v.Err = errStale
	}
	return standing(v, k.At, now, english), nil
}

// PlaceOf gives the place of a PC's own, or nil.
func (r *Posture) PlaceOf(ctx context.Context, d sekisho.DeviceID) (p *wire.PosturePlace, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) { p, err = readPlace(ctx, tx, d); return err })
	if err != nil {
		return nil, fmt.Errorf("posture: place of %s: %w", d, err)
	}
	return p, nil
}

// kept is a PC's newest report as it is stored.
type kept struct {
	Connection sekisho.ConnectionID
	Report     wire.PostureReport
	Outcomes   map[string]string
	At         time.Time
}
