package recordings

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho/internal/calls"
)

// reader opens the seconds of one file. Not for several goroutines.
type reader struct {
	file   File
	sealer *sealer
	chunks uint32
	end    byte  // of the last chunk
	length int64 // samples
	buf    []byte
	sound  []byte // of the chunk that any opened
}

// newReader proves that a file has its end where it says: as many chunks as the
// row knows, the last of them marked as such.
func newReader(f File, s *sealer, chunks uint32) (*reader, error) {
	r := &reader{file: f, sealer: s, chunks: chunks, buf: make([]byte, chunkLen)}
	if _, err := r.header(); err != nil {
		return nil, err
	}
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	if chunks == 0 || size != offset(chunks) {
		return nil, errDamaged.Because(fmt.Errorf("%d bytes and not %d", size, offset(chunks)))
	}
	for _, r.end = range []byte{whole, cut} {
		var number uint32
		var n int
		if number, n, _, err = r.chunk(chunks-1, r.end); err == nil {
			r.length = int64(number)*calls.Rate + int64(n)
			return r, nil
		}
	}
	return nil, err
}

func (r *reader) header() ([]byte, error) {
	h := make([]byte, headerLen)
	if _, err := r.file.ReadAt(h, 0); err != nil {
		return nil, errDamaged.Because(errors.New("no header"))
	}
	return h, r.sealer.readHeader(h)
}

func offset(chunk uint32) int64 { return headerLen + int64(chunk)*chunkLen }

// chunk reads and opens one; the sound is valid until the next.
func (r *reader) chunk(seq uint32, end byte) (number uint32, samples int, sound []byte, err error) {
	r.buf = r.buf[:chunkLen]
	if _, err := r.file.ReadAt(r.buf, offset(seq)); err != nil {
		return 0, 0, nil, errDamaged.Because(fmt.Errorf("chunk %d cannot be read", seq))
	}
	number, samples, sound, err = r.sealer.open(r.buf, seq, end)
	if err == nil && number < seq {
		err = errDamaged.Because(fmt.Errorf("chunk %d is of second %d", seq, number))
	}
	return number, samples, sound, err
}

// at opens the chunk of that number in its place in the file.
func (r *reader) at(seq uint32) (uint32, int, []byte, error) {
	end := more
	if seq == r.chunks-1 {
		end = r.end
	}
	return r.chunk(seq, end)
}

// find gives the first chunk whose second is not before number: numbers jump over gaps.
func (r *reader) find(number uint32) (uint32, error) {
	low, high := uint32(0), min(number, r.chunks-1) // a chunk's second is never before its place
	for low < high {
		middle := low + (high-low)/2
		n, _, _, err := r.at(middle)
		if err != nil {
			return 0, err
		}
		if n < number {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

// digest reads everything and gives the hash over it.
func (r *reader) digest() (string, error) {
	var c chain
	h := sha256.New()
	head, err := r.header()
	if err != nil {
		return "", err
	}
	c.add(h, head)
	buf := make([]byte, chunkLen)
	for seq := range r.chunks {
		if _, err := r.file.ReadAt(buf, offset(seq)); err != nil {
			return "", errDamaged.Because(err)
		}
		c.add(h, buf)
		if _, _, _, err := r.at(seq); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(c[:]), nil
}
