package grants

import (
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// RecheckEvery is how often every session's posture is asked for again, so that
// a PC that stopped reporting is noticed too.
const RecheckEvery = 10 * time.Second

// closedByPosture is the reason of sessions that end here.
const closedByPosture = "posture.closed"

// reporter names a connection to posture.
func reporter(c Connection, p wire.GuardPolicy) posture.By {
	return posture.By{
		Connection: c.ID, Device: c.Device, Person: c.Person, LeaseKey: c.LeaseKey, Policy: p.Name, Place: p.Place,
	}
}

// Recheck ends the session of a connection whose PC is not as its policy asks
// any more, and says whether it did. It is called when a report has come.
func (b *Book) Recheck(id sekisho.ConnectionID) bool {
	s := b.byConnection.get(id)
	if s == nil {
		return false
	}
	s.mu.Lock()
	live, session := s.live, s.session.ID
	s.mu.Unlock()
	return live && b.Posture.Holds(id) != nil && b.End(session, sekisho.Unknown, closedByPosture)
}

// RecheckAll is Recheck of every live session.
func (b *Book) RecheckAll() (n int) {
	for _, s := range b.byPerson.all() {
		if b.Recheck(s.conn.ID) {
			n++
		}
	}
	return n
}
