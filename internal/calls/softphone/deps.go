package softphone

import (
	"context"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Leases knows which sessions are alive (gate/grants).
type Leases interface {
	// Alive says whether the session's lease is alive at this moment, at that address.
	Alive(session sekisho.SessionID, at netip.Addr) bool
}

// Log is the audit log.
type Log interface {
	// Commit writes the row of an opening act; it is committed when nil is returned.
	Commit(ctx context.Context, e audit.Event) error
	// Afterwards takes the row of a closing act or of a refusal, and waits for nothing.
	Afterwards(e audit.Event)
}

// Deps is what the room needs of others.
type Deps struct {
	Leases Leases
	// Replaced is told which line of a person lost its place to a newer one, so that
	// the page that lost says so. It must not block; nil tells nobody.
	Replaced func(person sekisho.PersonID, lost sekisho.LineID)
}
