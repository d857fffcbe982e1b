package app

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/wire"
)

// deskPhone is the operator's telephone in the desk door's words.
type deskPhone struct {
	h      *House
	phones *softphone.Softphones
}

func (p deskPhone) Line(ctx context.Context, c desk.Caller, in wire.LineOffer) (wire.LineAnswer, error) {
	answer, line, err := p.phones.Open(ctx, softphone.Session{ID: c.Session, Person: c.Person, Device: c.Device, Address: c.Address}, in.Offer)
	if err != nil {
		return wire.LineAnswer{}, err
	}
	line.OnReady(func(bool) { p.h.exchange.LineReady(c.Session, c.Person) })
	return wire.LineAnswer{Line: line.ID, Answer: answer}, nil
}

func atPhone(c desk.Caller) exchange.Session {
	return exchange.Session{ID: c.Session, Person: c.Person}
}

// awayReasons are why an operator may be away (一時離席).
var awayReasons = []wire.PhoneReason{
	{ID: "consult", Text: wire.Words{JA: "相談・打ち合わせ", EN: "Talking with somebody"}},
	{ID: "training", Text: wire.Words{JA: "教育", EN: "Training"}},
	{ID: "paperwork", Text: wire.Words{JA: "事務処理", EN: "Paperwork"}},
	{ID: "other", Text: wire.Words{JA: "その他", EN: "Something else"}},
}

// Phone is the telephone as it is now.
func (p deskPhone) Phone(ctx context.Context, c desk.Caller) (wire.Phone, error) {
	at := p.h.exchange.At(c.Person)
	out := wire.Phone{
		State: stateOf(at.State), Since: at.Since, Next: stateOf(at.Next), Line: "none", Hand: !at.Hand.IsZero(),
		Queues: []wire.PhoneQueue{}, Own: []wire.PhoneNumber{}, Reasons: awayReasons, May: []string{},
	}
	if at.Since.IsZero() {
		out.Since = p.h.clock.Now()
	}
	if line, ok := p.phones.Line(c.Session); ok {
		out.Line = "connecting"
		if line.Ready() {
			out.Line = "ready"
		}
	}
	works, err := p.h.clients.WorksOf(ctx, c.Person)
	if err != nil {
		return wire.Phone{}, err
	}
	names, err := p.names(ctx, works)
	if err != nil {
		return wire.Phone{}, err
	}
	queues := map[sekisho.QueueID]string{}
	for _, q := range p.h.acd.Board().Queues {
		queues[q.ID] = q.Name
		if _, mine := works[q.Work]; mine {
			out.Queues = append(out.Queues, wire.PhoneQueue{ID: q.ID, Name: q.Name, Waiting: q.Waiting})
		}
	}
	for w := range works {
		for _, n := range p.h.trunks.OwnOf(w) {
			out.Own = append(out.Own, wire.PhoneNumber{Number: string(n.Number), Work: w, Name: names[w]})
		}
	}
	if at.Call != nil && !at.Watches {
		out.Call = phoneCall(at, queues, names)
		out.May = may(at)
		if at.Call.Third != "" {
			out.Consult = &wire.PhoneConsulted{Name: at.Call.Third, State: "ringing"}
			if at.Call.ThirdIn {
				out.Consult.State = "talking"
			}
		}
	}
	if at.WrapUp != nil {
		out.WrapUp, err = p.wrapUp(ctx, *at.WrapUp)
	}
	return out, err
}

// stateOf joins states that an operator need not tell apart.
func stateOf(s string) string {
	switch s {
	case "reserved", "ringing":
		return "offered"
	case "hold":
		return "talking"
	}
	return s
}

func (p deskPhone) names(ctx context.Context, works clients.Works) (map[sekisho.WorkID]string, error) {
	out := map[sekisho.WorkID]string{}
	seen := map[sekisho.ClientID]bool{}
	for _, client := range works {
		if seen[client] {
			continue
		}
		seen[client] = true
		file, err := p.h.clients.Get(ctx, client)
		if err != nil {
			return nil, err
		}
		for _, w := range file.Works {
			out[w.ID] = w.Name
		}
	}
	return out, nil
}

func phoneCall(at exchange.At, queues map[sekisho.QueueID]string, names map[sekisho.WorkID]string) *wire.PhoneCall {
	v := at.Call
	other := v.Caller
	if v.Direction == "out" {
		other = v.Called
	}
	out := &wire.PhoneCall{
		ID: v.ID, Direction: v.Direction, State: v.Stage, Queue: queues[v.Queue], Work: names[v.Work], Number: other.Masked(), Level: v.Level,
		Said: []wire.PhoneSaid{}, Since: v.Since, Waited: int(v.Waited / time.Second), Masked: v.Masked, Recording: v.Recording,
	}
	if v.Quality.Received > 0 {
		out.MOS = v.Quality.MOS()
	}
	for _, s := range v.Said {
		out.Said = append(out.Said, wire.PhoneSaid{Name: s.Name, Value: s.Value})
	}
	if at.Offer != nil {
		out.State, out.Token, out.Until, out.Back = "offered", at.Offer.Token, &at.Offer.Until, at.Offer.Back
	}
	return out
}

// may lists what is open to an operator with the call before him.
func may(at exchange.At) (acts []string) {
	if at.Offer != nil {
		return []string{"answer", "decline"}
	}
	v := at.Call
	switch v.Stage {
	case "talking":
		acts = []string{"hold", "transfer", "consult", "digit", "hang_up"}
	case "held":
		acts = []string{"resume", "transfer", "consult", "hang_up"}
	case "consulting":
		acts = []string{"back", "hang_up"}
		if v.ThirdIn {
			acts = append(acts, "join", "complete", "digit")
		}
	case "meeting":
		acts = []string{"back", "complete", "hang_up"}
	case "dialling":
		return []string{"hang_up"}
	default:
		return []string{}
	}
	if v.Stage == "talking" || v.Stage == "held" {
		if v.Masked {
			acts = append(acts, "unmask")
		} else {
			acts = append(acts, "mask")
		}
	}
	switch v.Recording {
	case "on":
		acts = append(acts, "pause")
	case "paused":
		acts = append(acts, "record")
	}
	return acts
}

func (p deskPhone) wrapUp(ctx context.Context, w exchange.WrapUp) (*wire.PhoneWrapUp, error) {
	all, err := p.h.acd.List(ctx)
	if err != nil {
		return nil, err
	}
	out := &wire.PhoneWrapUp{Call: w.Call, Codes: []wire.PhoneReason{}}
	if !w.Until.IsZero() {
		out.Until = &w.Until
	}
	for _, q := range all {
		if q.ID != w.Queue {
			continue
		}
		for _, code := range q.Codes {
			out.Codes = append(out.Codes, wire.PhoneReason{ID: code, Text: wire.Words{JA: code, EN: code}})
		}
	}
	return out, nil
}

var (
	errPhoneState = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	phoneStates   = map[string]acd.State{"ready": acd.Ready, "away": acd.Away, "out": acd.Away}
)

// State asks for another state. Who takes no calls is away, without a reason.
func (p deskPhone) State(ctx context.Context, c desk.Caller, s wire.PhoneState) error {
	state, ok := phoneStates[s.State]
	if !ok {
		return errPhoneState
	}
	if s.Reason != "" && !known(s.Reason) {
		return errPhoneState
	}
	return p.h.exchange.State(ctx, atPhone(c), state, s.Reason)
}

func known(reason string) bool {
	for _, r := range awayReasons {
		if r.ID == reason {
			return true
		}
	}
	return false
}

// Act does one thing with the call before the caller.
func (p deskPhone) Act(ctx context.Context, c desk.Caller, a wire.PhoneAct) error {
	x, s := p.h.exchange, atPhone(c)
	switch a.Act {
	case "answer":
		return x.Answer(ctx, s, a.Token)
	case "decline":
		return x.Decline(ctx, s, a.Token)
	case "hold", "resume":
		return x.Hold(ctx, s, a.Call, a.Act == "hold")
	case "mask", "unmask":
		return x.Mask(ctx, s, a.Call, a.Act == "mask")
	case "pause":
		return x.Pause(ctx, s, a.Call, a.Reason)
	case "record":
		return x.Record(ctx, s, a.Call)
	case "transfer":
		return x.Transfer(ctx, s, a.Call, a.To)
	case "consult":
		return x.Consult(ctx, s, a.Call, a.To)
	case "join":
		return x.Meet(ctx, s, a.Call)
	case "complete":
		return x.Complete(ctx, s, a.Call)
	case "back":
		return x.Back(ctx, s, a.Call)
	case "hang_up":
		return x.HangUp(ctx, s, a.Call)
	case "digit":
		if len(a.Digit) == 1 {
			return x.Press(ctx, s, a.Call, calls.Digit(a.Digit[0]))
		}
	}
	return errPhoneState
}

// Dial calls somebody with a number of a work that the caller is on.
func (p deskPhone) Dial(ctx context.Context, c desk.Caller, d wire.PhoneDial) error {
	works, err := p.h.clients.WorksOf(ctx, c.Person)
	if err != nil {
		return err
	}
	own, ok := p.h.trunks.Own(calls.Number(d.Own))
	if _, mine := works[d.Work]; !mine || !ok || own.Work != d.Work {
		return sekisho.Fail(sekisho.KindDenied, "trunk.caller")
	}
	to, how, err := calls.ParseNumber(d.Number, p.h.settings.Calls.Country)
	if err != nil {
		return err
	}
	_, err = p.h.exchange.Dial(ctx, atPhone(c), exchange.Outgoing{By: c.Person, To: to, Own: own.Number, Work: d.Work, Withhold: d.Withhold || how == calls.Withhold}, sekisho.LevelLittle) // he knows the number himself
	return err
}

// WrapUp ends a wrap-up.
func (p deskPhone) WrapUp(ctx context.Context, c desk.Caller, w wire.PhoneWritten) error {
	return p.h.exchange.Written(ctx, atPhone(c), w.Call, w.Code, w.Note)
}

// Hand raises or lowers a hand.
func (p deskPhone) Hand(_ context.Context, c desk.Caller, h wire.PhoneHand) error {
	p.h.exchange.Hand(atPhone(c), h.Raised)
	return nil
}
