package acd

import (
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
)

// watcher looks at a machine from outside, by what went in and what came out, and
// then at its inside.
type watcher struct {
	m       *Machine
	rules   Rules
	queues  map[sekisho.QueueID]Queue
	levels  map[sekisho.CallID]sekisho.Level
	open    map[sekisho.CallID]bool // arrived and not left
	talks   map[sekisho.CallID]sekisho.PersonID
	seats   map[sekisho.PersonID]Seat // of whoever has a live lease
	newest  map[sekisho.PersonID]uint64
	used    map[uint64]bool
	offers  int
	answers int
}

func newWatcher(m *Machine) *watcher {
	return &watcher{
		m: m, queues: map[sekisho.QueueID]Queue{}, levels: map[sekisho.CallID]sekisho.Level{}, open: map[sekisho.CallID]bool{},
		talks: map[sekisho.CallID]sekisho.PersonID{}, seats: map[sekisho.PersonID]Seat{},
		newest: map[sekisho.PersonID]uint64{}, used: map[uint64]bool{},
	}
}

// before follows what an event says, if the machine does.
func (w *watcher) before(e Event) {
	switch e := e.(type) {
	case SetQueue:
		w.queues[e.Queue.ID] = e.Queue
	case SetRules:
		w.rules = e.Rules
	case CallArrives:
		if !w.open[e.Call] {
			w.levels[e.Call], w.open[e.Call] = e.Level, true
		}
	case OwnCall:
		if !w.open[e.Call] {
			w.levels[e.Call], w.open[e.Call], w.talks[e.Call] = e.Level, true, e.Agent
		}
	case CallLevel:
		w.levels[e.Call] = e.Level
	case AgentIn:
		w.seats[e.Agent] = e.Seat
	case LeaseBack:
		if _, in := w.m.agents[e.Agent]; in {
			if _, live := w.seats[e.Agent]; !live {
				w.seats[e.Agent] = e.Seat
			}
		}
	case AgentOut:
		delete(w.seats, e.Agent)
	case LeaseLost:
		delete(w.seats, e.Agent)
	}
}

// after follows the acts and complains of those that must not be.
func (w *watcher) after(e Event, acts []Act) error {
	for _, act := range acts {
		switch act := act.(type) {
		case Offer:
			w.offers++
			if act.Token <= w.newest[act.Agent] {
				return fmt.Errorf("token %d after %d", act.Token, w.newest[act.Agent])
			}
			w.newest[act.Agent] = act.Token
			if err := w.may(act.Agent, act.Call, act.Queue); err != nil {
				return err
			}
		case Connect:
			if err := w.connect(act.Token, act.Agent, act.Call, act.Queue); err != nil {
				return err
			}
		case CallbackDue:
			if err := w.connect(act.Token, act.Agent, act.Call, act.Queue); err != nil {
				return err
			}
		case HandedOver:
			if w.talks[act.Call] != act.From {
				return fmt.Errorf("%s was not %s's to hand over", act.Call, act.From)
			}
			for other, who := range w.talks {
				if who == act.To {
					return fmt.Errorf("%s has %s and gets %s", act.To, other, act.Call)
				}
			}
			w.talks[act.Call] = act.To
			if l := w.m.calls[act.Call].line; l != nil {
				if err := w.may(act.To, act.Call, l.ID); err != nil {
					return err
				}
			}
		case Requeued:
			delete(w.talks, act.Call)
		case Stranded:
			delete(w.talks, act.Call)
			delete(w.open, act.Call)
		case Left:
			if act.Cause != "callback" || w.talks[act.Call] != "" {
				delete(w.talks, act.Call)
				delete(w.open, act.Call)
			}
		case Refused:
			switch e := e.(type) {
			case CallArrives:
				if act.Err != errTwice {
					delete(w.open, e.Call)
				}
			case OwnCall:
				if act.Err != errTwice && w.talks[e.Call] == e.Agent {
					delete(w.open, e.Call)
					delete(w.talks, e.Call)
				}
			}
		}
	}
	return w.inside(e, acts)
}

func (w *watcher) connect(token uint64, a sekisho.PersonID, c sekisho.CallID, q sekisho.QueueID) error {
	w.answers++
	switch {
	case w.used[token]:
		return fmt.Errorf("token %d was used twice", token)
	case w.newest[a] != token:
		return fmt.Errorf("token %d of %s is not the newest, %d", token, a, w.newest[a])
	case w.talks[c] != "":
		return fmt.Errorf("%s talks with %s and is connected to %s", c, w.talks[c], a)
	}
	for other, who := range w.talks {
		if who == a {
			return fmt.Errorf("%s talks in %s and is connected to %s", a, other, c)
		}
	}
	w.used[token], w.talks[c] = true, a
	return w.may(a, c, q)
}

// may is the table of who may have what, written a second time.
func (w *watcher) may(a sekisho.PersonID, c sekisho.CallID, id sekisho.QueueID) error {
	seat, live := w.seats[a]
	q, l := w.queues[id], w.levels[c]
	byClass := map[string]string{"face": "none little full", "approved true": "none little", "approved false": "none"}
	class := string(seat.Class)
	if seat.Class == sekisho.ClassApproved {
		class += fmt.Sprintf(" %v", seat.Camera)
	}
	if !slices.Contains([]sekisho.Level{"none", "little", "full"}, l) {
		l = "full"
	}
	ok := false
	for _, have := range []sekisho.Level{"none", "little", "full"} {
		if have == l && slices.Contains(splitWords(byClass[class]), string(l)) {
			ok = true
		}
	}
	home := q.Home && (l == "none" || l == "little" && q.HomeLittle && w.rules.HomeLevel == "little")
	switch seat.Place {
	case "home":
		ok = ok && (home || w.rules.Disaster)
	case "office":
		ok = ok && q.Office
	default:
		ok = false
	}
	if !live || !ok {
		return fmt.Errorf("%s (%+v, live %v) was given %s of level %q from %+v under %+v", a, seat, live, c, l, q.Settings, w.rules)
	}
	return nil
}

func splitWords(s string) (out []string) {
	for len(s) > 0 {
		i := slices.Index([]byte(s), ' ')
		if i < 0 {
			return append(out, s)
		}
		out, s = append(out, s[:i]), s[i+1:]
	}
	return out
}

func (w *watcher) inside(e Event, acts []Act) error {
	m := w.m
	if len(m.calls) != len(w.open) {
		return fmt.Errorf("%d calls inside, %d outside", len(m.calls), len(w.open))
	}
	if err := w.callsAreSomewhere(); err != nil {
		return err
	}
	idle := 0
	for id, a := range m.agents {
		_, live := w.seats[id]
		switch {
		case a.live != live:
			return fmt.Errorf("%s: live %v", id, a.live)
		case (a.offer != nil) != a.state.offered() || (a.call != nil) != a.state.talks():
			return fmt.Errorf("%s is %v with offer %v and call %v", id, a.state, a.offer != nil, a.call != nil)
		case !a.live && a.state != Locked && a.state != Break || a.live && a.state == Locked:
			return fmt.Errorf("%s is %v, live %v", id, a.state, a.live)
		case a.state == WrapUp && a.wrap == nil:
			return fmt.Errorf("%s wraps up nothing", id)
		case a.offer != nil && m.offers[a.offer.token] != a:
			return fmt.Errorf("%s: an offer that nobody knows", id)
		}
		if a.state == Ready {
			idle++
		}
	}
	if idle != len(m.idle) || len(m.offers) != len(m.held.(*OneNode).taken) {
		return fmt.Errorf("%d idle, %d listed; %d offers, %d reserved", idle, len(m.idle), len(m.offers), len(m.held.(*OneNode).taken))
	}
	return w.orderHolds(e, acts)
}

func (w *watcher) callsAreSomewhere() error {
	m, standing, lengths := w.m, 0, map[*line]int{}
	for id, c := range m.calls {
		if !w.open[id] {
			return fmt.Errorf("%s has left and is inside", id)
		}
		switch c.stage {
		case waiting:
			standing++
			lengths[c.line]++
		case offered:
			lengths[c.line]++
			if len(c.ringing) == 0 {
				return fmt.Errorf("%s is offered to nobody", id)
			}
			for _, a := range c.ringing {
				if a.offer == nil || a.offer.call != c {
					return fmt.Errorf("%s rings somebody who has another", id)
				}
			}
		case talking:
			if c.agent == nil || c.agent.call != c || w.talks[id] != c.agent.id {
				return fmt.Errorf("%s talks with nobody, or with another than %s", id, w.talks[id])
			}
		default:
			return fmt.Errorf("%s is nowhere", id)
		}
	}
	for _, l := range m.lines {
		if lengths[l] != l.length {
			return fmt.Errorf("%s: %d stand, %d counted", l.ID, lengths[l], l.length)
		}
	}
	if standing != len(m.waiting) || !slices.IsSortedFunc(m.waiting, order) {
		return fmt.Errorf("%d wait, %d stand in line; in order: %v", standing, len(m.waiting), slices.IsSortedFunc(m.waiting, order))
	}
	return nil
}

func (w *watcher) orderHolds(e Event, acts []Act) error {
	m := w.m
	for _, act := range acts {
		o, ok := act.(Offer)
		if !ok || m.offers[o.Token] == nil {
			continue
		}
		a, c := m.offers[o.Token], m.calls[o.Call]
		for _, before := range m.waiting {
			if c.keptFor == "" && order(before, c) < 0 && m.fits(a, before) {
				return fmt.Errorf("%s was offered %s before %s", a.id, c.id, before.id)
			}
		}
	}
	if _, ok := e.(Tick); ok {
		for _, c := range m.waiting {
			for _, a := range m.idle {
				if m.fits(a, c) {
					return fmt.Errorf("%s waits and %s idles", c.id, a.id)
				}
			}
		}
	}
	return nil
}
