package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Limits of what one request may carry, in bytes.
const (
	maxBody     = 256 << 10
	maxEvidence = 16 << 20
)

// Districts is everything behind the door.
type Districts struct {
	Gate    Gate
	Faces   Faces
	Guard   Guard
	Road    Road
	Changes Changes
}

// Door is the handler. Make one with New and serve it with Serve's ConnContext.
type Door struct {
	Districts
	counters counters
	mux      *http.ServeMux
}

type (
	callerKey struct{}
	connKey   struct{}
)

// New builds the door and its routes.
func New(d Districts) *Door {
	door := &Door{Districts: d, mux: http.NewServeMux()}
	door.routes()
	return door
}

// ConnContext must be the http.Server's ConnContext: the door needs the TCP
// connection of each request to know under which lease it was opened.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// ServeHTTP names the caller, checks the signature and routes.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		wire.WriteProblem(w, r, errUnknown)
		return
	}
	caller, ok := d.Gate.Caller(peer.Addr().Unmap())
	if !ok {
		wire.WriteProblem(w, r, errUnknown)
		return
	}
	limit := int64(maxBody)
	if r.Method == http.MethodPut {
		limit = maxEvidence
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		wire.WriteProblem(w, r, malformed(err))
		return
	}
	if err := d.counters.verify(r, caller, body); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	d.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, caller)))
}

// Forget drops the request counters of a connection that has ended.
func (d *Door) Forget(id sekisho.ConnectionID) { d.counters.forget(id) }

var (
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

func callerOf(r *http.Request) Caller { c, _ := r.Context().Value(callerKey{}).(Caller); return c }

// live lets a request pass only under a live lease and on a flow of that lease.
func (d *Door) live(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := callerOf(r)
		if c.Session == "" || c.Epoch == 0 {
			wire.WriteProblem(w, r, errSession)
			return
		}
		conn, _ := r.Context().Value(connKey{}).(net.Conn)
		if conn == nil || d.Road.Epoch(conn) != c.Epoch {
			w.Header().Set("Connection", "close")
			p := wire.ProblemOf(errQuarantine, r.Header.Get("Accept-Language"))
			p.Status = http.StatusMisdirectedRequest
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(p.Status)
			_ = json.NewEncoder(w).Encode(p) // the caller is gone if this fails
			return
		}
		next(w, r)
	}
}

// answer runs an act and writes its result or its problem.
func answer[T any](act func(r *http.Request, c Caller) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := act(r, callerOf(r))
		if err != nil {
			wire.WriteProblem(w, r, err)
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
		dec := json.NewDecoder(r.Body)
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			return out, errMalformed.Because(err)
		}
		if dec.More() {
			return out, errMalformed
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
