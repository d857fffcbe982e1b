package audit

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// Event is one thing that happened, as a room tells it. Kind is
// "object.what_happened" in lower case: "device.approved", "session.opened".
type Event struct {
	Kind     string
	Actor    Actor
	Object   Object
	Decision string // "allow", "deny" or ""
	Reason   string // code of an error, or a short word
	Session  sekisho.SessionID
	Customer sekisho.CustomerID // whose data it touched, by an opaque id; nothing else of a customer belongs into an event
	Call     sekisho.CallID     // the call during which it happened
	Detail   map[string]string  // never personal: it stays for ever
	Personal Personal           // names, numbers, addresses: erasable
	Late     bool               // written after the fact, not in the act's own transaction
	Closing  bool               // an act that closes; allowed while the log is not opened
}

// Actor is who did it. All of it may be empty when nobody is known.
type Actor struct {
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Role    sekisho.Role
	Process string // "server", "cli": when no person acted
}

// Object is what it was done to.
type Object struct {
	Type string // "device", "person", "session", …
	ID   string
}

// Personal are values that identify somebody, by field. The log holds only
// salted commitments of them.
type Personal map[string]string

// LogValue hides the values.
func (Personal) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// String hides the values from fmt too.
func (Personal) String() string { return "[hidden]" }

// Decisions.
const (
	Allow = "allow"
	Deny  = "deny"
)

// opening says whether the event must wait for a log that may open: everything
// does but refusals, closing acts and the log's own affairs.
func (e Event) opening() bool {
	return e.Decision != Deny && !e.Late && !e.Closing && !isOwn(e.Kind)
}

// Entry is an event as the log holds it.
type Entry struct {
	Seq   int64     // its number in the log, from 0
	ID    string    // UUIDv7
	At    time.Time // when it happened, by the server's wall clock
	Event Event     // Personal holds the values that have not been erased
	Leaf  []byte    // the bytes that were hashed
}
