package ivr

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Secret is what a caller entered: it prints as [hidden], also as JSON.
type Secret string

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// String hides it from fmt.
func (Secret) String() string { return "[hidden]" }

// Format hides it from every verb of fmt.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[hidden]") } // a printer's own writer

// MarshalText hides it from JSON: whoever means to pass it on converts it.
func (Secret) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }

// Value is an attribute of a call: Open, or Secret.
type Value struct {
	Open   string
	Secret Secret
}

// Facts are what is known when a call begins. Calendars are those that the flow names.
type Facts struct {
	Caller    calls.Number // "": withheld or unknown
	Called    calls.Number
	Level     sekisho.Level // of the number that was called; what is not valid counts as あり
	Calendars map[CalendarID]Calendar
}

// Step is one thing to do. Of those that Machine.Take returns only the last one
// waits: see Wait.
type Step interface{ step() }

// Wait is what a step that waits has in common. ID goes into every Event that
// answers it; when Most has passed without one, that is the Event Timeout.
type Wait struct {
	ID   int
	Most time.Duration
}

// Steps that wait.
type (
	// SayStep plays a prompt and then sends Played.
	SayStep struct {
		Wait
		Prompt sekisho.PromptID
	}
	// AskStep plays a prompt, which the first key ends, and sends each key as Digit.
	// Timeout comes First after the end of the prompt, or Between after a key.
	// Most bounds the whole. While Secret is set nobody else hears the keys.
	AskStep struct {
		Wait
		Prompt  sekisho.PromptID
		First   time.Duration
		Between time.Duration
		Secret  bool
	}
	// HookStep asks a webhook, plays Prompt meanwhile where there is one, and sends
	// Found or Failed.
	HookStep struct {
		Wait
		Hook   HookID
		Prompt sekisho.PromptID
		Fields map[string]Value // what it is told; the caller's number as "caller"
	}
	// QueueStep lets the call wait for an operator and sends Answered or Overflowed.
	QueueStep struct {
		Wait
		Queue      sekisho.QueueID
		Priority   int
		Level      sekisho.Level
		Attributes map[string]Value
	}
	// DialStep calls a number outside and sends Answered or Failed.
	DialStep struct {
		Wait
		Number calls.Number
	}
	// RecordStep plays Prompt and a beep, records, and sends Recorded when the caller
	// pressed #, fell silent or was cut off at Length.
	RecordStep struct {
		Wait
		Queue  sekisho.QueueID
		Prompt sekisho.PromptID
		Length time.Duration
	}
)

// Steps that do not wait.
type (
	// LevelStep tells the call's level.
	LevelStep struct{ Level sekisho.Level }
	// AnswerStep notes what the caller said in a survey.
	AnswerStep struct {
		Name string
		Key  calls.Digit
	}
	// CallbackStep keeps the caller's place in a queue.
	CallbackStep struct {
		Queue      sekisho.QueueID
		Number     calls.Number
		Level      sekisho.Level
		Attributes map[string]Value
	}
	// FaultStep says that the flow failed at a node and the fallback begins. It goes
	// into the log.
	FaultStep struct {
		Node NodeID
		Code string
	}
	// HangStep ends the call. It is the last of all.
	HangStep struct{ Cause calls.Cause }
)

func (SayStep) step()      {}
func (AskStep) step()      {}
func (HookStep) step()     {}
func (QueueStep) step()    {}
func (DialStep) step()     {}
func (RecordStep) step()   {}
func (LevelStep) step()    {}
func (AnswerStep) step()   {}
func (CallbackStep) step() {}
func (FaultStep) step()    {}
func (HangStep) step()     {}

func (w Wait) waits() Wait { return w }

// WaitOf gives what a step waits for; false for one that does not wait.
func WaitOf(s Step) (Wait, bool) {
	if w, ok := s.(interface{ waits() Wait }); ok {
		return w.waits(), true
	}
	return Wait{}, false
}

// What may happen. The zero value is nothing that happens.
const (
	NoEvent    EventKind = iota
	Started              // the call is there
	Digit                // a key was pressed
	Timeout              // the wait's time has passed
	Played               // a prompt has ended, or could not be played
	Found                // the look-up answered
	Failed               // the look-up or the call failed
	Answered             // somebody answered: from here on it is a talk
	Overflowed           // nobody answers in this queue
	Recorded             // the message is recorded
	Talked               // the talk has ended and the caller is still there
	HungUp               // the caller hung up
)

// EventKind is a kind of event.
type EventKind uint8

// Event is one thing that happened. Wait is the ID of the wait that it answers: an
// answer to another one is late and changes nothing. Started, Talked and HungUp need none.
type Event struct {
	Kind   EventKind
	Wait   int
	At     time.Time         // UTC; hours are told by it
	Key    calls.Digit       // of Digit
	Values map[string]string // of Found
}
