package drills

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// issued is an issued PC that has just connected and left, which is the control
// of attacks on the binding.
func (f *Field) issued(ctx context.Context, r *Result) (*rawpc.PC, error) {
	p, err := f.issue(ctx)
	if err != nil {
		return nil, err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c.Close()
	r.Control = true
	return p, nil
}

func codeTwice(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	code, id, err := f.register(ctx, person, "demo")
	if err != nil {
		return err
	}
	first, err := f.enrol(ctx, code, id)
	if err != nil {
		return err
	}
	c, err := first.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	r.Control = true
	second, err := f.raw(code)
	if err != nil {
		return err
	}
	err = second.Enrol(ctx, code)
	row, _ := f.Audit(ctx, "device.enrolment_refused", func(r Row) bool { return r.Device == id || r.ObjectID == id })
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "enrolment.code_used", rawpc.CodeOf(err)+"; "+row.String()
	return nil
}

func stolenID(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issued(ctx, r)
	if err != nil {
		return err
	}
	// The thief knows device id, person and server; his PC has another key and no certificate.
	thief := &rawpc.PC{Server: p.Server, Roots: p.Roots, Device: p.Device, From: p.From}
	if thief.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	_, err = thief.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "certificate.required", rawpc.CodeOf(err)
	return nil
}

// ownCertificate presents a certificate that names the stolen device, by a CA of the thief's.
func ownCertificate(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issued(ctx, r)
	if err != nil {
		return err
	}
	thief := *p
	if thief.Key, thief.Certificate, err = forgedCertificate(p.Certificate); err != nil {
		return err
	}
	_, err = thief.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "certificate.unknown", rawpc.CodeOf(err)
	return nil
}

func certificateWithoutKey(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issued(ctx, r)
	if err != nil {
		return err
	}
	copied := *p
	if copied.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	_, err = copied.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	return nil
}

func relayedBinding(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issued(ctx, r)
	if err != nil {
		return err
	}
	_, err = p.Bind(ctx, rawpc.NewKeys(), func(b *wire.Binding) {
		b.Exporter = make([]byte, 32) // as signed for some other TLS connection
	})
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "binding.other_connection", rawpc.CodeOf(err)
	return nil
}

// replayedBinding signs rightly, for this connection, under a nonce of an earlier one.
func replayedBinding(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx)
	if err != nil {
		return err
	}
	var used wire.Bytes
	if _, err := p.Bind(ctx, rawpc.NewKeys(), func(b *wire.Binding) { used = b.Nonce }); err != nil {
		return err
	}
	r.Control = true
	_, err = p.Bind(ctx, rawpc.NewKeys(), func(b *wire.Binding) { b.Nonce = used })
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	return nil
}

func revokedCertificate(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx)
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Call(ctx, "GET", "me", nil, nil); err != nil {
		return err
	}
	r.Control = true
	if err := f.Admin.Post(ctx, "devices/"+string(p.Device)+"/revoke", map[string]string{"reason": "drill: reported stolen"}, nil); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	live := c.Call(short, "GET", "me", nil, nil)
	_, again := p.Bind(ctx, rawpc.NewKeys(), nil)
	code := rawpc.CodeOf(again)
	r.Refused = live != nil && (code == "device.revoked" || code == "certificate.revoked")
	r.Evidence = fmt.Sprintf("open tunnel: silent; new connection: %s", code)
	return nil
}

func softwareKeyRefused(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	if _, err := f.issueTo(ctx, person, "demo"); err != nil { // policy "demo" names software keys
		return err
	}
	r.Control = true
	_, err = f.issueTo(ctx, person, "home")
	r.Refused, r.Evidence = answerCode(err) == "device.software_key", answerCode(err)
	return nil
}

// otherFingerprint approves a pending PC with the fingerprint of another.
func otherFingerprint(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	code, id, err := f.register(ctx, person, "demo")
	if err != nil {
		return err
	}
	p, err := f.raw(code)
	if err != nil {
		return err
	}
	if err := p.Enrol(ctx, code); err != nil {
		return err
	}
	approve := func(fingerprint string) error {
		return f.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": fingerprint}, nil)
	}
	err = approve("0000-0000-0000-0000-0000")
	stolen := p.Collect(ctx)
	r.Refused, r.Evidence = err != nil && stolen != nil, answerCode(err)
	r.Control = approve(p.Fingerprint) == nil && p.Collect(ctx) == nil
	return nil
}
