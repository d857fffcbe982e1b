package wire

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// The telephone at the desk door. Its routes answer a live session alone.

// Phone answers GET calls: the operator's telephone as it is now.
type Phone struct {
	State   string          `json:"state"`   // "out", "ready", "offered", "talking", "wrap_up", "break", "away", "no_answer", "locked"
	Since   time.Time       `json:"since"`   // of the state
	Next    string          `json:"next"`    // the state that begins when this one ends, "" if none was chosen
	Line    string          `json:"line"`    // of the softphone: "none", "connecting", "ready"
	Hand    bool            `json:"hand"`    // raised
	Queues  []PhoneQueue    `json:"queues"`  // from which calls may come
	Call    *PhoneCall      `json:"call"`    // offered or joined; null if there is none
	WrapUp  *PhoneWrapUp    `json:"wrap_up"` // what is to be written after a call; null if nothing is
	Consult *PhoneConsulted `json:"consult"` // whom the operator asks meanwhile; null if nobody
	Own     []PhoneNumber   `json:"own"`     // numbers that may be shown to whom he calls, by work; empty: he may not call
	Reasons []PhoneReason   `json:"reasons"` // why somebody may be away
	May     []string        `json:"may"`     // acts that are open now: "answer", "decline", "hold", "resume", "mask", "unmask", "pause", "record", "transfer", "consult", "join", "complete", "back", "digit", "hang_up"
}

// PhoneQueue is one queue from which an operator gets calls.
type PhoneQueue struct {
	ID      sekisho.QueueID `json:"id"`
	Name    string          `json:"name"`
	Waiting int             `json:"waiting"`
}

// PhoneReason is why somebody is away, by name.
type PhoneReason struct {
	ID   string `json:"id"`
	Text Words  `json:"text"`
}

// PhoneNumber is a number that a work may show to whom it calls.
type PhoneNumber struct {
	Number string         `json:"number"`
	Work   sekisho.WorkID `json:"work"`
	Name   string         `json:"name"` // of the work
}

// PhoneCall is the call that an operator has before him. The caller's number is
// masked: what else is known of him is another room's to tell.
type PhoneCall struct {
	ID        sekisho.CallID `json:"id"`
	Token     uint64         `json:"token"`     // of the offer; 0 once joined
	Until     *time.Time     `json:"until"`     // of the offer
	Direction string         `json:"direction"` // "in", "out"
	State     string         `json:"state"`     // "offered", "dialling", "talking", "held", "meeting", "consulting", "parked"
	Queue     string         `json:"queue"`     // its name, "" if it came through none
	Work      string         `json:"work"`      // its name
	Number    string         `json:"number"`    // masked but for four digits, "" if withheld
	Level     sekisho.Level  `json:"level"`
	Said      []PhoneSaid    `json:"said"`      // what the flow learned, but for secrets
	Since     time.Time      `json:"since"`     // it was joined or offered
	Waited    int            `json:"waited"`    // seconds in the queue
	Masked    bool           `json:"masked"`    // secure capture: neither operator nor tape hears the caller
	Recording string         `json:"recording"` // "on", "paused", "off"
	Back      bool           `json:"back"`      // it is a caller who was parted from this operator by the guard
	MOS       float64        `json:"mos"`       // of what comes from the caller: 1 to 4.5; 0 not known
}

// LogValue keeps who calls out of logs.
func (PhoneCall) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// PhoneSaid is one thing that a flow learned of the caller.
type PhoneSaid struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PhoneConsulted is whom an operator asks while his caller waits.
type PhoneConsulted struct {
	Name  string `json:"name"`  // of the colleague, or the masked number
	State string `json:"state"` // "ringing", "talking"
}

// PhoneWrapUp is what is to be written after a call.
type PhoneWrapUp struct {
	Call  sekisho.CallID `json:"call"`
	Until *time.Time     `json:"until"` // null: until it is written
	Codes []PhoneReason  `json:"codes"`
}

// PhoneState is POST calls/state: the state that the operator wants.
type PhoneState struct {
	State  string `json:"state"`  // "ready", "away", "out"
	Reason string `json:"reason"` // of "away", one of Phone.Reasons
}

// PhoneAct is POST calls/act: something done with the call before the operator.
type PhoneAct struct {
	Call   sekisho.CallID `json:"call"`
	Act    string         `json:"act"`    // one of Phone.May
	Token  uint64         `json:"token"`  // of "answer" and "decline"
	To     string         `json:"to"`     // of "transfer" and "consult": a number, an extension or "queue:ID"
	Digit  string         `json:"digit"`  // of "digit": one key
	Reason string         `json:"reason"` // of "pause"
}

// LogValue keeps numbers out of logs.
func (PhoneAct) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// PhoneWritten is POST calls/wrap-up.
type PhoneWritten struct {
	Call sekisho.CallID `json:"call"`
	Code string         `json:"code"`
	Note string         `json:"note"` // at most 500 characters
}

// LogValue keeps what was written of a call out of logs.
func (PhoneWritten) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// PhoneDial is POST calls/dial.
type PhoneDial struct {
	Number   string         `json:"number"`
	Work     sekisho.WorkID `json:"work"`
	Own      string         `json:"own"`      // one of Phone.Own
	Withhold bool           `json:"withhold"` // 184
}

// LogValue keeps numbers out of logs.
func (PhoneDial) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// PhoneHand is POST calls/hand.
type PhoneHand struct {
	Raised bool `json:"raised"`
}
