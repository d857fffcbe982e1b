package loans

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Loans is the room.
type Loans struct {
	db      *storage.DB
	clk     clock.Clock
	log     Audit
	devices Devices
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, devices Devices) *Loans {
	return &Loans{db: db, clk: clk, log: log, devices: devices}
}

// Of gives what is known of a PC; one of which nothing was noted has a zero Since.
func (r *Loans) Of(ctx context.Context, d sekisho.DeviceID) (l Loan, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		l, err = load(ctx, tx, d)
		return err
	})
	if err != nil {
		return Loan{}, fmt.Errorf("loans: of %s: %w", d, err)
	}
	return l, nil
}

// Untils are the days of return of the PCs that have one.
func (r *Loans) Untils(ctx context.Context) (out map[sekisho.DeviceID]time.Time, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = untils(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("loans: days of return: %w", err)
	}
	return out, nil
}

// Items folds names of accessories, or refuses them.
func (r *Loans) Items(names []string) ([]string, error) { return itemsOf(names) }

// Put notes what goes out with a PC and when it is to be back; zero is without an end.
func (r *Loans) Put(ctx context.Context, by audit.Actor, d sekisho.DeviceID, items []string, until time.Time) error {
	now := r.clk.Now()
	items, err := itemsOf(items)
	if err != nil {
		return err
	}
	if _, err := r.devices.HolderOf(ctx, d); err != nil {
		return errOver.Because(err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		was, err := load(ctx, tx, d)
		if err != nil {
			return err
		}
		if !was.Back.IsZero() {
			return errOver
		}
		// A day that has passed may stay: accessories of a PC that is overdue change, too.
		if !until.IsZero() && !until.Equal(was.Until) && (!now.Before(until) || until.Sub(now) > longest) {
			return errUntil
		}
		return r.put(ctx, tx, by, d, items, until)
	})
	if err != nil {
		return fmt.Errorf("loans: put %s: %w", d, err)
	}
	return nil
}

// Begin notes what goes out with a new PC, in the transaction that registers it,
// and makes its loss card, whose secret can be shown now and never again.
func (r *Loans) Begin(ctx context.Context, tx storage.Tx, by audit.Actor, d sekisho.DeviceID, items []string) (secret string, err error) {
	if items, err = itemsOf(items); err != nil {
		return "", err
	}
	if err := r.put(ctx, tx, by, d, items, time.Time{}); err != nil {
		return "", err
	}
	return r.card(ctx, tx, by, d)
}

func (r *Loans) put(ctx context.Context, tx storage.Tx, by audit.Actor, d sekisho.DeviceID, items []string, until time.Time) error {
	if err := save(ctx, tx, d, items, until, r.clk.Now()); err != nil {
		return err
	}
	e := event("loan.noted", by, d, audit.Allow)
	e.Detail, e.Personal = map[string]string{"items": strconv.Itoa(len(items))}, audit.Personal{"item_names": strings.Join(items, "、")}
	if !until.IsZero() {
		e.Detail["until"] = until.UTC().Format(time.RFC3339)
	}
	return r.log.Append(ctx, tx, e)
}

// Return takes a PC back with its slip, and ends its certificate in the same act.
func (r *Loans) Return(ctx context.Context, by audit.Actor, d sekisho.DeviceID, slip Return) (Loan, error) {
	slip.Note = wire.OneLine(slip.Note)
	if !wire.ValidText(slip.Note, maxNote) {
		return Loan{}, errNote
	}
	was, err := r.Of(ctx, d)
	if err != nil {
		return Loan{}, err
	}
	for _, name := range slip.Back {
		if !slices.ContainsFunc(was.Items, func(i Item) bool { return i.Name == name }) {
			return Loan{}, errNotIssued
		}
	}
	reason := slip.Note
	if reason == "" {
		reason = "返却"
	}
	err = r.devices.ReturnWith(ctx, by, d, reason, func(ctx context.Context, tx storage.Tx) error {
		return r.receive(ctx, tx, by, d, slip)
	})
	if err != nil {
		return Loan{}, fmt.Errorf("loans: return %s: %w", d, err)
	}
	return r.Of(ctx, d)
}

func (r *Loans) receive(ctx context.Context, tx storage.Tx, by audit.Actor, d sekisho.DeviceID, slip Return) error {
	l, err := load(ctx, tx, d)
	if err != nil {
		return err
	}
	now, missing := r.clk.Now(), []string{}
	for i := range l.Items {
		l.Items[i].State = Back
		if !slices.Contains(slip.Back, l.Items[i].Name) {
			l.Items[i].State = Missing
			missing = append(missing, l.Items[i].Name)
		}
	}
	if err := received(ctx, tx, l, by.Person, slip.Note, now); err != nil {
		return err
	}
	if err := withdraw(ctx, tx, d, now); err != nil {
		return err
	}
	e := event("loan.returned", by, d, "")
	e.Closing = true
	e.Detail = map[string]string{"items": strconv.Itoa(len(l.Items)), "missing": strconv.Itoa(len(missing))}
	e.Personal = audit.Personal{"item_names": strings.Join(missing, "、")}
	return r.log.Append(ctx, tx, e)
}

// Replace puts another PC in the place of one that was returned or lost, for the
// same person: its accessories go on with the new one, which gets a loss card of
// its own. The card's secret can be shown now and never again.
func (r *Loans) Replace(ctx context.Context, by audit.Actor, old sekisho.DeviceID, next Replacement) (id sekisho.DeviceID, secret string, err error) {
	id, err = r.devices.Replace(ctx, by, old, next, func(ctx context.Context, tx storage.Tx, id sekisho.DeviceID) error {
		secret, err = r.carry(ctx, tx, by, old, id, next.Lost)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("loans: replace %s: %w", old, err)
	}
	return id, secret, nil
}

// carry closes the old PC's loan and begins the new one's with its accessories.
func (r *Loans) carry(ctx context.Context, tx storage.Tx, by audit.Actor, old, next sekisho.DeviceID, lost bool) (secret string, err error) {
	was, err := load(ctx, tx, old)
	if err != nil {
		return "", err
	}
	names := make([]string, 0, len(was.Items))
	for i := range was.Items {
		names = append(names, was.Items[i].Name)
		was.Items[i].State = Carried
	}
	now := r.clk.Now()
	if lost {
		err = states(ctx, tx, was)
	} else {
		err = received(ctx, tx, was, by.Person, "", now)
	}
	if err != nil {
		return "", err
	}
	if err := withdraw(ctx, tx, old, now); err != nil {
		return "", err
	}
	if err := r.put(ctx, tx, by, next, names, was.Until); err != nil {
		return "", err
	}
	return r.card(ctx, tx, by, next)
}

func event(kind string, by audit.Actor, d sekisho.DeviceID, decision string) audit.Event {
	return audit.Event{Kind: kind, Actor: by, Object: audit.Object{Type: "device", ID: string(d)}, Decision: decision}
}
