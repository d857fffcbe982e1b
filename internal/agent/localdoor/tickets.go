package localdoor

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"sync"
	"time"
)

// ticketLife is how long a ticket may wait for its page.
const ticketLife = 30 * time.Second

// tickets turns one-use tickets into the one bearer that counts. Only hashes
// are kept, so that a memory picture of the agent opens no door.
type tickets struct {
	mu      sync.Mutex
	clock   Clock
	open    map[[32]byte]time.Duration // hash → expiry
	bearer  [32]byte                   // hash of the one bearer; zero matches nothing
	has     bool
	changed chan struct{} // closed when the bearer is replaced
}

func newTickets(clock Clock) *tickets {
	return &tickets{clock: clock, open: map[[32]byte]time.Duration{}, changed: make(chan struct{})}
}

// issue makes a ticket. At most a handful wait at any time: the oldest give way.
func (t *tickets) issue() string {
	text := secret()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Mono()
	for h, end := range t.open {
		if end <= now || len(t.open) >= 8 {
			delete(t.open, h)
		}
	}
	t.open[sha256.Sum256([]byte(text))] = now + ticketLife
	return text
}

// exchange uses a ticket up. The page that had the bearer before loses it.
func (t *tickets) exchange(ticket string) (string, error) {
	h := sha256.Sum256([]byte(ticket))
	t.mu.Lock()
	defer t.mu.Unlock()
	end, ok := t.open[h]
	delete(t.open, h)
	if !ok || t.clock.Mono() >= end {
		return "", errTicket
	}
	bearer := secret()
	t.bearer, t.has = sha256.Sum256([]byte(bearer)), true
	close(t.changed)
	t.changed = make(chan struct{})
	return bearer, nil
}

// void takes back whatever was handed out.
func (t *tickets) void() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.open)
	t.bearer, t.has = [32]byte{}, false
	close(t.changed)
	t.changed = make(chan struct{})
}

// holds checks a bearer; replaced is closed when another page takes its place.
func (t *tickets) holds(bearer string) (replaced <-chan struct{}, err error) {
	h := sha256.Sum256([]byte(bearer))
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.has || subtle.ConstantTimeCompare(h[:], t.bearer[:]) != 1 {
		return nil, errBearer
	}
	return t.changed, nil
}

// of checks the bearer of a request, as holds does.
func (t *tickets) of(r *http.Request) (replaced <-chan struct{}, err error) {
	b, err := bearerOf(r)
	if err != nil {
		return nil, err
	}
	return t.holds(b)
}

// secret draws 256 random bits as text.
func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
