package ivr

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Bounds of a flow.
const (
	MaxNodes = 200
	MaxFlow  = 256 << 10 // bytes of its JSON
)

// NodeID names a node within its flow: 1 to 40 of a to z, 0 to 9, - and _.
type NodeID string

// Flow is one version of a call flow. Start is where a call begins; Survey, if it is
// named, where a caller goes on after the talk, when the operator has hung up first.
type Flow struct {
	Start    NodeID   `json:"start"`
	Survey   NodeID   `json:"survey,omitempty"`
	Fallback Fallback `json:"fallback"`
	Nodes    []Node   `json:"nodes"`
}

// Fallback is where a call goes when the flow fails: into Queue, where one is
// named, else, or when nobody answers there, it hears Prompt and ends.
type Fallback struct {
	Queue  sekisho.QueueID  `json:"queue,omitempty"`
	Prompt sekisho.PromptID `json:"prompt"`
}

// Node is one place of a flow: exactly one of its kinds is set. X and Y are where
// the console draws it.
type Node struct {
	ID    NodeID `json:"id"`
	Title string `json:"title,omitempty"`
	X     int    `json:"x,omitempty"`
	Y     int    `json:"y,omitempty"`

	Play      *Play      `json:"play,omitempty"`
	Menu      *Menu      `json:"menu,omitempty"`
	Collect   *Collect   `json:"collect,omitempty"`
	Hours     *Hours     `json:"hours,omitempty"`
	Condition *Condition `json:"condition,omitempty"`
	Attribute *Attribute `json:"attribute,omitempty"`
	Level     *SetLevel  `json:"level,omitempty"`
	Queue     *Queue     `json:"queue,omitempty"`
	Callback  *Callback  `json:"callback,omitempty"`
	Voicemail *Voicemail `json:"voicemail,omitempty"`
	Transfer  *Transfer  `json:"transfer,omitempty"`
	Lookup    *Lookup    `json:"lookup,omitempty"`
	Survey    *Survey    `json:"survey,omitempty"`
	Hangup    *Hangup    `json:"hangup,omitempty"`
}

// Play says something.
type Play struct {
	Prompt sekisho.PromptID `json:"prompt"`
	Next   NodeID           `json:"next"`
}

// Menu asks for one key. After Tries wrong keys or silences it goes to Otherwise.
type Menu struct {
	Prompt    sekisho.PromptID  `json:"prompt"`
	Choices   map[string]NodeID `json:"choices"` // by key: 0 to 9, *, #
	Wait      int               `json:"wait"`    // seconds for a key once it was said: 1 to 60
	Tries     int               `json:"tries"`   // 1 to 9
	Otherwise NodeID            `json:"otherwise"`
}

// Collect asks for digits, Min to Max of them. End ends them early, and is # unless it
// says *. What was entered is kept as Secret under Name until the call ends.
type Collect struct {
	Prompt    sekisho.PromptID `json:"prompt"`
	Name      string           `json:"name"`
	Min       int              `json:"min"` // 1 to 32
	Max       int              `json:"max"`
	End       string           `json:"end,omitempty"`
	Wait      int              `json:"wait"`  // seconds for each key: 1 to 60
	Tries     int              `json:"tries"` // 1 to 9
	Next      NodeID           `json:"next"`
	Otherwise NodeID           `json:"otherwise"`
}

// Hours chooses by the time on a calendar's wall; a holiday (休業日) is not open.
type Hours struct {
	Calendar CalendarID `json:"calendar"`
	Open     NodeID     `json:"open"`
	Closed   NodeID     `json:"closed"`
	Holiday  NodeID     `json:"holiday,omitempty"` // Closed, where it is not named
}

// Of what a Condition asks.
const (
	OfCaller    = "caller"    // the caller's number; unknown where it is withheld
	OfCalled    = "called"    // the number that was called
	OfAttribute = "attribute" // one that is not secret
)

// Tests of a Condition.
const (
	IsKnown   = "known"
	IsOneOf   = "is" // one of Values
	BeginsAny = "begins"
)

// Condition chooses by a number or an attribute.
type Condition struct {
	Of     string   `json:"of"`
	Name   string   `json:"name,omitempty"` // of the attribute
	Test   string   `json:"test"`
	Values []string `json:"values,omitempty"` // at most 50
	Yes    NodeID   `json:"yes"`
	No     NodeID   `json:"no"`
}

// Attribute notes something for whoever answers: Value, or what was collected under
// From, and then it must be secret.
type Attribute struct {
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	From   string `json:"from,omitempty"`
	Secret bool   `json:"secret,omitempty"`
	Next   NodeID `json:"next"`
}

// SetLevel says how much personal data the call is about (個人情報: なし / 少ない / あり).
type SetLevel struct {
	Level sekisho.Level `json:"level"`
	Next  NodeID        `json:"next"`
}

// Queue lets the call wait for an operator, Most seconds at most (1 to 3,600).
type Queue struct {
	Queue    sekisho.QueueID `json:"queue"`
	Priority int             `json:"priority,omitempty"` // 0 to 9, 9 first
	Most     int             `json:"most"`
	Overflow NodeID          `json:"overflow"`
}

// Callback keeps the caller's place in a queue and lets him go (折り返し予約). Where
// his number is withheld it goes to Withheld.
type Callback struct {
	Queue    sekisho.QueueID  `json:"queue"`
	Prompt   sekisho.PromptID `json:"prompt"` // says that he will be called back
	Withheld NodeID           `json:"withheld"`
}

// Voicemail records a message for those of a queue.
type Voicemail struct {
	Queue  sekisho.QueueID  `json:"queue"`
	Prompt sekisho.PromptID `json:"prompt"`
	Most   int              `json:"most"` // seconds: 5 to 300
	Next   NodeID           `json:"next"`
}

// Transfer calls a number outside and puts the caller through.
type Transfer struct {
	Number calls.Number `json:"number"`
	Wait   int          `json:"wait"` // seconds that it rings: 5 to 120
	Failed NodeID       `json:"failed"`
}

// Lookup asks another system. It is told what Collected and Attributes name; of its
// answer only what Takes names becomes attributes.
type Lookup struct {
	Hook       HookID           `json:"hook"`
	Prompt     sekisho.PromptID `json:"prompt,omitempty"` // said meanwhile
	Caller     bool             `json:"caller,omitempty"` // tell it the caller's number
	Collected  []string         `json:"collected,omitempty"`
	Attributes []string         `json:"attributes,omitempty"`
	Takes      []string         `json:"takes,omitempty"`
	Found      NodeID           `json:"found"`
	Failed     NodeID           `json:"failed"`
}

// Survey asks questions that are answered by one key each.
type Survey struct {
	Questions []Question `json:"questions"` // 1 to 10
	Wait      int        `json:"wait"`      // seconds: 1 to 60
	Next      NodeID     `json:"next"`
}

// Question is one of them; its answer goes under Name.
type Question struct {
	Name   string           `json:"name"`
	Prompt sekisho.PromptID `json:"prompt"`
	From   int              `json:"from"` // lowest key, 0 to 9
	To     int              `json:"to"`   // highest key
}

// Hangup ends the call, after words where Prompt names some.
type Hangup struct {
	Prompt sekisho.PromptID `json:"prompt,omitempty"`
}

// ParseFlow reads a flow from JSON. What it does not know it refuses: a flow whose
// meaning was half understood would be another flow.
func ParseFlow(text []byte) (Flow, error) {
	if len(text) > MaxFlow {
		return Flow{}, errTooLarge
	}
	var f Flow
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Flow{}, errMalformed.Because(errors.New("not a flow")) // the text may hold numbers
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Flow{}, errMalformed
	}
	if len(f.Nodes) > MaxNodes {
		return Flow{}, errTooMany
	}
	return f, nil
}

var (
	errTooLarge  = sekisho.Fail(sekisho.KindInvalid, "flow.too_large")
	errMalformed = sekisho.Fail(sekisho.KindInvalid, "flow.malformed")
	errTooMany   = sekisho.Fail(sekisho.KindInvalid, "flow.too_many_nodes")
)
