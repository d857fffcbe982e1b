package training

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Fates of a scenario of a file.
const (
	FateNew     = "new"
	FateVersion = "version" // the next version of one that is there
	FateSame    = "same"
)

// Planned is what becomes, or would become, of one scenario of a file.
type Planned struct {
	Scenario
	Fate string
}

// Scenarios lists the scenarios in force.
func (r *Training) Scenarios(ctx context.Context) (out []Scenario, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = scenarios(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("training: scenarios: %w", err)
	}
	return out, nil
}

// ImportScenarios puts the scenarios of a file in force, all of them or none; one
// that is there gets its next version. With dry it only says what would happen.
// Faults are the file's; err is anything else.
func (r *Training) ImportScenarios(ctx context.Context, by sekisho.PersonID, text string, dry bool) (plan []Planned, faults []ScriptFault, err error) {
	read, refs, faults := readScript(text)
	if len(faults) > 0 {
		return nil, faults, nil
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		plan = nil
		if faults, err = unwritten(ctx, tx, refs); err != nil {
			return err
		}
		if len(faults) > 0 {
			return errDry
		}
		if plan, faults, err = planned(ctx, tx, read); err != nil {
			return err
		}
		if len(faults) > 0 || dry {
			return errDry
		}
		changed := 0
		for _, p := range plan {
			if p.Fate == FateSame {
				continue
			}
			changed++
			if err := insertScenario(ctx, tx, p.Scenario, r.clk.Now()); err != nil {
				return orChanged(err)
			}
		}
		if changed == 0 {
			return nil
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "practice.imported", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "training", ID: "practice"},
			Decision: audit.Allow, Detail: map[string]string{"scenarios": strconv.Itoa(changed)},
		})
	})
	if err != nil && !errors.Is(err, errDry) {
		return nil, nil, fmt.Errorf("training: import scenarios: %w", err)
	}
	if len(faults) > 0 {
		return nil, faults, nil
	}
	return plan, nil, nil
}

// planned says what becomes of each scenario beside those in force.
func planned(ctx context.Context, tx storage.Tx, read []Scenario) (plan []Planned, faults []ScriptFault, err error) {
	have, err := newestScenarios(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	known, count := map[sekisho.ScenarioID]held{}, 0
	for _, h := range have {
		known[h.ID] = h
		if !h.retired {
			count++
		}
	}
	for _, s := range read {
		was, found := known[s.ID]
		p := Planned{Scenario: s, Fate: FateNew}
		p.Version = was.Version + 1
		switch {
		case found && !was.retired && sameBody(was.Scenario, s):
			p.Fate, p.Version = FateSame, was.Version
		case found && !was.retired:
			p.Fate, p.Since = FateVersion, was.Since
		case found: // it comes back: whoever owed it owes it still
			p.Since = was.Since
			count++
		default:
			count++
		}
		plan = append(plan, p)
	}
	if count > maxScenarios {
		return nil, []ScriptFault{{1, "", scriptTooMany}}, nil
	}
	return plan, nil, nil
}

// unwritten are the faults of rules that stand in no rule document in force.
func unwritten(ctx context.Context, tx storage.Tx, refs []value) (faults []ScriptFault, err error) {
	docs, err := documents(ctx, tx)
	if err != nil {
		return nil, err
	}
	bodies := map[string]string{}
	for _, d := range docs {
		bodies[string(d.ID)] = "\n" + d.Body.JA
	}
	for _, ref := range refs {
		id, number, _ := strings.Cut(ref.text, " ")
		if !strings.Contains(bodies[id], "\n"+number+" ") && len(faults) < maxFaults {
			faults = append(faults, ScriptFault{ref.line, "rule", scriptRule})
		}
	}
	return faults, nil
}

// RetireScenario takes a scenario out of the practice. Runs of it stay on record.
// The last one stays while the practice is asked: without it nothing would be.
func (r *Training) RetireScenario(ctx context.Context, by sekisho.PersonID, id sekisho.ScenarioID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		sc, err := scenario(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := oneIsLeft(ctx, tx); err != nil {
			return err
		}
		ok, err := retireScenario(ctx, tx, id, sc.Version, r.clk.Now())
		if err != nil {
			return err
		}
		if !ok {
			return errNoScenario
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "practice.retired", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "scenario", ID: string(id)},
			Decision: audit.Allow, Detail: map[string]string{"version": strconv.Itoa(sc.Version)},
		})
	})
	if err != nil {
		return fmt.Errorf("training: retire scenario: %w", err)
	}
	return nil
}

// oneIsLeft refuses to retire the last scenario of a practice that is asked.
func oneIsLeft(ctx context.Context, tx storage.Tx) error {
	rules, err := newestRules(ctx, tx)
	if err != nil || !rules.Practice {
		return err
	}
	left, err := scenariosAsked(ctx, tx)
	if err == nil && len(left) < 2 {
		err = errLastScenario
	}
	return err
}

// seedPractice puts the house's own scenarios into a room that never had any.
func (r *Training) seedPractice(ctx context.Context) error {
	text, err := seeds.ReadFile("seed/practice.txt")
	if err != nil {
		return err
	}
	own, _, faults := readScript(string(text))
	if len(faults) > 0 {
		return fmt.Errorf("training: seed/practice.txt: line %d: %s %s", faults[0].Line, faults[0].Field, faults[0].Code)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if have, err := newestScenarios(ctx, tx); err != nil || len(have) > 0 {
			return err
		}
		for _, s := range own {
			s.Version = 1
			if err := insertScenario(ctx, tx, s, r.clk.Now()); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "practice.seeded", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "training", ID: "practice"}, Closing: true,
			Detail: map[string]string{"scenarios": strconv.Itoa(len(own))},
		})
	})
	if err != nil && !storage.Duplicate(err) { // another node was first
		return fmt.Errorf("training: seed practice: %w", err)
	}
	return nil
}
