package training

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "training", Files: files}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// all reads every row of a query before it returns: other questions may follow
// in the same transaction.
func all[T any](ctx context.Context, tx storage.Tx, read func(*sql.Rows) (T, error), query string, args ...any) (out []T, err error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one says whether exactly one row was changed: whoever comes second finds none.
func one(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func newestRules(ctx context.Context, tx storage.Tx) (r Rules, err error) {
	var required, practice, since int64
	err = tx.QueryRow(ctx, "SELECT version, required, grace_days, remind_days, practice, practice_months, practice_since FROM training_rules ORDER BY version DESC LIMIT 1").
		Scan(&r.Version, &required, &r.GraceDays, &r.RemindDays, &practice, &r.PracticeMonths, &since)
	if errors.Is(err, sql.ErrNoRows) {
		return builtin, nil
	}
	r.Required, r.Practice, r.PracticeSince = required != 0, practice != 0, storage.Time(since)
	return r, err
}

func insertRules(ctx context.Context, tx storage.Tx, r Rules, at time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO training_rules (version, required, grace_days, remind_days, practice, practice_months, practice_since, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.Version, bit(r.Required), r.GraceDays, r.RemindDays, bit(r.Practice), r.PracticeMonths, storage.Micros(r.PracticeSince), storage.Micros(at))
	return err
}

func loadAsked(ctx context.Context, tx storage.Tx) (a asked, err error) {
	if a.rules, err = newestRules(ctx, tx); err != nil {
		return a, err
	}
	all, err := courses(ctx, tx)
	if err != nil {
		return a, err
	}
	for _, c := range all {
		if c.Required && c.Pool >= c.Draw {
			a.courses = append(a.courses, c)
		}
	}
	docs, err := documents(ctx, tx)
	for _, d := range docs {
		if d.Required {
			a.documents = append(a.documents, d)
		}
	}
	if err != nil {
		return a, err
	}
	if a.published, err = publications(ctx, tx); err != nil || !a.rules.Practice {
		return a, err
	}
	if a.intervals, a.begun, err = intervals(ctx, tx); err != nil {
		return a, err
	}
	a.scenarios, err = scenariosAsked(ctx, tx)
	return a, err
}

// intervals are the rules by which the practice is asked without a break, the newest
// first, as far as each asks no less often than the one before; and since when it is.
func intervals(ctx context.Context, tx storage.Tx) (out []Rules, begun time.Time, err error) {
	list, err := all(ctx, tx, func(rows *sql.Rows) (r Rules, err error) {
		var practice, since int64
		err = rows.Scan(&practice, &r.PracticeMonths, &since)
		r.Practice, r.PracticeSince = practice != 0, storage.Time(since)
		return r, err
	}, "SELECT practice, practice_months, practice_since FROM training_rules ORDER BY version DESC")
	tighter := true
	for i, r := range list {
		if !r.Practice {
			break
		}
		begun = r.PracticeSince
		if tighter = tighter && (i == 0 || again(r) >= again(list[i-1])); tighter {
			out = append(out, r)
		}
	}
	return out, begun, err
}

// firstAsked notes when a person was first asked, once.
func firstAsked(ctx context.Context, tx storage.Tx, p sekisho.PersonID, at time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO training_people (person, since) VALUES (?, ?) ON CONFLICT (person) DO NOTHING",
		string(p), storage.Micros(at))
	return err
}

func sinceOf(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (time.Time, error) {
	var since int64
	err := tx.QueryRow(ctx, "SELECT since FROM training_people WHERE person = ?", string(p)).Scan(&since)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return storage.Time(since), err
}

func allSince(ctx context.Context, tx storage.Tx) (map[sekisho.PersonID]time.Time, error) {
	out := map[sekisho.PersonID]time.Time{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		var person string
		var since int64
		err := rows.Scan(&person, &since)
		out[sekisho.PersonID(person)] = storage.Time(since)
		return struct{}{}, err
	}, "SELECT person, since FROM training_people")
	return out, err
}

func scanPass(rows *sql.Rows) (p pass, person sekisho.PersonID, err error) {
	var who, course string
	var ended, until int64
	err = rows.Scan(&who, &course, &ended, &until)
	return pass{sekisho.CourseID(course), storage.Time(ended), storage.Time(until)}, sekisho.PersonID(who), err
}

// passesHere are a person's passed quizzes that count on one connection.
func passesHere(ctx context.Context, tx storage.Tx, by By) ([]pass, error) {
	return all(ctx, tx, func(rows *sql.Rows) (pass, error) {
		p, _, err := scanPass(rows)
		return p, err
	}, `SELECT person, course, ended, until FROM training_attempts
		WHERE person = ? AND state = 'passed' AND (session <> '' OR device = ? OR connection = ?)`, string(by.Person), string(by.Device), string(by.Connection))
}

func allPasses(ctx context.Context, tx storage.Tx) (map[sekisho.PersonID][]pass, error) {
	out := map[sekisho.PersonID][]pass{}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		p, person, err := scanPass(rows)
		out[person] = append(out[person], p)
		return struct{}{}, err
	}, `SELECT person, course, MAX(ended), MAX(until) FROM training_attempts WHERE state = 'passed' AND session <> ''
		GROUP BY person, course`)
	return out, err
}

func scanAcknowledged(rows *sql.Rows) (a acknowledged, person sekisho.PersonID, err error) {
	var who, document string
	var at int64
	err = rows.Scan(&who, &document, &a.version, &at)
	a.document, a.at = sekisho.DocumentID(document), storage.Time(at)
	return a, sekisho.PersonID(who), err
}

// acknowledgedHere is what a person signed for that counts on one connection.
func acknowledgedHere(ctx context.Context, tx storage.Tx, by By) ([]acknowledged, error) {
	return all(ctx, tx, func(rows *sql.Rows) (acknowledged, error) {
		a, _, err := scanAcknowledged(rows)
		return a, err
	}, `SELECT person, document, version, at FROM training_acknowledgements
		WHERE person = ? AND (session <> '' OR connection = ?)`, string(by.Person), string(by.Connection))
}

// allAcknowledged gives what people signed for of the documents in force, or, without
// its time, the newest version that they signed for before: one
// row a person, a column a document, since a centre has many of the one and few
// of the other.
func allAcknowledged(ctx context.Context, tx storage.Tx, docs []Document) (map[sekisho.PersonID][]acknowledged, error) {
	out := map[sekisho.PersonID][]acknowledged{}
	if len(docs) == 0 {
		return out, nil
	}
	columns, args := "", []any{}
	for _, d := range docs {
		columns += ", MIN(CASE WHEN document = ? AND version = ? THEN at END), MAX(CASE WHEN document = ? THEN version END)"
		args = append(args, string(d.ID), d.Version.Version, string(d.ID))
	}
	var person string
	at, newest, into := make([]sql.NullInt64, len(docs)), make([]sql.NullInt64, len(docs)), []any{&person}
	for i := range at {
		into = append(into, &at[i], &newest[i])
	}
	_, err := all(ctx, tx, func(rows *sql.Rows) (struct{}, error) {
		if err := rows.Scan(into...); err != nil {
			return struct{}{}, err
		}
		signed := make([]acknowledged, 0, len(docs))
		for i, d := range docs {
			switch {
			case at[i].Valid:
				signed = append(signed, acknowledged{d.ID, d.Version.Version, storage.Time(at[i].Int64)})
			case newest[i].Valid:
				signed = append(signed, acknowledged{document: d.ID, version: int(newest[i].Int64)})
			}
		}
		out[sekisho.PersonID(person)] = signed
		return struct{}{}, nil
	}, "SELECT person"+columns+" FROM training_acknowledgements WHERE session <> '' GROUP BY person", args...)
	return out, err
}

// confirm writes the session beside what was done here before it, and counts it.
func confirm(ctx context.Context, tx storage.Tx, by By, s sekisho.SessionID, class sekisho.LeaseClass) (int64, error) {
	res, err := tx.Exec(ctx, "UPDATE training_acknowledgements SET session = ?, class = ? WHERE person = ? AND connection = ? AND session = ''",
		string(s), string(class), string(by.Person), string(by.Connection))
	if err != nil {
		return 0, err
	}
	acks, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	res, err = tx.Exec(ctx, "UPDATE training_attempts SET session = ?, class = ? WHERE person = ? AND (device = ? OR connection = ?) AND state = 'passed' AND session = ''",
		string(s), string(class), string(by.Person), string(by.Device), string(by.Connection))
	if err != nil {
		return 0, err
	}
	passes, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "UPDATE training_attempts SET apart = '' WHERE person = ? AND apart = ? AND state <> 'open'", string(by.Person), string(by.Connection))
	if err != nil {
		return 0, err
	}
	res, err = tx.Exec(ctx, "UPDATE training_practices SET session = ?, class = ? WHERE person = ? AND (device = ? OR connection = ?) AND state = 'done' AND session = ''",
		string(s), string(class), string(by.Person), string(by.Device), string(by.Connection))
	if err != nil {
		return 0, err
	}
	practices, err := res.RowsAffected()
	return acks + passes + practices, err
}
