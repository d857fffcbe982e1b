package training

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Training is the room.
type Training struct {
	db  *storage.DB
	clk clock.Clock
	log Audit

	signed signings
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit) *Training {
	return &Training{db: db, clk: clk, log: log}
}

// By is who acts, and where: one connection of one issued PC.
type By struct {
	Connection sekisho.ConnectionID
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	LeaseKey   ed25519.PublicKey
	Session    sekisho.SessionID  // the live one; "" in quarantine
	Class      sekisho.LeaseClass // of that session
	Shared     bool               // others use this PC too: what no login has confirmed counts on its connection alone
}

// countsOn is the PC on which something counts before a login has confirmed it.
func (b By) countsOn() sekisho.DeviceID {
	if b.Shared && b.Session == "" {
		return ""
	}
	return b.Device
}

// apart is the connection to which an attempt belongs; "" where it is the person's
// own. At a shared PC, before a login, it is nobody's but that connection's.
func (b By) apart() sekisho.ConnectionID {
	if b.Shared && b.Session == "" {
		return b.Connection
	}
	return ""
}

func operator(by By) audit.Actor {
	return audit.Actor{Person: by.Person, Device: by.Device, Role: sekisho.RoleOperator}
}

// Rules gives what is asked of everybody now.
func (r *Training) Rules(ctx context.Context) (rules Rules, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		rules, err = newestRules(ctx, tx)
		return err
	})
	if err != nil {
		return Rules{}, fmt.Errorf("training: rules: %w", err)
	}
	return rules, nil
}

// SetRules is SetRulesSeconded without a second person.
func (r *Training) SetRules(ctx context.Context, by sekisho.PersonID, rules Rules) (Rules, error) {
	return r.SetRulesSeconded(ctx, by, rules, nil)
}

// SetRulesSeconded puts the next version in force; Version is the one that was seen.
func (r *Training) SetRulesSeconded(ctx context.Context, by sekisho.PersonID, rules Rules, second storage.Second) (Rules, error) {
	if !rules.valid() {
		return Rules{}, errRules
	}
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		now, err := newestRules(ctx, tx)
		if err != nil {
			return err
		}
		if now.Version != rules.Version {
			return errChanged
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		next := rules
		next.Version++
		if next.PracticeSince = now.PracticeSince; next.Practice && (!now.Practice || again(next) < again(now)) {
			next.PracticeSince = r.clk.Now()
		}
		if err := insertRules(ctx, tx, next, r.clk.Now()); err != nil {
			return orChanged(err)
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "training.rules_changed", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "training", ID: "rules"},
			Decision: audit.Allow,
			Detail: map[string]string{
				"required":    fmt.Sprintf("%t → %t", now.Required, next.Required),
				"grace_days":  fmt.Sprintf("%d → %d", now.GraceDays, next.GraceDays),
				"remind_days": fmt.Sprintf("%d → %d", now.RemindDays, next.RemindDays),
				"version":     strconv.Itoa(next.Version),
				"practice":    fmt.Sprintf("%t/%d → %t/%d", now.Practice, now.PracticeMonths, next.Practice, next.PracticeMonths),
			},
		})
	})
	if err != nil {
		return Rules{}, fmt.Errorf("training: set rules: %w", err)
	}
	rules.Version++
	return rules, nil
}

// orChanged: who comes second with the same version meets the first one's row.
func orChanged(err error) error {
	if storage.Duplicate(err) {
		return errChanged
	}
	return err
}

// Ready is nil for whoever may work on this connection, as far as training goes:
// nothing is asked, it is done, or the time of grace runs.
func (r *Training) Ready(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID, c sekisho.ConnectionID) error {
	s, err := r.Standing(ctx, By{Person: p, Device: d, Connection: c})
	if err != nil {
		return err
	}
	if s.Refused(r.clk.Now()) {
		return errRequired
	}
	return nil
}

// Confirm asks once more, inside the transaction that opens a session, and
// writes that session beside what the person did on this connection before he
// showed his face. His time of grace begins with his first session, if not before.
func (r *Training) Confirm(ctx context.Context, tx storage.Tx, p sekisho.PersonID, d sekisho.DeviceID, c sekisho.ConnectionID, s sekisho.SessionID, class sekisho.LeaseClass) error {
	now := r.clk.Now()
	if err := firstAsked(ctx, tx, p, now); err != nil {
		return err
	}
	by := By{Person: p, Device: d, Connection: c}
	standing, err := standingOf(ctx, tx, by, now)
	if err != nil {
		return err
	}
	if standing.Refused(now) {
		return errRequired
	}
	n, err := confirm(ctx, tx, by, s, class)
	if err != nil || n == 0 {
		return err
	}
	return r.log.Append(ctx, tx, audit.Event{
		Kind: "training.confirmed", Actor: operator(by), Object: audit.Object{Type: "person", ID: string(p)},
		Decision: audit.Allow, Session: s,
		Detail: map[string]string{"records": strconv.FormatInt(n, 10), "class": string(class)},
	})
}

// Standing is what is asked of the caller and what of it is done.
func (r *Training) Standing(ctx context.Context, by By) (s Standing, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		s, err = standingOf(ctx, tx, by, now)
		return err
	})
	if err != nil {
		return Standing{}, fmt.Errorf("training: standing: %w", err)
	}
	return s, nil
}

// standingOf reads what counts on this connection: what a login confirmed, and
// what was done here since.
func standingOf(ctx context.Context, tx storage.Tx, by By, now time.Time) (Standing, error) {
	a, err := loadAsked(ctx, tx)
	if err != nil {
		return Standing{}, err
	}
	since, err := sinceOf(ctx, tx, by.Person)
	if err != nil {
		return Standing{}, err
	}
	passes, err := passesHere(ctx, tx, by)
	if err != nil {
		return Standing{}, err
	}
	acks, err := acknowledgedHere(ctx, tx, by)
	if err != nil {
		return Standing{}, err
	}
	if len(a.scenarios) == 0 {
		return a.standing(since, now, passes, acks, nil), nil
	}
	practised, err := practisedHere(ctx, tx, by)
	if err != nil {
		return Standing{}, err
	}
	return a.standing(since, now, passes, acks, practised), nil
}

// People gives the standing of everybody who was asked for, from what logins
// have confirmed alone.
func (r *Training) People(ctx context.Context, people []sekisho.PersonID) (map[sekisho.PersonID]Standing, error) {
	of, err := r.Everybody(ctx)
	if err != nil {
		return nil, fmt.Errorf("training: people: %w", err)
	}
	out := make(map[sekisho.PersonID]Standing, len(people))
	for _, p := range people {
		out[p] = of(p)
	}
	return out, nil
}

// Everybody reads how everybody stands now, for whoever learns meanwhile whom to
// ask of. Of whom nothing is written, nothing is done.
func (r *Training) Everybody(ctx context.Context) (of func(sekisho.PersonID) Standing, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		a, err := loadAsked(ctx, tx)
		if err != nil {
			return err
		}
		since, err := allSince(ctx, tx)
		if err != nil {
			return err
		}
		passes, err := allPasses(ctx, tx)
		if err != nil {
			return err
		}
		acks, err := r.signed.of(ctx, tx, a.documents)
		if err != nil {
			return err
		}
		practised := map[sekisho.PersonID]map[sekisho.ScenarioID]time.Time{}
		if len(a.scenarios) > 0 {
			if practised, err = allPractised(ctx, tx); err != nil {
				return err
			}
		}
		of = func(p sekisho.PersonID) Standing { return a.standing(since[p], now, passes[p], acks[p], practised[p]) }
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("training: everybody: %w", err)
	}
	return of, nil
}
