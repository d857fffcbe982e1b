package pc

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/wire"
)

const prefix = "/api/pc/v1/"

// Limits of one request.
const (
	maxBody   = 64 << 10
	maxHeader = 16 << 10
	actTime   = 15 * time.Second // from the last byte of the request to the answer
)

var (
	errMalformed   = sekisho.Fail(sekisho.KindInvalid, "request.malformed")
	errNotFound    = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
	errBusy        = sekisho.Fail(sekisho.KindBusy, "request.busy")
	errCertificate = sekisho.Fail(sekisho.KindDenied, "certificate.required")
	errTLS         = sekisho.Fail(sekisho.KindDenied, "request.denied")
)

// Deps are what the door needs of others.
type Deps struct {
	Clock       clock.Clock
	Devices     *devices.Inventory
	Trust       Trust
	Tunnels     Tunnels
	Checkpoints Checkpoints
	Networks    Networks
	Log         Log
}

// Door is the handler. Serve serves it.
type Door struct {
	Deps
	mux *http.ServeMux

	requests *devices.Limit // by source: work
	attempts *devices.Limit // by device: nonces and connections
	rows     *devices.Limit // by device or source: audit rows of refusals
}

// New builds the door and its routes.
func New(d Deps) *Door {
	door := &Door{
		Deps: d, mux: http.NewServeMux(),
		// 300 PCs of one office start within a few minutes behind one address.
		requests: devices.NewLimit(d.Clock, 600, 10*time.Millisecond),
		attempts: devices.NewLimit(d.Clock, 20, 2*time.Second),
		rows:     devices.NewLimit(d.Clock, 60, time.Second),
	}
	door.routes()
	return door
}

// Serve answers on ln until ctx ends, and then lets requests under way finish.
// config is the authority's ServerTLS.
func (d *Door) Serve(ctx context.Context, ln net.Listener, config *tls.Config) error {
	srv := &http.Server{
		Handler:           d,
		ReadHeaderTimeout: 10 * time.Second, // also bounds the TLS handshake
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15*time.Second + actTime,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug), // strangers' handshakes
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(tls.NewListener(ln, config)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(last)
	if err != nil {
		err = srv.Close() // what did not finish in time is cut
	}
	<-ended // always http.ErrServerClosed by now
	return err
}

// ServeHTTP bounds the request and routes it.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.TLS == nil || !r.TLS.HandshakeComplete || r.TLS.Version < tls.VersionTLS13 {
		wire.WriteProblem(w, r, errTLS) // served by mistake without the authority's configuration
		return
	}
	if ok, first := d.requests.Take(devices.Source(source(r))); !ok {
		if first {
			d.row(r, "", audit.Event{Kind: "door.flooded", Reason: errBusy.Code})
		}
		w.Header().Set("Retry-After", "1")
		wire.WriteProblem(w, r, errBusy)
		return
	}
	if err := d.Networks.Allows(r.Context(), networks.Agents, source(r)); err != nil {
		if errors.Is(err, networks.ErrRefused) {
			d.refuse(w, r, "", err)
			return
		}
		d.problem(w, r, err)
		return
	}
	if path.Clean(r.URL.Path) != r.URL.Path { // the mux would answer with a redirect
		d.problem(w, r, errNotFound)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	ctx, cancel := context.WithTimeout(r.Context(), actTime)
	defer cancel()
	d.mux.ServeHTTP(w, r.WithContext(ctx))
}

// source is the address that a request came from; not valid if it has none.
func source(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}

// take reads the whole body strictly as one JSON value.
func take[T any](r *http.Request) (in T, err error) {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return in, malformed(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return in, malformed(errors.Join(err, errors.New("pc: more than one value")))
	}
	return in, nil
}

func malformed(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return errMalformed.Because(err)
}

func answer(w http.ResponseWriter, out any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the caller is gone if this fails
}

// refuse answers with the problem and leaves the audit row of a refused
// attempt. device is "" where nobody is known.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, device sekisho.DeviceID, err error) {
	key := string(device)
	if key == "" {
		key = devices.Source(source(r))
	}
	ok, first := d.rows.Take(key)
	switch {
	case ok:
		d.row(r, device, audit.Event{Kind: "door.refused", Reason: sekisho.CodeOf(err)})
	case first:
		d.row(r, device, audit.Event{Kind: "door.flooded", Reason: sekisho.CodeOf(err)})
	}
	d.problem(w, r, err)
}

func (d *Door) problem(w http.ResponseWriter, r *http.Request, err error) {
	if sekisho.KindOf(err) == sekisho.KindBusy {
		w.Header().Set("Retry-After", "5")
	}
	wire.WriteProblem(w, r, err)
}

func (d *Door) row(r *http.Request, device sekisho.DeviceID, e audit.Event) {
	e.Actor, e.Decision = audit.Actor{Device: device, Process: "agent"}, audit.Deny
	e.Object = audit.Object{Type: "door", ID: "pc"}
	if device != "" {
		e.Object = audit.Object{Type: "device", ID: string(device)}
	}
	e.Detail = map[string]string{"route": route(r)}
	e.Personal = audit.Personal{"source": source(r).String()}
	d.Log.Afterwards(e)
}

// route is the pattern that matched, never a stranger's own words.
func route(r *http.Request) string {
	if r.Pattern == "" || r.Pattern == "/" {
		return "none"
	}
	return r.Pattern
}
