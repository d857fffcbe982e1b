package console

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/ivr"
)

// tryFlow is a dry run. The numbers in it are invented by whoever tries, and kept nowhere.
type tryFlow struct {
	ByID
	Body struct {
		At     time.Time     `json:"at" doc:"when the call comes in"`
		Caller string        `json:"caller" maxLength:"16" pattern:"^([+]?[0-9]{1,15})?$" doc:"with its country code; empty where it is withheld"`
		Called string        `json:"called" maxLength:"16" pattern:"^([+]?[0-9]{1,15})?$"`
		Level  sekisho.Level `json:"level,omitempty" enum:"full,little,none" doc:"that the number is set to"`
		Acts   []tryAct      `json:"acts" nullable:"false" maxItems:"200"`
	}
}

// tryAct is what one of those in the call does; with nothing set he lets the wait pass.
type tryAct struct {
	Keys   string            `json:"keys,omitempty" maxLength:"64" pattern:"^[0-9*#]*$"`
	Answer bool              `json:"answer,omitempty" doc:"an operator or the called party answers, talks, and hangs up"`
	Found  map[string]string `json:"found,omitempty" doc:"what the look-up answers" maxProperties:"20"`
	Fail   bool              `json:"fail,omitempty" doc:"the look-up, the queue or the dialled party does not"`
	HangUp bool              `json:"hang_up,omitempty"`
}

func (d *Door) tryFlow(ctx context.Context, in *tryFlow) (*answer[FlowTrialView], error) {
	s := ivr.Script{At: in.Body.At, Caller: calls.Number(in.Body.Caller), Called: calls.Number(in.Body.Called), Level: in.Body.Level}
	for _, a := range in.Body.Acts {
		s.Acts = append(s.Acts, ivr.Act(a))
	}
	t, err := d.flows.TryDraft(ctx, sekisho.FlowID(in.ID), s)
	if err != nil {
		return nil, err
	}
	view := FlowTrialView{Path: append([]ivr.NodeID{}, t.Path...), Did: make([]FlowDidView, 0, len(t.Did)), Cause: string(t.Cause)}
	for _, one := range t.Did {
		view.Did = append(view.Did, FlowDidView{Node: one.Node, Step: one.Step, Prompt: one.Prompt, Queue: one.Queue, Level: one.Level, Why: reasonText(ctx, one.Code)})
	}
	return reply(view, nil)
}
