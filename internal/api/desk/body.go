package desk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

// Limits of what one request may carry, in bytes.
const (
	maxBody     = 256 << 10
	maxEvidence = 16 << 20
)

// Limits of what may be in memory at once, and of the time to send it. A home
// line of 512 kbit/s brings the largest bundle in time.
const (
	maxReading     = 512 // bodies that are being read
	maxReadingEach = 16  // of one PC
	maxUploads     = 16  // large bodies
	maxUploadsEach = 2   // of one PC
	readTime       = 15 * time.Second
	uploadRate     = 64 << 10 // bytes in a second, beyond readTime
)

// body makes r.Body what the route may read. release must be called when the
// request is done.
func (d *Door) body(w http.ResponseWriter, r *http.Request, c Caller, route string) (release func(), err error) {
	if !claimed(r, c) {
		return nil, errUnsigned
	}
	if route == pattern(upload) {
		return d.large(w, r, c)
	}
	if r.ContentLength > maxBody {
		return nil, &http.MaxBytesError{Limit: maxBody}
	}
	if r.ContentLength != 0 {
		done, err := d.bodies.take(c.Device)
		if err != nil {
			return nil, err
		}
		defer done()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, malformed(err)
	}
	sum := sha256.Sum256(body)
	if err := d.counters.verify(r, c, hex.EncodeToString(sum[:])); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return func() {}, nil
}

// large lets an upload begin. Its name is the hash of its bytes, so the
// signature is checked before the first of them is read; what then comes is
// compared with the name at its end.
func (d *Door) large(w http.ResponseWriter, r *http.Request, c Caller) (release func(), err error) {
	if r.ContentLength > maxEvidence {
		return nil, &http.MaxBytesError{Limit: maxEvidence}
	}
	name := strings.TrimPrefix(r.URL.Path, prefix+"evidence/")
	if err := d.counters.verify(r, c, name); err != nil {
		return nil, err
	}
	release, err = d.uploads.take(c.Device)
	if err != nil {
		return nil, err
	}
	size := r.ContentLength
	if size < 0 {
		size = maxEvidence
	}
	// By the wall clock: it bounds a socket, and decides nothing.
	until := time.Now().Add(readTime + time.Duration(size/uploadRate)*time.Second)
	if err := http.NewResponseController(w).SetReadDeadline(until); err != nil && !errors.Is(err, http.ErrNotSupported) {
		release()
		return nil, errMalformed.Because(err) // the connection is gone
	}
	r.Body = &signedBody{ReadCloser: http.MaxBytesReader(w, r.Body, maxEvidence), name: name, sum: sha256.New()}
	return release, nil
}

// signedBody is a body that must be the bytes that its name is the hash of.
type signedBody struct {
	io.ReadCloser
	name string
	sum  hash.Hash
}

// Read gives errUnsigned in place of the end of other bytes than were signed.
func (b *signedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.sum.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, malformed(err)
	case hex.EncodeToString(b.sum.Sum(nil)) != b.name:
		return n, errUnsigned
	}
	return n, err
}

// slots are a number of things that may be under way at once, of all PCs and
// of each.
type slots struct {
	all, each int

	mu    sync.Mutex
	taken int
	by    map[sekisho.DeviceID]int
}

// take gives one slot, or errBusy.
func (s *slots) take(d sekisho.DeviceID) (release func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken >= s.all || s.by[d] >= s.each {
		return nil, errBusy
	}
	if s.by == nil {
		s.by = map[sekisho.DeviceID]int{}
	}
	s.taken++
	s.by[d]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken--
		if s.by[d]--; s.by[d] == 0 {
			delete(s.by, d)
		}
	}), nil
}
