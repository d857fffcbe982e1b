package kitting

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Kitting is the room.
type Kitting struct {
	devices  Devices
	loans    Loans
	people   People
	policies Policies
}

// New makes the room.
func New(devices Devices, loans Loans, people People, policies Policies) *Kitting {
	return &Kitting{devices: devices, loans: loans, people: people, policies: policies}
}

// Slip is what is printed for one PC. Its two secrets can be shown now and never again.
type Slip struct {
	Device sekisho.DeviceID
	Row    Row
	Code   string // enrolment code
	Card   string // secret of the loss card
}

// LogValue hides the secrets.
func (Slip) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Plan says what a list would do, and does nothing.
func (k *Kitting) Plan(ctx context.Context, file []byte) (Plan, error) {
	list, encoding, err := sheets.Read(file, columns)
	if err != nil {
		return Plan{}, fmt.Errorf("kitting: plan: %w", err)
	}
	now := known{check: k.devices.Check, items: k.loans.Items}
	if now.tags, err = k.devices.Tags(ctx); err != nil {
		return Plan{}, fmt.Errorf("kitting: plan: %w", err)
	}
	if now.people, err = k.people.Issuable(ctx); err != nil {
		return Plan{}, fmt.Errorf("kitting: plan: %w", err)
	}
	if now.policies, err = k.policies.List(ctx); err != nil {
		return Plan{}, fmt.Errorf("kitting: plan: %w", err)
	}
	p := Plan{Encoding: encoding, Rows: plan(list, now)}
	p.Seen = p.seal(file)
	return p, nil
}

// Apply does what was shown as the plan with this name: every PC is registered,
// with a code that waits for its receipt and a loss card, or none is. server is
// the agents' door as the PCs will reach it.
func (k *Kitting) Apply(ctx context.Context, by audit.Actor, file []byte, seen, server string) ([]Slip, error) {
	p, err := k.Plan(ctx, file)
	switch {
	case err != nil:
		return nil, err
	case p.Seen != seen:
		return nil, errSeen
	case p.Refused() > 0:
		return nil, errRefused
	}
	assets := make([]Asset, 0, len(p.Rows))
	for _, r := range p.Rows {
		assets = append(assets, r.Asset)
	}
	cards := make([]string, len(p.Rows))
	kit, err := k.devices.Kit(ctx, by, assets, server, func(ctx context.Context, tx storage.Tx, n int, d sekisho.DeviceID) (err error) {
		cards[n], err = k.loans.Begin(ctx, tx, by, d, p.Rows[n].Items)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("kitting: apply: %w", err)
	}
	slips := make([]Slip, 0, len(kit))
	for i, one := range kit {
		slips = append(slips, Slip{Device: one.Device, Row: p.Rows[i], Code: one.Code.String(), Card: cards[i]})
	}
	return slips, nil
}
