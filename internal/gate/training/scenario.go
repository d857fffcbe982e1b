package training

import (
	"math/rand/v2"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of the practice work (練習業務).
const (
	maxScenarios  = 50
	maxTurns      = 12
	maxChoices    = 4
	maxAbout      = 300 // characters
	maxSay        = 600
	maxChoice     = 200
	maxSteps      = 200 // choices of one run
	maxRunsPerDay = 100 // of one person
)

// Verdicts of the customer's 本人確認 on the card.
const (
	VerdictUnknown  = "unknown"
	VerdictVerified = "verified"
	VerdictFailed   = "failed"
)

// States of the sealed form on the card; "" while none was sent.
const (
	FormSent     = "sent"
	FormReceived = "received"
)

// Scenario is one short story of work at home with an invented customer.
type Scenario struct {
	ID       sekisho.ScenarioID `json:"-"`
	Version  int                `json:"-"`
	Since    time.Time          `json:"-"` // when it was first put in
	Title    wire.Words         `json:"title"`
	About    wire.Words         `json:"about"`
	Customer string             `json:"customer"` // of Customers
	Verdict  string             `json:"verdict"`  // on the card at the beginning
	Turns    []Turn             `json:"turns"`    // 1–12
}

// Turn is one thing that happens, and what can be done about it.
type Turn struct {
	ID      string     `json:"id"`
	Who     string     `json:"who"`   // caller, home, phone, screen
	Black   bool       `json:"black"` // the screen is as black as the guard would make it
	Say     wire.Words `json:"say"`
	Choices []Choice   `json:"choices"` // 2–4, right and wrong ones
}

// Choice is one way to act. A right one goes on; a wrong one is explained, and
// its turn asked again.
type Choice struct {
	Right   bool       `json:"right"`
	Text    wire.Words `json:"text"`
	Why     wire.Words `json:"why"`
	Rule    string     `json:"rule"`    // where it stands: a document's id and a number, "telework 5.1"
	Verdict string     `json:"verdict"` // on the card from then on; "" leaves it
	Form    string     `json:"form"`
	Next    int        `json:"next"` // place of a later turn; len(Turns) is the end
}

// run is one person's way through a scenario.
type run struct {
	id       sekisho.PracticeID
	person   sekisho.PersonID
	scenario sekisho.ScenarioID
	version  int
	state    string // attemptOpen, practiceDone, attemptLapsed
	turn     int
	step     int // choices made
	slips    int // wrong ones
	verdict  string
	form     string
	shown    []int // the choices' own places, in the order shown
	begun    time.Time
	ended    time.Time
}

const practiceDone = "done"

// begin stands before the first turn.
func (s Scenario) begin(p sekisho.PersonID, at time.Time) run {
	return run{
		id: sekisho.PracticeID(wire.NewID()), person: p, scenario: s.ID, version: s.Version, state: attemptOpen,
		verdict: s.Verdict, shown: rand.Perm(len(s.Turns[0].Choices)), begun: at,
	}
}

// choose takes the choice at a place of those shown. It gives the choice made and
// the run after it; false for a place that was not shown. Since a right choice
// leads to a later turn alone, a run ends after at most len(s.Turns) of them.
func (s Scenario) choose(r run, place int, at time.Time) (Choice, run, bool) {
	if r.state != attemptOpen || r.turn < 0 || r.turn >= len(s.Turns) || place < 0 || place >= len(r.shown) {
		return Choice{}, r, false
	}
	own := r.shown[place]
	if own < 0 || own >= len(s.Turns[r.turn].Choices) {
		return Choice{}, r, false
	}
	c := s.Turns[r.turn].Choices[own]
	r.step++
	if !c.Right {
		r.slips++
		if r.step >= maxSteps {
			r.state, r.ended = attemptLapsed, at
		}
		return c, r, true
	}
	if c.Verdict != "" {
		r.verdict = c.Verdict
	}
	if c.Form != "" {
		r.form = c.Form
	}
	if r.turn = c.Next; r.turn >= len(s.Turns) {
		r.state, r.ended, r.shown = practiceDone, at, nil
		return c, r, true
	}
	r.shown = rand.Perm(len(s.Turns[r.turn].Choices))
	return c, r, true
}

// shownTo is a run as its person sees it: never which choice is right.
func (s Scenario) shownTo(r run) wire.PracticeRun {
	out := wire.PracticeRun{
		ID: r.id, Scenario: s.ID, Title: s.Title, Slips: r.slips, Turns: len(s.Turns),
		Card: wire.PracticeCard{Customer: customers[s.Customer], Verdict: r.verdict, Form: r.form},
	}
	if r.state != attemptOpen {
		return out
	}
	t := s.Turns[r.turn]
	turn := wire.PracticeTurn{Place: r.turn, Step: r.step, Who: t.Who, Black: t.Black, Say: t.Say, Choices: make([]wire.Words, 0, len(r.shown))}
	for _, own := range r.shown {
		turn.Choices = append(turn.Choices, t.Choices[own].Text)
	}
	out.Turn = &turn
	return out
}
