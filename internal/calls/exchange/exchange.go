package exchange

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Config is what the centre has decided of its telephone.
type Config struct {
	Country string        // of short numbers: "81"
	KeepFor time.Duration // how long a caller waits for the operator from whom the guard parted him
}

// Exchange joins callers and operators.
type Exchange struct {
	Deps
	db      *storage.DB
	clk     clock.Clock
	cfg     Config
	beat    *metronome
	answers *answers[uint64]
	owns    *answers[sekisho.CallID]
	places  *places

	mu       sync.Mutex
	calls    map[sekisho.CallID]*call
	seats    map[sekisho.PersonID]*seat
	ctx      context.Context
	stopping bool
	wait     sync.WaitGroup
}

// New makes an exchange. Nobody is joined before Run.
func New(db *storage.DB, clk clock.Clock, cfg Config, d Deps) *Exchange {
	x := &Exchange{
		Deps: d, db: db, clk: clk, cfg: cfg, beat: newMetronome(clk), answers: newAnswers[uint64](), owns: newAnswers[sekisho.CallID](), places: newPlaces(),
		calls: map[sekisho.CallID]*call{}, seats: map[sekisho.PersonID]*seat{},
	}
	d.ACD.OnAct(x.follow)
	return x
}

// Run carries calls until ctx ends; then every call is ended, with that as its cause.
func (x *Exchange) Run(ctx context.Context) error {
	x.mu.Lock()
	x.ctx = ctx
	x.mu.Unlock()
	x.beat.run(ctx)
	x.mu.Lock()
	x.stopping = true
	x.mu.Unlock()
	x.wait.Wait()
	return nil
}

// Arrival is a call that comes in.
type Arrival interface {
	About() About
	Ring() error
	Answer(ctx context.Context) (Leg, error)
	Refuse(calls.Cause)
	Gone() <-chan struct{}
}

// Arrive takes a call that comes in through its flow.
func (x *Exchange) Arrive(in Arrival) {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	about := in.About()
	about.ID, about.Begun, about.Direction = x.newID(), x.clk.Now(), "in"
	client, err := x.Clients.ClientOf(ctx, about.Work)
	if err != nil {
		x.turnAway(in, about, calls.Unreachable, err)
		return
	}
	about.Client = client
	machine, level, err := x.flow(ctx, about)
	if err != nil {
		x.turnAway(in, about, calls.Unreachable, err)
		return
	}
	if err := in.Ring(); err != nil {
		x.row(about, "", "", calls.ByCaller, time.Time{}) // gone
		return
	}
	l, err := in.Answer(ctx)
	if err != nil {
		x.turnAway(in, about, calls.TrunkLost, err)
		return
	}
	c := x.newCall(about, l)
	c.level = level
	if !x.start(c, func() { c.begin(machine) }) {
		l.Hang(calls.ServerStopping)
		x.row(about, "", "", calls.ServerStopping, time.Time{})
	}
}

// flow gives the machine of a call's flow.
func (x *Exchange) flow(ctx context.Context, a About) (*ivr.Machine, sekisho.Level, error) {
	f, facts, err := x.Flows.Published(ctx, a.Flow)
	if err != nil {
		return nil, "", err
	}
	facts.Caller, facts.Called = a.Caller, a.Called
	return ivr.Begin(f, facts), facts.Level, nil
}

func (x *Exchange) turnAway(in Arrival, a About, cause calls.Cause, err error) {
	in.Refuse(cause)
	x.alarm("call.turned_away", a.ID, err)
	x.row(a, "", "", cause, time.Time{})
}

func (x *Exchange) newID() sekisho.CallID { return sekisho.CallID(uuid.Must(uuid.NewV7()).String()) }

func (x *Exchange) newCall(a About, caller leg) *call {
	c := &call{x: x, about: a, inbox: newInbox(), ended: make(chan struct{}), watchers: map[sekisho.PersonID]watcher{}, level: sekisho.LevelFull, since: x.clk.Now()}
	c.bridge = bridge{beat: x.beat, drawn: &c.drawn, caller: caller}
	return c
}

// start runs a call. It says whether there is anybody to carry it.
func (x *Exchange) start(c *call, begin func()) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ctx == nil || x.stopping {
		return false
	}
	x.calls[c.about.ID] = c
	ctx := x.ctx
	x.wait.Go(func() { c.run(ctx, begin) })
	return true
}

func (x *Exchange) forget(c *call) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.calls[c.about.ID] == c { // a callback may have taken its place
		delete(x.calls, c.about.ID)
	}
}

func (x *Exchange) call(id sekisho.CallID) *call {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.calls[id]
}

func (x *Exchange) seat(p sekisho.PersonID) *seat {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.seats[p]
	if s == nil {
		s = &seat{person: p}
		x.seats[p] = s
	}
	return s
}

// State asks for a telephone state: ready, away, or out.
func (x *Exchange) State(_ context.Context, by Session, state acd.State, reason string) error {
	s := x.seat(by.Person)
	session, ok := s.live()
	switch {
	case !ok || session.ID != by.ID:
		return errSession
	case state == acd.Ready && !x.Lines.Ready(by.ID):
		return errLine
	}
	x.ACD.Do(acd.AgentState{Agent: by.Person, State: state, Reason: reason, By: by.Person})
	return nil
}

// Written ends a wrap-up.
func (x *Exchange) Written(ctx context.Context, by Session, id sekisho.CallID, code, note string) error {
	s := x.seat(by.Person)
	s.mu.Lock()
	due := s.wrapUp != nil && s.wrapUp.call == id
	s.mu.Unlock()
	if !due {
		return errStage
	}
	if err := x.note(ctx, by.Person, id, code, note); err != nil {
		return err
	}
	x.ACD.Do(acd.WrapUpDone{Agent: by.Person, Code: code})
	return nil
}

// Hand raises or lowers a hand (挙手).
func (x *Exchange) Hand(by Session, raised bool) {
	s := x.seat(by.Person)
	s.mu.Lock()
	s.hand = time.Time{}
	if raised {
		s.hand = x.clk.Now()
	}
	s.mu.Unlock()
	x.Changed(by.Person)
	x.Board()
}

// music is what a caller hears who waits.
func (x *Exchange) music() sounding { return sound.Music(sound.Mu) }

func (x *Exchange) prompt(p sekisho.PromptID) []byte {
	ulaw, err := x.Prompts.Prompt(p)
	if err != nil {
		slog.Error("an announcement cannot be played", "prompt", p, "error", err)
	}
	return ulaw
}

func (x *Exchange) alarm(kind string, id sekisho.CallID, err error) {
	slog.Error("telephone", "kind", kind, "call", id, "error", err)
	x.Audit.Afterwards(audit.Event{
		Kind: kind, Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "call", ID: string(id)}, Call: id, Reason: sekisho.CodeOf(err),
	})
}

// promptName names words of the centre's own that no flow says.
type promptName string

const (
	promptGuard promptName = "guard" // 少々お待ちください: the operator's screen has closed
	promptWait  promptName = "wait"  // you are still in the queue
	promptSorry promptName = "sorry" // nobody can take the call
)
