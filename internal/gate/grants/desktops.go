package grants

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Level is how much personal data a desktop shows. One without a mark shows it all.
type Level = sekisho.Level

// Levels.
const (
	LevelFull   = sekisho.LevelFull
	LevelLittle = sekisho.LevelLittle
	LevelNone   = sekisho.LevelNone
)

// reach lists the levels that a session may reach: with a registered face all;
// by approval less, and without a camera only what shows no personal data.
func reach(s Session) []Level {
	switch {
	case s.Class == sekisho.ClassFace:
		return []Level{LevelFull, LevelLittle, LevelNone}
	case s.Class == sekisho.ClassApproved && s.Camera:
		return []Level{LevelLittle, LevelNone}
	case s.Class == sekisho.ClassApproved:
		return []Level{LevelNone}
	}
	return nil
}

var (
	errSession = sekisho.Fail(sekisho.KindDenied, "session.required")
	errDesktop = sekisho.Fail(sekisho.KindNotFound, "request.not_found") // also for one that others may reach
	errLevel   = sekisho.Fail(sekisho.KindInvalid, "desktop.level")

	// ErrLevelMeantime is a lower level that was judged against another state than it meets.
	ErrLevelMeantime = sekisho.Fail(sekisho.KindConflict, "desktop.changed_meanwhile")
)

const mayReach = `SELECT d.desktop FROM grants_desktops d LEFT JOIN grants_levels l ON l.desktop = d.desktop
	WHERE d.person = ? AND (COALESCE(l.level, 'full') = ? OR COALESCE(l.level, 'full') = ? OR COALESCE(l.level, 'full') = ?)`

func reachArgs(s Session) []any {
	args := []any{string(s.Person)}
	levels := reach(s)
	for i := range 3 {
		l := Level("-") // matches no row
		if i < len(levels) {
			l = levels[i]
		}
		args = append(args, string(l))
	}
	return args
}

// Allow sets who may reach a desktop, and takes it from everybody else.
func (b *Book) Allow(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID, people []sekisho.PersonID) error {
	people = slices.Compact(slices.Sorted(slices.Values(people)))
	var lost []sekisho.PersonID
	err := b.db.Write(ctx, func(tx storage.Tx) error {
		had, err := allowed(ctx, tx, d)
		if err != nil {
			return err
		}
		lost = slices.DeleteFunc(had, func(p sekisho.PersonID) bool { return slices.Contains(people, p) })
		if _, err := tx.Exec(ctx, "DELETE FROM grants_desktops WHERE desktop = ?", string(d)); err != nil {
			return err
		}
		for _, p := range people {
			if _, err := tx.Exec(ctx, "INSERT INTO grants_desktops (desktop, person, at) VALUES (?, ?, ?)",
				string(d), string(p), storage.Micros(b.clk.Now())); err != nil {
				return err
			}
		}
		return b.Audit.Append(ctx, tx, audit.Event{
			Kind: "desktop.people_changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "desktop", ID: string(d)}, Decision: audit.Allow,
			Detail: map[string]string{"people": strconv.Itoa(len(people)), "taken_from": strconv.Itoa(len(lost))},
		})
	})
	if err != nil {
		return fmt.Errorf("grants: allow %s: %w", d, err)
	}
	for _, p := range lost {
		b.narrow(p, d)
	}
	return nil
}

// Mark is MarkSeconded without a second person, whatever the level was.
func (b *Book) Mark(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID, l Level) error {
	was, err := b.LevelOf(ctx, d)
	if err != nil {
		return err
	}
	return b.MarkSeconded(ctx, by, d, Step{From: was, To: l}, nil)
}

// Step is a change of level; From is the one against which it was judged.
type Step struct{ From, To Level }

// MarkSeconded says how much personal data a desktop shows. Who may reach it until now
// and no longer does loses what he has open, as with Allow. What lowers another level than
// the one that was judged is refused. second, where there is one, says in the same
// transaction that another person confirms it.
func (b *Book) MarkSeconded(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID, s Step, second storage.Second) error {
	l := s.To
	if l != LevelFull && l != LevelLittle && l != LevelNone {
		return errLevel
	}
	var was Level
	var people []sekisho.PersonID
	err := b.db.Write(ctx, func(tx storage.Tx) (err error) {
		if was, err = levelOf(ctx, tx, d); err != nil {
			return err
		}
		if l.Lowers(was) && was != s.From {
			return ErrLevelMeantime
		}
		if people, err = allowed(ctx, tx, d); err != nil {
			return err
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO grants_levels (desktop, level) VALUES (?, ?)
			ON CONFLICT (desktop) DO UPDATE SET level = excluded.level`, string(d), string(l)); err != nil {
			return err
		}
		return b.Audit.Append(ctx, tx, audit.Event{
			Kind: "desktop.level_changed", Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
			Object: audit.Object{Type: "desktop", ID: string(d)}, Decision: audit.Allow, Detail: map[string]string{"level": string(l), "was": string(was)},
		})
	})
	if err != nil {
		return fmt.Errorf("grants: mark %s: %w", d, err)
	}
	// Committed: whoever opens from here on reads the new level.
	for _, p := range people {
		if s, ok := b.liveOf(p); ok && slices.Contains(reach(s), was) && !slices.Contains(reach(s), l) {
			b.narrow(p, d)
		}
	}
	return nil
}

// narrow tells that a person lost a desktop while he may be using it.
func (b *Book) narrow(p sekisho.PersonID, d sekisho.DesktopID) {
	for _, fn := range listeners(b, &b.onNarrow) {
		fn(p, d)
	}
}

// LevelOf is how much personal data a desktop shows.
func (b *Book) LevelOf(ctx context.Context, d sekisho.DesktopID) (l Level, err error) {
	err = b.db.Read(ctx, func(tx storage.Tx) (err error) {
		l, err = levelOf(ctx, tx, d)
		return err
	})
	return l, err
}

// LevelIn is LevelOf in somebody else's transaction.
func (b *Book) LevelIn(ctx context.Context, tx storage.Tx, d sekisho.DesktopID) (Level, error) {
	return levelOf(ctx, tx, d)
}

func levelOf(ctx context.Context, tx storage.Tx, d sekisho.DesktopID) (Level, error) {
	found, err := strings1[Level](ctx, tx, "SELECT level FROM grants_levels WHERE desktop = ?", string(d))
	if err != nil || len(found) == 0 {
		return LevelFull, err
	}
	return found[0], nil
}

// Allowed lists who may reach a desktop.
func (b *Book) Allowed(ctx context.Context, d sekisho.DesktopID) (people []sekisho.PersonID, err error) {
	err = b.db.Read(ctx, func(tx storage.Tx) (err error) {
		people, err = allowed(ctx, tx, d)
		return err
	})
	return people, err
}

func allowed(ctx context.Context, tx storage.Tx, d sekisho.DesktopID) ([]sekisho.PersonID, error) {
	return strings1[sekisho.PersonID](ctx, tx, "SELECT person FROM grants_desktops WHERE desktop = ? ORDER BY person", string(d))
}

// Desktops lists what a live session may reach.
func (b *Book) Desktops(ctx context.Context, id sekisho.SessionID) (out []sekisho.DesktopID, err error) {
	s, ok := b.live(id)
	if !ok {
		return nil, errSession
	}
	err = b.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = strings1[sekisho.DesktopID](ctx, tx, mayReach+" ORDER BY d.desktop", reachArgs(s)...)
		return err
	})
	return out, err
}

// Reach gives a live session one desktop: the row that says so is committed,
// and the lease still alive, when it returns nil.
func (b *Book) Reach(ctx context.Context, id sekisho.SessionID, d sekisho.DesktopID) error {
	s, ok := b.live(id)
	if !ok {
		return errSession
	}
	row := audit.Event{
		Kind: "desktop.reached", Actor: operator(s), Object: audit.Object{Type: "desktop", ID: string(d)},
		Decision: audit.Allow, Session: id,
	}
	err := b.db.Read(ctx, func(tx storage.Tx) error { return chosen(ctx, tx, s, d) })
	var ruling Ruling
	if err == nil { // who was not chosen learns nothing of the policies
		ruling, err = b.mayReach(ctx, s, d)
		row.Detail = ruling.said()
	}
	if err == nil {
		err = b.db.Write(ctx, func(tx storage.Tx) error {
			if err := chosen(ctx, tx, s, d); err != nil {
				return err
			}
			return b.Audit.Append(ctx, tx, row)
		})
	}
	if err != nil {
		row.Kind, row.Decision, row.Reason = "desktop.refused", audit.Deny, sekisho.CodeOf(err)
		b.Audit.Afterwards(row)
		return fmt.Errorf("grants: reach %s: %w", d, err)
	}
	if !b.reached(id, d) {
		return errSession
	}
	// A change that came into force meanwhile looked for what is reached before this was.
	if _, err := b.mayReach(ctx, s, d); err != nil {
		return fmt.Errorf("grants: reach %s: %w", d, err)
	}
	return nil
}

// ForgetDesktop removes a desktop that no longer exists from every list.
func (b *Book) ForgetDesktop(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID) error {
	return b.Allow(ctx, by, d, nil)
}

// ForgetPerson takes every desktop from a person who has left.
func (b *Book) ForgetPerson(ctx context.Context, p sekisho.PersonID) error {
	b.EndPerson(p, "person.contract_over")
	err := b.db.Write(ctx, func(tx storage.Tx) error {
		res, err := tx.Exec(ctx, "DELETE FROM grants_desktops WHERE person = ?", string(p))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		return b.Audit.Append(ctx, tx, audit.Event{
			Kind: "desktop.person_left", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "person", ID: string(p)},
			Closing: true, Detail: map[string]string{"desktops": strconv.FormatInt(n, 10)},
		})
	})
	if err != nil {
		return fmt.Errorf("grants: forget person: %w", err)
	}
	return nil
}

// liveOf gives the live session of a person.
func (b *Book) liveOf(p sekisho.PersonID) (Session, bool) {
	s := b.byPerson.get(p)
	if s == nil {
		return Session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.session.Person != p || !s.lease.Alive(b.clk.Mono()) {
		return Session{}, false
	}
	return s.session, true
}

func (b *Book) live(id sekisho.SessionID) (Session, bool) {
	s := b.bySession.get(id)
	if s == nil {
		return Session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.session.ID != id || !s.lease.Alive(b.clk.Mono()) {
		return Session{}, false
	}
	return s.session, true
}
