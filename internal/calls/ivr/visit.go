package ivr

import (
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// seconds is a time that somebody set. Outside its bounds, in a flow that nobody
// checked, it becomes one within them: nothing waits for ever, or not at all.
func seconds(n int) time.Duration { return time.Duration(min(max(n, 1), maxWait)) * time.Second }

// visit does what a node says. It gives the next node where there is nothing to
// wait for.
func (m *Machine) visit(n *Node) (NodeID, bool) {
	switch n.Kind() {
	case "play":
		m.say(n.Play.Prompt, n.Play.Next)
	case "menu":
		m.menu(n, 1)
	case "collect":
		m.collect(n, 1)
	case "hours":
		return m.hours(n)
	case "condition":
		return m.condition(n.Condition), true
	case "attribute":
		m.note(n.Attribute)
		return n.Attribute.Next, true
	case "level":
		m.level = n.Level.Level
		m.do(LevelStep{m.level})
		return n.Level.Next, true
	case "queue":
		m.queue(n.Queue)
	case "callback":
		return m.callback(n.Callback)
	case "voicemail":
		m.voicemail(n.Voicemail)
	case "transfer":
		m.transfer(n.Transfer)
	case "lookup":
		m.lookup(n.Lookup)
	case "survey":
		if len(n.Survey.Questions) == 0 {
			return n.Survey.Next, true
		}
		m.question(n.Survey, 0)
	case "hangup":
		if n.Hangup.Prompt == "" {
			m.hang(calls.ByFlow)
		} else {
			m.farewell(n.Hangup.Prompt, calls.ByFlow)
		}
	default:
		m.fall(n.ID, errKind)
	}
	return "", false
}

func (m *Machine) say(p sekisho.PromptID, next NodeID) {
	m.do(SayStep{Wait: m.await(longest, func(e Event) (NodeID, bool) {
		return next, e.Kind == Played || e.Kind == Timeout || e.Kind == Failed
	}), Prompt: p})
}

func (m *Machine) farewell(p sekisho.PromptID, cause calls.Cause) {
	m.do(SayStep{Wait: m.await(longest, func(e Event) (NodeID, bool) {
		if e.Kind == Played || e.Kind == Timeout || e.Kind == Failed {
			m.hang(cause)
		}
		return "", false
	}), Prompt: p})
}

// menu asks for the try-th time, from 1.
func (m *Machine) menu(n *Node, try int) {
	wait := seconds(n.Menu.Wait)
	m.do(AskStep{Wait: m.await(longest+wait, func(e Event) (NodeID, bool) {
		if e.Kind != Digit && e.Kind != Timeout && e.Kind != Failed {
			return "", false
		}
		if next, chosen := n.Menu.Choices[string(e.Key)]; chosen && e.Kind == Digit {
			return next, true
		}
		if try >= min(n.Menu.Tries, maxTries) {
			return n.Menu.Otherwise, true
		}
		m.menu(n, try+1)
		return "", false
	}), Prompt: n.Menu.Prompt, First: wait, Between: wait})
}

// collect asks for the try-th time, from 1.
func (m *Machine) collect(n *Node, try int) {
	c, digits := n.Collect, ""
	most := min(max(c.Max, 1), maxDigits)
	end := "#"
	if c.End != "" {
		end = c.End
	}
	again := func() (NodeID, bool) {
		if try >= min(c.Tries, maxTries) {
			return c.Otherwise, true
		}
		m.collect(n, try+1)
		return "", false
	}
	done := func() (NodeID, bool) {
		if len(digits) < c.Min {
			return again()
		}
		m.collected[c.Name] = Secret(digits)
		return c.Next, true
	}
	wait := seconds(c.Wait)
	m.do(AskStep{Wait: m.await(longest+time.Duration(most+1)*wait, func(e Event) (NodeID, bool) {
		switch {
		case e.Kind == Timeout || e.Kind == Failed || e.Kind == Digit && string(e.Key) == end:
			return done()
		case e.Kind != Digit:
			return "", false
		case e.Key < '0' || e.Key > '9':
			return again()
		}
		if digits += string(e.Key); len(digits) >= most {
			return done()
		}
		return "", false
	}), Prompt: c.Prompt, First: wait, Between: wait, Secret: true})
}

func (m *Machine) hours(n *Node) (NodeID, bool) {
	cal, known := m.facts.Calendars[n.Hours.Calendar]
	if !known || m.now.IsZero() {
		m.fall(n.ID, errCalendar)
		return "", false
	}
	switch standing, err := cal.At(m.now); {
	case err != nil:
		m.fall(n.ID, errCalendar)
		return "", false
	case standing == Open:
		return n.Hours.Open, true
	case standing == Holiday:
		return n.Hours.holiday(), true
	}
	return n.Hours.Closed, true
}

func (m *Machine) condition(c *Condition) NodeID {
	var text string
	switch c.Of {
	case OfCaller:
		text = string(m.facts.Caller)
	case OfCalled:
		text = string(m.facts.Called)
	case OfAttribute:
		text = m.attributes[c.Name].Open
	}
	yes := c.Test == IsKnown && text != ""
	for _, v := range c.Values {
		yes = yes || c.Test == IsOneOf && text == v || c.Test == BeginsAny && text != "" && strings.HasPrefix(text, v)
	}
	if yes {
		return c.Yes
	}
	return c.No
}

func (m *Machine) note(a *Attribute) {
	switch {
	case a.From != "": // never open, whatever the flow says
		m.attributes[a.Name] = Value{Secret: m.collected[a.From]}
	case a.Secret:
		m.attributes[a.Name] = Value{Secret: Secret(a.Value)}
	default:
		m.attributes[a.Name] = Value{Open: a.Value}
	}
}
