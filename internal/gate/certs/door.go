package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// ServerTLS is the configuration of the agents' door: TLS 1.3 only, no session
// tickets, and a client certificate asked for but not required, because a PC
// that enrols has none.
//
// TLS proves that the peer holds its certificate's key and no more. Chain,
// dates and revocation are Check's part, so that a PC with an expired or
// foreign certificate gets an answer that says what to do, and the audit log a
// row, in place of a handshake that fails without a word. A handler that asks
// tls.ConnectionState.VerifiedChains finds it empty.
func (a *Authority) ServerTLS() *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		ClientAuth:             tls.RequestClientCert,
		SessionTicketsDisabled: true, // each connection proves the key anew
		NextProtos:             []string{"http/1.1"},
		Time:                   a.clk.Now,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return a.serverCertificate(hello.Context())
		},
	}
}

// serverCertificate is the agents' door's own, made anew when it nears its end
// or when the authority was rotated.
func (a *Authority) serverCertificate(ctx context.Context) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.chain.Load()
	if s := a.server; s != nil && s.Leaf.NotAfter.Sub(a.clk.Now()) >= serverRenew &&
		!a.clk.Now().Before(s.Leaf.NotBefore) && s.Leaf.CheckSignatureFrom(c.newest().cert) == nil {
		return s, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	var row certRow
	err = a.db.Write(ctx, func(tx storage.Tx) (err error) {
		row, err = a.sign(ctx, tx, c.newest(), serverTemplate(a.names, a.clk.Now()), &key.PublicKey)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("certs: certificate of the agents' door: %w", err)
	}
	leaf, err := x509.ParseCertificate(row.der)
	if err != nil {
		return nil, err
	}
	a.server = &tls.Certificate{Certificate: append([][]byte{row.der}, c.crosses...), PrivateKey: key, Leaf: leaf}
	return a.server, nil
}
