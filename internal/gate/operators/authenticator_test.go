package operators

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// authenticator is a security key and the browser before it. It makes real
// WebAuthn answers; its fields let a test make it lie.
type authenticator struct {
	*testing.T
	origin string // what the browser writes into clientDataJSON
	rpID   string // "" takes the options' own
	flags  byte   // user present 0x01, user verified 0x04
	keys   []*credential
}

type credential struct {
	id      []byte
	key     *ecdsa.PrivateKey
	handle  []byte
	counter uint32
}

func newAuthenticator(t *testing.T, origin string) *authenticator {
	return &authenticator{T: t, origin: origin, flags: 0x01 | 0x04}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) unb64(s string) []byte {
	a.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		a.Fatal(err)
	}
	return b
}

// options are the parts of creation and request options that a browser uses.
type options struct {
	Challenge string
	RPID      string
	RP        struct{ ID string }
	User      struct{ ID, Name, DisplayName string }
	UserVerification,
	Attestation string
	AuthenticatorSelection struct{ UserVerification, ResidentKey string }
	AllowCredentials       []struct{ ID string }
	ExcludeCredentials     []struct{ ID string }
}

func (a *authenticator) read(raw json.RawMessage) options {
	a.Helper()
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		a.Fatal(err)
	}
	return o
}

func (a *authenticator) clientData(kind, challenge string) []byte {
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.Fatal(err)
	}
	return b
}

func (a *authenticator) authData(rpID string, flags byte, counter uint32, more []byte) []byte {
	if a.rpID != "" {
		rpID = a.rpID
	}
	sum := sha256.Sum256([]byte(rpID))
	b := append(sum[:], flags)
	b = binary.BigEndian.AppendUint32(b, counter)
	return append(b, more...)
}

// create is navigator.credentials.create with attestation "none".
func (a *authenticator) create(raw json.RawMessage) json.RawMessage {
	a.Helper()
	o := a.read(raw)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.Fatal(err)
	}
	c := &credential{id: make([]byte, 32), key: key, handle: a.unb64(o.User.ID)}
	_, _ = rand.Read(c.id)
	point, err := key.PublicKey.Bytes() // 0x04 x y
	if err != nil {
		a.Fatal(err)
	}
	cose := a.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	attested := make([]byte, 16, 256) // AAGUID of zeros
	attested = binary.BigEndian.AppendUint16(attested, uint16(len(c.id)))
	attested = append(append(attested, c.id...), cose...)
	object := a.cbor(map[string]any{
		"fmt": "none", "attStmt": map[string]any{}, "authData": a.authData(o.RP.ID, a.flags|0x40, 0, attested),
	})
	a.keys = append(a.keys, c)
	return a.answer(c.id, map[string]any{
		"clientDataJSON": b64(a.clientData("webauthn.create", o.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// get is navigator.credentials.get with the newest key, or with the first allowed one.
func (a *authenticator) get(raw json.RawMessage) json.RawMessage {
	a.Helper()
	o := a.read(raw)
	c := a.keys[len(a.keys)-1]
	for _, allowed := range o.AllowCredentials {
		for _, k := range a.keys {
			if b64(k.id) == allowed.ID {
				c = k
			}
		}
	}
	return a.sign(c, o)
}

func (a *authenticator) sign(c *credential, o options) json.RawMessage {
	a.Helper()
	c.counter++
	client := a.clientData("webauthn.get", o.Challenge)
	data := a.authData(o.RPID, a.flags, c.counter, nil)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, c.key, digest[:])
	if err != nil {
		a.Fatal(err)
	}
	return a.answer(c.id, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(sig), "userHandle": b64(c.handle),
	})
}

func (a *authenticator) cbor(v any) []byte {
	a.Helper()
	b, err := cbor.Marshal(v)
	if err != nil {
		a.Fatal(err)
	}
	return b
}

func (a *authenticator) answer(id []byte, response map[string]any) json.RawMessage {
	a.Helper()
	b, err := json.Marshal(map[string]any{
		"id": b64(id), "rawId": b64(id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		a.Fatal(err)
	}
	return b
}
