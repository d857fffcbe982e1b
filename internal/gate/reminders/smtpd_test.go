package reminders

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const secret = "correct horse 馬"

// server is a real OpenSMTPD (apt-get install opensmtpd) on ports of its own,
// which keeps what it takes in a maildir.
type server struct {
	*testing.T
	dir                      string
	implicit, starttls, open int // ports; open offers no TLS
	said                     bytes.Buffer
}

// newServer starts it. It needs root, as OpenSMTPD does, and is alone on a machine.
func newServer(t *testing.T) *server {
	t.Helper()
	program := "/usr/sbin/smtpd"
	if _, err := os.Stat(program); err != nil || os.Getuid() != 0 {
		t.Skip("a real mail server needs root and `apt-get install opensmtpd`")
	}
	if c, err := net.Dial("unix", "/var/run/smtpd.sock"); err == nil {
		_ = c.Close()
		t.Skip("another OpenSMTPD runs on this machine, and there is room for one")
	}
	dir, err := os.MkdirTemp("", "sekisho-smtpd-*") // t.TempDir's parents are closed to the user who delivers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &server{T: t, dir: dir, implicit: freePort(t), starttls: freePort(t), open: freePort(t)}
	s.must(os.Chmod(dir, 0o755))
	box := filepath.Join(dir, "box")
	s.must(os.Mkdir(box, 0o777))
	s.must(os.Chmod(box, 0o777))
	s.certificates()
	hash, err := exec.Command("/usr/sbin/smtpctl", "encrypt", secret).Output()
	s.must(err)
	s.write("creds", "sekisho\t"+strings.TrimSpace(string(hash))+"\n", 0o644)
	s.write("smtpd.conf", fmt.Sprintf(`pki localhost cert "%[1]s/server.crt"
pki localhost key "%[1]s/server.key"
table creds file:%[1]s/creds
table everybody { "@" = nobody }
listen on 127.0.0.1 port %[2]d smtps pki localhost auth <creds>
listen on 127.0.0.1 port %[3]d tls-require pki localhost auth <creds>
listen on 127.0.0.1 port %[4]d
action "keep" maildir "%[1]s/box" virtual <everybody>
match from any for domain "example.jp" action "keep"
`, dir, s.implicit, s.starttls, s.open), 0o600)
	cmd := exec.Command(program, "-d", "-f", filepath.Join(dir, "smtpd.conf"))
	cmd.Stdout, cmd.Stderr = &s.said, &s.said
	s.must(cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("smtpd said:\n%s", s.said.String())
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.open)); err == nil {
			_ = c.Close()
			return s
		}
		if time.Now().After(deadline) {
			t.Fatal("smtpd does not listen")
		}
		time.Sleep(50 * time.Millisecond) // another process: no clock of ours
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func (s *server) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *server) write(name, text string, mode os.FileMode) string {
	s.Helper()
	path := filepath.Join(s.dir, name)
	s.must(os.WriteFile(path, []byte(text), mode))
	return path
}

// certificates are an authority's and the server's, for localhost.
func (s *server) certificates() {
	s.Helper()
	make := func(name string, tpl, parent *x509.Certificate, signer *rsa.PrivateKey) (*x509.Certificate, *rsa.PrivateKey) {
		key, err := rsa.GenerateKey(rand.Reader, 2048) // OpenSMTPD 6.8 signs with no other kind
		s.must(err)
		if signer == nil {
			signer, parent = key, tpl
		}
		der, err := x509.CreateCertificate(rand.Reader, tpl, parent, key.Public(), signer)
		s.must(err)
		private, err := x509.MarshalPKCS8PrivateKey(key)
		s.must(err)
		s.write(name+".crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), 0o644)
		s.write(name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), 0o600)
		cert, err := x509.ParseCertificate(der)
		s.must(err)
		return cert, key
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	ca, key := make("ca", &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	make("server", &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, NotBefore: from, NotAfter: to}, ca, key)
	make("other", &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "other"}, NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
}

func (s *server) settings() Settings {
	s.Helper()
	return Settings{
		Host: "localhost", Port: s.starttls, TLS: StartTLS, User: "sekisho", PasswordFile: s.write("password", secret+"\n", 0o600),
		From: "sekisho@example.jp", CA: filepath.Join(s.dir, "ca.crt"),
	}
}

// taken waits until the maildir holds n mails, and gives them.
func (s *server) taken(ctx context.Context, n int) (out []string) {
	s.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(s.dir, "box", "new", "*"))
		s.must(err)
		if len(files) >= n {
			for _, f := range files {
				b, err := os.ReadFile(f)
				s.must(err)
				out = append(out, string(b))
			}
			return out
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			s.Fatalf("%d mails of %d arrived", len(files), n)
		}
	}
}
