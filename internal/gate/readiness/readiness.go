package readiness

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// fresh is for how long a survey of the whole centre is shown again.
const fresh = 10 * time.Second

// Readiness is the room.
type Readiness struct {
	db   *storage.DB
	clk  clock.Clock
	deps Deps

	mu     sync.Mutex // held while a survey is made: who comes meanwhile waits for it
	survey map[ID]found
	until  time.Duration // by the monotonic clock
	of     int64         // the number of changes that it was made after
	number atomic.Int64  // of changes in this room, which wait for no survey

	told struct {
		sync.Mutex
		fns []func(Check)
	}
}

// found is what a survey found of one measure.
type found struct {
	subjects []Subject
	failed   bool
	at       time.Time
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, d Deps) *Readiness {
	return &Readiness{db: db, clk: clk, deps: d}
}

// OnChange registers fn, which is told of every self-check that was written or
// decided. It must not block.
func (r *Readiness) OnChange(fn func(Check)) {
	r.told.Lock()
	defer r.told.Unlock()
	r.told.fns = append(r.told.fns, fn)
}

func (r *Readiness) changed(c Check) {
	r.number.Add(1)
	r.told.Lock()
	fns := r.told.fns
	r.told.Unlock()
	for _, fn := range fns {
		fn(c)
	}
}

// Measures gives every measure of the centre, or with within of the part whose
// people it names, in the order of Measures.
func (r *Readiness) Measures(ctx context.Context, within func(sekisho.PersonID) bool) ([]Measured, error) {
	all, err := r.surveyed(ctx)
	if err != nil {
		return nil, fmt.Errorf("readiness: measures: %w", err)
	}
	out := make([]Measured, 0, len(Measures))
	for _, m := range Measures {
		if within == nil || !m.Whole {
			out = append(out, m.measured(all[m.ID], within))
		}
	}
	return out, nil
}

// surveyed gives the newest survey, and makes one where it is not fresh. One that
// was cut off is nobody's.
func (r *Readiness) surveyed(ctx context.Context) (map[ID]found, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changes := r.number.Load() // a change while the survey is made makes it stale
	if r.survey != nil && r.of == changes && r.clk.Mono() < r.until {
		return r.survey, nil
	}
	all := map[ID]found{}
	for _, m := range Measures {
		all[m.ID] = found{failed: true, at: r.clk.Now()} // until a source has told of it
	}
	look := r.deps.Facts.Survey()
	rooms := Source{Tells: []ID{Room, Reviews}, Find: func(ctx context.Context) (map[ID][]Subject, error) { return r.rooms(ctx, look.AtHome) }}
	for _, s := range append(look.Sources, rooms) {
		told, err := s.Find(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, id := range s.Tells {
			subjects, ok := told[id]
			all[id] = found{subjects: subjects, failed: err != nil || !ok, at: r.clk.Now()}
		}
	}
	r.survey, r.of, r.until = all, changes, r.clk.Mono()+fresh
	return all, nil
}

// rooms tells how the rooms stand of everybody who works at home.
func (r *Readiness) rooms(ctx context.Context, atHome func(context.Context) ([]sekisho.PersonID, error)) (map[ID][]Subject, error) {
	people, err := atHome(ctx)
	if err != nil {
		return nil, err
	}
	out := map[ID][]Subject{Room: {}, Reviews: {}}
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rules, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		checks, err := stands(ctx, tx)
		now := r.clk.Now()
		for _, p := range people {
			out[Room] = append(out[Room], Subject{Person: p, Light: rules.stand(checks[p], now).Light})
			if len(checks[p]) == 0 {
				continue
			}
			if light, waits := review(checks[p][0], now); waits {
				out[Reviews] = append(out[Reviews], Subject{Person: p, Light: light})
			}
		}
		return err
	})
	return out, err
}

// Rules gives what is asked of whoever works at home now.
func (r *Readiness) Rules(ctx context.Context) (rules Rules, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		rules, err = newestRules(ctx, tx)
		return err
	})
	if err != nil {
		return Rules{}, fmt.Errorf("readiness: rules: %w", err)
	}
	return rules, nil
}

// SetRules is SetRulesSeconded without a second person.
func (r *Readiness) SetRules(ctx context.Context, by sekisho.PersonID, next Rules) (Rules, error) {
	return r.SetRulesSeconded(ctx, by, next, nil)
}

// SetRulesSeconded puts the next version in force; Version is the one that was seen.
func (r *Readiness) SetRulesSeconded(ctx context.Context, by sekisho.PersonID, next Rules, second storage.Second) (Rules, error) {
	if err := next.Check(); err != nil {
		return Rules{}, err
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if ok, err := r.deps.People.Holds(ctx, tx, by, sekisho.RoleAdministrator); err != nil || !ok {
			return because(errAdmin, err)
		}
		now, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		if now.Version != next.Version {
			return errChanged
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		next.Version++
		if err := insertRules(ctx, tx, next, by, r.clk.Now()); err != nil {
			return err
		}
		return r.deps.Audit.Append(ctx, tx, audit.Event{
			Kind: "readiness.rules_changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "readiness", ID: "rules"}, Decision: audit.Allow,
			Detail: map[string]string{
				"version": strconv.Itoa(next.Version), "photo": now.Photo + " → " + next.Photo, "questions": number(len(now.Questions), len(next.Questions)),
				"valid_months": number(now.ValidMonths, next.ValidMonths), "late_days": number(now.LateDays, next.LateDays), "keep_days": number(now.KeepDays, next.KeepDays),
			},
		})
	})
	if err != nil {
		return Rules{}, fmt.Errorf("readiness: set rules: %w", err)
	}
	r.number.Add(1)
	return next, nil
}

func number(before, after int) string { return strconv.Itoa(before) + " → " + strconv.Itoa(after) }

// because gives the refusal, or what kept us from knowing.
func because(refusal *sekisho.Error, err error) error {
	if err != nil {
		return err
	}
	return refusal
}
