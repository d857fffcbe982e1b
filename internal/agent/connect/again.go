package connect

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
)

// A TPM that has lost the device's key: what happened, and enrolling anew.

var (
	errCleared  = sekisho.Fail(sekisho.KindDenied, "device.tpm_cleared")  // the same TPM, without the key
	errReplaced = sekisho.Fail(sekisho.KindDenied, "device.tpm_replaced") // another TPM: board, or disk, of another PC
)

// whyLost looks which TPM is there: clearing one keeps its endorsement key. What
// cannot be told stays what it was: the key is lost.
func (a *Agent) whyLost(lost error) error {
	if a.ek == nil || a.enrolment.EK == "" {
		return lost
	}
	ek, err := a.ek(a.ctx)
	switch {
	case err != nil:
		slog.Error("it cannot be told which TPM this is", "error", err)
		return lost
	case a.enrolment.SameTPM(ek):
		return errCleared.Because(lost)
	}
	return errReplaced.Because(lost)
}

// canAgain says whether the way back is open that needs no code: the key was in a
// TPM, is lost, and the server knows this PC's ticket. Which TPM it is the server
// asks for itself, and takes the same one only.
func (a *Agent) canAgain() bool {
	return a.keyLost && a.phase == phaseUnenrolled && len(a.enrolment.Ticket) > 0
}

// Again enrols this PC anew, for the front door.
func (a *Agent) Again() error {
	return a.ask(func() error {
		switch {
		case a.phase == phasePending || a.phase == phaseConnecting:
			return nil // pressed twice, or a page that came late
		case !a.canAgain():
			return errEarly
		}
		e := a.enrolment
		e.State = uplink.StateIssued // as it was before the key was lost
		a.stand(phaseConnecting, nil)
		a.aside(func() func() {
			err := a.again(a.ctx, e)
			return func() { a.enrolledAgain(err) }
		})
		return nil
	})
}

func (a *Agent) enrolledAgain(err error) {
	if err == nil {
		a.begin()
		return
	}
	slog.Error("this PC was not enrolled anew", "error", err)
	a.enrolment.State = ""
	a.stand(phaseUnenrolled, err) // the press stays open: a server that was not reached can be tried again
}

// enrolAgain makes a new key in the TPM and has it enrolled in place of e. Until
// the server has taken it everything stays as it was.
func enrolAgain(ctx context.Context, dir string, settings Settings, e uplink.Enrolment) error {
	aside := filepath.Join(dir, enrollingDir)
	key, err := devicekey.Create(ctx, settings.keyConfig(aside))
	if err != nil {
		return err
	}
	defer key.Close()
	defer os.RemoveAll(aside) // nothing is left in it after success; after failure it is of no use
	next, err := uplink.EnrolAgain(ctx, e, key)
	if err != nil {
		return err
	}
	if err := moveKey(aside, dir); err != nil {
		return err
	}
	if err := next.Save(dir); err != nil {
		return fmt.Errorf("connect: save enrolment: %w", err)
	}
	return nil
}
