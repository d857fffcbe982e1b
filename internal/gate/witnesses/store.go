package witnesses

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
var Schema = storage.Schema{Name: "witnesses", Files: files}

const columns = "approval, run, person, device, connection, witness, old, old_face, hand, fingers, place, commitment, model, picture, state, reason, at"

func scan(row interface{ Scan(...any) error }) (c Case, err error) {
	var at int64
	err = row.Scan(&c.Approval, &c.Run, &c.Person, &c.Device, &c.Connection, &c.Witness, &c.Old, &c.OldFace, &c.Request.Hand, &c.Request.Fingers,
		&c.Request.Place, &c.Commitment, &c.Model, &c.Picture, &c.State, &c.Reason, &at)
	c.At = storage.Time(at)
	return c, err
}

func load(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID) (Case, error) {
	c, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM witnesses_cases WHERE approval = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Case{}, ErrUnknown
	}
	return c, err
}

// put writes a new run in the place of the one before.
func put(ctx context.Context, tx storage.Tx, c Case) error {
	if _, err := tx.Exec(ctx, "DELETE FROM witnesses_cases WHERE approval = ?", string(c.Approval)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO witnesses_cases ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(c.Approval), c.Run, string(c.Person), string(c.Device), c.Connection, string(c.Witness), string(c.Old), c.OldFace, c.Request.Hand, c.Request.Fingers,
		c.Request.Place, c.Commitment, c.Model, c.Picture, string(c.State), c.Reason, storage.Micros(c.At))
	return err
}

// move writes what changed of a run, if it is still in the state that was read:
// of two at once the second finds another one.
func move(ctx context.Context, tx storage.Tx, c Case, from State) error {
	res, err := tx.Exec(ctx, `UPDATE witnesses_cases SET hand = ?, fingers = ?, place = ?, old_face = ?, commitment = ?, model = ?, picture = ?, state = ?, reason = ?, at = ?
		WHERE approval = ? AND run = ? AND state = ?`,
		c.Request.Hand, c.Request.Fingers, c.Request.Place, c.OldFace, c.Commitment, c.Model, c.Picture, string(c.State), c.Reason, storage.Micros(c.At),
		string(c.Approval), c.Run, string(from))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errAnswered, err)
	}
	return nil
}

// open lists the cases that seem live.
func open(ctx context.Context, tx storage.Tx) (out []Case, err error) {
	rows, err := tx.Query(ctx, "SELECT "+columns+" FROM witnesses_cases WHERE state IN (?, ?, ?)", string(Taken), string(Watched), string(Offered))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// replacement is the PC that came in the place of another; ok is false for any other PC.
type replacement struct {
	Old     sekisho.DeviceID
	Person  sekisho.PersonID
	Picture string           // hash of the older picture; "" where none is kept
	Origin  sekisho.DeviceID // under which it is kept
	At      time.Time
	Handed  bool
	Done    bool
}

// needed says whether only a witness by video will do.
func (r replacement) needed() bool { return r.Old != "" && !r.Handed && !r.Done }

func replaced(ctx context.Context, tx storage.Tx, d sekisho.DeviceID) (r replacement, err error) {
	var at, handed, done int64
	err = tx.QueryRow(ctx, "SELECT old, person, picture, origin, at, handed, done FROM witnesses_replacements WHERE device = ?", string(d)).
		Scan(&r.Old, &r.Person, &r.Picture, &r.Origin, &at, &handed, &done)
	if errors.Is(err, sql.ErrNoRows) {
		return replacement{}, nil
	}
	r.At, r.Handed, r.Done = storage.Time(at), handed == 1, done != 0
	return r, err
}
