package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

// RulesView answers GET /rules: the access policies in force.
type RulesView struct {
	Version   RulesVersionView    `json:"version"`
	Text      string              `json:"text" doc:"Cedar"`
	Global    string              `json:"global" doc:"the fixed policies, which no text changes"`
	Templates []RulesTemplateView `json:"templates" nullable:"false"`
	History   []RulesVersionView  `json:"history" nullable:"false" doc:"versions that were stored, the newest first"`
}

// RulesVersionView is one version of the access policies.
type RulesVersionView struct {
	Number int        `json:"number" doc:"0 are the built-in ones"`
	Note   string     `json:"note"`
	Author string     `json:"author"`
	At     *time.Time `json:"at"`
}

// LogValue hides the author.
func (RulesVersionView) LogValue() slog.Value { return hidden }

// RulesTemplateView is a policy to begin with.
type RulesTemplateView struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// RulesPastView answers GET /rules/{number}.
type RulesPastView struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// RulesCheckView answers POST /rules/check: what is wrong with a text, or what it would change.
type RulesCheckView struct {
	Faults      []RulesFaultView      `json:"faults" nullable:"false"`
	Asked       int                   `json:"asked" doc:"questions that were put to both texts"`
	Gained      int                   `json:"gained" doc:"allowed by the new text alone"`
	Lost        int                   `json:"lost" doc:"allowed by the present text alone"`
	Differences []RulesDifferenceView `json:"differences" nullable:"false" doc:"the first of them, losses first"`
}

// RulesFaultView is one fault of a text, and what to do.
type RulesFaultView struct {
	Line   int    `json:"line" doc:"from 1; 0 is the whole"`
	Policy string `json:"policy"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
	Detail string `json:"detail" doc:"the validator's own words"`
}

// RulesDifferenceView is what would change for one person.
type RulesDifferenceView struct {
	Person  sekisho.PersonID  `json:"person"`
	Name    string            `json:"name"`
	Act     string            `json:"act" enum:"open,reach,manage"`
	Desktop sekisho.DesktopID `json:"desktop"`
	Label   string            `json:"label" doc:"the desktop's name"`
	Place   sekisho.Place     `json:"place" enum:",home,office"`
	Before  RulesAnswerView   `json:"before"`
	After   RulesAnswerView   `json:"after"`
}

// LogValue hides the name.
func (RulesDifferenceView) LogValue() slog.Value { return hidden }

// RulesAnswerView is one decision with its reasons.
type RulesAnswerView struct {
	Allow    bool     `json:"allow"`
	Code     string   `json:"code"`
	Text     string   `json:"text" doc:"the refusal in the caller's language"`
	Policies []string `json:"policies" nullable:"false"`
}

// DesktopWhoView answers GET /desktops/{id}/who.
type DesktopWhoView struct {
	People []StandingView `json:"people" nullable:"false" doc:"everybody who was chosen for the desktop"`
}

// StandingView is how one person stands towards a desktop.
type StandingView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	Home   RulesAnswerView  `json:"home"`
	Office RulesAnswerView  `json:"office"`
}

// LogValue hides the name.
func (StandingView) LogValue() slog.Value { return hidden }

// RefusalsView answers GET /refusals, newest first.
type RefusalsView struct {
	Refusals []RefusalView `json:"refusals" nullable:"false"`
}

// RefusalView is one refusal that a person met at the gate.
type RefusalView struct {
	At       time.Time        `json:"at"`
	Person   sekisho.PersonID `json:"person"`
	Name     string           `json:"name"`
	AssetTag string           `json:"asset_tag"`
	Act      string           `json:"act" enum:"open,reach"`
	Label    string           `json:"label" doc:"the desktop's name, where one was refused"`
	Code     string           `json:"code"`
	Title    string           `json:"title"`
	Action   string           `json:"action"`
	Policies []string         `json:"policies" nullable:"false" doc:"those that decided; empty where no policy did"`
	Version  string           `json:"version" doc:"of the policies; empty where none was asked"`
}

// LogValue hides the name.
func (RefusalView) LogValue() slog.Value { return hidden }
