package reminders

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	lookEvery = time.Minute
	claimFor  = 5 * time.Minute // longer than a mail takes; then its claim lapses
	firstWait = time.Minute     // after a failure; doubled each time
	longWait  = 2 * time.Hour
	maxTries  = 10
	atOnce    = 50 // mails of one look
	keepFor   = 30 * 24 * time.Hour
)

// Run plans and sends until ctx ends. What fails is tried again.
func (r *Reminders) Run(ctx context.Context) error {
	if !r.On() {
		<-ctx.Done()
		return nil
	}
	for {
		if err := r.plan(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "reminders could not be planned", "error", err)
		}
		if err := r.sendDue(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "reminders could not be sent", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lookEvery):
		}
	}
}

// sendDue sends what is due now, one after the other. It ends at the first
// failure that is the server's: the others would fail like it.
func (r *Reminders) sendDue(ctx context.Context) error {
	for range atOnce {
		m, to, found, err := r.claim(ctx)
		if err != nil || !found {
			return err
		}
		// The id is the queue's: a mail that goes out twice says so.
		failed := r.set.send(ctx, to.Address, message(r.set.From, to.Address, to.Language, m.text, m.id, r.clk.Now()))
		if ctx.Err() != nil && failed != nil {
			return nil // not the server's fault: the claim lapses
		}
		if err := r.settle(context.WithoutCancel(ctx), m, failed); err != nil {
			return err
		}
		if failed != nil && sekisho.KindOf(failed) == sekisho.KindBusy {
			slog.WarnContext(ctx, "a reminder was not taken", "code", sekisho.CodeOf(failed), "error", failed)
			return nil
		}
	}
	return nil
}

// claim takes the next mail that is due, for this server alone and for a time.
func (r *Reminders) claim(ctx context.Context) (m queued, to Recipient, found bool, err error) {
	now := r.clk.Now()
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := sweep(ctx, tx, now.Add(-keepFor)); err != nil {
			return err
		}
		if m, found, err = nextMail(ctx, tx, now); err != nil || !found {
			return err
		}
		m.tries++
		if found, err = claimMail(ctx, tx, m, now.Add(claimFor)); err != nil || !found {
			return err
		}
		to, err = address(ctx, tx, m.person)
		return err
	})
	return m, to, found, err
}

// settle notes what became of a mail.
func (r *Reminders) settle(ctx context.Context, m queued, failed error) error {
	now := r.clk.Now()
	return r.db.Write(ctx, func(tx storage.Tx) error {
		e := audit.Event{
			Kind: "mail.sent", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(m.person)}, Closing: true,
			Detail: map[string]string{"tries": strconv.Itoa(m.tries)},
		}
		switch {
		case failed == nil:
			if err := endMail(ctx, tx, m, stateSent, now); err != nil {
				return err
			}
		case sekisho.KindOf(failed) == sekisho.KindBusy && m.tries < maxTries:
			return delayMail(ctx, tx, m, now.Add(wait(m.tries)))
		default:
			if err := endMail(ctx, tx, m, stateFailed, now); err != nil {
				return err
			}
			e.Kind, e.Decision, e.Reason = "mail.failed", audit.Deny, sekisho.CodeOf(failed)
		}
		return r.log.Append(ctx, tx, e)
	})
}

// wait is the time after so many tries.
func wait(tries int) time.Duration {
	return min(firstWait<<min(max(tries-1, 0), 10), longWait)
}
