package operators

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"slices"
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
	person  Person  // registering: whose; proving: who must prove; zero at sign-in
	link    string  // hash of the link that allowed it
	subject string  // what the person says yes to; "" where he signs in
	guard   Guarded // where it began, of RPHome alone
	source  string  // who began it, "" if not known: his next ones push out his own oldest
	until   time.Duration
}

const (
	ceremonyLife  = 5 * time.Minute
	maxCeremonies = 10_000
	maxEach       = 32 // of one source: an office of many people is one
	maxCredential = 64 << 10
)

// ceremonies are those of one relying party: strangers at the console's door
// take no room from people at their PCs. Beginning needs no login, so there is
// always room for the next: at the cost of the oldest of the same source, or, if
// very many sources ask, of the oldest of all.
type ceremonies struct {
	mu    sync.Mutex
	held  map[string]ceremony
	order []string            // ids, oldest first; some may be over
	each  map[string][]string // ids of each source, oldest first
}

func newCeremonies() *ceremonies {
	return &ceremonies{held: map[string]ceremony{}, each: map[string][]string{}}
}

// put remembers a ceremony under id; it replaces what was there.
func (c *ceremonies) put(id string, x ceremony, now time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(id)
	if own := c.each[x.source]; x.source != "" && len(own) >= maxEach {
		c.drop(own[0])
	}
	for len(c.order) > 0 {
		oldest, ok := c.held[c.order[0]]
		if ok && now < oldest.until && len(c.held) < maxCeremonies {
			break
		}
		c.drop(c.order[0])
		c.order = c.order[1:]
	}
	if len(c.order) > 2*maxCeremonies { // ids that are over, behind one that is not
		c.order = slices.DeleteFunc(c.order, func(id string) bool { _, ok := c.held[id]; return !ok })
	}
	x.until = now + ceremonyLife
	c.held[id] = x
	c.order = append(c.order, id)
	c.each[x.source] = append(c.each[x.source], id)
}

// drop forgets a ceremony; its place in order is cleared later. The caller holds mu.
func (c *ceremonies) drop(id string) {
	x, ok := c.held[id]
	if !ok {
		return
	}
	delete(c.held, id)
	own := slices.DeleteFunc(c.each[x.source], func(one string) bool { return one == id })
	if c.each[x.source] = own; len(own) == 0 {
		delete(c.each, x.source)
	}
}

// take gives a ceremony once.
func (c *ceremonies) take(id string, now time.Duration) (ceremony, bool) {
	if c == nil {
		return ceremony{}, false // of a relying party that is not served
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.held[id]
	c.drop(id)
	return x, ok && id != "" && now < x.until
}

func (r *Operators) begun(key string, options any, x ceremony, name string) (Ceremony, error) {
	if key == "" {
		key = newToken()
	}
	body, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	r.ceremonies[x.rp].put(key, x, r.clk.Mono())
	return Ceremony{ID: key, Options: body, Name: name}, nil
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
