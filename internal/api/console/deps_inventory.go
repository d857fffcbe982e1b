package console

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/kitting"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/ties"
)

// Loans keeps what goes out with PCs, their slips and loss cards (gate/loans).
type Loans interface {
	Of(ctx context.Context, d sekisho.DeviceID) (loans.Loan, error)
	Untils(ctx context.Context) (map[sekisho.DeviceID]time.Time, error)
	Put(ctx context.Context, by audit.Actor, d sekisho.DeviceID, items []string, until time.Time) error
	Return(ctx context.Context, by audit.Actor, d sekisho.DeviceID, slip loans.Return) (loans.Loan, error)
	Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next loans.Replacement) (sekisho.DeviceID, string, error)
	Card(ctx context.Context, by audit.Actor, d sekisho.DeviceID) (string, error)
	Lost(ctx context.Context, by audit.Actor, d sekisho.DeviceID, note string) error
	Look(ctx context.Context, secret string, by loans.Caller) (sekisho.DeviceID, error)
	LostByCard(ctx context.Context, secret string, by loans.Caller) (sekisho.DeviceID, error)
}

// Permits are leaves to work outside the office (gate/permits).
type Permits interface {
	Give(ctx context.Context, by audit.Actor, p permits.Permit) (permits.Permit, error)
	End(ctx context.Context, by audit.Actor, id sekisho.PermitID) error
	List(ctx context.Context) ([]permits.Permit, error)
	Of(ctx context.Context, d sekisho.DeviceID) ([]permits.Permit, error)
}

// Ties keeps the first PC of each person (gate/ties).
type Ties interface {
	List(ctx context.Context) (map[sekisho.DeviceID][]ties.Tie, error)
	Release(ctx context.Context, by audit.Actor, p sekisho.PersonID, d sekisho.DeviceID) error
}

// Kitting issues PCs from a list (gate/kitting).
type Kitting interface {
	Plan(ctx context.Context, file []byte) (kitting.Plan, error)
	Apply(ctx context.Context, by audit.Actor, file []byte, seen, server string) ([]kitting.Slip, error)
}
