package witnesses

import (
	"bytes"
	"image/jpeg"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
)

// Limits of the pictures.
const (
	MaxPicture = 40 << 10 // bytes of one
	maxSide    = 640      // pixels
	apart      = 200 * time.Millisecond
	silence    = 6 * time.Second         // without a picture, or without anybody who looks
	lookWithin = 1500 * time.Millisecond // how long a look waits for a newer picture
)

// live is what is in memory of a case: its newest picture, and when both sides
// were last heard of, on the monotonic clock.
type live struct {
	run     string
	picture []byte
	seq     uint64
	shown   time.Duration // when the newest picture came, if seq says that one did
	looked  time.Duration // when the witness last asked
	may     bool          // the person has agreed
	agreed  time.Duration // when
	fresh   chan struct{} // closed when a newer picture comes, or the case ends
}

// quiet gives the code of why a case cannot be live any more, or "".
func (l *live) quiet(now time.Duration) string {
	switch {
	case now-l.looked > silence:
		return "witness.away"
	case l.may && now-max(l.shown, l.agreed) > silence:
		return errSilent.Code
	}
	return ""
}

type lives struct {
	mu sync.Mutex
	of map[sekisho.ApprovalID]*live
}

// begin makes room for a run; whoever still waits for the one before hears of its end.
func (v *lives) begin(id sekisho.ApprovalID, run string, now time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if old := v.of[id]; old != nil {
		close(old.fresh)
	}
	v.of[id] = &live{run: run, looked: now, fresh: make(chan struct{})}
}

func (v *lives) end(id sekisho.ApprovalID, run string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l := v.of[id]; l != nil && l.run == run {
		close(l.fresh)
		delete(v.of, id)
	}
}

// quiet gives why a run is not live any more, or "". One that is not known here
// is of a server that has started anew.
func (v *lives) quiet(id sekisho.ApprovalID, run string, now time.Duration) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.of[id]
	if l == nil || l.run != run {
		return errSilent.Code
	}
	return l.quiet(now)
}

func (v *lives) agreed(id sekisho.ApprovalID, run string, now time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l := v.of[id]; l != nil && l.run == run {
		l.may, l.agreed = true, now
	}
}

// show keeps the newest picture of a run, or refuses what comes too soon.
func (v *lives) show(id sekisho.ApprovalID, run string, picture []byte, now time.Duration) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.of[id]
	if l == nil || l.run != run || !l.may {
		return errOver
	}
	if l.seq > 0 && now-l.shown < apart {
		return errPace
	}
	close(l.fresh)
	l.picture, l.shown, l.fresh = picture, now, make(chan struct{})
	l.seq++
	return nil
}

// newer gives the newest picture after seq, or what to wait for.
func (v *lives) newer(id sekisho.ApprovalID, run string, seq uint64, now time.Duration) (picture []byte, at uint64, wait <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.of[id]
	if l == nil || l.run != run {
		return nil, seq, nil
	}
	l.looked = now
	if l.seq > seq {
		return l.picture, l.seq, nil
	}
	return nil, seq, l.fresh
}

// seen says how many pictures of a run came.
func (v *lives) seen(id sekisho.ApprovalID, run string) uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l := v.of[id]; l != nil && l.run == run {
		return l.seq
	}
	return 0
}

// validPicture refuses what is no JPEG within the limits; of a picture the header alone is read.
func validPicture(b []byte) error {
	if len(b) == 0 || len(b) > MaxPicture {
		return errPicture
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return errPicture.Because(err)
	}
	if c.Width < 16 || c.Height < 16 || c.Width > maxSide || c.Height > maxSide {
		return errPicture
	}
	return nil
}
