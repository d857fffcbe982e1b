package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// Span is a time from a moment to another.
type Span struct{ From, To time.Time }

// Length is how long it lasts.
func (s Span) Length() time.Duration { return s.To.Sub(s.From) }

// Attendance is what the telephone knows of one person's day: when it began and
// ended, and the breaks. Nothing that the guard saw is in it: a lease that ended,
// and came back, changes nothing here.
type Attendance struct {
	Person sekisho.PersonID
	Day    string // in Japan, on which he came: 2026-11-02
	Start  time.Time
	End    time.Time // zero while he is there
	Breaks []Span    // To is zero of one that goes on
}

const dayForm = "2006-01-02"

var japan = time.FixedZone("JST", 9*60*60)

func midnight(at time.Time) time.Time {
	y, m, d := at.In(japan).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, japan).UTC()
}

// Attendances counts days from facts, which come in order.
type Attendances struct {
	days map[sekisho.PersonID]map[string]*Attendance
	here map[sekisho.PersonID]*presence
}

type presence struct {
	day   *Attendance
	state State
	last  time.Time // of his newest fact
}

// NewAttendances knows nobody.
func NewAttendances() *Attendances {
	return &Attendances{days: map[sekisho.PersonID]map[string]*Attendance{}, here: map[sekisho.PersonID]*presence{}}
}

// Add takes the next fact. When the server began anew, whoever was there was so
// until his last fact.
func (t *Attendances) Add(f Fact) {
	if f.Kind == FactStarted {
		for id, p := range t.here {
			p.end(p.last)
			delete(t.here, id)
		}
		return
	}
	p := t.here[f.Agent]
	if p != nil {
		p.last = f.At
	}
	if f.Kind != FactState {
		return
	}
	switch {
	case f.State == Out && p != nil:
		p.end(f.At)
		delete(t.here, f.Agent)
	case f.State == Out:
	case p == nil:
		p = &presence{day: t.come(f), state: f.State, last: f.At}
		t.here[f.Agent] = p
		p.begin(f)
	case f.State != Locked:
		if p.state == Break && f.State != Break {
			p.day.Breaks[len(p.day.Breaks)-1].To = f.At
		}
		if p.state != Break {
			p.begin(f)
		}
		p.state = f.State
	}
}

// come opens a person's day, or goes on with it when he comes back on the same one.
func (t *Attendances) come(f Fact) *Attendance {
	name := f.At.In(japan).Format(dayForm)
	days := t.days[f.Agent]
	if days == nil {
		days = map[string]*Attendance{}
		t.days[f.Agent] = days
	}
	if days[name] == nil {
		days[name] = &Attendance{Person: f.Agent, Day: name, Start: f.At, Breaks: []Span{}}
	}
	days[name].End = time.Time{}
	return days[name]
}

func (p *presence) begin(f Fact) {
	if f.State == Break {
		p.day.Breaks = append(p.day.Breaks, Span{From: f.At})
	}
}

func (p *presence) end(at time.Time) {
	if p.state == Break {
		p.day.Breaks[len(p.day.Breaks)-1].To = at
	}
	p.day.End = at
}

// Days gives every person's days in order.
func (t *Attendances) Days() []Attendance {
	out := []Attendance{}
	for _, days := range t.days {
		for _, d := range days {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b Attendance) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Person, b.Person)) })
	return out
}

// Load is how operators' time went in a span.
type Load struct {
	From time.Time
	Busy time.Duration // in talk, on hold, in wrap-up
	Free time.Duration // ready, or with an offer
}

// Occupancy is busy ÷ (busy + free). Breaks, absences and times without a lease
// are in neither.
func (l Load) Occupancy() (share float64, ok bool) {
	if l.Busy+l.Free <= 0 {
		return 0, false
	}
	return float64(l.Busy) / float64(l.Busy+l.Free), true
}

// Loads counts operators' time from facts, which come in order.
type Loads struct {
	span  time.Duration
	who   func(sekisho.PersonID) bool
	state map[sekisho.PersonID]Fact
	loads map[int64]Load
}

// NewLoads counts by spans as NewTally does, of those operators whom who names, nil: all.
func NewLoads(span time.Duration, who func(sekisho.PersonID) bool) (*Loads, error) {
	if _, err := NewTally(span); err != nil || span == 24*time.Hour {
		return nil, errSpan
	}
	return &Loads{span: span, who: who, state: map[sekisho.PersonID]Fact{}, loads: map[int64]Load{}}, nil
}

// Add takes the next fact.
func (t *Loads) Add(f Fact) {
	switch {
	case f.Kind == FactStarted:
		clear(t.state) // what they did until then nobody knows
	case f.Kind == FactState && (t.who == nil || t.who(f.Agent)):
		if was, ok := t.state[f.Agent]; ok {
			t.spend(was, f.At)
		}
		t.state[f.Agent] = f
	}
}

// spend counts a state from its begin to a moment, cut at the borders of spans.
func (t *Loads) spend(f Fact, until time.Time) {
	for from := f.At; from.Before(until); {
		start := from.UTC().Truncate(t.span)
		to := start.Add(t.span)
		if to.After(until) {
			to = until
		}
		l := t.loads[start.UnixMicro()]
		switch s := f.State; {
		case s.talks(), s == WrapUp:
			l.Busy += to.Sub(from)
		case s == Ready, s.offered():
			l.Free += to.Sub(from)
		}
		l.From = start
		t.loads[start.UnixMicro()] = l
		from = to
	}
}

// Until counts what goes on up to a moment, and gives the loads in order.
func (t *Loads) Until(at time.Time) []Load {
	for id, f := range t.state {
		t.spend(f, at)
		f.At = at
		t.state[id] = f
	}
	out := []Load{}
	for _, l := range t.loads {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Load) int { return a.From.Compare(b.From) })
	return out
}
