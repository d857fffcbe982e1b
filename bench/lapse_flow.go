package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho/test/rawpc"
)

// busy is a PC's flow to a virtual desktop that is never quiet: it asks for a
// piece of the screen twenty times a second and notes when a byte came last.
type busy struct {
	conn  net.Conn
	last  atomic.Int64 // UnixNano of the last byte
	bytes atomic.Int64
	ended chan struct{}
}

// openBusy opens the desktop's stream as the agent would and speaks RFB on it.
func openBusy(ctx context.Context, c *rawpc.Connection, desktop string) (*busy, error) {
	req, err := c.Sign(ctx, http.MethodGet, "desktops/"+desktop+"/stream", nil)
	if err != nil {
		return nil, err
	}
	ws, _, err := websocket.Dial(ctx, req.URL.String(), &websocket.DialOptions{
		HTTPHeader: req.Header, CompressionMode: websocket.CompressionDisabled,
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return c.Tunnel.DialTCP(ctx, c.Gateway(80))
		}}},
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(-1)
	b := &busy{conn: websocket.NetConn(context.WithoutCancel(ctx), ws, websocket.MessageBinary), ended: make(chan struct{})}
	if err := b.greet(); err != nil {
		return nil, errors.Join(err, ws.CloseNow())
	}
	go b.ask()
	go b.read()
	return b, nil
}

// greet is RFB 3.8 without a password, as the gateway speaks it (RFC 6143 §7).
func (b *busy) greet() error {
	take := func(n int) ([]byte, error) {
		p := make([]byte, n)
		_, err := io.ReadFull(b.conn, p)
		return p, err
	}
	if _, err := take(12); err != nil {
		return err
	}
	if _, err := b.conn.Write([]byte("RFB 003.008\n")); err != nil {
		return err
	}
	kinds, err := take(1)
	if err != nil {
		return err
	}
	if _, err := take(int(kinds[0])); err != nil {
		return err
	}
	if _, err := b.conn.Write([]byte{1}); err != nil {
		return err
	}
	if said, err := take(4); err != nil || binary.BigEndian.Uint32(said) != 0 {
		return errors.Join(err, errors.New("bench: the desktop refuses"))
	}
	if _, err := b.conn.Write([]byte{1}); err != nil {
		return err
	}
	head, err := take(24)
	if err == nil {
		_, err = take(int(binary.BigEndian.Uint32(head[20:])))
	}
	return err
}

// ask wants 32 by 32 pixels anew until the flow has ended.
func (b *busy) ask() {
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		select {
		case <-b.ended:
			return
		case <-every.C:
			if _, err := b.conn.Write([]byte{3, 0, 0, 0, 0, 0, 0, 32, 0, 32}); err != nil {
				return
			}
		}
	}
}

func (b *busy) read() {
	defer close(b.ended)
	p := make([]byte, 64<<10)
	for {
		n, err := b.conn.Read(p)
		if n > 0 {
			b.last.Store(time.Now().UnixNano())
			b.bytes.Add(int64(n))
		}
		if err != nil {
			return
		}
	}
}

// lastByte is when a byte came last.
func (b *busy) lastByte() time.Time { return time.Unix(0, b.last.Load()) }

// relay stands between the gateway and the virtual desktop and notes when the
// gateway leaves: what a PC without a cable can no longer see.
type relay struct {
	net.Listener
	target string
	mu     sync.Mutex
	newest chan time.Time
}

func newRelay(target string) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{Listener: l, target: target}
	go r.serve()
	return r, nil
}

func (r *relay) serve() {
	for {
		gateway, err := r.Accept()
		if err != nil {
			return // closed
		}
		left := make(chan time.Time, 1)
		r.mu.Lock()
		r.newest = left
		r.mu.Unlock()
		go r.carry(gateway, left)
	}
}

func (r *relay) carry(gateway net.Conn, left chan<- time.Time) {
	defer gateway.Close()
	desktop, err := net.Dial("tcp", r.target)
	if err != nil {
		return
	}
	defer desktop.Close()
	go func() { _, _ = io.Copy(gateway, desktop) }() // ends with either side
	_, _ = io.Copy(desktop, gateway)                 // until the gateway leaves, in whatever way
	left <- time.Now()
}

// gone is closed over by the flow that was opened last: when the gateway left it.
func (r *relay) gone() <-chan time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.newest }
