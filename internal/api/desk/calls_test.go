package desk

import (
	"context"
	"slices"
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
