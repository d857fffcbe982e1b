package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"
)

// spoolFile holds closing acts that the database could not take, one JSON
// object a line, mode 0600. A nil spoolFile holds nothing.
type spoolFile struct {
	f    *os.File
	size int64
}

const (
	maxSpool = 64 << 20
	maxLine  = 64 << 10
)

// spooled is a line of the file.
type spooled struct {
	ID    string        `json:"id"`
	At    time.Time     `json:"at"`
	Mono  time.Duration `json:"mono"`
	Boot  string        `json:"boot"`
	Event Event         `json:"event"`
}

func openSpoolFile(path string) (*spoolFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &spoolFile{f: f, size: info.Size()}, nil
}

func (s *spoolFile) pending() bool { return s != nil && s.size > 0 }

var errSpoolFull = errors.New("the spool is full")

// add appends events and returns how many are safely on the disk.
func (s *spoolFile) add(batch []queued) (int, error) {
	var b bytes.Buffer
	n := 0
	var full error
	for _, q := range batch {
		line, err := json.Marshal(spooled{q.stamp.id, q.stamp.at, q.stamp.mono, q.stamp.boot, q.Event})
		if err != nil || len(line) > maxLine {
			line, err = json.Marshal(spooled{ID: q.stamp.id, At: q.stamp.at, Mono: q.stamp.mono, Boot: q.stamp.boot, Event: Event{Kind: "audit.malformed", Late: true}})
			if err != nil {
				return n, err
			}
		}
		if s.size+int64(b.Len()+len(line)+1) > maxSpool {
			full = errSpoolFull
			break
		}
		b.Write(append(line, '\n'))
		n++
	}
	if _, err := s.f.Write(b.Bytes()); err != nil {
		// Whatever part of it arrived is cut off again, or is skipped as a broken line.
		return 0, errors.Join(err, s.f.Truncate(s.size))
	}
	if err := s.f.Sync(); err != nil {
		return 0, errors.Join(err, s.f.Truncate(s.size))
	}
	s.size += int64(b.Len())
	return n, full
}

// read returns what the file holds and how many of its lines are broken.
func (s *spoolFile) read() (out []queued, broken int64, err error) {
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	return parseSpool(io.LimitReader(s.f, maxSpool+maxLine))
}

func parseSpool(r io.Reader) (out []queued, broken int64, err error) {
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 4096), maxLine+1)
	for sc.Scan() {
		var l spooled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil || l.ID == "" {
			broken++ // a crash in the middle of a line
			continue
		}
		out = append(out, queued{Event: l.Event, stamp: stamp{id: l.ID, at: l.At, mono: l.Mono, boot: l.Boot}})
	}
	return out, broken, sc.Err()
}

func (s *spoolFile) clear() error {
	if err := s.f.Truncate(0); err != nil {
		return err
	}
	s.size = 0
	return s.f.Sync()
}

func (s *spoolFile) close() error {
	if s == nil {
		return nil
	}
	return s.f.Close()
}
