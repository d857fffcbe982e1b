package stack

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"

	"github.com/sekisho/sekisho"
)

func randomKey() (k [32]byte) { _, _ = rand.Read(k[:]); return k }

// gateway is the least server: one device, one peer.
func gateway(t *testing.T, peer Peer) (s *Stack, dev *device.Device, public [32]byte, endpoint string) {
	t.Helper()
	s, err := New(Config{Address: gatewayAddr})
	if err != nil {
		t.Fatal(err)
	}
	private := randomKey()
	public, err = PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dev = device.NewDevice(s, conn.NewDefaultBind(), Logger(slog.Default()))
	t.Cleanup(dev.Close)
	if err := dev.IpcSet("private_key=" + hex.EncodeToString(private[:]) + "\nlisten_port=0\n" + peer.Lines()); err != nil {
		t.Fatal(err)
	}
	if err := dev.Up(); err != nil {
		t.Fatal(err)
	}
	text, err := dev.IpcGet()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, "listen_port=")
	port, _, _ := strings.Cut(rest, "\n")
	return s, dev, public, "127.0.0.1:" + port
}

func TestClientReachesTheGateway(t *testing.T) {
	t.Run("WireGuard's bind", func(t *testing.T) { reach(t, nil) })
	t.Run("own bind", func(t *testing.T) { reach(t, NewBind(netip.MustParseAddr("127.0.0.1"))) })
}

func reach(t *testing.T, bind conn.Bind) {
	private, psk := randomKey(), randomKey()
	public, err := PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	server, _, serverKey, endpoint := gateway(t, Peer{Public: public, PSK: psk, Address: netip.PrefixFrom(clientAddr, 32)})
	c, err := NewClient(ClientConfig{PrivateKey: private, ServerKey: serverKey, PSK: psk, Address: clientAddr, Gateway: gatewayAddr, Endpoint: endpoint, Bind: bind})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	far, near := connect(t, server, c.Stack, 80)
	go func() { _, _ = io.Copy(far, far); _ = far.Close() }()
	sent := bytes.Repeat([]byte("関所"), 1<<18)
	go func() { _, _ = near.Write(sent); _ = near.(*Conn).CloseWrite() }()
	got, err := io.ReadAll(near)
	if err != nil || !bytes.Equal(got, sent) {
		t.Fatalf("%d of %d bytes came back, %v", len(got), len(sent), err)
	}
	st := c.Stats()
	if st.LastHandshake.IsZero() || st.Received < uint64(len(sent)) || st.PassedIn == 0 {
		t.Fatalf("%+v", st)
	}
	_ = c.Close()
	if err := c.Up(t.Context()); err == nil {
		t.Fatal("a closed tunnel is up")
	}
	if _, err := c.DialContext(t.Context(), "tcp", "100.64.0.1:80"); !errors.Is(err, net.ErrClosed) {
		t.Fatalf("dial after close: %v", err)
	}
}

// TestClientTellsThatUDPIsBlocked: a socket that swallows everything, and a
// wrong pre-shared key, both end in the same honest answer.
func TestClientTellsThatUDPIsBlocked(t *testing.T) {
	if testing.Short() {
		t.Skip("waits ten seconds")
	}
	hole, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hole.Close() }()
	private := randomKey()
	public, _ := PublicKey(private)
	_, dev, serverKey, endpoint := gateway(t, Peer{Public: public, PSK: randomKey(), Address: netip.PrefixFrom(clientAddr, 32)})
	for name, at := range map[string]string{"black hole": hole.LocalAddr().String(), "other PSK": endpoint} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := NewClient(ClientConfig{PrivateKey: private, ServerKey: serverKey, PSK: randomKey(), Address: clientAddr, Gateway: gatewayAddr, Endpoint: at})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			start := time.Now()
			err = c.Up(t.Context())
			if sekisho.CodeOf(err) != "tunnel.udp_blocked" {
				t.Fatalf("%v after %v", err, time.Since(start))
			}
			if !c.Stats().LastHandshake.IsZero() {
				t.Fatal("a handshake all the same")
			}
		})
	}
	t.Cleanup(func() {
		if p, err := ReadPeers(dev); err != nil || len(p) != 1 || !p[0].LastHandshake.IsZero() {
			t.Errorf("the gateway holds a handshake: %+v %v", p, err)
		}
	})
}

func TestClientConfigIsCheckedAndHidden(t *testing.T) {
	cfg := ClientConfig{PrivateKey: randomKey(), PSK: randomKey(), Address: clientAddr, Gateway: gatewayAddr, Endpoint: "127.0.0.1:1"}
	text := fmt.Sprint(cfg.LogValue(), Peer{PSK: cfg.PSK, Address: netip.PrefixFrom(clientAddr, 32)}.LogValue())
	if strings.Contains(text, hex.EncodeToString(cfg.PSK[:])) {
		t.Fatal(text)
	}
	bad := cfg
	bad.Endpoint = "nowhere"
	if _, err := NewClient(bad); sekisho.CodeOf(err) != "tunnel.endpoint" {
		t.Fatal(err)
	}
	bad = cfg
	bad.Gateway = netip.Addr{}
	if _, err := NewClient(bad); err == nil {
		t.Fatal("no gateway was taken")
	}
	bad = cfg
	bad.Address = netip.Addr{}
	if _, err := NewClient(bad); err == nil {
		t.Fatal("no address was taken")
	}
}
