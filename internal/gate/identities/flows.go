package identities

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"sync"
	"time"
)

// flow is one sign-in that is under way at the provider.
type flow struct {
	browser  [32]byte // SHA-256 of the cookie
	nonce    string
	verifier string // PKCE
	begun    time.Duration
}

// flows are those under way, by the SHA-256 of their state, in memory alone:
// after a restart everybody begins anew.
type flows struct {
	mu   sync.Mutex
	held map[[32]byte]flow
}

func (f *flows) begin(state string, one flow) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = map[[32]byte]flow{}
	}
	if len(f.held) >= maxFlows {
		for key, old := range f.held {
			if one.begun-old.begun >= flowLife {
				delete(f.held, key)
			}
		}
		if len(f.held) >= maxFlows {
			return errBusy
		}
	}
	f.held[sha256.Sum256([]byte(state))] = one
	return nil
}

// take gives a flow once, to the browser that began it. Whoever tries a state
// from another browser has used it up: its code may be in the wrong hands.
func (f *flows) take(state, browser string, now time.Duration) (flow, error) {
	key := sha256.Sum256([]byte(state))
	f.mu.Lock()
	one, ok := f.held[key]
	delete(f.held, key)
	f.mu.Unlock()
	if !ok || now-one.begun >= flowLife {
		return flow{}, errState
	}
	if hash := sha256.Sum256([]byte(browser)); subtle.ConstantTimeCompare(hash[:], one.browser[:]) != 1 {
		return flow{}, errBrowser
	}
	return one, nil
}

// secret is 256 random bits as text.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
