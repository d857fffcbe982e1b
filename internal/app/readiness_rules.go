package app

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/gate/readiness"
	"github.com/sekisho/sekisho/internal/guard/presence"
)

// What the centre's own settings, the log and the guard's book of incidents know
// of readiness.

const (
	decideWithin  = 7 * 24 * time.Hour  // an incident waits no longer for its decision
	decidedSince  = 90 * 24 * time.Hour // older ones that are decided are not counted
	evidenceSince = 30 * 24 * time.Hour
	reviewEvery   = 366 * 24 * time.Hour // access policies are looked at once a year
	siemWithin    = 15 * time.Minute     // the log may wait that long for its receiver
)

func one(l readiness.Light) []readiness.Subject { return []readiness.Subject{{Light: l}} }

// guard: policies for home. Software keys and a system that stays unlocked are
// choices that a policy may make, and that somebody should know of.
func (f facts) guard(ctx context.Context, _ basis) (findings, error) {
	list, err := f.h.policies.List(ctx)
	out := []readiness.Subject{}
	for _, p := range list {
		if p.Place == sekisho.PlaceHome {
			out = append(out, readiness.Subject{Light: light(p.Onlooker && p.LockOS && !p.AllowSoftware, readiness.Amber)})
		}
	}
	return findings{readiness.Guard: out}, err
}

func (f facts) addresses(ctx context.Context, _ basis) (findings, error) {
	out := []readiness.Subject{}
	for _, door := range []networks.Door{networks.Console, networks.Agents} {
		list, err := f.h.networks.Get(ctx, door)
		if err != nil {
			return nil, err
		}
		out = append(out, readiness.Subject{Light: light(len(list.Ranges) > 0, readiness.Amber)})
	}
	return findings{readiness.Addresses: out}, nil
}

func (f facts) log(context.Context, basis) (findings, error) {
	st, passed := f.h.siem.State(), readiness.Green
	switch {
	case !st.On:
		passed = readiness.Amber
	case st.Looked.IsZero():
		passed = readiness.Unknown
	case !st.Failing.IsZero():
		passed = readiness.Red
	case !st.Oldest.IsZero() && f.h.clock.Now().Sub(st.Oldest) > siemWithin:
		passed = readiness.Amber
	}
	return findings{readiness.Log: one(light(f.h.log.Opened(), readiness.Red)), readiness.SIEM: one(passed)}, nil
}

// levels: a rule document that everybody acknowledges, in each of the three levels.
func (f facts) levels(ctx context.Context, _ basis) (findings, error) {
	list, err := f.h.training.Documents(ctx)
	has := map[string]bool{}
	for _, d := range list {
		has[d.Level] = has[d.Level] || d.Required
	}
	out := []readiness.Subject{}
	for _, level := range []string{"policy", "standard", "procedure"} {
		out = append(out, readiness.Subject{Light: light(has[level], readiness.Red)})
	}
	return findings{readiness.Levels: out}, err
}

// access: the built-in policies hold until somebody has written the centre's own.
func (f facts) access(ctx context.Context, _ basis) (findings, error) {
	v, err := f.h.rules.InForce(ctx)
	own := v.Number > 0 && f.h.clock.Now().Sub(v.At) < reviewEvery
	return findings{readiness.Access: one(light(own, readiness.Amber))}, err
}

func (f facts) shifts(ctx context.Context, _ basis) (findings, error) {
	r, err := f.h.shifts.Rules(ctx)
	return findings{readiness.Shifts: one(light(r.Home, readiness.Amber))}, err
}

func (f facts) roster(context.Context, basis) (findings, error) {
	if f.h.trust.Ready() != nil { // none, or none in force: no record can be sealed
		return findings{readiness.Roster: one(readiness.Red)}, nil
	}
	ends := f.h.trust.Rosters()[0].Expires
	return findings{readiness.Roster: one(light(ends.Sub(f.h.clock.Now()) > soonWithin, readiness.Amber))}, nil
}

// incidents: those that happened a week ago or earlier, by whether they were decided
// within that week, and the sealed records of the last 30 days.
func (f facts) incidents(ctx context.Context, _ basis) (findings, error) {
	now := f.h.clock.Now()
	out := findings{readiness.Undecided: {}, readiness.Evidence: {}}
	inTime, late, err := f.h.presence.Decisions(ctx, now.Add(-decidedSince), now.Add(-decideWithin), decideWithin)
	if err != nil {
		return nil, err
	}
	for i := range inTime + late {
		out[readiness.Undecided] = append(out[readiness.Undecided], readiness.Subject{Light: light(i < inTime, readiness.Red)})
	}
	recent, err := f.h.presence.Tallies(ctx, now.Add(-evidenceSince), now)
	for _, t := range recent {
		if t.Evidence == presence.EvidenceNone {
			continue
		}
		l := light(t.Evidence != presence.EvidenceMissing, readiness.Red)
		for range t.N {
			out[readiness.Evidence] = append(out[readiness.Evidence], readiness.Subject{Light: l})
		}
	}
	return out, err
}

func (f facts) disaster(ctx context.Context, _ basis) (findings, error) {
	list, err := f.h.disasters.Widenings(ctx)
	return findings{readiness.Disaster: one(light(len(list) > 0, readiness.Amber))}, err
}
