package localdoor

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// testClock stands still until it is moved.
type testClock struct{ at atomic.Int64 }

func (c *testClock) Mono() time.Duration  { return time.Duration(c.at.Load()) }
func (c *testClock) pass(d time.Duration) { c.at.Add(int64(d)) }

// testAgent notes what the door asks of it and echoes the guard socket.
type testAgent struct {
	mu       sync.Mutex
	acts     []string
	received chan wire.PageMessage
	pictures chan []byte
	ended    chan error
}

func (a *testAgent) note(act string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.acts = append(a.acts, act)
}

func (a *testAgent) done() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return strings.Join(a.acts, " ")
}

func (a *testAgent) Status(language string) wire.LocalStatus {
	return wire.LocalStatus{Phase: "ready", Models: []wire.LocalModel{}, Title: language}
}
func (a *testAgent) Connect(string) error { a.note("connect"); return nil }
func (a *testAgent) Disconnect() error    { a.note("disconnect"); return nil }
func (a *testAgent) Acknowledge(_ context.Context, k wire.LocalAcknowledge) error {
	a.note("acknowledge " + string(k.Document))
	return nil
}
func (a *testAgent) Again() error { a.note("again"); return nil }
func (a *testAgent) Guard(ctx context.Context, p *Page) {
	for {
		m, jpeg, err := p.Receive(ctx)
		if err != nil {
			a.ended <- err
			p.Close(sekisho.CodeOf(err))
			return
		}
		a.received <- m
		if jpeg != nil {
			a.pictures <- jpeg
		}
		if err := p.Send(ctx, wire.AgentMessage{Type: "verdict"}); err != nil {
			a.ended <- err
			return
		}
	}
}

// farDoor is the other end of the tunnel: a real HTTP server that notes what arrives.
type farDoor struct {
	live atomic.Bool
	srv  *httptest.Server
	mu   sync.Mutex
	got  []string
	head http.Header
	flow func(ctx context.Context, ws *websocket.Conn) // what the far end of a stream does
	peer netip.AddrPort                                // the one that sound goes to
}

func newFarDoor(t testing.TB) *farDoor {
	f := &farDoor{flow: echo}
	f.live.Store(true)
	f.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.got = append(f.got, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		f.head = r.Header.Clone()
		f.mu.Unlock()
		if r.Header.Get("Upgrade") != "" {
			ws, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			defer ws.CloseNow()
			f.flow(r.Context(), ws)
			return
		}
		w.Header().Set("Set-Cookie", "authority=no")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(f.srv.Close)
	return f
}

func echo(ctx context.Context, ws *websocket.Conn) {
	ws.SetReadLimit(-1)
	for {
		kind, b, err := ws.Read(ctx)
		if err != nil || ws.Write(ctx, kind, b) != nil {
			return
		}
	}
}

func (f *farDoor) requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.got...)
}

func (f *farDoor) Live() bool { return f.live.Load() }

func (f *farDoor) Do(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, f.srv.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = header
	return http.DefaultClient.Do(r)
}

func (f *farDoor) WebSocket(ctx context.Context, path string) (*websocket.Conn, error) {
	ws, _, err := websocket.Dial(ctx, f.srv.URL+path, nil)
	return ws, err
}

// Media is a socket of this machine in place of one inside the tunnel.
func (f *farDoor) Media(context.Context) (net.PacketConn, netip.AddrPort, error) {
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	return c, f.peer, err
}

// stand is a door on a free port with a page's way to it.
type stand struct {
	*Door
	agent *testAgent
	far   *farDoor
	clock *testClock
	port  string
}

func open(t testing.TB) *stand {
	t.Helper()
	s := &stand{far: newFarDoor(t), clock: &testClock{}, agent: &testAgent{
		received: make(chan wire.PageMessage, 16), pictures: make(chan []byte, 16), ended: make(chan error, 16)}}
	d, err := Open(0, Config{Agent: s.agent, Uplink: s.far, Clock: s.clock, User: -1, Bundle: fstest.MapFS{
		"index.html":    {Data: []byte(`<!doctype html><meta property="csp-nonce" nonce="__NONCE__"><title>関所</title><script type="module" src="/assets/app.js" nonce="__NONCE__"></script>`)},
		"assets/app.js": {Data: []byte(`document.title = 'ran ' + self.crossOriginIsolated + ' ' + self.isSecureContext`)},
		".gitkeep":      {Data: []byte{}},
	}, Console: fstest.MapFS{
		"index.html":  {Data: []byte(`<!doctype html><meta property="csp-nonce" nonce="__NONCE__"><title>管理画面</title><script type="module" src="./assets/c.js" nonce="__NONCE__"></script>`)},
		"assets/c.js": {Data: []byte(`document.title = 'console'`)},
		".gitkeep":    {Data: []byte{}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.Door = d
	t.Cleanup(func() { d.Close() })
	_, s.port, _ = net.SplitHostPort(d.host)
	return s
}

// request is one request as our own page makes it; change alters it into an attack.
func (s *stand) request(method, path, body string, change func(*http.Request)) (*http.Response, string) {
	r, err := http.NewRequest(method, "http://127.0.0.1:"+s.port+path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Host = s.host
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	if method != http.MethodGet {
		r.Header.Set("Origin", s.origin)
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return &http.Response{Header: http.Header{}}, err.Error()
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res, string(b)
}

func (s *stand) ticket() string {
	u, err := url.Parse(s.Ticket(""))
	if err != nil {
		panic(err)
	}
	return strings.TrimPrefix(u.Fragment, "ticket=")
}

// bearerFor trades a ticket in.
func (s *stand) bearerFor(t testing.TB, ticket string) string {
	t.Helper()
	res, body := s.request("POST", "/local/v1/bearer", `{"ticket":"`+ticket+`"}`, nil)
	if res.StatusCode != 200 {
		t.Fatalf("bearer: %d %s", res.StatusCode, body)
	}
	return strings.Split(body, `"`)[3]
}

func with(bearer string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+bearer) }
}

// dial opens a WebSocket as our page does.
func (s *stand) dial(ctx context.Context, path string, change func(http.Header)) (*websocket.Conn, *http.Response, error) {
	h := http.Header{"Origin": {s.origin}}
	if change != nil {
		change(h)
	}
	return websocket.Dial(ctx, "ws://127.0.0.1:"+s.port+path, &websocket.DialOptions{Host: s.host, HTTPHeader: h})
}
