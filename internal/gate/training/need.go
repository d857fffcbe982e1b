package training

import (
	"time"

	"github.com/sekisho/sekisho"
)

// Rules say what is asked of everybody who works.
type Rules struct {
	Version    int
	Required   bool // false: nobody is refused for it
	GraceDays  int  // 0–90: from the first question to a person, or from a new version of a document
	RemindDays int  // 1–90: how long before the end of validity people are reminded

	Practice       bool      // the practice work is asked of everybody, too
	PracticeMonths int       // 0–36: it is asked again after so many; 0 is once for all
	PracticeSince  time.Time // when it was first asked, or asked more often; kept by SetRules
}

// builtin hold from the first start, without a row.
var builtin = Rules{Version: 1, Required: true, GraceDays: 14, RemindDays: 30}

func (r Rules) valid() bool {
	return r.GraceDays >= 0 && r.GraceDays <= 90 && r.RemindDays >= 1 && r.RemindDays <= 90 &&
		r.PracticeMonths >= 0 && r.PracticeMonths <= 36
}

func (r Rules) grace() time.Duration  { return time.Duration(r.GraceDays) * 24 * time.Hour }
func (r Rules) remind() time.Duration { return time.Duration(r.RemindDays) * 24 * time.Hour }

// Need is one thing that is asked of one person.
type Need struct {
	Practice bool // one of the three
	Course   sekisho.CourseID
	Document sekisho.DocumentID // with its version in force
	Version  int
	Done     time.Time // when it was done; zero if it was not, or holds no longer
	Until    time.Time // a course's end of validity
	Due      time.Time // refused from then on
}

// State is where a person stands with one need, or with all of them.
type State string

// States, the worst last.
const (
	StateDone    State = "done"
	StateSoon    State = "soon"    // valid, and due again within the time of reminders
	StateGrace   State = "grace"   // open, in the time of grace
	StateOverdue State = "overdue" // refused where the rules require it
)

// State of one need at a time.
func (n Need) State(r Rules, now time.Time) State {
	switch {
	case !n.Done.IsZero() && (n.Until.IsZero() || now.Before(n.Until.Add(-r.remind()))):
		return StateDone
	case !n.Done.IsZero() && now.Before(n.Until):
		return StateSoon
	case now.Before(n.Due):
		return StateGrace
	}
	return StateOverdue
}

// Standing is everything that is asked of one person.
type Standing struct {
	Rules Rules
	Since time.Time // when he was first asked; zero if never
	Needs []Need
}

// State is the worst of his needs.
func (s Standing) State(now time.Time) State {
	worst := StateDone
	for _, n := range s.Needs {
		if st := n.State(s.Rules, now); rank(st) > rank(worst) {
			worst = st
		}
	}
	return worst
}

func rank(s State) int {
	switch s {
	case StateDone:
		return 0
	case StateSoon:
		return 1
	case StateGrace:
		return 2
	}
	return 3 // what is not known is the worst
}

// Refused says whether he may not work for it.
func (s Standing) Refused(now time.Time) bool {
	return s.Rules.Required && s.State(now) == StateOverdue
}

// Open counts what is to be done, and gives when the first of it is refused.
func (s Standing) Open(now time.Time) (n int, due time.Time) {
	for _, need := range s.Needs {
		if need.State(s.Rules, now) == StateDone {
			continue
		}
		n++
		if due.IsZero() || need.Due.Before(due) {
			due = need.Due
		}
	}
	return n, due
}

// pass is a quiz that was passed.
type pass struct {
	course sekisho.CourseID
	ended  time.Time
	until  time.Time
}

// acknowledged is a version of a document that was signed for.
type acknowledged struct {
	document sekisho.DocumentID
	version  int
	at       time.Time
}

// asked is what the rules ask of everybody, as the tables hold it.
type asked struct {
	rules     Rules
	courses   []Course                         // required ones that can be drawn
	documents []Document                       // required ones
	scenarios []Scenario                       // of the practice, where it is asked: ids and times alone
	published map[sekisho.DocumentID][]Version // numbers and times alone, the first first
	intervals []Rules                          // of the practice, the newest first, back to the last that two loosened
	begun     time.Time                        // since when the practice is asked without a break
}

// owed is when the first version came that somebody who signed for one, or for
// none (0), has not signed for: what comes after it gives no new grace.
func (a asked) owed(d Document, signed int) time.Time {
	for _, v := range a.published[d.ID] {
		if v.Version > signed {
			return v.Published
		}
	}
	return d.Published
}

// again is when a scenario that was played to its end is due again. A new interval
// has its own grace, and takes nothing from what those before it made due.
func (a asked) again(ended time.Time) (due time.Time) {
	for _, r := range a.intervals {
		if r.PracticeMonths == 0 {
			continue
		}
		one := later(ended.AddDate(0, r.PracticeMonths, 0), r.PracticeSince.Add(a.rules.grace()))
		if due.IsZero() || one.Before(due) {
			due = one
		}
	}
	return due
}

// standing judges what one person has done. Since is zero for whoever was never
// asked: his grace begins now.
func (a asked) standing(since, now time.Time, passes []pass, acks []acknowledged, practised map[sekisho.ScenarioID]time.Time) Standing {
	s := Standing{Rules: a.rules, Since: since, Needs: make([]Need, 0, len(a.courses)+len(a.documents)+1)}
	if since.IsZero() {
		since = now
	}
	for _, c := range a.courses {
		s.Needs = append(s.Needs, a.courseNeed(c, since, now, passes))
	}
	if len(a.scenarios) > 0 {
		s.Needs = append(s.Needs, a.practiceNeed(since, now, practised))
	}
	for _, d := range a.documents {
		n, signed := Need{Document: d.ID, Version: d.Version.Version}, 0
		for _, k := range acks {
			if k.document == d.ID {
				signed = max(signed, k.version)
			}
			if k.document == d.ID && k.version == d.Version.Version && (n.Done.IsZero() || k.at.Before(n.Done)) {
				n.Done = k.at
			}
		}
		n.Due = later(since, a.owed(d, signed)).Add(a.rules.grace())
		s.Needs = append(s.Needs, n)
	}
	return s
}

// courseNeed: the time of grace is for whoever has never passed. Whose pass ends
// was reminded before, and is refused from that day on.
func (a asked) courseNeed(c Course, since, now time.Time, passes []pass) Need {
	n := Need{Course: c.ID, Due: later(since, c.Since).Add(a.rules.grace())}
	for _, p := range passes {
		if p.course != c.ID || p.until.Before(n.Until) {
			continue
		}
		n.Done, n.Until, n.Due = p.ended, p.until, p.until
	}
	if !n.Done.IsZero() && !now.Before(n.Until) {
		n.Done = time.Time{}
	}
	return n
}

// practiceNeed is one need for all scenarios: it is done when every one is, holds
// as long as the one that ends first, and is due with the one that is due first.
func (a asked) practiceNeed(since, now time.Time, practised map[sekisho.ScenarioID]time.Time) Need {
	out := Need{Practice: true}
	missing := false
	for _, s := range a.scenarios {
		ended, found := practised[s.ID]
		due := later(later(since, s.Since), a.begun).Add(a.rules.grace())
		if found && a.rules.PracticeMonths > 0 {
			due = a.again(ended)
			if out.Until.IsZero() || due.Before(out.Until) {
				out.Until = due
			}
		}
		open := !found || a.rules.PracticeMonths > 0 && !now.Before(due)
		if missing = missing || open; ended.After(out.Done) {
			out.Done = ended
		}
		if (open || a.rules.PracticeMonths > 0) && (out.Due.IsZero() || due.Before(out.Due)) {
			out.Due = due
		}
	}
	if missing {
		out.Done = time.Time{}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
