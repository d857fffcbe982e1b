package training

import (
	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// words reads a text that must stand in both languages.
func (s *script) words(at section, name string, limit int) wire.Words {
	return wire.Words{JA: s.text(at, name+".ja", limit), EN: s.text(at, name+".en", limit)}
}

func (s *script) text(at section, name string, limit int) string {
	v, ok := at.fields[name]
	switch {
	case !ok || v.text == "":
		s.fault(at.line, name, scriptMissing)
	case !wire.ValidText(v.text, limit):
		s.fault(v.line, name, scriptTooLong)
	}
	return v.text
}

// oneOf reads a field that has few values; the first is what it is without one.
func (s *script) oneOf(at section, name string, values ...string) string {
	v, ok := at.fields[name]
	if !ok {
		return values[0]
	}
	for _, allowed := range values {
		if v.text == allowed && allowed != "" {
			return allowed
		}
	}
	s.fault(v.line, name, scriptValue)
	return values[0]
}

// scenario reads one scenario with its turns.
func (s *script) scenario(head section, rest []section) Scenario {
	out := Scenario{
		ID: sekisho.ScenarioID(head.id), Title: s.words(head, "title", maxTitle), About: s.words(head, "about", maxAbout),
		Customer: s.text(head, "customer", 16), Verdict: s.oneOf(head, "verdict", VerdictUnknown, VerdictVerified, VerdictFailed),
	}
	if _, ok := customers[out.Customer]; !ok && out.Customer != "" {
		s.fault(head.fields["customer"].line, "customer", scriptValue)
	}
	var turns []section
	var choices [][]section
	for _, at := range rest {
		switch {
		case at.kind == "turn":
			turns, choices = append(turns, at), append(choices, nil)
		case len(turns) == 0:
			s.fault(at.line, "", scriptSection)
		default:
			choices[len(choices)-1] = append(choices[len(choices)-1], at)
		}
	}
	if len(turns) == 0 || len(turns) > maxTurns {
		s.fault(head.line, "", scriptTurns)
		return out
	}
	places := map[string]int{}
	for i, t := range turns {
		if _, twice := places[t.id]; twice {
			s.fault(t.line, "", scriptTwice)
		}
		places[t.id] = i
	}
	for i, t := range turns {
		out.Turns = append(out.Turns, s.turn(t, choices[i], i, places))
	}
	s.reach(out, turns)
	return out
}

func (s *script) turn(at section, choices []section, place int, places map[string]int) Turn {
	t := Turn{
		ID: at.id, Who: s.oneOf(at, "who", "", "caller", "home", "phone", "screen"), Say: s.words(at, "say", maxSay),
		Black: s.oneOf(at, "black", "no", "yes") == "yes",
	}
	if t.Who == "" && at.fields["who"].text == "" {
		s.fault(at.line, "who", scriptMissing)
	}
	rights := 0
	for _, c := range choices {
		choice := Choice{
			Right: c.kind == "right", Text: s.words(c, "text", maxChoice), Why: s.words(c, "why", maxAbout), Rule: s.text(c, "rule", 80),
			Verdict: s.oneOf(c, "verdict", "", VerdictVerified, VerdictFailed), Form: s.oneOf(c, "form", "", FormSent, FormReceived),
			Next: s.next(c, place, places),
		}
		if ref := c.fields["rule"]; ref.text != "" && !scriptRef.MatchString(ref.text) {
			s.fault(ref.line, "rule", scriptValue)
		} else if ref.text != "" {
			s.refs = append(s.refs, ref)
		}
		if choice.Right {
			rights++
		}
		t.Choices = append(t.Choices, choice)
	}
	if len(choices) < 2 || len(choices) > maxChoices || rights == 0 || rights == len(choices) {
		s.fault(at.line, "", scriptChoices)
	}
	return t
}

// next is where a choice leads: the turn after its own, or a later one by name.
func (s *script) next(c section, place int, places map[string]int) int {
	v, ok := c.fields["next"]
	switch {
	case c.kind == "wrong":
		return place
	case !ok:
		return place + 1
	case v.text == "end":
		return len(places)
	}
	to, ok := places[v.text]
	if !ok || to <= place {
		s.fault(v.line, "next", scriptNext)
		return place + 1
	}
	return to
}

// reach finds turns to which no choice leads.
func (s *script) reach(sc Scenario, turns []section) {
	reached := make([]bool, len(sc.Turns)+1)
	reached[0] = true
	for i, t := range sc.Turns {
		if !reached[i] {
			s.fault(turns[i].line, "", scriptReach)
		}
		for _, c := range t.Choices {
			if c.Right && c.Next < len(reached) {
				reached[c.Next] = true
			}
		}
	}
}
