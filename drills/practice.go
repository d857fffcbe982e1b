package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

func practiceDrills() []Drill {
	return []Drill{
		{"practice work as a way to real customers", "somebody new, or a file of scenarios with a customer's data in it", practiceReaches},
		{"practice work scored by oneself, or done by somebody else", "an operator who wants it behind him", practiceScored},
	}
}

// practising is a centre of its own where the practice work is asked of everybody
// at once, with a trained operator's PC in quarantine.
func practising(ctx context.Context, f *Field, name string) (own *Field, c *rawpc.Connection, err error) {
	if own, err = f.Own(ctx, name); err != nil {
		return nil, nil, err
	}
	rules := map[string]any{"version": 1, "required": true, "grace_days": 0, "remind_days": 30, "practice": true, "practice_months": 12}
	if err := own.Admin.Put(ctx, "training/rules", rules, nil); err != nil {
		return own, nil, err
	}
	c, err = own.enrolledAs(ctx, own.Seeded.People["operator"], "demo")
	return own, c, err
}

// practiceReaches is an operator in the practice work who reaches for real work,
// and a file that would bring a real customer into it.
func practiceReaches(ctx context.Context, f *Field, r *Result) error {
	own, c, err := practising(ctx, f, "practice-reach")
	if own != nil {
		defer own.Close()
	}
	if err != nil {
		return err
	}
	defer c.Close()
	desktop, err := own.desktopFor(ctx, []string{own.Seeded.People["operator"]})
	if err != nil {
		return err
	}
	p, err := c.Practice(ctx)
	if err != nil || len(p.Scenarios) == 0 {
		return fmt.Errorf("drills: %d scenarios: %w", len(p.Scenarios), err)
	}
	if _, err := c.BeginPractice(ctx, p.Scenarios[0].ID); err != nil {
		return err
	}
	list := answerCode(c.Call(ctx, http.MethodGet, "desktops", nil, nil))
	streamed := stream(ctx, &session{Connection: c}, desktop)
	login := func() string { _, err := c.Login(ctx, nil); return answerCode(err) }
	refused := login()
	brought, err := own.script(ctx, "customer: 090-1111-2222")
	if err != nil {
		return err
	}
	fine, err := own.script(ctx, "customer: c09")
	if err != nil {
		return err
	}
	r.Refused = list == "session.required" && streamed == "403 Forbidden" && refused == "training.required" && brought == "customer"
	if p, err = c.Practice(ctx); err != nil { // with the one that was just added
		return err
	}
	for _, one := range p.Scenarios {
		if err := c.Practise(ctx, one.ID); err != nil {
			return err
		}
	}
	s, err := open(ctx, c, nil)
	if err != nil {
		return err
	}
	r.Control = s.reaches(ctx) == nil && fine == ""
	r.Evidence = fmt.Sprintf("desktops: %s, a desktop's stream: %s, a session: %s; a scenario with somebody's telephone number as its customer: fault in %q; after %d scenarios the session opens",
		list, streamed, refused, brought, len(p.Scenarios))
	return nil
}

// script asks what a file with one scenario would do, and gives the field of its
// first fault, "" for none.
func (f *Field) script(ctx context.Context, customer string) (field string, err error) {
	text := strings.Join([]string{
		"[scenario drill]", "title.ja: 訓練", "title.en: Drill", "about.ja: 訓練です。", "about.en: A drill.", customer, "verdict: verified", "",
		"[turn start]", "who: caller", "say.ja: もしもし。", "say.en: Hello.",
		"[right]", "text.ja: 名乗る", "text.en: Say who you are", "why.ja: 名乗ります。", "why.en: It is polite.", "rule: telework 12.3",
		"[wrong]", "text.ja: 切る", "text.en: Hang up", "why.ja: 切りません。", "why.en: It is not.", "rule: telework 12.3", "",
	}, "\n")
	var out struct {
		Stored bool `json:"stored"`
		Faults []struct {
			Field string `json:"field"`
			Code  string `json:"code"`
		} `json:"faults"`
	}
	err = f.Admin.Post(ctx, "training/practice/import", map[string]any{"text": text, "dry": false}, &out)
	switch {
	case err != nil:
		return "", err
	case len(out.Faults) > 0:
		return out.Faults[0].Field, nil
	case !out.Stored:
		return "not stored", nil
	}
	return "", nil
}

// practiceScored says himself how he did, goes ahead, answers again, answers in
// somebody else's run, and takes what was played at one PC to another.
func practiceScored(ctx context.Context, f *Field, r *Result) error {
	own, c, err := practising(ctx, f, "practice-score")
	if own != nil {
		defer own.Close()
	}
	if err != nil {
		return err
	}
	defer c.Close()
	other, err := own.enrolledAs(ctx, own.Seeded.People["operator2"], "demo")
	if err != nil {
		return err
	}
	defer other.Close()
	p, err := c.Practice(ctx)
	if err != nil || len(p.Scenarios) == 0 {
		return fmt.Errorf("drills: %d scenarios: %w", len(p.Scenarios), err)
	}
	run, err := c.BeginPractice(ctx, p.Scenarios[0].ID)
	if err != nil {
		return err
	}
	shown, err := json.Marshal(run)
	if err != nil {
		return err
	}
	key := strings.Contains(string(shown), `"right"`) || strings.Contains(string(shown), `"why"`)
	choose := func(by *rawpc.Connection, in any) string {
		_, err := by.Choose(ctx, run.ID, in)
		return answerCode(err)
	}
	at := run.Turn.Step
	codes := []string{
		choose(c, map[string]any{"step": at, "chosen": 0, "right": true}),
		choose(c, wire.PracticeChoice{Step: at + 5, Chosen: 0}),
		choose(c, wire.PracticeChoice{Step: at, Chosen: len(run.Turn.Choices)}),
		choose(other, wire.PracticeChoice{Step: at, Chosen: 0}),
	}
	taken := choose(c, wire.PracticeChoice{Step: at, Chosen: 0})
	codes = append(codes, choose(c, wire.PracticeChoice{Step: at, Chosen: 1})) // now that its reason is known
	for _, one := range p.Scenarios {
		if err := c.Practise(ctx, one.ID); err != nil {
			return err
		}
	}
	// Nobody has shown his face where it was played: elsewhere it counts for nothing.
	second, err := own.enrolledAs(ctx, own.Seeded.People["operator"], "demo")
	if err != nil {
		return err
	}
	_, err = second.Login(ctx, nil)
	second.Close()
	elsewhere := answerCode(err)
	if c, err = c.PC.Connect(ctx); err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Login(ctx, nil)
	want := "request.malformed practice.step practice.choice practice.run_unknown practice.step"
	r.Refused = !key && strings.Join(codes, " ") == want && elsewhere == "training.required"
	r.Control = taken == "" && err == nil
	r.Evidence = fmt.Sprintf("right by his own word, ahead, a choice that is none, somebody else's run, the same turn again: %s; at another PC, before any login: %s; the key went out with the question: %v",
		strings.Join(codes, ", "), elsewhere, key)
	return nil
}
