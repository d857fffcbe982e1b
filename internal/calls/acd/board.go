package acd

import (
	"cmp"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// Board is what screens show of this moment.
type Board struct {
	At     time.Time
	Queues []QueueNow // by name
	Agents []AgentNow // by person
	Behind int        // facts that are not in the log yet
}

// QueueNow is a queue at this moment.
type QueueNow struct {
	ID        sekisho.QueueID
	Client    sekisho.ClientID
	Work      sekisho.WorkID
	Name      string
	Waiting   int           // callers who wait, offered ones among them
	Callbacks int           // places that are kept
	Longest   time.Duration // what the one who waits longest has waited
	Talking   int
	Ready     int     // operators who take calls of this work and are ready
	Today     Figures // since midnight in Japan
}

// AgentNow is an operator at this moment.
type AgentNow struct {
	Person sekisho.PersonID
	State  State
	Reason string
	Since  time.Time
	Next   State
	Place  sekisho.Place
	Call   sekisho.CallID // in talk
	Queue  sekisho.QueueID
	Works  []sekisho.WorkID
	Taken  int // calls answered since he came
}

// board looks at the machine; figures are added by whoever counts them.
func (m *Machine) board(at time.Time) Board {
	b := Board{At: at, Queues: make([]QueueNow, 0, len(m.lines)), Agents: make([]AgentNow, 0, len(m.agents))}
	for _, l := range m.lines {
		b.Queues = append(b.Queues, QueueNow{ID: l.ID, Client: l.Client, Work: l.Work, Name: l.Name})
	}
	slices.SortFunc(b.Queues, func(a, b QueueNow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	index := make(map[sekisho.QueueID]*QueueNow, len(b.Queues))
	for i := range b.Queues {
		index[b.Queues[i].ID] = &b.Queues[i]
	}
	for _, c := range m.calls {
		if c.line == nil {
			continue
		}
		switch q := index[c.line.ID]; {
		case c.stage == talking:
			q.Talking++
		case c.callback:
			q.Callbacks++
		default:
			q.Waiting++
			q.Longest = max(q.Longest, at.Sub(c.since))
		}
	}
	for _, a := range m.agents {
		b.Agents = append(b.Agents, a.now())
		for i := range b.Queues {
			if a.state == Ready && a.works[b.Queues[i].Work] {
				b.Queues[i].Ready++
			}
		}
	}
	slices.SortFunc(b.Agents, func(a, b AgentNow) int { return cmp.Compare(a.Person, b.Person) })
	return b
}

func (a *agent) now() AgentNow {
	n := AgentNow{
		Person: a.id, State: a.state, Reason: a.reason, Since: a.since, Next: a.next, Place: a.seat.Place,
		Works: make([]sekisho.WorkID, 0, len(a.works)), Taken: a.taken,
	}
	for w := range a.works {
		n.Works = append(n.Works, w)
	}
	slices.Sort(n.Works)
	if a.call != nil {
		n.Call = a.call.id
		if a.call.line != nil {
			n.Queue = a.call.line.ID
		}
	}
	return n
}
