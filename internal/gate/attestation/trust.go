package attestation

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxCAs is more than there are makers of TPMs, with their intermediates.
const maxCAs = 500

// Trust is TrustSeconded without a second person.
func (a *Attestation) Trust(ctx context.Context, by audit.Actor, certificate []byte) (CA, error) {
	return a.TrustSeconded(ctx, by, certificate, nil)
}

// TrustSeconded lets EK certificates count that lead to this authority: root or
// intermediate, PEM or DER.
func (a *Attestation) TrustSeconded(ctx context.Context, by audit.Actor, certificate []byte, second storage.Second) (CA, error) {
	cert, err := parseCA(certificate)
	if err != nil {
		return CA{}, err
	}
	ca := CA{ID: Hash(cert.Raw), Subject: subject(cert), Until: cert.NotAfter, Added: a.clk.Now()}
	err = a.change(ctx, "trust", func(tx storage.Tx) (audit.Event, error) {
		rows, err := selectCAs(ctx, tx)
		if err != nil {
			return audit.Event{}, err
		}
		if len(rows) >= maxCAs {
			return audit.Event{}, ErrFull
		}
		if err := second.Said(ctx, tx); err != nil {
			return audit.Event{}, err
		}
		return audit.Event{
			Kind: "attestation.ca_trusted", Actor: by, Object: audit.Object{Type: "attestation", ID: ca.ID}, Decision: audit.Allow,
			Detail: map[string]string{"maker": ca.Subject},
		}, insertCA(ctx, tx, ca, cert.Raw)
	})
	return ca, err
}

// Distrust ends an authority's word for PCs that enrol from now on.
func (a *Attestation) Distrust(ctx context.Context, by audit.Actor, id string) error {
	return a.change(ctx, "distrust", func(tx storage.Tx) (audit.Event, error) {
		return audit.Event{
			Kind: "attestation.ca_distrusted", Actor: by, Object: audit.Object{Type: "attestation", ID: id}, Closing: true,
		}, deleteCA(ctx, tx, id)
	})
}

// OnlyKnown is OnlyKnownSeconded without a second person.
func (a *Attestation) OnlyKnown(ctx context.Context, by audit.Actor, only bool) error {
	return a.OnlyKnownSeconded(ctx, by, only, nil)
}

// OnlyKnownSeconded says whether TPMs that are on no list and under no trusted
// authority are refused from now on.
func (a *Attestation) OnlyKnownSeconded(ctx context.Context, by audit.Actor, only bool, second storage.Second) error {
	return a.change(ctx, "only known", func(tx storage.Tx) (audit.Event, error) {
		if err := second.Said(ctx, tx); err != nil {
			return audit.Event{}, err
		}
		return audit.Event{
			Kind: "attestation.rule_changed", Actor: by, Object: audit.Object{Type: "attestation", ID: "rule"}, Decision: audit.Allow,
			Detail: map[string]string{"only_known": strconv.FormatBool(only)},
		}, updateOnlyKnown(ctx, tx, only)
	})
}

// LoosensTrust says what trusting an authority lets in: every TPM that it, or what
// it signs, vouches for. Its subject is its own word; the hash names it.
func (a *Attestation) LoosensTrust(ctx context.Context, certificate []byte) (id string, out []wire.Difference, err error) {
	cert, err := parseCA(certificate)
	if err != nil {
		return "", nil, err
	}
	l, err := a.Lists(ctx)
	if err != nil {
		return "", nil, err
	}
	id = Hash(cert.Raw)
	if slices.ContainsFunc(l.CAs, func(ca CA) bool { return ca.ID == id }) {
		return id, nil, ErrKnown
	}
	return id, []wire.Difference{
		{Field: "tpm.authority", After: subject(cert)}, {Field: "tpm.sha256", After: id},
		{Field: "tpm.until", After: cert.NotAfter.UTC().Format("2006-01-02T15:04:05Z")},
	}, nil
}

// LoosensUnknown says so of taking unknown TPMs.
func (a *Attestation) LoosensUnknown(ctx context.Context, only bool) ([]wire.Difference, error) {
	var was bool
	err := a.db.Read(ctx, func(tx storage.Tx) (err error) {
		was, err = selectOnlyKnown(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("attestation: rule: %w", err)
	}
	if !was || only {
		return nil, nil
	}
	return []wire.Difference{{Field: "tpm.only_known", Before: "true", After: "false"}}, nil
}
