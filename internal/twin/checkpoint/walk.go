package checkpoint

import (
	"crypto/ed25519"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho/internal/wire"
)

// maxSteps bounds the restarts that one answer leads through.
const maxSteps = 32

// Walk moves the pin along the steps that the log's server shows, each proved
// by itself: forward in an epoch, or into a new one that two of the roster roots
// signed. At the first step that does not hold it stops with an error, and the
// pin is as it was before all of them.
func (p Pin) Walk(steps []wire.PinStep, roots []ed25519.PublicKey, verifier note.Verifier, origin string) (Pin, error) {
	if len(steps) == 0 || len(steps) > maxSteps {
		return p, fmt.Errorf("%w: %d steps", ErrMalformed, len(steps))
	}
	at := p
	for _, s := range steps {
		survivors, err := ParseHashes(s.Survivors)
		if err != nil {
			return p, err
		}
		grown, err := ParseHashes(s.Grown)
		if err != nil {
			return p, err
		}
		if len(s.Restart) > 0 {
			at, _, err = at.Follow([]byte(s.Checkpoint), Restart{Signed: s.Restart, Survivors: survivors, Grown: grown}, roots, verifier, origin)
		} else {
			at, _, err = at.Advance([]byte(s.Checkpoint), grown, verifier, origin)
		}
		if err != nil {
			return p, err
		}
	}
	return at, nil
}
