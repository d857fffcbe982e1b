package pools

import (
	"context"
	"crypto/x509"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/carrying"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}

// People knows who may work at all (gate/operators).
type People interface {
	// ByLogin gives who has a login; nobody is KindNotFound.
	ByLogin(ctx context.Context, login string) (sekisho.PersonID, error)
	// MayWork is nil for an active person with the role operator.
	MayWork(ctx context.Context, p sekisho.PersonID) error
}

// Devices knows PCs (gate/devices).
type Devices interface {
	// Fits is nil for a PC that may be shared: in use, and bound to the office.
	Fits(ctx context.Context, d sekisho.DeviceID) error
	// ByCertificate is nil where a certificate is good now and this PC's.
	ByCertificate(ctx context.Context, d sekisho.DeviceID, cert *x509.Certificate) error
	// Authority is what certificates are checked against.
	Authority() carrying.Authority
}

// Clients knows client companies (gate/clients).
type Clients interface {
	// Has is nil where a person works for a client company today; with no person,
	// where there is such a company.
	Has(ctx context.Context, c sekisho.ClientID, p sekisho.PersonID) error
}

// Faces keeps commitments (gate/faces).
type Faces interface {
	// Carry notes that a face that is enrolled on one PC counts on another one too.
	// It fails without consent, and where the commitment is not the one kept.
	Carry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, from, to sekisho.DeviceID, commitment string) error
	// On lists whose faces are kept for a PC.
	On(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) ([]sekisho.PersonID, error)
	// Wipe deletes what is kept of a person's face on a PC; nothing is no error.
	Wipe(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID) error
	// Uncarry takes back what Carry noted; an enrolment of that PC's own stays.
	Uncarry(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, commitment string) error
	// Sweep deletes the pictures of what was wiped.
	Sweep(ctx context.Context) error
}

// Deps are what the room needs of others.
type Deps struct {
	Log     Audit
	People  People
	Devices Devices
	Clients Clients
	Faces   Faces
}
