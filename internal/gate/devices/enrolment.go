package devices

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	codeLife   = 14 * 24 * time.Hour
	ticketLife = 90 * 24 * time.Hour // to fetch the certificate; then the PC enrols again

	maxEK       = 2 << 10 // an RSA-4096 public key has 550 bytes
	secretBytes = 16
	ticketBytes = 32

	maxHostname, maxPlatform, maxAgent = 253, 64, 64 // characters
)

// presented is an enrolment request after every check that needs no database.
type presented struct {
	csr     []byte
	spki    []byte // PKIX DER of the device's public key
	ek      []byte
	keyKind string

	hostname, platform, agent string

	// What the TPM proved; see prove.
	proved sekisho.Tier
	ground string
}

// checkRequest parses what a PC sends before anybody knows it. The request's
// signature is proof that the PC holds the key.
func checkRequest(r wire.EnrolRequest, requestKey func([]byte) (*ecdsa.PublicKey, error)) (presented, error) {
	p := presented{csr: r.CSR, ek: r.EK, keyKind: r.KeyKind, hostname: r.Hostname, platform: r.Platform, agent: r.Agent}
	if !printable(r.Hostname, maxHostname) || !printable(r.Platform, maxPlatform) || !printable(r.Agent, maxAgent) {
		return p, ErrRequest.Because(errors.New("devices: hostname, platform or version"))
	}
	key, err := requestKey(r.CSR)
	if err != nil {
		return p, err
	}
	if p.spki, err = x509.MarshalPKIXPublicKey(key); err != nil {
		return p, ErrRequest.Because(err)
	}
	switch r.KeyKind {
	case KeyTPM:
		if r.Attestation == nil { // an agent from before proofs were asked for, or one that has none
			return p, ErrUnproved
		}
		return p, checkEK(r.EK)
	case KeySoftware:
		if len(r.EK) != 0 || r.Attestation != nil || len(r.Ticket) != 0 {
			return p, ErrRequest.Because(errors.New("devices: a TPM's claims beside a software key"))
		}
		return p, nil
	}
	return p, ErrRequest.Because(errors.New("devices: unknown kind of key"))
}

// checkEK takes the endorsement keys that the TCG's EK credential profile
// names: RSA of 2048 bits or more, P-256 and P-384.
func checkEK(der []byte) error {
	if len(der) == 0 || len(der) > maxEK {
		return ErrRequest.Because(fmt.Errorf("devices: endorsement key of %d bytes", len(der)))
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return ErrRequest.Because(err)
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n >= 2048 && n <= 4096 {
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() {
			return nil
		}
	}
	return ErrRequest.Because(errors.New("devices: endorsement key of an unknown kind"))
}

// deviceKey reads back a key that checkRequest took.
func deviceKey(spki []byte) (*ecdsa.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, err
	}
	k, ok := key.(*ecdsa.PublicKey)
	if !ok || k.Curve != elliptic.P256() {
		return nil, errors.New("devices: stored key is not P-256")
	}
	return k, nil
}

// Hashes of secrets carry their purpose, so that none can be passed for another.
func secretHash(secret []byte) string { return purposeHash("sekisho/enrolment-code/v1", secret) }
func ticketHash(ticket []byte) string { return purposeHash("sekisho/enrolment-ticket/v1", ticket) }

func purposeHash(purpose string, b []byte) string {
	return hash(append(append([]byte(purpose), 0), b...))
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sameFingerprint compares as people read: case, spaces and hyphens do not matter.
func sameFingerprint(typed, want string) bool {
	plain := strings.NewReplacer("-", "", " ", "", "\u3000", "")
	return want != "" && strings.EqualFold(plain.Replace(typed), plain.Replace(want))
}

// Enrol takes a PC that presents a code's secret, or the ticket of the enrolment
// whose key its TPM has lost, and leaves it pending. Every refusal leaves an
// audit row; a source or a code that is refused because it tries too often leaves
// one until it has calmed down.
func (v *Inventory) Enrol(ctx context.Context, r wire.EnrolRequest, from netip.Addr) (answer wire.EnrolAnswer, err error) {
	b, leavesRow, err := admit(v.bySource, v.byCode, from, r.Secret, r.Device, r.Ticket)
	var device sekisho.DeviceID
	if err == nil {
		answer, device, err = v.enrol(ctx, b, r, from)
	}
	if err == nil {
		return answer, nil
	}
	if leavesRow {
		v.refusedEnrolment(device, err, from)
	}
	return wire.EnrolAnswer{}, fmt.Errorf("devices: enrol: %w", err)
}

func (v *Inventory) refusedEnrolment(device sekisho.DeviceID, err error, from netip.Addr) {
	e := deviceEvent("device.enrolment_refused", audit.Actor{Process: "agent"}, device, audit.Deny)
	e.Reason, e.Personal = sekisho.CodeOf(err), audit.Personal{"source": from.String()}
	v.log.Afterwards(e)
}

// enrol also names the device that the code was for, as far as it is known.
func (v *Inventory) enrol(ctx context.Context, b bearer, r wire.EnrolRequest, from netip.Addr) (wire.EnrolAnswer, sekisho.DeviceID, error) {
	known, err := v.present(ctx, b) // first: a refusal then names the PC
	if err != nil {
		return wire.EnrolAnswer{}, known.ID, err
	}
	p, err := checkRequest(r, v.certs.RequestKey)
	if err != nil {
		return wire.EnrolAnswer{}, known.ID, err
	}
	if err := v.prove(ctx, b, known, r, &p); err != nil {
		return wire.EnrolAnswer{}, known.ID, err
	}
	ticket := make([]byte, ticketBytes)
	_, _ = rand.Read(ticket) // crypto/rand never fails
	row := enrolmentRow{id: wire.NewID(), device: known.ID, ticket: ticketHash(ticket), presented: p, asked: v.clk.Now()}
	var d record
	err = v.db.Write(ctx, func(tx storage.Tx) (err error) {
		if d, err = b.claim(ctx, tx, row.asked); err != nil {
			return err
		}
		return v.enrolAs(ctx, tx, d, b, row, from)
	})
	if err != nil {
		return wire.EnrolAnswer{}, known.ID, err
	}
	if d.State == Issued { // its old key ended with the code
		v.close(d.ID, codeSuperseded)
	}
	return wire.EnrolAnswer{Device: d.ID, AssetTag: d.Tag, Fingerprint: wire.Fingerprint(p.spki), Ticket: ticket}, d.ID, nil
}

// counts is nil for a code that opens now.
func (c codeRow) counts(now time.Time) error {
	switch {
	case !c.used.IsZero():
		return ErrCodeUsed
	case !c.withdraw.IsZero():
		return ErrCodeClosed
	case c.held:
		return ErrCodeHeld
	case !now.Before(c.expires):
		return ErrCodeExpired
	}
	return nil
}

// enrolAs spends the code and makes the presented key the device's pending one.
func (v *Inventory) enrolAs(ctx context.Context, tx storage.Tx, d record, b bearer, row enrolmentRow, from netip.Addr) error {
	to, err := step(d.State, b.act())
	if err != nil {
		return err
	}
	if err := keyElsewhere(ctx, tx, d.ID, row.presented); err != nil {
		return err
	}
	next := change{state: to, since: row.asked, enrolment: row.id}
	if b.again {
		if hash(row.ek) != d.EK {
			return ErrOtherTPM
		}
		next.trouble = ErrCleared.Code
	} else if err := useCode(ctx, tx, b.holder, row.asked); err != nil {
		return err
	}
	if err := v.dismiss(ctx, tx, d.ID, codeSuperseded, row.asked); err != nil {
		return err
	}
	if err := insertEnrolment(ctx, tx, row); err != nil {
		return err
	}
	if err := updateDevice(ctx, tx, d.ID, next); err != nil {
		return err
	}
	e := deviceEvent("device.enrolled", audit.Actor{Device: d.ID}, d.ID, audit.Allow)
	e.Reason = next.trouble
	e.Detail = map[string]string{"key": hash(row.spki), "key_kind": row.keyKind, "platform": row.platform, "agent": row.agent}
	if len(row.ek) > 0 {
		e.Detail["ek"], e.Detail["tier"], e.Detail["ground"] = hash(row.ek), string(row.proved), row.ground
	}
	e.Personal = audit.Personal{"source": from.String(), "hostname": row.hostname}
	return v.log.Append(ctx, tx, e)
}

// Status answers a PC that waits for its certificate.
func (v *Inventory) Status(ctx context.Context, q wire.EnrolmentQuery) (s wire.EnrolmentStatus, err error) {
	if len(q.Ticket) != ticketBytes || !wire.ValidID(string(q.Device)) {
		return s, ErrTicket
	}
	var asked time.Time
	err = v.db.Read(ctx, func(tx storage.Tx) (err error) {
		s, asked, err = selectStatus(ctx, tx, q.Device, ticketHash(q.Ticket))
		return err
	})
	if err == nil && !v.clk.Now().Before(asked.Add(ticketLife)) {
		err = ErrTicket
	}
	if err != nil {
		return wire.EnrolmentStatus{}, fmt.Errorf("devices: status: %w", err)
	}
	if s.State != "issued" {
		s.Certificate, s.Tier = nil, sekisho.TierNone
	}
	return s, nil
}
