package recordings

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "recordings", Files: files}

// tapeRow is a recording with what only this room reads.
type tapeRow struct {
	Recording
	number  []byte
	wrapped []byte
	chunks  uint32
}

func insertTape(ctx context.Context, tx storage.Tx, id sekisho.RecordingID, m Meta, node string, number []byte, token string, wrapped []byte, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO recordings_tapes (id, call, client, work, queue, direction, node, number, token, wrapped, started,
		ended, state, length, chunks, caller_level, centre_level, hash, held, erased, gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, -10000, -10000, '', '', 0, 0)`,
		string(id), string(m.Call), string(m.Client), string(m.Work), string(m.Queue), m.Direction, node, number, token, wrapped, storage.Micros(now), string(Running))
	if err != nil || m.Operator == "" {
		return err
	}
	return insertSpoke(ctx, tx, id, 0, Spoke{Person: m.Operator})
}

func insertSpoke(ctx context.Context, tx storage.Tx, id sekisho.RecordingID, n int, s Spoke) error {
	_, err := tx.Exec(ctx, "INSERT INTO recordings_operators (tape, n, person, start) VALUES (?, ?, ?, ?)", string(id), n, string(s.Person), samples(s.From))
	return err
}

// putMark writes a mark under its number; one that has not ended has the end -1.
func putMark(ctx context.Context, tx storage.Tx, id sekisho.RecordingID, n int, m Mark) error {
	until := int64(-1)
	if m.End >= 0 {
		until = samples(m.End)
	}
	_, err := tx.Exec(ctx, `INSERT INTO recordings_marks (tape, n, kind, start, until, reason) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (tape, n) DO UPDATE SET until = excluded.until`, string(id), n, m.Kind, samples(m.Start), until, m.Reason)
	return err
}

// endTape writes down how a tape ended, with all that is marked on it.
func endTape(ctx context.Context, tx storage.Tx, id sekisho.RecordingID, o outcome, now time.Time) error {
	res, err := tx.Exec(ctx, `UPDATE recordings_tapes SET ended = ?, state = ?, length = ?, chunks = ?, caller_level = ?, centre_level = ?, hash = ?, peaks = ?
		WHERE id = ? AND ended = 0`, storage.Micros(now), string(o.state), o.length, int64(o.chunks), o.levels[0], o.levels[1], o.hash, o.peaks, string(id))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errOver)
	}
	for _, table := range []string{"recordings_marks", "recordings_operators"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE tape = ?", string(id)); err != nil {
			return err
		}
	}
	for n, m := range o.marks {
		if err := putMark(ctx, tx, id, n, m); err != nil {
			return err
		}
	}
	for n, s := range o.spoke {
		if err := insertSpoke(ctx, tx, id, n, s); err != nil {
			return err
		}
	}
	return nil
}

const columns = `SELECT id, call, client, work, queue, direction, number, wrapped, started, ended, state, length, chunks, caller_level, centre_level, hash, held, erased
	FROM recordings_tapes WHERE `

// selectTapes reads tapes with their marks and operators.
func selectTapes(ctx context.Context, tx storage.Tx, where string, args ...any) ([]tapeRow, error) {
	rows, err := tx.Query(ctx, columns+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []tapeRow{}
	for rows.Next() {
		r, err := scanTape(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].complete(ctx, tx); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func selectTape(ctx context.Context, tx storage.Tx, id sekisho.RecordingID) (tapeRow, error) {
	list, err := selectTapes(ctx, tx, "id = ?", string(id))
	if err == nil && len(list) == 0 {
		err = errUnknown
	}
	if err != nil {
		return tapeRow{}, err
	}
	return list[0], nil
}

func scanTape(rows *sql.Rows) (r tapeRow, err error) {
	var started, ended, erased, length, chunks, caller, centre int64
	err = rows.Scan(&r.ID, &r.Call, &r.Client, &r.Work, &r.Queue, &r.Direction, &r.number, &r.wrapped, &started, &ended, &r.State, &length, &chunks,
		&caller, &centre, &r.Hash, &r.Held, &erased)
	r.Started, r.Ended, r.Erased, r.Length, r.chunks = storage.Time(started), storage.Time(ended), storage.Time(erased), span(length), uint32(chunks)
	r.Caller, r.Centre = float64(caller)/100, float64(centre)/100
	return r, err
}

// complete reads marks and operators.
func (r *tapeRow) complete(ctx context.Context, tx storage.Tx) error {
	marks, err := tx.Query(ctx, "SELECT kind, start, until, reason FROM recordings_marks WHERE tape = ? ORDER BY start, n", string(r.ID))
	if err != nil {
		return err
	}
	defer marks.Close()
	for r.Marks = []Mark{}; marks.Next(); {
		var m Mark
		var start, until int64
		if err := marks.Scan(&m.Kind, &start, &until, &m.Reason); err != nil {
			return err
		}
		m.Start, m.End = span(start), span(until)
		if until < 0 {
			m.End = -1
		}
		r.Marks = append(r.Marks, m)
	}
	if err := marks.Err(); err != nil {
		return err
	}
	people, err := tx.Query(ctx, "SELECT person, start FROM recordings_operators WHERE tape = ? ORDER BY start, n", string(r.ID))
	if err != nil {
		return err
	}
	defer people.Close()
	for r.Operators = []Spoke{}; people.Next(); {
		var s Spoke
		var start int64
		if err := people.Scan(&s.Person, &start); err != nil {
			return err
		}
		s.From = span(start)
		r.Operators = append(r.Operators, s)
	}
	return people.Err()
}

func selectPeaks(ctx context.Context, tx storage.Tx, id sekisho.RecordingID) (sealed []byte, err error) {
	return sealed, tx.QueryRow(ctx, "SELECT peaks FROM recordings_tapes WHERE id = ?", string(id)).Scan(&sealed)
}

func insertListen(ctx context.Context, tx storage.Tx, listening string, id sekisho.RecordingID, v Viewer, now time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO recordings_listens (id, tape, person, at) VALUES (?, ?, ?, ?)", listening, string(id), string(v.Person), storage.Micros(now))
	return err
}

// selectListen gives what somebody opened since a moment.
func selectListen(ctx context.Context, tx storage.Tx, listening string, v Viewer, since time.Time) (id sekisho.RecordingID, at time.Time, err error) {
	var micros int64
	err = tx.QueryRow(ctx, "SELECT tape, at FROM recordings_listens WHERE id = ? AND person = ? AND at > ?", listening, string(v.Person), storage.Micros(since)).Scan(&id, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		err = errListening
	}
	return id, storage.Time(micros), err
}

// where puts a filter into SQL.
func (f Filter) where(works Works, token func(sekisho.ClientID, calls.Number) string) (string, []any) {
	conds, args := []string{"client = ?"}, []any{string(f.Client)}
	add := func(cond string, values ...any) { conds, args = append(conds, cond), append(args, values...) }
	if !works.All {
		marks := make([]string, len(works.Only))
		values := make([]any, len(works.Only))
		for i, w := range works.Only {
			marks[i], values[i] = "?", string(w)
		}
		add("work IN ("+strings.Join(marks, ", ")+")", values...)
	}
	if f.Work != "" {
		add("work = ?", string(f.Work))
	}
	if f.Call != "" {
		add("call = ?", string(f.Call))
	}
	if f.Operator != "" {
		add("id IN (SELECT tape FROM recordings_operators WHERE person = ?)", string(f.Operator))
	}
	if f.Number != "" {
		add("token = ?", token(f.Client, f.Number))
	}
	if !f.From.IsZero() {
		add("started >= ?", storage.Micros(f.From))
	}
	if !f.To.IsZero() {
		add("started < ?", storage.Micros(f.To))
	}
	if f.Before != "" {
		add("id < ?", string(f.Before))
	}
	return strings.Join(conds, " AND ") + " ORDER BY id DESC LIMIT ?", append(args, f.Limit)
}
