package uplink

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	deskPort     = "80"
	deskPrefix   = "/api/desk/v1/"
	headerWithin = 20 * time.Second
)

var errBroken = sekisho.Fail(sekisho.KindBusy, "tunnel.broken")

// pool holds the TCP connections inside the tunnel of one epoch: those opened
// in quarantine never carry requests of a session, nor the other way round.
type pool struct {
	transport *http.Transport
	mu        sync.Mutex
	conns     map[net.Conn]struct{}
	ended     bool
}

func newPool(c *Connection) *pool {
	p := &pool{conns: map[net.Conn]struct{}{}}
	target := net.JoinHostPort(c.gateway.String(), deskPort)
	p.transport = &http.Transport{
		// The gateway is the only address that a request can reach, whatever its URL says.
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := c.tunnel.DialContext(ctx, "tcp", target)
			if err != nil {
				return nil, err
			}
			return p.keep(conn)
		},
		DisableCompression: true, ResponseHeaderTimeout: headerWithin, MaxIdleConns: 8, IdleConnTimeout: time.Minute,
	}
	return p
}

func (p *pool) keep(conn net.Conn) (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		stack.Reset(conn)
		return nil, net.ErrClosed
	}
	p.conns[conn] = struct{}{}
	return pooled{conn, p}, nil
}

// reset ends every connection of the pool at once.
func (p *pool) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	for conn := range p.conns {
		stack.Reset(conn)
		delete(p.conns, conn)
	}
}

type pooled struct {
	net.Conn
	p *pool
}

func (c pooled) Close() error {
	c.p.mu.Lock()
	delete(c.p.conns, c.Conn)
	c.p.mu.Unlock()
	return c.Conn.Close()
}

// Renew starts a new set of connections inside the tunnel: those opened in
// quarantine stay in quarantine. What runs on the old ones ends by itself.
func (c *Connection) Renew() { c.swap().transport.CloseIdleConnections() }

// Cut ends every connection inside the tunnel at once; the next request opens a new one.
func (c *Connection) Cut() { c.swap().reset() }

func (c *Connection) swap() (old *pool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old = c.pool
	if !c.closed {
		c.pool = newPool(c)
	}
	return old
}

func (c *Connection) current() (*pool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	return c.pool, nil
}

// sign adds the headers that prove who sends this very request. Each counter is used once.
func (c *Connection) sign(h http.Header, method, path string, body []byte) {
	sum := sha256.Sum256(body)
	r := wire.RequestToSign{Connection: c.ID, Counter: c.counter.Add(1), Method: method, Path: path, Body: hex.EncodeToString(sum[:])}
	h.Set(wire.HeaderConnection, string(r.Connection))
	h.Set(wire.HeaderCounter, strconv.FormatUint(r.Counter, 10))
	h.Set(wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(ed25519.Sign(c.lease, r.SigningInput())))
}

// Do sends one request to the desk door. It is tried once more on a new
// connection where a live one met a connection of quarantine (421), and where a
// question, which changes nothing, met the reset of a session's connections.
func (c *Connection) Do(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error) {
	for again := true; ; again = false {
		p, err := c.current()
		if err != nil {
			return nil, err
		}
		r, err := http.NewRequestWithContext(ctx, method, "http://"+c.gateway.String()+path, bytes.NewReader(body))
		if err != nil {
			return nil, errBroken.Because(err)
		}
		r.Header = header.Clone()
		if r.Header == nil {
			r.Header = http.Header{}
		}
		c.sign(r.Header, method, r.URL.RequestURI(), body)
		res, err := p.transport.RoundTrip(r)
		if err != nil {
			if _, closed := c.current(); closed != nil {
				return nil, closed
			}
			if again && method == http.MethodGet && ctx.Err() == nil {
				c.retire(p)
				continue
			}
			return nil, errBroken.Because(err)
		}
		if res.StatusCode != http.StatusMisdirectedRequest || !again {
			return res, nil
		}
		res.Body.Close()
		c.retire(p)
	}
}

// retire replaces a pool that met another epoch, unless somebody has already.
func (c *Connection) retire(p *pool) {
	c.mu.Lock()
	if c.pool == p && !c.closed {
		c.pool = newPool(c)
	}
	c.mu.Unlock()
	p.transport.CloseIdleConnections()
}

// WebSocket opens a WebSocket at the desk door; its upgrade is signed.
func (c *Connection) WebSocket(ctx context.Context, path string) (*websocket.Conn, error) {
	for again := true; ; again = false {
		p, err := c.current()
		if err != nil {
			return nil, err
		}
		h := http.Header{}
		c.sign(h, http.MethodGet, path, nil)
		ws, res, err := websocket.Dial(ctx, "ws://"+c.gateway.String()+path, &websocket.DialOptions{
			HTTPHeader: h, CompressionMode: websocket.CompressionDisabled, Subprotocols: []string{"binary"},
			HTTPClient: &http.Client{Transport: p.transport, Timeout: headerWithin, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		})
		switch {
		case err == nil:
			return ws, nil
		case res == nil:
			return nil, errBroken.Because(err)
		case res.StatusCode == http.StatusMisdirectedRequest && again:
			c.retire(p)
		default:
			b, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // what can be read decides
			return nil, problemIn(res.StatusCode, b)
		}
	}
}

// Ask sends in as JSON to a route of the desk door (a GET if in is nil) and
// decodes the answer into out.
func (c *Connection) Ask(ctx context.Context, method, route string, in, out any) error {
	var body []byte
	header := http.Header{"Accept": {"application/json"}}
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("uplink: %s: %w", route, err)
		}
		header.Set("Content-Type", "application/json")
	}
	res, err := c.Do(ctx, method, deskPrefix+route, header, body)
	if err != nil {
		return err
	}
	return readAnswer(res, out)
}

// Put uploads sealed bytes under their hash.
func (c *Connection) Put(ctx context.Context, hash string, sealed []byte) error {
	res, err := c.Do(ctx, http.MethodPut, deskPrefix+"evidence/"+hash, http.Header{"Content-Type": {"application/octet-stream"}}, sealed)
	if err != nil {
		return err
	}
	return readAnswer(res, nil)
}

// gone says whether err means that this connection serves no more.
func gone(err error) bool {
	return errors.Is(err, ErrClosed) || sekisho.CodeOf(err) == "connection.unknown"
}
