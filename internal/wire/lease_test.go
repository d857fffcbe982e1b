package wire

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
)

func renewalForTest(t testing.TB) (ed25519.PublicKey, LeaseRenewal, []byte) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	r := LeaseRenewal{
		Session: "0192f5c0-0000-7000-8000-000000000001", Counter: 7, Nonce: [16]byte{1, 2, 3},
		State: sekisho.Present, InState: 1500 * time.Millisecond, Age: 90 * time.Millisecond,
	}
	b, err := r.Sign(func(m []byte) []byte { return ed25519.Sign(key, m) })
	if err != nil {
		t.Fatal(err)
	}
	return key.Public().(ed25519.PublicKey), r, b
}

func TestLeaseDatagramsRoundTrip(t *testing.T) {
	pub, want, b := renewalForTest(t)
	if got, err := ParseLeaseRenewal(b, pub); err != nil || got != want {
		t.Fatalf("renewal: %+v, %v", got, err)
	}
	n := LeaseNonce{Session: want.Session, Counter: 9, Nonce: [16]byte{9}, Acked: 8}
	b, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseLeaseNonce(b); err != nil || got != n {
		t.Fatalf("nonce: %+v, %v", got, err)
	}
	c := LeaseClosed{Session: want.Session, State: sekisho.Onlooker, Reason: "guard.onlooker"}
	if b, err = c.MarshalBinary(); err != nil {
		t.Fatal(err)
	}
	if got, err := ParseLeaseClosed(b); err != nil || got != c {
		t.Fatalf("closed: %+v, %v", got, err)
	}
}

// TestRenewalEveryBitCounts flips each bit of a signed renewal: none may pass.
func TestRenewalEveryBitCounts(t *testing.T) {
	pub, _, b := renewalForTest(t)
	for i := range b {
		for bit := range 8 {
			m := append([]byte(nil), b...)
			m[i] ^= 1 << bit
			if _, err := ParseLeaseRenewal(m, pub); err == nil {
				t.Fatalf("bit %d of byte %d changed and the renewal passed", bit, i)
			}
		}
	}
	for n := range b {
		if _, err := ParseLeaseRenewal(b[:n], pub); err == nil {
			t.Fatalf("cut to %d bytes and passed", n)
		}
	}
}

func FuzzLeaseDatagrams(f *testing.F) {
	pub, r, b := renewalForTest(f)
	f.Add(b)
	n, _ := LeaseNonce{Session: r.Session}.MarshalBinary()
	f.Add(n)
	c, _ := LeaseClosed{Session: r.Session, Reason: "x"}.MarshalBinary()
	f.Add(c)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := ParseLeaseRenewal(b, pub); err == nil && string(b) != string(signedRenewal(t)) {
			t.Fatal("a renewal that the key never signed")
		}
		if n, err := ParseLeaseNonce(b); err == nil {
			again, err := n.MarshalBinary()
			if err != nil || string(again) != string(b) {
				t.Fatalf("nonce is not canonical: %x", b)
			}
		}
		_, _ = ParseLeaseClosed(b) // must not panic
		_, _ = RenewalSession(b)   // must not panic
	})
}

func signedRenewal(t *testing.T) []byte { _, _, b := renewalForTest(t); return b }
