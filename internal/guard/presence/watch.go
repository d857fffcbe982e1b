package presence

import (
	"context"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// watch raises the alarm for evidence that did not arrive, until ctx ends.
func (p *Presence) watch(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.checkEvidence(ctx)
		}
	}
}

// checkEvidence looks at every incident whose minute is over. What cannot be
// looked at now is looked at again with the next tick.
func (p *Presence) checkEvidence(ctx context.Context) {
	for _, id := range p.overdue() {
		if err := p.settle(ctx, id); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "evidence of an incident could not be looked up; trying again", "incident", id, "error", err)
			continue
		}
		p.mu.Lock()
		delete(p.expected, id)
		p.mu.Unlock()
	}
}

func (p *Presence) overdue() (out []sekisho.IncidentID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clk.Mono()
	for id, due := range p.expected {
		if now >= due {
			out = append(out, id)
		}
	}
	return out
}

// settle marks an incident's evidence as arrived or missing.
func (p *Presence) settle(ctx context.Context, id sekisho.IncidentID) error {
	facts, err := p.deps.Evidence.Facts(ctx, id)
	if err != nil {
		return err
	}
	state := EvidenceMissing
	if facts.Pictures > 0 {
		state = EvidenceArrived
	}
	return p.mark(ctx, id, state)
}

// EvidenceArrived notes that a sealed bundle of an incident is kept. After the
// alarm it says in the audit log that it came late.
func (p *Presence) EvidenceArrived(ctx context.Context, id sekisho.IncidentID) error {
	return p.mark(ctx, id, EvidenceArrived)
}

func (p *Presence) mark(ctx context.Context, id sekisho.IncidentID, state string) error {
	var i Incident
	changed := false
	err := p.db.Write(ctx, func(tx storage.Tx) (err error) {
		changed = false
		if i, err = load(ctx, tx, id); err != nil {
			return err
		}
		was := i.Evidence
		if was == state || was == EvidenceArrived {
			return nil
		}
		i.Evidence, changed = state, true
		if err := save(ctx, tx, i); err != nil {
			return err
		}
		kind := ""
		switch {
		case state == EvidenceMissing:
			kind = "evidence.missing"
		case was == EvidenceMissing:
			kind = "evidence.late"
		default:
			return nil // in time: guard/evidence wrote the row of its arrival
		}
		return p.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: audit.Actor{Process: "server"}, Object: object(id), Session: i.Session, Closing: true,
			Detail: map[string]string{"person": string(i.Person), "device": string(i.Device)},
		})
	})
	if err == nil && changed {
		p.tell(i)
	}
	return err
}
