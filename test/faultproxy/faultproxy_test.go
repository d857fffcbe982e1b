package faultproxy

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// echo answers every datagram with itself.
func echo(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	go func() {
		b := make([]byte, 2048)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(b[:n], from)
		}
	}()
	return c.LocalAddr().String()
}

func dialUDP(t *testing.T, up, down Faults) (*UDP, net.Conn) {
	t.Helper()
	p, err := NewUDP(echo(t), 7, up, down)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	c, err := net.Dial("udp4", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return p, c
}

// ask sends a number and says how long each answer took.
func ask(t *testing.T, c net.Conn, number uint32, patience time.Duration) (answers []time.Duration) {
	t.Helper()
	start := time.Now()
	if _, err := c.Write(binary.BigEndian.AppendUint32(nil, number)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 16)
	for {
		_ = c.SetReadDeadline(start.Add(patience))
		n, err := c.Read(b)
		if err != nil {
			return answers
		}
		if n == 4 && binary.BigEndian.Uint32(b) == number {
			answers = append(answers, time.Since(start))
		}
	}
}

func TestUDPFaults(t *testing.T) {
	p, c := dialUDP(t, Faults{}, Faults{})
	if n := len(ask(t, c, 1, 200*time.Millisecond)); n != 1 {
		t.Fatalf("perfect network: %d answers", n)
	}
	p.Set(Faults{Blackhole: true}, Faults{})
	if n := len(ask(t, c, 2, 200*time.Millisecond)); n != 0 {
		t.Fatalf("black hole: %d answers", n)
	}
	p.Set(Faults{Duplicate: 1}, Faults{Duplicate: 1})
	if n := len(ask(t, c, 3, 200*time.Millisecond)); n != 4 {
		t.Fatalf("doubled both ways: %d answers", n)
	}
	p.Set(Faults{Delay: 60 * time.Millisecond}, Faults{Delay: 60 * time.Millisecond})
	got := ask(t, c, 4, time.Second)
	if len(got) != 1 || got[0] < 120*time.Millisecond {
		t.Fatalf("delayed: %v", got)
	}
}

func TestUDPReorder(t *testing.T) {
	p, c := dialUDP(t, Faults{Reorder: 1, ReorderBy: 50 * time.Millisecond}, Faults{})
	_, _ = c.Write([]byte{1})
	for { // the first is held before the second is sent
		if up, _ := p.Counts(); up.Held == 1 {
			break
		}
	}
	p.Set(Faults{}, Faults{})
	p.Set(Faults{Delay: time.Millisecond}, Faults{})
	_, _ = c.Write([]byte{2})
	b := make([]byte, 1)
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	for _, want := range []byte{2, 1} {
		if _, err := c.Read(b); err != nil || b[0] != want {
			t.Fatalf("got %d, want %d, %v", b[0], want, err)
		}
	}
}

func TestSameSeedSameFate(t *testing.T) {
	run := func(seed uint64) (lost []bool) {
		s, dice := newSide(Faults{Loss: 0.3}), rand.New(rand.NewPCG(seed, 1))
		for range 200 {
			lost = append(lost, len(s.fate(dice, nil)) == 0)
		}
		return lost
	}
	a, b, c := run(1), run(1), run(2)
	same := func(x, y []bool) bool {
		for i := range x {
			if x[i] != y[i] {
				return false
			}
		}
		return true
	}
	if !same(a, b) || same(a, c) {
		t.Fatal("the seed does not decide")
	}
	n := 0
	for _, l := range a {
		if l {
			n++
		}
	}
	if n < 40 || n > 80 {
		t.Fatalf("%d of 200 lost at 30 %%", n)
	}
}

func TestTCPFaults(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	p, err := NewTCP(l.Addr().String(), Faults{Delay: 50 * time.Millisecond}, Faults{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	sent := bytes.Repeat([]byte("x"), 1<<20)
	start := time.Now()
	go func() { _, _ = c.Write(sent); _ = c.(*net.TCPConn).CloseWrite() }()
	got, err := io.ReadAll(c)
	if err != nil || len(got) != len(sent) || time.Since(start) < 50*time.Millisecond {
		t.Fatalf("%d bytes in %v, %v", len(got), time.Since(start), err)
	}
	if c, err = net.Dial("tcp", p.Addr()); err != nil {
		t.Fatal(err)
	}
	p.Set(Faults{Blackhole: true}, Faults{})
	_, _ = c.Write([]byte("a"))
	_ = c.SetReadDeadline(time.Now().Add(150 * time.Millisecond))
	if n, _ := c.Read(make([]byte, 1)); n != 0 {
		t.Fatal("a stalled stream moved")
	}
	p.Set(Faults{}, Faults{})
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if n, err := c.Read(make([]byte, 1)); n != 1 {
		t.Fatal("it did not go on", err)
	}
	p.Cut()
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Fatal("the cut was not felt")
	}
}
