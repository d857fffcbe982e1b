package drills

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// untrained is an operator whose time of grace is over and who has taken no course.
func untrained(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issueTo(ctx, f.Seeded.People["operator4"], "demo")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return err
	}
	at := string(c.Answer.Connection)
	_, err = c.Login(ctx, nil)
	before := answerCode(err)
	other, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer other.Close()
	foreign := answerCode(c.Acknowledge(ctx, other.Keys.Lease, "policy"))
	know, err := f.key(ctx, "home")
	if err != nil {
		return err
	}
	twice, err := answeredTwice(ctx, c)
	if err != nil {
		return err
	}
	result, err := c.Take(ctx, "home", know)
	if err != nil {
		return err
	}
	if err := c.AcknowledgeAll(ctx); err != nil {
		return err
	}
	c.Close() // whoever did all this never showed his face
	if c, err = p.Connect(ctx); err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Login(ctx, nil)
	unconfirmed := answerCode(err)
	row, err := f.Audit(ctx, "login.refused", func(row Row) bool { return row.Reason == "training.required" && row.ObjectID == at })
	r.Refused = before == "training.required" && foreign == "rules.statement" && twice == "training.answered" &&
		unconfirmed == "training.required" && result != nil && result.Passed && err == nil
	r.Evidence = fmt.Sprintf("untrained: %s; rules signed by another connection's key: %s; a question answered twice: %s; rules signed on a connection where nobody logged in: %s; %s",
		before, foreign, twice, unconfirmed, row)
	if err := c.AcknowledgeAll(ctx); err != nil {
		return err
	}
	_, err = c.Login(ctx, nil)
	r.Control = err == nil
	return nil
}

// key reads a course's key as an administrator may.
func (f *Field) key(ctx context.Context, course string) (map[string][]string, error) {
	var all struct {
		Questions []struct {
			Text    wire.Words `json:"text"`
			Options []struct {
				Text  wire.Words `json:"text"`
				Right bool       `json:"right"`
			} `json:"options"`
		} `json:"questions"`
	}
	err := f.Admin.Get(ctx, "training/courses/"+course+"/questions", &all)
	know := map[string][]string{}
	for _, q := range all.Questions {
		for _, o := range q.Options {
			if o.Right {
				know[q.Text.JA] = append(know[q.Text.JA], o.Text.JA)
			}
		}
	}
	return know, err
}

// answeredTwice answers a question, and again now that its key is known.
func answeredTwice(ctx context.Context, c *rawpc.Connection) (code string, err error) {
	t, err := c.Training(ctx)
	if err != nil {
		return "", err
	}
	id := sekisho.AttemptID("")
	for _, course := range t.Courses {
		a, err := c.Begin(ctx, course.ID)
		if err != nil {
			return "", err
		}
		id = a.ID
	}
	told, err := c.AnswerQuestion(ctx, id, wire.TrainingAnswer{Place: 0, Chosen: []int{0}})
	if err != nil {
		return "", err
	}
	_, err = c.AnswerQuestion(ctx, id, wire.TrainingAnswer{Place: 0, Chosen: told.Right})
	return answerCode(err), nil
}
