package recordings

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
)

const (
	syncEvery  = 2 // chunks
	retryFirst = 20 * time.Millisecond
	retryMost  = 500 * time.Millisecond
)

// writer seals what a tape hands over and brings it to the disk. It is its
// goroutine's alone. What was sealed once is written as it is until the disk has
// it: no nonce is used for two texts.
type writer struct {
	folder Folder
	id     sekisho.RecordingID
	sealer *sealer
	file   File

	fresh   []byte // sealed since the last sync; written again if that fails
	written int    // how much of it the file has
	synced  int64  // where in the file fresh begins
	pending int    // chunks in fresh

	giveUp time.Time

	seq   uint32
	chain chain
	hash  hash.Hash
	peaks []byte
	sum   [2]float64
}

func newWriter(folder Folder, id sekisho.RecordingID, s *sealer) writer {
	w := writer{folder: folder, id: id, sealer: s, hash: sha256.New()}
	w.fresh = append(make([]byte, 0, headerLen+(syncEvery+1)*chunkLen), s.header()...)
	w.chain.add(w.hash, w.fresh)
	return w
}

// seal takes a second in.
func (w *writer) seal(s *second, end byte) {
	if missing := int(s.number)*10 - len(w.peaks)/peakLen; missing > 0 {
		w.peaks = blank(w.peaks, missing)
	}
	w.peaks = measure(w.peaks, &w.sum, s)
	n := len(w.fresh)
	w.fresh = w.sealer.seal(w.fresh, w.seq, end, s)
	w.chain.add(w.hash, w.fresh[n:])
	w.seq++
	w.pending++
}

// flush writes what is fresh, and syncs after every second chunk or when asked.
func (w *writer) flush(sync bool) (err error) {
	if w.file == nil {
		if w.file, err = w.folder.Create(w.id); err != nil {
			w.file = nil
			return err
		}
	}
	if w.written < len(w.fresh) {
		n, err := w.file.WriteAt(w.fresh[w.written:], w.synced+int64(w.written))
		if err != nil {
			return err
		}
		w.written += n
	}
	if !sync && w.pending < syncEvery {
		return nil
	}
	if err := w.file.Sync(); err != nil {
		w.written = 0 // a failed sync may have dropped what was written
		return err
	}
	w.synced += int64(len(w.fresh))
	w.fresh, w.written, w.pending = w.fresh[:0], 0, 0
	return nil
}

// write is the tape's goroutine: it brings every second to the disk, and the end into the database.
func (t *Tape) write() {
	defer close(t.done)
	defer t.r.leave(t)
	defer t.survive()
	defer t.w.close()
	kept := true
	for s := range t.queue {
		kept = kept && t.keep(s, more)
	}
	t.mu.Lock()
	tail := t.tail
	t.mu.Unlock()
	for i, s := range tail {
		end := more
		if i == len(tail)-1 {
			end = whole
		}
		kept = kept && t.keep(s, end)
	}
	if !kept || !t.finish() {
		t.r.alarm(Alarm{t.id, t.meta.Call, AlarmLost}) // the next Recover closes it by what lies on the disk
	}
}

// survive ends a tape whose writer has failed; the call goes on.
func (t *Tape) survive() {
	if p := recover(); p != nil {
		slog.Error("recordings: a writer failed", "recording", t.id, "fault", fmt.Sprintf("%T", p))
		t.End()
		t.r.alarm(Alarm{t.id, t.meta.Call, AlarmLost})
	}
}

// keep tries until the disk has a second. While the call goes on it does not give
// up; after the end it does, when patience is over.
func (t *Tape) keep(s *second, end byte) bool {
	t.w.seal(s, end)
	t.r.seconds.Put(s)
	pause := retryFirst
	for t.w.flush(end != more) != nil {
		if t.isOver() && t.w.giveUp.IsZero() {
			t.w.giveUp = time.Now().Add(t.r.cfg.Patience)
		}
		if !t.w.giveUp.IsZero() && time.Now().After(t.w.giveUp) {
			return false
		}
		time.Sleep(pause)
		pause = min(2*pause, retryMost)
	}
	return true
}

func (t *Tape) isOver() bool { t.mu.Lock(); defer t.mu.Unlock(); return t.over }

func (w *writer) close() {
	if w.file != nil {
		_ = w.file.Close() // everything that counts was synced
		w.file = nil
	}
}

// outcome is what the row says of a recording that has ended.
type outcome struct {
	state  State
	length int64 // samples
	chunks uint32
	levels [2]int64 // hundredths of a dB below full scale
	hash   string
	peaks  []byte // sealed
	marks  []Mark
	spoke  []Spoke
}

func (w *writer) outcome(state State, length int64) outcome {
	return outcome{state: state, length: length, chunks: w.seq, hash: hex.EncodeToString(w.chain[:]), peaks: w.sealer.sealPeaks(w.peaks),
		levels: [2]int64{level(w.sum[0], length), level(w.sum[1], length)}}
}
