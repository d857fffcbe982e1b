package drills

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/test/centre"
)

// ownApproval is a supervisor who works as an operator and approves himself.
func ownApproval(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	c, err := f.connectAs(ctx, person)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Consent(ctx); err != nil {
		return err
	}
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	himself, err := f.Enter(ctx, person)
	if err != nil {
		return err
	}
	own := answerCode(decide(ctx, himself, asked.ID, asked.Code))
	stored := answerCode(c.StoreFace(ctx, asked.ID))
	row, err := f.Audit(ctx, "approval.denied", func(r Row) bool { return r.ObjectID == string(asked.ID) })
	r.Refused = own == "approval.own" && stored == "approval.waiting" && err == nil
	r.Evidence = fmt.Sprintf("by himself, with the right code: %s; enrolling with it: %s; %s", own, stored, row)
	r.Control = f.decide(ctx, "supervisor", asked) == nil && c.StoreFace(ctx, asked.ID) == nil
	return nil
}

func decide(ctx context.Context, by *centre.Console, id sekisho.ApprovalID, code string) error {
	return by.Post(ctx, "approvals/"+string(id)+"/decide", map[string]any{"approve": true, "code": code}, nil)
}

// approvalTwice uses one approval for two faces, and at another PC.
func approvalTwice(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	b, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := c.Consent(ctx); err != nil {
		return err
	}
	if err := b.Consent(ctx); err != nil {
		return err
	}
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	waiting := answerCode(c.StoreFace(ctx, asked.ID))
	if err := f.decide(ctx, "supervisor", asked); err != nil {
		return err
	}
	elsewhere := answerCode(b.StoreFace(ctx, asked.ID))
	r.Control = c.StoreFace(ctx, asked.ID) == nil
	again := answerCode(c.StoreFace(ctx, asked.ID))
	r.Refused = waiting == "approval.waiting" && elsewhere == "approval.unknown" && again == "approval.used"
	r.Evidence = fmt.Sprintf("before it was given: %s; at another PC: %s; a second time: %s", waiting, elsewhere, again)
	return nil
}

// guessedCode approves without having been told the code.
func guessedCode(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Consent(ctx); err != nil {
		return err
	}
	by, err := f.As(ctx, "supervisor")
	if err != nil {
		return err
	}
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	codes := []string{}
	for range 3 {
		codes = append(codes, answerCode(decide(ctx, by, asked.ID, "x"+asked.Code[1:])))
	}
	late := answerCode(decide(ctx, by, asked.ID, asked.Code))
	r.Refused = all(codes, "approval.code") && late == "approval.decided"
	r.Evidence = fmt.Sprintf("three guesses: %v; then the right one: %s", codes, late)
	asked, err = c.Ask(ctx, "face_enrolment", "")
	r.Control = err == nil && decide(ctx, by, asked.ID, asked.Code) == nil
	return nil
}

// withoutConsent enrols a face that nobody has agreed to.
func withoutConsent(ctx context.Context, f *Field, r *Result) error {
	c, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	asked, err := c.Ask(ctx, "face_enrolment", "")
	if err != nil {
		return err
	}
	if err := f.decide(ctx, "supervisor", asked); err != nil {
		return err
	}
	code := answerCode(c.StoreFace(ctx, asked.ID))
	r.Refused, r.Evidence = code == "consent.required", code
	if err := c.Consent(ctx); err != nil {
		return err
	}
	r.Control = c.StoreFace(ctx, asked.ID) == nil
	return nil
}
