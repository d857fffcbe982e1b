package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

var errRoster = sekisho.Fail(sekisho.KindDenied, "evidence.no_roster")

// heldRoster is what the PC remembers of rosters: the newest one that it has
// verified, so that an older one is never believed again. It counts under the
// roots that signed it alone: another centre, or new roots, begin from one.
type heldRoster struct {
	Roots   wire.Bytes `json:"roots"` // hash of the trust roots
	Version int        `json:"version"`
	Signed  wire.Bytes `json:"signed"`
}

// rosterPath is a file of its own for each set of roots: what one centre's roots
// signed says nothing of another's.
func rosterPath(dir string, roots wire.TrustRoots) string {
	hash := roots.Hash()
	return filepath.Join(dir, fmt.Sprintf("roster-%x.json", hash[:8]))
}

func loadRoster(dir string, roots wire.TrustRoots) (h heldRoster, err error) {
	b, err := os.ReadFile(rosterPath(dir, roots))
	if os.IsNotExist(err) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("connect: roster: %w", err)
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return h, fmt.Errorf("connect: roster: %w", err)
	}
	if hash := roots.Hash(); !bytes.Equal(h.Roots, hash[:]) {
		return h, errors.New("connect: roster: of other roots")
	}
	return h, nil
}

func (h heldRoster) save(dir string, roots wire.TrustRoots) error {
	hash := roots.Hash()
	h.Roots = hash[:]
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("connect: roster: %w", err)
	}
	if err := uplink.ReplaceFile(rosterPath(dir, roots), b); err != nil {
		return fmt.Errorf("connect: roster: %w", err)
	}
	return nil
}

// currentRoster asks the server for the officers' roster and believes it only
// under the pinned roots. A forged, expired or older one leaves the roster that
// is held, as long as that one has not expired itself.
func currentRoster(ctx context.Context, dir string, c connection, roots wire.TrustRoots, now time.Time) (sealing.Roster, error) {
	held, err := loadRoster(dir, roots)
	if err != nil {
		return sealing.Roster{}, errRoster.Because(err) // a damaged memory could hide a newer roster
	}
	answer, err := c.Roster(ctx)
	if err == nil {
		r, opened := sealing.OpenRoster(answer.Signed, roots, held.Version, now)
		if opened == nil {
			if r.Version > held.Version || held.Signed == nil {
				opened = heldRoster{Version: r.Version, Signed: answer.Signed}.save(dir, roots)
			}
			if opened != nil {
				return sealing.Roster{}, errRoster.Because(opened)
			}
			return r, nil
		}
		err = opened
	}
	r, heldErr := sealing.OpenRoster(held.Signed, roots, held.Version, now)
	if heldErr != nil {
		return sealing.Roster{}, errRoster.Because(fmt.Errorf("connect: offered: %w; held: %w", err, heldErr))
	}
	return r, nil
}

// inForce says whether records may still be sealed to a roster. The wall clock
// decides, as it did when the roots signed it.
func inForce(r sealing.Roster, now time.Time) bool { return now.Before(r.Expires) }

// tickRoster ends a session whose records could not be sealed any more.
func (a *Agent) tickRoster() {
	if a.session == nil || a.roster != nil && inForce(*a.roster, a.clock.Now()) {
		return
	}
	a.leave(errRoster.Code)
}
