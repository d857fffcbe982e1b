package rawpc

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Training asks what the rules still ask of this PC's person.
func (c *Connection) Training(ctx context.Context) (t wire.Training, err error) {
	return t, c.Call(ctx, http.MethodGet, "training", nil, &t)
}

// Begin draws a quiz, or takes up the one under way.
func (c *Connection) Begin(ctx context.Context, course sekisho.CourseID) (a wire.TrainingAttempt, err error) {
	return a, c.Call(ctx, http.MethodPost, "training/courses/"+string(course)+"/attempts", struct{}{}, &a)
}

// AnswerQuestion answers one question of a quiz.
func (c *Connection) AnswerQuestion(ctx context.Context, id sekisho.AttemptID, a wire.TrainingAnswer) (out wire.TrainingAnswered, err error) {
	return out, c.Call(ctx, http.MethodPost, "training/attempts/"+string(id)+"/answers", a, &out)
}

// Take goes through a course's quiz. know says which options of a question, by
// its Japanese text, are right.
func (c *Connection) Take(ctx context.Context, course sekisho.CourseID, know map[string][]string) (*wire.TrainingResult, error) {
	a, err := c.Begin(ctx, course)
	if err != nil {
		return nil, err
	}
	for a.Question != nil {
		chosen := []int{}
		for i, o := range a.Question.Options {
			for _, right := range know[a.Question.Text.JA] {
				if o.JA == right {
					chosen = append(chosen, i)
				}
			}
		}
		out, err := c.AnswerQuestion(ctx, a.ID, wire.TrainingAnswer{Place: a.Question.Place, Chosen: chosen})
		if err != nil || out.Result != nil {
			return out.Result, err
		}
		a = out.Attempt
	}
	return nil, errors.New("rawpc: a quiz without an end")
}

// Acknowledge signs for the version of a document in force with a lease key.
func (c *Connection) Acknowledge(ctx context.Context, key ed25519.PrivateKey, id sekisho.DocumentID) error {
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return err
	}
	var read wire.RuleDocument
	if err := c.Call(ctx, http.MethodGet, "training/documents/"+string(id), nil, &read); err != nil {
		return err
	}
	return c.Call(ctx, http.MethodPost, "acknowledgements", wire.SignWith(key, wire.DomainRules, wire.Acknowledgement{
		Connection: c.Answer.Connection, Person: me.Person.ID, Document: id, Version: read.Document.Version, Language: "ja", Digest: wire.RuleDigest(read.Body.JA),
	}), nil)
}

// AcknowledgeAll signs for everything that is to be acknowledged.
func (c *Connection) AcknowledgeAll(ctx context.Context) error {
	t, err := c.Training(ctx)
	if err != nil {
		return err
	}
	for _, d := range t.Documents {
		if !d.Required || d.Done != nil {
			continue
		}
		if err := c.Acknowledge(ctx, c.Keys.Lease, d.ID); err != nil {
			return err
		}
	}
	return nil
}
