package trunks

import (
	"context"
	"errors"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

var (
	errEngaged     = sekisho.Fail(sekisho.KindBusy, "trunk.engaged")
	errNoAnswer    = sekisho.Fail(sekisho.KindBusy, "trunk.no_answer")
	errRejected    = sekisho.Fail(sekisho.KindDenied, "trunk.rejected")
	errUnreachable = sekisho.Fail(sekisho.KindNotFound, "trunk.unreachable")
	errCredentials = sekisho.Fail(sekisho.KindDenied, "trunk.credentials")
)

// CauseOf is the cause that an error of Dial means.
func CauseOf(err error) calls.Cause {
	for _, one := range []struct {
		err   error
		cause calls.Cause
	}{
		{context.Canceled, calls.Cancelled}, {context.DeadlineExceeded, calls.NoAnswer}, {errEngaged, calls.Busy}, {errNoAnswer, calls.NoAnswer},
		{errRejected, calls.Rejected}, {errUnreachable, calls.Unreachable}, {errEmergency, calls.Forbidden}, {errForbidden, calls.Forbidden},
		{errHours, calls.Forbidden}, {errCaller, calls.Forbidden}, {errRate, calls.Crowded}, {errFull, calls.Crowded}, {errPorts, calls.Crowded},
		{errCodec, calls.NotUnderstood}, {errCrypto, calls.NotUnderstood}, {errSDP, calls.NotUnderstood},
	} {
		if errors.Is(err, one.err) {
			return one.cause
		}
	}
	return calls.TrunkLost
}

// refusal is what a final status means.
func refusal(status int) error {
	switch status {
	case 486, 600:
		return errEngaged
	case 408, 480, 487:
		return errNoAnswer
	case 401, 407:
		return errCredentials
	case 403, 603:
		return errRejected
	case 404, 410, 484, 604:
		return errUnreachable
	case 488, 606, 415:
		return errCodec
	case 503:
		return errFull
	}
	return errLost
}
