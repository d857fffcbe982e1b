package loans

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Card makes the loss card of a PC. Any older one counts no more.
func (r *Loans) Card(ctx context.Context, by audit.Actor, d sekisho.DeviceID) (secret string, err error) {
	if _, err := r.devices.HolderOf(ctx, d); err != nil {
		return "", errOver.Because(err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		secret, err = r.card(ctx, tx, by, d)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("loans: card of %s: %w", d, err)
	}
	return secret, nil
}

func (r *Loans) card(ctx context.Context, tx storage.Tx, by audit.Actor, d sekisho.DeviceID) (secret string, err error) {
	now := r.clk.Now()
	if err := withdraw(ctx, tx, d, now); err != nil {
		return "", err
	}
	secret = newSecret()
	if err := insertCard(ctx, tx, hashOf(secret), d, now); err != nil {
		return "", err
	}
	return secret, r.log.Append(ctx, tx, event("loan.card_made", by, d, audit.Allow))
}

// Look says of which PC a card is, while it counts. It changes nothing; a card
// that does not count leaves a row.
func (r *Loans) Look(ctx context.Context, secret string, c Caller) (sekisho.DeviceID, error) {
	d, err := r.counts(ctx, secret)
	if err != nil {
		r.refused(d, err, c)
		return "", fmt.Errorf("loans: look at a card: %w", err)
	}
	return d, nil
}

// LostByCard closes everything of a card's PC at once. The card is used with it.
func (r *Loans) LostByCard(ctx context.Context, secret string, c Caller) (sekisho.DeviceID, error) {
	d, err := r.counts(ctx, secret)
	if err != nil {
		r.refused(d, err, c)
		return "", fmt.Errorf("loans: lost, by card: %w", err)
	}
	by := audit.Actor{Process: "loss_card"}
	err = r.devices.RevokeWith(ctx, by, d, "紛失（紛失カード）", func(ctx context.Context, tx storage.Tx) error {
		if err := useCard(ctx, tx, hashOf(secret), r.clk.Now()); err != nil {
			return err
		}
		e := event("loan.lost", by, d, "")
		e.Closing, e.Personal = true, audit.Personal{"source": c.From.String()}
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		if sekisho.CodeOf(err) == "device.state" {
			err = errClosed.Because(err)
		}
		r.refused(d, err, c)
		return "", fmt.Errorf("loans: lost %s, by card: %w", d, err)
	}
	return d, nil
}

// Lost closes everything of a PC at once, as somebody signed in reports it.
func (r *Loans) Lost(ctx context.Context, by audit.Actor, d sekisho.DeviceID, note string) error {
	reason := wire.OneLine("紛失 " + note)
	err := r.devices.RevokeWith(ctx, by, d, reason, func(ctx context.Context, tx storage.Tx) error {
		if err := withdraw(ctx, tx, d, r.clk.Now()); err != nil {
			return err
		}
		e := event("loan.lost", by, d, "")
		e.Closing = true
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		if sekisho.CodeOf(err) == "device.state" {
			err = errClosed.Because(err)
		}
		return fmt.Errorf("loans: lost %s: %w", d, err)
	}
	return nil
}

// counts gives the PC of a card; also where the card does not count any more, with the error.
func (r *Loans) counts(ctx context.Context, secret string) (d sekisho.DeviceID, err error) {
	hash := hashOf(secret)
	if hash == "" {
		return "", errUnknown
	}
	var used, over time.Time
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		d, used, over, err = selectCard(ctx, tx, hash)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !used.IsZero():
		return d, errUsed
	case !over.IsZero():
		return d, errWithdrawn
	}
	return d, nil
}

func (r *Loans) refused(d sekisho.DeviceID, err error, c Caller) {
	if !c.Noted(err) {
		return
	}
	e := event("loan.card_refused", audit.Actor{Process: "loss_card"}, d, audit.Deny)
	e.Reason, e.Personal = sekisho.CodeOf(err), audit.Personal{"source": c.From.String()}
	r.log.Afterwards(e)
}
