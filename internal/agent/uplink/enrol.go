package uplink

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"os"
	"runtime"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// FetchTrust asks the code's server for its roots and compares their hash with
// the code's. Nothing but the request for the roots has been sent before that.
func FetchTrust(ctx context.Context, code wire.EnrolmentCode) (roots wire.TrustRoots, err error) {
	stranger, err := dialDoor(ctx, code.Server, nil, nil)
	if err != nil {
		return roots, err
	}
	defer stranger.close()
	if err := stranger.ask(ctx, "trust", nil, &roots); err != nil {
		return roots, err
	}
	if roots.Hash() != code.Trust {
		return wire.TrustRoots{}, ErrRelay.Because(fmt.Errorf("uplink: %s shows roots with another hash than the code's", code.Server))
	}
	return roots, nil
}

// right is by what this PC enrols: the code's secret, or its ticket of before.
type right struct {
	secret []byte
	device sekisho.DeviceID
	ticket []byte
}

// Enrol presents the code's secret with a request signed by the device key and,
// for a key in the TPM, the TPM's proof. It returns the pending enrolment, for the
// caller to save. The secret is used up by it.
func Enrol(ctx context.Context, code wire.EnrolmentCode, roots wire.TrustRoots, key DeviceKey) (Enrolment, error) {
	if roots.Hash() != code.Trust {
		return Enrolment{}, ErrRelay
	}
	return enrolBy(ctx, code.Server, roots, right{secret: code.Secret[:]}, key)
}

// EnrolAgain enrols a new key of the same TPM in place of the one that it has
// lost, at the server and under the roots of before, by the ticket of before.
func EnrolAgain(ctx context.Context, e Enrolment, key DeviceKey) (Enrolment, error) {
	if err := e.valid(); err != nil {
		return Enrolment{}, err
	}
	return enrolBy(ctx, e.Server, e.Roots, right{device: e.Device, ticket: e.Ticket}, key)
}

func enrolBy(ctx context.Context, server string, roots wire.TrustRoots, by right, key DeviceKey) (Enrolment, error) {
	var door *serverDoor
	defer func() {
		if door != nil {
			door.close()
		}
	}()
	// One connection, since the challenge waits at one node; opened only when the
	// TPM has its keys ready, for which a slow one takes longer than a door waits.
	ask := func(ctx context.Context, route string, in, out any) (err error) {
		if door == nil {
			if door, err = dialDoor(ctx, server, &roots, nil); err != nil { // under the pinned roots
				return err
			}
		}
		return door.ask(ctx, route, in, out)
	}
	request, err := enrolRequest(ctx, ask, by, key)
	if err != nil {
		return Enrolment{}, err
	}
	var answer wire.EnrolAnswer
	if err := ask(ctx, "enrol", request, &answer); err != nil {
		return Enrolment{}, err
	}
	fingerprint, err := keyFingerprint(key)
	if err != nil {
		return Enrolment{}, err
	}
	if answer.Fingerprint != fingerprint { // both screens must show the same key: ours
		return Enrolment{}, ErrAnswer.Because(fmt.Errorf("uplink: the server shows another key's fingerprint"))
	}
	hash := roots.Hash()
	e := Enrolment{Version: 1, Server: server, Roots: roots, RootsHash: hash[:], Device: answer.Device, AssetTag: answer.AssetTag,
		Fingerprint: fingerprint, EK: ekHash(request.EK), Ticket: answer.Ticket, State: StatePending}
	return e, e.valid()
}

// ekHash is what is kept of the endorsement key, to tell later whether the TPM is
// another one; "" without a TPM.
func ekHash(ek []byte) string {
	if len(ek) == 0 {
		return ""
	}
	sum := sha256.Sum256(ek)
	return hex.EncodeToString(sum[:])
}

// SameTPM says whether an endorsement key (PKIX DER) is the one that this PC
// enrolled with. It is false where either is not known.
func (e Enrolment) SameTPM(ek []byte) bool { return e.EK != "" && e.EK == ekHash(ek) }

type asking = func(ctx context.Context, route string, in, out any) error

func enrolRequest(ctx context.Context, ask asking, by right, key DeviceKey) (wire.EnrolRequest, error) {
	r := wire.EnrolRequest{Secret: by.secret, Device: by.device, Ticket: by.ticket, KeyKind: key.Kind(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH, Agent: wire.Version}
	var err error
	r.Attestation, err = key.Prove(ctx, func(ctx context.Context, q wire.AttestRequest) (c wire.AttestChallenge, err error) {
		q.Secret, q.Device, q.Ticket = by.secret, by.device, by.ticket
		r.EK = q.EK
		return c, ask(ctx, "attestations", q, &c)
	})
	if err != nil {
		return wire.EnrolRequest{}, err
	}
	r.CSR, err = x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "sekisho-agent"}, SignatureAlgorithm: x509.ECDSAWithSHA256}, key)
	if err != nil {
		return wire.EnrolRequest{}, fmt.Errorf("uplink: certificate request: %w", err)
	}
	if r.Hostname, err = os.Hostname(); err != nil {
		r.Hostname = "unknown"
	}
	return r, nil
}

func keyFingerprint(key DeviceKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", fmt.Errorf("uplink: fingerprint: %w", err)
	}
	return wire.Fingerprint(der), nil
}

// Poll asks how a pending enrolment stands and saves what it learns.
func Poll(ctx context.Context, dir string, e Enrolment, key DeviceKey) (Enrolment, error) {
	if e.State != StatePending {
		return e, nil
	}
	asked := e
	door, err := dialDoor(ctx, e.Server, &e.Roots, nil)
	if err != nil {
		return e, err
	}
	defer door.close()
	var status wire.EnrolmentStatus
	if err := door.ask(ctx, "enrolments/status", wire.EnrolmentQuery{Device: e.Device, Ticket: e.Ticket}, &status); err != nil {
		return e, err
	}
	switch status.State {
	case StatePending:
		return e, nil
	case StateIssued:
		public, ok := key.Public().(*ecdsa.PublicKey)
		if !ok {
			return e, ErrState
		}
		if err := e.adopt(status.Certificate, public); err != nil {
			return e, err
		}
		e.State, e.Tier = StateIssued, status.Tier
	default:
		e.State, e.Code = StateRefused, status.Code
	}
	if now, err := LoadEnrolment(dir); err == nil && !bytes.Equal(now.Ticket, asked.Ticket) {
		return asked, nil // enrolled anew meanwhile: that one stays
	}
	return e, e.Save(dir)
}
