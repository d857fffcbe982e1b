package evidence

import (
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// How many refusals of one kind and person get a row: nothing is ever taken out
// of the log, and a PC may ask without end.
const (
	rowsAtOnce = 10
	rowEvery   = time.Minute
)

// refuse writes the row of a refused attempt and gives the error back. A server
// that is busy or fails has refused nobody.
func (e *Evidence) refuse(err error, row audit.Event) error {
	if err == nil || sekisho.KindOf(err) == sekisho.KindInternal || errors.Is(err, errBusy) {
		return err
	}
	ok, last := e.rows.Take(row.Kind + " " + string(row.Actor.Person))
	if !ok && !last {
		return err
	}
	row.Decision, row.Reason = audit.Deny, sekisho.CodeOf(err)
	if last {
		row.Detail["more"] = "unwritten" // until a minute without one
	}
	e.deps.Audit.Afterwards(row)
	return err
}
