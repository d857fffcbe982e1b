package drills

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/test/centre"
)

func actDrills() []Drill {
	return []Drill{
		{"administrator confirms his own dangerous act, edits it, or two confirm at once", "an administrator on his own", ownAct},
		{"dangerous act confirmed without one's own passkey, or with one for another act", "whoever finds a second administrator's session open", withoutOwnPasskey},
		{"own role made, widened or given by one administrator", "an administrator who wants somebody of his own", roleByOne},
		{"somebody linked to the identity provider by one administrator", "an administrator who would be the supervisor", linkByOne},
		{"disaster mode with what was not agreed on, declared by one, and past its end", "an administrator in a hurry", lawlessDisaster},
		{"deputy past his period, and for his own request", "whoever once stood in for a supervisor", lateDeputy},
	}
}

// threeAdministrators makes a centre of its own with a third administrator beside
// the two: one whom they have both made one.
func threeAdministrators(ctx context.Context, f *Field, name string) (own *Field, two *centre.Two, third *centre.Console, err error) {
	if own, err = f.Own(ctx, name); err != nil {
		return nil, nil, nil, err
	}
	if two, err = own.Two(ctx); err != nil {
		return own, nil, nil, err
	}
	var made struct {
		ID string `json:"id"`
	}
	person := map[string]any{
		"name": "見本 管理 三", "kana": "", "login": "admin3", "roles": []sekisho.Role{sekisho.RoleAdministrator}, "face_usable": true, "place": "office",
	}
	if err := two.Post(ctx, "people", person, &made); err != nil {
		return own, nil, nil, err
	}
	third, err = own.Enter(ctx, made.ID)
	return own, two, third, err
}

// ownAct loosens a guard policy alone by every way there is.
func ownAct(ctx context.Context, f *Field, r *Result) error {
	own, two, third, err := threeAdministrators(ctx, f, "acts")
	if own != nil {
		defer own.Close()
	}
	if err != nil {
		return err
	}
	alone := answerCode(two.First.Put(ctx, "policies/home", looseHome, nil))
	open, err := own.Auditor.Acts(ctx) // an auditor sees it at once
	if err != nil || len(open) != 1 {
		return fmt.Errorf("drills: an auditor sees %d acts: %w", len(open), err)
	}
	one := open[0]
	himself := answerCode(two.First.Confirm(ctx, one, nil))
	again, err := own.Enter(ctx, two.First.Person)
	if err != nil {
		return err
	}
	login := answerCode(again.Give(ctx, one, centre.Word{Digest: one.Digest}, nil))
	edited := one
	edited.Digest = strings.Repeat("0", 64)
	other := answerCode(third.Give(ctx, one, centre.Word{Digest: edited.Digest}, nil))
	begun := answerCode(two.Second.Confirm(ctx, edited, nil))
	auditor := answerCode(own.Auditor.Confirm(ctx, one, nil))
	version := func() (v int, err error) {
		var all struct {
			Policies []struct {
				Name    string `json:"name"`
				Version int    `json:"version"`
			} `json:"policies"`
		}
		err = own.Admin.Get(ctx, "policies", &all)
		for _, p := range all.Policies {
			if p.Name == "home" {
				v = p.Version
			}
		}
		return v, err
	}
	before, err := version()
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	codes, by, words := make([]string, 6), [2]*centre.Console{two.Second, third}, make([]centre.Word, 6)
	for i := range words { // all have signed before the first is counted
		if words[i], err = by[i%2].Word(ctx, one); err != nil {
			return err
		}
	}
	for i := range codes {
		all.Go(func() { codes[i] = answerCode(by[i%2].Give(ctx, one, words[i], nil)) })
	}
	all.Wait()
	counted := 0
	for _, code := range codes {
		if code == "" {
			counted++
		}
	}
	after, err := version()
	r.Refused = alone == "act.asked" && himself == "act.own" && login == "act.own" && other == "act.not_what_was_shown" && begun == other && auditor == "console.role_missing" && before == 1
	r.Evidence = fmt.Sprintf("alone: %s; by himself: %s; by a second login: %s; not what was shown: %s; by an auditor: %s; of six at once %d counted", alone, himself, login, other, auditor, counted)
	r.Control = err == nil && counted == 1 && after == 2
	return nil
}

// looseHome is the built-in policy of homes, loosened.
var looseHome = map[string]any{"name": "home", "version": 1, "place": "home", "onlooker": true, "absent_ms": 10000, "reentry": "strict", "lock_os": true, "allow_software": true, "confirm_every_s": 60}

// lawlessDisaster declares what nobody agreed on, alone, and goes on past its end.
func lawlessDisaster(ctx context.Context, f *Field, r *Result) error {
	own, two, third, err := threeAdministrators(ctx, f, "disaster")
	if own != nil {
		defer own.Close()
	}
	if err != nil {
		return err
	}
	declare := func(widening string, ends time.Time) string {
		return answerCode(two.First.Post(ctx, "disaster", map[string]any{"widening": widening, "reason": "台風", "announcement": "訓練です。", "ends": ends}, nil))
	}
	invented := declare("none", time.Now().Add(time.Hour))
	text := `@id("disaster-home") permit (principal, action, resource);`
	forbids := answerCode(two.First.Post(ctx, "disaster/widenings", map[string]string{"name": "見本", "text": strings.Replace(text, "permit", "forbid", 1)}, nil))
	agree := answerCode(two.First.Post(ctx, "disaster/widenings", map[string]string{"name": "見本", "text": text}, nil))
	confirm := func(by *centre.Console) string {
		open, err := by.Acts(ctx)
		if err != nil || len(open) != 1 {
			return fmt.Sprintf("%d acts wait: %v", len(open), err)
		}
		return answerCode(by.Confirm(ctx, open[0], nil))
	}
	agreedAlone, agreed := confirm(two.First), confirm(two.Second)
	var state struct {
		On        bool `json:"on"`
		Widenings []struct {
			ID string `json:"id"`
		} `json:"widenings"`
	}
	if err := own.Admin.Get(ctx, "disaster", &state); err != nil || len(state.Widenings) != 1 {
		return fmt.Errorf("drills: %d widenings: %w", len(state.Widenings), err)
	}
	id := state.Widenings[0].ID
	tooLong := declare(id, time.Now().Add(73*time.Hour))
	asked := declare(id, time.Now().Add(4*time.Second))
	declaredAlone := confirm(two.First)
	declared := confirm(third)
	if err := own.Admin.Get(ctx, "disaster", &state); err != nil {
		return err
	}
	began := state.On
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * time.Second):
	}
	if err := own.Admin.Get(ctx, "disaster", &state); err != nil {
		return err
	}
	row, err := own.Audit(ctx, "disaster.ended", func(Row) bool { return true })
	r.Refused = invented == "disaster.not_agreed" && forbids == "disaster.widening" && agreedAlone == "act.own" && tooLong == "disaster.end" && declaredAlone == "act.own" && !state.On && err == nil
	r.Evidence = fmt.Sprintf("not agreed on: %s; a forbid: %s; agreed on alone: %s; for 73 hours: %s; declared alone: %s; past its end it was off, and the log has %s", invented, forbids, agreedAlone, tooLong, declaredAlone, row)
	r.Control = agree == "act.asked" && agreed == "" && asked == "act.asked" && declared == "" && began
	return nil
}

// lateDeputy answers after his time, and what the supervisor whom he stands in for asks.
func lateDeputy(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	supervisor, err := f.Enter(ctx, person)
	if err != nil {
		return err
	}
	officer, err := f.As(ctx, "officer1")
	if err != nil {
		return err
	}
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	unnamed := answerCode(decide(ctx, officer, asked.ID, asked.Code))
	begins := time.Now()
	named := supervisor.Post(ctx, "deputies", map[string]any{"person": officer.Person, "begins": begins, "ends": begins.Add(6 * time.Second)}, nil)
	inTime := answerCode(decide(ctx, officer, asked.ID, asked.Code))
	p, err := f.issueTo(ctx, person, "demo")
	if err != nil {
		return err
	}
	his, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	defer his.Close()
	question, err := his.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	forHim := answerCode(decide(ctx, officer, question.ID, question.Code))
	later, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(begins.Add(6*time.Second + 100*time.Millisecond))):
	}
	late := answerCode(decide(ctx, officer, later.ID, later.Code))
	r.Refused = unnamed == "approval.role" && (forHim == "approval.own" || forHim == "approval.role") && late == "approval.role"
	r.Evidence = fmt.Sprintf("before he was named: %s; what the supervisor asks himself: %s; after his time: %s", unnamed, forHim, late)
	r.Control = named == nil && inTime == ""
	return nil
}
