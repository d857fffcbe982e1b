package localdoor

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

const mediaWithin = 5 * time.Second

// relays hold the one relay that there may be: that of the newest request.
type relays struct {
	mu      sync.Mutex
	current *relay
}

// put makes r the one relay; nil leaves none. The one before is aborted.
func (s *relays) put(r *relay) {
	s.mu.Lock()
	old := s.current
	s.current = r
	s.mu.Unlock()
	if old != nil {
		old.abort()
	}
}

func (s *relays) abort() { s.put(nil) }

// phone opens the relay for a page's WebRTC, in a live session only. It is entered
// before it is asked again whether the session is open: an end in between has
// either aborted it or is seen here.
func (d *Door) phone(w http.ResponseWriter, r *http.Request) {
	if _, err := d.bearer(r); err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	if !d.cfg.Uplink.Live() {
		wire.WriteProblem(w, r, errSession)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), mediaWithin)
	defer cancel()
	made, err := openRelay(ctx, d.cfg.Uplink, d.cfg.User)
	if err != nil {
		slog.Error("the relay for sound did not open", "error", err)
		wire.WriteProblem(w, r, errRelay.Because(err))
		return
	}
	d.relays.put(made)
	if _, err := d.bearer(r); err != nil || !d.cfg.Uplink.Live() || d.ctx.Err() != nil {
		made.abort()
		wire.WriteProblem(w, r, errSession)
		return
	}
	respond(w, made.tell())
}
