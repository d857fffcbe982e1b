package wire

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
)

func TestTextsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range catalogues {
		for code, text := range c {
			if seen[code] {
				t.Errorf("%s stands in two catalogues", code)
			}
			seen[code] = true
			if text.JA == "" || text.JADo == "" || text.EN == "" || text.ENDo == "" {
				t.Errorf("%s lacks a text", code)
			}
			if strings.ToLower(code) != code || strings.ContainsAny(code, " -/") {
				t.Errorf("%s is no dotted lower-case code", code)
			}
		}
	}
}

func TestProblemHidesTheCause(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.7: password=hunter2")
	for _, err := range []error{cause, sekisho.Fail(sekisho.KindDenied, "request.denied").Because(cause)} {
		for _, lang := range []string{"", "ja", "en-US,en;q=0.9", "ja,en;q=0.5"} {
			p := ProblemOf(err, lang)
			if strings.Contains(p.Title+p.Action+p.Type+p.Code, "hunter2") {
				t.Fatalf("the cause is shown: %+v", p)
			}
			if japanese := strings.ContainsAny(p.Title, "処許"); japanese == English(lang) {
				t.Errorf("%q answered %q", lang, p.Title)
			}
		}
	}
}

func TestStatementsDoNotCrossDomains(t *testing.T) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := SignWith(key, DomainFace, FaceStatement{Person: "p", Frames: 5})
	var out FaceStatement
	if err := s.OpenLease(pub, DomainFace, &out); err != nil || out.Frames != 5 {
		t.Fatalf("control: %v", err)
	}
	if err := s.OpenLease(pub, DomainApprove, &ApprovedStatement{}); !errors.Is(err, ErrStatement) {
		t.Errorf("another domain: %v", err)
	}
	if err := s.OpenLease(pub, DomainFace, &CheckpointPin{}); !errors.Is(err, ErrStatement) {
		t.Errorf("another type: %v", err)
	}
	s.Payload[0] ^= 1
	if err := s.OpenLease(pub, DomainFace, &out); !errors.Is(err, ErrStatement) {
		t.Errorf("changed payload: %v", err)
	}
	dev, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	payload := mustJSON(Binding{Device: "d"})
	digest := DeviceDigest(DomainBinding, payload)
	sig, err := ecdsa.SignASN1(rand.Reader, dev, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	signed := Signed{Payload: payload, Signature: sig}
	if err := signed.OpenDevice(&dev.PublicKey, DomainBinding, &Binding{}); err != nil {
		t.Fatalf("control: %v", err)
	}
	if err := signed.OpenDevice(&dev.PublicKey, DomainFace, &Binding{}); !errors.Is(err, ErrStatement) {
		t.Errorf("device key, another domain: %v", err)
	}
}
