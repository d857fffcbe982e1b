package trunks

import "net/netip"

// enough is how many packets in a row a source must send before it is believed.
const enough = 3

// latch learns from where the sound of one leg comes (symmetric RTP, RFC 4961),
// and then holds to it. Whoever sends from elsewhere is foreign.
type latch struct {
	at     netip.AddrPort
	source uint32 // SSRC
	locked bool

	next  netip.AddrPort
	cand  uint32
	count int
}

// admits says whether a packet is taken. Before the third of one source from one
// address nothing is; once locked, another SSRC of the same address must show
// three packets as well, and another address is never taken.
func (l *latch) admits(from netip.AddrPort, source uint32) bool {
	if l.locked {
		if from != l.at {
			return false
		}
		if source == l.source {
			l.count = 0
			return true
		}
	}
	if from != l.next || source != l.cand || l.count == 0 {
		l.next, l.cand, l.count = from, source, 0
	}
	if l.count++; l.count < enough {
		return false
	}
	l.at, l.source, l.locked, l.count = from, source, true, 0
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
