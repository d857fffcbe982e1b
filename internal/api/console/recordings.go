package console

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
)

// Recordings are what was said in calls (calls/recordings).
type Recordings interface {
	List(ctx context.Context, v recordings.Viewer, f recordings.Filter) ([]recordings.Recording, error)
	Get(ctx context.Context, v recordings.Viewer, id sekisho.RecordingID) (recordings.Recording, error)
	Open(ctx context.Context, v recordings.Viewer, id sekisho.RecordingID) (*recordings.Stream, error)
	Opened(ctx context.Context, v recordings.Viewer, listening string) (*recordings.Stream, error)
	Peaks(ctx context.Context, v recordings.Viewer, id sekisho.RecordingID) ([2][]recordings.Peak, error)
	Hold(ctx context.Context, by recordings.By, id sekisho.RecordingID, reason string) error
	Lift(ctx context.Context, by recordings.By, id sekisho.RecordingID, reason string, second storage.Second) error
	Retention(ctx context.Context, client sekisho.ClientID) (int, error)
	SetRetention(ctx context.Context, by recordings.By, client sekisho.ClientID, days int, reason string, second storage.Second) error
}

// searchRecordings is a body and no address: a telephone number may be in it.
type searchRecordings struct {
	Body struct {
		Client   sekisho.ClientID    `json:"client" minLength:"1" maxLength:"64" doc:"no list mixes client companies"`
		Work     sekisho.WorkID      `json:"work,omitempty" maxLength:"64"`
		Operator sekisho.PersonID    `json:"operator,omitempty" maxLength:"64"`
		Number   string              `json:"number,omitempty" maxLength:"32" doc:"the whole number of the other party"`
		From     string              `json:"from,omitempty" maxLength:"10" doc:"first day, in Japan"`
		To       string              `json:"to,omitempty" maxLength:"10" doc:"last day, inclusive"`
		Before   sekisho.RecordingID `json:"before,omitempty" maxLength:"64" doc:"the page after the one that ended with it"`
	}
}

type holdRecording struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

type putRetention struct {
	Client sekisho.ClientID `path:"client" maxLength:"64"`
	Body   struct {
		Days   int    `json:"days" minimum:"1" maximum:"3650"`
		Reason string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

const recordingPage = 50

func (d *Door) recordingRoutes(api huma.API) {
	add(api, "GET /recordings/choices", "The client companies, works and operators whose recordings the caller may look for", d.recordingChoices)
	add(api, "POST /recordings/search", "Look for recordings of one client company, the newest first", d.searchRecordings)
	add(api, "GET /recordings/{id}", "One recording: its marks, and who listened to it", d.recording)
	add(api, "POST /recordings/{id}/listen", "Open a recording for listening; the log has it first", d.listen)
	add(api, "POST /recordings/{id}/hold", "Keep a recording beyond its time", d.holdRecording)
	add(api, "POST /recordings/{id}/lift", "End a hold; needs a second administrator", d.liftRecording)
	add(api, "GET /recordings/retention", "How many days recordings are kept, by client company", d.retention)
	add(api, "PUT /recordings/retention/{client}", "Change it; fewer days need a second administrator", d.putRetention)
}

// viewer is the caller as the room knows him, in the role that gives most of what this door lets him do.
func viewer(ctx context.Context) recordings.Viewer {
	c := callerOf(ctx)
	v := recordings.Viewer{Person: c.who.Person, Client: c.who.Client, From: c.from.String()}
	switch {
	case c.who.has(clientAuditor):
		v.Role = auditor
	case c.who.has(officer):
		v.Role = officer
	case c.who.has(auditor):
		v.Role = auditor
	case c.who.has(supervisor):
		v.Role = supervisor
	case c.who.has(administrator):
		v.Role = administrator
	}
	return v
}

// notTold makes of a refusal what a client company's auditor may learn: that another's
// recording exists is not told apart from that it does not.
func notTold(ctx context.Context, err error) error {
	if err != nil && callerOf(ctx).who.Client != "" {
		switch sekisho.KindOf(err) {
		case sekisho.KindDenied, sekisho.KindNotFound, sekisho.KindExpired:
			return errNotFound
		}
	}
	return err
}

// heard is of which works the caller may look for recordings; the room decides again.
func (d *Door) heard(ctx context.Context) (sight, error) {
	v := viewer(ctx)
	switch {
	case v.Client != "":
		f, err := d.clients.Get(ctx, v.Client)
		s := sight{works: map[sekisho.WorkID]sekisho.ClientID{}}
		for _, w := range f.Works {
			s.works[w.ID] = v.Client
		}
		return s, err
	case v.Role == supervisor:
		works, err := d.clients.WorksOf(ctx, v.Person)
		return sight{all: err == nil && len(works) == 0, works: works}, err
	}
	return sight{all: v.Role != ""}, nil
}

func (d *Door) searchRecordings(ctx context.Context, in *searchRecordings) (*answer[RecordingsView], error) {
	b := in.Body
	f := recordings.Filter{Client: b.Client, Work: b.Work, Operator: b.Operator, Before: b.Before, Limit: recordingPage}
	var err error
	if b.From != "" || b.To != "" {
		if f.From, f.To, err = openDays(b.From, b.To); err != nil {
			return nil, err
		}
	}
	if b.Number != "" {
		if f.Number, err = d.callFloor.Number(b.Number); err != nil {
			return nil, err
		}
	}
	list, err := d.recordings.List(ctx, viewer(ctx), f)
	if err != nil {
		return nil, notTold(ctx, err)
	}
	names, err := d.recordingNames(ctx)
	if err != nil {
		return nil, err
	}
	view := RecordingsView{Recordings: make([]RecordingView, 0, len(list))}
	for _, r := range list {
		view.Recordings = append(view.Recordings, names.view(r))
	}
	if len(list) == recordingPage {
		view.Before = list[len(list)-1].ID
	}
	return reply(view, nil)
}

// openDays is a period of which either end may be open.
func openDays(first, last string) (from, to time.Time, err error) {
	switch {
	case last == "":
		from, _, err = japanDays(first, first)
	case first == "":
		_, to, err = japanDays(last, last)
	default:
		from, to, err = japanDays(first, last)
	}
	return from, to, err
}

func (d *Door) holdRecording(ctx context.Context, in *holdRecording) (*done, error) {
	v, id := viewer(ctx), sekisho.RecordingID(in.ID)
	if _, err := d.recordings.Get(ctx, v, id); err != nil { // only of works that are his
		return nil, err
	}
	return &done{}, d.recordings.Hold(ctx, recordings.By{Person: v.Person, Role: keeper(ctx)}, id, in.Body.Reason)
}

// keeper is the role by which somebody holds a recording.
func keeper(ctx context.Context) sekisho.Role {
	who := callerOf(ctx).who
	for _, r := range []sekisho.Role{officer, supervisor, administrator} {
		if who.has(r) {
			return r
		}
	}
	return ""
}

func (d *Door) liftRecording(ctx context.Context, in *holdRecording) (*answer[done], error) {
	return dangerous[done](ctx, d, approvals.ActLift, liftAct{sekisho.RecordingID(in.ID), in.Body.Reason})
}

func (d *Door) retention(ctx context.Context, _ *struct{}) (*answer[RetentionsView], error) {
	list, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	view := RetentionsView{Standard: recordings.StandardDays, Clients: make([]RetentionView, 0, len(list))}
	for _, c := range list {
		days, err := d.recordings.Retention(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		view.Clients = append(view.Clients, RetentionView{Client: c.ID, Name: c.Name, Days: days})
	}
	return reply(view, nil)
}

func (d *Door) putRetention(ctx context.Context, in *putRetention) (*answer[RetentionView], error) {
	return dangerous[RetentionView](ctx, d, approvals.ActRetention, retentionAct{in.Client, in.Body.Days, in.Body.Reason})
}

// recordingChoices names what can be looked for; people only by the works that are the caller's.
func (d *Door) recordingChoices(ctx context.Context, _ *struct{}) (*answer[RecordingChoicesView], error) {
	s, err := d.heard(ctx)
	if err != nil {
		return nil, err
	}
	list, err := d.choices(ctx, s)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	view := RecordingChoicesView{Clients: []RecordingChoiceView{}}
	for _, c := range list {
		f, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		one := RecordingChoiceView{ChoiceView: c, Operators: []OperatorChoiceView{}}
		for _, a := range f.Assignments {
			if s.sees(a.Work) && !slices.ContainsFunc(one.Operators, func(o OperatorChoiceView) bool { return o.ID == a.Person }) {
				one.Operators = append(one.Operators, OperatorChoiceView{ID: a.Person, Name: names[a.Person]})
			}
		}
		view.Clients = append(view.Clients, one)
	}
	return reply(view, nil)
}
