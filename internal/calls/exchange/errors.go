package exchange

import (
	"errors"

	"github.com/sekisho/sekisho"
)

var (
	errOver     = sekisho.Fail(sekisho.KindNotFound, "call.over")
	errSession  = sekisho.Fail(sekisho.KindDenied, "session.required")
	errNotYours = sekisho.Fail(sekisho.KindDenied, "call.not_yours")
	errStage    = sekisho.Fail(sekisho.KindConflict, "call.stage")
	errOffer    = sekisho.Fail(sekisho.KindExpired, "acd.offer_over")
	errLine     = sekisho.Fail(sekisho.KindConflict, "call.no_line")
	errMode     = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	errLevel    = sekisho.Fail(sekisho.KindDenied, "acd.level")
	errQueue    = sekisho.Fail(sekisho.KindNotFound, "queue.unknown")
	errFlowRun  = sekisho.Fail(sekisho.KindInternal, "flow.failed")
)

func errFlow(code, node string) error {
	return errFlowRun.Because(errors.New(code + " at " + node))
}
