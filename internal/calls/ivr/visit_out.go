package ivr

import (
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/wire"
)

func (m *Machine) queue(q *Queue) {
	m.do(QueueStep{
		Wait: m.await(seconds(q.Most), func(e Event) (NodeID, bool) {
			switch e.Kind {
			case Answered:
				return m.talk(calls.ByOperator)
			case Overflowed, Timeout, Failed:
				return q.Overflow, true
			}
			return "", false
		}),
		Queue: q.Queue, Priority: q.Priority, Level: m.level, Attributes: m.Attributes(),
	})
	m.queued = true
}

func (m *Machine) callback(c *Callback) (NodeID, bool) {
	if !strings.HasPrefix(string(m.facts.Caller), "+") {
		return c.Withheld, true
	}
	m.do(CallbackStep{Queue: c.Queue, Number: m.facts.Caller, Level: m.level, Attributes: m.Attributes()})
	m.farewell(c.Prompt, calls.ForCallback)
	return "", false
}

func (m *Machine) voicemail(v *Voicemail) {
	length := seconds(v.Most)
	m.do(RecordStep{
		Wait: m.await(longest+length, func(e Event) (NodeID, bool) {
			switch e.Kind {
			case Recorded:
				m.left = true
				return v.Next, true
			case Timeout, Failed:
				return v.Next, true
			}
			return "", false
		}),
		Queue: v.Queue, Prompt: v.Prompt, Length: length,
	})
}

func (m *Machine) transfer(t *Transfer) {
	m.do(DialStep{
		Wait: m.await(seconds(t.Wait)+margin, func(e Event) (NodeID, bool) {
			switch e.Kind {
			case Answered:
				return m.talk(calls.Transferred)
			case Failed, Overflowed, Timeout:
				return t.Failed, true
			}
			return "", false
		}),
		Number: t.Number,
	})
}

// lookupWait is how long an answer is waited for: the client's own bound and a little.
const lookupWait = AnswerWithin + time.Second

func (m *Machine) lookup(l *Lookup) {
	fields := map[string]Value{}
	for _, name := range l.Attributes {
		if v, noted := m.attributes[name]; noted {
			fields[name] = v
		}
	}
	for _, name := range l.Collected {
		fields[name] = Value{Secret: m.collected[name]}
	}
	if l.Caller {
		fields["caller"] = Value{Secret: Secret(m.facts.Caller)}
	}
	m.do(HookStep{
		Wait: m.await(lookupWait, func(e Event) (NodeID, bool) {
			switch e.Kind {
			case Found:
				for _, name := range l.Takes {
					if v, told := e.Values[name]; told && wire.ValidText(v, maxValue) {
						m.attributes[name] = Value{Open: v}
					}
				}
				return l.Found, true
			case Failed, Timeout:
				return l.Failed, true
			}
			return "", false
		}),
		Hook: l.Hook, Prompt: l.Prompt, Fields: fields,
	})
}

// question asks the i-th of a survey, from 0. A wrong key or none leaves it out.
func (m *Machine) question(s *Survey, i int) {
	q, wait := s.Questions[i], seconds(s.Wait)
	m.do(AskStep{Wait: m.await(longest+wait, func(e Event) (NodeID, bool) {
		if e.Kind != Digit && e.Kind != Timeout && e.Kind != Failed {
			return "", false
		}
		if e.Kind == Digit && e.Key >= '0' && e.Key <= '9' && int(e.Key-'0') >= q.From && int(e.Key-'0') <= q.To {
			m.attributes[q.Name] = Value{Open: string(e.Key)}
			m.do(AnswerStep{q.Name, e.Key})
		}
		if i+1 >= min(len(s.Questions), maxQuestions) {
			return s.Next, true
		}
		m.question(s, i+1)
		return "", false
	}), Prompt: q.Prompt, First: wait, Between: wait})
}
