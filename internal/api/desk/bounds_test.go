package desk

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

// half sends the head of a request that announces size bytes, and none of them.
func half(t *testing.T, c *client, method, path string, size int, sign bool) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: gateway\r\nContent-Length: %d\r\n", method, path, size)
	if sign {
		c.next++
		body := strings.TrimPrefix(path, prefix+"evidence/")
		input := wire.RequestToSign{Connection: c.id, Counter: c.next, Method: method, Path: path, Body: body}.SigningInput()
		head += fmt.Sprintf("%s: %s\r\n%s: %d\r\n%s: %s\r\n", wire.HeaderConnection, c.id, wire.HeaderCounter, c.next,
			wire.HeaderSignature, base64.RawURLEncoding.EncodeToString(ed25519.Sign(c.key, input)))
	}
	if _, err := io.WriteString(conn, head+"\r\n"); err != nil {
		t.Fatal(err)
	}
	return conn
}

func status(t *testing.T, conn net.Conn) int {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer before the body: %v", err)
	}
	res.Body.Close()
	return res.StatusCode
}

// Whoever announces 16 MiB and sends none of them learns at once that he is
// refused: the door does not wait for, or make room for, what it cannot take.
func TestDoorRefusesBeforeItReads(t *testing.T) {
	const size = 16 << 20
	evidence := prefix + "evidence/" + hashOf("x")
	for _, tc := range []struct {
		name, method, path string
		size               int
		sign               bool
		want               int
	}{
		{"no signature", "PUT", evidence, size, false, 403},
		{"no route", "PUT", "/x", size, true, 404},
		{"another route", "POST", prefix + "consent", size, true, 413},
		{"larger than any bundle", "PUT", evidence, size + 1, true, 413},
		{"a signature of somebody else", "PUT", evidence, size, true, 403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, c := setUp(t)
			if strings.HasPrefix(tc.name, "a signature") {
				_, c.key, _ = ed25519.GenerateKey(nil)
			}
			if got := status(t, half(t, c, tc.method, tc.path, tc.size, tc.sign)); got != tc.want {
				t.Errorf("%d, want %d", got, tc.want)
			}
			if len(f.reached) > 0 {
				t.Errorf("%v was reached", f.reached)
			}
		})
	}
}

// One PC gets two large bodies at a time, whatever it announces, and others
// still get theirs.
func TestUploadsAreFew(t *testing.T) {
	f, c := setUp(t)
	path := prefix + "evidence/" + hashOf("x")
	f.hold = make(chan struct{})
	for range maxUploadsEach {
		half(t, c, "PUT", path, maxEvidence, true)
	}
	for deadline := time.Now().Add(5 * time.Second); f.held.Load() < maxUploadsEach; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d large bodies were let in", f.held.Load(), maxUploadsEach)
		}
	}
	if code, _ := c.request("PUT", path, "x", nil); code != http.StatusServiceUnavailable {
		t.Fatalf("one PC holds more large bodies than its share: %d", code)
	}
	f.mu.Lock()
	f.caller.Device = "another"
	f.mu.Unlock()
	close(f.hold)
	if code, problem := c.request("PUT", path, "x", nil); code != http.StatusOK {
		t.Errorf("another PC: %d %s", code, problem)
	}
}

// TestSlots: never more than all, never more than each, and what is given back
// once is given back once.
func TestSlots(t *testing.T) {
	s := slots{all: 3, each: 2}
	a1, _ := s.take("a")
	if _, err := s.take("a"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.take("a"); !errors.Is(err, errBusy) {
		t.Error("a third of one PC")
	}
	if _, err := s.take("b"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.take("c"); !errors.Is(err, errBusy) {
		t.Error("a fourth of all")
	}
	a1()
	a1()
	if _, err := s.take("c"); err != nil {
		t.Error("what was given back is not there")
	}
	if _, err := s.take("b"); !errors.Is(err, errBusy) {
		t.Error("given back twice")
	}
}

// A body that does not come ends with its time.
func TestSlowBodiesEnd(t *testing.T) {
	f := &fake{clk: clock.NewFake(time.Time{})}
	if s := New(Districts{Gate: f, Faces: f, Posture: f, Guard: f, Road: f, Clock: f.clk, Log: f, Shared: &sharer{}}).Server(); s.ReadTimeout <= 0 || s.ReadTimeout > 30*time.Second || s.ReadHeaderTimeout <= 0 {
		t.Errorf("whoever sends nothing may stay for %v", s.ReadTimeout)
	}
}

func TestRates(t *testing.T) {
	f, c := setUp(t)
	flood := func(method, path, body string, most int) {
		t.Helper()
		f.mu.Lock()
		f.rows, f.reached = nil, nil
		f.mu.Unlock()
		for range most + 20 {
			code, problem := c.request(method, path, body, nil)
			if code != http.StatusOK && problem != "request.busy" {
				t.Fatalf("%d %s", code, problem)
			}
		}
		if len(f.reached) != most {
			t.Errorf("%s %s passed %d times at once, want %d", method, path, len(f.reached), most)
		}
		if len(f.rows) != 1 || f.rows[0].Kind != "door.flooded" {
			t.Errorf("%d rows of a flood: %v", len(f.rows), f.rows)
		}
		f.clk.Advance(time.Hour)
	}
	flood("GET", prefix+"me", "", 120)
	flood("POST", prefix+"consent", `{"version":1,"accept":true}`, 10)
	f.clk.Advance(time.Minute)
	if code, _ := c.request("POST", prefix+"consent", `{"version":1,"accept":true}`, nil); code != http.StatusOK {
		t.Error("held up for ever")
	}
}

// A new connection of the same PC brings no new share.
func TestRatesArePCs(t *testing.T) {
	f, c := setUp(t)
	for range 10 {
		c.request("POST", prefix+"consent", `{"version":1,"accept":true}`, nil)
	}
	id := wire.NewID()
	f.mu.Lock()
	f.caller.Connection = sekisho.ConnectionID(id)
	f.mu.Unlock()
	c.id, c.next = sekisho.ConnectionID(id), 0
	if code, problem := c.request("POST", prefix+"consent", `{"version":1,"accept":true}`, nil); problem != "request.busy" {
		t.Errorf("%d %s", code, problem)
	}
}

// Refusals are one row a second from one PC, and one that says there were more.
func TestRefusalsDoNotFloodTheLog(t *testing.T) {
	f, c := setUp(t)
	for range 100 { // below the rate of requests
		c.request("GET", prefix+"me", "", func(r *http.Request) { r.Header.Del(wire.HeaderSignature) })
	}
	kinds := map[string]int{}
	for _, e := range f.rows {
		kinds[e.Kind]++
	}
	if kinds["door.refused"] != 60 || kinds["door.flooded"] != 1 {
		t.Errorf("%v", kinds)
	}
}
