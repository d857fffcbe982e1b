package console

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errSignedOut = sekisho.Fail(sekisho.KindDenied, "console.signed_out")
	errRole      = sekisho.Fail(sekisho.KindDenied, "console.role_missing")
	errNoConsole = sekisho.Fail(sekisho.KindDenied, "console.not_for_you")
	errOrigin    = sekisho.Fail(sekisho.KindDenied, "console.foreign_origin")
	errHost      = sekisho.Fail(sekisho.KindDenied, "console.foreign_host")
	errNotFound  = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
	errMalformed = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	errMethod    = sekisho.Fail(sekisho.KindInvalid, "console.method")
	errTooLarge  = sekisho.Fail(sekisho.KindInvalid, "request.too_large")
	errBusy      = sekisho.Fail(sekisho.KindBusy, "request.busy")
)

// refusal is a problem on its way out through huma. It carries the cause for
// the log and never shows it.
type refusal struct {
	wire.Problem
	cause error
}

func (r *refusal) Error() string             { return r.Code }
func (r *refusal) Unwrap() error             { return r.cause }
func (r *refusal) GetStatus() int            { return r.Status }
func (r *refusal) ContentType(string) string { return "application/problem+json" }
func (r *refusal) MarshalJSON() ([]byte, error) {
	return json.Marshal(r.Problem)
}

// refuse turns any error into what the person may see of it, in his language.
func refuse(ctx context.Context, err error) *refusal {
	p := wire.ProblemOf(err, callerOf(ctx).language)
	switch {
	case errors.Is(err, errSignedOut):
		p.Status = http.StatusUnauthorized
	case errors.Is(err, errMethod):
		p.Status = http.StatusMethodNotAllowed
	case errors.Is(err, errTooLarge):
		p.Status = http.StatusRequestEntityTooLarge
	}
	if p.Status == http.StatusInternalServerError {
		slog.Log(ctx, wire.FailureLevel(ctx, err), "console request failed", "code", p.Code, "error", err)
	}
	return &refusal{Problem: p, cause: err}
}

// writeRefusal answers outside huma: in the checks before it, and for paths that it does not know.
func writeRefusal(w http.ResponseWriter, r *http.Request, err error) {
	p := refuse(r.Context(), err)
	if p.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p.Problem) // the caller is gone if this fails
}

// translate is the transformer that replaces huma's own errors, which are in
// English and echo what was sent, with ours.
func translate(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	err := errMalformed
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		err = errTooLarge
	case http.StatusNotFound:
		err = errNotFound
	case http.StatusForbidden, http.StatusUnauthorized:
		err = sekisho.Fail(sekisho.KindDenied, "request.denied")
	default:
		if m.Status >= http.StatusInternalServerError {
			err = sekisho.Fail(sekisho.KindInternal, "internal")
			slog.ErrorContext(ctx.Context(), "console request failed", "path", ctx.Operation().Path, "error", m)
		}
	}
	p := wire.ProblemOf(err, ctx.Header("Accept-Language"))
	p.Status = m.Status
	return p, nil
}
