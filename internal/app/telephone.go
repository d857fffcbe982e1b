package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/internal/calls/trunks"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/grants"
)

// keepFor is how long a caller is kept for the operator from whom the guard parted him.
const keepFor = 30 * time.Second

// telephone makes the rooms of the telephone, before anybody can call.
func (h *House) telephone(ctx context.Context) (err error) {
	cfg := h.settings.Calls.trunks()
	if h.settings.Calls.TLS != "" {
		pair, err := tls.LoadX509KeyPair(h.settings.Console.Cert, h.settings.Console.Key)
		if err != nil {
			return fmt.Errorf("app: certificate for SIP over TLS: %w", err)
		}
		cfg.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	}
	if h.trunks, err = trunks.New(h.db, h.clock, h.box, h.log, cfg); err != nil {
		return err
	}
	if h.acd, err = acd.New(h.db, h.clock, h.log, acd.Deps{Clients: h.clients}); err != nil {
		return err
	}
	h.ivr = ivr.New(ivr.Parts{DB: h.db, Clock: h.clock, Log: h.log, House: flowHouse{h}, Box: h.box, Loopback: h.settings.Calls.AllowLoopback})
	h.closers = append(h.closers, func() error { h.ivr.Close(); return nil })
	folder, err := recordings.Dir(h.recordingsFolder())
	if err != nil {
		return err
	}
	h.recordings, err = recordings.New(h.db, h.clock, h.box, h.log, folder, recordings.Config{Keys: h.keys, Scope: hearing{h}, Node: h.node()})
	if err != nil {
		return err
	}
	h.closers = append(h.closers, func() error { return h.recordings.Close(context.Background()) })
	_, err = h.recordings.Recover(ctx)
	return err
}

// node names this server among those on one database: it closes the recordings that
// it left itself, and never one that another server is writing.
func (h *House) node() string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return host + ":" + h.recordingsFolder()
}

// connectCalls makes the exchange of a server whose road is open.
func (s *Server) connectCalls() {
	s.exchange = exchange.New(s.db, s.clock, exchange.Config{Country: s.settings.Calls.Country, KeepFor: keepFor}, exchange.Deps{
		ACD: router{s.acd}, Lines: lines{s.phones}, Trunks: outside{s.trunks}, Flows: flowsOf{s.House}, Prompts: promptsOf{s.ivr}, Hooks: s.ivr,
		Tapes: tapesOf{s.House}, People: skills{s.House}, Clients: workOwner{s.clients}, Audit: s.log,
		Alive:   func(one exchange.Session) bool { return liveSessions{s.book}.Alive(one.ID, one.Address) },
		Changed: func(p sekisho.PersonID) { s.changes.tell(p, "phone.changed", nil) },
		Board:   func() { s.changes.show("calls.changed", nil) },
	})
	s.acd.Do(acd.SetRules{Rules: acd.Rules{HomeLevel: sekisho.LevelLittle, KeepFor: keepFor}})
	s.book.OnOpen(func(one grants.Session) { s.exchange.LeaseOpened(s.calling(one)) })
}

// calling is a session as the telephone knows it.
func (h *House) calling(s grants.Session) exchange.Session {
	out := exchange.Session{ID: s.ID, Person: s.Person, Class: s.Class, Camera: s.Camera, Tier: s.Tier, Epoch: s.Epoch, Address: s.Address}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	if d, err := h.devices.Get(ctx, s.Device); err == nil {
		out.Place = d.Place // unknown, it may take nothing
	}
	return out
}

// openTrunks takes calls, where an address is named, and runs what joins them.
func (s *Server) openTrunks(ctx context.Context) {
	s.run(ctx, "call routing", s.acd.Run)
	s.run(ctx, "calls", s.exchange.Run)
	if s.settings.Calls.open() {
		s.run(ctx, "trunks", func(ctx context.Context) error { return s.trunks.Serve(ctx, switchboard{s.exchange}) })
	}
}

// router is the ACD for the exchange.
type router struct{ *acd.ACD }

func (r router) Serves(q sekisho.QueueID, client sekisho.ClientID) bool {
	one, ok := r.queue(func(x acd.Queue) bool { return x.ID == q })
	return ok && one.Client == client
}

func (r router) Of(w sekisho.WorkID) (sekisho.QueueID, bool) {
	one, ok := r.queue(func(x acd.Queue) bool { return x.Work == w })
	return one.ID, ok
}

func (r router) queue(which func(acd.Queue) bool) (acd.Queue, bool) {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	all, err := r.List(ctx)
	if err != nil {
		return acd.Queue{}, false
	}
	for _, q := range all {
		if !q.Retired && which(q) {
			return q, true
		}
	}
	return acd.Queue{}, false
}

// lines are the softphones for the exchange.
type lines struct{ *softphone.Softphones }

func (l lines) Line(id sekisho.SessionID) (exchange.Leg, bool) {
	one, ok := l.Softphones.Line(id)
	if !ok {
		return nil, false
	}
	return one, true
}

func (l lines) Ready(id sekisho.SessionID) bool {
	one, ok := l.Softphones.Line(id)
	return ok && one.Ready()
}

// switchboard hands calls that come in to the exchange.
type switchboard struct{ x *exchange.Exchange }

func (s switchboard) Arrive(in *trunks.Incoming) { s.x.Arrive(arrival{in}) }

type arrival struct{ *trunks.Incoming }

func (a arrival) About() exchange.About {
	return exchange.About{Trunk: a.Trunk, Work: a.Work, Flow: a.Flow, Called: a.Number, Caller: a.Caller}
}

func (a arrival) Answer(ctx context.Context) (exchange.Leg, error) {
	l, err := a.Incoming.Answer(ctx)
	if err != nil {
		return nil, err
	}
	return l, nil
}

// outside are the trunks for the exchange.
type outside struct{ t *trunks.Trunks }

func (o outside) of(out exchange.Outgoing) trunks.Outgoing {
	own, _ := o.t.Own(out.Own) // one that is not ours is refused by the rules
	show := ""
	if out.Withhold {
		show = calls.Withhold
	}
	return trunks.Outgoing{By: out.By, Call: out.Call, Trunk: own.Trunk, To: out.To, From: out.Own, Show: show}
}

func (o outside) May(out exchange.Outgoing) error { return o.t.May(o.of(out)) }

func (o outside) Dial(ctx context.Context, out exchange.Outgoing) (exchange.Leg, error) {
	l, err := o.t.Dial(ctx, o.of(out))
	if err != nil {
		return nil, err
	}
	return l, nil
}

// flowHouse answers what flows ask of others.
type flowHouse struct{ h *House }

func (f flowHouse) Client(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (bool, error) {
	return f.h.clients.Goes(ctx, tx, id)
}

func (f flowHouse) Queue(ctx context.Context, tx storage.Tx, c sekisho.ClientID, q sekisho.QueueID) (bool, error) {
	return f.h.acd.Owned(ctx, tx, c, q)
}

// MayDial lets flows put callers through to numbers of the country; the trunk's own
// rules are asked when it is dialled.
func (f flowHouse) MayDial(_ context.Context, _ storage.Tx, _ sekisho.ClientID, n calls.Number) (bool, error) {
	return n.National(f.h.settings.Calls.Country), nil
}

// flowsOf gives a flow with what it needs to run.
type flowsOf struct{ h *House }

func (f flowsOf) Published(ctx context.Context, id sekisho.FlowID) (ivr.Flow, ivr.Facts, error) {
	flow, err := f.h.ivr.Published(ctx, id)
	if err != nil {
		return flow, ivr.Facts{}, err
	}
	calendars, err := f.h.ivr.CalendarsOf(ctx, flow)
	return flow, ivr.Facts{Calendars: calendars}, err
}

// promptsOf reads announcements.
type promptsOf struct{ r *ivr.IVR }

func (p promptsOf) Prompt(id sekisho.PromptID) ([]byte, error) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	return p.r.Prompt(ctx, id, "ja")
}

// Words are the centre's own; none are supplied yet, and music stands for them.
func (p promptsOf) Words(string) []byte { return nil }

// skills says what an operator can do and for which works.
type skills struct{ h *House }

// Skills leaves the skills to the ACD, which keeps them.
func (s skills) Skills(p sekisho.PersonID) (map[string]int, []sekisho.WorkID) {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	works, err := s.h.clients.WorksOf(ctx, p)
	if err != nil {
		return nil, nil // nothing that he could be asked for
	}
	out := []sekisho.WorkID{}
	for w := range works {
		out = append(out, w)
	}
	return nil, out
}

// workOwner says whose a work is.
type workOwner struct{ c *clients.Clients }

func (w workOwner) ClientOf(ctx context.Context, id sekisho.WorkID) (sekisho.ClientID, error) {
	return w.c.OwnerOf(ctx, id)
}

// tapesOf records calls.
type tapesOf struct{ h *House }

func (t tapesOf) Begin(a exchange.About, q sekisho.QueueID, operator sekisho.PersonID) (exchange.Tape, error) {
	number, direction := a.Caller, recordings.In
	if a.Direction == "out" {
		number, direction = a.Called, recordings.Out
	}
	return t.begin(recordings.Meta{Call: a.ID, Client: a.Client, Work: a.Work, Queue: q, Operator: operator, Number: number, Direction: direction})
}

func (t tapesOf) Message(a exchange.About, q sekisho.QueueID) (exchange.Tape, error) {
	return t.begin(recordings.Meta{Call: a.ID, Client: a.Client, Work: a.Work, Queue: q, Number: a.Caller, Direction: recordings.Message})
}

func (t tapesOf) begin(m recordings.Meta) (exchange.Tape, error) {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	one, err := t.h.recordings.Begin(ctx, m)
	if err != nil {
		return nil, err
	}
	return reel{one}, nil
}

type reel struct{ *recordings.Tape }

func (r reel) Pause(ctx context.Context, by exchange.Session, why string) error {
	return r.Tape.Pause(ctx, recordings.By{Person: by.Person, Role: sekisho.RoleOperator}, why)
}

func (r reel) Resume(ctx context.Context, by exchange.Session) error {
	return r.Tape.Resume(ctx, recordings.By{Person: by.Person, Role: sekisho.RoleOperator})
}

func (r reel) Mask(ctx context.Context, by exchange.Session, on bool) error {
	return r.Tape.Mask(ctx, recordings.By{Person: by.Person, Role: sekisho.RoleOperator}, on)
}

// hearing says whose recordings somebody may hear.
type hearing struct{ h *House }

func (s hearing) Works(ctx context.Context, v recordings.Viewer, client sekisho.ClientID) (recordings.Works, error) {
	if v.Role == sekisho.RoleSupervisor {
		works, err := s.h.clients.WorksOf(ctx, v.Person)
		if err != nil {
			return recordings.Works{}, err
		}
		var only []sekisho.WorkID
		for w, c := range works {
			if c == client {
				only = append(only, w)
			}
		}
		ever, err := s.h.clients.Ever(ctx, v.Person)
		if err != nil {
			return recordings.Works{}, err
		}
		if ever { // one who was never on a work answers for all
			return recordings.Works{Only: only}, nil
		}
	}
	return recordings.Works{All: true}, nil
}
