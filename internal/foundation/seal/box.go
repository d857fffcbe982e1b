package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// MasterVariable names the environment variable that may hold the master
// instead of the file: 32 bytes as base64url without padding.
const MasterVariable = "SEKISHO_MASTER"

const (
	masterLen = 32
	version   = 1
	markLen   = 4 // tells masters apart, so that a wrong one is named as such
)

var (
	// ErrMaster is returned for a value that was wrapped by another master.
	ErrMaster = errors.New("seal: wrapped by another master")
	// ErrOpen is returned for a value that was changed, or wrapped for something else.
	ErrOpen = errors.New("seal: does not open")
)

// Box wraps and unwraps with the master.
type Box struct {
	key  []byte // of all purposes together; never used as it is
	mark [markLen]byte
}

// LogValue hides the master.
func (*Box) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// String hides the master from fmt too.
func (*Box) String() string { return "[hidden]" }

// Open takes the master from the environment or else from the file, which it
// creates on the first start.
func Open(masterFile string) (*Box, error) {
	if text, ok := os.LookupEnv(MasterVariable); ok {
		master, err := decodeMaster(text)
		if err != nil {
			return nil, fmt.Errorf("seal: %s: %w", MasterVariable, err)
		}
		return newBox(master)
	}
	master, err := readMaster(masterFile)
	if errors.Is(err, fs.ErrNotExist) {
		master, err = createMaster(masterFile)
	}
	if err != nil {
		return nil, fmt.Errorf("seal: master %s: %w", masterFile, err)
	}
	return newBox(master)
}

func newBox(master []byte) (*Box, error) {
	key, err := hkdf.Key(sha256.New, master, nil, "sekisho/seal/box/v1", masterLen)
	if err != nil {
		return nil, err
	}
	mark, err := hkdf.Key(sha256.New, master, nil, "sekisho/seal/mark/v1", markLen)
	if err != nil {
		return nil, err
	}
	return &Box{key: key, mark: [markLen]byte(mark)}, nil
}

func readMaster(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others may read it (mode %04o): make it 0600, and replace it if anybody did", mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return decodeMaster(string(text))
}

func decodeMaster(text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != masterLen {
		return nil, fmt.Errorf("it must be %d bytes as base64url without padding", masterLen) // never what it is
	}
	return b, nil
}

// createMaster writes a new master so that it is on the disk, whole, before
// anything is wrapped with it. Of two processes that start at once, one wins.
func createMaster(path string) ([]byte, error) {
	master := make([]byte, masterLen)
	_, _ = rand.Read(master)                                   // crypto/rand never fails
	tmp, err := os.CreateTemp(filepath.Dir(path), ".master-*") // 0600
	if err != nil {
		return nil, err
	}
	_, err = tmp.WriteString(base64.RawURLEncoding.EncodeToString(master) + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Link(tmp.Name(), path) // fails if the file is there, unlike a rename
	}
	err = errors.Join(err, os.Remove(tmp.Name()))
	if errors.Is(err, fs.ErrExist) {
		return readMaster(path)
	}
	if err != nil {
		return nil, err
	}
	return master, syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Wrap seals clear for one purpose and one id, with XChaCha20-Poly1305 under a
// key of that purpose:
//
//	version[1] mark[4] nonce[24] ciphertext and tag
func (b *Box) Wrap(purpose, id string, clear []byte) ([]byte, error) {
	aead, err := b.aead(purpose)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 1+markLen+aead.NonceSize()+len(clear)+aead.Overhead())
	out = append(append(out, version), b.mark[:]...)
	nonce := out[len(out) : len(out)+aead.NonceSize()]
	_, _ = rand.Read(nonce) // crypto/rand never fails
	out = out[:len(out)+len(nonce)]
	return aead.Seal(out, nonce, clear, bound(purpose, id)), nil
}

// Unwrap opens what Wrap sealed for the same purpose and id.
func (b *Box) Unwrap(purpose, id string, wrapped []byte) ([]byte, error) {
	aead, err := b.aead(purpose)
	if err != nil {
		return nil, err
	}
	head := 1 + markLen + aead.NonceSize()
	if len(wrapped) < head+aead.Overhead() || wrapped[0] != version {
		return nil, ErrOpen
	}
	if [markLen]byte(wrapped[1:1+markLen]) != b.mark {
		return nil, ErrMaster
	}
	clear, err := aead.Open(nil, wrapped[1+markLen:head], wrapped[head:], bound(purpose, id))
	if err != nil {
		return nil, ErrOpen
	}
	return clear, nil
}

func (b *Box) aead(purpose string) (cipher.AEAD, error) {
	if b == nil || len(b.key) == 0 {
		return nil, errors.New("seal: no master")
	}
	key, err := hkdf.Key(sha256.New, b.key, nil, "sekisho/seal/purpose/v1/"+purpose, chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

// bound is what a wrapped value is tied to; lengths keep "a|b" and "a", "b" apart.
func bound(purpose, id string) []byte {
	out := []byte{version}
	for _, s := range []string{purpose, id} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(s)))
		out = append(out, s...)
	}
	return out
}
