package recordings

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	ringLen  = 4 * calls.Rate // samples of one party in memory: two seconds and the lateness would do
	waiting  = 4              // seconds that the writer may be behind before sound is lost
	stalling = 2              // and before an alarm is raised
	longest  = 1 * calls.Rate // samples in one packet
	farAhead = 60             // seconds; the room's pulse has not seen such a moment, so it is none
)

// Tape is the recording of one call while it is made. Caller and Centre may each
// be called by a goroutine of its own.
type Tape struct {
	r     *Recordings
	id    sekisho.RecordingID
	meta  Meta
	begun time.Duration // monotonic
	queue chan *second
	done  chan struct{}
	w     writer

	acts sync.Mutex // one of Pause, Resume, Mask, With at a time; never held by whoever speaks

	mu      sync.Mutex // held for a copy of a second at most, never across I/O
	legs    [2]leg
	sealed  int64 // seconds that were handed to the writer or lost
	over    bool
	tail    []*second // what was not handed over at the end
	length  int64     // in samples, once over
	paused  bool
	masked  bool
	marks   []Mark
	spoke   []Spoke
	stalled bool
}

// leg is one party's sound that has not been handed over.
type leg struct {
	line
	ring  [ringLen]byte // of position p at p % ringLen; silence where nothing was said
	end   int64         // after the newest sample
	floor int64         // nothing is kept before it: what was said during a pause and came later
}

func newTape(r *Recordings, id sekisho.RecordingID, m Meta, s *sealer, now time.Duration) *Tape {
	t := &Tape{r: r, id: id, meta: m, begun: now, queue: make(chan *second, waiting), done: make(chan struct{})}
	t.w = newWriter(r.folder, id, s)
	for i := range t.legs {
		clearRing(t.legs[i].ring[:])
	}
	if m.Operator != "" {
		t.spoke = []Spoke{{Person: m.Operator}}
	}
	return t
}

// clearRing makes whole seconds silent.
func clearRing(b []byte) {
	for ; len(b) > 0; b = b[calls.Rate:] {
		copy(b, silent[:])
	}
}

// ID is the recording's.
func (t *Tape) ID() sekisho.RecordingID { return t.id }

// Caller takes what the caller says: the left side.
func (t *Tape) Caller() calls.Sink {
	return calls.SinkFunc(func(f calls.Frame) { t.take(&t.legs[0], f) })
}

// Centre takes what the centre says, whoever speaks for it: the right side.
func (t *Tape) Centre() calls.Sink {
	return calls.SinkFunc(func(f calls.Frame) { t.take(&t.legs[1], f) })
}

// now is a moment on the tape, in samples.
func (t *Tape) now(mono time.Duration) int64 { return samples(max(0, mono-t.begun)) }

func (t *Tape) take(l *leg, f calls.Frame) {
	if f.Kind != calls.Sound || len(f.Payload) == 0 || len(f.Payload) > longest || f.Codec != calls.PCMU && f.Codec != calls.PCMA {
		return
	}
	now := t.now(f.At)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over || now > (t.sealed+farAhead)*calls.Rate {
		return
	}
	t.advance(now)
	pos, ok := l.place(f, now)
	if !ok || t.paused || t.masked && l == &t.legs[0] {
		return // the time line was followed, nothing is kept
	}
	l.put(pos, f, t.sealed*calls.Rate)
}

// put lays a frame onto the ring, which begins at from.
func (l *leg) put(pos int64, f calls.Frame, from int64) {
	sound := f.Payload
	if early := max(l.floor, from) - pos; early > 0 {
		if early >= int64(len(sound)) {
			return
		}
		sound, pos = sound[early:], pos+early
	}
	if pos+int64(len(sound)) > from+ringLen {
		return
	}
	if hole := pos - l.end; hole > 0 && hole <= slew && l.end > max(l.floor, from) { // the time line moved: no click
		for p := l.end; p < pos; p++ {
			l.ring[p%ringLen] = l.ring[(l.end-1)%ringLen]
		}
	}
	at := int(pos % ringLen)
	for len(sound) > 0 {
		n := min(len(sound), ringLen-at)
		if f.Codec == calls.PCMA {
			for i, a := range sound[:n] {
				l.ring[at+i] = fromA[a]
			}
		} else {
			copy(l.ring[at:], sound[:n])
		}
		sound, at, pos = sound[n:], 0, pos+int64(n)
	}
	l.end = max(l.end, pos)
}

// hush forgets what lies on the ring from pos on.
func (l *leg) hush(pos int64) {
	for p := pos; p < l.end; p++ {
		l.ring[p%ringLen] = mute
	}
	l.end = min(l.end, pos)
}

// pass lets time pass.
func (t *Tape) pass(mono time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.advance(t.now(mono))
	}
}

// advance hands over every second that no packet can change any more.
func (t *Tape) advance(now int64) {
	for now >= (t.sealed+1)*calls.Rate+lateness {
		t.hand(t.cutOut(calls.Rate))
	}
}

// cutOut takes the next second off the rings.
func (t *Tape) cutOut(n int) *second {
	s := t.r.seconds.Get().(*second)
	s.number, s.samples = uint32(t.sealed), n
	at := t.sealed * calls.Rate % ringLen // a ring is whole seconds
	for i := range t.legs {
		ring := t.legs[i].ring[at : at+calls.Rate]
		copy(s.side(i), ring)
		clearRing(ring)
	}
	t.sealed++
	return s
}

func (t *Tape) hand(s *second) {
	select {
	case t.queue <- s:
		switch behind := len(t.queue); {
		case behind > stalling && !t.stalled:
			t.stalled = true
			t.r.alarm(Alarm{t.id, t.meta.Call, AlarmStalled})
		case behind <= 1:
			t.stalled = false
		}
	default:
		t.lose(s)
	}
}

// lose marks a second as a gap; mu is held.
func (t *Tape) lose(s *second) {
	start := time.Duration(s.number) * time.Second
	end := start + span(int64(s.samples))
	t.r.seconds.Put(s)
	for i := range t.marks {
		if m := &t.marks[i]; m.Kind == MarkGap && m.End == start {
			m.End = end
			return
		}
	}
	t.marks = append(t.marks, Mark{Kind: MarkGap, Start: start, End: end})
	t.r.alarm(Alarm{t.id, t.meta.Call, AlarmGap})
}

// End ends the tape at this moment; what is in memory is written by the writer.
// It never waits and may be called again.
func (t *Tape) End() {
	now := t.now(t.r.clk.Mono())
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	t.advance(now)
	t.over = true
	t.length = max(now, t.legs[0].end, t.legs[1].end, t.sealed*calls.Rate)
	for t.length >= (t.sealed+1)*calls.Rate {
		t.tail = append(t.tail, t.cutOut(calls.Rate))
	}
	t.tail = append(t.tail, t.cutOut(int(t.length-t.sealed*calls.Rate)))
	t.closeMarks(span(t.length))
	close(t.queue)
}

// closeMarks ends what is still silent at the tape's end.
func (t *Tape) closeMarks(at time.Duration) {
	for i := range t.marks {
		if t.marks[i].End < 0 {
			t.marks[i].End = at
		}
	}
}

// Ended is closed when everything is on the disk and in the log, or was given up.
func (t *Tape) Ended() <-chan struct{} { return t.done }

// Close is End, and waits until Ended.
func (t *Tape) Close(ctx context.Context) error {
	t.End()
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("recordings: close %s: %w", t.id, ctx.Err())
	}
}

// With says that somebody else speaks for the centre from now on.
func (t *Tape) With(ctx context.Context, person sekisho.PersonID) error {
	t.acts.Lock()
	defer t.acts.Unlock()
	t.mu.Lock()
	if t.over || person == "" || len(person) > 64 {
		over := t.over
		t.mu.Unlock()
		return orElse(over, errOver, errMeta)
	}
	s := Spoke{Person: person, From: span(t.now(t.r.clk.Mono()))}
	n := len(t.spoke)
	t.spoke = append(t.spoke, s)
	t.mu.Unlock()
	err := t.r.db.Write(ctx, func(tx storage.Tx) error { return insertSpoke(ctx, tx, t.id, n, s) })
	if err != nil {
		return fmt.Errorf("recordings: with: %w", err) // it is written with the end
	}
	return nil
}

func orElse(first bool, a, b error) error {
	if first {
		return a
	}
	return b
}

// Paused says whether the tape keeps nothing now.
func (t *Tape) Paused() bool { t.mu.Lock(); defer t.mu.Unlock(); return t.paused }

// Masked says whether the caller is not kept now.
func (t *Tape) Masked() bool { t.mu.Lock(); defer t.mu.Unlock(); return t.masked }

// event is a row about this tape.
func (t *Tape) event(kind string, by By) audit.Event {
	actor := server // a call flow
	if by.Person != "" {
		actor = audit.Actor{Person: by.Person, Role: by.Role}
	}
	return audit.Event{Kind: kind, Actor: actor, Object: object(t.id), Call: t.meta.Call, Decision: audit.Allow,
		Detail: map[string]string{"client": string(t.meta.Client), "work": string(t.meta.Work)}}
}
