package uplink

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// testAuditKey signs the checkpoints of these tests.
var testAuditKey = func() (k struct {
	vkey    string
	private ed25519.PrivateKey
}) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	k.vkey, k.private = checkpoint.VerifierKey("test.example/log", public), private
	return k
}()

func connected(t *testing.T, s *server) (*Connection, Enrolment, *testKey, string) {
	t.Helper()
	key := newTestKey(t)
	dir, e := enrolled(t, s, key)
	key.signed.Store(0)
	c, e, err := Connect(t.Context(), e, options(dir, key))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, e, key, dir
}

func options(dir string, key DeviceKey) Options {
	return Options{Dir: dir, BootID: "boot", Key: key, Clock: wallClock{time.Now()}, Tunnel: NewTunnel}
}

func (s *server) handle(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.desk = h
}

func TestConnect(t *testing.T) {
	s := startServer(t)
	c, _, key, _ := connected(t, s)
	if n := key.signed.Load(); n != 2 {
		t.Errorf("the device key signed %d times for one connection, want 2", n)
	}
	if s.binding.BootID != "boot" || s.binding.Agent == "" {
		t.Errorf("%+v", s.binding)
	}
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/desk/v1/me" {
			reply(w, wire.Me{Connection: c.ID})
			return
		}
		b, _ := io.ReadAll(r.Body)
		reply(w, map[string]string{"body": string(b), "query": r.URL.RawQuery, "lang": r.Header.Get("Accept-Language")})
	})
	if me, err := c.Me(t.Context()); err != nil || me.Connection != c.ID {
		t.Errorf("%+v, %v", me, err)
	}
	res, err := c.Do(t.Context(), "POST", "/api/desk/v1/approvals?x=%E9%96%A2&y", http.Header{"Accept-Language": {"en"}}, []byte("body"))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(res.Body)
	if string(b) != `{"body":"body","lang":"en","query":"x=%E9%96%A2\u0026y"}`+"\n" {
		t.Errorf("%d %s", res.StatusCode, b)
	}
}

func TestProblemsKeepTheirCode(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	answers := map[string]http.HandlerFunc{
		"me": func(w http.ResponseWriter, r *http.Request) {
			wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindConflict, "session.busy"))
		},
		"roster":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); _, _ = io.WriteString(w, "<html>") },
		"login-nonce": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "not JSON") },
	}
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		answers[strings.TrimPrefix(r.URL.Path, deskPrefix)](w, r)
	})
	if _, err := c.Me(t.Context()); sekisho.CodeOf(err) != "session.busy" || sekisho.KindOf(err) != sekisho.KindConflict {
		t.Errorf("problem: %v", err)
	}
	if _, err := c.Roster(t.Context()); !errors.Is(err, ErrAnswer) {
		t.Errorf("no problem document: %v", err)
	}
	if _, err := c.LoginNonce(t.Context()); !errors.Is(err, ErrAnswer) {
		t.Errorf("no JSON: %v", err)
	}
}

// 421: the request met a connection of another epoch; it is tried once more, signed anew.
func TestMisdirectedRequestIsTriedOnceMore(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	var conns atomic.Int32
	seen := map[string]bool{}
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		if !seen[r.RemoteAddr] {
			seen[r.RemoteAddr] = true
			conns.Add(1)
		}
		if conns.Load() == 1 {
			w.WriteHeader(http.StatusMisdirectedRequest)
			return
		}
		reply(w, wire.Me{})
	})
	if _, err := c.Me(t.Context()); err != nil || conns.Load() != 2 {
		t.Errorf("%d connections, %v", conns.Load(), err)
	}
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		conns.Add(1)
		w.WriteHeader(http.StatusMisdirectedRequest)
	})
	conns.Store(0)
	if _, err := c.Me(t.Context()); err == nil || conns.Load() != 2 {
		t.Errorf("tried %d times, %v", conns.Load(), err)
	}
}

func TestRenewOpensNewConnections(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	var last atomic.Value
	s.handle(func(w http.ResponseWriter, r *http.Request) { last.Store(r.RemoteAddr); reply(w, wire.Me{}) })
	ask := func() string {
		if _, err := c.Me(t.Context()); err != nil {
			t.Fatal(err)
		}
		return last.Load().(string)
	}
	first := ask()
	if again := ask(); again != first {
		t.Errorf("an idle connection was not used again")
	}
	c.Renew()
	if ask() == first {
		t.Error("after Renew the old connection was used")
	}
}

// Cut ends a request that is under way, and the next one works.
func TestCutEndsWhatRuns(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	arrived := make(chan struct{})
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/desk/v1/me" {
			reply(w, wire.Me{})
			return
		}
		close(arrived)
		<-r.Context().Done()
	})
	failed := make(chan error, 1)
	go func() { _, err := c.Roster(t.Context()); failed <- err }()
	<-arrived
	c.Cut()
	select {
	case err := <-failed:
		if err == nil {
			t.Error("the request survived the cut")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the request hangs")
	}
	if _, err := c.Me(t.Context()); err != nil {
		t.Errorf("after the cut: %v", err)
	}
}

func TestWebSocketIsSignedAtItsUpgrade(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	var refuse atomic.Bool
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		if refuse.Load() {
			wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindDenied, "session.required"))
			return
		}
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer ws.CloseNow()
		kind, b, err := ws.Read(r.Context())
		if err == nil {
			_ = ws.Write(r.Context(), kind, append(b, '!'))
		}
	})
	ws, err := c.WebSocket(t.Context(), "/api/desk/v1/desktops/d/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	if err := ws.Write(t.Context(), websocket.MessageBinary, []byte("RFB")); err != nil {
		t.Fatal(err)
	}
	if _, b, err := ws.Read(t.Context()); err != nil || string(b) != "RFB!" {
		t.Errorf("%s, %v", b, err)
	}
	refuse.Store(true)
	if _, err := c.WebSocket(t.Context(), "/api/desk/v1/events"); sekisho.CodeOf(err) != "session.required" {
		t.Errorf("refusal: %v", err)
	}
}

func TestStatementsAreSignedForThisConnection(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	bodies := map[string][]byte{}
	s.handle(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies[strings.TrimPrefix(r.URL.Path, deskPrefix)] = b
		_, _ = io.WriteString(w, "{}")
	})
	key := ed25519.PublicKey(s.binding.LeaseKey)
	other := sekisho.ConnectionID(wire.NewID()) // whatever a caller says, it is this connection's
	if _, err := c.OpenByFace(t.Context(), wire.FaceStatement{Connection: other, Frames: 5}); err != nil {
		t.Fatal(err)
	}
	var open wire.OpenSession
	var face wire.FaceStatement
	if err := json.Unmarshal(bodies["sessions"], &open); err != nil || open.Approved != nil {
		t.Fatal(err)
	}
	if err := open.Face.OpenLease(key, wire.DomainFace, &face); err != nil || face.Connection != c.ID || face.Frames != 5 {
		t.Errorf("%+v, %v", face, err)
	}
	if err := c.Report(t.Context(), wire.IncidentReport{Connection: other, State: sekisho.Onlooker, Evidence: []string{}}); err != nil {
		t.Fatal(err)
	}
	var signed wire.Signed
	var report wire.IncidentReport
	if err := json.Unmarshal(bodies["incidents"], &signed); err != nil {
		t.Fatal(err)
	}
	if err := signed.OpenLease(key, wire.DomainRecord, &report); err != nil || report.Connection != c.ID || report.State != sekisho.Onlooker {
		t.Errorf("%+v, %v", report, err)
	}
	if err := c.Put(t.Context(), "abc", []byte{1, 2}); err != nil || !bytes.Equal(bodies["evidence/abc"], []byte{1, 2}) {
		t.Errorf("%v, %v", bodies["evidence/abc"], err)
	}
}

// A page may put what it likes into a body that the agent carries: the
// signature over the request is good for that request and for no statement.
func TestCarriedBodiesAreNotSignedAsStatements(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	payload, err := json.Marshal(wire.FaceStatement{Connection: c.ID, Frames: 5, Matched: 5, Live: true})
	if err != nil {
		t.Fatal(err)
	}
	var head http.Header
	s.handle(func(w http.ResponseWriter, r *http.Request) { head = r.Header.Clone(); _, _ = io.WriteString(w, "{}") })
	for _, body := range [][]byte{payload, append([]byte(wire.DomainFace+"\x00"), payload...)} {
		res, err := c.Do(t.Context(), "POST", "/api/desk/v1/approvals", http.Header{wire.HeaderSignature: {"the page's own"}}, body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("control: %v", err)
		}
		var sig wire.Bytes
		if err := sig.UnmarshalText([]byte(head.Get(wire.HeaderSignature))); err != nil || len(sig) != ed25519.SignatureSize {
			t.Fatalf("signature %q: %v", head.Get(wire.HeaderSignature), err)
		}
		for _, domain := range []string{wire.DomainFace, wire.DomainApprove, wire.DomainEnrol, wire.DomainRecord, wire.DomainReport} {
			if (wire.Signed{Payload: body, Signature: sig}).OpenLease(ed25519.PublicKey(s.binding.LeaseKey), domain, &wire.FaceStatement{}) == nil {
				t.Errorf("a carried body opens as %s", domain)
			}
		}
	}
}

// A certificate alone, without the key that it names, opens nothing.
func TestCertificateWithoutItsKey(t *testing.T) {
	s := startServer(t)
	dir, e := enrolled(t, s, newTestKey(t))
	thief := newTestKey(t)
	_, _, err := Connect(t.Context(), e, options(dir, thief))
	if err == nil {
		t.Fatal("connected with another key")
	}
	// The control is TestConnect: the same with the right key.
}

// The binding names its TLS connection: relayed over another it is refused.
func TestBindingIsBoundToItsTLSConnection(t *testing.T) {
	s, key := startServer(t), newTestKey(t)
	_, e := enrolled(t, s, key)
	certificate := tls.Certificate{Certificate: [][]byte{e.Certificate}, PrivateKey: key}
	one, err := dialDoor(t.Context(), e.Server, &e.Roots, &certificate)
	if err != nil {
		t.Fatal(err)
	}
	defer one.close()
	two, err := dialDoor(t.Context(), e.Server, &e.Roots, &certificate)
	if err != nil {
		t.Fatal(err)
	}
	defer two.close()
	var nonce wire.BindNonce
	if err := one.ask(t.Context(), "bindings/nonce", struct{}{}, &nonce); err != nil {
		t.Fatal(err)
	}
	exporter, err := one.exporter()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signBinding(key, wire.Binding{Device: e.Device, Nonce: nonce.Nonce, Exporter: exporter, WireGuard: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	if err := two.ask(t.Context(), "connections", signed, nil); sekisho.CodeOf(err) != "binding.refused" {
		t.Errorf("relayed over another connection: %v", err)
	}
}

func TestUDPBlockedIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("waits ten seconds")
	}
	s, key := startServer(t), newTestKey(t)
	dir, e := enrolled(t, s, key)
	s.mu.Lock()
	s.blackout = true
	s.mu.Unlock()
	if _, _, err := Connect(t.Context(), e, options(dir, key)); sekisho.CodeOf(err) != "tunnel.udp_blocked" {
		t.Errorf("got %v", err)
	}
}

func TestConnectAnswerThatIsNoTunnel(t *testing.T) {
	good := wire.ConnectAnswer{Connection: sekisho.ConnectionID(wire.NewID()), Address: "100.64.0.2", Gateway: "100.64.0.1",
		Endpoint: "127.0.0.1:9", ServerKey: make([]byte, 32), PSK: make([]byte, 32), MTU: 1280}
	for name, damage := range map[string]func(*wire.ConnectAnswer){
		"address":  func(a *wire.ConnectAnswer) { a.Address = "x" },
		"gateway":  func(a *wire.ConnectAnswer) { a.Gateway = "" },
		"key":      func(a *wire.ConnectAnswer) { a.ServerKey = a.ServerKey[:31] },
		"psk":      func(a *wire.ConnectAnswer) { a.PSK = nil },
		"id":       func(a *wire.ConnectAnswer) { a.Connection = "1" },
		"endpoint": func(a *wire.ConnectAnswer) { a.Endpoint = "nowhere" },
		"MTU":      func(a *wire.ConnectAnswer) { a.MTU = 1 << 20 },
	} {
		bad := good
		damage(&bad)
		if c, err := raise(t.Context(), bad, options(t.TempDir(), nil), newKeys()); err == nil {
			c.Close()
			t.Errorf("%s: raised a tunnel", name)
		}
	}
}

func TestClosedConnectionServesNoMore(t *testing.T) {
	s := startServer(t)
	c, _, _, _ := connected(t, s)
	c.Close()
	if _, err := c.Me(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if _, err := c.WebSocket(t.Context(), "/api/desk/v1/events"); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}
