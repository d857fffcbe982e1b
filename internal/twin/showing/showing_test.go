package showing

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"testing"
)

func key(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAPictureOpensForItsPageAndCaseAlone(t *testing.T) {
	mine, about, picture := key(t), About{Device: "pc", Record: "record"}, []byte("picture")
	sealed, err := Seal(mine.PublicKey().Bytes(), about, picture)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(mine, about, sealed); err != nil || !bytes.Equal(got, picture) {
		t.Fatalf("%q, %v", got, err)
	}
	if bytes.Contains(sealed, picture) {
		t.Error("it is not sealed")
	}
	again, err := Seal(mine.PublicKey().Bytes(), about, picture)
	if err != nil || bytes.Equal(again, sealed) {
		t.Errorf("twice the same bytes, %v", err)
	}
	if _, err := Open(key(t), about, sealed); err == nil {
		t.Error("another page opened it")
	}
	for _, other := range []About{{Device: "pc2", Record: "record"}, {Device: "pc", Record: "other"}, {}} {
		if _, err := Open(mine, other, sealed); err == nil {
			t.Errorf("opened for %+v", other)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := Open(mine, about, changed); err == nil {
			t.Fatalf("byte %d may differ", i)
		}
	}
	for _, bad := range [][]byte{nil, {4}, make([]byte, 65), mine.PublicKey().Bytes()[:64]} {
		if _, err := Seal(bad, about, picture); err == nil {
			t.Errorf("sealed to %d bytes that are no key", len(bad))
		}
	}
}

func FuzzOpen(f *testing.F) {
	mine := key(f)
	sealed, err := Seal(mine.PublicKey().Bytes(), About{Device: "pc", Record: "r"}, []byte("picture"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed[:64])
	f.Add(sealed[:80])
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Open(mine, About{Device: "pc", Record: "r"}, b); err == nil && !bytes.Equal(b, sealed) {
			t.Fatal("something else opened")
		}
	})
}
