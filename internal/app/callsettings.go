package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"

	"github.com/sekisho/sekisho/internal/calls/trunks"
)

// CallSettings are the [calls] of sekisho.toml. Without an address to listen on
// there are no trunks; trunks, numbers, flows and queues are data.
type CallSettings struct {
	UDP     string `toml:"udp"` // host:port on which SIP is taken; "" not at all
	TCP     string `toml:"tcp"`
	TLS     string `toml:"tls"`     // with the console's certificate
	Bind    string `toml:"bind"`    // address on which sound is received
	Public  string `toml:"public"`  // address that peers send sound to
	First   uint16 `toml:"first"`   // ports of sound
	Last    uint16 `toml:"last"`    // the last of them
	Country string `toml:"country"` // country code of short numbers
	// AllowLoopback lets look-ups of call flows reach this machine itself.
	AllowLoopback bool `toml:"allow_loopback"`
}

func defaultCalls() CallSettings {
	return CallSettings{Bind: "0.0.0.0", First: 10_000, Last: 19_999, Country: "81"}
}

func (s CallSettings) open() bool { return s.UDP != "" || s.TCP != "" || s.TLS != "" }

func (s CallSettings) check() error {
	for name, addr := range map[string]string{"calls.udp": s.UDP, "calls.tcp": s.TCP, "calls.tls": s.TLS} {
		if _, _, err := net.SplitHostPort(addr); addr != "" && err != nil {
			return fmt.Errorf("%s must be host:port, not %q", name, addr)
		}
	}
	if !s.open() {
		return nil
	}
	if _, err := netip.ParseAddr(s.Bind); err != nil {
		return fmt.Errorf("calls.bind must be an address, not %q", s.Bind)
	}
	if a, err := netip.ParseAddr(s.Public); err != nil || a.IsUnspecified() {
		return fmt.Errorf("calls.public must be the address that carriers send sound to, not %q", s.Public)
	}
	if s.First < 1024 || s.Last <= s.First+8 {
		return errors.New("calls.first and calls.last must name a range of ports above 1023")
	}
	return nil
}

// trunks is what the room needs to know of this node.
func (s CallSettings) trunks() trunks.Config {
	c := trunks.Config{UDP: s.UDP, TCP: s.TCP, TLS: s.TLS, FirstPort: s.First, LastPort: s.Last, Country: s.Country, Bind: netip.IPv4Unspecified(), Public: netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	if a, err := netip.ParseAddr(s.Bind); err == nil {
		c.Bind = a
	}
	if a, err := netip.ParseAddr(s.Public); err == nil {
		c.Public = a
	}
	return c
}

// recordingsFolder is where sealed recordings lie.
func (h *House) recordingsFolder() string { return filepath.Join(h.settings.Data, "recordings") }
