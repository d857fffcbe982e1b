package flows

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
)

// seat is one joined address: a PC in its tunnel.
type seat struct {
	addr       netip.Addr
	connection sekisho.ConnectionID
	ended      atomic.Uint64 // the newest epoch that was closed: it and all before it are dead, but for 0
	gone       atomic.Bool   // left: nothing passes any more

	mu      sync.Mutex // of what follows; never held while a connection is reset
	records map[key]*record
	flows   map[*Flow]struct{}     // registered uses of the connections
	noted   [reasons]time.Duration // when a refusal was last written to the audit log; 0 never
	unnoted [reasons]uint64        // refusals since
}

// makeRoom forgets connections that are over and, if that is not enough, the
// one that we closed longest ago: it is given back to be reset. The caller
// holds s.mu.
func (s *seat) makeRoom(now time.Duration) *Conn {
	var oldest key
	var last *record
	for k, r := range s.records {
		if r.over(now) {
			delete(s.records, k)
		} else if r.closed && (last == nil || r.since < last.since) {
			oldest, last = k, r
		}
	}
	if len(s.records) < maxFlows || last == nil {
		return nil
	}
	delete(s.records, oldest)
	return last.conn
}

// over says that nothing of a connection can be under way any more.
func (r *record) over(now time.Duration) bool {
	return (r.conn == nil || r.closed) && now-r.since > lingering
}

// table finds seats by address without a lock: it is read for every packet.
// Pages of 256 addresses are made when the first of them joins.
type table struct {
	base  uint32
	pages []atomic.Pointer[page]
}

type page [256]atomic.Pointer[seat]

func newTable(p netip.Prefix) *table {
	size := uint64(1) << (32 - p.Bits())
	return &table{base: number(p.Masked().Addr()), pages: make([]atomic.Pointer[page], (size+255)/256)}
}

func number(a netip.Addr) uint32 { b := a.As4(); return binary.BigEndian.Uint32(b[:]) }

func (t *table) slot(a netip.Addr, make bool) *atomic.Pointer[seat] {
	if !a.Is4() {
		return nil
	}
	n := number(a) - t.base // wraps to something large below the base
	if int64(n>>8) >= int64(len(t.pages)) {
		return nil
	}
	p := &t.pages[n>>8]
	if make {
		p.CompareAndSwap(nil, new(page))
	}
	if pg := p.Load(); pg != nil {
		return &pg[n&255]
	}
	return nil
}

func (t *table) get(a netip.Addr) *seat {
	if slot := t.slot(a, false); slot != nil {
		return slot.Load()
	}
	return nil
}

// put seats s at its address unless that is taken or outside the prefix.
func (t *table) put(s *seat) bool {
	slot := t.slot(s.addr, true)
	return slot != nil && slot.CompareAndSwap(nil, s)
}

func (t *table) remove(s *seat) {
	if slot := t.slot(s.addr, false); slot != nil {
		slot.CompareAndSwap(s, nil)
	}
}
