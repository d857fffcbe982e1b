package recordings

import (
	"context"
	"fmt"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Pause keeps nothing from now on, of either party, until Resume. It holds at once;
// an error says only that the database does not know yet. Pausing again changes nothing.
func (t *Tape) Pause(ctx context.Context, by By, reason string) error {
	reason, err := validReason(reason)
	if err != nil {
		return err
	}
	return t.quiet(ctx, by, Mark{Kind: MarkPause, Reason: reason})
}

// Resume keeps what is said again, once the log has its row.
func (t *Tape) Resume(ctx context.Context, by By) error { return t.loud(ctx, by, MarkPause) }

// Mask (on) keeps nothing of the caller from now on: what he keys in or says is
// for somebody else. Off keeps it again, once the log has its row.
func (t *Tape) Mask(ctx context.Context, by By, on bool) error {
	if on {
		return t.quiet(ctx, by, Mark{Kind: MarkMask})
	}
	return t.loud(ctx, by, MarkMask)
}

// state is what a kind of mark switches, and of which legs.
func (t *Tape) state(kind string) (*bool, []leg) {
	if kind == MarkPause {
		return &t.paused, t.legs[:]
	}
	return &t.masked, t.legs[:1]
}

func (t *Tape) quiet(ctx context.Context, by By, m Mark) error {
	t.acts.Lock()
	defer t.acts.Unlock()
	t.mu.Lock()
	on, legs := t.state(m.Kind)
	if t.over || *on {
		over := t.over
		t.mu.Unlock()
		return orElse(over, errOver, nil)
	}
	now := t.now(t.r.clk.Mono())
	*on = true
	for i := range legs {
		legs[i].hush(max(now, t.sealed*calls.Rate))
	}
	m.Start, m.End = span(now), -1
	n := len(t.marks)
	t.marks = append(t.marks, m)
	t.mu.Unlock()

	e := t.event(silenced[m.Kind], by)
	e.Closing = true
	if m.Reason != "" {
		e.Personal = audit.Personal{"reason": m.Reason}
	}
	t.r.log.Afterwards(e)
	err := t.r.db.Write(ctx, func(tx storage.Tx) error { return putMark(ctx, tx, t.id, n, m) })
	if err != nil {
		return fmt.Errorf("recordings: %s: %w", m.Kind, err) // it is silent, and the mark is written with the end
	}
	return nil
}

// What the log calls the beginning and the end of a silence.
var (
	silenced = map[string]string{MarkPause: "recording.paused", MarkMask: "recording.masked"}
	resumed  = map[string]string{MarkPause: "recording.resumed", MarkMask: "recording.unmasked"}
)

func (t *Tape) loud(ctx context.Context, by By, kind string) error {
	t.acts.Lock()
	defer t.acts.Unlock()
	t.mu.Lock()
	on, legs := t.state(kind)
	n := t.openMark(kind)
	if t.over || !*on || n < 0 {
		over := t.over
		t.mu.Unlock()
		return orElse(over, errOver, nil)
	}
	m := t.marks[n]
	t.mu.Unlock()

	e := t.event(resumed[kind], by)
	err := t.r.db.Write(ctx, func(tx storage.Tx) error {
		m.End = span(t.now(t.r.clk.Mono()))
		if err := putMark(ctx, tx, t.id, n, m); err != nil {
			return err
		}
		return t.r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("recordings: resume after %s: %w", kind, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return nil
	}
	now := t.now(t.r.clk.Mono()) // later than the row says: what was said meanwhile is not kept
	t.marks[n].End = span(now)
	*on = false
	for i := range legs {
		legs[i].floor = max(legs[i].floor, now)
	}
	return nil
}

// openMark is the number of the mark of that kind that has not ended, or -1.
func (t *Tape) openMark(kind string) int {
	for i := range t.marks {
		if t.marks[i].Kind == kind && t.marks[i].End < 0 {
			return i
		}
	}
	return -1
}
