package recordings

import (
	"bytes"
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// memory is a file in memory.
type memory struct{ b []byte }

func (m *memory) ReadAt(b []byte, at int64) (int, error) { return bytes.NewReader(m.b).ReadAt(b, at) }
func (m *memory) WriteAt(b []byte, at int64) (int, error) {
	if need := int(at) + len(b); need > len(m.b) {
		m.b = append(m.b, make([]byte, need-len(m.b))...)
	}
	return copy(m.b[at:], b), nil
}
func (m *memory) Size() (int64, error) { return int64(len(m.b)), nil }
func (m *memory) Truncate(n int64) error {
	m.b = m.b[:min(int(n), len(m.b))]
	return nil
}
func (m *memory) Sync() error  { return nil }
func (m *memory) Close() error { return nil }

type memories struct{}

func (memories) Create(sekisho.RecordingID) (File, error) { return &memory{}, nil }
func (memories) Open(sekisho.RecordingID) (File, error)   { return nil, errors.New("not kept") }
func (memories) Remove(sekisho.RecordingID) error         { return nil }

const fuzzID, fuzzCall = sekisho.RecordingID("0199aaaa-0000-7000-8000-000000000001"), sekisho.CallID("0199aaaa-0000-7000-8000-000000000002")

func fuzzSealer(t testing.TB) *sealer {
	s, err := newSealer(bytes.Repeat([]byte{7}, keyLen), fuzzID, fuzzCall)
	must(t, err)
	return s
}

// sample is a file of three seconds with a gap before the last.
func sample(t testing.TB) []byte {
	f := &memory{}
	w := newWriter(nil, fuzzID, fuzzSealer(t))
	clear(w.sealer.nonce[:prefixLen]) // the same in every process of a fuzzer
	clear(w.fresh[headerLen-prefixLen:])
	w.file = f
	for i, number := range []uint32{0, 1, 5} {
		s := &second{number: number, samples: calls.Rate}
		end := more
		if i == 2 {
			s.samples, end = 80, whole
		}
		w.seal(s, end)
		must(t, w.flush(true))
	}
	return f.b
}

// Nothing that is not what was sealed is ever read, and nothing makes the reader fail otherwise.
func FuzzReader(f *testing.F) {
	good := sample(f)
	f.Add(good, uint32(3), uint16(0))
	f.Add(good[:len(good)-chunkLen], uint32(2), uint16(0))
	f.Add(good[:headerLen], uint32(0), uint16(1))
	f.Add([]byte("SKR1\x01"), uint32(1), uint16(9))
	f.Add([]byte{}, uint32(1<<31), uint16(1))
	f.Fuzz(func(t *testing.T, b []byte, chunks uint32, from uint16) {
		r, err := newReader(&memory{bytes.Clone(b)}, fuzzSealer(t), chunks)
		if err == nil {
			if !bytes.Equal(b[len(b)-chunkLen:], good[len(good)-chunkLen:]) {
				t.Fatal("an end that nobody sealed was taken")
			}
			if seq, err := r.find(uint32(from)); err == nil {
				_, _, _, _ = r.at(seq)
			}
			if _, err := r.digest(); err == nil && !bytes.Equal(b, good) {
				t.Fatal("a file that nobody wrote has a digest")
			}
		}
		m := &memory{bytes.Clone(b)}
		if o, err := salvage(m, fuzzSealer(t)); err == nil && o.chunks > 0 && (o.state == Whole || o.state == Cut) {
			if _, err := newReader(m, fuzzSealer(t), o.chunks); err != nil {
				t.Fatalf("what was closed as %s does not open: %v", o.state, err)
			}
		}
	})
}

func TestPartsAcrossAGap(t *testing.T) {
	r, err := newReader(&memory{sample(t)}, fuzzSealer(t), 3)
	must(t, err)
	for number, want := range map[uint32]uint32{0: 0, 1: 1, 2: 2, 4: 2, 5: 2, 9: 2} {
		if got, err := r.find(number); got != want || err != nil {
			t.Errorf("second %d: chunk %d, want %d, %v", number, got, want, err)
		}
	}
	if r.length != 5*calls.Rate+80 {
		t.Fatalf("%d samples", r.length)
	}
}
