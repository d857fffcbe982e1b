package seal

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the room's table, for storage.Migrate.
var Schema = storage.Schema{Name: "seal", Files: files}

// Keys are the server's named keys. Each is made when it is first asked for.
type Keys struct {
	db  *storage.DB
	clk clock.Clock
	box *Box
	// Created, if set, runs in the transaction that makes a key; its error
	// unmakes it. Whoever audits the making of keys does it here.
	Created func(ctx context.Context, tx storage.Tx, name, kind string) error
}

// NewKeys opens the named keys in db, whose schema has been migrated.
func NewKeys(db *storage.DB, clk clock.Clock, box *Box) *Keys {
	return &Keys{db: db, clk: clk, box: box}
}

// Kinds of named keys, as Created gets them.
const (
	KindEd25519 = "ed25519"
	KindP256    = "ecdsa-p256"
	KindSecret  = "secret"
)

// Ed25519 is the signing key of that name.
func (k *Keys) Ed25519(ctx context.Context, name string) (ed25519.PrivateKey, error) {
	seed, err := k.key(ctx, name, KindEd25519, func() ([]byte, error) { return random(ed25519.SeedSize), nil })
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("seal: key %s: %w", name, ErrOpen)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// ECDSA is the P-256 key of that name.
func (k *Keys) ECDSA(ctx context.Context, name string) (*ecdsa.PrivateKey, error) {
	der, err := k.key(ctx, name, KindP256, func() ([]byte, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		return x509.MarshalPKCS8PrivateKey(key)
	})
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("seal: key %s: %w", name, err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("seal: key %s is not of P-256", name)
	}
	return key, nil
}

// Secret is the secret of that name, in a form that only its room knows; draw
// makes it the first time.
func (k *Keys) Secret(ctx context.Context, name string, draw func() ([]byte, error)) ([]byte, error) {
	return k.key(ctx, name, KindSecret, draw)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand never fails
	return b
}

// key reads the key or makes it. Reading comes first, since it is nearly always there.
func (k *Keys) key(ctx context.Context, name, kind string, draw func() ([]byte, error)) ([]byte, error) {
	var wrapped []byte
	err := k.db.Read(ctx, func(tx storage.Tx) (err error) { wrapped, err = read(ctx, tx, name, kind); return err })
	if errors.Is(err, sql.ErrNoRows) {
		err = k.db.Write(ctx, func(tx storage.Tx) (err error) { wrapped, err = k.create(ctx, tx, name, kind, draw); return err })
	}
	if err != nil {
		return nil, fmt.Errorf("seal: key %s: %w", name, err)
	}
	clear, err := k.box.Unwrap("seal/key/"+kind, name, wrapped)
	if err != nil {
		return nil, fmt.Errorf("seal: key %s: %w", name, err)
	}
	return clear, nil
}

func read(ctx context.Context, tx storage.Tx, name, kind string) (wrapped []byte, err error) {
	var stored string
	if err := tx.QueryRow(ctx, "SELECT kind, wrapped FROM seal_keys WHERE name = ?", name).Scan(&stored, &wrapped); err != nil {
		return nil, err
	}
	if stored != kind {
		return nil, fmt.Errorf("is of kind %s, not %s", stored, kind)
	}
	return wrapped, nil
}

// create makes the key, unless another node did so a moment ago.
func (k *Keys) create(ctx context.Context, tx storage.Tx, name, kind string, draw func() ([]byte, error)) ([]byte, error) {
	if wrapped, err := read(ctx, tx, name, kind); !errors.Is(err, sql.ErrNoRows) {
		return wrapped, err
	}
	clear, err := draw()
	if err != nil {
		return nil, err
	}
	wrapped, err := k.box.Wrap("seal/key/"+kind, name, clear)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO seal_keys (name, kind, at, wrapped) VALUES (?, ?, ?, ?)", name, kind, storage.Micros(k.clk.Now()), wrapped)
	if err != nil {
		return nil, err
	}
	if k.Created != nil {
		if err := k.Created(ctx, tx, name, kind); err != nil {
			return nil, err
		}
	}
	return wrapped, nil
}
