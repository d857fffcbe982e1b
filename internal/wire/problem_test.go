package wire

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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

// Whoever hangs up makes no failure of ours; what failed by itself is one, even
// if the caller has gone, and so is what was cancelled under a caller who waits.
func TestACallerWhoWentAwayIsNoError(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(before)
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	late, end := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer end()
	cancelled := fmt.Errorf("evidence: sweep: %w", context.Canceled)
	for name, test := range map[string]struct {
		ctx   context.Context
		err   error
		level string
	}{
		"gone, and cancelled for it": {gone, cancelled, "level=INFO"},
		"gone, and failed":           {gone, errors.New("disk is full"), "level=ERROR"},
		"waiting, and cancelled":     {t.Context(), cancelled, "level=ERROR"},
		"out of time":                {late, cancelled, "level=ERROR"},
	} {
		out.Reset()
		w := httptest.NewRecorder()
		WriteProblem(w, httptest.NewRequestWithContext(test.ctx, "POST", "/api/desk/v1/consent", nil), test.err)
		if !strings.Contains(out.String(), test.level) || !strings.Contains(out.String(), "request failed") {
			t.Errorf("%s: want %s: %s", name, test.level, out.String())
		}
		if w.Code != http.StatusInternalServerError {
			t.Errorf("%s: answered %d", name, w.Code)
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
