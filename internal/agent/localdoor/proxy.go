package localdoor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	deskPrefix   = "/api/desk/v1/"
	maxDeskBody  = 64 << 10
	maxAnswer    = 8 << 20
	proxyWithin  = 30 * time.Second
	bearerWithin = 5 * time.Second
	maxFromPage  = 1 << 20 // one message of a desktop's page
)

// deskRoutes are what a page may ask of the desk door. Everything else is
// composed by the agent itself, or does not exist. A "*" stands for one part.
var deskRoutes = map[string]struct{ live, socket bool }{
	"GET me":                   {},
	"GET posture":              {},
	"GET consent":              {},
	"POST consent":             {},
	"POST approvals":           {},
	"GET approvals/*":          {},
	"POST passkeys/*/begin":    {},
	"POST passkeys/*/finish":   {},
	"GET training":             {},
	"GET training/documents/*": {},
	"GET witness/*":            {},
	"POST witness/*/consent":   {},
	"POST witness/*/pictures":  {},
	"GET desktops":             {live: true},
	"GET desktops/*/stream":    {live: true, socket: true},
	"GET events":               {live: true, socket: true},
	"GET records":              {live: true},
	"POST records/*/objection": {live: true},
	"GET room":                 {live: true},
	"POST room":                {live: true},
	"POST calls/line":          {live: true},
	"GET calls":                {live: true},
	"POST calls/state":         {live: true},
	"POST calls/act":           {live: true},
	"POST calls/dial":          {live: true},
	"POST calls/wrap-up":       {live: true},
	"POST calls/hand":          {live: true},

	"GET training/practice":                 {},
	"POST training/practice/*/runs":         {},
	"POST training/practice-runs/*/choices": {},
	"POST training/courses/*/attempts":      {},
	"POST training/attempts/*/answers":      {},
}

// routeOf finds the rule for a request; a path that is not plain has none.
func routeOf(r *http.Request) (live, socket, ok bool) {
	rest := strings.TrimPrefix(r.URL.Path, deskPrefix)
	if r.URL.RawPath != "" || strings.Contains(rest, "..") {
		return false, false, false
	}
	for pattern, rule := range deskRoutes {
		method, path, _ := strings.Cut(pattern, " ")
		if r.Method == method && matches(strings.Split(path, "/"), strings.Split(rest, "/")) {
			return rule.live, rule.socket, true
		}
	}
	return false, false, false
}

func matches(pattern, parts []string) bool {
	if len(pattern) != len(parts) {
		return false
	}
	for i, p := range pattern {
		if p != parts[i] && (p != "*" || parts[i] == "") {
			return false
		}
	}
	return true
}

// desk carries one request of the page to the desk door.
func (d *Door) desk(w http.ResponseWriter, r *http.Request) {
	live, socket, ok := routeOf(r)
	switch {
	case !ok || socket != isUpgrade(r):
		wire.WriteProblem(w, r, errAgentOnly)
	case socket:
		d.relay(w, r, d.tickets)
	default:
		d.forward(w, r, passage{held: d.tickets, live: live, body: maxDeskBody})
	}
}

// passage is how one request may go through: with whose bearer, only in a live
// session or not, and with how large a body.
type passage struct {
	held *tickets
	live bool
	body int64
}

func (d *Door) forward(w http.ResponseWriter, r *http.Request, by passage) {
	live := by.live
	replaced, err := by.held.of(r)
	if err == nil && live && !d.cfg.Uplink.Live() {
		err = errSession
	}
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), proxyWithin)
	defer cancel()
	if live {
		defer d.flows.track(r.Context())()
	}
	go func() { // ends with ctx
		select {
		case <-replaced:
			cancel()
		case <-ctx.Done():
		}
	}()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, by.body))
	if err != nil {
		wire.WriteProblem(w, r, malformed(err))
		return
	}
	answer, err := d.cfg.Uplink.Do(ctx, r.Method, r.URL.RequestURI(), pick(r.Header, "Accept-Language", "Content-Type", "Accept"), body)
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil || len(content) > maxAnswer {
		wire.WriteProblem(w, r, sekisho.Fail(sekisho.KindBusy, "tunnel.broken").Because(errors.Join(err, errors.New("localdoor: answer cut off"))))
		return
	}
	if live && !d.cfg.Uplink.Live() { // the session ended while the answer was on its way
		wire.WriteProblem(w, r, errSession)
		return
	}
	if kind := answer.Header.Get("Content-Type"); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(content) // the page is gone if this fails
}

func malformed(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return errMalformed.Because(err)
}

// pick copies the named headers and nothing else: no hop-by-hop header, no
// cookie and no bearer goes through the tunnel.
func pick(from http.Header, names ...string) http.Header {
	to := http.Header{}
	for _, n := range names {
		if v := from.Get(n); v != "" {
			to.Set(n, v)
		}
	}
	return to
}

// relay carries a WebSocket: the page's first message holds its bearer, what
// follows goes through as it is, both ways.
func (d *Door) relay(w http.ResponseWriter, r *http.Request, held *tickets) {
	ws, err := accept(w, r)
	if err != nil {
		return // accept has answered
	}
	defer ws.CloseNow()
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	replaced, err := d.firstBearer(ctx, ws, held)
	if err == nil && !d.cfg.Uplink.Live() {
		err = errSession
	}
	if err != nil {
		_ = ws.Close(websocket.StatusPolicyViolation, sekisho.CodeOf(err)) // refused: its error tells nothing
		return
	}
	// Registered before the far end is asked, so that an abort in between is not missed.
	defer d.flows.track(r.Context())()
	far, err := d.cfg.Uplink.WebSocket(ctx, r.URL.RequestURI())
	if err != nil {
		_ = ws.Close(websocket.StatusPolicyViolation, sekisho.CodeOf(err))
		return
	}
	defer far.CloseNow()
	if !d.cfg.Uplink.Live() {
		return
	}
	ws.SetReadLimit(maxFromPage)
	far.SetReadLimit(-1) // streamed in pieces of 32 KiB, never held whole
	ended := make(chan error, 2)
	go func() { ended <- pump(ctx, far, ws) }()
	go func() { ended <- pump(ctx, ws, far) }()
	watch := context.AfterFunc(d.ctx, func() { ws.CloseNow(); far.CloseNow() }) // as in guard
	defer watch()
	pumps := 2
	select {
	case err = <-ended:
		pumps--
	case <-replaced:
	case <-ctx.Done():
	}
	if closed := (websocket.CloseError{}); errors.As(err, &closed) {
		status, reason := closed.Code, closed.Reason
		// 1005 and 1006 are never sent (RFC 6455 §7.4.1): they say that nothing was.
		if status == websocket.StatusNoStatusRcvd || status == websocket.StatusAbnormalClosure {
			status, reason = websocket.StatusNormalClosure, ""
		}
		_ = ws.Close(status, reason) // both sides are over: their errors tell nothing
		_ = far.Close(status, reason)
	}
	ws.CloseNow()
	far.CloseNow()
	cancel()
	for range pumps {
		<-ended
	}
}

func (d *Door) firstBearer(ctx context.Context, ws *websocket.Conn, held *tickets) (<-chan struct{}, error) {
	ctx, cancel := context.WithTimeout(ctx, bearerWithin)
	defer cancel()
	kind, b, err := ws.Read(ctx)
	if err != nil {
		return nil, errBearer.Because(err)
	}
	var first wire.LocalBearer
	if kind != websocket.MessageText || len(b) > maxLocalBody || json.NewDecoder(bytes.NewReader(b)).Decode(&first) != nil {
		return nil, errBearer
	}
	return held.holds(first.Bearer)
}

// pump copies messages from one socket to the other until either ends.
func pump(ctx context.Context, to, from *websocket.Conn) error {
	buf := make([]byte, 32<<10)
	for {
		kind, r, err := from.Reader(ctx)
		if err != nil {
			return err
		}
		w, err := to.Writer(ctx, kind)
		if err != nil {
			return err
		}
		if _, err := io.CopyBuffer(struct{ io.Writer }{w}, r, buf); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
}
