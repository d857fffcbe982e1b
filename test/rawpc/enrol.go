package rawpc

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// PC is the identity of one issued PC, with its key in software.
type PC struct {
	Server      string // host:port of the agents' door
	Roots       wire.TrustRoots
	Key         *ecdsa.PrivateKey
	Certificate []byte // DER
	Device      sekisho.DeviceID
	Tag         string
	ticket      wire.Bytes
	Fingerprint string
	From        netip.Addr // the address that it calls from; zero leaves it to the system
}

func (p *PC) dialer() *net.Dialer {
	d := &net.Dialer{}
	if p.From.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(p.From, 0))
	}
	return d
}

// Refused is a door's answer other than success.
type Refused struct {
	Status  int
	Problem wire.Problem
}

func (r *Refused) Error() string { return fmt.Sprintf("%d %s", r.Status, r.Problem.Code) }

// CodeOf is the code of a refusal, or the error's text.
func CodeOf(err error) string {
	if r, ok := errors.AsType[*Refused](err); ok {
		return r.Problem.Code
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// New draws a key for a PC that will enrol with code.
func New(code wire.EnrolmentCode) (*PC, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &PC{Server: code.Server, Key: key}, err
}

// Trust fetches the trust roots and checks them against the code.
func (p *PC) Trust(ctx context.Context, code wire.EnrolmentCode) error {
	if err := p.call(ctx, http.MethodGet, "trust", nil, &p.Roots); err != nil {
		return err
	}
	if p.Roots.Hash() != code.Trust {
		return errors.New("rawpc: the server has other roots")
	}
	return nil
}

// Enrol presents the code; the PC is pending afterwards.
func (p *PC) Enrol(ctx context.Context, code wire.EnrolmentCode) error {
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, p.Key)
	if err != nil {
		return err
	}
	var a wire.EnrolAnswer
	err = p.call(ctx, http.MethodPost, "enrol", wire.EnrolRequest{
		Secret: code.Secret[:], CSR: csr, KeyKind: "software", Hostname: "raw", Platform: "test/raw", Agent: "raw",
	}, &a)
	p.Device, p.Tag, p.ticket, p.Fingerprint = a.Device, a.AssetTag, a.Ticket, a.Fingerprint
	return err
}

// Collect fetches the certificate once an administrator has approved.
func (p *PC) Collect(ctx context.Context) error {
	var s wire.EnrolmentStatus
	if err := p.call(ctx, http.MethodPost, "enrolments/status", wire.EnrolmentQuery{Device: p.Device, Ticket: p.ticket}, &s); err != nil {
		return err
	}
	if s.State != "issued" {
		return fmt.Errorf("rawpc: enrolment is %s (%s)", s.State, s.Code)
	}
	p.Certificate = s.Certificate
	return nil
}

// Pin reports a checkpoint of the audit log that this PC holds.
func (p *PC) Pin(ctx context.Context, checkpoint string) error {
	return p.call(ctx, http.MethodPost, "pins", wire.CheckpointPin{Checkpoint: checkpoint}, nil)
}

// TLS is the configuration for the agents' door; without a certificate it comes without one.
func (p *PC) TLS() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: len(p.Roots.CA) == 0}
	if len(p.Roots.CA) > 0 {
		if ca, err := x509.ParseCertificate(p.Roots.CA); err == nil {
			c.RootCAs = x509.NewCertPool()
			c.RootCAs.AddCert(ca)
		}
	}
	if len(p.Certificate) > 0 {
		c.Certificates = []tls.Certificate{{Certificate: [][]byte{p.Certificate}, PrivateKey: p.Key}}
	}
	return c
}

// call waits as the door asks where many PCs come from one address at once.
func (p *PC) call(ctx context.Context, method, path string, in, out any) error {
	t := &http.Transport{TLSClientConfig: p.TLS(), DialContext: p.dialer().DialContext, DisableKeepAlives: true}
	c := &http.Client{Transport: t, Timeout: 30 * time.Second}
	for try := 0; ; try++ {
		err := call(ctx, c, method, "https://"+p.Server+"/api/pc/v1/"+path, in, out)
		if try == patience || CodeOf(err) != "request.busy" {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second): // its Retry-After
		}
	}
}

// patience is how often a request that came too soon is made again.
const patience = 4

func call(ctx context.Context, c *http.Client, method, url string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return err
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.Do(r)
	if err != nil {
		return err
	}
	return read(res, out)
}

func read(res *http.Response, out any) error {
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		refused := &Refused{Status: res.StatusCode}
		_ = json.Unmarshal(b, &refused.Problem) // not every refusal is a problem document
		return refused
	}
	if out == nil || len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, out)
}
