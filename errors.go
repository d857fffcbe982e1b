package sekisho

import "errors"

// Kind is the family of an error; the doors map it to a status in one place.
type Kind uint8

const (
	KindInternal Kind = iota // our fault; the person learns only that it failed
	KindInvalid              // the request is malformed or breaks a rule
	KindDenied               // not allowed, now or at all
	KindNotFound             // no such thing, or none that this caller may see
	KindConflict             // it clashes with the present state
	KindExpired              // it was valid once
	KindBusy                 // try again shortly
)

// Error is an error that a door may tell a person about. Code names a text in
// the catalogue (internal/wire, ja and en); Err is the cause, for logs alone.
type Error struct {
	Kind Kind
	Code string // dotted lower case: "enrolment.code_used"
	Err  error
}

// Fail makes an Error without a cause.
func Fail(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Because adds the cause, which is logged and never shown.
func (e *Error) Because(err error) *Error { c := *e; c.Err = err; return &c }

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Err.Error()
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches by kind and code, so that errors.Is works on copies with causes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// KindOf returns the kind of the first Error in err's chain, else KindInternal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// CodeOf returns the code of the first Error in err's chain, else "internal".
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok && e.Code != "" {
		return e.Code
	}
	return "internal"
}
