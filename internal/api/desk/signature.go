package desk

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errUnsigned = sekisho.Fail(sekisho.KindDenied, "request.unsigned")
	errReplayed = sekisho.Fail(sekisho.KindDenied, "request.replayed")
)

// counters remembers which request counters each connection has used. Requests
// may overtake each other, so a window of 1,024 below the highest is kept (as
// RFC 4303 §3.4.3 does for packets); what is older counts as used.
type counters struct {
	mu   sync.Mutex
	seen map[sekisho.ConnectionID]*window
}

const windowBits = 1024

type window struct {
	high uint64
	bits [windowBits / 64]uint64
}

// use marks counter n and says whether it was still unused.
func (w *window) use(n uint64) bool {
	if n == 0 || n+windowBits <= w.high {
		return false
	}
	if n > w.high {
		for i := w.high + 1; i <= n && i-w.high <= windowBits; i++ {
			w.bits[i%windowBits/64] &^= 1 << (i % 64)
		}
		w.high = n
	} else if w.bits[n%windowBits/64]&(1<<(n%64)) != 0 {
		return false
	}
	w.bits[n%windowBits/64] |= 1 << (n % 64)
	return true
}

// claimed says whether a request has what a signed one of c must have: nothing
// of a body is read for one that has not.
func claimed(r *http.Request, c Caller) bool {
	return c.Connection != "" && r.Header.Get(wire.HeaderConnection) == string(c.Connection) &&
		r.Header.Get(wire.HeaderCounter) != "" && r.Header.Get(wire.HeaderSignature) != ""
}

// verify checks that the request was signed by the caller's lease key, for
// this connection, the SHA-256 of its body in hex, and counter, and that the
// counter is fresh.
func (s *counters) verify(r *http.Request, c Caller, body string) error {
	if !claimed(r, c) {
		return errUnsigned
	}
	n, err := strconv.ParseUint(r.Header.Get(wire.HeaderCounter), 10, 64)
	if err != nil {
		return errUnsigned.Because(err)
	}
	sig, err := base64.RawURLEncoding.DecodeString(r.Header.Get(wire.HeaderSignature))
	if err != nil {
		return errUnsigned.Because(err)
	}
	signed := wire.RequestToSign{
		Connection: c.Connection, Counter: n, Method: r.Method,
		Path: r.URL.RequestURI(), Body: body,
	}
	if len(c.LeaseKey) != ed25519.PublicKeySize || !ed25519.Verify(c.LeaseKey, signed.SigningInput(), sig) {
		return errUnsigned
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[sekisho.ConnectionID]*window{}
	}
	w := s.seen[c.Connection]
	if w == nil {
		w = &window{}
		s.seen[c.Connection] = w
	}
	if !w.use(n) {
		return errReplayed
	}
	return nil
}

func (s *counters) forget(id sekisho.ConnectionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.seen, id)
}
