package wire

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"

	"github.com/google/uuid"
)

type logValue = slog.Value

var hidden = slog.StringValue("[hidden]")

func sum256(b []byte) [32]byte { return sha256.Sum256(b) }

// NewID draws a UUIDv7 in text form.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// ValidID says whether text is a UUID in canonical form.
func ValidID(text string) bool {
	id, err := uuid.Parse(text)
	return err == nil && id.String() == text
}

// Bytes is binary data in JSON: base64url without padding.
type Bytes []byte

// RawJSON is JSON that is passed on unread; what reads it bounds and parses it.
type RawJSON = json.RawMessage

// MarshalText encodes as base64url without padding.
func (b Bytes) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

// UnmarshalText decodes base64url without padding.
func (b *Bytes) UnmarshalText(text []byte) error {
	out, err := base64.RawURLEncoding.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	*b = out
	return nil
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("wire: " + err.Error()) // only for our own fixed structs
	}
	return b
}
