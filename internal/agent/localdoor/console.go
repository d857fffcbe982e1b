package localdoor

import (
	"net/http"
	"path"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// consolePage is where the console's bundle is served.
const consolePage = "/console/"

// maxConsoleBody is what the desk door takes of one request.
const maxConsoleBody = 256 << 10

var errConsoleTicket = sekisho.Fail(sekisho.KindExpired, "local.console_ticket")

// openConsole gives the desk a ticket for the console's page, while a session is
// open. A newer page takes the place of the older one.
func (d *Door) openConsole(w http.ResponseWriter, r *http.Request) {
	_, err := d.bearer(r)
	if err == nil && !d.cfg.Uplink.Live() {
		err = errSession
	}
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	respond(w, wire.LocalTicket{Ticket: d.console.issue()})
}

// exchangeConsole turns that ticket into the bearer of the console's page. An end
// of the session in between takes both.
func (d *Door) exchangeConsole(w http.ResponseWriter, r *http.Request) {
	var in wire.LocalTicket
	if err := decode(w, r, &in); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	bearer, err := d.console.exchange(in.Ticket)
	switch {
	case err != nil:
		err = errConsoleTicket.Because(err)
	case !d.cfg.Uplink.Live():
		d.console.void()
		err = errSession
	}
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	respond(w, wire.LocalBearer{Bearer: bearer})
}

// carry takes one request of the console's page through the tunnel. Which routes
// there are is the server's to say: the agent composes none of them itself.
func (d *Door) carry(w http.ResponseWriter, r *http.Request) {
	switch rest := strings.TrimPrefix(r.URL.Path, wire.ConsolePrefix); {
	case r.URL.RawPath != "" || rest == "" || rest[0] == '/' || strings.Contains(rest, "..") || strings.Contains(rest, "//"):
		wire.WriteProblem(w, r, errNotFound)
	case isUpgrade(r) && rest != "events":
		wire.WriteProblem(w, r, errNotFound)
	case isUpgrade(r):
		d.relay(w, r, d.console)
	case rest == "events":
		wire.WriteProblem(w, r, errNotFound)
	default:
		d.forward(w, r, passage{held: d.console, live: true, body: maxConsoleBody})
	}
}

// consoleStatic serves the console's page and its files. The page stands in a
// frame of the desk, so that whatever blackens the desk blackens it.
func (d *Door) consoleStatic(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, consolePage)
	if name == "" {
		name = "index.html"
	}
	if path.Ext(name) == ".html" && r.Header.Get("Sec-Fetch-Dest") != "iframe" {
		wire.WriteProblem(w, r, foreign("the console as %q", r.Header.Get("Sec-Fetch-Dest")))
		return
	}
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	w.Header().Set("Content-Security-Policy", d.policy("", "'self'"))
	d.file(w, r, d.cfg.Console, name, "'self'")
}
