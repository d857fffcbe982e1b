package stack

import (
	"crypto/ecdh"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.zx2c4.com/wireguard/device"
)

// PublicKey is the X25519 public key of a WireGuard private key.
func PublicKey(private [32]byte) (public [32]byte, err error) {
	k, err := ecdh.X25519().NewPrivateKey(private[:])
	if err != nil {
		return public, fmt.Errorf("stack: private key: %w", err)
	}
	return [32]byte(k.PublicKey().Bytes()), nil
}

// Peer is one far end as WireGuard is told of it.
type Peer struct {
	Public    [32]byte
	PSK       [32]byte
	Address   netip.Prefix   // the only source address accepted from it, and the route to it
	Endpoint  netip.AddrPort // where it is; zero: it will call
	Keepalive time.Duration  // 0: none
}

// Lines writes the peer in WireGuard's configuration protocol. They hold the
// pre-shared key: never log them.
func (p Peer) Lines() string {
	var b strings.Builder
	line := func(k, v string) { b.WriteString(k + "=" + v + "\n") }
	line("public_key", hex.EncodeToString(p.Public[:]))
	line("preshared_key", hex.EncodeToString(p.PSK[:]))
	line("replace_allowed_ips", "true")
	line("allowed_ip", p.Address.String())
	if p.Endpoint.IsValid() {
		line("endpoint", p.Endpoint.String())
	}
	if p.Keepalive > 0 {
		line("persistent_keepalive_interval", strconv.Itoa(int(p.Keepalive/time.Second)))
	}
	return b.String()
}

// LogValue hides the keys.
func (p Peer) LogValue() slog.Value { return slog.StringValue("peer " + p.Address.String()) }

// PeerStats is what WireGuard knows of one peer.
type PeerStats struct {
	Public        [32]byte
	LastHandshake time.Time // zero: never
	Received      uint64    // bytes, with WireGuard's own
	Sent          uint64
	Endpoint      string
}

// ReadPeers asks a device for its peers.
func ReadPeers(dev *device.Device) ([]PeerStats, error) {
	text, err := dev.IpcGet()
	if err != nil {
		return nil, fmt.Errorf("stack: read peers: %w", err)
	}
	var out []PeerStats
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if key == "public_key" {
			var p PeerStats
			if _, err := hex.Decode(p.Public[:], []byte(value)); err != nil {
				return nil, fmt.Errorf("stack: read peers: %w", err)
			}
			out = append(out, p)
		}
		if len(out) == 0 {
			continue
		}
		last := &out[len(out)-1]
		switch key {
		case "endpoint":
			last.Endpoint = value
		case "last_handshake_time_sec":
			if n, _ := strconv.ParseInt(value, 10, 64); n != 0 {
				last.LastHandshake = time.Unix(n, 0)
			}
		case "last_handshake_time_nsec":
			if n, _ := strconv.ParseInt(value, 10, 64); n != 0 {
				last.LastHandshake = last.LastHandshake.Add(time.Duration(n))
			}
		case "rx_bytes":
			last.Received, _ = strconv.ParseUint(value, 10, 64)
		case "tx_bytes":
			last.Sent, _ = strconv.ParseUint(value, 10, 64)
		}
	}
	return out, nil
}

// Logger passes WireGuard's errors on; its chatter of single packets is dropped.
func Logger(log *slog.Logger) *device.Logger {
	return &device.Logger{
		Verbosef: device.DiscardLogf,
		Errorf: func(format string, args ...any) {
			log.Warn("wireguard", "message", fmt.Sprintf(format, args...))
		},
	}
}
