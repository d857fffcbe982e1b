package desk

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Witness has the enrolments that somebody in another place watches.
type Witness interface {
	Case(ctx context.Context, c Caller, id sekisho.ApprovalID, english bool) (wire.Witnessing, error)
	Agree(ctx context.Context, c Caller, id sekisho.ApprovalID, a wire.WitnessConsent, english bool) (wire.Witnessing, error)
	Picture(ctx context.Context, c Caller, id sekisho.ApprovalID, p wire.WitnessPicture, english bool) (wire.Witnessing, error)
	// Offer hands in the enrolment that the agent has made and signed.
	Offer(ctx context.Context, c Caller, id sekisho.ApprovalID, s wire.StoreFace) error
}

// witnessRoutes are requests and no socket: each picture is signed and asked about
// anew, so what ended takes none.
func (d *Door) witnessRoutes() map[string]http.HandlerFunc {
	id := func(r *http.Request) sekisho.ApprovalID { return sekisho.ApprovalID(r.PathValue("id")) }
	english := func(r *http.Request) bool { return wire.English(r.Header.Get("Accept-Language")) }
	return map[string]http.HandlerFunc{
		"GET witness/{id}": answer(func(r *http.Request, c Caller) (wire.Witnessing, error) {
			return d.Witness.Case(r.Context(), c, id(r), english(r))
		}),
		"POST witness/{id}/consent": answer(func(r *http.Request, c Caller) (out wire.Witnessing, err error) {
			var in wire.WitnessConsent
			if err := decode(r, &in); err != nil {
				return out, err
			}
			return d.Witness.Agree(r.Context(), c, id(r), in, english(r))
		}),
		"POST witness/{id}/pictures": answer(func(r *http.Request, c Caller) (out wire.Witnessing, err error) {
			var in wire.WitnessPicture
			if err := decode(r, &in); err != nil {
				return out, err
			}
			return d.Witness.Picture(r.Context(), c, id(r), in, english(r))
		}),
		"POST witness/{id}/offer": named("id", func(ctx context.Context, c Caller, id string, in wire.StoreFace) error {
			return d.Witness.Offer(ctx, c, sekisho.ApprovalID(id), in)
		}),
	}
}
