package uplink

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// What a person may see of the way to the server.
var (
	ErrRelay       = sekisho.Fail(sekisho.KindDenied, "enrolment.other_roots")    // the server shows roots that the code does not name
	ErrUnreachable = sekisho.Fail(sekisho.KindBusy, "server.unreachable")         // no answer
	ErrImpostor    = sekisho.Fail(sekisho.KindDenied, "server.not_ours")          // its certificate is not under the pinned roots
	ErrUnenrolled  = sekisho.Fail(sekisho.KindNotFound, "enrolment.none")         // this PC has no enrolment
	ErrPending     = sekisho.Fail(sekisho.KindConflict, "enrolment.pending")      // not approved yet
	ErrRefused     = sekisho.Fail(sekisho.KindDenied, "enrolment.refused")        // the administrator refused it
	ErrState       = sekisho.Fail(sekisho.KindInvalid, "enrolment.state_damaged") // the state folder is damaged
	ErrForked      = sekisho.Fail(sekisho.KindDenied, "audit.forked")             // its audit log does not continue the one that this PC remembers
	ErrAnswer      = sekisho.Fail(sekisho.KindInternal, "server.answer_malformed")
	ErrClosed      = sekisho.Fail(sekisho.KindExpired, "connection.closed") // the connection is over
	ErrFull        = sekisho.Fail(sekisho.KindConflict, "evidence.outbox_full")
)

const maxAnswer = 64 << 10

var codeForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)

// readAnswer decodes a door's answer or turns its problem into an error with
// the same code, so that a person sees the server's own reason.
func readAnswer(res *http.Response, out any) error { return readUpTo(maxAnswer, res, out) }

func readUpTo(limit int, res *http.Response, out any) error {
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, int64(limit)+1))
	if err != nil {
		return ErrUnreachable.Because(err)
	}
	if len(b) > limit {
		return ErrAnswer.Because(errors.New("uplink: answer too long"))
	}
	if res.StatusCode/100 != 2 {
		return problemIn(res.StatusCode, b)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return ErrAnswer.Because(err)
	}
	return nil
}

func problemIn(status int, body []byte) error {
	var p wire.Problem
	if err := json.Unmarshal(body, &p); err != nil || len(p.Code) > 64 || !codeForm.MatchString(p.Code) {
		return ErrAnswer.Because(fmt.Errorf("uplink: status %d without a problem document", status))
	}
	return sekisho.Fail(kindOf(status), p.Code).Because(fmt.Errorf("uplink: the server answered %d", status))
}

// kindOf is the inverse of wire.StatusOf.
func kindOf(status int) sekisho.Kind {
	for k := sekisho.KindInternal; k <= sekisho.KindBusy; k++ {
		if wire.StatusOf(k) == status {
			return k
		}
	}
	return sekisho.KindInternal
}
