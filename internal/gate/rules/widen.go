package rules

import (
	"context"
	"log/slog"
	"regexp"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Widening is what is permitted beside the policies in force for a time; the zero
// value is nothing.
type Widening struct {
	ID   string // of this time
	Text string
}

// WidenBy makes the policies ask, in the transaction that reads them, what is
// permitted beside them now. Set it before the room is used.
func (r *Rules) WidenBy(now func(ctx context.Context, tx storage.Tx) (Widening, error)) {
	r.widening = now
}

// An id of a widening's policy can be no other policy's.
var wideningForm = regexp.MustCompile(`^disaster-[a-z0-9-]{1,39}$`)

// CheckWidening refuses a text that does more than permit, is not valid, or whose
// policies could be taken for others: their ids begin with "disaster-", as those
// of no policy beside them may.
func (r *Rules) CheckWidening(ctx context.Context, text string) error {
	alone, faults := compile(text, wideningForm)
	if len(faults) > 0 {
		return faultsError(faults)
	}
	any := false
	for _, p := range alone.All() {
		if any = true; p.Effect() != cedar.Permit {
			return errWidening
		}
	}
	if !any {
		return errWidening
	}
	now, err := r.InForce(ctx)
	if err != nil {
		return err
	}
	if _, faults := Compile(now.Text + "\n" + text); len(faults) > 0 {
		return faultsError(faults)
	}
	return nil
}

// widened compiles a text with what is permitted beside it. What cannot stand
// there permits nothing.
func widened(text string, w Widening) (*Set, []Fault) {
	if w.ID == "" {
		return Compile(text)
	}
	if made, faults := Compile(text + "\n" + w.Text); len(faults) == 0 {
		return made, nil
	}
	slog.Error("what was agreed on for a disaster does not compile beside the policies in force; it is left out")
	return Compile(text)
}
