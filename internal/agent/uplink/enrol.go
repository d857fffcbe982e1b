package uplink

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"os"
	"runtime"

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

// Enrol presents the code's secret with a request signed by the device key and
// returns the pending enrolment, for the caller to save. The secret is used up by it.
func Enrol(ctx context.Context, code wire.EnrolmentCode, roots wire.TrustRoots, key DeviceKey) (Enrolment, error) {
	if roots.Hash() != code.Trust {
		return Enrolment{}, ErrRelay
	}
	request, err := enrolRequest(ctx, code, key)
	if err != nil {
		return Enrolment{}, err
	}
	door, err := dialDoor(ctx, code.Server, &roots, nil) // now under the pinned roots
	if err != nil {
		return Enrolment{}, err
	}
	defer door.close()
	var answer wire.EnrolAnswer
	if err := door.ask(ctx, "enrol", request, &answer); err != nil {
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
	e := Enrolment{Version: 1, Server: code.Server, Roots: roots, RootsHash: hash[:], Device: answer.Device, AssetTag: answer.AssetTag,
		Fingerprint: fingerprint, Ticket: answer.Ticket, State: StatePending}
	return e, e.valid()
}

func enrolRequest(ctx context.Context, code wire.EnrolmentCode, key DeviceKey) (wire.EnrolRequest, error) {
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "sekisho-agent"}, SignatureAlgorithm: x509.ECDSAWithSHA256}, key)
	if err != nil {
		return wire.EnrolRequest{}, fmt.Errorf("uplink: certificate request: %w", err)
	}
	ek, err := key.EK(ctx)
	if err != nil {
		return wire.EnrolRequest{}, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return wire.EnrolRequest{Secret: code.Secret[:], CSR: csr, KeyKind: key.Kind(), EK: ek, Hostname: host,
		Platform: runtime.GOOS + "/" + runtime.GOARCH, Agent: wire.Version}, nil
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
