package trunks

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
)

// dialog is one call as SIP has it (RFC 3261 §12), whoever began it.
type dialog struct {
	t      *Trunks
	trunk  *known
	leg    *Leg // nil before there is sound
	way    way
	callID string
	tag    string // ours
	out    bool   // we began it

	mu       sync.Mutex
	theirs   string // the peer's tag
	local    string // From of our requests, with our tag
	remote   string // To of our requests, with theirs
	target   string // where the peer wants our requests
	routes   []string
	cseq     uint32
	peerSeq  uint32
	answered bool
	asking   bool // a re-INVITE or UPDATE of ours waits for its answer
	hanging  bool
	ended    bool
	offered  bool // our answer holds an offer: ACK brings theirs (delayed offer)
	update   bool // the peer knows UPDATE

	ok      repetition // 2xx until its ACK (§13.3.1.4)
	okSeq   uint32
	rel     repetition // a reliable 18x until its PRACK (RFC 3262 §3)
	relSeq  uint32     // RSeq
	relOf   uint32     // CSeq of its INVITE
	session session

	onOver func(calls.Cause) // told once
}

// repetition is a response that we send again until the peer says that it came.
type repetition struct {
	bytes []byte
	next  time.Duration
	gap   time.Duration
	until time.Duration
}

func (r *repetition) start(b []byte, now time.Duration) {
	*r = repetition{b, now + t1, t1, now + t64}
}

// due gives what is to be sent now; over says that the peer never answered.
func (r *repetition) due(now, most time.Duration) (b []byte, over bool) {
	if r.bytes == nil || now < r.next {
		return nil, false
	}
	if now >= r.until {
		r.bytes = nil
		return nil, true
	}
	r.gap = min(2*r.gap, most)
	r.next = now + r.gap
	return r.bytes, false
}

func (d *dialog) key() string { return d.callID + " " + d.tag }

// find gives the dialog that a request belongs to: it must come from its trunk.
func (t *Trunks) find(r *sip.Request, w way) *dialog {
	ours, _ := r.To().Params.Get("tag")
	theirs, _ := r.From().Params.Get("tag")
	t.mu.Lock()
	d := t.dialogs[r.CallID().Value()+" "+ours]
	t.mu.Unlock()
	if d == nil || !d.trunk.takes(w.kind) || !d.trunk.admits(w.to.Addr()) {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.theirs != theirs {
		return nil
	}
	return d
}

// keep enters a dialog, if its trunk has room for one more call.
func (t *Trunks) keep(d *dialog) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.line(d.trunk)
	if t.stopped || l.calls >= d.trunk.MaxCalls {
		return errFull
	}
	if d.out {
		if err := l.dial(d.trunk.Rules, t.clk.Mono()); err != nil {
			return err
		}
		l.out++
	}
	l.calls++
	t.dialogs[d.key()] = d
	return nil
}

func (t *Trunks) line(k *known) *line {
	l := t.lines[k.ID]
	if l == nil {
		l = &line{arrivals: bucket{arrivalsAtOnce, t.clk.Mono()}}
		t.lines[k.ID] = l
	}
	return l
}

// over ends a dialog without a word to the peer. It is idempotent.
func (d *dialog) over(c calls.Cause) {
	d.mu.Lock()
	if d.ended {
		d.mu.Unlock()
		return
	}
	d.ended, d.hanging = true, true
	leg := d.leg
	d.mu.Unlock()
	d.t.mu.Lock()
	if d.t.dialogs[d.key()] == d {
		delete(d.t.dialogs, d.key())
		l := d.t.line(d.trunk)
		l.calls--
		if d.out {
			l.out--
		}
	}
	d.t.mu.Unlock()
	if leg != nil {
		leg.finish(c)
	}
	if d.onOver != nil {
		d.onOver(c)
	}
}

// hang ends a call of ours: no sound from this moment, then BYE.
func (d *dialog) hang(c calls.Cause) {
	d.mu.Lock()
	first, answered, leg := !d.hanging, d.answered, d.leg
	d.hanging = true
	d.mu.Unlock()
	if !first {
		return
	}
	if leg != nil {
		leg.finish(c)
	}
	if !answered {
		d.over(c)
		return
	}
	d.t.background(func() {
		ctx, cancel := context.WithTimeout(d.t.ctx, t64)
		defer cancel()
		// Whatever the peer says of it, the call is over.
		_, _, _ = d.ask(ctx, sip.BYE, nil, "", nil)
		d.over(c)
	})
}

// tick repeats what was not confirmed, and keeps the session's time.
func (d *dialog) tick(now time.Duration) {
	d.mu.Lock()
	ok, lost := d.ok.due(now, t2)
	rel, unheard := d.rel.due(now, t64)
	refresh := d.answered && !d.hanging && d.session.interval > 0 && now >= d.session.at
	ours := d.session.ours
	if refresh && ours {
		refresh = !d.asking
		d.asking = true
	}
	d.mu.Unlock()
	for _, b := range [][]byte{ok, rel} {
		if b != nil {
			_ = d.way.send(b) // it is repeated
		}
	}
	switch {
	case lost, unheard, refresh && !ours:
		d.hang(calls.TrunkLost)
	case refresh:
		d.t.background(d.refresh)
	}
}

// ask sends a request within the dialog and waits for its final answer; it
// authenticates once where that is asked for.
func (d *dialog) ask(ctx context.Context, method sip.RequestMethod, headers [][2]string, kind string, body []byte) (*sip.Response, *asked, error) {
	var credentials [][2]string
	for range 2 {
		d.mu.Lock()
		d.cseq++
		r := request{method: method, uri: d.target, via: d.t.sentBy(d.way.kind), branch: newBranch(), from: d.local, to: d.remote, callID: d.callID,
			cseq: d.cseq, routes: d.routes, headers: append(append([][2]string{}, headers...), credentials...), kind: kind, body: body}
		d.mu.Unlock()
		a, err := d.t.table.ask(r, d.way)
		if err != nil {
			again, failed := d.t.net.reach(ctx, d.way.kind, d.way.to, d.trunk.Host)
			if failed != nil {
				return nil, nil, err
			}
			if a, err = d.t.table.ask(r, again); err != nil {
				return nil, nil, err
			}
		}
		res, err := a.wait(ctx)
		if err != nil || res.StatusCode != 401 && res.StatusCode != 407 || credentials != nil {
			return res, a, err
		}
		h, ok := authorize(res, d.trunk, method, r.uri)
		if !ok {
			return res, a, nil
		}
		credentials = [][2]string{h}
	}
	return nil, nil, errLost
}

// ackFor sends the ACK of a 2xx and lets it be repeated for repetitions (§13.2.2.4).
func (d *dialog) ackFor(a *asked) {
	d.mu.Lock()
	r := request{method: sip.ACK, uri: d.target, via: d.t.sentBy(d.way.kind), branch: newBranch(), from: d.local, to: d.remote, callID: d.callID, cseq: a.req.cseq, routes: d.routes}
	d.mu.Unlock()
	b := r.bytes()
	a.mu.Lock()
	a.ack = b
	a.mu.Unlock()
	_ = a.way.send(b) // the peer repeats its 2xx where it does not come
}

// remember takes what the peer's message says of where our requests go.
func (d *dialog) remember(m sip.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c := contact(m); c != nil && !c.Address.Wildcard {
		if uri := c.Address.String(); plainURI(uri) {
			d.target = uri
		}
	}
	d.update = strings.Contains(header(m, "Allow"), "UPDATE")
}

// plainURI says whether a URI may stand in a request line of ours.
func plainURI(s string) bool {
	return len(s) <= 512 && strings.HasPrefix(strings.ToLower(s), "sip") && !strings.ContainsAny(s, " <>\"\r\n\t,") && strings.ToValidUTF8(s, "") == s && !strings.ContainsRune(s, 0)
}
