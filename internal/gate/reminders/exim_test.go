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
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

const secret = "correct horse 馬"

// server is a real Exim (apt-get install exim4-daemon-light) on ports and with a
// spool of its own, in which it keeps what it takes: it delivers nothing.
type server struct {
	*testing.T
	dir                      string
	implicit, starttls, open int // ports; open offers no TLS
	said                     bytes.Buffer
}

// newServer starts it. It needs root, as Exim does.
func newServer(t *testing.T) *server {
	t.Helper()
	program := "/usr/sbin/exim4"
	if _, err := os.Stat(program); err != nil || os.Getuid() != 0 {
		if os.Getenv("CI") == "1" {
			t.Fatal("exim4 must be there in CI, and root")
		}
		t.Skip("a real mail server needs root and Exim; `apt-get install exim4-daemon-light` starts one on this machine, so it is not installed unasked")
	}
	dir, err := os.MkdirTemp("", "sekisho-exim-*") // t.TempDir's parents are closed to Exim's own user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &server{T: t, dir: dir, implicit: freePort(t), starttls: freePort(t), open: freePort(t)}
	who, err := user.Lookup("Debian-exim")
	s.must(err)
	uid, err := strconv.Atoi(who.Uid)
	s.must(err)
	s.must(os.Chmod(dir, 0o755))
	for _, sub := range []string{"spool", "log"} {
		s.must(os.Mkdir(filepath.Join(dir, sub), 0o750))
		s.must(os.Chown(filepath.Join(dir, sub), uid, -1))
	}
	s.certificates()
	s.must(os.Chown(filepath.Join(dir, "server.key"), uid, -1))
	s.write("exim.conf", fmt.Sprintf(`primary_hostname = localhost
daemon_smtp_ports = %[2]d : %[3]d : %[4]d
local_interfaces = 127.0.0.1
tls_on_connect_ports = %[2]d
tls_advertise_hosts = ${if eq{$received_port}{%[4]d}{}{*}}
tls_certificate = %[1]s/server.crt
tls_privatekey = %[1]s/server.key
spool_directory = %[1]s/spool
log_file_path = %[1]s/log/%%s
queue_only
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny !encrypted = *
  deny !authenticated = *
  defer local_parts = later
  accept domains = example.jp
  deny
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{sekisho}}{eq{$auth3}{%[5]s}}}}
  server_advertise_condition = ${if def:tls_in_cipher}
`, dir, s.implicit, s.starttls, s.open, secret), 0o600)
	cmd := exec.Command(program, "-bdf", "-C", filepath.Join(dir, "exim.conf"))
	cmd.Stdout, cmd.Stderr = &s.said, &s.said
	s.must(cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("exim said:\n%s", s.said.String())
			for _, name := range []string{"main", "panic", "reject"} {
				if b, err := os.ReadFile(filepath.Join(dir, "log", name)); err == nil {
					t.Logf("its %s log:\n%s", name, b)
				}
			}
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; {
		if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.open)); err == nil {
			_ = c.Close()
			return s
		}
		if time.Now().After(deadline) {
			t.Fatal("exim does not listen")
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
		key, err := rsa.GenerateKey(rand.Reader, 2048)
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

// taken gives the headers of the mails in the spool, each after its envelope,
// once there are n.
func (s *server) taken(ctx context.Context, n int) (out []string) {
	s.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(s.dir, "spool", "input", "*-H"))
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
