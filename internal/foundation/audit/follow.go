package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxProved bounds the restarts of one answer; a PC that missed more enrols anew.
const maxProved = 32

// Follow leads somebody who holds a checkpoint of this log to the newest one:
// along a proof within its epoch, and through every restart since with the
// statement that the roots signed. Whether what is held fits is Pin's question.
func (l *Log) Follow(ctx context.Context, note []byte) (steps []wire.PinStep, err error) {
	held, err := checkpoint.Open(note, l.verifier, l.origin)
	if err != nil {
		return nil, errPin.Because(err)
	}
	from, err := checkpoint.EpochOf(held.Origin, l.origin)
	if err != nil {
		return nil, errPin.Because(err)
	}
	newest, err := l.current(ctx, 0)
	if err == nil && newest.Origin == held.Origin && newest.Size < held.Size {
		newest, err = l.current(ctx, held.Size)
	}
	if err != nil {
		return nil, err
	}
	to, err := checkpoint.EpochOf(newest.Origin, l.origin)
	if err != nil {
		return nil, err
	}
	if from > to || to-from > maxProved {
		return nil, errPin
	}
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		if from == to {
			grown, err := prove(held.Size, newest.Size, hashReader(ctx, tx))
			steps = []wire.PinStep{{Checkpoint: string(newest.note), Restart: []wire.Signed{}, Grown: checkpoint.MarshalHashes(grown)}}
			return err
		}
		epochs, err := l.restarts(ctx, tx, from)
		if err != nil {
			return err
		}
		at := held
		for i, e := range epochs {
			target := newest
			if e.number < to {
				if target, err = l.lastOf(ctx, tx, epochs[i:]); err != nil {
					return err
				}
			}
			if target == nil {
				continue // nothing was signed in it that still stands: the next statement reaches back over it
			}
			step, err := l.restart(ctx, tx, at, e, target)
			if err != nil {
				return err
			}
			steps, at = append(steps, step), target.Checkpoint
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("audit: follow: %w", err)
	}
	return steps, nil
}

// restart is one row of audit_epochs.
type restart struct {
	number     int
	size, kept int64
	signed     []wire.Signed
}

// restarts are the epochs after one, oldest first.
func (l *Log) restarts(ctx context.Context, tx storage.Tx, after int) (out []restart, err error) {
	rows, err := tx.Query(ctx, "SELECT number, size, kept, signed FROM audit_epochs WHERE number > ? ORDER BY number", after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r restart
		var signed string
		if err := rows.Scan(&r.number, &r.size, &r.kept, &signed); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(signed), &r.signed); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// lastOf is the newest checkpoint of the first of these epochs whose entries
// survived the others; nil if there is none.
func (l *Log) lastOf(ctx context.Context, tx storage.Tx, epochs []restart) (*signed, error) {
	survived := epochs[1].kept
	for _, e := range epochs[2:] {
		survived = min(survived, e.kept)
	}
	return l.oneSigned(tx.QueryRow(ctx, "SELECT note FROM audit_checkpoints WHERE epoch = ? AND size >= ? AND size <= ? ORDER BY size DESC LIMIT 1",
		epochs[0].number, epochs[0].size, survived))
}

// restart proves the step from a checkpoint of an earlier epoch into e.
func (l *Log) restart(ctx context.Context, tx storage.Tx, at checkpoint.Checkpoint, e restart, to *signed) (wire.PinStep, error) {
	step := wire.PinStep{Checkpoint: string(to.note), Restart: e.signed}
	if at.Size <= e.kept {
		survivors, err := prove(at.Size, e.size, hashReader(ctx, tx))
		if err != nil {
			return step, err
		}
		step.Survivors = checkpoint.MarshalHashes(survivors)
	}
	grown, err := prove(e.size, to.Size, hashReader(ctx, tx))
	step.Grown = checkpoint.MarshalHashes(grown)
	return step, err
}
