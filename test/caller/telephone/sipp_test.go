package telephone

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// free gives a UDP port that nobody holds, and whose next two nobody holds either.
func free(t *testing.T) int {
	t.Helper()
	for range 50 {
		var held []*net.UDPConn
		conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		port := conn.LocalAddr().(*net.UDPAddr).Port
		held = append(held, conn)
		for _, next := range []int{1, 2} {
			if conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port + next}); err == nil {
				held = append(held, conn)
			}
		}
		for _, conn := range held {
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if len(held) == 3 && port%2 == 0 {
			return port
		}
	}
	t.Fatal("no three ports in a row are free")
	return 0
}

// SIPp takes the call, without telephone-event, and sends back what it hears: the
// keys were pressed as sound.
func TestWithSIPp(t *testing.T) {
	path, err := exec.LookPath("sipp")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("sip-tester is not installed")
	}
	at, media := free(t), free(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-sn", "uas", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", strconv.Itoa(at), "-mp", strconv.Itoa(media), "-m", "1", "-rtp_echo", "-nostdin")
	cmd.Env = append(cmd.Environ(), "TERM=dumb")
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var call Call
	for call.Status == 0 && ctx.Err() == nil { // until SIPp listens
		try, stop := context.WithTimeout(ctx, 10*time.Second)
		call, err = Ring(try, Options{To: "sip:0312345678@127.0.0.1:" + strconv.Itoa(at), From: "09012345678", Press: "159#", After: 200 * time.Millisecond, Hold: 2 * time.Second})
		stop()
	}
	if err != nil || call.Status != 200 || call.Ringing == 0 {
		t.Fatalf("%d after %v: %v", call.Status, call.Ringing, err)
	}
	var keys []byte
	for _, p := range new(sound.Detector).Hear(call.Heard) {
		if p.Down {
			keys = append(keys, p.Key)
		}
	}
	if string(keys) != "159#" {
		t.Errorf("heard %q of %d samples", keys, len(call.Heard))
	}
	if err := <-ended; err != nil {
		t.Errorf("SIPp was not content: %v", err)
	}
}
