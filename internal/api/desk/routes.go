package desk

import (
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const prefix = "/api/desk/v1/"

// Routes that are bounded in a way of their own.
const (
	upload  = "PUT evidence/{hash}"
	consent = "POST consent"
	stream  = "GET desktops/{id}/stream"
)

// routes is the whole door. What is not under live answers in quarantine too,
// and is exactly DESIGN §3.3: consent, face enrolment with a witness, login,
// own status and posture, incident and evidence upload, and training where that is what is
// missing (training.go).
func (d *Door) routes() {
	quarantine := map[string]http.HandlerFunc{
		"GET me": answer(func(r *http.Request, c Caller) (wire.Me, error) { return d.Gate.Me(r.Context(), c) }),
		"GET consent": answer(func(r *http.Request, c Caller) (wire.ConsentText, error) {
			lang := "ja"
			if wire.English(r.Header.Get("Accept-Language")) {
				lang = "en"
			}
			return d.Faces.Consent(r.Context(), lang)
		}),
		consent:          do(d.Faces.Answer),
		"POST approvals": take(d.Gate.Ask),
		"GET approvals/{id}": answer(func(r *http.Request, c Caller) (wire.Approval, error) {
			return d.Gate.Approval(r.Context(), c, sekisho.ApprovalID(r.PathValue("id")))
		}),
		"POST login-nonce": answer(func(r *http.Request, c Caller) (wire.LoginNonce, error) {
			return d.Gate.LoginNonce(r.Context(), c)
		}),
		"POST sessions":       take(d.Gate.Open),
		"POST login-refusals": do(d.Faces.Refuse),
		"POST faces":          do(d.Faces.Store),
		"GET roster":          answer(func(r *http.Request, _ Caller) (wire.Roster, error) { return d.Guard.Roster(r.Context()) }),
		"POST posture":        take(d.Posture.Take),
		"GET posture": answer(func(r *http.Request, c Caller) (wire.PostureStanding, error) {
			return d.Posture.Standing(r.Context(), c, wire.English(r.Header.Get("Accept-Language")))
		}),
		"POST incidents": do(d.Guard.Report),
		upload: answer(func(r *http.Request, c Caller) (done, error) {
			err := d.Guard.Evidence(r.Context(), c, r.PathValue("hash"), r.Body)
			return done{err == nil}, err
		}),
		"POST pins": do(d.Guard.Pin),
		"POST passkeys/{act}/begin": answer(func(r *http.Request, c Caller) (wire.PasskeyOptions, error) {
			return d.Gate.PasskeyBegin(r.Context(), c, r.PathValue("act"))
		}),
		"POST passkeys/{act}/finish": named("act", func(ctx context.Context, c Caller, act string, in wire.PasskeyFinish) error {
			return d.Gate.PasskeyFinish(ctx, c, act, in)
		}),
	}
	live := map[string]http.HandlerFunc{
		"GET desktops": answer(func(r *http.Request, c Caller) ([]wire.DeskDesktop, error) {
			return d.Gate.Desktops(r.Context(), c)
		}),
		stream:        d.stream,
		"GET events":  d.events,
		"GET records": answer(d.records),
		"POST records/{incident}/objection": named("incident", func(ctx context.Context, c Caller, id string, in wire.Objection) error {
			return d.Guard.Object(ctx, c, sekisho.IncidentID(id), in.Note)
		}),
		"POST session/end": do(func(ctx context.Context, c Caller, in wire.EndSession) error {
			return d.Gate.End(ctx, c, in.Reason)
		}),
	}
	maps.Copy(live, d.roomRoutes())
	maps.Copy(live, d.callRoutes())
	sharedQuarantine, sharedLive := d.sharedRoutes()
	maps.Copy(quarantine, sharedQuarantine)
	maps.Copy(quarantine, d.witnessRoutes())
	maps.Copy(live, sharedLive)
	for route, h := range quarantine {
		d.handle(route, h)
	}
	for route, h := range d.trainingRoutes() {
		d.handle(route, d.learning(h))
	}
	for route, h := range d.practiceRoutes() {
		d.handle(route, d.learning(h))
	}
	for route, h := range live {
		d.handle(route, d.live(h))
	}
	d.mux.HandleFunc(consoleRoute, d.live(d.console))
	d.mux.HandleFunc("/", http.NotFound) // ServeHTTP has refused it before
}

// records gives a page of 自分の記録, from before on or from the newest.
func (d *Door) records(r *http.Request, c Caller) (wire.Records, error) {
	before := int64(0)
	if text := r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before < 1 {
			return wire.Records{}, errMalformed
		}
	}
	return d.Guard.Records(r.Context(), c, before)
}

func (d *Door) handle(route string, h http.HandlerFunc) { d.mux.HandleFunc(pattern(route), h) }

// pattern is what the mux calls a route.
func pattern(route string) string {
	method, path, _ := strings.Cut(route, " ")
	return method + " " + prefix + path
}
