package localdoor

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"

	"github.com/sekisho/sekisho/internal/wire"
)

// echoing is a peer for sound that sends back what it hears.
func echoing(t *testing.T) (netip.AddrPort, net.PacketConn) {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(buf[:n], from)
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return c.LocalAddr().(*net.UDPAddr).AddrPort(), c
}

// telephone asks the door for a relay as the page does.
func (s *stand) telephone(t *testing.T, bearer string) (out wire.LocalRelay, status int, body string) {
	t.Helper()
	res, body := s.request("POST", "/local/v1/phone", "", with(bearer))
	if res.StatusCode == 200 {
		if err := json.Unmarshal([]byte(body), &out); err != nil {
			t.Fatal(err)
		}
	}
	return out, res.StatusCode, body
}

// page is a browser's TURN client over TCP.
func turnClient(t *testing.T, r wire.LocalRelay) (*turn.Client, net.Conn) {
	t.Helper()
	addr := strings.TrimSuffix(strings.TrimPrefix(r.URLs[0], "turn:"), "?transport=tcp")
	conn, err := net.Dial("tcp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	quiet := logging.NewDefaultLoggerFactory()
	quiet.DefaultLogLevel = logging.LogLevelDisabled
	c, err := turn.NewClient(&turn.ClientConfig{
		TURNServerAddr: addr, STUNServerAddr: addr, Conn: turn.NewSTUNConn(conn), Username: r.Username, Password: r.Credential, LoggerFactory: quiet, RTO: 200 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); conn.Close() })
	return c, conn
}

func echoed(c net.PacketConn, to netip.AddrPort, text string) error {
	if _, err := c.WriteTo([]byte(text), net.UDPAddrFromAddrPort(to)); err != nil {
		return err
	}
	_ = c.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	buf := make([]byte, 100)
	n, _, err := c.ReadFrom(buf)
	if err == nil && string(buf[:n]) != text {
		err = errors.New("another answer: " + string(buf[:n]))
	}
	return err
}

// Sound goes to the one peer; another address and another port do not exist.
func TestRelayHasOnePeer(t *testing.T) {
	s := open(t)
	s.far.peer, _ = echoing(t)
	other, _ := echoing(t)
	r, status, body := s.telephone(t, s.bearerFor(t, s.ticket()))
	if status != 200 || !strings.HasPrefix(r.URLs[0], "turn:127.0.0.1:") {
		t.Fatal(status, body)
	}
	c, _ := turnClient(t, r)
	relayed, err := c.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer relayed.Close()
	if err := echoed(relayed, s.far.peer, "sound"); err != nil {
		t.Error(err)
	}
	if err := echoed(relayed, other, "elsewhere"); err == nil {
		t.Error("another port of the same address was reached")
	}
	if err := echoed(relayed, netip.MustParseAddrPort("127.0.0.2:9"), "elsewhere"); err == nil {
		t.Error("another address was reached")
	}
	if err := echoed(relayed, s.far.peer, "still"); err != nil {
		t.Error(err)
	}
	if _, err := c.AllocateTCP(); err == nil {
		t.Error("a TCP allocation was made")
	}
}

func TestRelayRefuses(t *testing.T) {
	s := open(t)
	s.far.peer, _ = echoing(t)
	if _, status, _ := s.telephone(t, "no bearer"); status != 403 {
		t.Errorf("without a bearer: %d", status)
	}
	bearer := s.bearerFor(t, s.ticket())
	s.far.live.Store(false)
	if _, status, body := s.telephone(t, bearer); status != 403 || !strings.Contains(body, "session.required") {
		t.Errorf("without a session: %d %s", status, body)
	}
	s.far.live.Store(true)
	r, _, _ := s.telephone(t, bearer)
	wrong := r
	wrong.Credential = "x" + r.Credential[1:]
	c, _ := turnClient(t, wrong)
	if _, err := c.Allocate(); err == nil {
		t.Error("a wrong credential opened the relay")
	}
	for i := range mostAllocations + 1 {
		c, _ := turnClient(t, r)
		relayed, err := c.Allocate()
		if (err == nil) != (i < mostAllocations) {
			t.Errorf("allocation %d: %v", i, err)
		}
		if err == nil {
			defer relayed.Close()
		}
	}
	// The newest page wins: its predecessor's credentials are void, and its relay is gone.
	second := s.bearerFor(t, s.ticket())
	if _, status, _ := s.telephone(t, bearer); status != 403 {
		t.Errorf("a replaced page: %d", status)
	}
	if conn, err := net.Dial("tcp4", strings.TrimSuffix(strings.TrimPrefix(r.URLs[0], "turn:"), "?transport=tcp")); err == nil {
		conn.Close()
		t.Error("the replaced page's relay still listens")
	}
	if again, status, _ := s.telephone(t, second); status != 200 || again.Credential == r.Credential {
		t.Errorf("the newer page: %d", status)
	}
}

// At the first bad verdict the relay is gone, with all that was under way; port and
// goroutines come back.
func TestAbortEndsTheRelay(t *testing.T) {
	s := open(t)
	s.far.peer, _ = echoing(t)
	bearer := s.bearerFor(t, s.ticket())
	before := runtime.NumGoroutine()
	r, _, _ := s.telephone(t, bearer)
	addr := strings.TrimSuffix(strings.TrimPrefix(r.URLs[0], "turn:"), "?transport=tcp")
	c, conn := turnClient(t, r)
	relayed, err := c.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	if err := echoed(relayed, s.far.peer, "sound"); err != nil {
		t.Fatal(err)
	}
	s.far.live.Store(false)
	s.Abort()
	if err := echoed(relayed, s.far.peer, "after"); err == nil {
		t.Error("sound came after the abort")
	}
	relayed.Close()
	c.Close()
	conn.Close()
	l, err := net.Listen("tcp4", addr)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	for limit := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

// The page may use camera and microphone itself; nobody else may, and nothing more.
func TestThePageMayUseTheMicrophoneAlone(t *testing.T) {
	s := open(t)
	res, _ := s.request("GET", "/", "", func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "none")
		r.Header.Set("Sec-Fetch-Dest", "document")
	})
	policy := res.Header.Get("Permissions-Policy")
	for _, part := range []string{"camera=(self)", "microphone=(self)", "display-capture=()", "geolocation=()", "usb=()", "serial=()", "hid=()", "clipboard-read=()"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s is missing: %s", part, policy)
		}
	}
	if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "connect-src 'self' ws://"+s.host+";") || strings.Contains(csp, "turn:") {
		t.Error(csp)
	}
}
