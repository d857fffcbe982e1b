package desk

import (
	"net"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// consoleRoute is everything of the console that a PC's agent may carry here. Who
// may use which of its routes is the console's to say; this door hands over none
// that is not signed, on a flow of the lease that is alive now.
const consoleRoute = wire.ConsolePrefix

// Console answers what agents carry for people who use the console at their PC.
type Console interface {
	// Carry registers the flow with its lease before it looks at the request, and
	// ends both together.
	Carry(w http.ResponseWriter, r *http.Request, c Caller, flow net.Conn)
}

func (d *Door) console(w http.ResponseWriter, r *http.Request) {
	flow, _ := r.Context().Value(connKey{}).(net.Conn) // live has looked at it
	d.Console.Carry(w, r, callerOf(r), flow)
}
