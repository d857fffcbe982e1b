package desktops

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Desktops keeps the list and the streams that are open.
type Desktops struct {
	db    *storage.DB
	clk   clock.Clock
	box   Box
	audit Audit
	rules rules

	mu      sync.Mutex
	streams map[*stream]struct{}
}

// Option changes how the room is made.
type Option func(*Desktops)

// AllowLoopback lets desktops stand on this machine itself: demonstrations and
// tests have no other. Whoever may name desktops then reaches whatever speaks
// RFB to this machine alone.
func AllowLoopback(yes bool) Option { return func(s *Desktops) { s.rules.loopback = yes } }

// New makes the room; its tables must have been migrated.
func New(db *storage.DB, clk clock.Clock, box Box, log Audit, options ...Option) *Desktops {
	s := &Desktops{db: db, clk: clk, box: box, audit: log, rules: rules{own: ownAddresses}, streams: map[*stream]struct{}{}}
	for _, o := range options {
		o(s)
	}
	return s
}

const purpose = "desktops/secret" // what the box ties a password to, with the desktop's id

// List gives every desktop by name, never with its password.
func (s *Desktops) List(ctx context.Context) (list []Desktop, err error) {
	err = s.db.Read(ctx, func(tx storage.Tx) (err error) { list, err = selectAll(ctx, tx); return err })
	if err != nil {
		return nil, fmt.Errorf("desktops: list: %w", err)
	}
	return list, nil
}

// Get gives one desktop.
func (s *Desktops) Get(ctx context.Context, id sekisho.DesktopID) (Desktop, error) {
	r, err := s.row(ctx, id)
	return r.Desktop, err
}

// In gives one desktop in somebody else's transaction.
func (s *Desktops) In(ctx context.Context, tx storage.Tx, id sekisho.DesktopID) (Desktop, error) {
	r, err := selectOne(ctx, tx, id)
	return r.Desktop, err
}

func (s *Desktops) row(ctx context.Context, id sekisho.DesktopID) (r row, err error) {
	err = s.db.Read(ctx, func(tx storage.Tx) (err error) { r, err = selectOne(ctx, tx, id); return err })
	if err != nil {
		return r, fmt.Errorf("desktops: get %s: %w", id, err)
	}
	return r, nil
}

// Create names a desktop. The secret is its VNC password, "" for none.
func (s *Desktops) Create(ctx context.Context, by sekisho.PersonID, d Desktop, secret string) (Desktop, error) {
	d.ID = sekisho.DesktopID(wire.NewID())
	r := row{Desktop: d}
	if err := r.check(s.rules); err != nil {
		return Desktop{}, err
	}
	if err := s.wrap(&r, secret); err != nil {
		return Desktop{}, err
	}
	err := s.db.Write(ctx, func(tx storage.Tx) error {
		if taken, err := nameTaken(ctx, tx, r.Desktop); err != nil || taken {
			return orTaken(err)
		}
		if err := insert(ctx, tx, r, s.clk.Now()); err != nil {
			return err
		}
		return s.audit.Append(ctx, tx, changed("desktop.created", by, r, []string{"name", "host", "port", "secret"}))
	})
	if err != nil {
		return Desktop{}, fmt.Errorf("desktops: create: %w", err)
	}
	return r.Desktop, nil
}

func orTaken(err error) error {
	if err != nil {
		return err
	}
	return errNameTaken
}

// Update changes a desktop; a nil secret keeps the old one. Streams that are
// open to it end where it leads elsewhere now.
func (s *Desktops) Update(ctx context.Context, by sekisho.PersonID, d Desktop, secret *string) (Desktop, error) {
	return s.Move(ctx, by, d, secret, nil)
}

// Move is Update; moving is asked in its transaction where the address becomes another one.
func (s *Desktops) Move(ctx context.Context, by sekisho.PersonID, d Desktop, secret *string, moving storage.Second) (Desktop, error) {
	r := row{Desktop: d}
	if err := r.check(s.rules); err != nil {
		return Desktop{}, err
	}
	if secret != nil {
		if err := s.wrap(&r, *secret); err != nil {
			return Desktop{}, err
		}
	}
	var what []string
	err := s.db.Write(ctx, func(tx storage.Tx) error {
		old, err := selectOne(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if taken, err := nameTaken(ctx, tx, r.Desktop); err != nil || taken {
			return orTaken(err)
		}
		if secret == nil {
			r.secret, r.HasSecret = old.secret, old.HasSecret
			// A kept password must not be tried on another server by whoever may write hosts but not read it.
			if old.HasSecret && (old.Host != r.Host || old.Port != r.Port) {
				return errSecretAgain
			}
		}
		if old.Host != r.Host || old.Port != r.Port {
			if err := moving.Said(ctx, tx); err != nil {
				return err
			}
		}
		what = differs(old, r, secret != nil)
		if err := update(ctx, tx, r, s.clk.Now()); err != nil {
			return err
		}
		return s.audit.Append(ctx, tx, changed("desktop.changed", by, r, what))
	})
	if err != nil {
		return Desktop{}, fmt.Errorf("desktops: update %s: %w", d.ID, err)
	}
	if len(what) > 0 && (len(what) > 1 || what[0] != "name") {
		s.CloseStreams(d.ID, "desktop.changed")
	}
	return r.Desktop, nil
}

func differs(old, now row, secret bool) (what []string) {
	if old.Name != now.Name {
		what = append(what, "name")
	}
	if old.Host != now.Host {
		what = append(what, "host")
	}
	if old.Port != now.Port {
		what = append(what, "port")
	}
	if secret {
		what = append(what, "secret")
	}
	return what
}

// Delete takes a desktop away and ends the streams that are open to it.
func (s *Desktops) Delete(ctx context.Context, by sekisho.PersonID, id sekisho.DesktopID) error {
	err := s.db.Write(ctx, func(tx storage.Tx) error {
		r, err := selectOne(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		e := changed("desktop.deleted", by, r, nil)
		e.Closing = true
		return s.audit.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("desktops: delete %s: %w", id, err)
	}
	s.CloseStreams(id, "desktop.deleted")
	return nil
}

func (s *Desktops) wrap(r *row, secret string) (err error) {
	r.secret, r.HasSecret = nil, false
	if secret == "" {
		return nil
	}
	if err := checkSecret(secret); err != nil {
		return err
	}
	if r.secret, err = s.box.Wrap(purpose, string(r.ID), []byte(secret)); err != nil {
		return fmt.Errorf("desktops: wrap secret: %w", err)
	}
	r.HasSecret = true
	return nil
}

func changed(kind string, by sekisho.PersonID, r row, what []string) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
		Object:   audit.Object{Type: "desktop", ID: string(r.ID)},
		Decision: audit.Allow,
		Detail: map[string]string{
			"name": r.Name, "host": r.Host, "port": strconv.Itoa(r.Port),
			"has_secret": strconv.FormatBool(r.HasSecret), "changed": strings.Join(what, " "),
		},
	}
}

// CloseStreams ends every stream that is open to a desktop and says how many.
func (s *Desktops) CloseStreams(id sekisho.DesktopID, reason string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		if st.visit.Desktop == id {
			st.cancel(sekisho.Fail(sekisho.KindExpired, reason))
			n++
		}
	}
	return n
}

// Open lists the visits that are under way.
func (s *Desktops) Open() []Visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Visit, 0, len(s.streams))
	for st := range s.streams {
		out = append(out, st.visit)
	}
	return out
}
