package evidence

import (
	"errors"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// refusedEach is how often one person's refusals of one kind and code get a row:
// nothing is ever taken out of the log, and a PC may ask without end.
const (
	refusedEach = time.Minute
	maxRefusals = 10_000 // remembered at once
)

type refusal struct {
	kind, code string
	person     sekisho.PersonID
}

type said struct {
	at     time.Duration // monotonic
	silent int           // refusals since without a row
}

// refusals remembers what was written lately.
type refusals struct {
	mu   sync.Mutex
	last map[refusal]said
}

// write says whether a refusal gets a row, and how many before it got none.
func (r *refusals) write(key refusal, now time.Duration) (ok bool, silent int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, known := r.last[key]
	if known && now-last.at < refusedEach {
		last.silent++
		r.last[key] = last
		return false, 0
	}
	if len(r.last) >= maxRefusals {
		maps.DeleteFunc(r.last, func(_ refusal, s said) bool { return now-s.at >= refusedEach })
	}
	r.last[key] = said{at: now}
	return true, last.silent
}

// refuse writes the row of a refused attempt and gives the error back. A server
// that is busy or fails has refused nobody.
func (e *Evidence) refuse(err error, row audit.Event) error {
	if err == nil || sekisho.KindOf(err) == sekisho.KindInternal || errors.Is(err, errBusy) {
		return err
	}
	row.Decision, row.Reason = audit.Deny, sekisho.CodeOf(err)
	ok, silent := e.refused.write(refusal{row.Kind, row.Reason, row.Actor.Person}, e.clk.Mono())
	if !ok {
		return err
	}
	if silent > 0 {
		row.Detail = maps.Clone(row.Detail)
		if row.Detail == nil {
			row.Detail = map[string]string{}
		}
		row.Detail["unwritten"] = strconv.Itoa(silent)
	}
	e.deps.Audit.Afterwards(row)
	return err
}
