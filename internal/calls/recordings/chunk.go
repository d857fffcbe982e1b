package recordings

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// A file is a header and chunks of one size, in the STREAM construction (Hoang,
// Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
// Nonce-Reuse Misuse-Resistance, CRYPTO 2015):
//
//	header  "SKR1" version[1] prefix[7]
//	chunk   AES-256-GCM(nonce, second, bound), 16,008 bytes and a tag of 16
//	nonce   prefix[7] sequence[4] end[1]
//	second  number[4] samples[2] zero[2] left[8000] right[8000]
//	bound   "sekisho/recording" version, sequence, recording, call; texts with their lengths
//
// Integers are big-endian. Sequence counts from 0 without a gap; number is the
// second since the tape began, and jumps where the disk did not take what came. A
// second before the last has 8,000 samples; the last has less, and what is left is silence.
const (
	version    = 1
	headerLen  = 4 + 1 + prefixLen
	prefixLen  = 7
	secondHead = 8
	soundLen   = 2 * calls.Rate
	plainLen   = secondHead + soundLen
	chunkLen   = plainLen + 16
	keyLen     = 32
)

var magic = []byte("SKR1")

// What the nonce says about the end. A tape that a stopped server left has an
// end of its own, so that no nonce is used for two texts.
const (
	more  byte = 0
	whole byte = 1 // the tape was ended
	cut   byte = 2 // it was closed by what lay on the disk
)

// second is what both parties said within one second.
type second struct {
	number  uint32
	samples int
	plain   [plainLen]byte // as it is sealed; number and samples are put in then
}

// side is the sound of the caller (0) or the centre (1).
func (s *second) side(i int) []byte { return s.plain[secondHead+i*calls.Rate:][:calls.Rate] }

// sealer seals and opens the chunks of one recording.
type sealer struct {
	aead  cipher.AEAD
	peaks cipher.AEAD
	bound []byte // without the sequence, which stands at its end
	nonce [prefixLen + 5]byte
}

// newSealer takes the key of a recording apart.
func newSealer(key []byte, id sekisho.RecordingID, call sekisho.CallID) (*sealer, error) {
	if len(key) != keyLen {
		return nil, errors.New("recordings: a key of the wrong length")
	}
	s := &sealer{bound: append([]byte("sekisho/recording"), version)}
	for _, text := range []string{string(id), string(call)} {
		s.bound = append(binary.BigEndian.AppendUint16(s.bound, uint16(len(text))), text...)
	}
	s.bound = append(s.bound, 0, 0, 0, 0)
	var err error
	if s.aead, err = gcm(key, "sound"); err != nil {
		return nil, err
	}
	s.peaks, err = gcm(key, "peaks")
	return s, err
}

func gcm(key []byte, use string) (cipher.AEAD, error) {
	part, err := hkdf.Key(sha256.New, key, nil, "sekisho/recordings/v1/"+use, keyLen)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(part)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// header draws the nonce's prefix and makes the header.
func (s *sealer) header() []byte {
	_, _ = rand.Read(s.nonce[:prefixLen]) // crypto/rand never fails
	return append(append(bytes.Clone(magic), version), s.nonce[:prefixLen]...)
}

// readHeader is the inverse.
func (s *sealer) readHeader(h []byte) error {
	if len(h) != headerLen || !bytes.Equal(h[:4], magic) || h[4] != version {
		return errDamaged.Because(errors.New("header"))
	}
	copy(s.nonce[:prefixLen], h[5:])
	return nil
}

func (s *sealer) at(seq uint32, end byte) (nonce, bound []byte) {
	binary.BigEndian.PutUint32(s.nonce[prefixLen:], seq)
	s.nonce[prefixLen+4] = end
	binary.BigEndian.PutUint32(s.bound[len(s.bound)-4:], seq)
	return s.nonce[:], s.bound
}

// seal appends a chunk to dst.
func (s *sealer) seal(dst []byte, seq uint32, end byte, sec *second) []byte {
	binary.BigEndian.PutUint32(sec.plain[:], sec.number)
	binary.BigEndian.PutUint16(sec.plain[4:], uint16(sec.samples))
	nonce, bound := s.at(seq, end)
	return s.aead.Seal(dst, nonce, sec.plain[:], bound)
}

// open opens a chunk in place; what comes back is its sound, the caller's and then the centre's.
func (s *sealer) open(chunk []byte, seq uint32, end byte) (number uint32, samples int, sound []byte, err error) {
	nonce, bound := s.at(seq, end)
	plain, err := s.aead.Open(chunk[:0], nonce, chunk, bound)
	if err != nil || len(plain) != plainLen {
		return 0, 0, nil, errDamaged.Because(fmt.Errorf("chunk %d is not what was written", seq))
	}
	number, samples = binary.BigEndian.Uint32(plain), int(binary.BigEndian.Uint16(plain[4:]))
	if full := samples == calls.Rate; samples > calls.Rate || full != (end == more) {
		return 0, 0, nil, errDamaged.Because(fmt.Errorf("chunk %d has %d samples", seq, samples))
	}
	return number, samples, plain[secondHead:], nil
}

// sealPeaks closes the wave form under a key of its own.
func (s *sealer) sealPeaks(peaks []byte) []byte {
	nonce := make([]byte, s.peaks.NonceSize(), s.peaks.NonceSize()+len(peaks)+s.peaks.Overhead())
	_, _ = rand.Read(nonce) // crypto/rand never fails
	return s.peaks.Seal(nonce, nonce, peaks, s.bound[:len(s.bound)-4])
}

func (s *sealer) openPeaks(sealed []byte) ([]byte, error) {
	n := s.peaks.NonceSize()
	if len(sealed) < n {
		return nil, errDamaged.Because(errors.New("wave form"))
	}
	peaks, err := s.peaks.Open(nil, sealed[:n], sealed[n:], s.bound[:len(s.bound)-4])
	if err != nil {
		return nil, errDamaged.Because(errors.New("wave form"))
	}
	return peaks, nil
}

// chain is the digest over all chunks so far: each takes in the one before.
type chain [sha256.Size]byte

func (c *chain) add(h interface {
	Reset()
	Write([]byte) (int, error)
	Sum([]byte) []byte
}, b []byte) {
	h.Reset()
	_, _ = h.Write(c[:]) // a hash never fails
	_, _ = h.Write(b)
	h.Sum(c[:0])
}
