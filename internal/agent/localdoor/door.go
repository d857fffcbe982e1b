package localdoor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Config is what a door needs.
type Config struct {
	Agent   Agent
	Uplink  Uplink
	Bundle  fs.FS // the built desk page
	Console fs.FS // the built console
	Models  Models
	Clock   Clock
	User    int // user id that may connect; the agent's own by default (-1)
}

// Door is the PC's front door on one port. Make one with Open.
type Door struct {
	cfg       Config
	host      string
	origin    string
	listeners []net.Listener
	server    *http.Server
	tickets   *tickets
	console   *tickets // of the console's page: it opens the console's routes alone
	flows     flows
	relays    relays
	serving   sync.WaitGroup
	active    sync.WaitGroup  // handlers, those of hijacked connections too
	ctx       context.Context // done when the door closes: hijacked sockets hang on it
	cancel    context.CancelFunc
}

// Open holds the port on both loopback addresses and serves.
func Open(port int, cfg Config) (*Door, error) {
	listeners, port, err := Listen(port)
	if err != nil {
		return nil, err
	}
	d := New(port, cfg)
	d.listeners = listeners
	for _, l := range listeners {
		d.serving.Go(func() {
			if err := d.server.Serve(gatekeeper{l, d.cfg.User, peerIs}); !errors.Is(err, http.ErrServerClosed) {
				slog.Error("the desk's door stopped", "error", err)
			}
		})
	}
	return d, nil
}

// New builds a door for a port that it does not listen on itself.
func New(port int, cfg Config) *Door {
	d := &Door{cfg: cfg, host: net.JoinHostPort(Name, strconv.Itoa(port)), tickets: newTickets(cfg.Clock), console: newTickets(cfg.Clock)}
	d.origin = "http://" + d.host
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.server = &http.Server{
		Handler: d, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ConnContext: withConn,
		ErrorLog:    slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
	return d
}

// Close stops listening, ends every socket and waits for their handlers.
func (d *Door) Close() error {
	d.cancel()
	d.relays.abort()
	d.flows.abort()
	err := d.server.Close()
	d.serving.Wait()
	d.active.Wait()
	return err
}

// Ticket makes the address of a fresh page; it works once, for 30 seconds.
func (d *Door) Ticket(language string) string {
	url := d.origin + "/#ticket=" + d.tickets.issue()
	if language != "" {
		url += "&lang=" + language
	}
	return url
}

// Origin is the desk's origin.
func (d *Door) Origin() string { return d.origin }

// Abort resets every flow that carries data of a session, the telephone's relay
// among them, and takes the console's page its authority; it returns how many flows there were.
func (d *Door) Abort() int {
	d.relays.abort()
	d.console.void()
	return d.flows.abort()
}

// ServeHTTP checks where a request comes from, then routes it.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.active.Add(1)
	defer d.active.Done()
	d.headers(w)
	if err := d.checkRequest(r); err != nil {
		slog.Warn("refused a request that is not our page's", "error", err)
		wire.WriteProblem(w, r, err)
		return
	}
	switch route := r.Method + " " + r.URL.Path; route {
	case "POST /local/v1/bearer":
		d.exchange(w, r)
	case "POST /local/v1/console":
		d.openConsole(w, r)
	case "POST /local/v1/console/bearer":
		d.exchangeConsole(w, r)
	case "GET /local/v1/guard":
		d.guard(w, r)
	case "POST /local/v1/acknowledge":
		d.acknowledge(w, r)
	case "POST /local/v1/phone":
		d.phone(w, r)
	case "GET /local/v1/status", "POST /local/v1/connect", "POST /local/v1/disconnect", "POST /local/v1/again":
		d.local(w, r, route)
	default:
		d.other(w, r)
	}
}

func (d *Door) other(w http.ResponseWriter, r *http.Request) {
	switch {
	case hasPrefix(r, deskPrefix):
		d.desk(w, r)
	case hasPrefix(r, wire.ConsolePrefix):
		d.carry(w, r)
	case hasPrefix(r, "/local/"), r.Method != http.MethodGet, isUpgrade(r):
		wire.WriteProblem(w, r, errNotFound)
	case hasPrefix(r, consolePage):
		d.consoleStatic(w, r)
	default:
		d.static(w, r)
	}
}

// exchange turns a ticket into the bearer. Whatever an earlier holder of this
// port left in the browser (a service worker above all) is cleared with it.
func (d *Door) exchange(w http.ResponseWriter, r *http.Request) {
	var in wire.LocalTicket
	if err := decode(w, r, &in); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	bearer, err := d.tickets.exchange(in.Ticket)
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	d.console.void() // the console stood in the older page
	d.relays.abort() // and so did its telephone
	w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	respond(w, wire.LocalBearer{Bearer: bearer})
}

// local answers the door's own acts.
func (d *Door) local(w http.ResponseWriter, r *http.Request, route string) {
	if _, err := d.bearer(r); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	var err error
	switch route {
	case "POST /local/v1/connect":
		err = d.connect(w, r)
	case "POST /local/v1/disconnect":
		err = d.cfg.Agent.Disconnect()
	case "POST /local/v1/again":
		err = d.cfg.Agent.Again()
	}
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	respond(w, d.cfg.Agent.Status(r.Header.Get("Accept-Language")))
}

// connect reads who sits at a shared PC; a page of one person's PC sends no body.
func (d *Door) connect(w http.ResponseWriter, r *http.Request) error {
	var in wire.LocalConnect
	if r.ContentLength != 0 {
		if err := decode(w, r, &in); err != nil {
			return err
		}
	}
	if !wire.ValidText(in.Login, wire.MaxLogin) {
		return errMalformed
	}
	return d.cfg.Agent.Connect(in.Login)
}

func (d *Door) bearer(r *http.Request) (replaced <-chan struct{}, err error) { return d.tickets.of(r) }

const maxLocalBody = 4 << 10

// decode reads a small JSON body strictly.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLocalBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return fmt.Errorf("localdoor: %w", err)
		}
		return errMalformed.Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errMalformed
	}
	return nil
}

func respond(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the page is gone if this fails
}
