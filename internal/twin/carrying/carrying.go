package carrying

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	// ErrUncertified is a key or a face that no PC of this centre vouches for.
	ErrUncertified = sekisho.Fail(sekisho.KindDenied, "shared.uncertified")
	// ErrWeaker is a PC whose key is kept worse than the one that has the face.
	ErrWeaker = sekisho.Fail(sekisho.KindDenied, "shared.weaker_key")
	// ErrCarried is a sealed face that is not what was said of it.
	ErrCarried = sekisho.Fail(sekisho.KindDenied, "shared.face_refused")
)

const maxCertificate = 4 << 10

// PC is one PC as its certificate says it.
type PC struct {
	ID   sekisho.DeviceID
	Tier sekisho.Tier
	key  *ecdsa.PublicKey
}

// MayGive is ErrWeaker where a face would go from a TPM to a key in software.
func (pc PC) MayGive(to PC) error {
	if to.Tier == sekisho.TierC && pc.Tier != sekisho.TierC {
		return ErrWeaker
	}
	return nil
}

// Authority is the pinned certificate authority (DER) and the time.
type Authority struct {
	CA  []byte
	Now time.Time
}

// PC checks a device's certificate: of the pinned authority, in its days.
func (a Authority) PC(der []byte) (pc PC, err error) {
	if len(der) == 0 || len(der) > maxCertificate {
		return pc, ErrUncertified.Because(errors.New("carrying: no certificate"))
	}
	ca, err := x509.ParseCertificate(a.CA)
	if err != nil {
		return pc, ErrUncertified.Because(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return pc, ErrUncertified.Because(err)
	}
	if err := leaf.CheckSignatureFrom(ca); err != nil {
		return pc, ErrUncertified.Because(err)
	}
	if a.Now.Before(leaf.NotBefore) || !a.Now.Before(leaf.NotAfter) {
		return pc, ErrUncertified.Because(errors.New("carrying: certificate out of its days"))
	}
	key, ok := leaf.PublicKey.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() || !wire.ValidID(leaf.Subject.CommonName) {
		return pc, ErrUncertified.Because(errors.New("carrying: not a PC's certificate"))
	}
	if pc.Tier, err = wire.TierOf(leaf); err != nil {
		return PC{}, ErrUncertified.Because(err)
	}
	pc.ID, pc.key = sekisho.DeviceID(leaf.Subject.CommonName), key
	return pc, nil
}

// NewKey makes a key to seal to; the text of the identity is the secret.
func NewKey() (identity, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("carrying: key: %w", err)
	}
	return id.String(), id.Recipient().String(), nil
}

// Recipient gives the public half of an identity.
func Recipient(identity string) (string, error) {
	id, err := age.ParseX25519Identity(identity)
	if err != nil {
		return "", fmt.Errorf("carrying: key: %w", err)
	}
	return id.Recipient().String(), nil
}

// Certify states a PC's key to seal to.
func Certify(key crypto.Signer, certificate []byte, k wire.SealKey) (wire.CertifiedKey, error) {
	signed, err := sign(key, wire.DomainSealKey, k)
	return wire.CertifiedKey{Certificate: certificate, Statement: signed}, err
}

// Check says whose key to seal to this is.
func (a Authority) Check(k wire.CertifiedKey) (pc PC, recipient string, err error) {
	if pc, err = a.PC(k.Certificate); err != nil {
		return pc, "", err
	}
	var stated wire.SealKey
	if err := k.Statement.OpenDevice(pc.key, wire.DomainSealKey, &stated); err != nil {
		return pc, "", ErrUncertified.Because(err)
	}
	if stated.Device != pc.ID {
		return pc, "", ErrUncertified.Because(errors.New("carrying: key of another PC"))
	}
	if _, err := age.ParseX25519Recipient(stated.Recipient); err != nil {
		return pc, "", ErrUncertified.Because(err)
	}
	return pc, stated.Recipient, nil
}

// Sender is the PC that has a face, and whose it is.
type Sender struct {
	Key         crypto.Signer // device key
	Certificate []byte        // DER
	Tier        sekisho.Tier
	Person      sekisho.PersonID
	Commitment  string
}

// Seal closes a face for one PC.
func (a Authority) Seal(from Sender, target wire.CertifiedKey, clear []byte) (c wire.Carry, err error) {
	to, recipient, err := a.Check(target)
	if err != nil {
		return c, err
	}
	own, err := a.PC(from.Certificate)
	if err != nil {
		return c, err
	}
	if err := own.MayGive(to); err != nil {
		return c, err
	}
	sealed, err := seal(recipient, clear)
	if err != nil {
		return c, err
	}
	sum := sha256.Sum256(sealed)
	signed, err := sign(from.Key, wire.DomainCarry, wire.CarriedFace{
		Person: from.Person, From: own.ID, To: to.ID, Commitment: from.Commitment, Sealed: hex.EncodeToString(sum[:]),
	})
	return wire.Carry{Sealed: sealed, Certificate: from.Certificate, Statement: signed}, err
}

func seal(recipient string, clear []byte) ([]byte, error) {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, ErrUncertified.Because(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, fmt.Errorf("carrying: seal: %w", err)
	}
	_, err = w.Write(clear)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("carrying: seal: %w", err)
	}
	if out.Len() > wire.MaxCarried {
		return nil, ErrCarried.Because(fmt.Errorf("carrying: %d bytes", out.Len()))
	}
	return out.Bytes(), nil
}

// Stated checks what is said of a sealed face, without opening it: what the
// server checks too.
func (a Authority) Stated(c wire.Carry) (f wire.CarriedFace, err error) {
	from, err := a.PC(c.Certificate)
	if err != nil {
		return f, err
	}
	if err := c.Statement.OpenDevice(from.key, wire.DomainCarry, &f); err != nil {
		return wire.CarriedFace{}, ErrUncertified.Because(err)
	}
	sum := sha256.Sum256(c.Sealed)
	if f.From != from.ID || len(c.Sealed) == 0 || len(c.Sealed) > wire.MaxCarried || f.Sealed != hex.EncodeToString(sum[:]) ||
		!wire.ValidID(string(f.Person)) || !wire.ValidID(string(f.To)) {
		return wire.CarriedFace{}, ErrCarried.Because(errors.New("carrying: not what was signed"))
	}
	return f, nil
}

// Open gives a face that was sealed for this PC, for this person and commitment.
func (a Authority) Open(identity string, c wire.Carry, here sekisho.DeviceID, person sekisho.PersonID, commitment string) ([]byte, error) {
	f, err := a.Stated(c)
	if err != nil {
		return nil, err
	}
	if f.To != here || f.Person != person || commitment == "" || f.Commitment != commitment {
		return nil, ErrCarried.Because(errors.New("carrying: for another PC, person or face"))
	}
	id, err := age.ParseX25519Identity(identity)
	if err != nil {
		return nil, ErrCarried.Because(err)
	}
	r, err := age.Decrypt(bytes.NewReader(c.Sealed), id)
	if err != nil {
		return nil, ErrCarried.Because(err)
	}
	clear, err := io.ReadAll(io.LimitReader(r, wire.MaxCarried+1))
	if err != nil || len(clear) > wire.MaxCarried {
		return nil, ErrCarried.Because(err)
	}
	return clear, nil
}

func sign(key crypto.Signer, domain string, statement any) (wire.Signed, error) {
	payload, err := json.Marshal(statement)
	if err != nil {
		return wire.Signed{}, fmt.Errorf("carrying: statement: %w", err)
	}
	digest := wire.DeviceDigest(domain, payload)
	sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return wire.Signed{}, fmt.Errorf("carrying: sign: %w", err)
	}
	return wire.Signed{Payload: payload, Signature: sig}, nil
}
