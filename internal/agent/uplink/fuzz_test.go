package uplink

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// answering is the agents' door as one answer to everything.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a.body))}, nil
}

// noTunnel takes whatever configuration passed the agent's checks.
type noTunnel struct{ cfg stack.ClientConfig }

func (noTunnel) Up(context.Context) error { return nil }
func (noTunnel) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, net.ErrClosed
}
func (noTunnel) ListenPacket(uint16) (net.PacketConn, error) { return nil, net.ErrClosed }
func (noTunnel) Close() error                                { return nil }

// What the server answers, whatever it is, ends in a reason or in something that
// was checked: roots that hash to the code's, a certificate of ours, a connection
// with whole keys, a checkpoint that the pinned key signed.
func FuzzAnswers(f *testing.F) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	key := &testKey{PrivateKey: private}
	roots := wire.TrustRoots{CA: []byte("ca"), AuditKey: testAuditKey.vkey, RosterRoots: []wire.Bytes{make([]byte, 32)}, RosterThreshold: 2}
	hash := roots.Hash()
	device := sekisho.DeviceID(wire.NewID())
	add := func(status int, v any) {
		b, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(status, b)
	}
	add(200, roots)
	add(200, wire.EnrolmentStatus{State: StateIssued, Certificate: []byte("certificate"), Tier: sekisho.TierB})
	add(200, wire.EnrolmentStatus{State: StateRefused, Code: "device.fingerprint_differs"})
	add(200, wire.ConnectAnswer{Connection: sekisho.ConnectionID(wire.NewID()), Address: "100.64.0.2", Gateway: "100.64.0.1", Endpoint: "127.0.0.1:51820",
		ServerKey: make([]byte, 32), PSK: make([]byte, 32), MTU: 1280, Tier: sekisho.TierB, Checkpoint: "test.example/log\n1\nAAAA\n\n\u2014 x AAAA\n"})
	add(200, wire.PinAnswer{Steps: []wire.PinStep{{Checkpoint: "x", Grown: "AAAA\n", Restart: []wire.Signed{{Payload: []byte("{}")}}}}})
	add(403, wire.Problem{Code: "device.suspended"})
	f.Add(500, []byte("<html>"))
	f.Add(200, []byte("null"))
	f.Add(200, []byte(`{"steps":[null]}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		door := &serverDoor{server: "127.0.0.1:1", client: &http.Client{Transport: answering{status, body}}}
		e := Enrolment{Version: 1, Server: "127.0.0.1:1", Roots: roots, RootsHash: hash[:], Device: device, State: StatePending, Ticket: []byte("t")}

		var shown wire.TrustRoots
		if door.ask(t.Context(), "trust", nil, &shown) == nil {
			_ = shown.Hash() // the one thing that is done with roots nobody vouches for
		}
		var known wire.EnrolmentStatus
		if door.ask(t.Context(), "enrolments/status", wire.EnrolmentQuery{Device: device}, &known) == nil {
			after := e
			if after.adopt(known.Certificate, &key.PublicKey) == nil {
				t.Errorf("adopted a certificate that no authority of ours signed: %x", known.Certificate)
			}
		}
		var answer wire.ConnectAnswer
		if door.ask(t.Context(), "connections", struct{}{}, &answer) == nil {
			tried(t, e, answer, key)
		}
		var pin wire.PinAnswer
		if door.ask(t.Context(), "pins", wire.CheckpointPin{}, &pin) == nil {
			if moved, err := movePin(e, pin.Steps); err == nil && moved == "" {
				t.Error("a pin that is none")
			}
		}
		if err := door.ask(t.Context(), "pins", struct{}{}, &pin); err != nil && sekisho.CodeOf(err) == "" {
			t.Errorf("no code for a person to see: %v", err)
		}
	})
}

func tried(t *testing.T, e Enrolment, answer wire.ConnectAnswer, key *testKey) {
	o := Options{Dir: t.TempDir(), Key: key, Clock: wallClock{time.Now()}}
	var given *stack.ClientConfig
	o.Tunnel = func(c stack.ClientConfig) (Tunnel, error) { given = &c; return noTunnel{c}, nil }
	c, err := raise(t.Context(), answer, o, newKeys())
	if err != nil {
		return
	}
	defer c.Close()
	if !wire.ValidID(string(c.ID)) || given == nil || !c.gateway.IsValid() {
		t.Errorf("connected by %+v", answer)
	}
	next, err := learn(e, answer, o)
	if err == nil && (len(answer.Renewed) > 0 || next.Checkpoint != "") {
		t.Errorf("took in something that nobody of ours signed: %+v", next)
	}
}
