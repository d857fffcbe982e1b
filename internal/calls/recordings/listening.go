package recordings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// listenFor is how long one opening may be played from.
const listenFor = time.Hour

// Stream is a recording that somebody has opened. Close it when done.
type Stream struct {
	Recording Recording
	Listening string // names this opening: Opened takes it, and what is heard is marked with it

	r     *Recordings
	by    Viewer
	mark  watermark
	until time.Duration // monotonic

	mu     sync.Mutex // one reader of the file at a time
	reader *reader
}

// Open opens a recording for listening. The log has its row before anything is
// read to somebody; a refusal has one too.
func (r *Recordings) Open(ctx context.Context, v Viewer, id sekisho.RecordingID) (*Stream, error) {
	row, err := r.allowed(ctx, v, id)
	if err != nil {
		return nil, r.refused(v, row, fmt.Errorf("recordings: open %s: %w", id, err))
	}
	s, err := r.stream(v, row, wire.NewID(), r.clk.Mono()+listenFor)
	if err != nil {
		return nil, fmt.Errorf("recordings: open %s: %w", id, err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		now, err := selectTape(ctx, tx, id)
		if err != nil {
			return err
		}
		if !now.Erased.IsZero() {
			return errErased
		}
		if err := insertListen(ctx, tx, s.Listening, id, v, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, about(v, row, "recording.listened", audit.Allow))
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("recordings: open %s: %w", id, err), s.Close())
	}
	return s, nil
}

// Opened gives an opening of the last hour again, to the same person and without
// another row: a player asks many times for parts of what it plays once.
func (r *Recordings) Opened(ctx context.Context, v Viewer, listening string) (*Stream, error) {
	var id sekisho.RecordingID
	var at time.Time
	now := r.clk.Now()
	err := r.db.Read(ctx, func(tx storage.Tx) (err error) {
		id, at, err = selectListen(ctx, tx, listening, v, now.Add(-listenFor))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("recordings: opened: %w", err)
	}
	row, err := r.allowed(ctx, v, id)
	if err != nil {
		return nil, r.refused(v, row, fmt.Errorf("recordings: opened %s: %w", id, err))
	}
	s, err := r.stream(v, row, listening, r.clk.Mono()+listenFor-now.Sub(at))
	if err != nil {
		return nil, fmt.Errorf("recordings: opened %s: %w", id, err)
	}
	return s, nil
}

// about is a row about somebody and a recording.
func about(v Viewer, row tapeRow, kind, decision string) audit.Event {
	return audit.Event{Kind: kind, Actor: audit.Actor{Person: v.Person, Role: v.Role, Device: v.Device}, Object: object(row.ID), Call: row.Call, Decision: decision,
		Detail: map[string]string{"client": string(row.Client), "work": string(row.Work)}, Personal: audit.Personal{"address": v.From}}
}

// refused leaves a row where somebody asked for what is not his.
func (r *Recordings) refused(v Viewer, row tapeRow, err error) error {
	if sekisho.KindOf(err) == sekisho.KindDenied {
		e := about(v, row, "recording.listen_refused", audit.Deny)
		e.Reason = sekisho.CodeOf(err)
		r.log.Afterwards(e)
	}
	return err
}

// stream opens the file of a row.
func (r *Recordings) stream(v Viewer, row tapeRow, listening string, until time.Duration) (*Stream, error) {
	switch {
	case row.Ended.IsZero():
		return nil, errRunning
	case !row.Erased.IsZero() || len(row.wrapped) == 0:
		return nil, errErased
	}
	sealer, err := r.sealerOf(row)
	if err != nil {
		return nil, err
	}
	f, err := r.folder.Open(row.ID)
	if errors.Is(err, fs.ErrNotExist) {
		err = errDamaged.Because(errors.New("the file is missing"))
	}
	if err != nil {
		return nil, r.told(v, row, err)
	}
	reader, err := newReader(f, sealer, row.chunks)
	if err != nil {
		return nil, errors.Join(r.told(v, row, err), f.Close())
	}
	shown, err := r.shown(row)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Stream{Recording: shown, Listening: listening, r: r, by: v, mark: newWatermark(r.markKey, listening), until: until, reader: reader}, nil
}

// told leaves a row where a file is not what was written.
func (r *Recordings) told(v Viewer, row tapeRow, err error) error {
	if errors.Is(err, errDamaged) {
		e := about(v, row, "recording.damage_found", audit.Deny)
		e.Reason = errDamaged.Code
		r.log.Afterwards(e)
	}
	return err
}

func (r *Recordings) sealerOf(row tapeRow) (*sealer, error) {
	key, err := r.box.Unwrap(keyPurpose, string(row.ID), row.wrapped)
	if err != nil {
		return nil, fmt.Errorf("recordings: key of %s: %w", row.ID, err)
	}
	return newSealer(key, row.ID, row.Call)
}

// Close gives the file back.
func (s *Stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reader.file.Close()
}

// Length is how long the recording is, as the file itself proves it.
func (s *Stream) Length() time.Duration { return span(s.reader.length) }

// Play writes the part between two moments as WAV (format 7, two sides), marked
// for whoever opened it; to 0 is the end. It opens second after second, each
// proved before it is written; damage ends it with an error and a row in the log.
func (s *Stream) Play(w io.Writer, from, to time.Duration) error {
	first, last := samples(from), samples(to)
	if to == 0 {
		last = s.reader.length
	}
	if from < 0 || first > last || last > s.reader.length {
		return errRange
	}
	if _, err := w.Write(wavHeader(last - first)); err != nil {
		return err
	}
	err := s.play(w, first, last)
	if err != nil {
		return fmt.Errorf("recordings: play %s: %w", s.Recording.ID, s.r.told(s.by, tapeRow{Recording: s.Recording}, err))
	}
	return nil
}

func (s *Stream) play(w io.Writer, pos, last int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if pos == last {
		return nil
	}
	seq, err := s.reader.find(uint32(pos / calls.Rate))
	if err != nil {
		return err
	}
	for pos < last {
		if s.r.clk.Mono() > s.until {
			return errListening
		}
		if seq >= s.reader.chunks {
			return errDamaged.Because(errors.New("sound is missing at the end"))
		}
		number, n, sound, err := s.reader.at(seq)
		if err != nil {
			return err
		}
		start := int64(number) * calls.Rate
		if err := pause(w, min(start, last)-pos); err != nil { // a gap
			return err
		}
		if pos = max(pos, min(start, last)); pos < last {
			both := interleaved(sound)
			s.mark.apply(both, number)
			until := min(start+int64(n), last)
			if _, err := w.Write(both[2*(pos-start) : 2*(until-start)]); err != nil {
				return err
			}
			pos = until
		}
		seq++
	}
	return nil
}

// interleaved puts the sides of a second as WAV has them: left, right, left, …
func interleaved(sound []byte) []byte {
	out := make([]byte, soundLen)
	for i := range calls.Rate {
		out[2*i], out[2*i+1] = sound[i], sound[calls.Rate+i]
	}
	return out
}

// pause writes silence.
func pause(w io.Writer, samples int64) error {
	for samples > 0 {
		n := min(samples, calls.Rate/2)
		if _, err := w.Write(silent[:2*n]); err != nil {
			return err
		}
		samples -= n
	}
	return nil
}

// Peaks gives the wave form of the caller and of the centre: one Peak for each
// 100 ms. It needs the same leave as listening, and leaves no row.
func (r *Recordings) Peaks(ctx context.Context, v Viewer, id sekisho.RecordingID) (sides [2][]Peak, err error) {
	row, err := r.allowed(ctx, v, id)
	if err != nil {
		return sides, r.refused(v, row, fmt.Errorf("recordings: peaks %s: %w", id, err))
	}
	if row.Ended.IsZero() || len(row.wrapped) == 0 {
		return sides, orElse(row.Ended.IsZero(), errRunning, errErased)
	}
	s, err := r.sealerOf(row)
	if err != nil {
		return sides, err
	}
	var sealed []byte
	if err = r.db.Read(ctx, func(tx storage.Tx) (err error) { sealed, err = selectPeaks(ctx, tx, id); return err }); err != nil {
		return sides, fmt.Errorf("recordings: peaks %s: %w", id, err)
	}
	peaks, err := s.openPeaks(sealed)
	if err != nil {
		return sides, fmt.Errorf("recordings: peaks %s: %w", id, r.told(v, row, err))
	}
	for ; len(peaks) >= peakLen; peaks = peaks[peakLen:] {
		for side := range sides {
			sides[side] = append(sides[side], Peak{Low: int8(peaks[2*side]), High: int8(peaks[2*side+1])})
		}
	}
	return sides, nil
}

// Verify reads a whole recording and compares it with the hash that its row and
// the log have.
func (r *Recordings) Verify(ctx context.Context, v Viewer, id sekisho.RecordingID) error {
	row, err := r.allowed(ctx, v, id)
	if err != nil {
		return r.refused(v, row, fmt.Errorf("recordings: verify %s: %w", id, err))
	}
	s, err := r.stream(v, row, "", 0)
	if err != nil {
		return fmt.Errorf("recordings: verify %s: %w", id, err)
	}
	hash, err := s.reader.digest()
	if err == nil && hash != row.Hash {
		err = errDamaged.Because(errors.New("another hash"))
	}
	return errors.Join(r.told(v, row, err), s.Close())
}
