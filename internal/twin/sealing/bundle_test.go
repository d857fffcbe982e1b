package sealing

import (
	"bytes"
	"crypto/rand"
	"testing"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
)

const marker = "MARKER-IN-THE-PICTURE"

func sealed(t *testing.T, r Roster) []byte {
	t.Helper()
	bundle, name, err := Seal(r, Manifest{Kind: "incident", Incident: "0192", State: sekisho.Onlooker, At: now}, []Part{
		{Name: "camera.jpg", Type: "image/jpeg", Source: "camera", Data: []byte("jpeg " + marker)},
		{Name: "screen.jpg", Type: "image/jpeg", Source: "page", Data: bytes.Repeat([]byte{7}, 5000)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if name != Name(bundle) || bytes.Contains(bundle, []byte(marker)) || bytes.Contains(bundle, []byte("onlooker")) {
		t.Fatal("the bundle shows what it holds, or is called something else")
	}
	return bundle
}

func TestTwoOpenOneDoesNot(t *testing.T) {
	r, ids := officers(t, 3)
	bundle := sealed(t, r)
	var shares []Share
	for i, id := range ids {
		s, holder, err := ShareOf(bundle, id)
		if err != nil {
			t.Fatal(err)
		}
		if want := append(r.Officers, Officer{ID: escrowID})[i].ID; holder != want {
			t.Errorf("share of %q, want %q", holder, want)
		}
		shares = append(shares, s)
	}
	for i, a := range shares {
		if _, _, err := Open(bundle, a); err == nil {
			t.Errorf("share %d opens alone", i)
		}
		if _, _, err := Open(bundle, a, a); err == nil {
			t.Errorf("share %d opens with itself", i)
		}
		for _, b := range shares[i+1:] {
			m, parts, err := Open(bundle, a, b)
			if err != nil || m.State != sekisho.Onlooker || len(parts) != 2 || string(parts[0].Data) != "jpeg "+marker {
				t.Fatalf("two shares do not open: %v", err)
			}
		}
	}
	stranger, _ := officers(t, 2)
	if _, _, err := ShareOf(sealed(t, stranger), ids...); err == nil {
		t.Error("a stranger's bundle gives a share")
	}
}

func TestSharesStayWithTheirBundle(t *testing.T) {
	r, ids := officers(t, 2)
	one, two := sealed(t, r), sealed(t, r)
	a, _, _ := ShareOf(one, ids[0])
	b, _, _ := ShareOf(two, ids[1])
	if _, _, err := Open(one, a, b); err == nil {
		t.Error("shares of two bundles combine")
	}
	forged := a
	forged.share[0] ^= 1
	c, _, _ := ShareOf(one, ids[1])
	if _, _, err := Open(one, forged, c); err == nil {
		t.Error("a forged share opens")
	}
	if _, _, err := Open(one, forged, a, c); err != nil {
		t.Errorf("a forged share keeps two good ones from opening: %v", err)
	}
}

func TestHandOver(t *testing.T) {
	r, ids := officers(t, 2)
	bundle := sealed(t, r)
	mine, _, err := ShareOf(bundle, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	handed, err := mine.SealTo(r.Officers[1].Recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenShare(handed, ids[0]); err == nil {
		t.Error("opens for the giver, to whom it is not sealed")
	}
	got, err := OpenShare(handed, ids[1])
	if err != nil {
		t.Fatal(err)
	}
	own, _, _ := ShareOf(bundle, ids[1])
	if _, _, err := Open(bundle, got, own); err != nil {
		t.Error(err)
	}
}

func TestEveryByteIsCovered(t *testing.T) {
	r, ids := officers(t, 2)
	bundle := sealed(t, r)
	a, _, _ := ShareOf(bundle, ids[0])
	b, _, _ := ShareOf(bundle, ids[1])
	for i := range bundle {
		bundle[i] ^= 1
		if _, _, err := Open(bundle, a, b); err == nil {
			t.Fatalf("byte %d of %d may be changed", i, len(bundle))
		}
		bundle[i] ^= 1
	}
	for _, n := range []int{0, 3, 8, 100, len(bundle) - 1} {
		if _, _, err := Open(bundle[:n], a, b); err == nil {
			t.Errorf("%d bytes open", n)
		}
	}
	if _, _, err := Open(append(bundle, 0), a, b); err == nil {
		t.Error("a longer bundle opens")
	}
}

func TestShamir(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var key [keySize]byte
		copy(key[:], rapid.SliceOfN(rapid.Byte(), keySize, keySize).Draw(t, "key"))
		n := rapid.IntRange(2, maxShares).Draw(t, "n")
		shares, err := split(key, n)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		j := rapid.IntRange(0, n-1).Draw(t, "j")
		got, err := combine(byte(i+1), shares[i], byte(j+1), shares[j])
		if i == j {
			if err == nil {
				t.Fatal("one share combines with itself")
			}
			return
		}
		if err != nil || got != key {
			t.Fatalf("shares %d and %d do not combine", i, j)
		}
	})
}

// TestOneShareSaysNothing: for every byte of a share and every key byte there
// is exactly one line, so a share alone is as likely under any key.
func TestOneShareSaysNothing(t *testing.T) {
	for x := byte(1); x <= maxShares; x++ {
		seen := [256]bool{}
		for slope := range 256 {
			seen[times(byte(slope), x)] = true
		}
		for v, yes := range seen {
			if !yes {
				t.Fatalf("at x=%d the share's byte %d is impossible for some key", x, v)
			}
		}
	}
	for a := 1; a < 256; a++ {
		if times(byte(a), inverse(byte(a))) != 1 {
			t.Fatalf("inverse of %d", a)
		}
	}
	if times(0x57, 0x83) != 0xc1 { // FIPS 197 §4.2
		t.Fatal("not the field of AES")
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte(magic + "\x00\x00\x00\x02{}"))
	junk := make([]byte, 64)
	if _, err := rand.Read(junk); err != nil {
		f.Fatal(err)
	}
	f.Add(junk)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := Open(b, Share{}, Share{x: 1}); err == nil {
			t.Fatal("opened")
		}
		if _, _, err := ParseSigned(b); err == nil {
			t.Fatal("a roster")
		}
		if _, _, err := unpack(b); err == nil && len(b) < 20 {
			t.Fatal("a body")
		}
	})
}
