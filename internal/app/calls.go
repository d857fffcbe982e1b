package app

import (
	"context"
	"net/netip"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/internal/calls/trunks"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/wire"
)

// openCalls starts the telephone on the road.
func (s *Server) openCalls() error {
	conn, err := s.flows.PacketConn(wire.MediaPort)
	if err != nil {
		return err
	}
	s.phones, err = softphone.New(
		softphone.Config{Conn: conn, Address: netip.AddrPortFrom(tunnels.Gateway, wire.MediaPort)},
		s.clock, callLog{s.House}, softphone.Deps{Leases: liveSessions{s.book}, Replaced: s.lineReplaced},
	)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, s.phones.Close)
	s.connectCalls()
	return nil
}

// lineReplaced tells a person's pages which line lost its place.
func (s *Server) lineReplaced(p sekisho.PersonID, lost sekisho.LineID) {
	s.changes.tell(p, "line.replaced", wire.LineLost{Line: lost})
}

// sip waits until SIP is taken over UDP, and says where; "" where it is not.
func (s *Server) sip(ctx context.Context) string {
	if s.settings.Calls.UDP == "" {
		return ""
	}
	select {
	case <-s.trunks.Ready():
		return s.trunks.Listening(trunks.UDP).String()
	case <-ctx.Done(): // they could not be served
		return ""
	}
}

// liveSessions asks the book.
type liveSessions struct{ book *grants.Book }

func (l liveSessions) Alive(id sekisho.SessionID, at netip.Addr) bool {
	s, ok := l.book.Find(at)
	return ok && s.Live && s.Session.ID == id
}

// callLog is the log for rooms that keep nothing of their own.
type callLog struct{ h *House }

func (l callLog) Commit(ctx context.Context, e audit.Event) error {
	return l.h.db.Write(ctx, func(tx storage.Tx) error { return l.h.log.Append(ctx, tx, e) })
}

func (l callLog) Afterwards(e audit.Event) { l.h.log.Afterwards(e) }
