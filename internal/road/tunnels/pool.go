package tunnels

import (
	"net/netip"

	"github.com/sekisho/sekisho"
)

// pool gives out the addresses of a prefix one after the other and starts
// again at its end, so that an address that was given back rests longest. The
// caller holds the lock.
type pool struct {
	prefix netip.Prefix
	next   netip.Addr
	used   map[netip.Addr]bool
}

func newPool(prefix netip.Prefix, gateway netip.Addr) *pool {
	prefix = prefix.Masked()
	return &pool{prefix: prefix, next: prefix.Addr(), used: map[netip.Addr]bool{
		prefix.Addr(): true, // the network's own
		gateway:       true,
	}}
}

func (p *pool) take() (netip.Addr, error) {
	size := 1 << min(32-p.prefix.Bits(), 24)
	for range size {
		a := p.next
		p.next = a.Next()
		if !p.next.IsValid() || !p.prefix.Contains(p.next) {
			p.next = p.prefix.Addr()
		}
		last := !p.prefix.Contains(a.Next()) // broadcast
		if !last && !p.used[a] {
			p.used[a] = true
			return a, nil
		}
	}
	return netip.Addr{}, sekisho.Fail(sekisho.KindBusy, "tunnel.full")
}

func (p *pool) give(a netip.Addr) { delete(p.used, a) }
