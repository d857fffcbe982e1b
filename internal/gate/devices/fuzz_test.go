package devices

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

func fuzzKey(f *testing.F) *ecdsa.PrivateKey {
	f.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	return key
}

// What a PC sends before anybody knows it.
func FuzzCheckRequest(f *testing.F) {
	key := fuzzKey(f)
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(true, "tpm", spki, "host", "linux/amd64", "1.0")
	f.Add(false, "software", []byte{}, "", "", "")
	f.Add(false, "", []byte{0x30, 0x80}, "\xff", "\x00", "\u202e")
	f.Fuzz(func(t *testing.T, proved bool, kind string, ek []byte, host, platform, agent string) {
		r := wire.EnrolRequest{KeyKind: kind, EK: ek, Hostname: host, Platform: platform, Agent: agent}
		if proved {
			r.Attestation = &wire.Attestation{}
		}
		p, err := checkRequest(r, func([]byte) (*ecdsa.PublicKey, error) { return &key.PublicKey, nil })
		if err != nil {
			if !errors.Is(err, ErrRequest) && !errors.Is(err, ErrUnproved) {
				t.Fatalf("%v has no text for a person", err)
			}
			return
		}
		if (kind == KeyTPM) != (len(p.ek) > 0) || p.proved != sekisho.TierNone ||
			!printable(p.hostname, maxHostname) {
			t.Fatalf("took %+v", p)
		}
	})
}

// What the holder of an issued PC's key can sign.
func FuzzCheckBinding(f *testing.F) {
	key := fuzzKey(f)
	device := sekisho.DeviceID(wire.NewID())
	exporter := make([]byte, ExporterLength)
	good, err := json.Marshal(wire.Binding{
		Device: device, WireGuard: append(wire.Bytes{9}, make(wire.Bytes, 31)...), LeaseKey: make(wire.Bytes, 32), Nonce: make(wire.Bytes, 32), Exporter: exporter,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"device":null,"nonce":"AAAA"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		digest := wire.DeviceDigest(wire.DomainBinding, payload)
		sig, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		b, err := checkBinding(wire.Signed{Payload: payload, Signature: sig}, &key.PublicKey, device, exporter)
		if err != nil {
			if !errors.Is(err, ErrBinding) && !errors.Is(err, ErrExporter) {
				t.Fatalf("%v has no text for a person", err)
			}
			return
		}
		if b.Device != device || len(b.WireGuard) != 32 || len(b.LeaseKey) != 32 || len(b.Nonce) != nonceBytes || string(b.Exporter) != string(exporter) {
			t.Fatalf("took %+v", b)
		}
	})
}

func TestLimitIsBounded(t *testing.T) {
	clk := clock.NewFake(time.Unix(0, 0))
	l := NewLimit(clk, 1, time.Second)
	for i := range maxBuckets {
		if ok, _ := l.Take(wire.NewID()); !ok {
			t.Fatalf("key %d was refused", i)
		}
	}
	if ok, _ := l.Take("one more"); ok || len(l.buckets) > maxBuckets {
		t.Errorf("%d keys are remembered, at most %d may be", len(l.buckets), maxBuckets)
	}
	clk.Advance(2 * time.Second)
	if ok, _ := l.Take("one more"); !ok || len(l.buckets) != 1 {
		t.Errorf("after they were full again %d keys are remembered", len(l.buckets))
	}
}

// The zero value and every unknown one refuse.
func TestUnknownStatesAndKindsRefuse(t *testing.T) {
	for _, s := range []State{StateNone, Registered, Pending, Suspended, Returned, Revoked, "other"} {
		if passes(s) == nil {
			t.Errorf("state %q passes", s)
		}
	}
	for _, k := range []string{"", "TPM", "hsm"} {
		if got := tierOf(k, sekisho.TierA); got != sekisho.TierNone {
			t.Errorf("a key of kind %q has tier %q", k, got)
		}
	}
	for _, proved := range []sekisho.Tier{sekisho.TierNone, sekisho.TierC, "D"} {
		if got := tierOf(KeyTPM, proved); got != sekisho.TierNone {
			t.Errorf("a TPM that proved %q has tier %q", proved, got)
		}
	}
	if got := tierOf(KeySoftware, sekisho.TierA); got != sekisho.TierC {
		t.Errorf("a key in software has tier %q", got)
	}
	v := &Inventory{}
	for _, tier := range []sekisho.Tier{sekisho.TierNone, "D"} {
		if v.tierAllowed(t.Context(), tier, "home") == nil {
			t.Errorf("tier %q is allowed", tier)
		}
	}
	if sameFingerprint("", "") {
		t.Error("no fingerprint equals no fingerprint")
	}
}
