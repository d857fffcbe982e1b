package devices_test

import (
	"context"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softtpm"
)

const server = "gate.example:8444"

var (
	administrator = audit.Actor{Person: sekisho.PersonID(wire.NewID()), Role: sekisho.RoleAdministrator}
	from          = netip.MustParseAddr("203.0.113.7")
)

// policies is a table of the names that exist; true allows keys in software.
type policies struct {
	mu    sync.Mutex
	named map[sekisho.PolicyName]bool
	err   error
}

var errNoPolicy = errors.New("no such policy")

func (p *policies) AllowsSoftwareKeys(_ context.Context, name sekisho.PolicyName) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	allowed, ok := p.named[name]
	if !ok && p.err == nil {
		return false, errNoPolicy
	}
	return allowed, p.err
}

// PlaceOf: what is called office is for the office, everything else for the home.
func (p *policies) PlaceOf(ctx context.Context, name sekisho.PolicyName) (sekisho.Place, error) {
	if _, err := p.AllowsSoftwareKeys(ctx, name); err != nil {
		return "", err
	}
	if name == "office" {
		return sekisho.PlaceOffice, nil
	}
	return sekisho.PlaceHome, nil
}

func (p *policies) set(fn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fn()
}

type roots struct{ ca *certs.Authority }

func (r roots) Trust() wire.TrustRoots {
	return wire.TrustRoots{CA: r.ca.CA().Raw, AuditKey: "test.example/log+1+key", RosterRoots: []wire.Bytes{{1}}, RosterThreshold: 1}
}

// house is the gate's ground on a real database with a clock that the test moves.
type house struct {
	t        *testing.T
	db       *storage.DB
	clk      *clock.Fake
	log      *audit.Log
	ca       *certs.Authority
	attests  *attestation.Attestation
	policies *policies
	seats    seated
	*devices.Inventory
}

func newHouse(t *testing.T, db *storage.DB) *house {
	t.Helper()
	if err := db.Migrate(t.Context(), seal.Schema, audit.Schema, certs.Schema, attestation.Schema, devices.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "master"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))}
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if h.log, err = audit.New(db, h.clk, signer, "test.example/log"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.log.Close(); err != nil {
			t.Error(err)
		}
	})
	h.ca, err = certs.New(t.Context(), db, seal.NewKeys(db, h.clk, box), h.clk, h.log, certs.Config{Names: []string{"gate.example"}})
	if err != nil {
		t.Fatal(err)
	}
	h.policies = &policies{named: map[sekisho.PolicyName]bool{"home": false, "office": false, "trial": true}}
	h.attests = attestation.New(db, h.clk, h.log)
	h.seats = seated{}
	h.Inventory = h.node()
	return h
}

// node is one more server on the same database.
func (h *house) node() *devices.Inventory {
	return devices.New(devices.Deps{DB: h.db, Clock: h.clk, Log: h.log, Certificates: h.ca, Attestation: h.attests, Policies: h.policies, Trust: roots{h.ca}, Sitters: &h.seats})
}

func (h *house) ctx() context.Context { return h.t.Context() }

func (h *house) register(tag string, policy sekisho.PolicyName) devices.Device {
	h.t.Helper()
	d, err := h.Register(h.ctx(), administrator, devices.Asset{
		Tag: tag, Model: "Demo Book 14", Place: sekisho.PlaceHome, Person: sekisho.PersonID(wire.NewID()), Policy: policy,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func (h *house) code(id sekisho.DeviceID) wire.EnrolmentCode {
	h.t.Helper()
	c, err := h.Code(h.ctx(), administrator, id, server, devices.InPerson)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// pc is what stands on somebody's desk.
type pc struct {
	t      testing.TB
	key    *ecdsa.PrivateKey
	tpm    *softtpm.TPM // nil without one
	id     sekisho.DeviceID
	answer wire.EnrolAnswer
	cert   *x509.Certificate
}

func p256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newPC(t testing.TB, withTPM bool) *pc {
	t.Helper()
	p := &pc{t: t, key: p256(t)}
	if withTPM {
		var err error
		if p.tpm, err = softtpm.New(); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *pc) request(code wire.EnrolmentCode) wire.EnrolRequest {
	p.t.Helper()
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, p.key)
	if err != nil {
		p.t.Fatal(err)
	}
	r := wire.EnrolRequest{Secret: code.Secret[:], CSR: csr, KeyKind: "software", Hostname: "demo-pc", Platform: "linux/amd64", Agent: "1.0.0"}
	if p.tpm != nil {
		r.KeyKind, r.EK, r.Attestation = "tpm", p.tpm.EKDER(), &wire.Attestation{} // to be proved
	}
	return r
}

// proved adds the TPM's proof to a request, as the server asks for it.
func (h *house) proved(p *pc, r wire.EnrolRequest) (wire.EnrolRequest, error) {
	h.t.Helper()
	if p.tpm == nil {
		return r, nil
	}
	q := p.tpm.Request()
	q.Secret, q.Device, q.Ticket = r.Secret, r.Device, r.Ticket
	c, err := h.Challenge(h.ctx(), q, from)
	if err != nil {
		return r, err
	}
	a, err := p.tpm.Answer(c, &p.key.PublicKey)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Attestation = &a
	return r, nil
}

// tryEnrol presents the code with the TPM's proof.
func (h *house) tryEnrol(p *pc, code wire.EnrolmentCode) (wire.EnrolAnswer, error) {
	h.t.Helper()
	r, err := h.proved(p, p.request(code))
	if err != nil {
		return wire.EnrolAnswer{}, err
	}
	return h.Enrol(h.ctx(), r, from)
}

// enrol presents the code; it does not wait for approval.
func (h *house) enrol(p *pc, code wire.EnrolmentCode) {
	h.t.Helper()
	a, err := h.tryEnrol(p, code)
	if err != nil {
		h.t.Fatal(err)
	}
	p.answer, p.id = a, a.Device
}

// fetch asks for the certificate.
func (h *house) fetch(p *pc) {
	h.t.Helper()
	s, err := h.Status(h.ctx(), wire.EnrolmentQuery{Device: p.id, Ticket: p.answer.Ticket})
	if err != nil || s.State != "issued" {
		h.t.Fatalf("status %q, %v", s.State, err)
	}
	if p.cert, err = x509.ParseCertificate(s.Certificate); err != nil {
		h.t.Fatal(err)
	}
}

// issued is a PC that went the whole way.
func (h *house) issued(tag string, policy sekisho.PolicyName, withTPM bool) *pc {
	h.t.Helper()
	p := newPC(h.t, withTPM)
	h.enrol(p, h.code(h.register(tag, policy).ID))
	if err := h.Approve(h.ctx(), administrator, p.id, p.answer.Fingerprint); err != nil {
		h.t.Fatal(err)
	}
	h.fetch(p)
	return p
}

// statement is a binding as the agent composes it; the test may spoil it.
func (p *pc) statement(nonce, exporter []byte) wire.Binding {
	p.t.Helper()
	wg, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	lease, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	return wire.Binding{Device: p.id, WireGuard: wg.PublicKey().Bytes(), LeaseKey: wire.Bytes(lease), Nonce: nonce, Exporter: exporter, BootID: "boot", Agent: "1.0.0"}
}

func (p *pc) sign(domain string, payload []byte) wire.Signed {
	p.t.Helper()
	digest := wire.DeviceDigest(domain, payload)
	sig, err := ecdsa.SignASN1(rand.Reader, p.key, digest[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return wire.Signed{Payload: payload, Signature: sig}
}

func (h *house) nonce(id sekisho.DeviceID) []byte {
	h.t.Helper()
	n, err := h.Nonce(h.ctx(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return n.Nonce
}

// rows counts the audit rows of a kind, those of Afterwards too.
func (h *house) rows(kind string) []audit.Entry {
	h.t.Helper()
	if err := h.log.Flush(h.ctx()); err != nil {
		h.t.Fatal(err)
	}
	found, err := h.log.Search(h.ctx(), audit.Filter{Kind: kind, Limit: 500})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

func (h *house) wantRow(kind, reason string, device sekisho.DeviceID) {
	h.t.Helper()
	for _, e := range h.rows(kind) {
		if e.Event.Reason == reason && e.Event.Object.ID == string(device) {
			return
		}
	}
	h.t.Errorf("no audit row %s with reason %q about %q", kind, reason, device)
}

func (h *house) wantState(id sekisho.DeviceID, want devices.State) {
	h.t.Helper()
	d, err := h.Get(h.ctx(), id)
	if err != nil || d.State != want {
		h.t.Errorf("state %q, %v; want %q", d.State, err, want)
	}
}
