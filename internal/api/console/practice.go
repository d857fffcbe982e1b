package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// Practising keeps the scenarios of the practice work (gate/training).
type Practising interface {
	Scenarios(ctx context.Context) ([]training.Scenario, error)
	ImportScenarios(ctx context.Context, by sekisho.PersonID, text string, dry bool) ([]training.Planned, []training.ScriptFault, error)
	RetireScenario(ctx context.Context, by sekisho.PersonID, id sekisho.ScenarioID) error
}

// practiceTitle names the practice among what is asked of a person.
var practiceTitle = wire.Words{JA: "練習業務", EN: "Practice work"}

// ScenarioView is one scenario without its turns.
type ScenarioView struct {
	ID      sekisho.ScenarioID `json:"id"`
	Version int                `json:"version"`
	Title   wire.Words         `json:"title"`
	About   wire.Words         `json:"about"`
	Turns   int                `json:"turns"`
}

// ScenariosView answers GET /training/practice.
type ScenariosView struct {
	Scenarios []ScenarioView `json:"scenarios" nullable:"false"`
}

// ScenarioChoiceView is one choice with its key.
type ScenarioChoiceView struct {
	Right bool       `json:"right"`
	Text  wire.Words `json:"text"`
	Why   wire.Words `json:"why"`
	Rule  string     `json:"rule"`
}

// ScenarioTurnView is one turn with its choices.
type ScenarioTurnView struct {
	Who     string               `json:"who" enum:"caller,home,phone,screen"`
	Black   bool                 `json:"black"`
	Say     wire.Words           `json:"say"`
	Choices []ScenarioChoiceView `json:"choices" nullable:"false"`
}

// WholeScenarioView answers GET /training/practice/{id}.
type WholeScenarioView struct {
	Scenario ScenarioView       `json:"scenario"`
	Turns    []ScenarioTurnView `json:"turns" nullable:"false"`
}

// ScriptView says what became of a file of scenarios, or would become of it.
type ScriptView struct {
	Scenarios []ScriptPlanView  `json:"scenarios" nullable:"false"`
	Stored    bool              `json:"stored"`
	Faults    []ScriptFaultView `json:"faults" nullable:"false"`
}

// ScriptPlanView is one scenario of a file.
type ScriptPlanView struct {
	ID      sekisho.ScenarioID `json:"id"`
	Title   wire.Words         `json:"title"`
	Version int                `json:"version"`
	Fate    string             `json:"fate" enum:"new,version,same"`
}

// ScriptFaultView is one thing that is wrong with a file.
type ScriptFaultView struct {
	Line   int    `json:"line"`
	Field  string `json:"field" doc:"empty where it is no field's"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
}

type importScenarios struct {
	Body struct {
		Text string `json:"text" doc:"a file of scenarios"`
		Dry  bool   `json:"dry" doc:"only say what would happen"`
	}
}

func (d *Door) practiceRoutes(api huma.API) {
	add(api, "GET /training/practice", "Scenarios of the practice work", d.listScenarios)
	add(api, "GET /training/practice/{id}", "One scenario with its key", d.readScenario)
	add(api, "POST /training/practice/import", "Put the scenarios of a file in force, all or none", d.importScenarios)
	add(api, "POST /training/practice/{id}/retire", "Take a scenario out of the practice", d.retireScenario)
}

func scenarioView(s training.Scenario) ScenarioView {
	return ScenarioView{ID: s.ID, Version: s.Version, Title: s.Title, About: s.About, Turns: len(s.Turns)}
}

func (d *Door) listScenarios(ctx context.Context, _ *struct{}) (*answer[ScenariosView], error) {
	list, err := d.training.Scenarios(ctx)
	out := ScenariosView{Scenarios: make([]ScenarioView, 0, len(list))}
	for _, s := range list {
		out.Scenarios = append(out.Scenarios, scenarioView(s))
	}
	return reply(out, err)
}

func (d *Door) readScenario(ctx context.Context, in *ByID) (*answer[WholeScenarioView], error) {
	list, err := d.training.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if string(s.ID) != in.ID {
			continue
		}
		out := WholeScenarioView{Scenario: scenarioView(s), Turns: make([]ScenarioTurnView, 0, len(s.Turns))}
		for _, t := range s.Turns {
			v := ScenarioTurnView{Who: t.Who, Black: t.Black, Say: t.Say, Choices: make([]ScenarioChoiceView, 0, len(t.Choices))}
			for _, c := range t.Choices {
				v.Choices = append(v.Choices, ScenarioChoiceView{Right: c.Right, Text: c.Text, Why: c.Why, Rule: c.Rule})
			}
			out.Turns = append(out.Turns, v)
		}
		return reply(out, nil)
	}
	return nil, errNotFound
}

// importScenarios says what is wrong by line and field, in the caller's language:
// a file with a fault is an answer and no refusal.
func (d *Door) importScenarios(ctx context.Context, in *importScenarios) (*answer[ScriptView], error) {
	plan, faults, err := d.training.ImportScenarios(ctx, callerOf(ctx).who.Person, in.Body.Text, in.Body.Dry)
	out := ScriptView{
		Scenarios: make([]ScriptPlanView, 0, len(plan)), Stored: err == nil && len(plan) > 0 && !in.Body.Dry, Faults: make([]ScriptFaultView, 0, len(faults)),
	}
	for _, p := range plan {
		out.Scenarios = append(out.Scenarios, ScriptPlanView{ID: p.ID, Title: p.Title, Version: p.Version, Fate: p.Fate})
	}
	for _, f := range faults {
		t := wire.TextOf(f.Code)
		v := ScriptFaultView{Line: f.Line, Field: f.Field, Code: f.Code, Title: t.JA, Action: t.JADo}
		if wire.English(callerOf(ctx).language) {
			v.Title, v.Action = t.EN, t.ENDo
		}
		out.Faults = append(out.Faults, v)
	}
	return reply(out, err)
}

func (d *Door) retireScenario(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.training.RetireScenario(ctx, callerOf(ctx).who.Person, sekisho.ScenarioID(in.ID))
}
