package trunks

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Bounds of calls that come in over one trunk.
const (
	arrivalsAtOnce = 100
	arrivalsRate   = 50 // a second
	longestRing    = 3 * time.Minute
)

// Incoming is a call that rings.
type Incoming struct {
	Trunk    sekisho.TrunkID
	Number   calls.Number // that was dialled
	Work     sekisho.WorkID
	Flow     sekisho.FlowID
	Caller   calls.Number // "": withheld, or none that is a number
	Withheld bool

	d     *dialog
	s     *served
	offer media // index -1: the peer lets us offer
	gone  chan struct{}
	once  sync.Once

	mu   sync.Mutex
	done bool // answered or refused
	why  calls.Cause
}

// arrive judges an INVITE that begins a call, and hands it to the switchboard.
func (t *Trunks) arrive(s *served) {
	b := t.book.Load()
	var number Number
	var trunk *known
	for _, n := range called(s.req, t.cfg.Country) {
		if found, ok := b.numbers[n]; ok && b.trunks[found.Trunk] != nil && b.trunks[found.Trunk].takes(s.way.kind) && b.trunks[found.Trunk].admits(s.way.to.Addr()) {
			number, trunk = found, b.trunks[found.Trunk]
			break
		}
	}
	if trunk == nil {
		s.respond(404, nil, nil)
		return
	}
	t.mu.Lock()
	fits := t.line(trunk).arrivals.take(t.clk.Mono(), arrivalsRate, arrivalsAtOnce)
	t.mu.Unlock()
	if !fits {
		s.respond(503, retryAfter(), nil)
		return
	}
	offer := media{index: -1}
	if len(s.req.Body()) > 0 {
		m, err := readSDP(s.req.Body())
		if err != nil || m.secure != (trunk.Security == SDES) || inner(m.at.Addr()) && !trunk.admits(m.at.Addr()) {
			s.respond(488, nil, nil)
			return
		}
		if _, ok := choose(m.keys); m.secure && !ok {
			s.respond(488, nil, nil)
			return
		}
		offer = m
	}
	t.ring(s, trunk, number, offer)
}

// inner says whether an address is this machine's or the network's own: sound goes
// there only where the trunk's list names it, else one message would have us speak
// to whatever listens inside.
func inner(a netip.Addr) bool {
	return a.IsValid() && (a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast())
}

func retryAfter() [][2]string { return [][2]string{{"Retry-After", fmt.Sprint(5 + rand.IntN(10))}} }

// ring makes the dialog and calls the switchboard.
func (t *Trunks) ring(s *served, trunk *known, number Number, offer media) {
	theirs, _ := s.req.From().Params.Get("tag")
	d := &dialog{
		t: t, trunk: trunk, way: s.way, callID: s.req.CallID().Value(), tag: s.tag, theirs: theirs, peerSeq: s.req.CSeq().SeqNo, cseq: uint32(rand.IntN(10000)),
		local: "<sip:" + string(number.Number) + "@" + t.domain() + ">;tag=" + s.tag, remote: "<sip:" + peerURI(trunk) + ">;tag=" + theirs,
		target: "sip:" + peerURI(trunk),
	}
	if v := s.req.To(); v != nil && plainURI(v.Address.String()) {
		d.local = "<" + v.Address.String() + ">;tag=" + s.tag
	}
	if v := s.req.From(); v != nil && plainURI(v.Address.String()) {
		d.remote = "<" + v.Address.String() + ">;tag=" + theirs
	}
	for _, h := range s.req.GetHeaders("Record-Route") {
		if rr, ok := h.(*sip.RecordRouteHeader); ok && plainURI(rr.Address.String()) && len(d.routes) < 16 {
			d.routes = append(d.routes, "<"+rr.Address.String()+">")
		}
	}
	d.remember(s.req)
	if headers, status := d.negotiateSession(s.req); status != 0 {
		s.respond(status, headers, nil)
		return
	}
	if err := t.keep(d); err != nil {
		s.respond(503, retryAfter(), nil)
		return
	}
	in := &Incoming{Trunk: trunk.ID, Number: number.Number, Work: number.Work, Flow: number.Flow, d: d, s: s, offer: offer, gone: make(chan struct{})}
	in.Caller, in.Withheld = callerOf(s.req, t.cfg.Country)
	d.onOver = in.over
	s.mu.Lock()
	s.onCancel = func() { in.abandon(calls.ByCaller) }
	s.mu.Unlock()
	s.respond(100, nil, nil)
	t.background(func() { in.arrive(t.board) })
}

// arrive hands the call over; one that nobody answered is refused in the end.
func (in *Incoming) arrive(board Switchboard) {
	limit := time.AfterFunc(longestRing, func() { in.Refuse(calls.NoAnswer) })
	defer limit.Stop()
	defer in.Refuse(calls.NoAnswer)
	board.Arrive(in)
}

// over is told by the dialog that it ended.
func (in *Incoming) over(c calls.Cause) {
	in.mu.Lock()
	open := !in.done
	in.done = true
	in.mu.Unlock()
	switch {
	case open && c == calls.ServerStopping:
		in.s.respond(503, retryAfter(), nil)
	case open:
		in.s.respond(487, nil, nil)
	}
	in.once.Do(func() { close(in.gone) })
}

func (in *Incoming) abandon(c calls.Cause) {
	in.mu.Lock()
	answered := in.done
	in.mu.Unlock()
	if !answered {
		in.d.over(c)
	}
}

// Gone is closed when the call is over, also before anybody answered.
func (in *Incoming) Gone() <-chan struct{} { return in.gone }

// Ring tells the caller that it rings; reliably, where the peer asks for that.
func (in *Incoming) Ring() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.done {
		return errClosed
	}
	headers := in.d.t.contact(in.d)
	d := in.d
	if requires(in.s.req, "100rel") {
		d.mu.Lock()
		if d.rel.bytes != nil { // one at a time (RFC 3262 §3)
			d.mu.Unlock()
			return nil
		}
		if d.relSeq == 0 {
			d.relSeq = uint32(rand.IntN(1 << 30))
		}
		d.relSeq++
		d.relOf = in.s.req.CSeq().SeqNo
		headers = append(headers, [2]string{"Require", "100rel"}, [2]string{"RSeq", fmt.Sprint(d.relSeq)})
		d.rel.start(respond(in.s.req, 180, in.s.tag, headers, nil), d.t.clk.Mono())
		d.mu.Unlock()
	}
	in.s.respond(180, headers, nil)
	return nil
}

// Answer takes the call. Sound goes from now on; where the peer let us offer, from
// its ACK on. A call that is over is an error.
func (in *Incoming) Answer(ctx context.Context) (*Leg, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in.mu.Lock()
	if in.done {
		in.mu.Unlock()
		return nil, errClosed
	}
	in.done = true
	in.mu.Unlock()
	d := in.d
	leg, body, err := in.sound()
	if err != nil {
		in.s.respond(statusOf(err), nil, nil)
		d.over(calls.NotUnderstood)
		return nil, err
	}
	d.mu.Lock()
	if d.ended {
		d.mu.Unlock()
		leg.finish(calls.ByCaller)
		return nil, errClosed
	}
	d.leg, d.answered, d.offered = leg, true, in.offer.index < 0
	d.session.renew(d.t.clk.Mono())
	headers := d.sessionHeaders(in.s.req)
	d.mu.Unlock()
	d.accept(in.s, headers, body)
	return leg, nil
}

// sound opens the leg and writes our part of the description.
func (in *Incoming) sound() (*Leg, []byte, error) {
	d := in.d
	leg, err := d.t.newLeg(d)
	if err != nil {
		return nil, nil, err
	}
	if in.offer.index < 0 {
		return leg, leg.offer(), nil
	}
	if err := leg.agree(in.offer); err != nil {
		leg.finish(calls.NotUnderstood)
		return nil, nil, err
	}
	return leg, leg.answer(), nil
}

// newLeg opens the sound of a dialog.
func (t *Trunks) newLeg(d *dialog) (*Leg, error) {
	leg, err := newLeg(t.ports, t.clk, t.cfg.Public, d.trunk.Security == SDES, func(a netip.Addr) bool { return d.trunk.Trunk.admits(a) })
	if err != nil {
		return nil, err
	}
	leg.hang = d.hang
	leg.info = d.info
	return leg, nil
}

// Refuse ends a call that was not answered; the caller's network hears why. Later it does nothing.
func (in *Incoming) Refuse(c calls.Cause) {
	in.mu.Lock()
	if in.done {
		in.mu.Unlock()
		return
	}
	in.done = true
	in.mu.Unlock()
	status, headers := 480, [][2]string(nil)
	switch c {
	case calls.Busy:
		status = 486
	case calls.Rejected:
		status = 603
	case calls.Unreachable:
		status = 404
	case calls.Forbidden:
		status = 403
	case calls.Crowded, calls.ServerStopping:
		status, headers = 503, retryAfter()
	case calls.NotUnderstood:
		status = 488
	}
	in.s.respond(status, headers, nil)
	in.d.over(c)
}

func statusOf(err error) int {
	if sekisho.KindOf(err) == sekisho.KindBusy {
		return 503
	}
	return 488
}

func requires(r *sip.Request, option string) bool {
	for _, h := range r.GetHeaders("Require") {
		for _, o := range strings.Split(h.Value(), ",") {
			if strings.EqualFold(strings.TrimSpace(o), option) {
				return true
			}
		}
	}
	return false
}
