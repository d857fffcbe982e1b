package uplink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// sink is a server that takes incidents and evidence, or fails as told.
type sink struct {
	mu      sync.Mutex
	reports []wire.IncidentReport
	blobs   map[string][]byte
	fail    error
	refuse  map[sekisho.IncidentID]error
}

func (s *sink) Report(_ context.Context, r wire.IncidentReport) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := errors.Join(s.fail, s.refuse[r.Incident]); err != nil {
		return err
	}
	s.reports = append(s.reports, r)
	return nil
}

func (s *sink) Put(_ context.Context, hash string, sealed []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	if s.blobs == nil {
		s.blobs = map[string][]byte{}
	}
	s.blobs[hash] = sealed
	return nil
}

type fixedClock struct{ at time.Time }

func (c *fixedClock) Mono() time.Duration { return 0 }
func (c *fixedClock) Now() time.Time      { return c.at }

func newOutbox(t *testing.T, dir string, limit int64) (*Outbox, *fixedClock) {
	t.Helper()
	clock := &fixedClock{at: time.Unix(1_800_000_000, 0).UTC()}
	o, err := OpenOutbox(dir, limit, clock)
	if err != nil {
		t.Fatal(err)
	}
	return o, clock
}

func incident() wire.IncidentReport {
	return wire.IncidentReport{Incident: sekisho.IncidentID(wire.NewID()), Session: "s", State: sekisho.Onlooker, AgoMS: 20}
}

func TestOutboxTellsAtOnceAndAgainWithEvidence(t *testing.T) {
	o, clock := newOutbox(t, t.TempDir(), MaxOutbox)
	s, r := &sink{}, incident()
	if err := o.Open(r); err != nil {
		t.Fatal(err)
	}
	clock.at = clock.at.Add(300 * ms)
	if err := o.Flush(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if len(s.reports) != 1 || len(s.reports[0].Evidence) != 0 || s.reports[0].Evidence == nil || s.reports[0].AgoMS != 320 {
		t.Errorf("%+v", s.reports)
	}
	r.OSLocked = true
	sealed := []byte("age-encryption.org/v1 ciphertext")
	if err := o.Seal(r, sealed); err != nil {
		t.Fatal(err)
	}
	if err := o.Flush(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(sealed)
	hash := hex.EncodeToString(sum[:])
	if len(s.reports) != 2 || !slices.Equal(s.reports[1].Evidence, []string{hash}) || !s.reports[1].OSLocked || !bytes.Equal(s.blobs[hash], sealed) {
		t.Errorf("%+v %v", s.reports, s.blobs)
	}
	if files, _ := os.ReadDir(o.dir); len(files) != 0 || o.size != 0 {
		t.Errorf("%d files of %d bytes left", len(files), o.size)
	}
}

func TestOutboxSurvivesRestarts(t *testing.T) {
	dir := t.TempDir()
	o, clock := newOutbox(t, dir, MaxOutbox)
	sealedOne, cutShort := incident(), incident()
	for _, r := range []wire.IncidentReport{sealedOne, cutShort} {
		if err := o.Open(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Seal(sealedOne, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	// The agent is killed before the second incident's evidence is taken.
	o, restarted := newOutbox(t, dir, MaxOutbox)
	restarted.at = clock.at.Add(time.Hour)
	s := &sink{}
	if err := o.Flush(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if len(s.reports) != 2 || len(s.blobs) != 1 || s.reports[0].AgoMS != time.Hour.Milliseconds()+20 {
		t.Errorf("%+v, %d blobs", s.reports, len(s.blobs))
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("%d files left", len(files))
	}
}

func TestOutboxKeepsWhatIsNotTaken(t *testing.T) {
	o, _ := newOutbox(t, t.TempDir(), MaxOutbox)
	first, second := incident(), incident()
	for _, r := range []wire.IncidentReport{first, second} {
		if err := errors.Join(o.Open(r), o.Seal(r, []byte(r.Incident))); err != nil {
			t.Fatal(err)
		}
	}
	s := &sink{fail: ErrUnreachable}
	if err := o.Flush(t.Context(), s); !errors.Is(err, ErrUnreachable) || len(s.reports)+len(s.blobs) != 0 {
		t.Errorf("%v", err)
	}
	// One that the server refuses does not hold up the others, and stays.
	s = &sink{refuse: map[sekisho.IncidentID]error{first.Incident: sekisho.Fail(sekisho.KindDenied, "incident.unknown_session")}}
	if err := o.Flush(t.Context(), s); sekisho.CodeOf(err) != "incident.unknown_session" || len(s.reports) != 1 || s.reports[0].Incident != second.Incident {
		t.Errorf("%v, %+v", err, s.reports)
	}
	if ids, _ := o.waiting(); !slices.Equal(ids, []sekisho.IncidentID{first.Incident}) {
		t.Errorf("waiting: %v", ids)
	}
	// One that the server has already is done.
	s = &sink{refuse: map[sekisho.IncidentID]error{first.Incident: sekisho.Fail(sekisho.KindConflict, "incident.known")}}
	if err := o.Flush(t.Context(), s); err != nil || len(s.blobs) != 1 {
		t.Errorf("%v, %d blobs", err, len(s.blobs))
	}
}

func TestOutboxIsBounded(t *testing.T) {
	o, _ := newOutbox(t, t.TempDir(), 100<<10)
	var err error
	for range 100 {
		r := incident()
		if err = errors.Join(o.Open(r), o.Seal(r, []byte(strings.Repeat("x", 10<<10)+string(r.Incident)))); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) || !o.Full() {
		t.Errorf("full %v, %v", o.Full(), err)
	}
	var size int64
	files, _ := os.ReadDir(o.dir)
	for _, f := range files {
		info, _ := f.Info()
		size += info.Size()
	}
	if size != o.size || size > 120<<10 {
		t.Errorf("%d bytes on disk, %d counted", size, o.size)
	}
	if err := o.Flush(t.Context(), &sink{}); err != nil || o.Full() {
		t.Errorf("after emptying: full %v, %v", o.Full(), err)
	}
}

func TestOutboxHoldsNoClearPicture(t *testing.T) {
	o, _ := newOutbox(t, t.TempDir(), MaxOutbox)
	r := incident()
	if err := errors.Join(o.Open(r), o.Seal(r, []byte("sealed"))); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(o.dir, "*"))
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", f, info.Mode(), err)
		}
		b, _ := os.ReadFile(f)
		if bytes.Contains(b, []byte{0xff, 0xd8, 0xff}) {
			t.Errorf("%s holds a JPEG", f)
		}
	}
	if len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
}

func TestOutboxRunRetries(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o, _ := newOutbox(t, dir, MaxOutbox)
		s := &sink{fail: ErrUnreachable}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); o.Run(ctx, s) }()
		r := incident()
		if err := errors.Join(o.Open(r), o.Seal(r)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		s.mu.Lock()
		s.fail = nil
		s.mu.Unlock()
		time.Sleep(retryLast)
		cancel()
		<-done
		if len(s.reports) != 1 {
			t.Errorf("%d reports", len(s.reports))
		}
	})
}

func TestOutboxRunEndsWithItsConnection(t *testing.T) {
	o, _ := newOutbox(t, t.TempDir(), MaxOutbox)
	if err := o.Open(incident()); err != nil {
		t.Fatal(err)
	}
	o.Run(t.Context(), &sink{fail: ErrClosed}) // returns
}
