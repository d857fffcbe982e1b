package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"path"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// Districts is everything behind the door.
type Districts struct {
	Gate    Gate
	Faces   Faces
	Posture Posture
	Guard   Guard
	Road    Road
	Changes Changes
	Clock   clock.Clock
	Log     Log

	Training Training
	Room     Room
	Practice Practice
	Console  Console
	Shared   Shared
	Witness  Witness

	Telephone Telephone
}

// Door is the handler. Make one with New and serve it with Serve.
type Door struct {
	Districts
	counters counters
	bodies   slots // requests whose body is being read
	uploads  slots // large bodies, until they are kept or refused
	rates    rates
	mux      *http.ServeMux
}

type (
	visitKey struct{}
	connKey  struct{}
)

// visit is one request that the door has let in.
type visit struct {
	Caller
	door *Door
}

// New builds the door and its routes.
func New(d Districts) *Door {
	door := &Door{
		Districts: d, mux: http.NewServeMux(), rates: newRates(d.Clock),
		bodies: slots{all: maxReading, each: maxReadingEach}, uploads: slots{all: maxUploads, each: maxUploadsEach},
	}
	door.routes()
	return door
}

// Server is an http.Server for this door: the door needs the TCP connection of
// each request, to know under which lease it was opened, and bounds in time for
// whoever sends slowly. Sockets that are taken over end with their flows.
func (d *Door) Server() *http.Server {
	return &http.Server{
		Handler: d, ConnContext: connContext, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: readTime,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
}

func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// ServeHTTP names the caller, checks rate, route and signature, and routes.
// Nothing of a body is read for a request that could not be let in anyway.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		d.refuse(w, r, Caller{}, errUnknown)
		return
	}
	from := peer.Addr().Unmap()
	caller, ok := d.Gate.Caller(from)
	if !ok {
		d.refuse(w, r, Caller{Address: from}, errUnknown)
		return
	}
	route, err := d.route(r)
	if err != nil {
		d.refuse(w, r, caller, err)
		return
	}
	if err := d.rate(r, caller, route); err != nil {
		d.problem(w, r, err)
		return
	}
	release, err := d.body(w, r, caller, route)
	if err != nil {
		d.refuse(w, r, caller, err)
		return
	}
	defer release()
	d.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{caller, d})))
}

// route is the pattern that r will be served by.
func (d *Door) route(r *http.Request) (string, error) {
	if path.Clean(r.URL.Path) != r.URL.Path { // the mux would answer with a redirect
		return "", errNotFound
	}
	_, pattern := d.mux.Handler(r)
	if pattern == "" || pattern == "/" {
		return "", errNotFound
	}
	return pattern, nil
}

// Forget drops the request counters of a connection that has ended.
func (d *Door) Forget(id sekisho.ConnectionID) { d.counters.forget(id) }

var (
	errBusy       = sekisho.Fail(sekisho.KindBusy, "request.busy")
	errUnknown    = sekisho.Fail(sekisho.KindDenied, "connection.unknown")
	errQuarantine = sekisho.Fail(sekisho.KindDenied, "connection.quarantine")
	errSession    = sekisho.Fail(sekisho.KindDenied, "session.required")
	errMalformed  = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	errNotFound   = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
)

func malformed(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return errMalformed.Because(err)
}

func callerOf(r *http.Request) Caller { return visitOf(r).Caller }

func visitOf(r *http.Request) visit { v, _ := r.Context().Value(visitKey{}).(visit); return v }

// live lets a request pass only under a live lease and on a flow of that lease.
func (d *Door) live(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r)
		if c.Session == "" || c.Epoch == 0 {
			d.refuse(w, r, c, errSession)
			return
		}
		conn, _ := r.Context().Value(connKey{}).(net.Conn)
		if conn == nil || d.Road.Epoch(conn) != c.Epoch {
			w.Header().Set("Connection", "close")
			d.refuse(w, r, c, errQuarantine)
			return
		}
		next(w, r)
	}
}

// answer runs an act and writes its result or its problem.
func answer[T any](act func(r *http.Request, c Caller) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		out, err := act(r, v.Caller)
		if err != nil {
			v.door.answerRefusal(w, r, v.Caller, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // the caller is gone if this fails
	}
}

// take decodes the body strictly into In and runs the act.
func take[In, Out any](act func(ctx context.Context, c Caller, in In) (Out, error)) http.HandlerFunc {
	return answer(func(r *http.Request, c Caller) (out Out, err error) {
		var in In
		if err := decode(r, &in); err != nil {
			return out, err
		}
		return act(r.Context(), c, in)
	})
}

type done struct {
	Done bool `json:"done"`
}

// do is take for acts that answer nothing but success.
func do[In any](act func(ctx context.Context, c Caller, in In) error) http.HandlerFunc {
	return take(func(ctx context.Context, c Caller, in In) (done, error) {
		err := act(ctx, c, in)
		return done{err == nil}, err
	})
}

// named is do for acts whose object is named by a part of the path.
func named[In any](part string, act func(ctx context.Context, c Caller, name string, in In) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		do(func(ctx context.Context, c Caller, in In) error {
			return act(ctx, c, r.PathValue(part), in)
		})(w, r)
	}
}
