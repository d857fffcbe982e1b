package certs

import (
	"context"
	"crypto/ecdsa"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Keys keeps the authority's keys (seal). The same name gives the same P-256
// key on every node and at every start; a new name makes a key.
type Keys interface {
	ECDSA(ctx context.Context, name string) (*ecdsa.PrivateKey, error)
}

// Log is the audit log.
type Log interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}
