package posture

import (
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Outcomes of a check. The zero value is none of them and does not pass.
const (
	Pass    = "pass"
	Fail    = "fail"
	Unknown = "unknown"
)

// enough is how many neighbours of a place must be in reach, or all of them
// where it names fewer: access points come and go.
const enough = 2

// Checked is one check as it came out.
type Checked struct {
	wire.Seen
	Level   string // what is asked on this PC's system
	Outcome string
	Age     time.Duration // of the look, when it was judged
	Looked  bool          // it was looked at at all
}

// Failing says whether the check is asked for and did not pass.
func (c Checked) Failing() bool { return c.Level != Off && c.Outcome != Pass }

// Verdict is a PC judged by its rules at one moment.
type Verdict struct {
	Err    *sekisho.Error // why no session may be; nil if one may
	Checks []Checked      // in the order of wire.PostureChecks
}

// seen is the newest report of one connection, as it is judged.
type seen struct {
	report *wire.PostureReport // nil: none, or one that was no report
	broken bool                // the newest was no report of this connection
	age    time.Duration       // since it came
	device sekisho.DeviceID
	own    []wire.PosturePlace // places of this PC alone, in marks
}

// judge is pure: what was seen against what is asked.
func judge(s seen, r wire.PostureRules) Verdict {
	var v Verdict
	platform, stale := "", s.age > wire.PostureStale
	if s.report != nil {
		platform = s.report.Platform
	}
	for _, check := range wire.PostureChecks {
		one := of(r, check)
		c := Checked{Seen: wire.Seen{Check: check, Word: Unknown, Limit: one.Limit}, Level: level(one, platform), Outcome: Unknown}
		if s.report != nil && !stale {
			look(&c, s, r)
		}
		if c.Failing() && c.Level == Close {
			v.Err = errRefused
		}
		v.Checks = append(v.Checks, c)
	}
	switch {
	case !asks(r):
		v.Err = nil
	case s.broken:
		v.Err = errStatement
	case s.report == nil:
		v.Err = errMissing
	case stale:
		v.Err = errStale
	}
	return v
}

// look fills in one check from the report.
func look(c *Checked, s seen, r wire.PostureRules) {
	switch c.Check {
	case "agent_version":
		c.Looked, c.Age, c.Names = true, s.age, []string{s.report.Agent}
		c.Word, c.Outcome = "yes", Pass
		if old, ok := older(s.report.Agent, r.Agent); r.Agent != "" && !ok {
			c.Word, c.Outcome = Unknown, Unknown
		} else if old {
			c.Word, c.Outcome = "old", Fail
		}
	case "place":
		n := s.report.Network
		if c.Age = s.age + milliseconds(n.AgoMS); c.Age > wire.PostureStale {
			return
		}
		c.Looked = n.Router != "" || n.Link != Unknown
		c.Word, c.Names = placed(n, s.own, marked(r.Places, s.device))
		c.Outcome = map[string]string{"yes": Pass, Unknown: Unknown}[c.Word]
		if c.Outcome == "" {
			c.Outcome = Fail
		}
	default:
		i := slices.IndexFunc(s.report.Findings, func(f wire.PostureFinding) bool { return f.Check == c.Check })
		if i < 0 {
			return
		}
		f := s.report.Findings[i]
		if c.Age = s.age + milliseconds(f.AgoMS); c.Age > wire.PostureStale {
			return // looked at too long ago: not known any more
		}
		c.Looked, c.Value, c.Names, c.Word = true, f.Value, f.Names, f.Seen
		switch {
		case f.Seen == "yes" && c.Limit > 0 && f.Value > c.Limit:
			c.Word, c.Outcome = "over", Fail
		case f.Seen == "yes":
			c.Outcome = Pass
		case f.Seen == "no":
			c.Outcome = Fail
		}
	}
}

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// marked are the places of a policy as one PC would name them.
func marked(places []wire.PosturePlace, d sekisho.DeviceID) []wire.PosturePlace {
	out := make([]wire.PosturePlace, 0, len(places))
	for _, p := range places {
		m := wire.PosturePlace{Name: p.Name}
		for _, mac := range p.Routers {
			m.Routers = append(m.Routers, wire.PlaceMark(d, mac))
		}
		for _, mac := range p.Around {
			m.Around = append(m.Around, wire.PlaceMark(d, mac))
		}
		out = append(out, m)
	}
	return out
}

// placed says where the PC is: "yes" with the place's name, or why not. The
// router must be a permitted one and the neighbours those of the same place: a
// router that was carried away finds others around it. Without neighbours in the
// rule it is a place on a cable alone.
func placed(n wire.PostureNetwork, lists ...[]wire.PosturePlace) (word string, names []string) {
	places := slices.Concat(lists...)
	switch {
	case len(places) == 0:
		return "none", nil
	case n.Router == "" || n.Link != "wired" && n.Link != "wireless":
		return Unknown, nil
	}
	word = "other_router"
	for _, p := range places {
		if !slices.Contains(p.Routers, n.Router) {
			continue
		}
		switch around := seenAround(p, n); {
		case len(p.Around) == 0 && n.Link == "wired", len(p.Around) > 0 && around >= min(enough, len(p.Around)):
			return "yes", []string{p.Name}
		case len(p.Around) > 0 && !n.Scanned && word != "other_place":
			word = Unknown
		default:
			word = "other_place"
		}
	}
	return word, nil
}

func seenAround(p wire.PosturePlace, n wire.PostureNetwork) (count int) {
	for _, m := range p.Around {
		if slices.Contains(n.Around, m) {
			count++
		}
	}
	return count
}
