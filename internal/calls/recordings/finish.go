package recordings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	finishTries  = 3
	finishWithin = 10 * time.Second
)

// finish writes down how the tape ended; false: the database did not take it.
func (t *Tape) finish() bool {
	t.mu.Lock()
	length, marks, spoke := t.length, t.marks, t.spoke // nobody changes them any more
	t.mu.Unlock()
	o := t.w.outcome(Whole, length)
	o.marks, o.spoke = marks, spoke
	for range finishTries {
		ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
		err := t.r.settle(ctx, t.id, t.meta, o, "recording.ended")
		cancel()
		if err == nil {
			return true
		}
		time.Sleep(retryMost)
	}
	return false
}

// settle closes a row, with one in the log.
func (r *Recordings) settle(ctx context.Context, id sekisho.RecordingID, m Meta, o outcome, kind string) error {
	return r.db.Write(ctx, func(tx storage.Tx) error {
		if err := endTape(ctx, tx, id, o, r.clk.Now()); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: kind, Actor: server, Object: object(id), Call: m.Call, Reason: string(o.state), Decision: audit.Allow, Closing: true,
			Detail: map[string]string{
				"client": string(m.Client), "work": string(m.Work), "hash": o.hash, "length_ms": strconv.FormatInt(span(o.length).Milliseconds(), 10),
				"marks": strconv.Itoa(len(o.marks)), "level_caller": decibel(o.levels[0]), "level_centre": decibel(o.levels[1]),
			},
		})
	})
}

func decibel(hundredths int64) string {
	return strconv.FormatFloat(float64(hundredths)/100, 'f', 1, 64)
}

// Recover closes what a server that was stopped left open, by what lies on the
// disk, and says how many. It is for the start, and for whenever a tape ended in
// AlarmLost; tapes that are running are left alone, and so are other nodes'.
func (r *Recordings) Recover(ctx context.Context) (n int, err error) {
	var left []tapeRow
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		left, err = selectTapes(ctx, tx, "ended = 0 AND node = ?", r.cfg.Node)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("recordings: recover: %w", err)
	}
	var errs []error
	for _, row := range left {
		if r.isRunning(row.ID) {
			continue
		}
		if err := r.recover(ctx, row); err != nil {
			errs = append(errs, fmt.Errorf("recordings: recover %s: %w", row.ID, err))
			continue
		}
		n++
	}
	return n, errors.Join(errs...)
}

func (r *Recordings) isRunning(id sekisho.RecordingID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tapes[id] != nil
}

func (r *Recordings) recover(ctx context.Context, row tapeRow) error {
	s, err := r.sealerOf(row)
	if err != nil {
		return err
	}
	o := outcome{state: Damaged, levels: [2]int64{level(0, 0), level(0, 0)}}
	f, err := r.folder.Open(row.ID)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it never came to the disk
	case err != nil:
		return err
	default:
		o, err = salvage(f, s)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	o.spoke = row.Operators
	for _, m := range row.Marks {
		if m.End < 0 {
			m.End = max(m.Start, span(o.length))
		}
		o.marks = append(o.marks, m)
	}
	return r.settle(ctx, row.ID, Meta{Call: row.Call, Client: row.Client, Work: row.Work}, o, "recording.recovered")
}

// salvage reads what there is, and writes the end behind it.
func salvage(f File, s *sealer) (outcome, error) {
	w := newWriter(nil, "", s)
	r := &reader{file: f, sealer: s, buf: make([]byte, chunkLen)}
	head, err := r.header()
	if err != nil {
		return outcome{state: Damaged, levels: [2]int64{level(0, 0), level(0, 0)}}, nil
	}
	size, err := f.Size()
	if err != nil {
		return outcome{}, err
	}
	w.chain = chain{}
	w.chain.add(w.hash, head)
	total := uint32(min((size-headerLen)/chunkLen, 1<<31))
	next, marks := uint32(0), []Mark(nil)
	for w.seq < total {
		number, n, end, err := r.any(w.seq)
		if err != nil {
			break
		}
		if number > next {
			marks = append(marks, Mark{Kind: MarkGap, Start: time.Duration(next) * time.Second, End: time.Duration(number) * time.Second})
		}
		if err := w.retake(r, number, n); err != nil {
			return outcome{}, err
		}
		if next = number + 1; end != more {
			o := w.outcome(ended[end], int64(number)*calls.Rate+int64(n))
			o.marks = marks
			return o, f.Truncate(offset(w.seq))
		}
	}
	o := w.outcome(Damaged, int64(next)*calls.Rate)
	if w.seq+1 >= total { // where not only the last one fails, it was changed, and stays as it is
		if o, err = w.cutOff(f, next); err != nil {
			return outcome{}, err
		}
	}
	o.marks = marks
	return o, nil
}

// cutOff writes an end behind what could be read, in place of what could not.
func (w *writer) cutOff(f File, next uint32) (outcome, error) {
	at, last := offset(w.seq), &second{number: next}
	copy(last.side(0), silent[:])
	copy(last.side(1), silent[:])
	w.fresh = w.fresh[:0]
	w.seal(last, cut)
	if _, err := f.WriteAt(w.fresh, at); err != nil {
		return outcome{}, err
	}
	if err := errors.Join(f.Truncate(at+int64(len(w.fresh))), f.Sync()); err != nil {
		return outcome{}, err
	}
	return w.outcome(Cut, int64(next)*calls.Rate), nil
}

// ended is the state that the end of a file tells.
var ended = map[byte]State{whole: Whole, cut: Cut}

// any opens a chunk that may be an end.
func (r *reader) any(seq uint32) (number uint32, n int, end byte, err error) {
	for _, end = range []byte{more, whole, cut} {
		var sound []byte
		if number, n, sound, err = r.chunk(seq, end); err == nil {
			r.sound = sound
			return number, n, end, nil
		}
	}
	return 0, 0, 0, err
}

// retake measures a chunk that lies on the disk already, and adds it to the digest.
func (w *writer) retake(r *reader, number uint32, n int) error {
	sec := &second{number: number, samples: n}
	copy(sec.plain[secondHead:], r.sound)
	if missing := int(number)*10 - len(w.peaks)/peakLen; missing > 0 {
		w.peaks = blank(w.peaks, missing)
	}
	w.peaks = measure(w.peaks, &w.sum, sec)
	raw := make([]byte, chunkLen)
	if _, err := r.file.ReadAt(raw, offset(w.seq)); err != nil {
		return err
	}
	w.chain.add(w.hash, raw)
	w.seq++
	return nil
}
