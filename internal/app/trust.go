package app

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errNoRoster  = sekisho.Fail(sekisho.KindConflict, "roster.missing")
	errRoster    = sekisho.Fail(sekisho.KindInvalid, "roster.invalid")
	errRootsDiff = sekisho.Fail(sekisho.KindConflict, "roster.other_roots")
)

// rosterRoots is DATA/roster/roots.json: the public keys that the roots of the
// officers' roster made offline.
type rosterRoots struct {
	Threshold int          `json:"threshold"`
	Keys      []wire.Bytes `json:"keys"`
}

// trust is what PCs pin at enrolment, and the roster that they seal to. The
// server cannot make a roster; it only hands on what the roots signed.
type trust struct {
	dir   string
	clock clock.Clock

	mu     sync.RWMutex
	roots  wire.TrustRoots
	signed []byte
	roster sealing.Roster
	before []sealing.Roster // the one that the present one replaced, or none
}

func loadTrust(dir string, ca *x509.Certificate, auditKey string, clk clock.Clock) (*trust, error) {
	t := &trust{dir: dir, clock: clk, roots: wire.TrustRoots{CA: ca.Raw, AuditKey: auditKey, RosterRoots: []wire.Bytes{}}}
	b, err := os.ReadFile(filepath.Join(dir, "roots.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, fmt.Errorf("app: roster: %w", err)
	}
	var r rosterRoots
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("app: roster/roots.json: %w", err)
	}
	t.roots.RosterRoots, t.roots.RosterThreshold = r.Keys, r.Threshold
	if t.signed, err = os.ReadFile(filepath.Join(dir, "roster.json")); err != nil {
		return nil, fmt.Errorf("app: roster: %w", err)
	}
	// An expired roster still starts: the console must be able to say so.
	if _, t.roster, err = sealing.ParseSigned(t.signed); err != nil {
		return t, err
	}
	old, err := os.ReadFile(filepath.Join(dir, rosterBefore))
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return nil, fmt.Errorf("app: roster: %w", err)
	}
	_, before, err := sealing.ParseSigned(old)
	t.before = []sealing.Roster{before}
	return t, err
}

// rosterBefore is the file of the roster that the present one replaced.
const rosterBefore = "roster.before.json"

// Rosters are those that a PC may have sealed to: the one in force and the one
// before it, which a PC without a connection may not know to be replaced.
func (t *trust) Rosters() []sealing.Roster {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.signed) == 0 {
		return nil
	}
	return append([]sealing.Roster{t.roster}, t.before...)
}

// Trust is what PCs pin.
func (t *trust) Trust() wire.TrustRoots {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.roots
}

// Ready is nil once officers can be sealed to; before, no PC may be issued.
func (t *trust) Ready() error {
	_, err := t.Roster()
	return err
}

// Roster is the signed roster, if it is in force.
func (t *trust) Roster() (wire.Roster, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.signed) == 0 {
		return wire.Roster{}, errNoRoster
	}
	if _, err := sealing.OpenRoster(t.signed, t.roots, 0, t.clock.Now()); err != nil {
		return wire.Roster{}, errRoster.Because(err)
	}
	return wire.Roster{Signed: t.signed}, nil
}

// Check says whether a roster may take the present one's place.
func (t *trust) Check(r rosterRoots, signed []byte) (sealing.Roster, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.roots.RosterRoots) > 0 && !sameRoots(t.roots, r) {
		return sealing.Roster{}, errRootsDiff
	}
	if r.Threshold < 2 || len(r.Keys) < r.Threshold {
		return sealing.Roster{}, errRoster.Because(errors.New("fewer than two roots must sign"))
	}
	roots := t.roots
	roots.RosterRoots, roots.RosterThreshold = r.Keys, r.Threshold
	roster, err := sealing.OpenRoster(signed, roots, t.roster.Version, t.clock.Now())
	if err != nil {
		return roster, errRoster.Because(err)
	}
	return roster, nil
}

// Install puts a checked roster in force.
func (t *trust) Install(r rosterRoots, signed []byte) error {
	roster, err := t.Check(r, signed)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return fmt.Errorf("app: roster: %w", err)
	}
	roots, err := json.Marshal(r)
	if err != nil {
		return err
	}
	before, err := t.replaced(roster)
	if err != nil {
		return err
	}
	// The roster first: roots without a roster would not start.
	if err := writeWhole(filepath.Join(t.dir, "roster.json"), signed); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(t.dir, "roots.json"), roots); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roots.RosterRoots, t.roots.RosterThreshold, t.signed, t.roster, t.before = r.Keys, r.Threshold, signed, roster, before
	return nil
}

// replaced keeps the present roster on disk as the one before next, and gives it.
// The same roster once more replaces nothing.
func (t *trust) replaced(next sealing.Roster) ([]sealing.Roster, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.signed) == 0 || t.roster.Hash() == next.Hash() {
		return t.before, nil
	}
	return []sealing.Roster{t.roster}, writeWhole(filepath.Join(t.dir, rosterBefore), t.signed)
}

func sameRoots(t wire.TrustRoots, r rosterRoots) bool {
	if t.RosterThreshold != r.Threshold || len(t.RosterRoots) != len(r.Keys) {
		return false
	}
	for i := range r.Keys {
		if !bytes.Equal(t.RosterRoots[i], r.Keys[i]) {
			return false
		}
	}
	return true
}

// writeWhole replaces a file so that a crash leaves the old one or the new one.
func writeWhole(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
