package certs_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/certs"
)

// echo accepts TLS over loopback and reports the certificate of each peer that
// finished its handshake.
func echo(t *testing.T, config *tls.Config) (addr string, peers <-chan result) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out, done := make(chan result, 16), make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			s := tls.Server(conn, config)
			err = s.HandshakeContext(context.Background())
			r := result{err: err}
			if err == nil {
				if list := s.ConnectionState().PeerCertificates; len(list) > 0 {
					r.peer = list[0]
				}
				_, err = s.Write([]byte("ok"))
				r.err = err
			}
			_ = s.Close() // the client may be gone
			out <- r
		}
	}()
	t.Cleanup(func() { _ = ln.Close(); <-done })
	return ln.Addr().String(), out
}

type result struct {
	peer *x509.Certificate
	err  error
}

// dial is a PC: it believes the pinned authority alone.
func dial(addr string, pinned *x509.Certificate, own *tls.Certificate, now func() time.Time) (*tls.Conn, error) {
	roots := x509.NewCertPool()
	roots.AddCert(pinned)
	c := &tls.Config{RootCAs: roots, ServerName: "gate.example", Time: now}
	if own != nil {
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own, nil }
	}
	conn, err := tls.Dial("tcp", addr, c)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Read(make([]byte, 2)); err != nil { // in TLS 1.3 a refused certificate shows at the first read
		return nil, errors.Join(err, conn.Close())
	}
	return conn, conn.Close()
}

func TestServerTLS(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	key, device := newKey(t), newDevice()
	cert := g.issue(t, g.Authority, request(t, key), device, sekisho.TierB)
	addr, peers := echo(t, g.ServerTLS())
	own := func(c *x509.Certificate, k *ecdsa.PrivateKey) *tls.Certificate {
		return &tls.Certificate{Certificate: [][]byte{c.Raw}, PrivateKey: k}
	}

	if _, err := dial(addr, g.CA(), own(cert, key), g.clk.Now); err != nil {
		t.Fatal("an issued PC cannot connect:", err)
	}
	if r := <-peers; r.err != nil || !r.peer.Equal(cert) {
		t.Errorf("the server saw %v, %v", r.peer, r.err)
	}
	if _, err := dial(addr, g.CA(), nil, g.clk.Now); err != nil {
		t.Error("a PC that enrols cannot connect:", err)
	}
	if r := <-peers; r.err != nil || r.peer != nil {
		t.Errorf("the server saw %v, %v", r.peer, r.err)
	}
	// The certificate alone, copied to another machine, opens nothing.
	if _, err := dial(addr, g.CA(), own(cert, newKey(t)), g.clk.Now); err == nil {
		t.Error("a certificate without its key was taken")
	}
	if r := <-peers; r.err == nil {
		t.Error("the server finished a handshake without the certificate's key")
	}
	stranger := newGround(t, storagetest.SQLite(t))
	if _, err := dial(addr, stranger.CA(), own(cert, key), g.clk.Now); err == nil {
		t.Error("a PC that pinned other roots believed this server")
	}
	<-peers
}

func TestServerTLSTakesOnly13(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	addr, peers := echo(t, g.ServerTLS())
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
	if err == nil {
		_ = conn.Close()
		t.Error("TLS 1.2 was taken")
	}
	<-peers
}

func TestServerCertificateRenewsItself(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	addr, peers := echo(t, g.ServerTLS())
	issued := func() int {
		found, err := g.log.Search(t.Context(), audit.Filter{Kind: "certificate.issued"})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	for day := range 100 {
		if _, err := dial(addr, g.CA(), nil, g.clk.Now); err != nil {
			t.Fatalf("day %d: %v", day, err)
		}
		<-peers
		g.clk.Jump(24 * time.Hour)
	}
	if n := issued(); n < 4 || n > 6 {
		t.Errorf("%d certificates in 100 days, want about one in 20 days", n)
	}
}

func TestAPCThatPinnedTheOldAuthorityGoesOn(t *testing.T) {
	g := newGround(t, storagetest.SQLite(t))
	addr, peers := echo(t, g.ServerTLS())
	first := g.CA()
	pinned := []*x509.Certificate{first}
	for range 2 {
		if err := g.Rotate(t.Context(), audit.Actor{Process: "cli"}); err != nil {
			t.Fatal(err)
		}
		pinned = append(pinned, g.CA())
		for i, ca := range pinned {
			if _, err := dial(addr, ca, nil, g.clk.Now); err != nil {
				t.Errorf("after %d rotations a PC with authority %d is locked out: %v", len(pinned)-1, i+1, err)
			}
			<-peers
		}
	}
	if _, err := certs.VerifyRotation(first, g.Rotations()[0], g.clk.Now()); err != nil {
		t.Error(err)
	}
}
