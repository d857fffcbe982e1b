package showing

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/sekisho/sekisho"
)

var update = flag.Bool("update", false, "seal testdata/sealed.json anew")

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

// TestThePagesVector opens what web/apps/console/src/witness/oldKey.test.ts opens,
// so that both halves are held to the same bytes.
func TestThePagesVector(t *testing.T) {
	var v struct {
		Device  sekisho.DeviceID `json:"device"`
		Record  string           `json:"record"`
		Private []byte           `json:"private"` // PKCS #8
		Sealed  string           `json:"sealed"`  // base64url, as it travels
		Picture []byte           `json:"picture"`
		Mark    string           `json:"mark"`
	}
	const file = "testdata/sealed.json"
	if *update {
		mine := key(t)
		v.Device, v.Record, v.Picture = "018f0000-0000-7000-8000-000000000001", "record", []byte("\xff\xd8picture\xff\xd9")
		sealed, err := Seal(mine.PublicKey().Bytes(), About{v.Device, v.Record}, v.Picture)
		if err != nil {
			t.Fatal(err)
		}
		v.Mark = Mark(mine.PublicKey().Bytes())
		v.Sealed = base64.RawURLEncoding.EncodeToString(sealed)
		if v.Private, err = x509.MarshalPKCS8PrivateKey(mine); err != nil {
			t.Fatal(err)
		}
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(v.Private)
	mine, ok := parsed.(*ecdh.PrivateKey)
	if k, other := parsed.(interface {
		ECDH() (*ecdh.PrivateKey, error)
	}); other {
		mine, err = k.ECDH()
		ok = err == nil
	}
	if !ok {
		t.Fatalf("%T, %v", parsed, err)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(v.Sealed)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(mine, About{v.Device, v.Record}, sealed); err != nil || !bytes.Equal(got, v.Picture) {
		t.Errorf("%q, %v", got, err)
	}
	if got := Mark(mine.PublicKey().Bytes()); got != v.Mark || len(got) != 24 {
		t.Errorf("the mark is %s, want %s", got, v.Mark)
	}
}
