package console

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
)

// FiguresView is what was counted of calls. Rates and means are null where they would divide by nothing.
type FiguresView struct {
	Queued       int      `json:"queued" doc:"calls that came into the queue"`
	Answered     int      `json:"answered"`
	InTarget     int      `json:"in_target" doc:"of those, within the target"`
	Abandoned    int      `json:"abandoned"`
	Short        int      `json:"short" doc:"of those, within the threshold"`
	Callbacks    int      `json:"callbacks"`
	Overflowed   int      `json:"overflowed"`
	LeftBehind   int      `json:"left_behind"`
	TurnedAway   int      `json:"turned_away"`
	Missed       int      `json:"missed"`
	Handled      int      `json:"handled"`
	Longest      int      `json:"longest" doc:"seconds"`
	ServiceLevel *float64 `json:"service_level" doc:"in target ÷ (answered + abandoned − short abandons)"`
	AbandonRate  *float64 `json:"abandon_rate" doc:"abandoned ÷ queued, each call once"`
	AHT          *float64 `json:"aht" doc:"seconds: (talk + hold + wrap-up) ÷ handled"`
	ASA          *float64 `json:"asa" doc:"seconds: waiting time of the answered ÷ answered"`
}

// QueueNowView is a queue at this moment.
type QueueNowView struct {
	ID         sekisho.QueueID `json:"id"`
	Name       string          `json:"name"`
	ClientName string          `json:"client_name"`
	WorkName   string          `json:"work_name"`
	Waiting    int             `json:"waiting"`
	Callbacks  int             `json:"callbacks" doc:"places that are kept"`
	Longest    int             `json:"longest" doc:"seconds that the one who waits longest has waited"`
	Talking    int             `json:"talking"`
	Ready      int             `json:"ready"`
	Today      FiguresView     `json:"today" doc:"since midnight in Japan"`
}

// AgentView is an operator's telephone at this moment.
type AgentView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	State  string           `json:"state" enum:"out,ready,reserved,ringing,talking,hold,wrap_up,break,away,no_answer,locked"`
	Since  *time.Time       `json:"since"`
	Next   string           `json:"next" doc:"what he asked for, once he is free; or empty"`
	Place  sekisho.Place    `json:"place"`
	Taken  int              `json:"taken" doc:"calls answered since he came"`
	Hand   *time.Time       `json:"hand" doc:"since when his hand is raised; null: it is not"`
	Call   sekisho.CallID   `json:"call" doc:"one of calls; empty: none that the caller may see"`
}

// LogValue hides the person.
func (AgentView) LogValue() slog.Value { return hidden }

// CallView is a call that is there now.
type CallView struct {
	ID        sekisho.CallID `json:"id"`
	Direction string         `json:"direction" enum:"in,out"`
	Number    string         `json:"number" doc:"of the other party, its last four digits alone; empty: withheld"`
	Stage     string         `json:"stage"`
	Since     *time.Time     `json:"since" doc:"of the stage"`
	Begun     *time.Time     `json:"begun"`
	QueueName string         `json:"queue_name"`
	WorkName  string         `json:"work_name"`
	Level     sekisho.Level  `json:"level" doc:"how much personal data it may hold"`
	Operator  string         `json:"operator" doc:"name; empty: nobody yet"`
	Masked    bool           `json:"masked" doc:"secure capture: nobody hears the caller's digits"`
	Recording string         `json:"recording" enum:"on,paused,off"`
	Watching  bool           `json:"watching" doc:"the caller of this route hears it"`
	Watchers  []string       `json:"watchers" nullable:"false" doc:"names"`
}

// LogValue hides the other party.
func (CallView) LogValue() slog.Value { return hidden }

// CallBoardView answers GET /calls/board.
type CallBoardView struct {
	Now    time.Time      `json:"now"`
	Behind int            `json:"behind" doc:"facts that the figures do not have yet"`
	Acts   bool           `json:"acts" doc:"the caller may listen, take over, end and set states"`
	Line   bool           `json:"line" doc:"the caller's own telephone has a live lease, as listening needs"`
	Queues []QueueNowView `json:"queues" nullable:"false"`
	Agents []AgentView    `json:"agents" nullable:"false" doc:"raised hands first, the oldest first"`
	Calls  []CallView     `json:"calls" nullable:"false"`
}

// workNames are clients and works by id, and queues as the board names them.
type workNames struct {
	clients map[sekisho.ClientID]string
	works   map[sekisho.WorkID]string
	queues  map[sekisho.QueueID]string
}

func (d *Door) workNames(ctx context.Context) (n workNames, err error) {
	n = workNames{map[sekisho.ClientID]string{}, map[sekisho.WorkID]string{}, map[sekisho.QueueID]string{}}
	for _, q := range d.callFloor.Board().Queues {
		n.queues[q.ID] = q.Name
	}
	list, err := d.clients.List(ctx)
	if err != nil {
		return n, err
	}
	for _, c := range list {
		f, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return n, err
		}
		n.clients[c.ID] = c.Name
		for _, w := range f.Works {
			n.works[w.ID] = w.Name
		}
	}
	return n, nil
}

func (d *Door) callBoard(ctx context.Context, _ *struct{}) (*answer[CallBoardView], error) {
	s, err := d.sight(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.workNames(ctx)
	if err != nil {
		return nil, err
	}
	people, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	board, who := d.callFloor.Board(), callerOf(ctx).who
	view := CallBoardView{
		Now: d.clk.Now(), Behind: board.Behind, Acts: who.has(supervisor), Line: d.callFloor.At(who.Person).Session != nil,
		Queues: []QueueNowView{}, Agents: []AgentView{}, Calls: []CallView{},
	}
	for _, q := range board.Queues {
		if s.sees(q.Work) {
			view.Queues = append(view.Queues, QueueNowView{
				ID: q.ID, Name: q.Name, ClientName: names.clients[q.Client], WorkName: names.works[q.Work], Waiting: q.Waiting, Callbacks: q.Callbacks,
				Longest: whole(q.Longest), Talking: q.Talking, Ready: q.Ready, Today: figuresView(q.Today),
			})
		}
	}
	theirs := map[sekisho.PersonID]sekisho.CallID{}
	for _, v := range d.callFloor.Calls() {
		if s.sees(v.Work) {
			view.Calls = append(view.Calls, callView(v, names, people, who.Person))
			if v.Operator != "" {
				theirs[v.Operator] = v.ID
			}
		}
	}
	slices.SortFunc(view.Calls, func(a, b CallView) int { return a.Begun.Compare(*b.Begun) })
	for _, a := range board.Agents {
		if s.any(a.Works) {
			view.Agents = append(view.Agents, d.agentView(a, people[a.Person], theirs[a.Person]))
		}
	}
	slices.SortStableFunc(view.Agents, byHand)
	return reply(view, nil)
}

// byHand puts first whose hand has been raised for longest.
func byHand(a, b AgentView) int {
	switch {
	case a.Hand != nil && b.Hand != nil:
		return a.Hand.Compare(*b.Hand)
	case a.Hand != nil:
		return -1
	case b.Hand != nil:
		return 1
	}
	return 0
}

func (d *Door) agentView(a acd.AgentNow, name string, call sekisho.CallID) AgentView {
	v := AgentView{
		Person: a.Person, Name: name, State: a.State.String(), Since: moment(a.Since), Place: a.Place, Taken: a.Taken,
		Hand: moment(d.callFloor.At(a.Person).Hand), Call: call,
	}
	if a.Next != acd.Out {
		v.Next = a.Next.String()
	}
	return v
}

func callView(v exchange.View, names workNames, people map[sekisho.PersonID]string, me sekisho.PersonID) CallView {
	number := v.Caller
	if v.Direction == "out" {
		number = v.Called
	}
	begun := v.Begun.UTC()
	out := CallView{
		ID: v.ID, Direction: v.Direction, Number: number.Masked(), Stage: v.Stage, Since: moment(v.Since), Begun: &begun, QueueName: names.queues[v.Queue],
		WorkName: names.works[v.Work], Level: v.Level, Operator: people[v.Operator], Masked: v.Masked, Recording: v.Recording, Watchers: []string{},
	}
	for _, w := range v.Watchers {
		out.Watching = out.Watching || w == me
		out.Watchers = append(out.Watchers, people[w])
	}
	slices.Sort(out.Watchers)
	return out
}

func figuresView(f acd.Figures) FiguresView {
	return FiguresView{
		Queued: f.Queued, Answered: f.Answered, InTarget: f.InTarget, Abandoned: f.Abandoned, Short: f.Short, Callbacks: f.Callbacks, Overflowed: f.Overflowed,
		LeftBehind: f.LeftBehind, TurnedAway: f.TurnedAway, Missed: f.Missed, Handled: f.Handled, Longest: whole(f.Longest),
		ServiceLevel: rate(f.ServiceLevel()), AbandonRate: rate(f.AbandonRate()), AHT: seconds(f.AHT()), ASA: seconds(f.ASA()),
	}
}

func rate(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

func seconds(t time.Duration, ok bool) *float64 { return rate(t.Seconds(), ok) }

func whole(t time.Duration) int { return int(t / time.Second) }
