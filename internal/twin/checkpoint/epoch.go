package checkpoint

import (
	"crypto/ed25519"
	"errors"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/wire"
)

// Epoch is what two roster roots sign after a restore: the log goes on from Size
// entries with this root; of what was signed before, everything up to Kept
// entries still holds, and what came after them, up to Lost as far as anybody
// remembers, may be gone. Without it a log that shrank stays refused.
//
// Kept is smaller than Size: a server that was put back writes on before it is
// told, and nobody can say which of the two histories an old checkpoint beyond
// Kept belongs to.
type Epoch struct {
	Log    string     `json:"log"`    // the log's name
	Number int        `json:"number"` // 2 for the first restart
	Size   int64      `json:"size"`   // entries from which the new epoch grows
	Root   wire.Bytes `json:"root"`   // of the tree of that size
	Kept   int64      `json:"kept"`   // entries of which it is known that none was lost
	Lost   int64      `json:"lost"`   // the largest size that is remembered and gone
	At     time.Time  `json:"at"`
	Reason string     `json:"reason"` // in the words of those who signed
}

// DomainEpoch separates a root's signature on an Epoch from all others.
const DomainEpoch = "sekisho/audit-epoch/v1"

// ErrRoots is returned when fewer than two different roots signed.
var ErrRoots = errors.New("checkpoint: an epoch needs the signatures of two roster roots")

// Sign is one root's signature. Every root must sign the same payload.
func (e Epoch) Sign(key ed25519.PrivateKey) wire.Signed { return wire.SignWith(key, DomainEpoch, e) }

const maxRoots = 64

// OpenEpoch verifies that at least two different roots signed the same
// epoch of the log named origin, and returns it with the keys of those who did.
func OpenEpoch(signed []wire.Signed, roots []ed25519.PublicKey, origin string) (Epoch, []ed25519.PublicKey, error) {
	if len(signed) == 0 || len(signed) > maxRoots || len(roots) > maxRoots {
		return Epoch{}, nil, ErrRoots
	}
	payload := string(signed[0].Payload)
	var epoch Epoch
	var who []ed25519.PublicKey
	for _, key := range roots {
		if hasKey(who, key) {
			continue
		}
		for _, s := range signed {
			var e Epoch
			if string(s.Payload) == payload && s.OpenLease(key, DomainEpoch, &e) == nil {
				epoch, who = e, append(who, key)
				break
			}
		}
	}
	if len(who) < 2 {
		return Epoch{}, nil, ErrRoots
	}
	if epoch.Log != origin || origin == "" {
		return Epoch{}, nil, ErrOrigin
	}
	if epoch.Number < 2 || epoch.Size < 0 || epoch.Size > maxSize || epoch.Kept < 0 || epoch.Kept > epoch.Size || len(epoch.Root) != tlog.HashSize || epoch.Reason == "" {
		return Epoch{}, nil, ErrMalformed
	}
	return epoch, who, nil
}

func hasKey(keys []ed25519.PublicKey, key ed25519.PublicKey) bool {
	for _, k := range keys {
		if k.Equal(key) {
			return true
		}
	}
	return false
}

// Start is the unsigned checkpoint from which the epoch's tree grows.
func (e Epoch) Start() Checkpoint {
	c := Checkpoint{Origin: EpochOrigin(e.Log, e.Number), Size: e.Size}
	copy(c.Root[:], e.Root)
	return c
}

// Restart connects a pin of an earlier epoch to a checkpoint of a new one. Proofs: that
// the new epoch begins with the entries that were pinned, where the pin is not itself
// among the lost ones, and that the new tree grows from it.
type Restart struct {
	Signed    []wire.Signed
	Survivors []tlog.Hash
	Grown     []tlog.Hash
}

// Follow moves the pin into a new epoch that two roster roots opened.
func (p Pin) Follow(signed []byte, r Restart, roots []ed25519.PublicKey, verifier note.Verifier, origin string) (Pin, Checkpoint, error) {
	epoch, _, err := OpenEpoch(r.Signed, roots, origin)
	if err != nil {
		return p, Checkpoint{}, err
	}
	next, err := Open(signed, verifier, origin)
	if err != nil {
		return p, Checkpoint{}, err
	}
	if len(p.Note) > 0 {
		held, err := Open(p.Note, verifier, origin)
		if err != nil {
			return p, Checkpoint{}, err
		}
		n, err := EpochOf(held.Origin, origin)
		if err != nil || n >= epoch.Number {
			return p, held, ErrOrigin // epochs only go forward
		}
		if held.Size <= epoch.Kept {
			held.Origin = epoch.Start().Origin // the same tree under its new name
			if err := Consistent(held, epoch.Start(), r.Survivors); err != nil {
				return p, held, err
			}
		}
	}
	if err := Consistent(epoch.Start(), next, r.Grown); err != nil {
		return p, next, err
	}
	return Pin{Note: signed}, next, nil
}
