package wire

import (
	"time"

	"github.com/sekisho/sekisho"
)

// The practice work (練習業務) at the desk door: short scenarios with invented
// customers. Its routes answer where those of training do, and touch no real data.

// Practice answers GET /training/practice [quarantine].
type Practice struct {
	Asked     bool               `json:"asked"` // the rules ask for it
	Done      bool               `json:"done"`  // every scenario, and still valid
	Soon      bool               `json:"soon"`  // valid, and to be done again soon
	Until     *time.Time         `json:"until"` // end of validity; null where once is enough
	Due       *time.Time         `json:"due"`   // refused from then on
	Scenarios []PracticeScenario `json:"scenarios"`
}

// PracticeScenario is one scenario as a list shows it.
type PracticeScenario struct {
	ID    sekisho.ScenarioID `json:"id"`
	Title Words              `json:"title"`
	About Words              `json:"about"`
	Turns int                `json:"turns"`
	Done  *time.Time         `json:"done"` // when it was last played to its end
	Open  bool               `json:"open"` // a run is under way
}

// PracticeCustomer is an invented customer, masked as a real one would be.
type PracticeCustomer struct {
	Name    Words  `json:"name"`
	Phone   string `json:"phone"`
	Card    string `json:"card"`
	Plan    Words  `json:"plan"`
	Renewal Words  `json:"renewal"`
}

// PracticeCard is what the practice shows of its customer.
type PracticeCard struct {
	Customer PracticeCustomer `json:"customer"`
	Verdict  string           `json:"verdict"` // unknown, verified, failed
	Form     string           `json:"form"`    // "", sent, received
}

// PracticeRun is one way through a scenario, at the turn that is next. It never
// says which choice is right: PracticeChosen does, once one was made.
type PracticeRun struct {
	ID       sekisho.PracticeID `json:"id"`
	Scenario sekisho.ScenarioID `json:"scenario"`
	Title    Words              `json:"title"`
	Slips    int                `json:"slips"` // wrong choices so far
	Turns    int                `json:"turns"`
	Card     PracticeCard       `json:"card"`
	Turn     *PracticeTurn      `json:"turn"` // null at the end
}

// PracticeTurn is what happens, and what can be done about it.
type PracticeTurn struct {
	Place   int     `json:"place"` // from 0
	Step    int     `json:"step"`  // choices made so far in this run
	Who     string  `json:"who"`   // caller, home, phone, screen
	Black   bool    `json:"black"` // practice black: as the guard would show it
	Say     Words   `json:"say"`
	Choices []Words `json:"choices"`
}

// PracticeChoice is POST /training/practice-runs/{id}/choices [quarantine].
type PracticeChoice struct {
	Step   int `json:"step"`   // of the turn that was seen
	Chosen int `json:"chosen"` // place among its choices
}

// PracticeChosen is its answer.
type PracticeChosen struct {
	Right bool        `json:"right"`
	Why   Words       `json:"why"`
	Rule  string      `json:"rule"` // where it stands in the rule documents
	Run   PracticeRun `json:"run"`  // what comes next; after a wrong choice the same turn again
	Done  *time.Time  `json:"done"` // after the last right choice
}
