package connect

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// What the front door asks of the conductor: its Agent and its Uplink.

// shown is what Status tells; it is replaced whole.
type shown struct {
	status wire.LocalStatus // without texts and since_ms
	since  time.Duration
}

// Status is what a page may know, with texts in its language.
func (a *Agent) Status(language string) wire.LocalStatus {
	s := a.shown.Load()
	out := s.status
	out.SinceMS = max(0, (a.clock.Mono() - s.since).Milliseconds())
	if out.Code != "" {
		p := wire.ProblemOf(sekisho.Fail(sekisho.KindDenied, out.Code), language)
		out.Title, out.Action = p.Title, p.Action
	}
	return out
}

// show publishes the status and tells it to the page.
func (a *Agent) show() {
	a.seq++
	s := &shown{status: wire.LocalStatus{
		Phase: a.phase, Code: a.code, AssetTag: a.enrolment.AssetTag, Server: a.enrolment.Server, Tier: a.enrolment.Tier,
		Connection: a.connID, Engine: a.engine.name, State: a.verdict.State, Version: wire.Version,
		Models: a.engine.models.List(), Person: a.me.Person.Name, Seq: a.seq,
	}, since: a.clock.Mono() - a.verdict.InState}
	s.status.Again, s.status.Shared = a.canAgain(), a.enrolment.Shared != ""
	if a.phase == phasePending {
		s.status.Fingerprint = a.enrolment.Fingerprint
	}
	if a.session != nil {
		s.status.Session = a.session.id
	}
	a.shown.Store(s)
	if a.link != nil {
		status := a.Status(a.link.language)
		a.link.send(wire.AgentMessage{Type: "status", Status: &status})
	}
}

// errWho is a shared PC at which nobody has said who he is.
var errWho = sekisho.Fail(sekisho.KindDenied, "shared.who")

// Connect starts to connect, for the front door. login names who sits at a shared
// PC; at any other one it is not looked at. Whoever names himself where somebody
// else has stayed connected takes his place: what was open closes first.
func (a *Agent) Connect(login string) error {
	return a.ask(func() error {
		who := ""
		if a.enrolment.Shared != "" {
			who = strings.TrimSpace(login)
		}
		switch a.phase {
		case phaseReady:
			if a.sitter = who; who == "" && a.enrolment.Shared != "" {
				return errWho
			}
			a.connect(0)
			return nil
		case phaseConnecting, phaseQuarantine, phaseLive, phaseBlack, phaseBreak:
			if who == "" || who == a.sitter {
				return nil // pressed twice, or a page that came late
			}
			a.leave("session.ended_by_you")
			a.dropConnection()
			a.sitter = who
			a.connect(0)
			return nil
		}
		return errEarly
	})
}

// Disconnect ends the session and the connection, for the front door.
func (a *Agent) Disconnect() error {
	return a.ask(func() error {
		if a.phase == phaseUnenrolled || a.phase == phasePending {
			return nil
		}
		a.leave("session.ended_by_you")
		a.dropConnection()
		a.sitter = ""
		a.stand(phaseReady, nil)
		return nil
	})
}

// Guard serves one page's guard socket, for the front door.
func (a *Agent) Guard(ctx context.Context, p *localdoor.Page) { a.guard(ctx, p, p.Language) }

// Live says whether a session is open, for the front door.
func (a *Agent) Live() bool { return a.open.Load() }

// Do carries a page's request through the tunnel, for the front door.
func (a *Agent) Do(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error) {
	l := a.line.Load()
	if l == nil {
		return nil, uplink.ErrClosed
	}
	res, err := l.Do(ctx, method, path, header, body)
	if route, _, _ := strings.Cut(path, "?"); method == http.MethodPost && route == consentRoute {
		a.answered(ctx, l.connection) // whatever became of the answer: a withdrawal may have cut it off
	}
	return res, err
}

const consentRoute = "/api/desk/v1/consent"

// answered learns at once what the server holds after the person has given or
// taken back his consent, so that the face is gone when the page says so.
func (a *Agent) answered(ctx context.Context, c connection) {
	answer, err := a.askMe(ctx, c)
	if err != nil {
		slog.Warn("whether the consent still stands is not known yet; it is asked again", "error", err)
		return
	}
	_ = a.ask(func() error { a.watched(c, answer, nil); return nil }) // fails only if the agent ends
}

// WebSocket opens a page's WebSocket through the tunnel, for the front door.
func (a *Agent) WebSocket(ctx context.Context, path string) (*websocket.Conn, error) {
	l := a.line.Load()
	if l == nil {
		return nil, uplink.ErrClosed
	}
	return l.WebSocket(ctx, path)
}

// Media opens a socket for sound inside the tunnel, for the front door.
func (a *Agent) Media(ctx context.Context) (net.PacketConn, netip.AddrPort, error) {
	l := a.line.Load()
	if l == nil {
		return nil, netip.AddrPort{}, uplink.ErrClosed
	}
	return l.Media(ctx)
}
