package operators

import (
	"encoding/json"
	"testing"

	"github.com/sekisho/sekisho/test/softkey"
)

// authenticator is a security key that fails its test where it could not answer.
type authenticator struct {
	*testing.T
	softkey.Key
}

func newAuthenticator(t *testing.T, origin string) *authenticator {
	return &authenticator{T: t, Key: *softkey.New(origin)}
}

func (a *authenticator) create(options json.RawMessage) json.RawMessage {
	a.Helper()
	return a.made(a.Create(options))
}

func (a *authenticator) get(options json.RawMessage) json.RawMessage {
	a.Helper()
	return a.made(a.Get(options))
}

func (a *authenticator) made(b json.RawMessage, err error) json.RawMessage {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
	return b
}
