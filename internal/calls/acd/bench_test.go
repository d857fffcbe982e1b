package acd

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// BenchmarkOffer measures how long a decision takes, from an event to its acts, in
// a centre of 500 operators, 20 queues and 200 callers who wait. Every fourth
// operator idles, for work that nobody rings for, and a fifth of those who wait may
// be heard in the office alone, so that much is looked at in vain.
func BenchmarkOffer(b *testing.B) {
	m, at, r := NewMachine(NewOneNode()), noon, rand.New(rand.NewPCG(1, 2))
	for i := range 20 {
		s := Standard()
		s.Home, s.Priority, s.MaxLength, s.TellEvery, s.WrapUp = true, i%3, 1000, 30*time.Second, 0
		s.Skills = []Skill{{Name: fmt.Sprint("s", i%5), Min: 3}}
		s.Widen = []Widening{{After: 30 * time.Second, Lower: 2}}
		m.Do(SetQueue{Queue: Queue{ID: sekisho.QueueID(fmt.Sprint("q", i)), Work: sekisho.WorkID(fmt.Sprint("w", i%10)), Name: "queue", Settings: s}}, at)
	}
	for i := range 500 {
		id := sekisho.PersonID(fmt.Sprint("p", i))
		in := AgentIn{Agent: id, Seat: []Seat{home, office}[i%2], Skills: map[string]int{}, Works: []sekisho.WorkID{"idle"}}
		for k := range 5 {
			in.Skills[fmt.Sprint("s", k)] = 5
		}
		if i%4 > 0 {
			in.Works = []sekisho.WorkID{sekisho.WorkID(fmt.Sprint("w", i%10)), sekisho.WorkID(fmt.Sprint("w", (i+1)%10))}
		}
		m.Do(in, at)
		m.Do(AgentState{Agent: id, State: Ready}, at)
	}
	n := 0
	talks := []sekisho.CallID{}
	took := []time.Duration{}
	measure := func(e Event) {
		began := time.Now()
		acts, _ := m.Do(e, at)
		took = append(took, time.Since(began))
		for _, act := range slices.Clone(acts) {
			if o, ok := act.(Offer); ok {
				m.Do(Answer{Token: o.Token}, at)
				talks = append(talks, o.Call)
			}
		}
	}
	arrive := func() {
		n++
		level := sekisho.LevelNone
		if n%5 == 0 {
			level = sekisho.LevelFull
		}
		measure(CallArrives{Call: sekisho.CallID(fmt.Sprint("c", n)), Queue: sekisho.QueueID(fmt.Sprint("q", r.IntN(20))), Level: level})
	}
	for len(m.waiting) < 200 {
		arrive()
	}
	took = took[:0]
	for b.Loop() {
		at = at.Add(20 * time.Millisecond)
		i := r.IntN(len(talks))
		ended := talks[i]
		talks = slices.Delete(talks, i, i+1)
		measure(TalkEnds{Call: ended, Cause: calls.ByCaller})
		for len(m.waiting) < 200 {
			arrive()
		}
		if n%50 == 0 { // a second
			measure(Tick{})
		}
	}
	if len(m.waiting) < 190 || len(m.idle) < 100 {
		b.Fatalf("%d wait, %d idle: another centre than the one to be measured", len(m.waiting), len(m.idle))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-µs")
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(took[len(took)-1].Nanoseconds())/1000, "max-µs")
	b.ReportMetric(float64(len(m.waiting)), "waiting")
	b.ReportMetric(float64(len(m.idle)), "idle")
}
