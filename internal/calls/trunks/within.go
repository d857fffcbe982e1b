package trunks

import (
	"fmt"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
)

// request takes a request of a known peer to where it belongs.
func (t *Trunks) request(r *sip.Request, v verdict, w way) {
	switch {
	case v.status == dropped:
		return
	case r.IsAck():
		t.acked(r, w)
		return
	case r.IsCancel() && v.status == 0:
		t.cancelled(r, w)
		return
	case v.status != 0 && !complete(r):
		_ = w.send(respond(r, v.status, newTag(), v.headers, nil)) // no transaction: it has no name
		return
	}
	s, fresh := t.table.serve(r, w, r.Method)
	switch {
	case s == nil:
	case !fresh:
		s.repeat()
	case v.status != 0:
		s.respond(v.status, v.headers, nil)
	case has(r.To().Params, "tag"):
		if d := t.find(r, w); d != nil {
			d.request(s)
			return
		}
		s.respond(481, nil, nil)
	case r.Method == sip.INVITE:
		t.arrive(s)
	case r.Method == sip.OPTIONS:
		s.respond(200, [][2]string{{"Allow", allowed}, {"Accept", "application/sdp"}, {"Supported", "timer, 100rel"}}, nil)
	default:
		s.respond(481, nil, nil)
	}
}

func has(p sip.HeaderParams, key string) bool { v, ok := p.Get(key); return ok && v != "" }

func (t *Trunks) acked(r *sip.Request, w way) {
	if s, _ := t.table.serve(r, w, sip.INVITE); s != nil && s.refused() {
		s.ack()
		return
	}
	if d := t.find(r, w); d != nil {
		d.confirmed(r)
	}
}

func (s *served) refused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status >= 300
}

func (t *Trunks) cancelled(r *sip.Request, w way) {
	s, _ := t.table.serve(r, w, sip.INVITE)
	if s == nil || s.req.CallID().Value() != r.CallID().Value() {
		_ = w.send(respond(r, 481, newTag(), nil, nil))
		return
	}
	_ = w.send(respond(r, 200, s.tag, nil, nil))
	s.mu.Lock()
	f := s.onCancel
	s.mu.Unlock()
	if f != nil {
		f()
	}
}

// request answers one request within the dialog.
func (d *dialog) request(s *served) {
	s.tag = d.tag
	d.mu.Lock()
	old := s.req.CSeq().SeqNo <= d.peerSeq
	if !old {
		d.peerSeq = s.req.CSeq().SeqNo
	}
	gone := d.ended
	d.mu.Unlock()
	if gone || old {
		s.respond(map[bool]int{true: 481, false: 500}[gone], nil, nil)
		return
	}
	switch s.req.Method {
	case sip.BYE:
		s.respond(200, nil, nil)
		d.over(calls.ByCaller)
	case sip.INVITE, sip.UPDATE:
		d.changed(s)
	case sip.INFO:
		d.informed(s)
	case sip.PRACK:
		d.pracked(s)
	case sip.OPTIONS:
		s.respond(200, [][2]string{{"Allow", allowed}}, nil)
	default:
		s.respond(405, [][2]string{{"Allow", allowed}}, nil)
	}
}

// changed answers a re-INVITE or an UPDATE: hold, resume, another address, refresh.
func (d *dialog) changed(s *served) {
	d.mu.Lock()
	busy := d.asking || d.ok.bytes != nil || d.hanging || !d.answered && s.req.Method == sip.INVITE
	answered, leg := d.answered, d.leg
	d.mu.Unlock()
	switch {
	case busy:
		s.respond(491, nil, nil)
		return
	case leg == nil && len(s.req.Body()) > 0:
		s.respond(491, nil, nil) // the first offer has no answer yet
		return
	}
	headers, status := d.negotiateSession(s.req)
	if status != 0 {
		s.respond(status, headers, nil)
		return
	}
	var body []byte
	switch {
	case len(s.req.Body()) > 0:
		m, err := readSDP(s.req.Body())
		if err == nil {
			err = leg.agree(m)
		}
		if err != nil {
			s.respond(488, nil, nil) // what was agreed on before goes on (RFC 3261 §14.2)
			return
		}
		body = leg.answer()
	case s.req.Method == sip.INVITE:
		body = leg.offer()
		d.mu.Lock()
		d.offered = true
		d.mu.Unlock()
	}
	d.remember(s.req)
	if s.req.Method == sip.UPDATE {
		s.respond(200, append(headers, d.t.contact(d)...), body)
		return
	}
	if answered {
		d.accept(s, headers, body)
	}
}

// accept sends 200 to an INVITE and repeats it until its ACK comes.
func (d *dialog) accept(s *served, headers [][2]string, body []byte) {
	headers = append(append(headers, d.t.contact(d)...), [2]string{"Allow", allowed}, [2]string{"Supported", "timer"})
	b := respond(s.req, 200, d.tag, headers, body)
	d.mu.Lock()
	d.ok.start(b, d.t.clk.Mono())
	d.okSeq = s.req.CSeq().SeqNo
	d.rel.bytes = nil
	d.mu.Unlock()
	s.respond(200, headers, body)
}

// confirmed takes the ACK of our 200.
func (d *dialog) confirmed(r *sip.Request) {
	d.mu.Lock()
	ours := d.ok.bytes != nil && r.CSeq().SeqNo == d.okSeq
	if ours {
		d.ok.bytes = nil
	}
	offered, leg := ours && d.offered, d.leg
	if offered {
		d.offered = false
	}
	d.mu.Unlock()
	if !offered {
		return
	}
	m, err := readSDP(r.Body())
	if err == nil {
		err = leg.agree(m)
	}
	if err != nil {
		d.hang(calls.NotUnderstood)
	}
}

// pracked takes the word that a reliable 18x came (RFC 3262 §3).
func (d *dialog) pracked(s *served) {
	var rseq, cseq uint32
	var method string
	n, err := fmt.Sscanf(header(s.req, "RAck"), "%d %d %s", &rseq, &cseq, &method)
	d.mu.Lock()
	ours := err == nil && n == 3 && d.rel.bytes != nil && rseq == d.relSeq && cseq == d.relOf && method == "INVITE"
	if ours {
		d.rel.bytes = nil
	}
	d.mu.Unlock()
	if !ours {
		s.respond(481, nil, nil)
		return
	}
	s.respond(200, nil, nil)
}
