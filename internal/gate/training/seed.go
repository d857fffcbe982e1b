package training

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

//go:embed seed
var seeds embed.FS

// The house's own course and rule documents: templates that a centre makes its own.
const (
	ownCourse   sekisho.CourseID   = "home"
	ownRulebook sekisho.DocumentID = "telework" // by whose numbers the questions are answered
)

var ownDocuments = []Document{
	{ID: "policy", Level: LevelPolicy, Required: true},
	{ID: "standard", Level: LevelStandard, Required: true},
	{ID: ownRulebook, Level: LevelProcedure, Required: true},
	{ID: "pledge", Level: LevelProcedure, Required: true},
	{ID: "family", Level: LevelProcedure},
	{ID: "staff", Level: LevelProcedure},
}

// Seed puts the house's own course and rule documents into a room without any.
// It makes demands and opens nothing: its row may be written while the log is closed.
func (r *Training) Seed(ctx context.Context) error {
	questions, err := ownQuestions()
	if err != nil {
		return fmt.Errorf("training: seed: %w", err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if have, err := documents(ctx, tx); err != nil || len(have) > 0 {
			return err
		}
		now := r.clk.Now()
		c := Course{
			ID: ownCourse, Title: wire.Words{JA: "在宅勤務の情報セキュリティ", EN: "Information security when working at home"},
			Draw: 15, PassPercent: 80, Pause: 10 * time.Minute, ValidMonths: 12, Required: true, Since: now, Version: 1,
		}
		if err := insertCourse(ctx, tx, c); err != nil {
			return err
		}
		for i, q := range questions {
			q.ID = sekisho.QuestionID(wire.NewID())
			if err := insertQuestion(ctx, tx, c.ID, i, q); err != nil {
				return err
			}
		}
		for i, d := range ownDocuments {
			if d.Version, err = ownVersion(d.ID, now); err != nil {
				return err
			}
			if err := insertDocument(ctx, tx, i, d); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "training.seeded", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "training", ID: "rules"}, Closing: true,
			Detail: map[string]string{"questions": strconv.Itoa(len(questions)), "documents": strconv.Itoa(len(ownDocuments))},
		})
	})
	if err != nil && !storage.Duplicate(err) { // another node was first
		return fmt.Errorf("training: seed: %w", err)
	}
	return r.seedPractice(ctx)
}

func ownVersion(id sekisho.DocumentID, at time.Time) (v Version, err error) {
	ja, err := seeds.ReadFile("seed/" + string(id) + ".ja.txt")
	if err != nil {
		return v, err
	}
	en, err := seeds.ReadFile("seed/" + string(id) + ".en.txt")
	if err != nil {
		return v, err
	}
	v = Version{Version: 1, Published: at}
	v.Title.JA, v.Body.JA = titleAndBody(string(ja))
	v.Title.EN, v.Body.EN = titleAndBody(string(en))
	return v, v.valid()
}

// titleAndBody takes the first line, "# title", off a template.
func titleAndBody(s string) (title, body string) {
	first, rest, _ := strings.Cut(s, "\n")
	return strings.TrimPrefix(first, "# "), oneKindOfLine(rest)
}

// ownQuestions reads the pool from its two files. A question's title is the
// number of the rule that answers it, and pairs the languages.
func ownQuestions() ([]Question, error) {
	ja, err := readOwn("seed/home.ja.gift")
	if err != nil {
		return nil, err
	}
	en, err := readOwn("seed/home.en.gift")
	if err != nil {
		return nil, err
	}
	if len(ja) != len(en) {
		return nil, fmt.Errorf("training: %d questions in Japanese, %d in English", len(ja), len(en))
	}
	out := make([]Question, len(ja))
	for i, q := range ja {
		if out[i], err = together(q, en[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readOwn(name string) ([]imported, error) {
	text, err := seeds.ReadFile(name)
	if err != nil {
		return nil, err
	}
	read, faults := readGIFT(string(text))
	if len(faults) > 0 {
		return nil, fmt.Errorf("training: %s: line %d: %s", name, faults[0].Line, faults[0].Code)
	}
	return read, nil
}

// together makes one question of its two languages.
func together(ja, en imported) (Question, error) {
	if ja.title != en.title || len(ja.Options) != len(en.Options) {
		return Question{}, fmt.Errorf("training: question %q is not %q", ja.title, en.title)
	}
	q := ja.Question
	q.Text.EN, q.Explain.EN, q.Rule = en.Text.EN, en.Explain.EN, string(ownRulebook)+" "+ja.title
	for i := range q.Options {
		if q.Options[i].Right != en.Options[i].Right {
			return Question{}, fmt.Errorf("training: question %q has another key in English", ja.title)
		}
		q.Options[i].Text.EN = en.Options[i].Text.EN
	}
	return q, nil
}
