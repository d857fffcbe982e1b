package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// Figures are what is counted of a queue in a span of time. Each count belongs to
// the span in which its fact happened, so that spans and queues add up. A call
// counts as answered or abandoned once, however often it waited; a callback is
// neither, and what it took counts for handling.
type Figures struct {
	Queued      int           // calls that came into the queue, turned away ones not
	Again       int           // of those, after a talk that broke off
	TurnedAway  int           // the queue was full
	Answered    int           // by an operator
	InTarget    int           // of those, within the queue's target
	Abandoned   int           // the caller gave up
	Short       int           // of those, within the queue's threshold
	Callbacks   int           // callers who left and kept their places
	Overflowed  int           // to another queue, those after a talk not
	LeftBehind  int           // otherwise: voicemail, the flow's end
	Missed      int           // offers that nobody took in time
	Declined    int           // offers that were given back
	Handled     int           // talks that ended
	Interrupted int           // talks that broke off and went on later
	HandedOver  int           // talks that went on with another operator
	Waited      time.Duration // of the answered
	Longest     time.Duration // wait of an answered or abandoned call
	Talk        time.Duration
	Hold        time.Duration
	Wrap        time.Duration
}

// ServiceLevel is the share of answers within the target (サービスレベル):
//
//	in target ÷ (answered + abandoned − short abandons)
//
// ok is false where that divides by nothing.
func (f Figures) ServiceLevel() (share float64, ok bool) {
	return ratio(f.InTarget, f.Answered+f.Abandoned-f.Short)
}

// AbandonRate is abandoned ÷ queued (放棄率), where queued are the calls that came
// into the queue but for those that it passed on to another, so that each call is
// counted once. Whoever wants to be called back has not abandoned; a call that
// waits again after a talk is not queued a second time.
func (f Figures) AbandonRate() (share float64, ok bool) {
	return ratio(f.Abandoned, f.Queued-f.Again-f.Overflowed)
}

// AHT is the average handling time (平均処理時間): (talk + hold + wrap-up) ÷ handled.
func (f Figures) AHT() (d time.Duration, ok bool) { return mean(f.Talk+f.Hold+f.Wrap, f.Handled) }

// ASA is the average speed of answer (平均応答速度): waiting time of the answered ÷ answered.
func (f Figures) ASA() (d time.Duration, ok bool) { return mean(f.Waited, f.Answered) }

func ratio(a, b int) (float64, bool) {
	if b <= 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

func mean(sum time.Duration, n int) (time.Duration, bool) {
	if n <= 0 {
		return 0, false
	}
	return sum / time.Duration(n), true
}

// Plus adds what was counted elsewhere.
func (f Figures) Plus(g Figures) Figures {
	return Figures{
		Queued: f.Queued + g.Queued, Again: f.Again + g.Again, TurnedAway: f.TurnedAway + g.TurnedAway,
		Answered: f.Answered + g.Answered, InTarget: f.InTarget + g.InTarget,
		Abandoned: f.Abandoned + g.Abandoned, Short: f.Short + g.Short, Callbacks: f.Callbacks + g.Callbacks,
		Overflowed: f.Overflowed + g.Overflowed, LeftBehind: f.LeftBehind + g.LeftBehind, Missed: f.Missed + g.Missed,
		Declined: f.Declined + g.Declined, Handled: f.Handled + g.Handled, Interrupted: f.Interrupted + g.Interrupted, HandedOver: f.HandedOver + g.HandedOver,
		Waited: f.Waited + g.Waited, Longest: max(f.Longest, g.Longest), Talk: f.Talk + g.Talk, Hold: f.Hold + g.Hold, Wrap: f.Wrap + g.Wrap,
	}
}

// of is what one fact counts for.
func of(f Fact) (g Figures) {
	switch f.Kind {
	case FactQueued:
		g.Queued, g.Again = 1, count(f.Again)
	case FactTurned:
		g.TurnedAway = 1
	case FactAnswered:
		if !f.Again {
			g.Answered, g.InTarget, g.Waited, g.Longest = 1, count(f.Quick), f.Waited, f.Waited
		}
	case FactAbandoned:
		if !f.Again {
			g.Abandoned, g.Short, g.Longest = 1, count(f.Quick), f.Waited
		}
	case FactCallback:
		g.Callbacks = 1
	case FactOverflowed:
		g.Overflowed = count(!f.Again)
	case FactLeft:
		g.LeftBehind = 1
	case FactMissed:
		g.Missed = 1
	case FactDeclined:
		g.Declined = 1
	case FactTalked:
		g.Handled, g.Talk, g.Hold = 1, f.Talk, f.Hold
	case FactInterrupted:
		g.Interrupted, g.Talk, g.Hold = 1, f.Talk, f.Hold
	case FactHandedOver:
		g.HandedOver, g.Talk, g.Hold = 1, f.Talk, f.Hold
	case FactWrapped:
		g.Wrap = f.Wrap
	}
	return g
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Cell is what was counted of one queue, or of one work, from a moment on for the
// span that was asked for.
type Cell struct {
	From   time.Time
	Client sekisho.ClientID
	Work   sekisho.WorkID
	Queue  sekisho.QueueID // "" of a work as a whole
	Figures
}

type cellKey struct {
	from   int64
	client sekisho.ClientID
	work   sekisho.WorkID
	queue  sekisho.QueueID
}

// Tally counts facts as they come, in any order.
type Tally struct {
	span  time.Duration
	cells map[cellKey]Figures
}

// NewTally counts by spans of 15, 30 or 60 minutes, which begin at whole ones,
// or 24 hours from midnight in Japan.
func NewTally(span time.Duration) (*Tally, error) {
	switch span {
	case 15 * time.Minute, 30 * time.Minute, time.Hour, 24 * time.Hour:
		return &Tally{span: span, cells: map[cellKey]Figures{}}, nil
	}
	return nil, errSpan
}

var errSpan = sekisho.Fail(sekisho.KindInvalid, "acd.span")

// Add counts one fact. What concerns no queue counts for nothing.
func (t *Tally) Add(f Fact) {
	if f.Queue == "" {
		return
	}
	k := cellKey{from: t.start(f.At).UnixMicro(), client: f.Client, work: f.Work, queue: f.Queue}
	t.cells[k] = t.cells[k].Plus(of(f))
}

func (t *Tally) start(at time.Time) time.Time {
	if t.span == 24*time.Hour {
		return midnight(at)
	}
	return at.UTC().Truncate(t.span)
}

// Queues gives a cell for each queue and span in which something happened, in order.
func (t *Tally) Queues() []Cell {
	out := make([]Cell, 0, len(t.cells))
	for k, f := range t.cells {
		out = append(out, Cell{From: time.UnixMicro(k.from).UTC(), Client: k.client, Work: k.work, Queue: k.queue, Figures: f})
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Client, b.Client), cmp.Compare(a.Work, b.Work), cmp.Compare(a.Queue, b.Queue))
	})
	return out
}

// Works adds up the queues of each work.
func (t *Tally) Works() []Cell {
	out := []Cell{}
	for _, c := range t.Queues() {
		c.Queue = ""
		if n := len(out) - 1; n >= 0 && out[n].From.Equal(c.From) && out[n].Work == c.Work && out[n].Client == c.Client {
			out[n].Figures = out[n].Plus(c.Figures)
			continue
		}
		out = append(out, c)
	}
	return out
}
