package drills

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
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// fetch gets what the console's door answers, as a file.
func (v visitor) fetch(ctx context.Context, path string) ([]byte, error) {
	res, err := v.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("drills: %s: %s: %.200s", path, res.Status, b)
	}
	return b, err
}

// oneByte verifies a file as it was received, and with one byte changed at
// several places: in the middle, in the attestation, at the end.
func (f *Field) oneByte(ctx context.Context, r *Result, file []byte, name string, verify ...string) error {
	dir, err := f.Folder("changed")
	if err != nil {
		return err
	}
	key, err := f.CLI(ctx, "audit", "key")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, name)
	passes := func(content []byte) (string, error) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return "", err
		}
		return f.sekisho(ctx, append(verify, path, "--key", strings.TrimSpace(key))...)
	}
	said, err := passes(file)
	r.Control = err == nil
	if err != nil {
		return err
	}
	r.Refused = true
	codes := []string{}
	for _, at := range []int{len(file) / 3, bytes.LastIndex(file, []byte("sekisho-attestation")), len(file) - 40} {
		bad := bytes.Clone(file)
		bad[at] ^= 1
		_, err := passes(bad)
		r.Refused = r.Refused && err != nil
		codes = append(codes, codeIn(err))
	}
	r.Evidence = fmt.Sprintf("bytes changed at three places: %s; unchanged: %s", strings.Join(codes, ", "), lastLine(errors.New(said)))
	return nil
}

// changedRows alters a file of rows that an auditor took away.
func changedRows(ctx context.Context, f *Field, r *Result) error {
	v, err := f.visitorAs(ctx, f.Seeded.People["auditor"])
	if err != nil {
		return err
	}
	file, err := v.fetch(ctx, "audit/rows?kind=person.created&format=csv")
	if err != nil {
		return err
	}
	return f.oneByte(ctx, r, file, "rows.csv", "audit", "verify")
}

// changedReport alters a report that a client company received.
func changedReport(ctx context.Context, f *Field, r *Result) error {
	officer, err := f.visitorAs(ctx, f.Seeded.People["officer1"])
	if err != nil {
		return err
	}
	today := time.Now().UTC().Add(9 * time.Hour).Format(time.DateOnly)
	res, err := officer.send(ctx, http.MethodPost, "reports", map[string]string{"from": today, "to": today, "language": "ja", "format": "html", "addressee": "見本商事（架空の委託元）"})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || made.ID == "" {
		return errors.Join(fmt.Errorf("drills: report: %s", res.Status), err)
	}
	file, err := officer.fetch(ctx, "reports/"+made.ID+"/file")
	if err != nil {
		return err
	}
	return f.oneByte(ctx, r, file, "report.html", "report", "verify")
}

// listener is a receiver of syslog over TLS with a certificate of some
// authority; it counts what it can read.
type listener struct {
	net.Listener
	read atomic.Int64
}

// listenTLS makes an authority, a certificate for localhost by it, and a
// receiver that bears it; ca is the authority's file.
func listenTLS(dir, name string) (l *listener, ca string, err error) {
	root, rootKey, err := certificate(name, nil, nil)
	if err != nil {
		return nil, "", err
	}
	leaf, leafKey, err := certificate("localhost", root, rootKey)
	if err != nil {
		return nil, "", err
	}
	ca = filepath.Join(dir, name+".crt")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}), 0o600); err != nil {
		return nil, "", err
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	l = &listener{Listener: tls.NewListener(plain, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: leafKey}}})}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			n, _ := io.Copy(io.Discard, c) // a handshake that was broken off reads nothing
			l.read.Add(n)
			_ = c.Close()
		}
	}()
	return l, ca, nil
}

// certificate makes one for a name, signed by an authority, or an authority itself.
func certificate(name string, by *x509.Certificate, byKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	tpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if by == nil {
		tpl.IsCA, tpl.BasicConstraintsValid, tpl.KeyUsage, tpl.DNSNames = true, true, x509.KeyUsageCertSign, nil
		by, byKey = tpl, key
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, by, key.Public(), byKey)
	if err != nil {
		return nil, nil, err
	}
	c, err := x509.ParseCertificate(der)
	return c, key, err
}

// foreignReceiver puts a receiver of a stranger's in the SIEM's place.
func foreignReceiver(ctx context.Context, f *Field, r *Result) error {
	t, err := f.Trail(ctx)
	if err != nil {
		return err
	}
	dir, err := f.Folder("siem")
	if err != nil {
		return err
	}
	right, ca, err := listenTLS(dir, "centre")
	if err != nil {
		return err
	}
	defer right.Close()
	foreign, _, err := listenTLS(dir, "stranger")
	if err != nil {
		return err
	}
	defer foreign.Close()
	passes := func(to *listener, until func(code string, lag int64) bool) (code string, lag int64, err error) {
		d, err := f.copied(t, t.newer)
		if err != nil {
			return "", 0, err
		}
		_, port, _ := net.SplitHostPort(to.Addr().String()) // a listener's own address
		text, err := os.ReadFile(d.config)
		if err != nil {
			return "", 0, err
		}
		text = append(text, fmt.Sprintf("[siem]\naddress = \"localhost:%s\"\nca = %q\n", port, ca)...)
		if err := os.WriteFile(d.config, text, 0o600); err != nil {
			return "", 0, err
		}
		g := d.centre(f)
		if err := g.Serve(ctx); err != nil {
			return "", 0, err
		}
		defer g.Close()
		auditor, err := g.visitorAs(ctx, t.own.Seeded.People["auditor"])
		if err != nil {
			return "", 0, err
		}
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
			b, err := auditor.fetch(ctx, "audit/siem")
			if err != nil {
				return "", 0, err
			}
			var s struct {
				Code string
				Lag  int64
			}
			if err := json.Unmarshal(b, &s); err != nil {
				return "", 0, err
			}
			if until(s.Code, s.Lag) || time.Now().After(end) {
				return s.Code, s.Lag, nil
			}
		}
	}
	code, lag, err := passes(foreign, func(code string, _ int64) bool { return code != "" })
	if err != nil {
		return err
	}
	_, left, err := passes(right, func(code string, lag int64) bool { return code == "" && lag < 5 && right.read.Load() > 0 })
	if err != nil {
		return err
	}
	r.Refused = code == "siem.certificate" && foreign.read.Load() == 0 && lag > 0
	r.Control = right.read.Load() > 0
	r.Evidence = fmt.Sprintf("the stranger's receiver: %s, %d bytes read, %d entries wait; the centre's own: %d bytes read, %d wait", code, foreign.read.Load(), lag, right.read.Load(), left)
	return nil
}
