package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// hears says which roles learn of which change. What does not stand here is
// told to nobody.
var hears = map[string][]sekisho.Role{
	"floor.changed":     {supervisor},
	"approval.changed":  {supervisor, administrator, officer}, // the last two as deputies
	"disaster.changed":  {supervisor, administrator, officer, auditor},
	"witness.changed":   {supervisor, officer},
	"act.changed":       {administrator, officer, auditor},
	"incident.changed":  {supervisor, officer, auditor},
	"shift.changed":     {supervisor, administrator},
	"readiness.changed": {supervisor, administrator},
	"device.changed":    {administrator},
	"audit.taken":       {officer, auditor},
	"report.changed":    {officer, auditor},
	"calls.changed":     {supervisor, administrator},
}

const (
	maxSockets   = 500             // open at once, all people together
	maxPerPerson = 8               // windows of one person
	recheckEvery = 5 * time.Second // a session that ended closes its sockets this soon
	sendWithin   = 5 * time.Second

	closeSignedOut = websocket.StatusCode(4401)
	closeRole      = websocket.StatusCode(4403)
)

// events is GET /events: one WebSocket on which changes are told. It carries
// no orders from the page; a page that sends anything is cut off.
func (d *Door) events(w http.ResponseWriter, r *http.Request) {
	ctx, err := d.admit(r.Context(), "GET /events")
	if err != nil {
		writeRefusal(w, r, err)
		return
	}
	c := callerOf(ctx)
	if !d.sockets.enter(c.who.Person) {
		writeRefusal(w, r, errBusy)
		return
	}
	defer d.sockets.leave(c.who.Person)
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // boundary.sameOrigin compared the whole Origin already, which is stricter
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	changes, cancel := d.changes.Changes()
	defer cancel()
	status, reason := d.tell(conn.CloseRead(ctx), conn, changes, c)
	_ = conn.Close(status, reason) // the page may be gone
}

// tell sends what this person may hear until the socket, the session or the bus ends.
func (d *Door) tell(ctx context.Context, conn *websocket.Conn, changes <-chan wire.Event, c caller) (websocket.StatusCode, string) {
	seq := uint64(0)
	send := func(kind string, data any) error {
		seq++
		within, cancel := context.WithTimeout(ctx, sendWithin)
		defer cancel()
		return wsjson.Write(within, conn, wire.Event{V: 1, Seq: seq, Type: kind, Data: data})
	}
	if err := send("hello", struct{}{}); err != nil {
		return websocket.StatusGoingAway, ""
	}
	tick := time.NewTicker(d.recheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return websocket.StatusGoingAway, ""
		case <-tick.C:
			c.idle = true // listening is no activity
			who, err := d.identify(ctx, c)
			if errors.Is(err, errSignedOut) {
				return closeSignedOut, "console.signed_out"
			}
			if err != nil { // cannot be asked: say nothing more until it can
				slog.WarnContext(ctx, "console events: session not readable", "error", err)
				return websocket.StatusTryAgainLater, "request.busy"
			}
			if !who.may("GET /events") {
				return closeRole, "console.role_missing"
			}
			c.who = &who
			if err := conn.Ping(ctx); err != nil {
				return websocket.StatusGoingAway, ""
			}
		case e, ok := <-changes:
			if !ok {
				return websocket.StatusGoingAway, ""
			}
			if !c.who.hears(e.Type) {
				continue
			}
			if err := send(e.Type, e.Data); err != nil {
				return websocket.StatusGoingAway, ""
			}
		}
	}
}
