package operators

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// Ceremony is one WebAuthn act that has begun.
type Ceremony struct {
	ID      string          // hand it back when finishing; it is a secret of the page that began
	Options json.RawMessage // PublicKeyCredential options as JSON (WebAuthn level 3)
	Name    string          // whose passkey it will be; "" when signing in
}

// ceremony is what the room remembers of one: once, and for five minutes.
type ceremony struct {
	rp      RP
	session webauthn.SessionData
	person  Person // registering: whose; proving: who must prove; zero at sign-in
	link    string // hash of the link that allowed it
	until   time.Duration
}

const (
	ceremonyLife  = 5 * time.Minute
	maxCeremonies = 10_000
	maxCredential = 64 << 10
)

type ceremonies struct {
	mu   sync.Mutex
	held map[string]ceremony
}

// put remembers a ceremony under id; it replaces what was there.
func (c *ceremonies) put(id string, x ceremony, now time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.held) >= maxCeremonies {
		for k, old := range c.held {
			if now >= old.until {
				delete(c.held, k)
			}
		}
		if len(c.held) >= maxCeremonies {
			return errBusy
		}
	}
	x.until = now + ceremonyLife
	c.held[id] = x
	return nil
}

// take gives a ceremony once.
func (c *ceremonies) take(id string, rp RP, now time.Duration) (ceremony, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.held[id]
	delete(c.held, id)
	return x, ok && id != "" && x.rp == rp && now < x.until
}

func (r *Operators) begun(key string, options any, x ceremony, name string) (Ceremony, error) {
	if key == "" {
		key = newToken()
	}
	body, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	if err := r.ceremonies.put(key, x, r.clk.Mono()); err != nil {
		return Ceremony{}, err
	}
	return Ceremony{ID: key, Options: body, Name: name}, nil
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
