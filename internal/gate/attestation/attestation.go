package attestation

import (
	"context"
	"crypto/x509"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Grounds on which a TPM's proof rests.
const (
	GroundList        = "list"        // its EK stands on the list
	GroundCertificate = "certificate" // its EK certificate leads to a trusted authority
	GroundPerson      = "person"      // an administrator compares fingerprints
)

// Attestation is the room. Its methods may be used from many goroutines.
type Attestation struct {
	db   *storage.DB
	clk  clock.Clock
	log  Log
	open *challenges
}

// New makes the room on tables that Schema has made.
func New(db *storage.DB, clk clock.Clock, log Log) *Attestation {
	return &Attestation{db: db, clk: clk, log: log, open: newChallenges(clk)}
}

// Challenge asks the TPM with these keys to prove that it holds them. holder
// names who may answer; an open challenge of the same holder ends.
func (a *Attestation) Challenge(_ context.Context, holder string, r wire.AttestRequest) (wire.AttestChallenge, error) {
	made, out, err := challenge(r)
	if err != nil {
		return wire.AttestChallenge{}, err
	}
	if err := a.open.put(holder, made); err != nil {
		return wire.AttestChallenge{}, err
	}
	return out, nil
}

// Prove takes the answer to holder's challenge, for the key with this PKIX DER.
// It gives the EK of the TPM in which that key lives, its tier (A or B) and on
// what ground. Where only known TPMs are taken, an unknown one is refused.
func (a *Attestation) Prove(ctx context.Context, holder string, answer wire.Attestation, spki []byte) (ek []byte, tier sekisho.Tier, ground string, err error) {
	made, err := a.open.take(holder)
	if err != nil {
		return nil, sekisho.TierNone, "", err
	}
	if err := made.verify(answer, spki); err != nil {
		return nil, sekisho.TierNone, "", err
	}
	var only bool
	err = a.db.Read(ctx, func(tx storage.Tx) (err error) {
		if only, err = selectOnlyKnown(ctx, tx); err != nil {
			return err
		}
		ground, err = a.ground(ctx, tx, made)
		return err
	})
	switch {
	case err != nil:
		return nil, sekisho.TierNone, "", fmt.Errorf("attestation: prove: %w", err)
	case ground == GroundPerson && only:
		return nil, sekisho.TierNone, "", ErrNotListed
	case ground == GroundPerson:
		return made.ek, sekisho.TierB, ground, nil
	}
	return made.ek, sekisho.TierA, ground, nil
}

func (a *Attestation) ground(ctx context.Context, tx storage.Tx, made asked) (string, error) {
	listed, err := isListed(ctx, tx, Hash(made.ek))
	if err != nil {
		return "", err
	}
	if listed {
		return GroundList, nil
	}
	rows, err := selectCAs(ctx, tx)
	if err != nil {
		return "", err
	}
	trusted := make([]*x509.Certificate, 0, len(rows))
	for _, row := range rows {
		ca, err := x509.ParseCertificate(row.der)
		if err != nil {
			return "", fmt.Errorf("attestation: stored authority %s: %w", row.ID, err)
		}
		trusted = append(trusted, ca)
	}
	if vouched(made.ekCertificate, trusted) {
		return GroundCertificate, nil
	}
	return GroundPerson, nil
}

// Known is one endorsement key of the list.
type Known struct {
	Row
	Added time.Time
}

// CA is one authority of a TPM maker that an administrator trusts.
type CA struct {
	ID      string // SHA-256 of its DER, hex
	Subject string
	Until   time.Time // notAfter; it is not held against it
	Added   time.Time
}

// Lists are everything by which a TPM is known.
type Lists struct {
	Known     []Known
	CAs       []CA
	OnlyKnown bool // TPMs of tier B are refused
}

// Lists returns the list by label, the authorities by subject, and the rule.
func (a *Attestation) Lists(ctx context.Context) (l Lists, err error) {
	err = a.db.Read(ctx, func(tx storage.Tx) (err error) {
		if l.Known, err = selectKnown(ctx, tx); err != nil {
			return err
		}
		rows, err := selectCAs(ctx, tx)
		if err != nil {
			return err
		}
		l.CAs = l.CAs[:0]
		for _, row := range rows {
			l.CAs = append(l.CAs, row.CA)
		}
		l.OnlyKnown, err = selectOnlyKnown(ctx, tx)
		return err
	})
	if err != nil {
		return Lists{}, fmt.Errorf("attestation: lists: %w", err)
	}
	return l, nil
}

// Imported is what came of a list. With Faults nothing was imported.
type Imported struct {
	Added, Known int // Known stood on the list before, and were left as they are
	Faults       []Fault
}

// maxKnown bounds the list as a whole.
const maxKnown = 100_000

// Import adds the keys of a CSV list (ParseList), all of them or none.
func (a *Attestation) Import(ctx context.Context, by audit.Actor, text []byte) (out Imported, err error) {
	rows, faults := ParseList(text)
	if len(faults) > 0 {
		return Imported{Faults: faults}, nil
	}
	err = a.db.Write(ctx, func(tx storage.Tx) error {
		out = Imported{}
		now := a.clk.Now()
		for _, row := range rows {
			fresh, err := insertKnown(ctx, tx, row, now)
			if err != nil {
				return err
			}
			if fresh {
				out.Added++
			} else {
				out.Known++
			}
		}
		if n, err := countKnown(ctx, tx); err != nil || n > maxKnown {
			if err == nil {
				err = ErrFull
			}
			return err
		}
		if out.Added == 0 {
			return nil
		}
		return a.log.Append(ctx, tx, audit.Event{
			Kind: "attestation.imported", Actor: by, Object: audit.Object{Type: "attestation", ID: "list"}, Decision: audit.Allow,
			Detail: map[string]string{"added": strconv.Itoa(out.Added), "file": Hash(text)},
		})
	})
	if err != nil {
		return Imported{}, fmt.Errorf("attestation: import: %w", err)
	}
	return out, nil
}

// Remove takes a key off the list. PCs that were issued before keep their tier:
// whom it concerns is suspended or revoked as a PC.
func (a *Attestation) Remove(ctx context.Context, by audit.Actor, ek string) error {
	return a.change(ctx, "remove", func(tx storage.Tx) (audit.Event, error) {
		return audit.Event{
			Kind: "attestation.removed", Actor: by, Object: audit.Object{Type: "attestation", ID: "list"}, Closing: true,
			Detail: map[string]string{"ek": ek},
		}, deleteKnown(ctx, tx, ek)
	})
}

// change makes one change and writes its row in the same transaction.
func (a *Attestation) change(ctx context.Context, what string, act func(tx storage.Tx) (audit.Event, error)) error {
	err := a.db.Write(ctx, func(tx storage.Tx) error {
		e, err := act(tx)
		if err != nil {
			return err
		}
		return a.log.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("attestation: %s: %w", what, err)
	}
	return nil
}
