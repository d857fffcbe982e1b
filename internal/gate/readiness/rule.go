package readiness

import (
	"slices"

	"github.com/sekisho/sekisho"
)

// Tally counts subjects by light.
type Tally struct{ Green, Amber, Red, Unknown int }

// All is how many there are.
func (t Tally) All() int { return t.Green + t.Amber + t.Red + t.Unknown }

func (t *Tally) add(l Light) {
	switch l {
	case Green:
		t.Green++
	case Amber:
		t.Amber++
	case Red:
		t.Red++
	default:
		t.Unknown++
	}
}

// share is for what many people or PCs must have each: red where more than a
// tenth lack it, amber where anybody does.
func share(t Tally) Light {
	switch {
	case t.All() == 0:
		return Unknown
	case t.Red*10 > t.All():
		return Red
	case t.Unknown*2 > t.All():
		return Unknown
	case t.Red > 0 || t.Amber > 0:
		return Amber
	case t.Unknown > 0:
		return Unknown
	}
	return Green
}

// worst is for what one of may not fail.
func worst(t Tally) Light {
	switch {
	case t.All() == 0:
		return Unknown
	case t.Red > 0:
		return Red
	case t.Unknown > 0:
		return Unknown
	case t.Amber > 0:
		return Amber
	}
	return Green
}

// two is for roles that need a second person: green counts who can sign in.
func two(t Tally) Light {
	switch {
	case t.Green >= 2:
		return Green
	case t.Unknown > 0:
		return Unknown
	}
	return Red
}

// measured judges the subjects of a part: of everybody, or of those within.
func (m Measure) measured(f found, within func(sekisho.PersonID) bool) Measured {
	out := Measured{Measure: m, Light: Unknown, At: f.at}
	if f.failed {
		out.Trouble = Unreadable
		return out
	}
	for _, s := range f.subjects {
		if within != nil && !within(s.Person) {
			continue
		}
		out.Tally.add(s.Light)
		if s.Light != Green && s.Person != "" && len(out.Who) < MaxWho && !slices.Contains(out.Who, s.Person) {
			out.Who = append(out.Who, s.Person)
		}
	}
	out.Light = m.rule(out.Tally)
	switch {
	case out.Light != Unknown:
	case out.Tally.All() == 0:
		out.Trouble = Nothing
	default:
		out.Trouble = Untold
	}
	return out
}
