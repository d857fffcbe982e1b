package blackout

import (
	"context"
	"errors"
	"time"
)

// lockWithin is how long the system may take to say that it is locked.
const lockWithin = 3 * time.Second

// Locker locks the operating system's session.
type Locker interface {
	// Lock returns nil only if the system has answered that it is locked.
	Lock(ctx context.Context) error
}

// errNoLock says that this system cannot be locked by the agent.
var errNoLock = errors.New("blackout: no lock on this system")
