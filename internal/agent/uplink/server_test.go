package uplink

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	gatewayAddr = netip.MustParseAddr("100.64.0.1")
	pcAddr      = netip.MustParseAddr("100.64.0.2")
)

// testKey is a device key in memory that counts what it signs.
type testKey struct {
	*ecdsa.PrivateKey
	signed atomic.Int32
}

func newTestKey(t *testing.T) *testKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &testKey{PrivateKey: k}
}

func (k *testKey) Kind() string                       { return "software" }
func (k *testKey) EK(context.Context) ([]byte, error) { return nil, nil }
func (k *testKey) Prove(context.Context, func(context.Context, wire.AttestRequest) (wire.AttestChallenge, error)) (*wire.Attestation, error) {
	return nil, nil
}
func (k *testKey) Sign(r io.Reader, d []byte, o crypto.SignerOpts) ([]byte, error) {
	k.signed.Add(1)
	return k.PrivateKey.Sign(r, d, o)
}

// wallClock is the real clock: these tests cross sockets.
type wallClock struct{ began time.Time }

func (c wallClock) Mono() time.Duration { return time.Since(c.began) + time.Hour }
func (c wallClock) Now() time.Time      { return time.Now() }

// server is the other end, by hand from the wire contract: the agents' door
// with its CA, a WireGuard gateway, the desk door and the lease's port inside.
type server struct {
	t      *testing.T
	ca     *ecdsa.PrivateKey
	caCert *x509.Certificate
	roots  wire.TrustRoots
	tls    *httptest.Server
	secret [16]byte

	mu       sync.Mutex
	seen     []string // method and path of what came to the agents' door
	nonce    []byte
	state    string
	csrKey   any
	device   sekisho.DeviceID
	binding  wire.Binding
	pins     []string
	offer    string         // checkpoint in the next answer to a connection
	steps    []wire.PinStep // of the next answer to a pin; nil proves that nothing is newer
	blackout bool           // give an endpoint that swallows everything

	stack   *stack.Stack
	wg      *device.Device
	public  [32]byte
	port    string
	desk    http.HandlerFunc
	counter atomic.Uint64
	lease   *stack.PacketConn
}

func startServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, device: sekisho.DeviceID(wire.NewID()), state: StatePending, secret: wire.NewEnrolmentSecret()}
	s.ca, s.caCert = newCA(t)
	s.roots = wire.TrustRoots{CA: s.caCert.Raw, AuditKey: testAuditKey.vkey, RosterRoots: []wire.Bytes{make([]byte, 32)}, RosterThreshold: 2}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/pc/v1/trust", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.roots) })
	mux.HandleFunc("POST /api/pc/v1/enrol", s.enrol)
	mux.HandleFunc("POST /api/pc/v1/enrolments/status", s.status)
	mux.HandleFunc("POST /api/pc/v1/pins", s.pin)
	mux.HandleFunc("POST /api/pc/v1/bindings/nonce", s.bindNonce)
	mux.HandleFunc("POST /api/pc/v1/connections", s.connect)
	s.tls = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r.Method+" "+strings.TrimPrefix(r.URL.Path, pcPrefix))
		s.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	pool := x509.NewCertPool()
	pool.AddCert(s.caCert)
	s.tls.TLS = &tls.Config{MinVersion: tls.VersionTLS13, ClientCAs: pool, ClientAuth: tls.VerifyClientCertIfGiven,
		Certificates: []tls.Certificate{s.certificate(t)}}
	s.tls.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	s.tls.StartTLS()
	t.Cleanup(s.tls.Close)
	return s
}

func newCA(t *testing.T) (*ecdsa.PrivateKey, *x509.Certificate) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

func (s *server) certificate(t *testing.T) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der := s.issue(&key.PublicKey, "server")
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *server) issue(public any, name string) []byte {
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, s.caCert, public, s.ca)
	if err != nil {
		panic(err)
	}
	return der
}

func (s *server) address() string { return s.tls.Listener.Addr().String() }

func (s *server) code() wire.EnrolmentCode {
	return wire.EnrolmentCode{Server: s.address(), Trust: s.roots.Hash(), Secret: s.secret}
}

func (s *server) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.seen, ", ")
}

func reply(w http.ResponseWriter, v any) { _ = json.NewEncoder(w).Encode(v) }

func (s *server) enrol(w http.ResponseWriter, r *http.Request) {
	var in wire.EnrolRequest
	if json.NewDecoder(r.Body).Decode(&in) != nil || string(in.Secret) != string(s.secret[:]) {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindExpired, "enrolment.code_used"))
		return
	}
	csr, err := x509.ParseCertificateRequest(in.CSR)
	if err != nil || csr.CheckSignature() != nil {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindInvalid, "request.malformed"))
		return
	}
	s.mu.Lock()
	s.csrKey = csr.PublicKey
	s.mu.Unlock()
	der, _ := x509.MarshalPKIXPublicKey(csr.PublicKey)
	reply(w, wire.EnrolAnswer{Device: s.device, AssetTag: "PC-1", Fingerprint: wire.Fingerprint(der), Ticket: []byte("ticket")})
}

func (s *server) status(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := wire.EnrolmentStatus{State: s.state}
	if s.state == StateIssued {
		out.Certificate, out.Tier = s.issue(s.csrKey, string(s.device)), sekisho.TierB
	}
	if s.state == StateRefused {
		out.Code = "device.fingerprint_differs"
	}
	reply(w, out)
}

func (s *server) pin(w http.ResponseWriter, r *http.Request) {
	var in wire.CheckpointPin
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	s.pins = append(s.pins, in.Checkpoint)
	steps := s.steps
	s.mu.Unlock()
	if steps == nil {
		steps = []wire.PinStep{{Checkpoint: in.Checkpoint}}
	}
	reply(w, wire.PinAnswer{Steps: steps})
}

func (s *server) bindNonce(w http.ResponseWriter, r *http.Request) {
	if len(r.TLS.PeerCertificates) == 0 {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindDenied, "certificate.required"))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nonce = make([]byte, 32)
	_, _ = rand.Read(s.nonce)
	reply(w, wire.BindNonce{Nonce: s.nonce})
}

// connect checks the binding as the contract says and opens the tunnel.
func (s *server) connect(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var signed wire.Signed
	_ = json.NewDecoder(r.Body).Decode(&signed)
	exporter, _ := r.TLS.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	public, _ := r.TLS.PeerCertificates[0].PublicKey.(*ecdsa.PublicKey)
	err := signed.OpenDevice(public, wire.DomainBinding, &s.binding)
	if err != nil || string(s.binding.Nonce) != string(s.nonce) || string(s.binding.Exporter) != string(exporter) || s.binding.Device != s.device {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindDenied, "binding.refused"))
		return
	}
	s.nonce = nil
	var psk [32]byte
	_, _ = rand.Read(psk[:])
	s.gateway([32]byte(s.binding.WireGuard), psk)
	endpoint := "127.0.0.1:" + s.port
	if s.blackout {
		hole, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		s.t.Cleanup(func() { hole.Close() })
		endpoint = hole.LocalAddr().String()
	}
	reply(w, wire.ConnectAnswer{Connection: sekisho.ConnectionID(wire.NewID()), Address: pcAddr.String(), Gateway: gatewayAddr.String(),
		Endpoint: endpoint, ServerKey: s.public[:], PSK: psk[:], MTU: 1280, Tier: sekisho.TierB, Checkpoint: s.offer})
}

// gateway is a WireGuard device with one peer, the desk door and the lease's port.
func (s *server) gateway(peer, psk [32]byte) {
	if s.wg != nil {
		s.wg.Close()
	}
	var err error
	if s.stack, err = stack.New(stack.Config{Address: gatewayAddr}); err != nil {
		panic(err)
	}
	var private [32]byte
	_, _ = rand.Read(private[:])
	if s.public, err = stack.PublicKey(private); err != nil {
		panic(err)
	}
	s.wg = device.NewDevice(s.stack, conn.NewDefaultBind(), stack.Logger(slog.Default()))
	s.t.Cleanup(s.wg.Close)
	p := stack.Peer{Public: peer, PSK: psk, Address: netip.PrefixFrom(pcAddr, 32)}
	if err := s.wg.IpcSet("private_key=" + hex.EncodeToString(private[:]) + "\nlisten_port=0\n" + p.Lines()); err != nil {
		panic(err)
	}
	if err := s.wg.Up(); err != nil {
		panic(err)
	}
	text, err := s.wg.IpcGet()
	if err != nil {
		panic(err)
	}
	_, rest, _ := strings.Cut(text, "listen_port=")
	s.port, _, _ = strings.Cut(rest, "\n")
	l, err := s.stack.ListenTCP(80)
	if err != nil {
		panic(err)
	}
	if s.lease, err = s.stack.ListenUDP(wire.LeasePort); err != nil {
		panic(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(s.serveDesk)}
	go func() { _ = srv.Serve(l) }()
	s.t.Cleanup(func() { srv.Close() })
}

// serveDesk refuses what is not signed by the connection's lease key.
func (s *server) serveDesk(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	key, handle := ed25519.PublicKey(s.binding.LeaseKey), s.desk
	s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	sum := sha256.Sum256(body)
	n, _ := strconv.ParseUint(r.Header.Get(wire.HeaderCounter), 10, 64)
	sig, _ := base64.RawURLEncoding.DecodeString(r.Header.Get(wire.HeaderSignature))
	signed := wire.RequestToSign{Connection: sekisho.ConnectionID(r.Header.Get(wire.HeaderConnection)), Counter: n,
		Method: r.Method, Path: r.URL.RequestURI(), Body: hex.EncodeToString(sum[:])}
	if !ed25519.Verify(key, signed.SigningInput(), sig) || n <= s.counter.Load() {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindDenied, "request.unsigned"))
		return
	}
	s.counter.Store(n)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	handle(w, r)
}
