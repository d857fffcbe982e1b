package training

import "github.com/sekisho/sekisho"

var (
	errRequired     = sekisho.Fail(sekisho.KindDenied, "training.required")
	errRules        = sekisho.Fail(sekisho.KindInvalid, "training.rules")
	errChanged      = sekisho.Fail(sekisho.KindConflict, "training.changed_meanwhile")
	errTitle        = sekisho.Fail(sekisho.KindInvalid, "training.title")
	errCourse       = sekisho.Fail(sekisho.KindInvalid, "training.course")
	errNoCourse     = sekisho.Fail(sekisho.KindNotFound, "training.course_unknown")
	errNoQuestion   = sekisho.Fail(sekisho.KindNotFound, "training.question_unknown")
	errPool         = sekisho.Fail(sekisho.KindConflict, "training.pool")
	errPause        = sekisho.Fail(sekisho.KindConflict, "training.pause")
	errNoAttempt    = sekisho.Fail(sekisho.KindNotFound, "training.attempt_unknown")
	errOver         = sekisho.Fail(sekisho.KindConflict, "training.attempt_over")
	errAnswer       = sekisho.Fail(sekisho.KindInvalid, "training.answer")
	errAnswered     = sekisho.Fail(sekisho.KindConflict, "training.answered")
	errBody         = sekisho.Fail(sekisho.KindInvalid, "rules.body")
	errNote         = sekisho.Fail(sekisho.KindInvalid, "rules.note")
	errNoDocument   = sekisho.Fail(sekisho.KindNotFound, "rules.unknown")
	errOldVersion   = sekisho.Fail(sekisho.KindConflict, "rules.version")
	errSame         = sekisho.Fail(sekisho.KindConflict, "rules.same")
	errStatement    = sekisho.Fail(sekisho.KindDenied, "rules.statement")
	errDigest       = sekisho.Fail(sekisho.KindDenied, "rules.digest")
	errAcknowledged = sekisho.Fail(sekisho.KindConflict, "rules.acknowledged")
)
