package drills

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// finds counts what a search found: the secret in any form, what was sent in
// the clear, and the sealed bytes.
type finds struct {
	secret, plain, sealed int
	size                  int64
}

func (f finds) String() string {
	return fmt.Sprintf("%d MiB searched, %d times the picture, %d times the words sent in the clear, %d times the sealed bytes", f.size>>20, f.secret, f.plain, f.sealed)
}

// forms are the ways in which a program would write bytes down.
func forms(secret []byte) [][]byte {
	out := [][]byte{secret, []byte(hex.EncodeToString(secret)), []byte(strings.ToUpper(hex.EncodeToString(secret)))}
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 { // where in three bytes it begins changes every letter
			text := e.EncodeToString(append(make([]byte, shift), secret...))
			out = append(out, []byte(text[4:len(text)-4]))
		}
	}
	return out
}

func (f *finds) look(b []byte, secret [][]byte, plain, sealed []byte) {
	for _, s := range secret {
		f.secret += bytes.Count(b, s)
	}
	f.plain += bytes.Count(b, plain)
	f.sealed += bytes.Count(b, sealed)
}

const (
	piece   = 4 << 20
	overlap = 256 // longer than anything that is looked for
)

// stream looks through a reader piece by piece.
func (f *finds) stream(r io.Reader, secret [][]byte, plain, sealed []byte) error {
	buf, kept := make([]byte, piece+overlap), 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		f.size += int64(n)
		f.look(buf[:kept+n], secret, plain, sealed)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(buf, buf[kept+n-overlap:kept+n])
	}
}

// searchMemory reads everything that a process can read of itself.
func searchMemory(pid int, secret [][]byte, plain, sealed []byte) (f finds, err error) {
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return f, err
	}
	defer maps.Close()
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return f, err
	}
	defer mem.Close()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		var from, to int64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &mode); err != nil {
			continue // not a range of ours, such as vsyscall at the end of the address space
		}
		if !strings.HasPrefix(mode, "rw") || strings.Contains(lines.Text(), "[vv") {
			continue
		}
		// A range may be given back between the list and the look.
		_ = f.stream(io.NewSectionReader(mem, from, to-from), secret, plain, sealed)
	}
	return f, lines.Err()
}

// searchFolder reads every file under a folder.
func searchFolder(dir string, secret [][]byte, plain, sealed []byte) (f finds, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file that has gone
		}
		if err != nil {
			return err
		}
		defer file.Close()
		return f.stream(file, secret, plain, sealed)
	})
	return f, err
}
