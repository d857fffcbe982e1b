package flows

import (
	"net/netip"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/twin/stack"
)

// door says whether a port is one of ours and whether quarantine may use it.
func (f *Flows) door(proto uint8, port uint16) (quarantine, ours bool) {
	for _, d := range f.doors { // three: faster than a map
		if d.Port == port && d.Proto == proto {
			return d.Quarantine, true
		}
	}
	return false, false
}

// look is one look at the leases, good for packets that cross together: the
// book is asked once for each PC among them. What CloseSession and Disconnect
// mark is seen by each packet all the same.
type look struct {
	f     *Flows
	seat  *seat
	alive uint64
}

// Batch gives a gate for packets that cross together.
func (f *Flows) Batch() stack.Gate { return &look{f: f} }

// Inbound decides over one packet from a PC.
func (f *Flows) Inbound(p []byte) bool { return (&look{f: f}).Inbound(p) }

// Outbound decides over one packet to a PC.
func (f *Flows) Outbound(p []byte) bool { return (&look{f: f}).Outbound(p) }

// passes says whether a flow of epoch may carry anything at this moment.
func (f *Flows) passes(s *seat, epoch uint64) bool { return (&look{f: f}).passes(s, epoch) }

func (l *look) passes(s *seat, epoch uint64) bool {
	return !s.gone.Load() && (epoch == 0 || epoch == l.live(s))
}

// live is the epoch that is alive at s, 0 in quarantine.
func (l *look) live(s *seat) uint64 {
	if l.seat != s {
		l.seat = s
		l.alive, _ = l.f.leases.Alive(s.addr)
	}
	if l.alive <= s.ended.Load() || s.gone.Load() {
		return 0
	}
	return l.alive
}

// Inbound decides over a packet from a PC.
func (l *look) Inbound(p []byte) bool {
	f := l.f
	k, ok := stack.ParsePacket(p)
	if !ok {
		f.count(malformed)
		return false
	}
	s := f.seats.get(k.Src.Addr())
	if s == nil {
		f.count(spoofed)
		return false
	}
	if k.Dst.Addr() != f.gateway {
		f.refuse(s, sideways, k)
		return false
	}
	quarantine, ours := f.door(k.Proto, k.Dst.Port())
	if !ours {
		f.refuse(s, closedPort, k)
		return false
	}
	if k.Proto == stack.ProtoUDP {
		return l.udp(s, quarantine)
	}
	why, pass := l.inboundTCP(s, k, quarantine)
	if !pass {
		f.reset(k)
		f.refuse(s, why, k)
	}
	return pass
}

// udp has no flows: what a door needs is asked for each datagram.
func (l *look) udp(s *seat, quarantine bool) bool {
	if s.gone.Load() || (!quarantine && l.live(s) == 0) {
		l.f.count(deadLease)
		return false
	}
	return true
}

// inboundTCP keeps the records: a SYN makes one and fixes its epoch for ever.
func (l *look) inboundTCP(s *seat, k stack.Packet, quarantine bool) (reason, bool) {
	id := key{k.Src.Port(), k.Dst.Port()}
	var stale *Conn // to be reset once the lock is free
	defer func() {
		if stale != nil {
			stale.Reset()
		}
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[id]
	if k.Flags&(stack.FlagSYN|stack.FlagACK|stack.FlagRST|stack.FlagFIN) == stack.FlagSYN {
		now := l.f.clk.Mono()
		if r != nil && (r.bye || r.closed || r.over(now)) {
			stale = r.conn // whatever it still holds must not go out under the new record
			delete(s.records, id)
			r = nil
		}
		if r == nil {
			if len(s.records) >= maxFlows {
				if stale = s.makeRoom(now); len(s.records) >= maxFlows {
					return crowded, false
				}
			}
			epoch := l.live(s)
			if epoch == 0 && !quarantine {
				return deadLease, false
			}
			r = &record{epoch: epoch, since: now}
			s.records[id] = r
		}
	}
	if r == nil {
		return noFlow, false
	}
	if k.Flags&(stack.FlagFIN|stack.FlagRST) != 0 {
		r.bye = true
	}
	if !l.passes(s, r.epoch) {
		return deadLease, false
	}
	return 0, true
}

// Outbound decides over a packet to a PC.
func (l *look) Outbound(p []byte) bool {
	f := l.f
	k, ok := stack.ParsePacket(p)
	if !ok {
		f.count(malformed) // our own stack's ICMP: closed ports stay silent
		return false
	}
	s := f.seats.get(k.Dst.Addr())
	if s == nil || k.Src.Addr() != f.gateway {
		f.count(sideways)
		return false
	}
	if k.Proto == stack.ProtoTCP && k.Flags&stack.FlagRST != 0 && k.Payload == 0 {
		return true // our resets pass a dead lease
	}
	quarantine, ours := f.door(k.Proto, k.Src.Port())
	if !ours {
		f.count(closedPort)
		return false
	}
	if k.Proto == stack.ProtoUDP {
		return l.udp(s, quarantine)
	}
	s.mu.Lock()
	r := s.records[key{k.Dst.Port(), k.Src.Port()}]
	s.mu.Unlock()
	if r == nil {
		f.count(noFlow)
		return false
	}
	if !l.passes(s, r.epoch) { // epoch never changes: no lock needed
		f.count(deadLease)
		return false
	}
	return true
}

func (f *Flows) count(why reason) { f.dropped[why].Add(1) }

// noteEvery bounds the audit rows that one PC's attempts can cause.
const noteEvery = time.Minute

// refuse counts a packet of a known PC and writes attempts to the audit log:
// at most one row a minute, PC and reason, with how many there were. Packets
// that come late to a closed flow are no attempt.
func (f *Flows) refuse(s *seat, why reason, k stack.Packet) {
	f.count(why)
	if why == deadLease || why == noFlow {
		return
	}
	now := f.clk.Mono()
	s.mu.Lock()
	s.unnoted[why]++
	n := s.unnoted[why]
	due := s.noted[why] == 0 || now-s.noted[why] >= noteEvery
	if due {
		s.noted[why], s.unnoted[why] = max(now, 1), 0
	}
	s.mu.Unlock()
	if !due {
		return
	}
	f.audit.Afterwards(s.refusedRow(why, n, map[string]string{"protocol": protoName(k.Proto), "to": target(k.Dst, f.gateway)}))
}

// refusedRow is the audit row of n attempts.
func (s *seat) refusedRow(why reason, n uint64, detail map[string]string) audit.Event {
	detail["packets"] = strconv.FormatUint(n, 10)
	return audit.Event{
		Kind: "flows.refused", Actor: audit.Actor{Process: "server"},
		Object:   audit.Object{Type: "connection", ID: string(s.connection)},
		Decision: audit.Deny, Reason: reasonNames[why], Detail: detail,
	}
}

// noteRest writes the attempts that no row has told of yet.
func (f *Flows) noteRest(s *seat) {
	s.mu.Lock()
	rest := s.unnoted
	s.unnoted = [reasons]uint64{}
	s.mu.Unlock()
	for why, n := range rest {
		if n > 0 {
			f.audit.Afterwards(s.refusedRow(reason(why), n, map[string]string{}))
		}
	}
}

func protoName(p uint8) string {
	if p == stack.ProtoTCP {
		return "tcp"
	}
	return "udp"
}

// target names where a packet went, without numbering the inside for readers.
func target(to netip.AddrPort, gateway netip.Addr) string {
	port := strconv.Itoa(int(to.Port()))
	if to.Addr() == gateway {
		return "gateway:" + port
	}
	return to.Addr().String() + ":" + port
}
