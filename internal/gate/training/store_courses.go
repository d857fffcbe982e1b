package training

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const courseColumns = `id, title_ja, title_en, draw, pass_percent, pause_s, valid_months, required, since, version,
	(SELECT COUNT(*) FROM training_questions q WHERE q.course = training_courses.id AND q.retired = 0)`

func scanCourse(row interface{ Scan(...any) error }) (c Course, err error) {
	var id string
	var pause, required, since int64
	err = row.Scan(&id, &c.Title.JA, &c.Title.EN, &c.Draw, &c.PassPercent, &pause, &c.ValidMonths, &required, &since, &c.Version, &c.Pool)
	c.ID, c.Pause, c.Required, c.Since = sekisho.CourseID(id), time.Duration(pause)*time.Second, required != 0, storage.Time(since)
	return c, err
}

func courses(ctx context.Context, tx storage.Tx) ([]Course, error) {
	return all(ctx, tx, func(rows *sql.Rows) (Course, error) { return scanCourse(rows) },
		"SELECT "+courseColumns+" FROM training_courses ORDER BY id")
}

func course(ctx context.Context, tx storage.Tx, id sekisho.CourseID) (Course, error) {
	c, err := scanCourse(tx.QueryRow(ctx, "SELECT "+courseColumns+" FROM training_courses WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Course{}, errNoCourse
	}
	return c, err
}

func insertCourse(ctx context.Context, tx storage.Tx, c Course) error {
	_, err := tx.Exec(ctx, `INSERT INTO training_courses (id, title_ja, title_en, draw, pass_percent, pause_s, valid_months, required, since, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(c.ID), c.Title.JA, c.Title.EN, c.Draw, c.PassPercent, int64(c.Pause/time.Second), c.ValidMonths, bit(c.Required), storage.Micros(c.Since), c.Version)
	return err
}

// saveCourse puts the next version in place of the one that was seen.
func saveCourse(ctx context.Context, tx storage.Tx, c Course, seen int) (bool, error) {
	return one(tx.Exec(ctx, `UPDATE training_courses SET title_ja = ?, title_en = ?, draw = ?, pass_percent = ?, pause_s = ?, valid_months = ?,
		required = ?, since = ?, version = ? WHERE id = ? AND version = ?`,
		c.Title.JA, c.Title.EN, c.Draw, c.PassPercent, int64(c.Pause/time.Second), c.ValidMonths, bit(c.Required), storage.Micros(c.Since), c.Version, string(c.ID), seen))
}

const questionColumns = "id, text_ja, text_en, options, explain_ja, explain_en, rule"

func scanQuestion(row interface{ Scan(...any) error }) (q Question, err error) {
	var id, options string
	if err = row.Scan(&id, &q.Text.JA, &q.Text.EN, &options, &q.Explain.JA, &q.Explain.EN, &q.Rule); err != nil {
		return q, err
	}
	q.ID = sekisho.QuestionID(id)
	return q, json.Unmarshal([]byte(options), &q.Options)
}

// pool are the questions of a course that can be drawn, in their order.
func pool(ctx context.Context, tx storage.Tx, id sekisho.CourseID) ([]Question, error) {
	return all(ctx, tx, func(rows *sql.Rows) (Question, error) { return scanQuestion(rows) },
		"SELECT "+questionColumns+" FROM training_questions WHERE course = ? AND retired = 0 ORDER BY seq, id", string(id))
}

// question reads one, also when it was retired since it was drawn.
func question(ctx context.Context, tx storage.Tx, id sekisho.QuestionID) (Question, error) {
	q, err := scanQuestion(tx.QueryRow(ctx, "SELECT "+questionColumns+" FROM training_questions WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Question{}, errNoQuestion
	}
	return q, err
}

func insertQuestion(ctx context.Context, tx storage.Tx, c sekisho.CourseID, seq int, q Question) error {
	options, err := json.Marshal(q.Options)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO training_questions ("+questionColumns+", course, seq, retired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
		string(q.ID), q.Text.JA, q.Text.EN, string(options), q.Explain.JA, q.Explain.EN, q.Rule, string(c), seq)
	return err
}

// courseOf finds the course whose pool holds a question.
func courseOf(ctx context.Context, tx storage.Tx, q sekisho.QuestionID) (sekisho.CourseID, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT course FROM training_questions WHERE id = ? AND retired = 0", string(q)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errNoQuestion
	}
	return sekisho.CourseID(id), err
}

func retire(ctx context.Context, tx storage.Tx, q sekisho.QuestionID, at time.Time) (bool, error) {
	return one(tx.Exec(ctx, "UPDATE training_questions SET retired = ? WHERE id = ? AND retired = 0", storage.Micros(at), string(q)))
}
