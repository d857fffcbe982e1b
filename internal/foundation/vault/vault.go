package vault

import (
	"context"
	"io"
	"time"

	"github.com/sekisho/sekisho"
)

// Store is a place for sealed blobs: a folder here, an S3 bucket elsewhere.
type Store interface {
	// Put stores what r yields, at most max bytes, and returns its SHA-256 in
	// lower-case hex and its size. The same bytes twice are stored once.
	Put(ctx context.Context, r io.Reader, max int64) (hash string, size int64, err error)
	// Get opens a blob. Its reader fails at the end instead of reporting EOF if
	// the bytes were not those of the hash; use nothing of them before that.
	Get(ctx context.Context, hash string) (io.ReadCloser, error)
	// Delete removes a blob; one that is not there is no error.
	Delete(ctx context.Context, hash string) error
	// Stat says how large a blob is and since when it is there.
	Stat(ctx context.Context, hash string) (Blob, error)
	// Walk calls visit for every blob, in the order of the hashes.
	Walk(ctx context.Context, visit func(Blob) error) error
}

// Blob describes a stored blob.
type Blob struct {
	Hash   string // SHA-256, lower-case hex
	Size   int64
	Stored time.Time // UTC
}

// Errors of every Store.
var (
	ErrTooLarge = sekisho.Fail(sekisho.KindInvalid, "vault.too_large")
	ErrNotFound = sekisho.Fail(sekisho.KindNotFound, "vault.not_found")
	ErrCorrupt  = sekisho.Fail(sekisho.KindInternal, "vault.corrupt")
)
