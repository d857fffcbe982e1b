package connect

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

var errRoster = sekisho.Fail(sekisho.KindDenied, "evidence.no_roster")

// heldRoster is what the PC remembers of rosters: the newest one that it has
// verified, so that an older one is never believed again.
type heldRoster struct {
	Version int        `json:"version"`
	Signed  wire.Bytes `json:"signed"`
}

const rosterFile = "roster.json"

func loadRoster(dir string) (h heldRoster, err error) {
	b, err := os.ReadFile(filepath.Join(dir, rosterFile))
	if os.IsNotExist(err) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("connect: roster: %w", err)
	}
	return h, json.Unmarshal(b, &h)
}

func (h heldRoster) save(dir string) error {
	b, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("connect: roster: %w", err)
	}
	tmp := filepath.Join(dir, rosterFile+".new")
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("connect: roster: %w", err)
	}
	return os.Rename(tmp, filepath.Join(dir, rosterFile))
}

// currentRoster asks the server for the officers' roster and believes it only
// under the pinned roots. A forged, expired or older one leaves the roster that
// is held, as long as that one has not expired itself.
func currentRoster(ctx context.Context, dir string, c connection, roots wire.TrustRoots, now time.Time) (sealing.Roster, error) {
	held, err := loadRoster(dir)
	if err != nil {
		return sealing.Roster{}, errRoster.Because(err) // a damaged memory could hide a newer roster
	}
	answer, err := c.Roster(ctx)
	if err == nil {
		r, opened := sealing.OpenRoster(answer.Signed, roots, held.Version, now)
		if opened == nil {
			if r.Version > held.Version || held.Signed == nil {
				opened = heldRoster{Version: r.Version, Signed: answer.Signed}.save(dir)
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
