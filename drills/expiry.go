package drills

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/internal/app"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

// forgedCertificate copies what a certificate says and signs it by a key of its own.
func forgedCertificate(der []byte) (*ecdsa.PrivateKey, []byte, error) {
	real, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	ca, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	parent := &x509.Certificate{
		SerialNumber: big.NewInt(1), RawSubject: real.RawIssuer, SubjectKeyId: real.AuthorityKeyId,
		NotBefore: real.NotBefore, NotAfter: real.NotAfter, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	forged, err := x509.CreateCertificate(rand.Reader, real, parent, &key.PublicKey, ca)
	return key, forged, err
}

// agedCentre runs the server in this process on a clock that a drill moves.
func (f *Field) agedCentre(ctx context.Context, name string) (aged *Field, clk *clock.Fake, stop func() error, err error) {
	dir, err := f.Folder(name)
	if err != nil {
		return nil, nil, nil, err
	}
	config := filepath.Join(dir, "sekisho.toml")
	text := fmt.Sprintf("data = %q\n[console]\nlisten = \"127.0.0.1:0\"\n[agents]\nlisten = \"127.0.0.1:0\"\n[wireguard]\nlisten = \"127.0.0.1:0\"\n",
		filepath.Join(dir, "server"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, nil, nil, err
	}
	c := &centre.Centre{Options: centre.Options{Dir: dir, Bin: f.Bin}, Config: config}
	printed, err := centre.RunOnce(ctx, nil, filepath.Join(f.Bin, "sekisho"), "demo", "--config", config)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := json.Unmarshal([]byte(printed), &c.Seeded); err != nil {
		return nil, nil, nil, err
	}
	settings, err := app.LoadSettings(config, true)
	if err != nil {
		return nil, nil, nil, err
	}
	clk = clock.NewFake(time.Now())
	srv, err := app.Open(f.ctx, settings, clk)
	if err != nil {
		return nil, nil, nil, err
	}
	stop = func() error { srv.Stop(); return srv.Wait(context.WithoutCancel(ctx)) }
	c.Addresses = centre.Addresses(srv.Addresses)
	if aged, err = newField(f.ctx, c, f.Root); err != nil {
		err = errors.Join(err, stop())
	}
	return aged, clk, stop, err
}

// expiredCertificate comes back with a certificate of 91 days ago. The control
// is the same certificate before, and a new PC after.
func expiredCertificate(ctx context.Context, f *Field, r *Result) (err error) {
	aged, clk, stop, err := f.agedCentre(ctx, "aged")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	p, err := aged.issue(ctx)
	if err != nil {
		return err
	}
	if _, err := p.Bind(ctx, rawpc.NewKeys(), nil); err != nil {
		return err
	}
	clk.Advance(91 * 24 * time.Hour)
	p.Roots.CA = nil // the server has made itself a certificate of that day: our clock does not matter here
	_, err = p.Bind(ctx, rawpc.NewKeys(), nil)
	r.Refused, r.Evidence = rawpc.CodeOf(err) == "certificate.expired", "91 days later: "+rawpc.CodeOf(err)

	if aged, err = newField(f.ctx, aged.Centre, f.Root); err != nil { // the console's sessions have lapsed too
		return err
	}
	aged.n.Store(500)
	person, err := aged.Person(ctx)
	if err != nil {
		return err
	}
	code, id, err := aged.register(ctx, person, "demo")
	if err != nil {
		return err
	}
	fresh, err := aged.raw(code)
	if err != nil {
		return err
	}
	if err := fresh.Enrol(ctx, code); err != nil {
		return err
	}
	if err := aged.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": fresh.Fingerprint}, nil); err != nil {
		return err
	}
	if err := fresh.Collect(ctx); err != nil {
		return err
	}
	_, err = fresh.Bind(ctx, rawpc.NewKeys(), nil)
	r.Control = err == nil
	return nil
}
