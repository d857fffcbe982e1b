package exchange

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this room's tables.
var Schema = storage.Schema{Name: "exchange", Files: files}

// storing is how long a row of a call that has ended may take.
const storing = 30 * time.Second

// maxNote is the longest note in characters.
const maxNote = 500

// ended writes the row of a call that is over.
func (x *Exchange) ended(c *call) {
	operator := sekisho.PersonID("")
	if c.operator != nil {
		operator = c.operator.person
	}
	x.row(c.about, operator, c.queue, c.cause, c.answered)
	x.Board()
}

func (x *Exchange) row(a About, operator sekisho.PersonID, queue sekisho.QueueID, cause calls.Cause, answered time.Time) {
	ctx, stop := context.WithTimeout(context.Background(), storing)
	defer stop()
	err := x.db.Write(ctx, func(tx storage.Tx) error {
		since := int64(0)
		if !answered.IsZero() {
			since = storage.Micros(answered)
		}
		_, err := tx.Exec(ctx, `INSERT INTO exchange_calls (id, direction, trunk, client, work, flow, queue, operator, level, begun, answered, ended, cause)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)`,
			string(cmp.Or(a.Row, a.ID)), a.Direction, string(a.Trunk), string(a.Client), string(a.Work), string(a.Flow), string(queue), string(operator),
			storage.Micros(a.Begun), since, storage.Micros(x.clk.Now()), string(cause))
		if err != nil {
			return err
		}
		return x.Audit.Append(ctx, tx, audit.Event{
			Kind: "call.ended", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "call", ID: string(a.ID)},
			Call: a.ID, Reason: string(cause), Closing: true, Detail: map[string]string{"direction": a.Direction, "work": string(a.Work)},
		})
	})
	if err != nil {
		slog.Error("the row of a call is missing", "call", a.ID, "error", err)
	}
}

// note keeps what an operator wrote after a call.
func (x *Exchange) note(ctx context.Context, by sekisho.PersonID, id sekisho.CallID, code, note string) error {
	note = strings.TrimSpace(note)
	if len([]rune(note)) > maxNote || len(code) > 40 {
		return errMode
	}
	err := x.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO exchange_notes (call, person, code, note, at) VALUES (?, ?, ?, ?, ?)", string(id), string(by), code, note, storage.Micros(x.clk.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("exchange: note of %s: %w", id, err)
	}
	return nil
}

func (x *Exchange) keepAnswer(id sekisho.CallID, name, key string, at time.Time) {
	ctx, stop := context.WithTimeout(context.Background(), storing)
	defer stop()
	err := x.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO exchange_answers (call, name, key, at) VALUES (?, ?, ?, ?)", string(id), name, key, storage.Micros(at))
		return err
	})
	if err != nil && !storage.Duplicate(err) {
		slog.Error("an answer of a survey is missing", "call", id, "error", err)
	}
}

// log writes a row before something opens.
func (x *Exchange) log(ctx context.Context, e audit.Event) error {
	return x.db.Write(ctx, func(tx storage.Tx) error { return x.Audit.Append(ctx, tx, e) })
}
