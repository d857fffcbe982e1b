package uplink

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// enrolled is a PC that a server has issued.
func enrolled(t *testing.T, s *server, key *testKey) (string, Enrolment) {
	t.Helper()
	dir := t.TempDir()
	roots, err := FetchTrust(t.Context(), s.code())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Enrol(t.Context(), s.code(), roots, key)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.state = StateIssued
	s.mu.Unlock()
	if e, err = Poll(t.Context(), dir, e, key); err != nil || e.State != StateIssued {
		t.Fatalf("%s, %v", e.State, err)
	}
	return dir, e
}

func TestEnrolment(t *testing.T) {
	s, key, dir := startServer(t), newTestKey(t), t.TempDir()
	if _, err := LoadEnrolment(dir); !errors.Is(err, ErrUnenrolled) {
		t.Errorf("before: %v", err)
	}
	roots, err := FetchTrust(t.Context(), s.code())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Enrol(t.Context(), s.code(), roots, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Save(dir); err != nil {
		t.Fatal(err)
	}
	if e.State != StatePending || e.Fingerprint == "" || e.AssetTag != "PC-1" {
		t.Errorf("%+v", e)
	}
	if again, err := Poll(t.Context(), dir, e, key); err != nil || again.State != StatePending {
		t.Errorf("poll: %v, %v", again.State, err)
	}
	if _, _, err := Connect(t.Context(), e, Options{}); !errors.Is(err, ErrPending) {
		t.Errorf("connected while pending: %v", err)
	}
	s.mu.Lock()
	s.state = StateIssued
	s.mu.Unlock()
	if e, err = Poll(t.Context(), dir, e, key); err != nil || e.State != StateIssued || len(e.Certificate) == 0 || e.Tier != sekisho.TierB {
		t.Errorf("%+v, %v", e, err)
	}
	back, err := LoadEnrolment(dir)
	if err != nil || back.State != StateIssued || !bytes.Equal(back.Certificate, e.Certificate) || back.Roots.Hash() != s.roots.Hash() {
		t.Errorf("%+v, %v", back, err)
	}
	if info, err := os.Stat(filepath.Join(dir, enrolmentFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestEnrolmentRefused(t *testing.T) {
	s, key, dir := startServer(t), newTestKey(t), t.TempDir()
	roots, _ := FetchTrust(t.Context(), s.code())
	e, err := Enrol(t.Context(), s.code(), roots, key)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.state = StateRefused
	s.mu.Unlock()
	e, err = Poll(t.Context(), dir, e, key)
	if err != nil || e.State != StateRefused || e.Code != "device.fingerprint_differs" {
		t.Errorf("%+v, %v", e, err)
	}
	if _, _, err := Connect(t.Context(), e, Options{}); !errors.Is(err, ErrRefused) {
		t.Errorf("connected although refused: %v", err)
	}
}

func TestUsedCodeTellsTheServersReason(t *testing.T) {
	s, key := startServer(t), newTestKey(t)
	code := s.code()
	code.Secret = wire.NewEnrolmentSecret()
	roots, _ := FetchTrust(t.Context(), code)
	if _, err := Enrol(t.Context(), code, roots, key); sekisho.CodeOf(err) != "enrolment.code_used" || sekisho.KindOf(err) != sekisho.KindExpired {
		t.Errorf("got %v", err)
	}
}

// A relay with roots of its own sits between PC and server: the code's hash
// gives it away before anything is sent to it.
func TestRelayWithOtherRootsIsRefused(t *testing.T) {
	honest, relay := startServer(t), startServer(t)
	code := honest.code()
	code.Server = relay.address()
	_, err := FetchTrust(t.Context(), code)
	if !errors.Is(err, ErrRelay) {
		t.Errorf("got %v", err)
	}
	if got := relay.requests(); got != "GET trust" {
		t.Errorf("the relay was sent more than the question for its roots: %s", got)
	}
	if _, err := Enrol(t.Context(), code, relay.roots, newTestKey(t)); !errors.Is(err, ErrRelay) {
		t.Errorf("enrolled with other roots: %v", err)
	}
}

// The relay shows the honest roots, which are no secret, but cannot show a
// certificate under them.
func TestRelayWithCopiedRootsIsRefused(t *testing.T) {
	honest := startServer(t)
	secretSeen := false
	relay := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			secretSeen = true
		}
		_ = json.NewEncoder(w).Encode(honest.roots)
	}))
	relay.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	relay.StartTLS()
	defer relay.Close()
	code := honest.code()
	code.Server = relay.Listener.Addr().String()
	roots, err := FetchTrust(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Enrol(t.Context(), code, roots, newTestKey(t)); !errors.Is(err, ErrImpostor) {
		t.Errorf("got %v", err)
	}
	if secretSeen {
		t.Error("the code's secret reached the relay")
	}
}

func TestForeignCertificateIsNotAdopted(t *testing.T) {
	s, key, dir := startServer(t), newTestKey(t), t.TempDir()
	roots, _ := FetchTrust(t.Context(), s.code())
	e, err := Enrol(t.Context(), s.code(), roots, key)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.state = StateIssued
	s.csrKey = &newTestKey(t).PublicKey
	s.mu.Unlock()
	if e, err = Poll(t.Context(), dir, e, key); err == nil || len(e.Certificate) != 0 {
		t.Errorf("adopted a certificate for another key: %v", err)
	}
}

// A decision on an enrolment that was replaced meanwhile changes nothing.
func TestLateDecisionLeavesTheNewEnrolment(t *testing.T) {
	s, key := startServer(t), newTestKey(t)
	dir := t.TempDir()
	roots, _ := FetchTrust(t.Context(), s.code())
	old, err := Enrol(t.Context(), s.code(), roots, key)
	if err != nil {
		t.Fatal(err)
	}
	newer := old
	newer.Ticket = []byte("another ticket")
	if err := newer.Save(dir); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.state = StateRefused
	s.mu.Unlock()
	if got, err := Poll(t.Context(), dir, old, key); err != nil || got.State != StatePending {
		t.Errorf("%+v, %v", got, err)
	}
	if held, err := LoadEnrolment(dir); err != nil || string(held.Ticket) != "another ticket" || held.State != StatePending {
		t.Errorf("on disk: %+v, %v", held, err)
	}
}

func TestServerIsUnreachable(t *testing.T) {
	code := wire.EnrolmentCode{Server: "127.0.0.1:1"}
	if _, err := FetchTrust(t.Context(), code); !errors.Is(err, ErrUnreachable) {
		t.Errorf("got %v", err)
	}
}

func TestDamagedEnrolmentIsNotTrusted(t *testing.T) {
	s := startServer(t)
	dir, e := enrolled(t, s, newTestKey(t))
	for name, damage := range map[string]func(*Enrolment){
		"other CA":     func(e *Enrolment) { _, ca := newCA(t); e.Roots.CA = ca.Raw },
		"other device": func(e *Enrolment) { e.Device = "x" },
		"no server":    func(e *Enrolment) { e.Server = "" },
		"version":      func(e *Enrolment) { e.Version = 9 },
	} {
		bad := e
		damage(&bad)
		if err := bad.Save(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadEnrolment(dir); !errors.Is(err, ErrState) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, enrolmentFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadEnrolment(dir); !errors.Is(err, ErrState) {
		t.Errorf("cut file: %v", err)
	}
}
