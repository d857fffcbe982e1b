package drills

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"

	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
	"github.com/sekisho/sekisho/test/softtpm"
)

// proofDrills attack the proof of a TPM, each in one thing; the control is the
// same PC with the same code and an honest proof.
func proofDrills() []Drill {
	return []Drill{
		{"TPM claimed without a proof", "an agent from before proofs, or one that was altered, on a PC without a TPM", spoiledProof("enrolment.unproved",
			func(r *wire.EnrolRequest, _ wire.AttestChallenge) error { r.Attestation = nil; return nil })},
		{"device key certified by a foreign attestation key", "a program that has a TPM's proof but not its key", spoiledProof("attestation.foreign_ak", foreignAK)},
		{"certificate request with another key than the certified one", "a key in software is slipped in beside a TPM's proof", spoiledProof("attestation.other_key", otherRequested)},
		{"activation secret that was used before", "a recorded enrolment is played again", replayedProof},
		{"TPM that is on no list where only known ones are taken", "a PC that nobody bought, with a valid code", unlistedTPM},
	}
}

func spoiledProof(want string, spoil func(*wire.EnrolRequest, wire.AttestChallenge) error) func(context.Context, *Field, *Result) error {
	return func(ctx context.Context, f *Field, r *Result) error {
		person, err := f.Person(ctx)
		if err != nil {
			return err
		}
		code, id, err := f.register(ctx, person, "home")
		if err != nil {
			return err
		}
		p, tpm, err := f.withTPM(ctx, code)
		if err != nil {
			return err
		}
		refused := p.EnrolTPM(ctx, code, tpm, spoil)
		row, _ := f.Audit(ctx, "device.enrolment_refused", func(r Row) bool { return r.ObjectID == id })
		r.Refused, r.Evidence = rawpc.CodeOf(refused) == want, rawpc.CodeOf(refused)+"; "+row.String()
		if err := p.EnrolTPM(ctx, code, tpm, nil); err != nil {
			return err
		}
		if err := f.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": p.Fingerprint}, nil); err != nil {
			return err
		}
		if err := p.Collect(ctx); err != nil {
			return err
		}
		c, err := p.Connect(ctx)
		if err != nil {
			return err
		}
		c.Close()
		r.Control = true
		return nil
	}
}

func (f *Field) withTPM(ctx context.Context, code wire.EnrolmentCode) (*rawpc.PC, *softtpm.TPM, error) {
	p, err := f.raw(code)
	if err != nil {
		return nil, nil, err
	}
	if err := p.Trust(ctx, code); err != nil {
		return nil, nil, err
	}
	tpm, err := softtpm.New()
	return p, tpm, err
}

func foreignAK(r *wire.EnrolRequest, c wire.AttestChallenge) error {
	foreign, err := softtpm.New()
	if err != nil {
		return err
	}
	request, err := x509.ParseCertificateRequest(r.CSR)
	if err != nil {
		return err
	}
	a := r.Attestation
	attest, signature, err := foreign.Certify(request.PublicKey.(*ecdsa.PublicKey), c.Nonce)
	a.Certify, a.Signature = attest, signature
	return err
}

func otherRequested(r *wire.EnrolRequest, _ wire.AttestChallenge) error {
	software, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	r.CSR, err = x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, software)
	return err
}

// replayedProof records an enrolment that succeeds, and answers the next challenge
// with it: under a new code, and under the one that was used.
func replayedProof(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	first, _, err := f.register(ctx, person, "home")
	if err != nil {
		return err
	}
	p, tpm, err := f.withTPM(ctx, first)
	if err != nil {
		return err
	}
	var recorded wire.EnrolRequest
	if err := p.EnrolTPM(ctx, first, tpm, func(q *wire.EnrolRequest, _ wire.AttestChallenge) error { recorded = *q; return nil }); err != nil {
		return err
	}
	r.Control = true
	second, _, err := f.register(ctx, person, "home")
	if err != nil {
		return err
	}
	fresh := p.EnrolTPM(ctx, second, tpm, func(q *wire.EnrolRequest, _ wire.AttestChallenge) error {
		q.Attestation = recorded.Attestation
		return nil
	})
	again := p.Present(ctx, recorded)
	r.Refused = rawpc.CodeOf(fresh) == "attestation.not_activated" && rawpc.CodeOf(again) == "enrolment.code_used"
	r.Evidence = fmt.Sprintf("under a new code: %s; as it was: %s", rawpc.CodeOf(fresh), rawpc.CodeOf(again))
	return nil
}

// unlistedTPM has a centre of its own, since the rule is the whole centre's.
func unlistedTPM(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "listed")
	if err != nil {
		return err
	}
	person, err := own.Person(ctx)
	if err != nil {
		return err
	}
	code, _, err := own.register(ctx, person, "home")
	if err != nil {
		return err
	}
	p, tpm, err := own.withTPM(ctx, code)
	if err != nil {
		return err
	}
	if err := own.Admin.Put(ctx, "attestation", map[string]bool{"only_known": true}, nil); err != nil {
		return err
	}
	refused := p.EnrolTPM(ctx, code, tpm, nil)
	r.Refused = rawpc.CodeOf(refused) == "attestation.not_listed"
	list := wire.Bytes("ek_sha256,label\n" + attestation.Hash(tpm.EKDER()) + ",drill\n")
	var imported struct {
		Added int `json:"added"`
	}
	if err := own.Admin.Post(ctx, "attestation/keys", map[string]any{"csv": list}, &imported); err != nil {
		return err
	}
	err = p.EnrolTPM(ctx, code, tpm, nil)
	r.Control = err == nil && imported.Added == 1
	r.Evidence = fmt.Sprintf("%s; on the list: enrolled as %s", rawpc.CodeOf(refused), p.Tag)
	return err
}
