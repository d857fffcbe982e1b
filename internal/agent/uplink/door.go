package uplink

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	pcPrefix   = "/api/pc/v1/"
	dialWithin = 10 * time.Second
	askWithin  = 20 * time.Second // the server's own limit is 15 s
)

// serverDoor is one TLS connection to the agents' door. Everything of one
// conversation goes over it, so that a binding names the connection it travels on.
type serverDoor struct {
	server string
	tls    *tls.Conn
	client *http.Client
}

// dialDoor connects. With roots it accepts only a server under them; without,
// any server, which may then be asked for its roots and nothing else.
func dialDoor(ctx context.Context, server string, roots *wire.TrustRoots, certificate *tls.Certificate) (*serverDoor, error) {
	host, _, err := net.SplitHostPort(server)
	if err != nil {
		return nil, ErrState.Because(err)
	}
	cfg := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}}
	if roots == nil {
		cfg.InsecureSkipVerify = true // only to fetch what the enrolment code's hash then judges
	} else {
		ca, err := x509.ParseCertificate(roots.CA)
		if err != nil {
			return nil, ErrState.Because(err)
		}
		cfg.RootCAs = x509.NewCertPool()
		cfg.RootCAs.AddCert(ca)
	}
	if certificate != nil {
		cfg.Certificates = []tls.Certificate{*certificate}
	}
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := (&tls.Dialer{Config: cfg}).DialContext(ctx, "tcp", server)
	if err != nil {
		return nil, dialReason(err)
	}
	conn := raw.(*tls.Conn)
	once := make(chan net.Conn, 1)
	once <- conn
	d := &serverDoor{server: server, tls: conn}
	d.client = &http.Client{
		Timeout:       askWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DisableCompression: true, DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
			select {
			case c := <-once:
				return c, nil
			default: // a second connection would not be the one that the binding names
				return nil, net.ErrClosed
			}
		}},
	}
	return d, nil
}

// dialReason tells an impostor, and trouble with our own key, from silence.
func dialReason(err error) error {
	if certErr, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return ErrImpostor.Because(certErr)
	}
	if own, ok := errors.AsType[*sekisho.Error](err); ok {
		return own
	}
	return ErrUnreachable.Because(err)
}

func (d *serverDoor) close() {
	d.client.CloseIdleConnections()
	_ = d.tls.Close() // the conversation is over: its error tells nothing
}

// ask posts in as JSON (or gets, if in is nil) and decodes the answer.
func (d *serverDoor) ask(ctx context.Context, route string, in, out any) error {
	method, body := http.MethodGet, []byte(nil)
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("uplink: ask %s: %w", route, err)
		}
		method, body = http.MethodPost, b
	}
	r, err := http.NewRequestWithContext(ctx, method, "https://"+d.server+pcPrefix+route, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("uplink: ask %s: %w", route, err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := d.client.Do(r)
	if err != nil {
		return dialReason(err)
	}
	return readAnswer(res, out)
}

// exporter is the channel binding of this TLS connection (tls-exporter, RFC 9266 §2).
func (d *serverDoor) exporter() ([]byte, error) {
	state := d.tls.ConnectionState()
	return state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
}
