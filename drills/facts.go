package drills

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/rules"
	"github.com/sekisho/sekisho/internal/wire"
)

// lenient permits everything, with an OR around what the fixed forbids ask.
const lenient = `
@id("drill-facts")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { true || context.posture || context.training };
`

// orAroundFacts has two administrators permit everything, and then comes untrained,
// and with a PC that is not in order.
func orAroundFacts(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "facts")
	if err != nil {
		return err
	}
	defer own.Close()
	policy, err := own.asking(ctx, "disk_encryption")
	if err != nil {
		return err
	}
	if _, err := own.putPolicy(ctx, lenient); err != nil {
		return err
	}
	itself, err := own.instead(ctx, `@id("global.training") permit (principal, action, resource);`)
	if err != nil {
		return err
	}
	desktop, err := own.desktopFor(ctx, []string{own.Seeded.People["operator"], own.Seeded.People["operator4"]})
	if err != nil {
		return err
	}
	untrained, err := own.enrolledAs(ctx, own.Seeded.People["operator4"], "demo")
	if err != nil {
		return err
	}
	defer untrained.Close()
	_, err = untrained.Login(ctx, nil)
	untaught := answerCode(err)
	broken, err := own.enrolled(ctx, policy)
	if err != nil {
		return err
	}
	defer broken.Close()
	if err := broken.TellPosture(ctx, func(p *wire.PostureReport) { spoil(p, "disk_encryption") }); err != nil {
		return err
	}
	_, err = broken.Login(ctx, nil)
	unfit := answerCode(err)
	told, err := own.standing(ctx, desktop, "operator4")
	if err != nil {
		return err
	}
	trained, err := own.standing(ctx, desktop, "operator")
	if err != nil {
		return err
	}
	engine, allowed := underLenient()
	s, err := own.workAs(ctx, own.Seeded.People["operator"], "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	seen := stream(ctx, s, desktop)
	r.Control = trained == "" && allowed && seen == "RFB 003.008"
	r.Refused = itself == "rules.invalid" && untaught == "training.required" && unfit == "posture.refused" && told == "rules.training" &&
		engine["posture"] == "rules.posture" && engine["training"] == "rules.training"
	r.Evidence = fmt.Sprintf("with a permit of everything in force: untrained %s, disk not encrypted %s; who can see the desktop: %s; the engine itself: %s, %s; a text with the forbid's own id: %s; trained and in order: %s",
		untaught, unfit, told, engine["posture"], engine["training"], itself, seen)
	return nil
}

// instead tries to bring a text into force beside what is there, and gives the refusal.
func (f *Field) instead(ctx context.Context, more string) (string, error) {
	var now policyText
	if err := f.Admin.Get(ctx, "rules", &now); err != nil {
		return "", err
	}
	return answerCode(f.Admin.Put(ctx, "rules", map[string]any{"seen": now.Version.Number, "text": now.Text + "\n" + more, "note": "drill"}, nil)), nil
}

// standing is why a seeded person could not see a desktop from home; "" if he could.
func (f *Field) standing(ctx context.Context, d sekisho.DesktopID, login string) (string, error) {
	var who struct {
		People []struct {
			Person string `json:"person"`
			Home   struct {
				Allow bool   `json:"allow"`
				Code  string `json:"code"`
			} `json:"home"`
		} `json:"people"`
	}
	if err := f.Admin.Get(ctx, "desktops/"+string(d)+"/who", &who); err != nil {
		return "", err
	}
	for _, p := range who.People {
		if p.Person == f.Seeded.People[login] {
			return p.Home.Code, nil
		}
	}
	return "", fmt.Errorf("drills: %s is not among %d people", login, len(who.People))
}

// underLenient asks the engine itself, with one fact against the session each.
func underLenient() (refusals map[string]string, allowed bool) {
	set, faults := rules.Compile(lenient)
	if len(faults) > 0 {
		return nil, false
	}
	ask := func(change func(*rules.Seat)) rules.Answer {
		q := rules.Question{
			Action: rules.Open, Person: rules.Person{ID: "p", Roles: []sekisho.Role{sekisho.RoleOperator}, Active: true},
			Seat: rules.Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true},
		}
		change(&q.Seat)
		return set.Decide(q)
	}
	posture, training := ask(func(s *rules.Seat) { s.Posture = false }), ask(func(s *rules.Seat) { s.Trained = false })
	return map[string]string{"posture": posture.Code, "training": training.Code}, ask(func(*rules.Seat) {}).Allow
}
