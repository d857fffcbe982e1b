package trunks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Progress is how far a call is that goes out.
type Progress string

// Stages, in their order; each may be left out by the network.
const (
	Trying  Progress = "trying"
	Ringing Progress = "ringing"
	Early   Progress = "early" // the network speaks before the answer: Leg hears it
)

// Outgoing is a call to be made.
type Outgoing struct {
	By       sekisho.PersonID // who wishes it; "": a rule
	Call     sekisho.CallID
	Trunk    sekisho.TrunkID
	To       calls.Number
	From     calls.Number         // a number of ours on that trunk
	Show     string               // calls.Withhold, calls.Show or ""
	Progress func(Progress, *Leg) // may be nil; must not block
}

// Dial calls a number and returns when it answered. Before a packet leaves, the
// trunk's rules are asked; a refusal by them is written to the log. If ctx ends
// first, the call is cancelled.
func (t *Trunks) Dial(ctx context.Context, o Outgoing) (*Leg, error) {
	if !t.Serving() {
		return nil, errLost
	}
	k, err := t.mayDial(o)
	if err != nil {
		t.audit.Afterwards(audit.Event{
			Kind: "trunk.dial_refused", Actor: audit.Actor{Person: o.By}, Object: audit.Object{Type: "trunk", ID: string(o.Trunk)},
			Decision: audit.Deny, Reason: sekisho.CodeOf(err), Call: o.Call, Personal: audit.Personal{"number": string(o.To)},
		})
		return nil, err
	}
	d, err := t.outgoing(ctx, k, o)
	if err != nil {
		return nil, err
	}
	leg, err := d.invite(ctx, o)
	if err != nil {
		d.over(CauseOf(err))
		return nil, fmt.Errorf("trunks: dial: %w", err)
	}
	return leg, nil
}

// mayDial asks the rules: all but those that count calls.
func (t *Trunks) mayDial(o Outgoing) (*known, error) {
	b := t.book.Load()
	k := b.trunks[o.Trunk]
	if k == nil {
		return nil, errUnknown
	}
	if err := k.Rules.permit(o.To, t.cfg.Country, t.clk.Now()); err != nil {
		return nil, err
	}
	if _, ours := b.numbers[o.To]; ours {
		return nil, errForbidden // it would come back to us, and again
	}
	if n, ok := b.numbers[o.From]; !ok || n.Trunk != o.Trunk || o.Show != "" && o.Show != calls.Withhold && o.Show != calls.Show {
		return nil, errCaller
	}
	return k, nil
}

// outgoing makes the dialog and opens its sound; the trunk's counts are taken.
func (t *Trunks) outgoing(ctx context.Context, k *known, o Outgoing) (*dialog, error) {
	at, ok := k.at()
	if !ok {
		return nil, errLost
	}
	w, err := t.net.reach(ctx, k.Transport, at, k.Host)
	if err != nil {
		return nil, err
	}
	tag := newTag()
	d := &dialog{t: t, trunk: k, way: w, callID: random(16), tag: tag, out: true, cseq: uint32(rand.IntN(10000))}
	from := o.From.Domestic(t.cfg.Country)
	d.local = "<sip:" + from + "@" + t.domain() + ">;tag=" + tag
	if k.Kind == ByRegistration {
		d.local = "<sip:" + k.User + "@" + peerURI(k) + ">;tag=" + tag
	}
	if o.Show == calls.Withhold {
		d.local = `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=` + tag
	}
	d.target = "sip:" + o.Show + o.To.Domestic(t.cfg.Country) + "@" + peerURI(k)
	d.remote = "<" + d.target + ">"
	if err := t.keep(d); err != nil {
		if errors.Is(err, errRate) || errors.Is(err, errFull) {
			t.audit.Afterwards(audit.Event{
				Kind: "trunk.dial_refused", Actor: audit.Actor{Person: o.By}, Object: audit.Object{Type: "trunk", ID: string(k.ID)},
				Decision: audit.Deny, Reason: sekisho.CodeOf(err), Call: o.Call, Personal: audit.Personal{"number": string(o.To)},
			})
		}
		return nil, err
	}
	leg, err := t.newLeg(d)
	if err != nil {
		d.over(calls.Crowded)
		return nil, err
	}
	d.mu.Lock()
	d.leg = leg
	gone := d.ended
	d.mu.Unlock()
	if gone { // the server stops
		leg.finish(calls.ServerStopping)
		return nil, errLost
	}
	return d, nil
}

// invite sends the INVITE until it is answered; it authenticates once, and takes a
// longer session once.
func (d *dialog) invite(ctx context.Context, o Outgoing) (*Leg, error) {
	offer := d.leg.offer()
	interval := ourSession
	var credentials [][2]string
	for range 3 {
		headers := append(d.t.contact(d), [2]string{"Allow", allowed}, [2]string{"Supported", "timer"},
			[2]string{"Session-Expires", seconds(interval)}, [2]string{"Min-SE", seconds(minSession)},
			[2]string{"P-Asserted-Identity", "<sip:" + string(o.From) + "@" + d.t.domain() + ">"})
		if o.Show == calls.Withhold {
			headers = append(headers, [2]string{"Privacy", "id"})
		}
		d.mu.Lock()
		d.cseq++
		r := request{method: sip.INVITE, uri: d.target, via: d.t.sentBy(d.way.kind), branch: newBranch(), from: d.local, to: d.remote, callID: d.callID,
			cseq: d.cseq, headers: append(headers, credentials...), kind: "application/sdp", body: offer}
		d.mu.Unlock()
		a, err := d.t.table.ask(r, d.way)
		if err != nil {
			return nil, err
		}
		res, err := d.progress(ctx, a, o.Progress)
		switch {
		case err != nil:
			return nil, err
		case res.StatusCode < 300:
			return d.established(a, res)
		case (res.StatusCode == 401 || res.StatusCode == 407) && credentials == nil:
			h, ok := authorize(res, d.trunk, sip.INVITE, r.uri)
			if !ok {
				return nil, errCredentials
			}
			credentials = [][2]string{h}
		case res.StatusCode == 422 && interval == ourSession:
			interval = min(max(parseSeconds(header(res, "Min-SE")), ourSession+time.Second), 24*time.Hour)
		default:
			return nil, refusal(res.StatusCode)
		}
	}
	return nil, errCredentials
}

// progress waits for the final answer and tells of what comes before it.
func (d *dialog) progress(ctx context.Context, a *asked, tell func(Progress, *Leg)) (*sip.Response, error) {
	for {
		select {
		case <-ctx.Done():
			d.t.background(func() { d.giveUp(a) })
			return nil, ctx.Err()
		case <-d.leg.Ended():
			d.t.background(func() { d.giveUp(a) })
			return nil, errClosed
		case res, ok := <-a.answers:
			switch {
			case !ok:
				return nil, errSilent
			case res.StatusCode >= 200:
				return res, nil
			}
			stage := map[bool]Progress{true: Ringing, false: Trying}[res.StatusCode == 180]
			if len(res.Body()) > 0 {
				m, err := readSDP(res.Body())
				if err == nil && d.leg.agree(m) == nil {
					stage = Early
				}
			}
			if tell != nil {
				tell(stage, d.leg)
			}
		}
	}
}

// giveUp cancels a call that nobody wants any more (§9.1): not before something was
// heard of it; what answers all the same is hung up.
func (d *dialog) giveUp(a *asked) {
	ctx, cancel := context.WithTimeout(d.t.ctx, t64)
	defer cancel()
	sent := false
	for {
		a.mu.Lock()
		heard := a.heard
		a.mu.Unlock()
		if heard && !sent {
			sent = true
			if _, err := d.t.table.ask(a.req.cancel(), a.way); err != nil {
				slog.Warn("trunks: a call could not be cancelled", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case res, ok := <-a.answers:
			switch {
			case !ok:
				return
			case res.StatusCode >= 200 && res.StatusCode < 300:
				d.confirm(res)
				d.ackFor(a)
				_, _, _ = d.ask(ctx, sip.BYE, nil, "", nil) // nobody listens for the answer
				return
			case res.StatusCode >= 300:
				return
			}
		}
	}
}

// confirm takes the peer's part of the dialog from its answer.
func (d *dialog) confirm(res *sip.Response) {
	d.remember(res)
	tag, _ := res.To().Params.Get("tag")
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.theirs = tag; plain(tag) {
		d.remote += ";tag=" + tag
	}
	d.routes = nil
	for _, h := range res.GetHeaders("Record-Route") {
		if rr, ok := h.(*sip.RecordRouteHeader); ok && plainURI(rr.Address.String()) && len(d.routes) < 16 {
			d.routes = append([]string{"<" + rr.Address.String() + ">"}, d.routes...) // reversed (§12.1.2)
		}
	}
}

// established acknowledges the answer and lets sound go.
func (d *dialog) established(a *asked, res *sip.Response) (*Leg, error) {
	d.confirm(res)
	d.ackFor(a)
	d.mu.Lock()
	d.answered = true
	text, params, _ := strings.Cut(header(res, "Session-Expires"), ";")
	if interval := parseSeconds(text); interval >= minSession {
		d.session = session{interval: interval, ours: !strings.Contains(strings.ToLower(params), "uas")}
		d.session.renew(d.t.clk.Mono())
	}
	gone := d.ended || d.hanging
	d.mu.Unlock()
	m, err := readSDP(res.Body())
	if err == nil {
		err = d.leg.agree(m)
	}
	if err != nil || gone {
		d.mu.Lock()
		d.hanging = false
		d.mu.Unlock()
		d.hang(calls.NotUnderstood)
		if err == nil {
			err = errClosed
		}
		return nil, err
	}
	return d.leg, nil
}
