package devices

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// bearer is by what right somebody enrols: the secret of a code, or the ticket
// of an enrolment whose key is gone.
type bearer struct {
	holder string           // hash of the secret or ticket
	device sekisho.DeviceID // with a ticket
	again  bool             // by ticket
}

// bearerOf takes one of the two, never both.
func bearerOf(secret []byte, device sekisho.DeviceID, ticket []byte) (bearer, error) {
	switch {
	case len(secret) == secretBytes && device == "" && len(ticket) == 0:
		return bearer{holder: secretHash(secret)}, nil
	case len(secret) == 0 && wire.ValidID(string(device)) && len(ticket) == ticketBytes:
		return bearer{holder: ticketHash(ticket), device: device, again: true}, nil
	}
	return bearer{}, ErrRequest.Because(fmt.Errorf("devices: secret of %d bytes, ticket of %d", len(secret), len(ticket)))
}

// admit takes a token of each limit for whoever enrols. leavesRow is false for a
// refusal by a limit that is not the first.
func admit(source, code *Limit, from netip.Addr, secret []byte, device sekisho.DeviceID, ticket []byte) (b bearer, leavesRow bool, err error) {
	if ok, first := source.Take(Source(from)); !ok {
		return b, first, ErrTooMany
	}
	if b, err = bearerOf(secret, device, ticket); err != nil {
		return b, true, err
	}
	if ok, first := code.Take(b.holder); !ok {
		return b, first, ErrTooMany
	}
	return b, true, nil
}

func (b bearer) act() act {
	if b.again {
		return actAgain
	}
	return actEnrol
}

// claim finds the PC for which the bearer's right counts now. The record names
// the PC also where it does not.
func (b bearer) claim(ctx context.Context, tx storage.Tx, now time.Time) (d record, err error) {
	if b.again {
		if d, err = selectDevice(ctx, tx, b.device); err != nil {
			return record{}, ErrTicket.Because(err)
		}
		if d.ticket != b.holder || d.KeyKind != KeyTPM || d.EK == "" {
			return record{}, ErrTicket // tells a stranger nothing of the PC
		}
		return d, passes(d.State) // enrolling again is no way round a suspension
	}
	code, err := selectCode(ctx, tx, b.holder)
	if err != nil {
		return d, err
	}
	d.ID = code.device
	if err := code.counts(now); err != nil {
		return d, err
	}
	if d, err = selectDevice(ctx, tx, code.device); err != nil {
		return record{}, err
	}
	_, err = step(d.State, actEnrol)
	return d, err
}

// present looks whether the bearer's right counts, without using it.
func (v *Inventory) present(ctx context.Context, b bearer) (d record, err error) {
	err = v.db.Read(ctx, func(tx storage.Tx) (err error) {
		d, err = b.claim(ctx, tx, v.clk.Now())
		return err
	})
	return d, err
}

// Challenge asks the TPM of a PC that is about to enrol to prove itself. Only
// who holds a code or a ticket that counts is asked; neither is used up.
func (v *Inventory) Challenge(ctx context.Context, r wire.AttestRequest, from netip.Addr) (out wire.AttestChallenge, err error) {
	b, leavesRow, err := admit(v.askedBy, v.askedFor, from, r.Secret, r.Device, r.Ticket)
	var d record
	if err == nil {
		d, err = v.present(ctx, b)
	}
	if err == nil {
		out, err = v.attest.Challenge(ctx, b.holder, r)
	}
	if err == nil {
		return out, nil
	}
	if leavesRow {
		v.refusedEnrolment(d.ID, err, from)
	}
	return wire.AttestChallenge{}, fmt.Errorf("devices: challenge: %w", err)
}

// prove has the proof of a TPM judged and puts what it showed into p. A key in
// software has nothing to prove and stays what it is.
func (v *Inventory) prove(ctx context.Context, b bearer, known record, r wire.EnrolRequest, p *presented) error {
	if p.keyKind != KeyTPM {
		return nil
	}
	ek, tier, ground, err := v.attest.Prove(ctx, b.holder, *r.Attestation, p.spki)
	if err != nil {
		return err
	}
	if !bytes.Equal(ek, r.EK) {
		return ErrRequest.Because(errors.New("devices: another endorsement key than the one that was asked"))
	}
	p.ek, p.proved, p.ground = ek, tier, ground
	if b.again && hash(ek) != known.EK {
		return v.otherTPM(ctx, known, hash(ek))
	}
	return nil
}

// otherTPM notes that somebody with this PC's folder has another TPM: its board
// was replaced, or its disk is in another PC. The PC itself is left as it is,
// since it may be at work while a copy of its disk is tried elsewhere.
func (v *Inventory) otherTPM(ctx context.Context, d record, ek string) error {
	now := v.clk.Now()
	err := v.db.Write(ctx, func(tx storage.Tx) error {
		if err := noteTrouble(ctx, tx, d.ID, ErrOtherTPM.Code, now); err != nil {
			return err
		}
		e := deviceEvent("device.in_trouble", audit.Actor{Process: "agent"}, d.ID, audit.Deny)
		e.Reason, e.Detail = ErrOtherTPM.Code, map[string]string{"ek": ek}
		return v.log.Append(ctx, tx, e)
	})
	return errors.Join(ErrOtherTPM, err)
}
