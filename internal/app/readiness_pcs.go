package app

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/readiness"
)

// What the rooms of PCs know of readiness.

const (
	reportWithin = 30 * 24 * time.Hour // older reports of a PC say little of it now
	soonWithin   = 30 * 24 * time.Hour // what ends within that is amber
)

type findings = map[readiness.ID][]readiness.Subject

// keys: a key in a TPM that proved itself.
func (f facts) keys(_ context.Context, b basis) (findings, error) {
	pcs, err := b.issued()
	out := []readiness.Subject{}
	for _, d := range pcs {
		s := readiness.Subject{Person: d.Person, Light: readiness.Red}
		switch {
		case d.KeyKind == devices.KeyTPM && (d.Tier == sekisho.TierA || d.Tier == sekisho.TierB):
			s.Light = readiness.Green
		case d.KeyKind == "":
			s.Light = readiness.Unknown
		}
		out = append(out, s)
	}
	return findings{readiness.TPM: out}, err
}

// posture: by the newest report of each PC. One that is old is worth amber at most.
func (f facts) posture(ctx context.Context, b basis) (findings, error) {
	pcs, err := b.issued()
	if err != nil {
		return nil, err
	}
	policies, err := f.h.policies.List(ctx)
	if err != nil {
		return nil, err
	}
	place := map[sekisho.PolicyName]sekisho.Place{}
	for _, p := range policies {
		place[p.Name] = p.Place
	}
	ask := make([]posture.Subject, 0, len(pcs))
	for _, d := range pcs {
		ask = append(ask, posture.Subject{Device: d.ID, Policy: d.Policy, Place: place[d.Policy]})
	}
	told, err := f.h.posture.Survey(ctx, ask)
	now := f.h.clock.Now()
	out := findings{readiness.Disk: {}, readiness.Posture: {}, readiness.Place: {}}
	for _, d := range pcs {
		s := told[d.ID]
		old := now.Sub(s.At) > reportWithin
		disk, meets := readiness.Unknown, readiness.Unknown
		if !s.At.IsZero() {
			switch s.Checks["disk_encryption"] {
			case posture.Pass:
				disk = readiness.Green
			case posture.Fail:
				disk = readiness.Red
			}
			meets = light(s.Meets, readiness.Red)
		}
		if old && disk == readiness.Green {
			disk = readiness.Amber
		}
		if old && meets == readiness.Green {
			meets = readiness.Amber
		}
		out[readiness.Disk] = append(out[readiness.Disk], readiness.Subject{Person: d.Person, Light: disk})
		out[readiness.Posture] = append(out[readiness.Posture], readiness.Subject{Person: d.Person, Light: meets})
		if d.Place == sekisho.PlaceHome {
			out[readiness.Place] = append(out[readiness.Place], readiness.Subject{Person: d.Person, Light: light(s.Placed, readiness.Amber)})
		}
	}
	return out, err
}

// items: what went out with the PCs at home, and what came back or did
// not with those that are back.
func (f facts) items(ctx context.Context, b basis) (findings, error) {
	pcs, err := b.pcs()
	if err != nil {
		return nil, err
	}
	items, err := f.h.loans.AllItems(ctx)
	out := findings{readiness.Filter: {}, readiness.Lock: {}, readiness.Accessories: {}}
	for _, d := range pcs {
		filter, lock, missing := false, false, false
		for _, i := range items[d.ID] {
			if i.State == loans.Out {
				filter, lock = filter || isFilter(i.Name), lock || isLock(i.Name)
			}
			missing = missing || i.State == loans.Missing
		}
		if d.State == devices.Issued && d.Place == sekisho.PlaceHome {
			out[readiness.Filter] = append(out[readiness.Filter], readiness.Subject{Person: d.Person, Light: light(filter, readiness.Red)})
			out[readiness.Lock] = append(out[readiness.Lock], readiness.Subject{Person: d.Person, Light: light(lock, readiness.Red)})
		}
		if back := d.State == devices.Returned || d.State == devices.Revoked; missing || back && len(items[d.ID]) > 0 {
			out[readiness.Accessories] = append(out[readiness.Accessories], readiness.Subject{Person: d.Person, Light: light(!missing, readiness.Red)})
		}
	}
	return out, err
}

// Accessories are entered in the centre's own words; these are the words that
// name a privacy filter and a wire lock in the house's two languages.
func isFilter(name string) bool { return says(name, "フィルタ", "filter") }
func isLock(name string) bool {
	return says(name, "ワイヤ", "wire lock", "cable lock", "wirelock", "kensington")
}

func says(name string, words ...string) bool {
	name = strings.ToLower(norm.NFKC.String(name))
	for _, w := range words {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// permits: of the PCs at home. Without one it is amber: whether one is needed is
// the access policies' to say. One that ends soon is amber too.
func (f facts) permits(ctx context.Context, b basis) (findings, error) {
	pcs, err := b.home()
	if err != nil {
		return nil, err
	}
	list, err := f.h.permits.List(ctx)
	type seat struct {
		device sekisho.DeviceID
		person sekisho.PersonID
	}
	until, now := map[seat]time.Time{}, f.h.clock.Now()
	for _, p := range list {
		if at := (seat{p.Device, p.Person}); p.Counts(now) && p.Until.After(until[at]) {
			until[at] = p.Until
		}
	}
	out := []readiness.Subject{}
	for _, d := range pcs {
		holds := until[seat{d.ID, d.Person}].Sub(now) > permitSoon
		out = append(out, readiness.Subject{Person: d.Person, Light: light(holds, readiness.Amber)})
	}
	return findings{readiness.Permit: out}, err
}

// permitSoon is how long a permit must still run to be green.
const permitSoon = 7 * 24 * time.Hour

// due: PCs that are to be back.
func (f facts) due(ctx context.Context, b basis) (findings, error) {
	pcs, err := b.out()
	if err != nil {
		return nil, err
	}
	untils, err := f.h.loans.Untils(ctx)
	now, out := f.h.clock.Now(), []readiness.Subject{}
	for _, d := range pcs {
		s := readiness.Subject{Person: d.Person, Light: readiness.Green}
		if until, ends := untils[d.ID]; ends {
			switch left := until.Sub(now); {
			case left <= 0:
				s.Light = readiness.Red
			case left < soonWithin:
				s.Light = readiness.Amber
			}
		}
		out = append(out, s)
	}
	return findings{readiness.Due: out}, err
}
