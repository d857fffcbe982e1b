package console

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/recordings"
)

// MarkView is a part of a recording that is silent, and why.
type MarkView struct {
	Kind   string  `json:"kind" enum:"pause,mask,gap"`
	Start  float64 `json:"start" doc:"seconds from the beginning"`
	End    float64 `json:"end"`
	Reason string  `json:"reason" doc:"of a pause, as somebody wrote it"`
}

// SpokeView is from when on somebody spoke for the centre.
type SpokeView struct {
	Name string  `json:"name" doc:"empty where the caller may not know it"`
	From float64 `json:"from" doc:"seconds from the beginning"`
}

// LogValue hides the person.
func (SpokeView) LogValue() slog.Value { return hidden }

// RecordingView is what is known of one recording, without its sound.
type RecordingView struct {
	ID         sekisho.RecordingID `json:"id"`
	Call       sekisho.CallID      `json:"call"`
	ClientName string              `json:"client_name"`
	WorkName   string              `json:"work_name"`
	QueueName  string              `json:"queue_name"`
	Direction  string              `json:"direction" enum:"in,out,message"`
	Number     string              `json:"number" doc:"of the other party, its last four digits alone"`
	Started    *time.Time          `json:"started"`
	State      string              `json:"state" enum:"open,whole,cut,damaged"`
	Seconds    float64             `json:"seconds"`
	Caller     float64             `json:"caller" doc:"mean level in dB below full scale"`
	Centre     float64             `json:"centre"`
	Hash       string              `json:"hash" doc:"of the file; also in the log"`
	Held       string              `json:"held" doc:"why it is kept beyond its time; empty: it is not"`
	Erased     *time.Time          `json:"erased"`
	Marks      []MarkView          `json:"marks" nullable:"false"`
	Operators  []SpokeView         `json:"operators" nullable:"false"`
}

// LogValue hides the other party.
func (RecordingView) LogValue() slog.Value { return hidden }

// RecordingsView answers POST /recordings/search.
type RecordingsView struct {
	Recordings []RecordingView     `json:"recordings" nullable:"false"`
	Before     sekisho.RecordingID `json:"before" doc:"ask with it for the next page; empty: there is none"`
}

// ListenerView is one opening of a recording, by the log.
type ListenerView struct {
	At   time.Time `json:"at"`
	Name string    `json:"name" doc:"empty where the caller may not know it"`
}

// LogValue hides the person.
func (ListenerView) LogValue() slog.Value { return hidden }

// RecordingDetailView answers GET /recordings/{id}.
type RecordingDetailView struct {
	RecordingView
	Days      int            `json:"days" doc:"that recordings of this client company are kept after their end"`
	Listeners []ListenerView `json:"listeners" nullable:"false" doc:"the newest first, at most 200"`
}

// RecordingChoicesView answers GET /recordings/choices.
type RecordingChoicesView struct {
	Clients []RecordingChoiceView `json:"clients" nullable:"false"`
}

// RecordingChoiceView is a client company with those who speak for it.
type RecordingChoiceView struct {
	ChoiceView
	Operators []OperatorChoiceView `json:"operators" nullable:"false"`
}

// OperatorChoiceView is one of them.
type OperatorChoiceView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// LogValue hides the person.
func (OperatorChoiceView) LogValue() slog.Value { return hidden }

// RetentionView is how long one client company's recordings are kept.
type RetentionView struct {
	Client sekisho.ClientID `json:"client"`
	Name   string           `json:"name"`
	Days   int              `json:"days"`
}

// RetentionsView answers GET /recordings/retention.
type RetentionsView struct {
	Standard int             `json:"standard" doc:"days, where nothing else was set"`
	Clients  []RetentionView `json:"clients" nullable:"false"`
}

// recordingNames are the names that the caller may know.
type recordingNames struct {
	workNames
	people map[sekisho.PersonID]string
}

// recordingNames: to a client company's auditor the names of its people, and no others.
func (d *Door) recordingNames(ctx context.Context) (n recordingNames, err error) {
	if n.workNames, err = d.workNames(ctx); err != nil {
		return n, err
	}
	if client := callerOf(ctx).who.Client; client != "" {
		s, err := d.clients.ScopeOf(ctx, client)
		if err != nil {
			return n, err
		}
		n.people, err = d.scopedNames(ctx, s)
		return n, err
	}
	n.people, err = d.names(ctx)
	return n, err
}

func (n recordingNames) view(r recordings.Recording) RecordingView {
	v := RecordingView{
		ID: r.ID, Call: r.Call, ClientName: n.clients[r.Client], WorkName: n.works[r.Work], QueueName: n.queues[r.Queue], Direction: r.Direction, Number: r.Number,
		Started: moment(r.Started), State: string(r.State), Seconds: r.Length.Seconds(), Caller: r.Caller, Centre: r.Centre, Hash: r.Hash, Held: r.Held,
		Erased: moment(r.Erased), Marks: make([]MarkView, 0, len(r.Marks)), Operators: make([]SpokeView, 0, len(r.Operators)),
	}
	for _, m := range r.Marks {
		v.Marks = append(v.Marks, MarkView{Kind: m.Kind, Start: m.Start.Seconds(), End: m.End.Seconds(), Reason: m.Reason})
	}
	for _, o := range r.Operators {
		v.Operators = append(v.Operators, SpokeView{Name: n.people[o.Person], From: o.From.Seconds()})
	}
	return v
}

// waveColumns is how many columns a wave form has at most.
const waveColumns = 600

// wave joins the peaks of a side: of each column the lowest and the highest, by turns.
func wave(peaks []recordings.Peak) []int {
	step := max(1, (len(peaks)+waveColumns-1)/waveColumns)
	out := make([]int, 0, 2*waveColumns)
	for some := range slices.Chunk(peaks, step) {
		low, high := 0, 0
		for _, p := range some {
			low, high = min(low, int(p.Low)), max(high, int(p.High))
		}
		out = append(out, low, high)
	}
	return out
}
