package readiness

import (
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// State is where a self-check stands. The zero value is none and never stored.
type State string

// States of a self-check.
const (
	Waiting  State = "waiting"  // nobody has looked at it yet
	Accepted State = "accepted" // by a supervisor or an administrator
	Returned State = "returned" // with a remark: it is to be done again
)

// Check is one dated self-check of the room that somebody works in.
type Check struct {
	ID      sekisho.RoomCheckID
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Session sekisho.SessionID // under which he said it
	At      time.Time
	Rules   int // version of the questions
	Answers []wire.RoomAnswer
	Remark  string // his own words
	Ready   bool   // yes was said wherever it is needed

	Photo      bool      // one is kept
	PhotoUntil time.Time // until then, or when it was deleted; zero where none was given

	State   State
	Decided time.Time
	Decider sekisho.PersonID
	Note    string // the decider's words
}

// LogValue keeps what somebody says of his home out of logs.
func (c Check) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", string(c.ID)), slog.String("state", string(c.State)), slog.String("answers", "[hidden]"))
}

// ready says whether answers are to exactly the questions of the rules, and
// whether all that needs a yes has one.
func (r Rules) ready(answers []wire.RoomAnswer) (ready, valid bool) {
	if len(answers) != len(r.Questions) {
		return false, false
	}
	ready = true
	for i, q := range r.Questions {
		if answers[i].Question != q.ID {
			return false, false
		}
		ready = ready && (answers[i].Yes || !q.Needed)
	}
	return ready, true
}

// Stand is how somebody's room stands.
type Stand struct {
	Light Light
	State string    // StandNone, or "waiting", "accepted", "late", "over", "returned"
	Until time.Time // of the newest accepted check; zero without one
}

// States of a room beside those of its newest check.
const (
	StandNone = "none"
	StandLate = "late" // accepted once, its time is over, and it is still amber
	StandOver = "over" // for too long
)

// stand judges somebody's checks, the newest first.
func (r Rules) stand(checks []Check, now time.Time) Stand {
	if len(checks) == 0 {
		return Stand{Light: Red, State: StandNone}
	}
	s := Stand{Light: Red, State: string(checks[0].State)}
	old := Red // what the newest accepted one is worth
	if i := slices.IndexFunc(checks, func(c Check) bool { return c.State == Accepted }); i >= 0 {
		until, red := r.until(checks[i].At)
		s.Until = until
		switch {
		case now.Before(until):
			old = Green
		case now.Before(red):
			old = Amber
		}
	}
	switch checks[0].State {
	case Accepted:
		s.Light = old
		if old == Amber {
			s.State = StandLate
		} else if old == Red {
			s.State = StandOver
		}
	case Waiting:
		if s.Light = old; old == Red {
			s.Light = Amber // he has done his part
		}
	}
	return s
}

// reviewWithin is how soon somebody should look at a self-check.
const reviewWithin = 7 * 24 * time.Hour

// review judges the waiting of somebody's newest check, which has no light while none waits.
func review(newest Check, now time.Time) (Light, bool) {
	switch {
	case newest.State != Waiting:
		return Unknown, false
	case now.Sub(newest.At) < reviewWithin:
		return Green, true
	case now.Sub(newest.At) < 3*reviewWithin:
		return Amber, true
	}
	return Red, true
}

var (
	errAnswers   = sekisho.Fail(sekisho.KindInvalid, "readiness.answers")
	errRemark    = sekisho.Fail(sekisho.KindInvalid, "readiness.remark")
	errNeedPhoto = sekisho.Fail(sekisho.KindInvalid, "readiness.photo_required")
	errNoPhotos  = sekisho.Fail(sekisho.KindInvalid, "readiness.photo_not_asked")
	errImage     = sekisho.Fail(sekisho.KindInvalid, "readiness.photo")
	errLarge     = sekisho.Fail(sekisho.KindInvalid, "readiness.photo_large")
	errMany      = sekisho.Fail(sekisho.KindBusy, "readiness.too_many")
	errSession   = sekisho.Fail(sekisho.KindDenied, "session.required")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "readiness.unknown")
	errDecided   = sekisho.Fail(sekisho.KindConflict, "readiness.decided")
	errOlder     = sekisho.Fail(sekisho.KindConflict, "readiness.older")
	errOwn       = sekisho.Fail(sekisho.KindDenied, "readiness.own")
	errRole      = sekisho.Fail(sekisho.KindDenied, "readiness.role")
	errNote      = sekisho.Fail(sekisho.KindInvalid, "readiness.note")
	errLacking   = sekisho.Fail(sekisho.KindConflict, "readiness.lacking")
	errNoPhoto   = sekisho.Fail(sekisho.KindNotFound, "readiness.no_photo")
	errAdmin     = sekisho.Fail(sekisho.KindDenied, "readiness.administrator")
)
