package approvals

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// actWindow is over how long the acts of one person are counted.
const actWindow = time.Hour

const actColumns = "id, kind, object, asker, payload, digest, differences, state, asked, expires, decider, decided, reason"

func scanAct(row interface{ Scan(...any) error }) (a Act, err error) {
	var id, asker, payload, words, decider string
	var asked, expires, decided int64
	if err = row.Scan(&id, &a.Kind, &a.Object, &asker, &payload, &a.Digest, &words, &a.State, &asked, &expires, &decider, &decided, &a.Reason); err != nil {
		return a, err
	}
	a.ID, a.Asker, a.Decider, a.Payload = sekisho.ActID(id), sekisho.PersonID(asker), sekisho.PersonID(decider), []byte(payload)
	a.Asked, a.Expires, a.Decided = storage.Time(asked), storage.Time(expires), storage.Time(decided)
	if err := json.Unmarshal([]byte(words), &a.Differences); err != nil {
		return a, fmt.Errorf("differences of act %s: %w", id, err)
	}
	return a, nil
}

func loadAct(ctx context.Context, tx storage.Tx, id sekisho.ActID) (Act, error) {
	a, err := scanAct(tx.QueryRow(ctx, "SELECT "+actColumns+" FROM approvals_acts WHERE id = ?", string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return Act{}, errActUnknown
	}
	return a, err
}

func insertAct(ctx context.Context, tx storage.Tx, a Act) error {
	_, err := tx.Exec(ctx, "INSERT INTO approvals_acts ("+actColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(a.ID), a.Kind, a.Object, string(a.Asker), string(a.Payload), a.Digest, string(a.words()), a.State,
		storage.Micros(a.Asked), storage.Micros(a.Expires), string(a.Decider), storage.Micros(a.Decided), a.Reason)
	return err
}

// moveAct stores the answer of an act that is in state from; whoever comes second
// finds nothing to move. A closed act keeps no payload.
func moveAct(ctx context.Context, tx storage.Tx, a Act, from string) error {
	payload := string(a.Payload)
	if a.State != Confirmed {
		payload = ""
	}
	res, err := tx.Exec(ctx, "UPDATE approvals_acts SET state = ?, expires = ?, decider = ?, decided = ?, reason = ?, payload = ? WHERE id = ? AND state = ?",
		a.State, storage.Micros(a.Expires), string(a.Decider), storage.Micros(a.Decided), a.Reason, payload, string(a.ID), from)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errActDecided, err)
	}
	return nil
}

// withdrawActs closes what the same person still has waiting of a kind for the
// same object, which it gives, and empties what has expired.
func withdrawActs(ctx context.Context, tx storage.Tx, a Act, now time.Time) ([]Act, error) {
	_, err := tx.Exec(ctx, "UPDATE approvals_acts SET state = ?, payload = '' WHERE state IN (?, ?) AND expires <= ?",
		Expired, Waiting, Confirmed, storage.Micros(now))
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, "SELECT "+actColumns+" FROM approvals_acts WHERE asker = ? AND kind = ? AND object = ? AND state = ?",
		string(a.Asker), a.Kind, a.Object, Waiting)
	before, err := scanActs(rows, err)
	if err != nil {
		return nil, err
	}
	for i := range before {
		before[i].State = Withdrawn
		if err := moveAct(ctx, tx, before[i], Waiting); err != nil {
			return nil, err
		}
	}
	return before, nil
}

func actsSince(ctx context.Context, tx storage.Tx, p sekisho.PersonID, since time.Time) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM approvals_acts WHERE asker = ? AND asked > ?", string(p), storage.Micros(since)).Scan(&n)
	return n, err
}

// listActs gives those that are open, the oldest first, and the newest closed ones.
func listActs(ctx context.Context, tx storage.Tx, now time.Time) (open, closed []Act, err error) {
	rows, err := tx.Query(ctx, "SELECT "+actColumns+" FROM approvals_acts WHERE state IN (?, ?) AND expires > ? ORDER BY asked, id",
		Waiting, Confirmed, storage.Micros(now))
	if open, err = scanActs(rows, err); err != nil {
		return nil, nil, err
	}
	rows, err = tx.Query(ctx, "SELECT "+actColumns+" FROM approvals_acts WHERE NOT (state IN (?, ?) AND expires > ?) ORDER BY asked DESC, id LIMIT ?",
		Waiting, Confirmed, storage.Micros(now), actsShown)
	if closed, err = scanActs(rows, err); err != nil {
		return nil, nil, err
	}
	for i, a := range closed {
		closed[i] = a.at(now)
	}
	return open, closed, nil
}

func scanActs(rows *sql.Rows, err error) ([]Act, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Act{}
	for rows.Next() {
		a, err := scanAct(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
