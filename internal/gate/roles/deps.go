package roles

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// People knows the built-in roles and the second administrator (gate/operators).
type People interface {
	// RolesOf gives the built-in roles of an active person, read in tx; an error for anybody else.
	RolesOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID) ([]sekisho.Role, error)
	// SecondNeeded is nil where by may decide alone about an administrator's rights.
	SecondNeeded(ctx context.Context, tx storage.Tx, by sekisho.PersonID) error
}

// ErrSecond is what People answers where one administrator may not decide alone.
var ErrSecond = sekisho.Fail(sekisho.KindDenied, "invitation.second_needed")

// Second takes the approval of a second administrator, in the transaction of
// what it allows.
type Second func(ctx context.Context, tx storage.Tx, change sekisho.RoleChangeID) error
