package desktops

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
)

// rules say which addresses a desktop may have. They are asked for what an
// administrator writes, and again for what a name was resolved to.
type rules struct {
	loopback bool                         // this machine itself is allowed
	own      func() ([]netip.Addr, error) // the addresses of this machine
}

// tunnels are the operators' own addresses: the gateway never calls a PC.
var tunnels = netip.MustParsePrefix("100.64.0.0/10")

// nat64 embeds an IPv4 address in its last four bytes (RFC 6052 §2.1).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// elsewhere are addresses that lead to somewhere else than they seem to, or to
// the machine's own surroundings.
var elsewhere = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),          // this network (RFC 6890): 0.0.0.1 is nobody
	netip.MustParsePrefix("255.255.255.255/32"), // broadcast
	tunnels,
	netip.MustParsePrefix("::/96"),          // IPv4-compatible, deprecated: any IPv4 address (RFC 4291 §2.5.5.1)
	netip.MustParsePrefix("64:ff9b:1::/48"), // a site's own NAT64: what it embeds is not known here (RFC 8215)
	netip.MustParsePrefix("2002::/16"),      // 6to4, deprecated: any IPv4 address (RFC 7526)
	netip.MustParsePrefix("2001::/32"),      // Teredo: any IPv4 address (RFC 4380)
	// Services of clouds that hand out secrets to whoever asks from the machine.
	netip.MustParsePrefix("fd00:ec2::/32"),    // Amazon's, by IPv6
	netip.MustParsePrefix("fd20:ce::254/128"), // Google's, by IPv6
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's
	netip.MustParsePrefix("192.0.0.192/32"),   // Oracle's
}

// judge refuses addresses that no desktop has: nowhere, everywhere, the link's
// own services (cloud metadata among them), the operators' tunnels, this
// machine, and forms that embed one of those.
func (r rules) judge(a netip.Addr) error {
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !a.IsValid() || a.Zone() != "" || a.IsUnspecified() || a.IsMulticast() || a.IsLinkLocalUnicast() {
		return errForbidden
	}
	if a.IsLoopback() {
		if r.loopback {
			return nil
		}
		return errForbidden.Because(fmt.Errorf("desktops: %s is this machine", a))
	}
	if slices.ContainsFunc(elsewhere, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return errForbidden
	}
	if r.loopback {
		return nil
	}
	own, err := r.own()
	if err != nil {
		return errForbidden.Because(fmt.Errorf("desktops: this machine's addresses: %w", err))
	}
	if slices.Contains(own, a) {
		return errForbidden.Because(fmt.Errorf("desktops: %s is this machine", a))
	}
	return nil
}

// dialled is asked for the address itself, after names were resolved.
func (r rules) dialled(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	a, err := netip.ParseAddr(host)
	if err == nil {
		err = r.judge(a)
	}
	if err != nil {
		return errForbidden.Because(fmt.Errorf("desktops: resolved to %s: %w", address, err))
	}
	return nil
}

// ownAddresses are those of this machine's interfaces as they are now: they
// change while a server runs.
func ownAddresses() (out []netip.Addr, err error) {
	list, err := net.InterfaceAddrs()
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				out = append(out, ip.Unmap())
			}
		}
	}
	return out, err
}
