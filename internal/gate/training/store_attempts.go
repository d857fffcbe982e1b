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

const attemptColumns = "id, course, person, state, asked, correct, begun, ended"

func scanAttempt(row interface{ Scan(...any) error }) (a attempt, err error) {
	var id, course, person string
	var begun, ended int64
	err = row.Scan(&id, &course, &person, &a.state, &a.asked, &a.correct, &begun, &ended)
	a.id, a.course, a.person = sekisho.AttemptID(id), sekisho.CourseID(course), sekisho.PersonID(person)
	a.begun, a.ended = storage.Time(begun), storage.Time(ended)
	return a, err
}

// loadAttempt reads an attempt of this person; another's does not exist for him.
func loadAttempt(ctx context.Context, tx storage.Tx, id sekisho.AttemptID, by By) (attempt, error) {
	a, err := scanAttempt(tx.QueryRow(ctx, "SELECT "+attemptColumns+" FROM training_attempts WHERE id = ? AND person = ? AND apart = ?", string(id), string(by.Person), string(by.apart())))
	if errors.Is(err, sql.ErrNoRows) {
		return attempt{}, errNoAttempt
	}
	return a, err
}

func openAttempt(ctx context.Context, tx storage.Tx, by By, c sekisho.CourseID) (attempt, bool, error) {
	a, err := scanAttempt(tx.QueryRow(ctx, "SELECT "+attemptColumns+" FROM training_attempts WHERE person = ? AND course = ? AND apart = ? AND state = 'open'", string(by.Person), string(c), string(by.apart())))
	if errors.Is(err, sql.ErrNoRows) {
		return attempt{}, false, nil
	}
	return a, err == nil, err
}

func insertAttempt(ctx context.Context, tx storage.Tx, by By, a attempt) error {
	_, err := tx.Exec(ctx, "INSERT INTO training_attempts ("+attemptColumns+", device, connection, until, session, class, apart) VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, ?, 0, '', '', ?)",
		string(a.id), string(a.course), string(a.person), a.state, a.asked, storage.Micros(a.begun), string(by.Device), string(by.Connection), string(by.apart()))
	return err
}

// endAttempt closes it. Connection and session are those of its end, and the
// device is the PC on which it counts.
func endAttempt(ctx context.Context, tx storage.Tx, by By, a attempt, state string, at, until time.Time) error {
	ok, err := one(tx.Exec(ctx, `UPDATE training_attempts SET state = ?, correct = ?, ended = ?, until = ?, device = ?, connection = ?, session = ?, class = ?
		WHERE id = ? AND state = 'open'`,
		state, a.correct, storage.Micros(at), storage.Micros(until), string(by.countsOn()), string(by.Connection), string(by.Session), string(by.Class), string(a.id)))
	if err == nil && !ok {
		err = errOver
	}
	return err
}

func lastFailed(ctx context.Context, tx storage.Tx, by By, c sekisho.CourseID) (time.Time, error) {
	var ended int64
	err := tx.QueryRow(ctx, "SELECT COALESCE(MAX(ended), 0) FROM training_attempts WHERE person = ? AND course = ? AND apart = ? AND state = 'failed'", string(by.Person), string(c), string(by.apart())).Scan(&ended)
	return storage.Time(ended), err
}

func insertDrawn(ctx context.Context, tx storage.Tx, a sekisho.AttemptID, d drawn) error {
	shown, err := json.Marshal(d.shown)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO training_answers (attempt, place, question, shown, chosen, correct, at) VALUES (?, ?, ?, ?, '', 0, 0)",
		string(a), d.place, string(d.question), string(shown))
	return err
}

// drawnOf gives an attempt's questions in their places.
func drawnOf(ctx context.Context, tx storage.Tx, a sekisho.AttemptID) ([]drawn, error) {
	return all(ctx, tx, func(rows *sql.Rows) (d drawn, err error) {
		var question, shown string
		var correct, at int64
		if err = rows.Scan(&d.place, &question, &shown, &correct, &at); err != nil {
			return d, err
		}
		d.question, d.correct, d.at = sekisho.QuestionID(question), correct != 0, storage.Time(at)
		return d, json.Unmarshal([]byte(shown), &d.shown)
	}, "SELECT place, question, shown, correct, at FROM training_answers WHERE attempt = ? ORDER BY place", string(a))
}

// saveAnswer keeps the first answer to a question; whoever comes second changes nothing.
func saveAnswer(ctx context.Context, tx storage.Tx, a sekisho.AttemptID, d drawn, chosen []int) (bool, error) {
	text, err := json.Marshal(chosen)
	if err != nil {
		return false, err
	}
	return one(tx.Exec(ctx, "UPDATE training_answers SET chosen = ?, correct = ?, at = ? WHERE attempt = ? AND place = ? AND at = 0",
		string(text), bit(d.correct), storage.Micros(d.at), string(a), d.place))
}
