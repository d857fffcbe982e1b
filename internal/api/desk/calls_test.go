package desk

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

type telephone struct{ offers []string }

func (p *telephone) Line(_ context.Context, _ Caller, in wire.LineOffer) (wire.LineAnswer, error) {
	p.offers = append(p.offers, in.Offer)
	return wire.LineAnswer{Line: "l", Answer: "v=0"}, nil
}

// A telephone exists only in a live session.
func TestTheLineIsForALiveSession(t *testing.T) {
	p := &telephone{}
	f, c := setUp(t, func(d *Districts) { d.Telephone = p })
	if status, problem := c.request("POST", prefix+"calls/line", `{"offer":"x"}`, nil); status != 403 || problem != "session.required" {
		t.Errorf("in quarantine: %d %s", status, problem)
	}
	f.caller.Session, f.caller.Epoch = "s", 7
	if status, problem := c.request("POST", prefix+"calls/line", `{"offer":"x"}`, nil); status != 421 {
		t.Errorf("on a connection of another epoch: %d %s", status, problem)
	}
	f.epoch = 7
	if status, body := c.request("POST", prefix+"calls/line", `{"offer":"v=0"}`, nil); status != 200 {
		t.Errorf("live: %d %s", status, body)
	}
	for _, body := range []string{"", "[]", `{"offer":1}`, `{"offer":"x","session":"other"}`} {
		if status, problem := c.request("POST", prefix+"calls/line", body, nil); status != 422 {
			t.Errorf("%s: %d %s", body, status, problem)
		}
	}
	if !slices.Equal(p.offers, []string{"v=0"}) {
		t.Errorf("%q", p.offers)
	}
}

func (p *telephone) Phone(context.Context, Caller) (wire.Phone, error)    { return wire.Phone{}, nil }
func (p *telephone) State(context.Context, Caller, wire.PhoneState) error { return nil }
func (p *telephone) Act(_ context.Context, _ Caller, a wire.PhoneAct) error {
	p.offers = append(p.offers, a.Act)
	return nil
}
func (p *telephone) Dial(context.Context, Caller, wire.PhoneDial) error      { return nil }
func (p *telephone) WrapUp(context.Context, Caller, wire.PhoneWritten) error { return nil }
func (p *telephone) Hand(context.Context, Caller, wire.PhoneHand) error      { return nil }

// Nothing is done with a call outside a live session.
func TestCallsAreForALiveSession(t *testing.T) {
	p := &telephone{}
	f, c := setUp(t, func(d *Districts) { d.Telephone = p })
	act := `{"call":"c","act":"answer","token":1,"to":"","digit":"","reason":""}`
	for route, body := range map[string]string{
		"GET calls": "", "POST calls/act": act, "POST calls/state": `{"state":"ready","reason":""}`,
		"POST calls/dial": `{"number":"1","work":"w","own":"2","withhold":false}`, "POST calls/wrap-up": `{"call":"c","code":"","note":""}`, "POST calls/hand": `{"raised":true}`,
	} {
		method, path, _ := strings.Cut(route, " ")
		if status, problem := c.request(method, prefix+path, body, nil); status != 403 || problem != "session.required" {
			t.Errorf("%s in quarantine: %d %s", route, status, problem)
		}
	}
	f.caller.Session, f.caller.Epoch, f.epoch = "s", 7, 7
	if status, body := c.request("POST", prefix+"calls/act", act, nil); status != 200 {
		t.Errorf("control: %d %s", status, body)
	}
	if !slices.Equal(p.offers, []string{"answer"}) {
		t.Errorf("%q", p.offers)
	}
}
