package witnesses

import "github.com/sekisho/sekisho"

// ErrUnknown is for whoever asks for a case that is not his.
var ErrUnknown = sekisho.Fail(sekisho.KindNotFound, "witness.unknown")

var (
	errRole     = sekisho.Fail(sekisho.KindDenied, "witness.role")
	errOwn      = sekisho.Fail(sekisho.KindDenied, "witness.own")
	errTaken    = sekisho.Fail(sekisho.KindConflict, "witness.taken")
	errOver     = sekisho.Fail(sekisho.KindExpired, "witness.over")
	errConsent  = sekisho.Fail(sekisho.KindDenied, "witness.consent")
	errPicture  = sekisho.Fail(sekisho.KindInvalid, "witness.picture")
	errPace     = sekisho.Fail(sekisho.KindBusy, "witness.pace")
	errWaiting  = sekisho.Fail(sekisho.KindConflict, "witness.not_offered")
	errSeen     = sekisho.Fail(sekisho.KindConflict, "witness.changed")
	errSilent   = sekisho.Fail(sekisho.KindDenied, "witness.silent")
	errReason   = sekisho.Fail(sekisho.KindInvalid, "witness.reason")
	errUnseen   = sekisho.Fail(sekisho.KindDenied, "witness.unseen")
	errVideo    = sekisho.Fail(sekisho.KindDenied, "witness.video_needed")
	errMoved    = sekisho.Fail(sekisho.KindInvalid, "witness.malformed")
	errOldFace  = sekisho.Fail(sekisho.KindDenied, "witness.old_face_unseen")
	errNoOld    = sekisho.Fail(sekisho.KindNotFound, "witness.no_old_face")
	errKey      = sekisho.Fail(sekisho.KindInvalid, "witness.key")
	errOfficer  = sekisho.Fail(sekisho.KindDenied, "witness.officer")
	errCompared = sekisho.Fail(sekisho.KindConflict, "witness.old_face_seen")
	errAnswered = sekisho.Fail(sekisho.KindConflict, "witness.answered")
)
