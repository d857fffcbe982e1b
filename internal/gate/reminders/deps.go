package reminders

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Audit is the part of the audit log that this room writes to.
type Audit interface {
	Append(ctx context.Context, tx storage.Tx, e audit.Event) error
}

// People knows the names of those who are active; whoever is not in it gets no mail.
type People interface {
	Active(ctx context.Context) (map[sekisho.PersonID]string, error)
}

// Source knows what is due to whom, soon or already. It may name what is far off
// and what was told before: the room chooses the days.
type Source interface {
	Due(ctx context.Context, now time.Time) ([]Item, error)
}
