package console

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// CallFloor is the telephone as supervisors see it (calls/exchange, calls/acd).
type CallFloor interface {
	Board() acd.Board
	Calls() []exchange.View
	At(p sekisho.PersonID) exchange.At
	Watch(ctx context.Context, by sekisho.PersonID, id sekisho.CallID, m exchange.Mode) error
	Unwatch(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error
	TakeOver(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error
	EndCall(ctx context.Context, by sekisho.PersonID, id sekisho.CallID) error
	Force(s acd.AgentState)
	Count(ctx context.Context, from, to time.Time, span time.Duration) (*acd.Tally, error)
	Attendance(ctx context.Context, from, to time.Time) ([]acd.Attendance, error)
	Number(text string) (calls.Number, error) // as a person writes it
}

type watchCall struct {
	ByID
	Body struct {
		Mode exchange.Mode `json:"mode" enum:"listen,whisper,barge"`
	}
}

type forceState struct {
	ByID
	Body struct {
		State  string `json:"state" enum:"ready,break,away"`
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why; it stands in the log"`
	}
}

var forcible = map[string]acd.State{"ready": acd.Ready, "break": acd.Break, "away": acd.Away}

func (d *Door) callFloorRoutes(api huma.API) {
	add(api, "GET /calls/board", "The queues, operators and calls of this moment, of the works that the caller answers for", d.callBoard)
	add(api, "POST /calls/{id}/watch", "Listen to a call, whisper to its operator or speak to both; with the caller's own telephone under a live lease", d.watchCall)
	add(api, "DELETE /calls/{id}/watch", "Listen no more", d.unwatchCall)
	add(api, "POST /calls/{id}/take", "Take a call over from its operator", d.takeCall)
	add(api, "POST /calls/{id}/end", "End a call", d.endCall)
	add(api, "PUT /calls/people/{id}/state", "Set an operator's telephone state", d.forceState)
	add(api, "GET /calls/report", "Figures by spans of time", d.callReport)
	add(api, "GET /calls/report/file", "The same as CSV", d.callReportFile)
	add(api, "GET /calls/attendance", "Begin, end and breaks of people's days, as the telephone knows them", d.attendance)
	add(api, "GET /calls/attendance/file", "The same as CSV; that it was taken is in the log first", d.attendanceFile)
}

// sight is of which works somebody may see calls. The zero value is none.
type sight struct {
	all   bool // also what belongs to no work
	works map[sekisho.WorkID]sekisho.ClientID
}

func (s sight) sees(w sekisho.WorkID) bool {
	_, mine := s.works[w]
	return s.all || mine && w != ""
}

func (s sight) any(works []sekisho.WorkID) bool { return s.all || slices.ContainsFunc(works, s.sees) }

// sight is what somebody may look at: administrators see all telephones, and hear none.
func (d *Door) sight(ctx context.Context) (sight, error) {
	if callerOf(ctx).who.has(administrator) {
		return sight{all: true}, nil
	}
	return d.answersFor(ctx)
}

// answersFor: a supervisor answers for the works that he is on today, whatever else
// he is; one who was never on any answers for all.
func (d *Door) answersFor(ctx context.Context) (sight, error) {
	who := callerOf(ctx).who
	if !who.has(supervisor) {
		return sight{}, nil
	}
	works, err := d.clients.WorksOf(ctx, who.Person)
	if err != nil {
		return sight{}, err
	}
	ever, err := d.clients.Ever(ctx, who.Person)
	return sight{all: err == nil && !ever, works: works}, err
}

// supervised gives a call that the caller answers for. Another's is not told apart from none.
func (d *Door) supervised(ctx context.Context, id string) (sekisho.CallID, error) {
	s, err := d.answersFor(ctx)
	if err != nil {
		return "", err
	}
	for _, v := range d.callFloor.Calls() {
		if v.ID == sekisho.CallID(id) && s.sees(v.Work) {
			return v.ID, nil
		}
	}
	return "", errNoCall
}

var errNoCall = sekisho.Fail(sekisho.KindNotFound, "call.over")

func (d *Door) watchCall(ctx context.Context, in *watchCall) (*done, error) {
	id, err := d.supervised(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &done{}, d.callFloor.Watch(ctx, callerOf(ctx).who.Person, id, in.Body.Mode)
}

// unwatchCall asks nothing but whether he watches: leaving is always allowed.
func (d *Door) unwatchCall(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.callFloor.Unwatch(ctx, callerOf(ctx).who.Person, sekisho.CallID(in.ID))
}

func (d *Door) takeCall(ctx context.Context, in *ByID) (*done, error) {
	id, err := d.supervised(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &done{}, d.callFloor.TakeOver(ctx, callerOf(ctx).who.Person, id)
}

func (d *Door) endCall(ctx context.Context, in *ByID) (*done, error) {
	id, err := d.supervised(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &done{}, d.callFloor.EndCall(ctx, callerOf(ctx).who.Person, id)
}

// forceState writes first: the state that somebody did not choose himself changes who is called.
func (d *Door) forceState(ctx context.Context, in *forceState) (*done, error) {
	s, err := d.answersFor(ctx)
	if err != nil {
		return nil, err
	}
	agents := d.callFloor.Board().Agents
	at := slices.IndexFunc(agents, func(a acd.AgentNow) bool { return a.Person == sekisho.PersonID(in.ID) && s.any(a.Works) })
	if at < 0 {
		return nil, errNotFound
	}
	me := callerOf(ctx).who.Person
	if _, err := d.audit.Attest(ctx, audit.Event{
		Kind: "call.state_forced", Actor: actor(ctx, supervisor), Object: audit.Object{Type: "person", ID: in.ID}, Decision: audit.Allow,
		Detail: map[string]string{"state": in.Body.State, "state_before": agents[at].State.String()}, Personal: audit.Personal{"reason": in.Body.Reason},
	}, nil); err != nil {
		return nil, err
	}
	d.callFloor.Force(acd.AgentState{Agent: agents[at].Person, State: forcible[in.Body.State], By: me})
	return &done{}, nil
}
