package acd

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

var noon = time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC) // Monday, 12:00 in Japan

// dice makes random events for a small centre.
type dice struct {
	r      *rand.Rand
	w      *watcher
	agents int
	calls  int
	tokens uint64
}

func one[T any](d *dice, of ...T) T { return of[d.r.IntN(len(of))] }

func (d *dice) agent() sekisho.PersonID {
	return sekisho.PersonID(fmt.Sprint("p", d.r.IntN(d.agents)))
}

func (d *dice) queue() sekisho.QueueID { return sekisho.QueueID(fmt.Sprint("q", d.r.IntN(5))) }

// call is mostly one that is inside, at times one that is not.
func (d *dice) call() sekisho.CallID {
	if d.r.IntN(8) > 0 && len(d.w.open) > 0 {
		ids := slices.Sorted(maps.Keys(d.w.open))
		return ids[d.r.IntN(len(ids))]
	}
	return sekisho.CallID(fmt.Sprint("c", d.calls-d.r.IntN(min(d.calls+1, 40))))
}

func (d *dice) level() sekisho.Level {
	return one(d, sekisho.LevelNone, sekisho.LevelNone, sekisho.LevelLittle, sekisho.LevelFull, "strange")
}

func (d *dice) seat() Seat {
	s := Seat{
		Place: one(d, sekisho.PlaceHome, sekisho.PlaceOffice, sekisho.PlaceOffice), Tier: one(d, sekisho.TierA, sekisho.TierA, sekisho.TierB, sekisho.TierC),
		Class: one(d, sekisho.ClassFace, sekisho.ClassFace, sekisho.ClassApproved), Camera: d.r.IntN(2) == 0,
	}
	switch d.r.IntN(30) {
	case 0:
		s.Class = ""
	case 1:
		s.Place = ""
	case 2:
		s.Tier = ""
	}
	return s
}

func (d *dice) skills() (skills map[string]int, works []sekisho.WorkID) {
	skills = map[string]int{"english": 4 + d.r.IntN(8), "claims": d.r.IntN(12)}
	for _, w := range []sekisho.WorkID{"w0", "w1"} {
		if d.r.IntN(4) > 0 {
			works = append(works, w)
		}
	}
	return skills, works
}

func (d *dice) settings() Queue {
	id := d.queue()
	n := id[1] - '0'
	s := Standard()
	s.Strategy = []Strategy{LongestIdle, FewestCalls, RoundRobin, RingAll, Priority}[n]
	s.Home, s.Office, s.HomeLittle = true, d.r.IntN(5) > 0, d.r.IntN(2) == 0
	s.MinTier, s.Priority, s.MaxLength = one(d, sekisho.TierA, sekisho.TierB, sekisho.TierC, sekisho.TierC, sekisho.TierC), d.r.IntN(3), 1+d.r.IntN(10)
	s.MaxWait, s.Overflow = time.Duration(d.r.IntN(4))*30*time.Second, one(d, "", d.queue())
	s.WrapUp, s.Codes = time.Duration(d.r.IntN(3))*10*time.Second, []string{"done", "again"}
	s.CodeNeeded = s.WrapUp > 0 && d.r.IntN(3) == 0
	if d.r.IntN(2) == 0 {
		s.Skills = []Skill{{Name: "english", Min: 1 + d.r.IntN(10)}}
		s.Widen = []Widening{{After: 20 * time.Second, Lower: 3}, {After: 40 * time.Second, Lower: 10}}
	}
	return Queue{ID: id, Client: "client", Work: sekisho.WorkID(fmt.Sprint("w", n%2)), Name: string(id), Settings: s, Retired: d.r.IntN(20) == 0}
}

// talk is a call that somebody talks in, if there is one.
func (d *dice) talk() sekisho.CallID {
	if ids := slices.Sorted(maps.Keys(d.w.talks)); len(ids) > 0 {
		return ids[d.r.IntN(len(ids))]
	}
	return d.call()
}

// token is mostly one that counts, often one that did, and sometimes none.
func (d *dice) token() uint64 {
	if d.r.IntN(4) == 0 {
		return d.r.Uint64N(d.tokens + 2)
	}
	if tokens := slices.Sorted(maps.Keys(d.w.m.offers)); len(tokens) > 0 {
		return tokens[d.r.IntN(len(tokens))]
	}
	return d.tokens - min(d.tokens, d.r.Uint64N(8))
}

func (d *dice) next() Event {
	switch n := d.r.IntN(100); {
	case n < 14 && len(d.w.open) < 30:
		d.calls++
		return CallArrives{Call: sekisho.CallID(fmt.Sprint("c", d.calls)), Queue: d.queue(), Level: d.level()}
	case n < 16:
		return CallLeaves{Call: d.call(), Cause: one(d, calls.Abandoned, calls.ForCallback, calls.ToVoicemail, calls.ByCaller)}
	case n < 20:
		return CallLevel{Call: d.call(), Level: d.level()}
	case n < 22:
		skills, works := d.skills()
		return AgentIn{Agent: d.agent(), Seat: d.seat(), Skills: skills, Works: works}
	case n < 38:
		return AgentState{Agent: d.agent(), State: one(d, Ready, Ready, Ready, Break, Away, Talking), By: one[sekisho.PersonID](d, "", "sv", "")}
	case n < 56:
		return Answer{Token: d.token()}
	case n < 58:
		return Rings{Token: d.token()}
	case n < 61:
		return one[Event](d, Decline{Token: d.token()}, Timeout{Token: d.token()})
	case n < 70:
		return TalkEnds{Call: d.talk(), Cause: one(d, calls.ByCaller, calls.ByOperator)}
	case n < 73:
		return CallHold{Call: d.talk(), On: d.r.IntN(2) == 0}
	case n < 80:
		return WrapUpDone{Agent: d.agent(), Code: one(d, "done", "", "what")}
	case n < 81:
		return LeaseLost{Agent: d.agent()}
	case n < 87:
		return LeaseBack{Agent: d.agent(), Seat: d.seat()}
	}
	return d.seldom()
}

func (d *dice) seldom() Event {
	switch d.r.IntN(30) {
	case 0:
		return AgentOut{Agent: d.agent()}
	case 1:
		if d.r.IntN(4) > 0 {
			return Tick{}
		}
		return SetQueue{Queue: d.settings()}
	case 2:
		return SetRules{Rules: Rules{HomeLevel: one(d, "", sekisho.LevelNone, sekisho.LevelLittle, sekisho.LevelFull), Disaster: d.r.IntN(6) == 0, KeepFor: time.Duration(d.r.IntN(3)) * 10 * time.Second}}
	case 3:
		skills, works := d.skills()
		return AgentSkills{Agent: d.agent(), Skills: skills, Works: works}
	case 4, 6, 7, 8:
		d.calls++
		return OwnCall{Agent: d.agent(), Call: sekisho.CallID(fmt.Sprint("c", d.calls)), Level: d.level()}
	case 9, 10:
		return HandOver{Call: d.talk(), To: d.agent()}
	case 5:
		return WrapUpMore{Agent: d.agent(), By: time.Duration(d.r.IntN(20)) * time.Minute}
	}
	return Tick{}
}

// play runs random events against a machine and its watcher, and hands every
// event's outcome to see.
func play(seed uint64, events int, see func(at time.Time, e Event, acts []Act, facts []Fact)) (*watcher, error) {
	m := NewMachine(NewOneNode())
	w := newWatcher(m)
	d := &dice{r: rand.New(rand.NewPCG(seed, 4)), w: w, agents: 12}
	at := noon
	for i := range events {
		e := d.next()
		if i < 40 {
			e = SetQueue{Queue: d.settings()}
		}
		at = at.Add(time.Duration(d.r.IntN(1500)) * time.Millisecond)
		w.before(e)
		refuseSeat(w, e)
		acts, facts := m.Do(e, at)
		for _, act := range acts {
			if o, ok := act.(Offer); ok {
				d.tokens = o.Token
			}
		}
		if err := w.after(e, acts); err != nil {
			return w, fmt.Errorf("seed %d, event %d, %T%+v: %w", seed, i, e, e, err)
		}
		if see != nil {
			see(at, e, acts, facts)
		}
	}
	return w, nil
}

// refuseSeat undoes what the watcher took for granted: a seat without a class of
// lease lets nobody in, and leaves whoever was there as he was.
func refuseSeat(w *watcher, e Event) {
	switch e := e.(type) {
	case AgentIn:
		if _, ok := e.Seat.limit(); !ok {
			w.asItIs(e.Agent)
		}
	case LeaseBack:
		if _, ok := e.Seat.limit(); !ok {
			w.asItIs(e.Agent)
		}
	}
}

func (w *watcher) asItIs(id sekisho.PersonID) {
	if a := w.m.agents[id]; a != nil && a.live {
		w.seats[id] = a.seat
		return
	}
	delete(w.seats, id)
}
