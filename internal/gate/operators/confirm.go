package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// BeginConfirm begins the proof that a person, with his own passkey and now, says
// yes to one thing, at rp. subject names it; the proof is worth nothing for another one,
// and opens no session.
func (r *Operators) BeginConfirm(ctx context.Context, rp RP, id sekisho.PersonID, subject string, from netip.Addr) (Ceremony, error) {
	c, err := r.BeginLogin(ctx, rp, id, "", from)
	if err != nil {
		return Ceremony{}, fmt.Errorf("operators: begin to confirm: %w", err)
	}
	held := r.ceremonies[rp]
	x, ok := held.take(c.ID, r.clk.Mono())
	if !ok || id == "" || subject == "" {
		return Ceremony{}, errCeremony
	}
	x.subject = subject
	held.put(c.ID, x, r.clk.Mono())
	return c, nil
}

// FinishConfirm checks that proof. Both outcomes are in the audit log.
func (r *Operators) FinishConfirm(ctx context.Context, rp RP, id sekisho.PersonID, subject, key string, credential json.RawMessage, from netip.Addr) error {
	if !r.failures.may(from, r.clk.Mono()) {
		return errBusy
	}
	p, row, err := r.assert(ctx, rp, key, subject, credential)
	if err == nil && (p.ID != id || id == "") {
		err = errPasskey
	}
	if err == nil {
		err = r.db.Write(ctx, func(tx storage.Tx) error {
			if now, err := r.load(ctx, tx, id); err != nil || !now.Active {
				return orElse(err, errInactive)
			}
			if err := usePasskey(ctx, tx, row, r.clk.Now()); err != nil {
				return err
			}
			return r.log.Append(ctx, tx, audit.Event{Kind: "passkey.confirmed", Actor: audit.Actor{Person: id}, Object: object(id), Decision: audit.Allow})
		})
	}
	if err != nil {
		r.failures.failed(from, r.clk.Mono())
		r.log.Afterwards(audit.Event{Kind: "passkey.not_confirmed", Actor: audit.Actor{Person: id}, Object: object(id), Decision: audit.Deny, Reason: sekisho.CodeOf(err)})
		return fmt.Errorf("operators: confirm: %w", err)
	}
	return nil
}
