package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// maxRinging is how many operators ring for one call at once.
const maxRinging = 16

// mayHear says whether an operator's lease, place and PC let him have a call.
func (m *Machine) mayHear(a *agent, c *call) bool {
	if !a.live {
		return false
	}
	if limit, ok := a.seat.limit(); !ok || limit.Lowers(c.level) {
		return false
	}
	least, home, office := sekisho.TierC, true, true
	atHome := m.rules.HomeLevel // of an own call
	if c.line != nil {
		least, home, office = c.line.MinTier, c.line.Home, c.line.Office
		if !c.line.HomeLittle {
			atHome = sekisho.LevelNone
		}
	}
	if rank(a.seat.Tier) == 0 || rank(a.seat.Tier) < rank(least) {
		return false
	}
	switch a.seat.Place {
	case sekisho.PlaceOffice:
		return office
	case sekisho.PlaceHome:
		return m.rules.Disaster || home && goesHome(c.level, atHome)
	}
	return false
}

// goesHome says whether a level may go home: none always, little where both the
// centre's rule and the queue allow it, full never.
func goesHome(l, allowed sekisho.Level) bool {
	return l == sekisho.LevelNone || l == sekisho.LevelLittle && allowed == sekisho.LevelLittle
}

// fits says whether an operator may be offered a call that waits.
func (m *Machine) fits(a *agent, c *call) bool {
	return a.works[c.line.Work] && m.mayHear(a, c) && a.skilled(c.line.Settings, m.now.Sub(c.since)) &&
		(c.keptFor == "" || c.keptFor == a.id)
}

func (a *agent) skilled(s Settings, waited time.Duration) bool {
	lower := s.lowered(s.step(waited))
	for _, k := range s.Skills {
		if a.skills[k.Name] < k.Min-lower {
			return false
		}
	}
	return true
}

// learn takes skills of 1 to MaxSkill, what is beyond counts as none; nil leaves
// what he has.
func (a *agent) learn(skills map[string]int, works []sekisho.WorkID) {
	if skills != nil {
		a.skills = make(map[string]int, len(skills))
	}
	for name, n := range skills {
		if n >= 1 && n <= MaxSkill {
			a.skills[name] = n
		}
	}
	if works != nil {
		a.works = make(map[sekisho.WorkID]bool, len(works))
	}
	for _, w := range works {
		a.works[w] = true
	}
}

// settle brings together whoever has come to fit. Everybody who waits is looked at,
// in order, since time alone may have widened what a queue asks for.
func (m *Machine) settle() {
	look := m.look && len(m.idle) > 0 // whoever comes to idle later is looked at then
	m.look = false
	if !look {
		return
	}
	m.round++
	m.line = append(m.line[:0], m.waiting...)
	for _, c := range m.line {
		m.route(c)
	}
}

// route offers a call to whom its queue's strategy names.
func (m *Machine) route(c *call) {
	if c.stage != waiting || len(m.idle) == 0 {
		return
	}
	asked := c.line.asked(c, m.now)
	if *asked == m.round {
		return
	}
	var best *agent
	var all []*agent
	everybody := c.line.Strategy == RingAll && c.keptFor == ""
	for _, a := range m.idle {
		if !m.fits(a, c) {
			continue
		}
		if best == nil || c.line.better(a, best) < 0 {
			best = a
		}
		if everybody {
			all = append(all, a)
		}
	}
	switch {
	case best == nil && c.keptFor == "":
		*asked = m.round
	case best == nil:
	case everybody:
		slices.SortFunc(all, c.line.better)
		for _, a := range all[:min(len(all), maxRinging)] {
			m.offer(a, c)
		}
	default:
		m.offer(best, c)
	}
}

// better orders operators by the queue's strategy, and then by how long they have
// idled; whoever comes first is offered the call.
func (l *line) better(a, b *agent) int {
	by := 0
	switch l.Strategy {
	case FewestCalls:
		by = a.taken - b.taken
	case RoundRobin:
		by = cmp.Compare(a.last, b.last)
	case Priority:
		by = l.sum(b) - l.sum(a)
	}
	return cmp.Or(by, a.idle.Compare(b.idle), cmp.Compare(a.id, b.id))
}

func (l *line) sum(a *agent) (n int) {
	for _, k := range l.Skills {
		n += a.skills[k.Name]
	}
	return n
}
