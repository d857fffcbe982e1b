package rawpc

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

// Tunnel is what a connection needs of its network; stack.Client and a PC of
// the load fleet both can do it.
type Tunnel interface {
	DialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error)
	DialUDP(to netip.AddrPort) (net.Conn, error)
}

// Keys are the ephemeral keys of one connection.
type Keys struct {
	WireGuard [32]byte
	Lease     ed25519.PrivateKey
}

// NewKeys draws them.
func NewKeys() (k Keys) {
	_, _ = rand.Read(k.WireGuard[:]) // crypto/rand never fails
	_, k.Lease, _ = ed25519.GenerateKey(rand.Reader)
	return k
}

// Connection is one bound connection in quarantine.
type Connection struct {
	PC     *PC
	Keys   Keys
	Answer wire.ConnectAnswer
	Tunnel Tunnel
	http   *http.Client
	next   atomic.Uint64
}

// Bind opens mutual TLS and binds keys to it; change may spoil the binding before it is signed.
func (p *PC) Bind(ctx context.Context, k Keys, change func(*wire.Binding)) (a wire.ConnectAnswer, err error) {
	conn, err := (&tls.Dialer{NetDialer: p.dialer(), Config: p.TLS()}).DialContext(ctx, "tcp", p.Server)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	state := conn.(*tls.Conn).ConnectionState()
	exporter, err := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	if err != nil {
		return a, err
	}
	c := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}}
	base := "https://" + p.Server + "/api/pc/v1/"
	var nonce wire.BindNonce
	if err := call(ctx, c, http.MethodPost, base+"bindings/nonce", struct{}{}, &nonce); err != nil {
		return a, err
	}
	public, err := stack.PublicKey(k.WireGuard)
	if err != nil {
		return a, err
	}
	b := wire.Binding{
		Device: p.Device, WireGuard: public[:], LeaseKey: wire.Bytes(k.Lease.Public().(ed25519.PublicKey)),
		Nonce: nonce.Nonce, Exporter: exporter, BootID: wire.NewID(), Agent: "raw",
	}
	if change != nil {
		change(&b)
	}
	payload, err := json.Marshal(b)
	if err != nil {
		return a, err
	}
	digest := wire.DeviceDigest(wire.DomainBinding, payload)
	sig, err := ecdsa.SignASN1(rand.Reader, p.Key, digest[:])
	if err != nil {
		return a, err
	}
	err = call(ctx, c, http.MethodPost, base+"connections", wire.Signed{Payload: payload, Signature: sig}, &a)
	return a, err
}

// Connect binds and brings a tunnel of its own up.
func (p *PC) Connect(ctx context.Context) (*Connection, error) {
	k := NewKeys()
	a, err := p.Bind(ctx, k, nil)
	if err != nil {
		return nil, err
	}
	t, err := Dial(ctx, k, a)
	if err != nil {
		return nil, err
	}
	return On(p, k, a, t), nil
}

// Dial brings up a tunnel of its own for an answer.
func Dial(ctx context.Context, k Keys, a wire.ConnectAnswer) (*Client, error) {
	addr, err := netip.ParseAddr(a.Address)
	if err != nil {
		return nil, err
	}
	gateway, err := netip.ParseAddr(a.Gateway)
	if err != nil {
		return nil, err
	}
	c, err := stack.NewClient(stack.ClientConfig{
		PrivateKey: k.WireGuard, ServerKey: [32]byte(a.ServerKey), PSK: [32]byte(a.PSK),
		Address: addr, Gateway: gateway, Endpoint: a.Endpoint, MTU: a.MTU,
	})
	if err != nil {
		return nil, err
	}
	if err := c.Up(ctx); err != nil {
		_ = c.Close() // it never worked
		return nil, err
	}
	return &Client{c}, nil
}

// Client is a tunnel of one PC.
type Client struct{ *stack.Client }

// DialTCP and DialUDP reach the gateway.
func (c *Client) DialTCP(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	return c.DialContext(ctx, "tcp", to.String())
}
func (c *Client) DialUDP(to netip.AddrPort) (net.Conn, error) {
	return c.DialContext(context.Background(), "udp", to.String())
}

// On makes a connection of its parts.
func On(p *PC, k Keys, a wire.ConnectAnswer, t Tunnel) *Connection {
	c := &Connection{PC: p, Keys: k, Answer: a, Tunnel: t}
	c.Fresh()
	return c
}

// Gateway is the address of a port of the gateway.
func (c *Connection) Gateway(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(c.Answer.Gateway), port)
}

// Fresh drops the pooled flows: a live route wants one opened under its lease.
func (c *Connection) Fresh() {
	if c.http != nil {
		c.http.CloseIdleConnections()
	}
	c.http = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return c.Tunnel.DialTCP(ctx, c.Gateway(80)) },
	}}
}

// Sign builds a rightly signed request to the desk door.
func (c *Connection) Sign(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	return c.SignAs(ctx, c.next.Add(1), method, path, body)
}

// SignAs is Sign with a counter of the caller's choice.
func (c *Connection) SignAs(ctx context.Context, counter uint64, method, path string, body []byte) (*http.Request, error) {
	return c.signTo(ctx, counter, method, "/api/desk/v1/"+path, body)
}

// SignConsole builds a rightly signed request to the console through the tunnel.
func (c *Connection) SignConsole(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	r, err := c.signTo(ctx, c.next.Add(1), method, wire.ConsolePrefix+path, body)
	if err == nil && in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, err
}

// Console is Call for the console.
func (c *Connection) Console(ctx context.Context, method, path string, in, out any) error {
	r, err := c.SignConsole(ctx, method, path, in)
	if err != nil {
		return err
	}
	return c.Do(r, out)
}

func (c *Connection) signTo(ctx context.Context, counter uint64, method, path string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.Answer.Gateway+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	sign := wire.RequestToSign{Connection: c.Answer.Connection, Counter: counter, Method: method, Path: path, Body: hex.EncodeToString(sum[:])}
	r.Header.Set(wire.HeaderConnection, string(c.Answer.Connection))
	r.Header.Set(wire.HeaderCounter, strconv.FormatUint(counter, 10))
	r.Header.Set(wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(ed25519.Sign(c.Keys.Lease, sign.SigningInput())))
	return r, nil
}

// Do sends a request as it is and decodes the answer.
func (c *Connection) Do(r *http.Request, out any) error {
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	return read(res, out)
}

// Call signs, sends and decodes.
func (c *Connection) Call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	r, err := c.Sign(ctx, method, path, body)
	if err != nil {
		return err
	}
	return c.Do(r, out)
}

// DoOn sends a request over a flow that is open already, as one that was opened
// in quarantine, and decodes the answer.
func (c *Connection) DoOn(flow net.Conn, r *http.Request, out any) error {
	if err := r.Write(flow); err != nil {
		return err
	}
	if err := flow.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(flow), r)
	if err != nil {
		return err
	}
	return read(res, out)
}

// Close ends the tunnel, if it is one of its own.
func (c *Connection) Close() {
	switch t := c.Tunnel.(type) {
	case *Client:
		_ = t.Client.Close() // ending either way
	case *Tap:
		t.End()
	}
}

// Claim is the face statement of somebody whom the guard saw and recognised.
func (c *Connection) Claim(me wire.Me, nonce wire.Bytes) wire.FaceStatement {
	return wire.FaceStatement{
		Connection: c.Answer.Connection, Person: me.Person.ID, Nonce: nonce,
		Commitment: me.Person.Commitment, Model: me.Person.Model, Engine: "standard",
		Frames: 5, Matched: 5, Live: true, AgeMS: 50,
	}
}

// Login claims a recognised face and opens a session; change may spoil the claim.
func (c *Connection) Login(ctx context.Context, change func(*wire.FaceStatement)) (s wire.SessionAnswer, err error) {
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return s, err
	}
	var nonce wire.LoginNonce
	if err := c.Call(ctx, http.MethodPost, "login-nonce", struct{}{}, &nonce); err != nil {
		return s, err
	}
	claim := c.Claim(me, nonce.Nonce)
	claim.Challenge = nonce.Challenge
	if change != nil {
		change(&claim)
	}
	signed := wire.SignWith(c.Keys.Lease, wire.DomainFace, claim)
	err = c.Call(ctx, http.MethodPost, "sessions", wire.OpenSession{Face: &signed}, &s)
	if err == nil {
		c.Fresh()
	}
	return s, err
}
