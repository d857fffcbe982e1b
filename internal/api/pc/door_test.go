package pc_test

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/pc"
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

var administrator = audit.Actor{Person: sekisho.PersonID(wire.NewID()), Role: sekisho.RoleAdministrator}

type policies struct{}

func (policies) AllowsSoftwareKeys(_ context.Context, name sekisho.PolicyName) (bool, error) {
	return name == "trial", nil
}

func (policies) PlaceOf(context.Context, sekisho.PolicyName) (sekisho.Place, error) {
	return sekisho.PlaceHome, nil
}

type roots struct{ ca *certs.Authority }

func (r roots) Trust() wire.TrustRoots {
	return wire.TrustRoots{CA: r.ca.CA().Raw, AuditKey: "test.example/log+1+key", RosterRoots: []wire.Bytes{{1}}, RosterThreshold: 1}
}

// tunnels remembers which connections are open, as the app's would.
type tunnels struct {
	mu      sync.Mutex
	open    map[sekisho.ConnectionID]devices.Binding
	opening func(devices.Binding) // runs inside Open, before the connection is registered
	err     error
}

func (f *tunnels) Open(_ context.Context, b devices.Binding) (wire.ConnectAnswer, error) {
	if f.opening != nil {
		f.opening(b)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return wire.ConnectAnswer{}, f.err
	}
	id := sekisho.ConnectionID(wire.NewID())
	f.open[id] = b
	return wire.ConnectAnswer{Connection: id, Address: "100.64.0.2", Gateway: "100.64.0.1", MTU: 1280}, nil
}

func (f *tunnels) Close(id sekisho.ConnectionID, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.open, id)
}

// closeAll is what the app does when a PC is closed.
func (f *tunnels) closeAll(device sekisho.DeviceID, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, b := range f.open {
		if b.Device == device {
			delete(f.open, id)
		}
	}
}

func (f *tunnels) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.open)
}

// centre is a whole gate with its door open on loopback.
type centre struct {
	t       testing.TB
	addr    string
	clk     *clock.Fake
	log     *audit.Log
	ca      *certs.Authority
	inv     *devices.Inventory
	tunnels *tunnels
}

func newCentre(t testing.TB, db *storage.DB) *centre {
	t.Helper()
	if err := db.Migrate(t.Context(), seal.Schema, audit.Schema, certs.Schema, attestation.Schema, devices.Schema); err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(filepath.Join(t.TempDir(), "master"))
	if err != nil {
		t.Fatal(err)
	}
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &centre{t: t, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)), tunnels: &tunnels{open: map[sekisho.ConnectionID]devices.Binding{}}}
	if c.log, err = audit.New(db, c.clk, signer, "test.example/log"); err != nil {
		t.Fatal(err)
	}
	c.ca, err = certs.New(t.Context(), db, seal.NewKeys(db, c.clk, box), c.clk, c.log, certs.Config{Names: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	c.inv = devices.New(devices.Deps{DB: db, Clock: c.clk, Log: c.log, Certificates: c.ca, Attestation: attestation.New(db, c.clk, c.log), Policies: policies{}, Trust: roots{c.ca}, Sitters: alone{}})
	c.inv.OnClosed(c.tunnels.closeAll)
	door := pc.New(pc.Deps{Clock: c.clk, Devices: c.inv, Trust: roots{c.ca}, Tunnels: c.tunnels, Checkpoints: c.log, Networks: everywhere{}, Log: c.log})
	c.addr = c.serve(door, c.ca.ServerTLS())
	t.Cleanup(func() {
		if err := c.log.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// serve opens the door on a port of the kernel's choice until the test ends.
func (c *centre) serve(door *pc.Door, config *tls.Config) string {
	c.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- door.Serve(ctx, ln, config) }()
	c.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			c.t.Error("the door did not close in order:", err)
		}
	})
	return ln.Addr().String()
}

func (c *centre) register(tag string, policy sekisho.PolicyName) devices.Device {
	c.t.Helper()
	d, err := c.inv.Register(c.t.Context(), administrator, devices.Asset{
		Tag: tag, Model: "Demo Book 14", Place: sekisho.PlaceHome, Person: sekisho.PersonID(wire.NewID()), Policy: policy,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c *centre) code(id sekisho.DeviceID) wire.EnrolmentCode {
	c.t.Helper()
	code, err := c.inv.Code(c.t.Context(), administrator, id, c.addr, devices.InPerson)
	if err != nil {
		c.t.Fatal(err)
	}
	return code
}

func (c *centre) refused(code string, device sekisho.DeviceID) []audit.Entry {
	c.t.Helper()
	if err := c.log.Flush(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	found, err := c.log.Search(c.t.Context(), audit.Filter{Kind: "door.", Limit: 500})
	if err != nil {
		c.t.Fatal(err)
	}
	var rows []audit.Entry
	for _, e := range found {
		if e.Event.Reason == code && e.Event.Actor.Device == device && e.Event.Decision == audit.Deny && e.Event.Personal["source"] == "127.0.0.1" {
			rows = append(rows, e)
		}
	}
	return rows
}

var errRoots = errors.New("the server's roots are not those of the code")

// agent is a PC that speaks the real protocol over real TLS.
type agent struct {
	t     testing.TB
	now   func() time.Time
	key   *ecdsa.PrivateKey
	lang  string
	id    sekisho.DeviceID
	trust wire.TrustRoots
	cert  []byte
	last  wire.EnrolAnswer
}

func (c *centre) newAgent() *agent {
	c.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.t.Fatal(err)
	}
	return &agent{t: c.t, now: c.clk.Now, key: key, lang: "ja"}
}

// line is one TLS connection; requests on it share its exporter.
type line struct {
	a         *agent
	conn      *tls.Conn
	transport *http.Transport
}

// dial connects; without pinned roots it believes anybody, to ask for the roots.
func (a *agent) dial(addr string) (*line, error) {
	config := &tls.Config{Time: a.now, InsecureSkipVerify: a.trust.CA == nil}
	if a.trust.CA != nil {
		ca, err := x509.ParseCertificate(a.trust.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AddCert(ca)
	}
	if a.cert != nil {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &tls.Certificate{Certificate: [][]byte{a.cert}, PrivateKey: a.key}, nil
		}
	}
	conn, err := tls.Dial("tcp", addr, config)
	if err != nil {
		return nil, err
	}
	used := false
	l := &line{a, conn, &http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
		if used {
			return nil, errors.New("a second connection was wanted")
		}
		used = true
		return conn, nil
	}}}
	a.t.Cleanup(func() {
		l.transport.CloseIdleConnections()
		_ = conn.Close() // one of us was first, or the door
	})
	return l, nil
}

// answered is what came back.
type answered struct {
	status  int
	problem wire.Problem
	body    []byte
	header  http.Header
}

// roundTrip sends one request on exactly this connection.
func (l *line) roundTrip(method, path string, body []byte) (answered, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, "https://"+l.conn.RemoteAddr().String()+path, bytes.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	r.Header.Set("Accept-Language", l.a.lang)
	res, err := l.transport.RoundTrip(r)
	if err != nil {
		return answered{}, err
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return answered{}, err
	}
	out := answered{status: res.StatusCode, body: text, header: res.Header}
	if res.StatusCode != http.StatusOK {
		if ct := res.Header.Get("Content-Type"); ct != "application/problem+json" {
			return out, errors.New("refused with " + ct)
		}
		return out, json.Unmarshal(text, &out.problem)
	}
	return out, nil
}

// post sends v and reads the answer into out; a refusal comes back as its code.
func (l *line) post(path string, v, out any) (code string) {
	l.a.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		l.a.t.Fatal(err)
	}
	got, err := l.roundTrip(http.MethodPost, "/api/pc/v1/"+path, body)
	if err != nil {
		l.a.t.Fatalf("%s: %v", path, err)
	}
	if got.status == http.StatusOK {
		if err := json.Unmarshal(got.body, out); err != nil {
			l.a.t.Fatal(err)
		}
	}
	return got.problem.Code
}

// enrol does what a PC does with a code, and stops where the roots are not
// those that the code names, before it tells the secret.
func (a *agent) enrol(code wire.EnrolmentCode) error {
	first, err := a.dial(code.Server)
	if err != nil {
		return err
	}
	got, err := first.roundTrip(http.MethodGet, "/api/pc/v1/trust", nil)
	if err != nil {
		return err
	}
	var trust wire.TrustRoots
	if err := json.Unmarshal(got.body, &trust); err != nil {
		return err
	}
	if trust.Hash() != code.Trust {
		return errRoots
	}
	a.trust = trust
	l, err := a.dial(code.Server) // from now on only a server of these roots
	if err != nil {
		return errors.Join(errRoots, err)
	}
	r, refused := a.request(l, code)
	if refused == "" {
		refused = l.post("enrol", r, &a.last)
	}
	if refused != "" {
		return errors.New(refused)
	}
	a.id = a.last.Device
	return nil
}

// request asks for the challenge to a TPM and answers it; a refusal comes back as its code.
func (a *agent) request(l *line, code wire.EnrolmentCode) (r wire.EnrolRequest, refused string) {
	a.t.Helper()
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	tpm, err := softtpm.New()
	if err != nil {
		a.t.Fatal(err)
	}
	q := tpm.Request()
	q.Secret = code.Secret[:]
	var c wire.AttestChallenge
	if refused := l.post("attestations", q, &c); refused != "" {
		return r, refused
	}
	proof, err := tpm.Answer(c, &a.key.PublicKey)
	if err != nil {
		a.t.Fatal(err)
	}
	return wire.EnrolRequest{Secret: code.Secret[:], CSR: csr, KeyKind: "tpm", EK: q.EK, Attestation: &proof, Hostname: "demo-pc", Platform: "linux/amd64", Agent: "1.0.0"}, ""
}

// issued is a PC that went the whole way over the wire.
func (c *centre) issued(tag string) *agent {
	c.t.Helper()
	a := c.newAgent()
	if err := a.enrol(c.code(c.register(tag, "home").ID)); err != nil {
		c.t.Fatal(err)
	}
	if err := c.inv.Approve(c.t.Context(), administrator, a.id, a.last.Fingerprint); err != nil {
		c.t.Fatal(err)
	}
	l := c.line(a)
	var s wire.EnrolmentStatus
	if code := l.post("enrolments/status", wire.EnrolmentQuery{Device: a.id, Ticket: a.last.Ticket}, &s); code != "" || s.State != "issued" {
		c.t.Fatalf("status %q, refused %q", s.State, code)
	}
	a.cert = s.Certificate
	return a
}

func (c *centre) line(a *agent) *line {
	c.t.Helper()
	l, err := a.dial(c.addr)
	if err != nil {
		c.t.Fatal(err)
	}
	return l
}

func (l *line) exporter() []byte {
	l.a.t.Helper()
	state := l.conn.ConnectionState()
	out, err := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	if err != nil {
		l.a.t.Fatal(err)
	}
	return out
}

func (l *line) nonce() []byte {
	l.a.t.Helper()
	var n wire.BindNonce
	if code := l.post("bindings/nonce", struct{}{}, &n); code != "" {
		l.a.t.Fatal("no nonce:", code)
	}
	return n.Nonce
}

// binding is signed by the PC's key for the given connection.
func (a *agent) binding(nonce, exporter []byte) wire.Signed {
	a.t.Helper()
	wg, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	lease, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	payload, err := json.Marshal(wire.Binding{Device: a.id, WireGuard: wg.PublicKey().Bytes(), LeaseKey: wire.Bytes(lease), Nonce: nonce, Exporter: exporter, BootID: "boot", Agent: "1.0.0"})
	if err != nil {
		a.t.Fatal(err)
	}
	digest := wire.DeviceDigest(wire.DomainBinding, payload)
	sig, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return wire.Signed{Payload: payload, Signature: sig}
}

// connect is 接続: two signatures, one tunnel.
func (l *line) connect() (out wire.ConnectAnswer, code string) {
	l.a.t.Helper()
	code = l.post("connections", l.a.binding(l.nonce(), l.exporter()), &out)
	return out, code
}
