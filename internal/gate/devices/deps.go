package devices

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Certificates is the certificate authority. What takes a Tx happens in the
// act's own transaction.
type Certificates interface {
	// RequestKey checks a certificate request and gives its P-256 key.
	RequestKey(csr []byte) (*ecdsa.PublicKey, error)
	// IssueDevice checks the request and certifies its key.
	IssueDevice(ctx context.Context, tx storage.Tx, csr []byte, device sekisho.DeviceID, tier sekisho.Tier) (der []byte, serial string, err error)
	// RenewalDue says whether a certificate is near its end.
	RenewalDue(cert *x509.Certificate) bool
	// RenewDevice gives a certificate for the same key that is not near its end.
	RenewDevice(ctx context.Context, tx storage.Tx, presented *x509.Certificate, csr []byte, device sekisho.DeviceID, tier sekisho.Tier) ([]byte, error)
	// Check says whose certificate it is, if it is good.
	Check(ctx context.Context, cert *x509.Certificate) (sekisho.DeviceID, sekisho.Tier, error)
	// Revoke ends every certificate of the device.
	Revoke(ctx context.Context, tx storage.Tx, device sekisho.DeviceID) error
}

// Attestation lets a TPM prove that it holds a key. holder names who asks and
// who may answer, once.
type Attestation interface {
	Challenge(ctx context.Context, holder string, r wire.AttestRequest) (wire.AttestChallenge, error)
	// Prove gives the endorsement key (PKIX DER) of the TPM in which the key with
	// this PKIX DER lives, the tier that this reaches, and on what ground.
	Prove(ctx context.Context, holder string, answer wire.Attestation, spki []byte) (ek []byte, tier sekisho.Tier, ground string, err error)
}

// Policies are the guard policies. An unknown name is an error.
type Policies interface {
	AllowsSoftwareKeys(ctx context.Context, name sekisho.PolicyName) (bool, error)
	PlaceOf(ctx context.Context, name sekisho.PolicyName) (sekisho.Place, error)
}

// Sitters knows PCs that several people use (gate/pools). What it cannot find out
// is an error.
type Sitters interface {
	// Sitter gives who sits at a PC and says that he is login: of a PC that is one
	// person's, where nobody has said anything, its holder and no group.
	Sitter(ctx context.Context, d Device, login string) (p sekisho.PersonID, group string, err error)
	// MaySit is nil while a person may sit at a PC.
	MaySit(ctx context.Context, d Device, p sekisho.PersonID) error
}

// Trust is what a PC must know before it believes the server.
type Trust interface {
	Trust() wire.TrustRoots
}

// Log is the audit log.
type Log interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event) // for refusals: never waits
}
