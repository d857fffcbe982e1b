package rawpc

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softtpm"
)

// EnrolTPM presents the code with the proof of a played TPM. spoil, if any, sees
// the request before it is sent, with the challenge that it answers.
func (p *PC) EnrolTPM(ctx context.Context, code wire.EnrolmentCode, tpm *softtpm.TPM, spoil func(*wire.EnrolRequest, wire.AttestChallenge) error) error {
	r, c, err := p.proof(ctx, code, tpm)
	if err != nil {
		return err
	}
	if spoil != nil {
		if err := spoil(&r, c); err != nil {
			return err
		}
	}
	return p.Present(ctx, r)
}

// proof asks for a challenge and answers it, and composes the request with it.
func (p *PC) proof(ctx context.Context, code wire.EnrolmentCode, tpm *softtpm.TPM) (r wire.EnrolRequest, c wire.AttestChallenge, err error) {
	q := tpm.Request()
	q.Secret = code.Secret[:]
	if err := p.call(ctx, http.MethodPost, "attestations", q, &c); err != nil {
		return r, c, err
	}
	a, err := tpm.Answer(c, &p.Key.PublicKey)
	if err != nil {
		return r, c, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, p.Key)
	return wire.EnrolRequest{
		Secret: code.Secret[:], CSR: csr, KeyKind: "tpm", EK: q.EK, Attestation: &a, Hostname: "raw", Platform: "test/raw", Agent: "raw",
	}, c, err
}

// Present sends a request as it is.
func (p *PC) Present(ctx context.Context, r wire.EnrolRequest) error {
	var a wire.EnrolAnswer
	err := p.call(ctx, http.MethodPost, "enrol", r, &a)
	p.Device, p.Tag, p.ticket, p.Fingerprint = a.Device, a.AssetTag, a.Ticket, a.Fingerprint
	return err
}
