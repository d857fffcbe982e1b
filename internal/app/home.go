package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/wire"
)

// deskConsole hands the console what agents carry for people at their PCs.
type deskConsole struct {
	h     *House
	flows *flows.Flows
	door  *console.Door
}

// Carry registers the flow first: an end of the lease from then on resets it and
// ends the request, whatever it is doing.
func (c deskConsole) Carry(w http.ResponseWriter, r *http.Request, caller desk.Caller, flow net.Conn) {
	f, err := c.flows.Register(flow, flows.Info{Session: caller.Session, Connection: caller.Connection, Person: caller.Person, Target: "console"})
	if err != nil {
		wire.WriteProblem(w, r, err)
		return
	}
	defer f.Release()
	ctx, cancel := f.Context(r.Context())
	defer cancel()
	in := console.Inside{Guarded: operators.Guarded{Session: caller.Session, Person: caller.Person}, Address: caller.Address}
	if s, ok := c.h.book.Connection(caller.Connection); ok && s.Live && s.Session.ID == caller.Session {
		in.Class = s.Session.Class
	}
	c.door.Carry(w, r.WithContext(ctx), in)
}

// homeListener ends console sessions with the guard session that they live in:
// nothing is answered from that moment; what is stored of them follows.
func (s *Server) homeListener() {
	s.book.OnEnd(func(e grants.Ended) {
		s.console.Ended(e.ID)
		s.wait.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			if err := s.people.EndGuarded(ctx, operators.Guarded{Session: e.ID, Person: e.Person}); err != nil {
				slog.ErrorContext(ctx, "a console session that is worth nothing any more is still stored", "session", e.ID, "error", err)
			}
		})
	})
}

// officeRuleOff is the host's act for a centre whose rule let nobody in.
func (s *Server) officeRuleOff(ctx context.Context, _ json.RawMessage) (any, error) {
	r, err := s.offices.Lift(ctx)
	return r.Version, err
}

type adminOfficeRuleCmd struct {
	State string `arg:"" enum:"off" help:"off: everybody may use the console from everywhere again, until a new rule is made."`
}

// Run asks the running server to lift the rule.
func (c adminOfficeRuleCmd) Run(ctx context.Context, sh *shell) error {
	set, err := sh.settings()
	if err != nil {
		return err
	}
	var version int
	if err := askHost(ctx, set.Data, "/office-rule/off", struct{}{}, &version); err != nil {
		return err
	}
	sh.say("社外からの管理画面の制限を解除しました（第%d版）。", version)
	sh.say("Nobody is bound to an issued PC outside the office any more (version %d).", version)
	return nil
}
