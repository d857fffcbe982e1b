package ivr

import (
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Script is what happens in a dry run: when, to whom, and what the caller and the
// others do, in order. When Acts are over nobody does anything any more.
type Script struct {
	At     time.Time     `json:"at"`
	Caller calls.Number  `json:"caller,omitempty"`
	Called calls.Number  `json:"called,omitempty"`
	Level  sekisho.Level `json:"level,omitempty"`
	Acts   []Act         `json:"acts"`
}

// Act is one of them. Exactly one field is meant; an empty one is silence until the
// wait is over.
type Act struct {
	Keys   string            `json:"keys,omitempty"`   // the caller presses them, one after the other
	Answer bool              `json:"answer,omitempty"` // an operator or the called party answers, talks, and hangs up
	Found  map[string]string `json:"found,omitempty"`  // the look-up answers
	Fail   bool              `json:"fail,omitempty"`   // the look-up, the queue or the dialled party does not
	HangUp bool              `json:"hang_up,omitempty"`
}

// Trial is what a dry run gave: where the call came through, what was done, and why
// it ended.
type Trial struct {
	Path  []NodeID    `json:"path"`
	Did   []Did       `json:"did"`
	Cause calls.Cause `json:"cause"`
}

// Did is one step of a dry run, by its node (those of the fallback have none). What
// was collected is in no field of it.
type Did struct {
	Node   NodeID           `json:"node"`
	Step   string           `json:"step"`
	Prompt sekisho.PromptID `json:"prompt,omitempty"`
	Queue  sekisho.QueueID  `json:"queue,omitempty"`
	Level  sekisho.Level    `json:"level,omitempty"`
	Code   string           `json:"code,omitempty"` // of a fault
}

// maxActs bounds a script; maxEvents what one dry run may take.
const (
	maxActs   = 200
	maxEvents = 100 * MaxSteps
)

// Try walks a call through a flow without a telephone. Prompts are played to their
// end at once; whoever does nothing lets every wait
// pass, but for messages: they are left.
func Try(f Flow, calendars map[CalendarID]Calendar, s Script) (Trial, error) {
	if len(s.Acts) > maxActs {
		return Trial{}, errScript
	}
	m := Begin(f, Facts{Caller: s.Caller, Called: s.Called, Level: s.Level, Calendars: calendars})
	t := &trial{m: m, acts: s.Acts, now: s.At}
	t.take(Event{Kind: Started})
	for range maxEvents {
		cause, over := m.Ended()
		if over {
			t.out.Path, t.out.Cause = m.Path(), cause
			return t.out, nil
		}
		t.take(t.next())
	}
	return Trial{}, fmt.Errorf("ivr: try: a call that does not end") // the property test shows that there is none
}

type trial struct {
	m    *Machine
	acts []Act
	keys string
	step Step // the last that waits
	now  time.Time
	out  Trial
}

func (t *trial) take(e Event) {
	e.At = t.now
	for _, s := range t.m.Take(e) {
		if _, waits := WaitOf(s); waits {
			t.step = s
		}
		t.out.Did = append(t.out.Did, t.did(s))
	}
}

func (t *trial) did(s Step) Did {
	d := Did{}
	if t.m.at != nil {
		d.Node = t.m.at.ID
	}
	switch s := s.(type) {
	case SayStep:
		d.Step, d.Prompt = "say", s.Prompt
	case AskStep:
		d.Step, d.Prompt = "ask", s.Prompt
	case HookStep:
		d.Step, d.Prompt = "lookup", s.Prompt
	case QueueStep:
		d.Step, d.Queue, d.Level = "queue", s.Queue, s.Level
	case DialStep:
		d.Step = "dial"
	case RecordStep:
		d.Step, d.Queue, d.Prompt = "record", s.Queue, s.Prompt
	case LevelStep:
		d.Step, d.Level = "level", s.Level
	case AnswerStep:
		d.Step = "answer"
	case CallbackStep:
		d.Step, d.Queue, d.Level = "callback", s.Queue, s.Level
	case FaultStep:
		d.Node, d.Step, d.Code = s.Node, "fault", s.Code
	case HangStep:
		d.Step, d.Code = "hangup", string(s.Cause)
	}
	return d
}

// next is what happens at the step that waits.
func (t *trial) next() Event {
	if t.m.Talking() {
		return Event{Kind: Talked}
	}
	w, _ := WaitOf(t.step)
	e := Event{Kind: Timeout, Wait: w.ID}
	if _, says := t.step.(SayStep); says {
		e.Kind = Played
		return e
	}
	if _, records := t.step.(RecordStep); records && len(t.acts) == 0 {
		e.Kind = Recorded
		return e
	}
	if t.keys == "" && len(t.acts) > 0 {
		act := t.acts[0]
		t.acts = t.acts[1:]
		switch {
		case act.HangUp:
			return Event{Kind: HungUp}
		case act.Answer:
			e.Kind = Answered
		case act.Found != nil:
			e.Kind, e.Values = Found, act.Found
		case act.Fail:
			e.Kind = Failed
		}
		t.keys = act.Keys
	}
	if t.keys != "" {
		e.Kind, e.Key, t.keys = Digit, calls.Digit(t.keys[0]), t.keys[1:]
	} else if e.Kind == Timeout {
		t.now = t.now.Add(w.Most)
	}
	return e
}

var errScript = sekisho.Fail(sekisho.KindInvalid, "flow.script")
