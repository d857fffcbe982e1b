package trunks

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

func selfSigned(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	sheet := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "trunk"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, sheet, sheet, &key.PublicKey, key)
	must(t, err)
	one, err := x509.ParseCertificate(der)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(one)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// TestACallOverEachTransport: two rooms call each other, speak, press keys and hang up.
func TestACallOverEachTransport(t *testing.T) {
	for name, test := range map[string]struct {
		kind     Transport
		security Security
	}{"UDP": {UDP, Clear}, "TCP": {TCP, Clear}, "TLS": {TLS, Clear}, "TLS with SRTP": {TLS, SDES}} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{TLSConfig: selfSigned(t)}
			switch test.kind {
			case UDP:
				cfg.UDP = "127.0.0.1:0"
			case TCP:
				cfg.TCP = "127.0.0.1:0"
			case TLS:
				cfg.TLS = "127.0.0.1:0"
			}
			arrived := make(chan *Incoming, 1)
			answered := make(chan *Leg, 1)
			callee := open(t, clock.System(), cfg, func(in *Incoming) {
				arrived <- in
				if err := in.Ring(); err != nil {
					t.Error(err)
				}
				leg, err := in.Answer(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				answered <- leg
				<-in.Gone()
			})
			caller := open(t, clock.System(), cfg, func(in *Incoming) {})
			set := func(tr *Trunk) { tr.Transport, tr.Security = test.kind, test.security }
			line := caller.trunkTo(t, otherNumber, callee.Listening(test.kind).Port(), set)
			callee.trunkTo(t, ourNumber, caller.Listening(test.kind).Port(), set)

			begun := time.Now()
			var rang time.Duration
			mine, err := caller.Dial(t.Context(), Outgoing{By: "op", Trunk: line.ID, To: ourNumber, From: otherNumber, Progress: func(p Progress, _ *Leg) {
				if p == Ringing {
					rang = time.Since(begun)
				}
			}})
			must(t, err)
			t.Logf("INVITE to 180: %v, to the answer: %v", rang, time.Since(begun))
			in, theirs := <-arrived, <-answered
			if in.Caller != otherNumber || in.Withheld || in.Number != ourNumber || in.Work != "work" || in.Flow != "flow" {
				t.Errorf("%+v", in)
			}
			speaksBothWays(t, mine, theirs)
			pressesBothWays(t, mine, theirs)
			mine.Hang(calls.ByOperator)
			mine.Hang(calls.ByFlow)
			<-theirs.Ended()
			<-mine.Ended()
			if mine.Cause() != calls.ByOperator || theirs.Cause() != calls.ByCaller {
				t.Errorf("%s, %s", mine.Cause(), theirs.Cause())
			}
			<-in.Gone()
			eventually(t, "no dialog is left", func() bool { return caller.open() == 0 && callee.open() == 0 })
		})
	}
}

// open is how many dialogs there are.
func (r room) open() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.dialogs)
}

func speaksBothWays(t *testing.T, mine, theirs *Leg) {
	t.Helper()
	var a, b ear
	mine.Listen(&a)
	theirs.Listen(&b)
	speak(t, mine, 0x11)
	speak(t, theirs, 0x22)
	eventually(t, "both are heard", func() bool { return a.of(0x22) > 20 && b.of(0x11) > 20 })
	if mine.Codec() != calls.PCMU || theirs.Codec() != calls.PCMU {
		t.Errorf("%s, %s", mine.Codec(), theirs.Codec())
	}
	if q := mine.Quality(); q.Received == 0 || q.Lost != 0 || q.Foreign > enough-1 || q.MOS() < 4 {
		t.Errorf("%+v, MOS %.2f", q, q.MOS())
	}
}

func pressesBothWays(t *testing.T, mine, theirs *Leg) {
	t.Helper()
	var mu sync.Mutex
	got := map[bool]string{}
	on := func(l *Leg, who bool) {
		l.OnDigit(func(d calls.Digit) { mu.Lock(); got[who] += string(rune(d)); mu.Unlock() })
	}
	on(mine, true)
	on(theirs, false)
	for _, d := range []calls.Digit("159*0#D1") {
		must(t, mine.SendDigit(d))
	}
	must(t, theirs.SendDigit('7'))
	eventually(t, "keys came", func() bool { mu.Lock(); defer mu.Unlock(); return got[false] == "159*0#D1" && got[true] == "7" })
	if err := mine.SendDigit('x'); sekisho.CodeOf(err) != "trunk.digit" {
		t.Error(err)
	}
}

// TestWhatIsRefused: each refusal has its status, and its cause on the other side.
func TestWhatIsRefused(t *testing.T) {
	whys := make(chan calls.Cause, 1)
	callee := open(t, clock.System(), Config{}, func(in *Incoming) { in.Refuse(<-whys) })
	caller := open(t, clock.System(), Config{}, func(in *Incoming) {})
	line := caller.trunkTo(t, otherNumber, callee.Listening(UDP).Port(), nil)
	callee.trunkTo(t, ourNumber, caller.Listening(UDP).Port(), nil)
	for cause, want := range map[calls.Cause]calls.Cause{
		calls.Busy: calls.Busy, calls.NoAnswer: calls.NoAnswer, calls.Rejected: calls.Rejected, calls.Unreachable: calls.Unreachable,
		calls.Crowded: calls.Crowded, calls.NotUnderstood: calls.NotUnderstood, calls.Forbidden: calls.Rejected,
	} {
		whys <- cause
		_, err := caller.Dial(t.Context(), Outgoing{Trunk: line.ID, To: ourNumber, From: otherNumber})
		if CauseOf(err) != want {
			t.Errorf("%s: %v", cause, err)
		}
	}
	if _, err := caller.Dial(t.Context(), Outgoing{Trunk: line.ID, To: "+81355555555", From: otherNumber}); CauseOf(err) != calls.Unreachable {
		t.Errorf("a number that is nobody's: %v", err)
	}
}

// TestGivingUp: a call that is given up is cancelled, and the other side knows.
func TestGivingUp(t *testing.T) {
	gone := make(chan error, 1)
	callee := open(t, clock.System(), Config{}, func(in *Incoming) {
		if err := in.Ring(); err != nil {
			t.Error(err)
		}
		<-in.Gone()
		_, err := in.Answer(t.Context())
		gone <- err
	})
	caller := open(t, clock.System(), Config{}, func(in *Incoming) {})
	line := caller.trunkTo(t, otherNumber, callee.Listening(UDP).Port(), nil)
	callee.trunkTo(t, ourNumber, caller.Listening(UDP).Port(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := caller.Dial(ctx, Outgoing{Trunk: line.ID, To: ourNumber, From: otherNumber, Show: calls.Withhold, Progress: func(p Progress, _ *Leg) {
		if p == Ringing {
			cancel()
		}
	}})
	if CauseOf(err) != calls.Cancelled {
		t.Error(err)
	}
	if err := <-gone; sekisho.CodeOf(err) != "trunk.call_over" {
		t.Error(err)
	}
	eventually(t, "no dialog is left", func() bool { return caller.open() == 0 && callee.open() == 0 })
}
