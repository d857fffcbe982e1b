package exchange

import (
	"context"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Leg is one party of a call: a caller on a trunk, an operator's softphone.
type Leg interface {
	calls.Sink // what the party hears; never blocks
	Codec() calls.Codec
	Listen(calls.Sink) // where what the party says goes from now on; nil: nowhere
	Hang(calls.Cause)
	Ended() <-chan struct{}
	Cause() calls.Cause
	Quality() calls.Quality
}

type leg = Leg

// Deps is what an exchange needs of others.
type Deps struct {
	ACD     Router
	Lines   Lines
	Trunks  Trunks
	Flows   Flows
	Prompts Prompts
	Hooks   Hooks
	Tapes   Tapes
	People  People
	Clients Clients
	Audit   Audit
	Alive   func(Session) bool     // whether a lease is alive at this moment
	Changed func(sekisho.PersonID) // something on somebody's telephone has changed
	Board   func()                 // something on the board has
}

// Router decides who gets which call (calls/acd).
type Router interface {
	Do(acd.Event)
	OnAct(func(acd.Act))
	// Serves says whether a queue is a client company's and takes calls.
	Serves(q sekisho.QueueID, client sekisho.ClientID) bool
	// Of gives a queue of a work.
	Of(w sekisho.WorkID) (sekisho.QueueID, bool)
}

// Lines are the operators' softphones (calls/softphone).
type Lines interface {
	Line(sekisho.SessionID) (Leg, bool)
	Ready(sekisho.SessionID) bool
	// Cut ends a line; when it returns nothing passes it any more.
	Cut(sekisho.SessionID)
}

// Trunks place calls (calls/trunks).
type Trunks interface {
	// May says whether the rules let a call out now.
	May(o Outgoing) error
	Dial(ctx context.Context, o Outgoing) (Leg, error)
}

// Flows are the call flows (calls/ivr).
type Flows interface {
	Published(ctx context.Context, id sekisho.FlowID) (ivr.Flow, ivr.Facts, error)
}

// Prompts are announcements, as μ-law.
type Prompts interface {
	Prompt(sekisho.PromptID) ([]byte, error)
	Words(name string) []byte
}

// Hooks ask other systems.
type Hooks interface {
	Lookup(ctx context.Context, call sekisho.CallID, s ivr.HookStep) (map[string]string, error)
}

// Tape is the recording of one call.
type Tape interface {
	Caller() calls.Sink
	Centre() calls.Sink
	Pause(ctx context.Context, by Session, reason string) error
	Resume(ctx context.Context, by Session) error
	Mask(ctx context.Context, by Session, on bool) error
	With(ctx context.Context, p sekisho.PersonID) error
	End()
}

type tape = Tape

// Tapes record (calls/recordings).
type Tapes interface {
	Begin(a About, q sekisho.QueueID, operator sekisho.PersonID) (Tape, error)
	Message(a About, q sekisho.QueueID) (Tape, error)
}

// People says what operators can do.
type People interface {
	Skills(p sekisho.PersonID) (skills map[string]int, works []sekisho.WorkID)
}

// Clients says whose a work is.
type Clients interface {
	ClientOf(ctx context.Context, w sekisho.WorkID) (sekisho.ClientID, error)
}

// Audit is the log.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
	Afterwards(e audit.Event)
}
