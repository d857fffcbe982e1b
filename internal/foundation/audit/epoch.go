package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// Epoch is the statement that two roster roots sign after a restore.
type Epoch = checkpoint.Epoch

var (
	errEpoch = sekisho.Fail(sekisho.KindInvalid, "audit.epoch_not_valid")
	errRoots = sekisho.Fail(sekisho.KindDenied, "audit.epoch_roots")
)

// ProposeEpoch writes down what the roots are asked to sign: how much
// survived, how much is known to be lost, and why in their words.
func (l *Log) ProposeEpoch(ctx context.Context, reason string) (Epoch, error) {
	if reason == "" {
		return Epoch{}, errEpoch.Because(errors.New("no reason"))
	}
	if err := l.settle(ctx); err != nil {
		return Epoch{}, err
	}
	e := Epoch{Log: l.origin, At: l.clk.Now().Truncate(time.Second), Reason: reason}
	err := l.db.Read(ctx, func(tx storage.Tx) error {
		p, err := l.head(ctx, tx)
		if err != nil {
			return err
		}
		root, err := tlog.TreeHash(p.base, hashReader(ctx, tx))
		if err != nil {
			return err
		}
		e.Number, e.Size, e.Root, e.Kept, e.Lost = p.epoch+1, p.base, root[:], p.base, p.base
		l.mu.Lock()
		now, hindered := l.standing, l.signing.refusal != nil
		l.mu.Unlock()
		if now.blocked || hindered {
			first := p.base + 1 // nothing is known not to fit: what was signed and fits is what is kept
			if now.first > 0 {
				first = now.first
			}
			e.Lost = max(now.lost, p.base)
			e.Kept, err = l.kept(ctx, tx, first)
		}
		return err
	})
	if err != nil {
		return Epoch{}, err
	}
	return e, nil
}

// kept is the size of the largest checkpoint that fits and is smaller than the
// first one that does not: up to there nothing was lost.
func (l *Log) kept(ctx context.Context, tx storage.Tx, first int64) (most int64, err error) {
	h, err := l.history(ctx, tx)
	if err != nil {
		return 0, err
	}
	known, err := l.known(ctx, tx, h.epoch)
	if err != nil {
		return 0, err
	}
	before, err := l.memories(ctx, tx, "SELECT epoch, note FROM audit_checkpoints WHERE epoch = ? AND size < ? ORDER BY size DESC LIMIT 1", h.epoch, first)
	if err != nil {
		return 0, err
	}
	for _, m := range append(known, before...) {
		if m.broken == nil && m.Size < first && m.Size <= h.size && h.fits(ctx, tx, m) == nil {
			most = max(most, m.Size)
		}
	}
	return most, nil
}

// OpenEpoch begins the epoch that two of the roster roots signed. From then on
// opening acts are allowed again, and what was lost stays written in the log.
func (l *Log) OpenEpoch(ctx context.Context, signatures []wire.Signed, roots []ed25519.PublicKey) error {
	e, who, err := checkpoint.OpenEpoch(signatures, roots, l.origin)
	if errors.Is(err, checkpoint.ErrRoots) {
		return errRoots.Because(err)
	}
	if err != nil {
		return errEpoch.Because(err)
	}
	kept, err := json.Marshal(signatures)
	if err != nil {
		return errEpoch.Because(err)
	}
	event, err := encode(epochEvent(e, who, signatures), l.stamp())
	if err != nil {
		return err
	}
	for {
		err = l.db.Exclusively(ctx, "audit/sequencer", func(tx storage.Tx) error {
			return l.beginEpoch(ctx, tx, e, string(kept), event)
		})
		if !errors.Is(err, storage.ErrElsewhere) {
			break
		}
		select { // the sequencer holds the lock for a moment
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err != nil {
		return err
	}
	if err := l.setAside(); err != nil {
		return err
	}
	if err := l.CheckPins(ctx); err != nil || !l.hindered() {
		return err
	}
	_, err = l.sign(ctx) // what hindered it may be over with the old epoch
	return err
}

func (l *Log) beginEpoch(ctx context.Context, tx storage.Tx, e Epoch, signatures string, event *record) error {
	scope := storage.ScopeOf(tx)
	if scope == nil {
		return errors.New("audit: not a transaction of this house")
	}
	p, err := l.pendingIn(ctx, tx, scope)
	if err != nil {
		return err
	}
	if e.Number != p.epoch+1 || e.Size > p.base {
		return errEpoch.Because(fmt.Errorf("epoch %d from %d entries, the log is in %d with %d", e.Number, e.Size, p.epoch, p.base))
	}
	root, err := tlog.TreeHash(e.Size, hashReader(ctx, tx))
	if err != nil {
		return err
	}
	if tlog.Hash(e.Root) != root {
		return errEpoch.Because(errors.New("the roots signed another tree"))
	}
	if _, err := tx.Exec(ctx, "UPDATE audit_head SET epoch = ? WHERE id = 1", e.Number); err != nil {
		return fmt.Errorf("audit: epoch: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO audit_epochs (number, size, kept, lost, at, signed) VALUES (?, ?, ?, ?, ?, ?)",
		e.Number, e.Size, e.Kept, e.Lost, storage.Micros(e.At), signatures)
	if err != nil {
		return fmt.Errorf("audit: epoch: %w", err)
	}
	next := *p
	next.epoch = e.Number
	scope.Set(l, &next)
	return l.place(ctx, tx, event) // the epoch's first entry, on both engines
}

func epochEvent(e Epoch, who []ed25519.PublicKey, signatures []wire.Signed) Event {
	sum := sha256.Sum256(signatures[0].Payload)
	d := map[string]string{
		"number": strconv.Itoa(e.Number), "size": strconv.FormatInt(e.Size, 10), "kept": strconv.FormatInt(e.Kept, 10), "lost": strconv.FormatInt(e.Lost, 10),
		"root": hex.EncodeToString(e.Root), "reason": e.Reason, "statement": hex.EncodeToString(sum[:]),
	}
	for i, k := range who {
		d["root"+strconv.Itoa(i+1)] = wire.Fingerprint(k)
	}
	return Event{Kind: "audit.epoch_opened", Actor: Actor{Process: "server"}, Object: Object{Type: "log", ID: e.Log}, Decision: Allow, Detail: d}
}
