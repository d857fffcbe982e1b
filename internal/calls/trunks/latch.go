package trunks

import (
	"net/netip"
	"slices"
)

// enough is how many packets in a row a source must send before it is believed.
const enough = 3

// latch learns from where the sound of one leg comes (symmetric RTP, RFC 4961),
// and then holds to it. Whoever sends from elsewhere is foreign.
type latch struct {
	at     netip.AddrPort
	locked bool
	known  [4]uint32 // sources (SSRC) at that address that showed enough packets, the newest first
	count  int       // of them

	next  netip.AddrPort
	cand  uint32
	shown int // packets of cand
}

// admits says whether a packet is taken. Before the third of one source from one
// address nothing is; once locked, another SSRC of the same address must show three
// packets as well, and another address is never taken.
func (l *latch) admits(from netip.AddrPort, source uint32) bool {
	if l.locked {
		if from != l.at {
			return false
		}
		if slices.Contains(l.known[:l.count], source) {
			return true
		}
	}
	if from != l.next || source != l.cand {
		l.next, l.cand, l.shown = from, source, 0
	}
	if l.shown++; l.shown < enough {
		return false
	}
	copy(l.known[1:], l.known[:])
	l.known[0], l.count = source, min(l.count+1, len(l.known))
	l.at, l.locked, l.shown = from, true, 0
	return true
}

// foreign says whether a packet could not be ours, before it is looked at.
func (l *latch) foreign(from netip.AddrPort, permitted func(netip.Addr) bool) bool {
	if l.locked {
		return from != l.at
	}
	return !permitted(from.Addr())
}

// again lets the next source be learned: only a re-INVITE may ask for it.
func (l *latch) again() { *l = latch{} }
