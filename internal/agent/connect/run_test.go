package connect

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// issuer is an agents' door by hand that issues at once, or refuses.
type issuer struct {
	srv    *httptest.Server
	roots  wire.TrustRoots
	refuse atomic.Bool
	device sekisho.DeviceID
	key    atomic.Pointer[ecdsa.PublicKey]
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{device: sekisho.DeviceID(wire.NewID())}
	ca, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &ca.PublicKey, ca)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(key *ecdsa.PublicKey, name string) []byte {
		leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
			NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
		der, err := x509.CreateCertificate(rand.Reader, leaf, root, key, ca)
		if err != nil {
			panic(err)
		}
		return der
	}
	i.roots = wire.TrustRoots{CA: rootDER}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/pc/v1/trust", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(i.roots) })
	mux.HandleFunc("POST /api/pc/v1/enrol", func(w http.ResponseWriter, r *http.Request) {
		var in wire.EnrolRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		csr, err := x509.ParseCertificateRequest(in.CSR)
		if err != nil || i.refuse.Load() {
			wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindExpired, "enrolment.code_used"))
			return
		}
		i.key.Store(csr.PublicKey.(*ecdsa.PublicKey))
		der, _ := x509.MarshalPKIXPublicKey(csr.PublicKey)
		_ = json.NewEncoder(w).Encode(wire.EnrolAnswer{Device: i.device, AssetTag: "PC-7", Fingerprint: wire.Fingerprint(der)})
	})
	mux.HandleFunc("POST /api/pc/v1/enrolments/status", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(wire.EnrolmentStatus{State: "issued", Certificate: issue(i.key.Load(), string(i.device)), Tier: sekisho.TierC})
	})
	i.srv = httptest.NewUnstartedServer(mux)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.srv.TLS = &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{{Certificate: [][]byte{issue(&key.PublicKey, "server")}, PrivateKey: key}}}
	i.srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	i.srv.StartTLS()
	t.Cleanup(i.srv.Close)
	return i
}

func (i *issuer) code() string {
	return wire.EnrolmentCode{Server: i.srv.Listener.Addr().String(), Trust: i.roots.Hash(), Secret: wire.NewEnrolmentSecret()}.String()
}

// folder is a state folder with a configuration.
func folder(t *testing.T, settings string) string {
	t.Helper()
	dir := t.TempDir()
	text := "software_key = true\nopen_browser = false\nport = 0\n" + settings
	if err := os.WriteFile(filepath.Join(dir, settingsFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestEnrolCommand(t *testing.T) {
	i, dir := newIssuer(t), folder(t, "")
	var said bytes.Buffer
	if err := Enrol(t.Context(), dir, i.code(), &said, "en_US"); err != nil {
		t.Fatal(err)
	}
	e, err := uplink.LoadEnrolment(dir)
	if err != nil || e.State != uplink.StateIssued || !strings.Contains(said.String(), e.Fingerprint) || !strings.Contains(said.String(), "PC-7") {
		t.Errorf("%+v, %v, said %s", e, err, said.String())
	}
	before, err := os.ReadFile(filepath.Join(dir, "device.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "faces"), 0o700); err != nil {
		t.Fatal(err)
	}
	// An enrolment that fails leaves everything as it was.
	i.refuse.Store(true)
	if err := Enrol(t.Context(), dir, i.code(), &said, "en"); sekisho.CodeOf(err) != "enrolment.code_used" {
		t.Errorf("used code: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "device.key")); !bytes.Equal(before, after) {
		t.Error("a failed enrolment replaced the key")
	}
	if _, err := os.Stat(filepath.Join(dir, enrollingDir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the key of the failed enrolment is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "faces")); err != nil {
		t.Errorf("a failed enrolment forgot the faces: %v", err)
	}
	i.refuse.Store(false)
	if err := Enrol(t.Context(), dir, i.code(), &said, "ja"); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "device.key")); bytes.Equal(before, after) {
		t.Error("the new enrolment has the old key")
	}
	if _, err := os.Stat(filepath.Join(dir, "faces")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("faces sealed by the old key are still there: %v", err)
	}
}

func TestEnrolCommandRefuses(t *testing.T) {
	i := newIssuer(t)
	other := newIssuer(t)
	wrong := wire.EnrolmentCode{Server: i.srv.Listener.Addr().String(), Trust: other.roots.Hash()}.String()
	for want, c := range map[string]struct{ dir, code string }{
		"enrolment.code_malformed": {folder(t, ""), "SK1-XYZ"},
		"enrolment.other_roots":    {folder(t, ""), wrong},
		"settings.malformed":       {folder(t, "listen = 1\n"), i.code()},
	} {
		if err := Enrol(t.Context(), c.dir, c.code, &bytes.Buffer{}, "ja"); sekisho.CodeOf(err) != want {
			t.Errorf("%s: %v", want, err)
		}
		if _, err := os.Stat(filepath.Join(c.dir, "device.key")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: a key was made", want)
		}
	}
	noTPM := t.TempDir()
	if err := os.WriteFile(filepath.Join(noTPM, settingsFile), []byte("tpm = \"/nonexistent\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Enrol(t.Context(), noTPM, i.code(), &bytes.Buffer{}, "ja"); !errors.Is(err, devicekey.ErrNoTPM) {
		t.Errorf("without a TPM: %v", err)
	}
}

// lines is an output that tells its first line.
type lines struct{ first chan string }

func (l lines) Write(b []byte) (int, error) {
	select {
	case l.first <- strings.TrimSpace(string(b)):
	default:
	}
	return len(b), nil
}

func TestRunAnswersItsCommandLine(t *testing.T) {
	i, dir := newIssuer(t), folder(t, "")
	if err := Enrol(t.Context(), dir, i.code(), &bytes.Buffer{}, "ja"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := lines{make(chan string, 1)}
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, dir, out) }()
	var first string
	select {
	case first = <-out.first:
	case err := <-ended:
		t.Fatal(err)
	}
	if !strings.HasPrefix(first, "http://sekisho.localhost:") || !strings.Contains(first, "#ticket=") {
		t.Errorf("printed %q", first)
	}
	var said bytes.Buffer
	if err := Status(t.Context(), dir, &said, "en_US.UTF-8"); err != nil || !strings.Contains(said.String(), "phase:       ready") || !strings.Contains(said.String(), "PC-7") ||
		!strings.Contains(said.String(), "models.missing") {
		t.Errorf("%s, %v", said.String(), err)
	}
	said.Reset()
	if err := Open(t.Context(), dir, true, &said, "en"); err != nil || !strings.Contains(said.String(), "&lang=en") || strings.TrimSpace(said.String()) == first {
		t.Errorf("%s, %v", said.String(), err)
	}
	if r, err := localdoor.Ask(t.Context(), dir, localdoor.Order{Do: "configure"}); err != nil || r.Problem == nil || r.URL != "" {
		t.Errorf("a third question: %+v, %v", r, err)
	}
	if err := Run(t.Context(), dir, &bytes.Buffer{}); sekisho.CodeOf(err) != "local.agent_running" {
		t.Errorf("a second agent: %v", err)
	}
	if err := Enrol(t.Context(), dir, i.code(), &bytes.Buffer{}, "ja"); sekisho.CodeOf(err) != "local.agent_running" {
		t.Errorf("enrolled beside an agent that uses the key: %v", err)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Run does not end")
	}
	if err := Status(t.Context(), dir, &said, "ja"); sekisho.CodeOf(err) != "local.agent_absent" {
		t.Errorf("after the end: %v", err)
	}
}

func TestRunNamesWhoHoldsThePort(t *testing.T) {
	squatter, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no IPv6 loopback: %v", err)
		}
		t.Skipf("no IPv6 loopback: %v", err)
	}
	defer squatter.Close()
	dir := t.TempDir()
	text := fmt.Sprintf("software_key = true\nopen_browser = false\nport = %d\n", squatter.Addr().(*net.TCPAddr).Port)
	if err := os.WriteFile(filepath.Join(dir, settingsFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	err = Run(t.Context(), dir, &bytes.Buffer{})
	if sekisho.CodeOf(err) != "local.port_taken" {
		t.Fatalf("got %v", err)
	}
	var said bytes.Buffer
	Explain(&said, err, "en")
	if text := said.String(); !strings.Contains(text, "Another program") || !strings.Contains(text, fmt.Sprint(os.Getpid())) {
		t.Errorf("said %s", text)
	}
}

func TestSettings(t *testing.T) {
	s, err := LoadSettings(t.TempDir())
	if err != nil || s.Port != 7777 || !s.OpenBrowser || s.SoftwareKey || s.Camera != cameraEnrolled || !s.ScreenPicture {
		t.Errorf("defaults: %+v, %v", s, err)
	}
	if s.keyConfig("d").Kind != devicekey.KindTPM {
		t.Error("a key in software without being asked")
	}
	dir := folder(t, "camera = \"any\"\nmodels = \"m\"\ndesk_user = \"1234\"\n")
	if s, err := LoadSettings(dir); err != nil || s.Models != filepath.Join(dir, "m") || s.keyConfig(dir).Kind != devicekey.KindSoftware {
		t.Errorf("%+v, %v", s, err)
	} else if u, err := s.user(); err != nil || u != 1234 {
		t.Errorf("user %d, %v", u, err)
	}
	for _, bad := range []string{"camera = \"whatever\"", "language = \"fr\"", "desk_user = \"no such person\"", "x = 1", "screen_picture = \"no\""} {
		if _, err := LoadSettings(folder(t, bad+"\n")); sekisho.CodeOf(err) != "settings.malformed" {
			t.Errorf("%s: %v", bad, err)
		}
	}
	dir = folder(t, "")
	if err := os.WriteFile(filepath.Join(dir, settingsFile), []byte("port = 70000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSettings(dir); sekisho.CodeOf(err) != "settings.malformed" {
		t.Errorf("port: %v", err)
	}
}

func TestEngines(t *testing.T) {
	if e, err := loadEngine(t.TempDir()); !errors.Is(err, errModels) || e.ready() || e.thresholds.Login != 0 {
		t.Errorf("%+v, %v", e, err)
	}
	for _, pins := range [][]wire.LocalModel{standardModels, demoModels} {
		roles := ""
		for _, m := range pins {
			roles += m.Role + " "
			if len(decodeHex(t, m.SHA256)) != 32 || filepath.Base(m.Name) != m.Name {
				t.Errorf("%+v", m)
			}
		}
		if !strings.Contains(roles, "embedder") || !strings.Contains(roles, "detector") {
			t.Errorf("roles: %s", roles)
		}
	}
}
