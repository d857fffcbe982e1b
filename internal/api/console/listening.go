package console

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	shownListeners = 200
	maxPiece       = 60 // seconds of sound in one answer
)

// ListeningView is an opened recording. Its name plays it for an hour, to the same
// person and no other; closed with the session.
type ListeningView struct {
	Listening string  `json:"listening"`
	Seconds   float64 `json:"seconds" doc:"as the file itself proves it"`
	Caller    []int   `json:"caller" nullable:"false" doc:"wave form, -128 to 127: lowest and highest by turns, at most 600 pairs over the whole length"`
	Centre    []int   `json:"centre" nullable:"false"`
}

func (d *Door) recording(ctx context.Context, in *ByID) (*answer[RecordingDetailView], error) {
	r, err := d.recordings.Get(ctx, viewer(ctx), sekisho.RecordingID(in.ID))
	if err != nil {
		return nil, notTold(ctx, err)
	}
	names, err := d.recordingNames(ctx)
	if err != nil {
		return nil, err
	}
	days, err := d.recordings.Retention(ctx, r.Client)
	if err != nil {
		return nil, err
	}
	found, err := d.audit.Page(ctx, audit.Filter{Object: in.ID, Kinds: []string{"recording.listened"}, Limit: shownListeners})
	if err != nil {
		return nil, err
	}
	view := RecordingDetailView{RecordingView: names.view(r), Days: days, Listeners: []ListenerView{}}
	for _, e := range found.Entries {
		name := names.people[e.Event.Actor.Person]
		if callerOf(ctx).who.Client != "" {
			name = "" // who listened are the centre's people, or other auditors
		}
		view.Listeners = append(view.Listeners, ListenerView{At: e.At.UTC(), Name: name})
	}
	return reply(view, nil)
}

func (d *Door) listen(ctx context.Context, in *ByID) (*answer[ListeningView], error) {
	v, id := viewer(ctx), sekisho.RecordingID(in.ID)
	s, err := d.recordings.Open(ctx, v, id)
	if err != nil {
		return nil, notTold(ctx, err)
	}
	defer s.Close() //nolint:errcheck // it was only read
	sides, err := d.recordings.Peaks(ctx, v, id)
	return reply(ListeningView{Listening: s.Listening, Seconds: s.Length().Seconds(), Caller: wave(sides[0]), Centre: wave(sides[1])}, err)
}

// play is GET /listening/{id}: a part of an opened recording as WAV, G.711 μ-law in
// two sides, at most a minute at once. What fails after it has begun cuts the connection.
func (d *Door) play(w http.ResponseWriter, r *http.Request) {
	ctx, err := d.admit(r.Context(), "GET /listening/{id}")
	if err != nil {
		writeRefusal(w, r, err)
		return
	}
	r = r.WithContext(ctx)
	s, err := d.recordings.Opened(ctx, viewer(ctx), r.PathValue("id"))
	if err != nil {
		writeRefusal(w, r, notTold(ctx, err))
		return
	}
	defer s.Close() //nolint:errcheck // it was only read
	from, to, err := piece(r)
	if err != nil {
		writeRefusal(w, r, err)
		return
	}
	begun := &begun{ResponseWriter: w}
	w.Header().Set("Content-Type", "audio/wav")
	w.Header().Set("Content-Disposition", "inline")
	if err := s.Play(begun, from, min(to, s.Length())); err != nil {
		if !begun.yes {
			w.Header().Del("Content-Disposition")
			writeRefusal(w, r, notTold(ctx, err))
			return
		}
		slog.Log(ctx, wire.FailureLevel(ctx, err), "a recording could not be played", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// begun knows whether anything was answered.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}

// piece reads the range that is asked for, in whole seconds.
func piece(r *http.Request) (from, to time.Duration, err error) {
	q := r.URL.Query()
	first, err := strconv.Atoi(q.Get("from"))
	if err != nil || first < 0 || first > 24*3600 {
		return 0, 0, errMalformed
	}
	last, err := strconv.Atoi(q.Get("to"))
	if err != nil || last <= first || last-first > maxPiece {
		return 0, 0, errMalformed
	}
	return time.Duration(first) * time.Second, time.Duration(last) * time.Second, nil
}

// liftAct ends a hold.
type liftAct struct {
	Recording sekisho.RecordingID
	Reason    string
}

// retentionAct changes how long a client company's recordings are kept.
type retentionAct struct {
	Client sekisho.ClientID
	Days   int
	Reason string
}

// recordingActs let recordings be deleted sooner.
func (d *Door) recordingActs() map[string]performer {
	return map[string]performer{
		approvals.ActLift: acting(d.judgeLift, func(ctx context.Context, by sekisho.PersonID, in liftAct, second storage.Second) (any, error) {
			return done{}, d.recordings.Lift(ctx, recordings.By{Person: by, Role: administrator}, in.Recording, in.Reason, second)
		}),
		approvals.ActRetention: acting(d.judgeRetention, func(ctx context.Context, by sekisho.PersonID, in retentionAct, second storage.Second) (any, error) {
			if err := d.recordings.SetRetention(ctx, recordings.By{Person: by, Role: administrator}, in.Client, in.Days, in.Reason, second); err != nil {
				return nil, err
			}
			f, err := d.clients.Get(ctx, in.Client)
			return RetentionView{Client: in.Client, Name: f.Client.Name, Days: in.Days}, err
		}),
	}
}

func (d *Door) judgeLift(ctx context.Context, by sekisho.PersonID, in liftAct) (string, []wire.Difference, error) {
	r, err := d.recordings.Get(ctx, recordings.Viewer{Person: by, Role: administrator}, in.Recording)
	if err != nil || r.Held == "" {
		return string(in.Recording), nil, err
	}
	names, err := d.workNames(ctx)
	whose, at := names.clients[r.Client], japanStamp(r.Started)
	return string(in.Recording), []wire.Difference{
		{Field: "recording.held", Before: r.Held},
		{Field: "recording.client", Before: whose, After: whose, Beside: true},
		{Field: "recording.started", Before: at, After: at, Beside: true},
		{Field: "recording.reason", After: in.Reason, Beside: true},
	}, err
}

func (d *Door) judgeRetention(ctx context.Context, _ sekisho.PersonID, in retentionAct) (string, []wire.Difference, error) {
	f, err := d.clients.Get(ctx, in.Client)
	if err != nil {
		return "", nil, err
	}
	days, err := d.recordings.Retention(ctx, in.Client)
	if err != nil || in.Days >= days {
		return string(in.Client), nil, err
	}
	return string(in.Client), []wire.Difference{
		{Field: "recording.days", Before: strconv.Itoa(days), After: strconv.Itoa(in.Days)},
		{Field: "recording.client", Before: f.Client.Name, After: f.Client.Name, Beside: true},
		{Field: "recording.reason", After: in.Reason, Beside: true},
	}, nil
}
