package desk

import (
	"net"
	"net/http"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// accept upgrades a request. Origins are not looked at here: the caller is an
// agent whose signature covers the upgrade, and pages never reach this door.
func accept(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	return websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled,
		Subprotocols: []string{"binary"},
	})
}

// stream carries one virtual desktop (RFB) until either side or the gate ends it.
func (d *Door) stream(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r)
	id := sekisho.DesktopID(r.PathValue("id"))
	if !wire.ValidID(string(id)) {
		d.refuse(w, r, c, errNotFound)
		return
	}
	ws, err := accept(w, r)
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow()
	ws.SetReadLimit(1 << 20)
	flow, _ := r.Context().Value(connKey{}).(net.Conn) // live has looked at it
	if err := d.Road.Desktop(r.Context(), c, id, flow, websocket.NetConn(r.Context(), ws, websocket.MessageBinary)); err != nil {
		ws.Close(websocket.StatusPolicyViolation, sekisho.CodeOf(err))
		return
	}
	ws.Close(websocket.StatusNormalClosure, "")
}

// events pushes what changes for this person.
func (d *Door) events(w http.ResponseWriter, r *http.Request) {
	ws, err := accept(w, r)
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow()
	events, cancel := d.Changes.Subscribe(callerOf(r).Person)
	defer cancel()
	ctx := ws.CloseRead(r.Context())
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-events:
			if !ok || wsjson.Write(ctx, ws, e) != nil {
				return
			}
		}
	}
}
