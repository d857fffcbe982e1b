package connect

import (
	"context"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	confirmWithin = 10 * time.Minute // as long as the question for the witness waits
	confirmPoll   = time.Second
)

var errWitness = sekisho.Fail(sekisho.KindDenied, "witness.over")

// confirmed hands an enrolment to the witness who watches by video, and waits for
// his answer. The same enrolment is then stored; nothing is without it.
func confirmed(ctx context.Context, conn connection, f wire.FaceEnrolment) error {
	if err := conn.OfferFace(ctx, f); err != nil {
		return err
	}
	tick := time.NewTicker(confirmPoll)
	defer tick.Stop()
	for {
		w, err := conn.Witnessing(ctx, f.Approval)
		switch {
		case err != nil:
			return err
		case w.State == "confirmed":
			return nil
		case w.State != "offered" && w.Reason != "":
			return sekisho.Fail(sekisho.KindDenied, w.Reason)
		case w.State != "offered":
			return errWitness
		}
		select {
		case <-ctx.Done():
			return errWitness.Because(ctx.Err())
		case <-tick.C:
		}
	}
}

// dropEnrol gives the enrolment under way up: whoever waits for its witness stops.
func (a *Agent) dropEnrol() {
	if a.enrol != nil {
		a.enrol.giveUp()
		a.enrol = nil
	}
}
