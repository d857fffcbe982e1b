// Package softkey is a security key in software and the browser before it. It
// makes real WebAuthn answers (WebAuthn level 3, ES256, attestation "none"); its
// fields let a test or a drill make it lie.
package softkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/fxamacker/cbor/v2"
)

// Flags of authenticator data (WebAuthn section 6.1).
const (
	Present  byte = 0x01 // somebody touched it
	Verified byte = 0x04 // and showed that it is his
	attested byte = 0x40 // a new credential follows
)

// Key is a security key that one person holds.
type Key struct {
	Origin string // what the browser writes into clientDataJSON
	RPID   string // "" takes the options' own
	Flags  byte
	Made   []*Credential
}

// Credential is one passkey on it.
type Credential struct {
	ID      []byte
	Private *ecdsa.PrivateKey
	Handle  []byte
	Counter uint32
}

// New is an honest key before a page of origin.
func New(origin string) *Key { return &Key{Origin: origin, Flags: Present | Verified} }

// NewPrivate is a key pair that ES256 signs with.
func NewPrivate() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// options are the parts of creation and request options that a browser uses.
type options struct {
	Challenge        string
	RPID             string
	RP               struct{ ID string }
	User             struct{ ID string }
	AllowCredentials []struct{ ID string }
}

// Create is navigator.credentials.create: options as JSON in, PublicKeyCredential as JSON out.
func (k *Key) Create(raw json.RawMessage) (json.RawMessage, error) {
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	private, err := NewPrivate()
	if err != nil {
		return nil, err
	}
	c := &Credential{ID: make([]byte, 32), Private: private}
	_, _ = rand.Read(c.ID) // crypto/rand never fails
	if c.Handle, err = base64.RawURLEncoding.DecodeString(o.User.ID); err != nil {
		return nil, err
	}
	point, err := private.PublicKey.Bytes() // 0x04 x y
	if err != nil {
		return nil, err
	}
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		return nil, err
	}
	data := make([]byte, 16, 256) // AAGUID of zeros
	data = binary.BigEndian.AppendUint16(data, uint16(len(c.ID)))
	data = append(append(data, c.ID...), cose...)
	object, err := cbor.Marshal(map[string]any{
		"fmt": "none", "attStmt": map[string]any{}, "authData": k.authData(o.RP.ID, k.Flags|attested, 0, data),
	})
	if err != nil {
		return nil, err
	}
	client, err := k.clientData("webauthn.create", o.Challenge)
	if err != nil {
		return nil, err
	}
	k.Made = append(k.Made, c)
	return answer(c.ID, map[string]any{"clientDataJSON": b64(client), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// Get is navigator.credentials.get with an allowed passkey, or with the newest one.
func (k *Key) Get(raw json.RawMessage) (json.RawMessage, error) {
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if len(k.Made) == 0 {
		return nil, errors.New("softkey: no passkey on it")
	}
	c := k.Made[len(k.Made)-1]
	for _, allowed := range o.AllowCredentials {
		for _, made := range k.Made {
			if b64(made.ID) == allowed.ID {
				c = made
			}
		}
	}
	c.Counter++
	client, err := k.clientData("webauthn.get", o.Challenge)
	if err != nil {
		return nil, err
	}
	data := k.authData(o.RPID, k.Flags, c.Counter, nil)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, c.Private, digest[:])
	if err != nil {
		return nil, err
	}
	return answer(c.ID, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(c.Handle),
	})
}

func (k *Key) clientData(kind, challenge string) ([]byte, error) {
	return json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": k.Origin, "crossOrigin": false})
}

func (k *Key) authData(rpID string, flags byte, counter uint32, more []byte) []byte {
	if k.RPID != "" {
		rpID = k.RPID
	}
	sum := sha256.Sum256([]byte(rpID))
	b := append(sum[:], flags)
	b = binary.BigEndian.AppendUint32(b, counter)
	return append(b, more...)
}

func answer(id []byte, response map[string]any) (json.RawMessage, error) {
	return json.Marshal(map[string]any{
		"id": b64(id), "rawId": b64(id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
