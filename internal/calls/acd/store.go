package acd

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "acd", Files: files}

const queueColumns = "id, client, work, name, settings, retired"

func scanQueue(row interface{ Scan(...any) error }) (q Queue, err error) {
	var settings string
	var retired int64
	if err := row.Scan(&q.ID, &q.Client, &q.Work, &q.Name, &settings, &retired); err != nil {
		return Queue{}, err
	}
	q.Retired = retired != 0
	return q, json.Unmarshal([]byte(settings), &q.Settings)
}

func loadQueue(ctx context.Context, tx storage.Tx, id sekisho.QueueID) (Queue, error) {
	q, err := scanQueue(tx.QueryRow(ctx, "SELECT "+queueColumns+" FROM acd_queues WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Queue{}, errQueue
	}
	return q, err
}

func queues(ctx context.Context, tx storage.Tx) ([]Queue, error) {
	rows, err := tx.Query(ctx, "SELECT "+queueColumns+" FROM acd_queues ORDER BY client, work, name, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Queue{}
	for rows.Next() {
		q, err := scanQueue(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, rows.Err()
}

func insertQueue(ctx context.Context, tx storage.Tx, q Queue, at time.Time) error {
	settings, err := json.Marshal(q.Settings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO acd_queues ("+queueColumns+", created) VALUES (?, ?, ?, ?, ?, 0, ?)",
		string(q.ID), string(q.Client), string(q.Work), q.Name, string(settings), storage.Micros(at))
	return err
}

func updateQueue(ctx context.Context, tx storage.Tx, q Queue, at time.Time) error {
	settings, err := json.Marshal(q.Settings)
	if err != nil {
		return err
	}
	retired := int64(0)
	if q.Retired {
		retired = storage.Micros(at)
	}
	_, err = tx.Exec(ctx, "UPDATE acd_queues SET name = ?, settings = ?, retired = ? WHERE id = ?", q.Name, string(settings), retired, string(q.ID))
	return err
}

func skills(ctx context.Context, tx storage.Tx) (map[sekisho.PersonID]map[string]int, error) {
	rows, err := tx.Query(ctx, "SELECT person, skill, degree FROM acd_skills")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[sekisho.PersonID]map[string]int{}
	for rows.Next() {
		var person sekisho.PersonID
		var name string
		var degree int
		if err := rows.Scan(&person, &name, &degree); err != nil {
			return nil, err
		}
		if out[person] == nil {
			out[person] = map[string]int{}
		}
		out[person][name] = degree
	}
	return out, rows.Err()
}

func storeSkills(ctx context.Context, tx storage.Tx, p sekisho.PersonID, skills map[string]int) error {
	if _, err := tx.Exec(ctx, "DELETE FROM acd_skills WHERE person = ?", string(p)); err != nil {
		return err
	}
	for name, degree := range skills {
		if _, err := tx.Exec(ctx, "INSERT INTO acd_skills (person, skill, degree) VALUES (?, ?, ?)", string(p), name, degree); err != nil {
			return err
		}
	}
	return nil
}

// detail is what a row keeps of a fact beside its columns; times in microseconds.
type detail struct {
	Client sekisho.ClientID `json:"client,omitempty"`
	Work   sekisho.WorkID   `json:"work,omitempty"`
	State  State            `json:"state,omitempty"`
	Reason string           `json:"reason,omitempty"`
	Code   string           `json:"code,omitempty"`
	Cause  calls.Cause      `json:"cause,omitempty"`
	Level  sekisho.Level    `json:"level,omitempty"`
	Waited int64            `json:"waited,omitempty"`
	Talk   int64            `json:"talk,omitempty"`
	Hold   int64            `json:"hold,omitempty"`
	Wrap   int64            `json:"wrap,omitempty"`
	Quick  bool             `json:"quick,omitempty"`
	Again  bool             `json:"again,omitempty"`
}

// entry is a fact on its way into the log.
type entry struct {
	id   string
	n    int64
	fact Fact
}

// rowsEach is how many rows one statement inserts.
const rowsEach = 50

func insertFacts(ctx context.Context, tx storage.Tx, batch []entry) error {
	for part := range slices.Chunk(batch, rowsEach) {
		args := make([]any, 0, 8*len(part))
		for _, e := range part {
			f := e.fact
			text, err := json.Marshal(detail{
				Client: f.Client, Work: f.Work, State: f.State, Reason: f.Reason, Code: f.Code, Cause: f.Cause, Level: f.Level,
				Waited: f.Waited.Microseconds(), Talk: f.Talk.Microseconds(), Hold: f.Hold.Microseconds(), Wrap: f.Wrap.Microseconds(),
				Quick: f.Quick, Again: f.Again,
			})
			if err != nil {
				return err
			}
			args = append(args, e.id, storage.Micros(f.At), e.n, string(f.Kind), string(f.Call), string(f.Queue), string(f.Agent), string(text))
		}
		// A batch may be written again, when nobody learned whether it had been.
		query := "INSERT INTO acd_events (id, at, n, kind, call_id, queue_id, agent, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)" +
			strings.Repeat(", (?, ?, ?, ?, ?, ?, ?, ?)", len(part)-1) + " ON CONFLICT (id) DO NOTHING"
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}

// eachFact hands over the facts from a moment to another, in order.
func eachFact(ctx context.Context, tx storage.Tx, from, to time.Time, each func(Fact)) error {
	rows, err := tx.Query(ctx, "SELECT at, kind, call_id, queue_id, agent, detail FROM acd_events WHERE at >= ? AND at < ? ORDER BY at, n",
		storage.Micros(from), storage.Micros(to))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var f Fact
		var text string
		var d detail
		if err := rows.Scan(&at, &f.Kind, &f.Call, &f.Queue, &f.Agent, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return err
		}
		f.At = storage.Time(at)
		f.Client, f.Work, f.State, f.Reason, f.Code, f.Cause, f.Level = d.Client, d.Work, d.State, d.Reason, d.Code, d.Cause, d.Level
		f.Waited, f.Talk, f.Hold, f.Wrap = micros(d.Waited), micros(d.Talk), micros(d.Hold), micros(d.Wrap)
		f.Quick, f.Again = d.Quick, d.Again
		each(f)
	}
	return rows.Err()
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// newest is the number that a log goes on from.
func newest(ctx context.Context, tx storage.Tx) (n int64, err error) {
	err = tx.QueryRow(ctx, "SELECT COALESCE(MAX(n), 0) FROM acd_events").Scan(&n)
	return n, err
}
