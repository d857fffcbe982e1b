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

// issue makes an issued PC with a software key under the demonstration's policy.
func (f *Field) issue(ctx context.Context, login string) (*rawpc.PC, error) {
	code, id, err := f.register(ctx, login, "demo")
	if err != nil {
		return nil, err
	}
	return f.enrol(ctx, code, id)
}

// register makes a PC known and returns its enrolment code.
func (f *Field) register(ctx context.Context, login, policy string) (c wire.EnrolmentCode, id string, err error) {
	var device struct {
		ID string `json:"id"`
	}
	err = f.Admin.Post(ctx, "devices", map[string]any{
		"asset_tag": f.Tag(), "model": "drill", "place": "home", "person": f.Seeded.People[login], "policy": policy,
	}, &device)
	if err != nil {
		return c, "", err
	}
	var code struct {
		Code string `json:"code"`
	}
	if err := f.Admin.Post(ctx, "devices/"+device.ID+"/code", struct{}{}, &code); err != nil {
		return c, "", err
	}
	c, err = wire.ParseEnrolmentCode(code.Code)
	return c, device.ID, err
}

func (f *Field) enrol(ctx context.Context, code wire.EnrolmentCode, id string) (*rawpc.PC, error) {
	p, err := rawpc.New(code)
	if err != nil {
		return nil, err
	}
	if err := p.Trust(ctx, code); err != nil {
		return nil, err
	}
	if err := p.Enrol(ctx, code); err != nil {
		return nil, err
	}
	if err := f.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": p.Fingerprint}, nil); err != nil {
		return nil, err
	}
	return p, p.Collect(ctx)
}

func codeTwice(ctx context.Context, f *Field, r *Result) error {
	code, id, err := f.register(ctx, "operator", "demo")
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
	second, err := rawpc.New(code)
	if err != nil {
		return err
	}
	err = second.Enrol(ctx, code)
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "enrolment.code_used", rawpc.CodeOf(err)
	return nil
}

func stolenID(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx, "operator")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	c.Close()
	r.Control = true
	// The thief knows device id, person and server; his PC has another key and no certificate.
	thief := &rawpc.PC{Server: p.Server, Roots: p.Roots, Device: p.Device}
	if thief.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	_, err = thief.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	return nil
}

func certificateWithoutKey(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx, "operator")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	c.Close()
	r.Control = true
	copied := *p
	if copied.Key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	_, err = copied.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = err != nil, rawpc.CodeOf(err)
	return nil
}

func relayedBinding(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx, "operator")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	c.Close()
	r.Control = true
	_, err = p.Bind(ctx, rawpc.NewKeys(), func(b *wire.Binding) {
		b.Exporter = make([]byte, 32) // as signed for some other TLS connection
	})
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "binding.other_connection", rawpc.CodeOf(err)
	return nil
}

func revokedCertificate(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx, "operator")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	r.Control = true
	if err := f.Admin.Post(ctx, "devices/"+string(p.Device)+"/revoke", map[string]string{"reason": "drill: reported stolen"}, nil); err != nil {
		return err
	}
	var me wire.Me
	short, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	live := c.Call(short, "GET", "me", nil, &me)
	_, again := p.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused = live != nil && again != nil
	r.Evidence = fmt.Sprintf("open tunnel: %.60s; new connection: %s", rawpc.CodeOf(live), rawpc.CodeOf(again))
	return nil
}

func softwareKeyRefused(ctx context.Context, f *Field, r *Result) error {
	if _, err := f.issue(ctx, "operator"); err != nil { // policy "demo" names software keys
		return err
	}
	r.Control = true
	code, id, err := f.register(ctx, "operator", "home")
	if err != nil {
		return err
	}
	_, err = f.enrol(ctx, code, id)
	r.Refused, r.Evidence = err != nil, fmt.Sprint(err)
	return nil
}
