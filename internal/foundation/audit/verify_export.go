package audit

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Bounds on what an export may hold beside tiles.
const (
	maxExportFiles = 1 << 20 // a hundred million entries
	maxNotes       = 64 << 20
	maxEpochs      = 1 << 20
	maxNote        = 64 << 10
)

var errExport = errors.New("audit: not an export of an audit log")

// VerifyExport checks an export on its own, without server and network: every
// entry against its hash, every hash against the tree, the tree against every
// signed checkpoint, the pin among them. It works through the file in order,
// in one goroutine, and ends when ctx ends.
//
// The error is ErrTampered where the report has findings, and another one where
// the file could not be judged at all.
func VerifyExport(ctx context.Context, r io.ReaderAt, size int64, expect Expect) (Report, error) {
	w, err := newWalk(expect.Key)
	if err != nil {
		return Report{}, err
	}
	x, err := openExport(r, size)
	if err != nil {
		return *w.report, err
	}
	if err := x.about(w, expect); err != nil {
		return *w.report, err
	}
	for start := int64(0); start < w.report.Size; start += tileWidth {
		if err := ctx.Err(); err != nil {
			return *w.report, err
		}
		if err := x.block(w, start); err != nil {
			return *w.report, err
		}
	}
	if err := w.finish(); err != nil {
		return *w.report, err
	}
	for name := range x.files {
		if isTilePath(name) && !x.used[name] {
			w.report.find(-1, "%.200q does not belong to a tree of %d entries", name, w.report.Size)
		}
	}
	w.checkEpochs()
	return *w.report, w.report.err()
}

// exported is an export under verification.
type exported struct {
	files map[string]*zip.File
	used  map[string]bool
	tiles [][]byte // by level, the tile that holds the newest hashes
	buf   []byte
}

func openExport(r io.ReaderAt, size int64) (*exported, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is unpacked
		return nil, fmt.Errorf("%w: %w", errExport, err)
	}
	if len(z.File) > maxExportFiles {
		return nil, fmt.Errorf("%w: %d files", errExport, len(z.File))
	}
	x := &exported{files: make(map[string]*zip.File, len(z.File)), used: map[string]bool{}}
	for _, f := range z.File {
		if _, ok := x.files[f.Name]; ok {
			return nil, fmt.Errorf("%w: %.200q is in it twice", errExport, f.Name)
		}
		x.files[f.Name] = f
	}
	return x, nil
}

// read returns a file of at most max bytes; its bytes are valid until the next read.
func (x *exported) read(name string, max int) ([]byte, error) {
	f, ok := x.files[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s is missing", errExport, name)
	}
	x.used[name] = true
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errExport, name, err)
	}
	b := bytes.NewBuffer(x.buf[:0])
	_, err = b.ReadFrom(io.LimitReader(r, int64(max)+1))
	x.buf = b.Bytes()
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errExport, name, err)
	}
	if b.Len() > max {
		return nil, fmt.Errorf("%w: %s is too large", errExport, name)
	}
	return x.buf, nil
}

// about reads the head and everything that the tree is to be compared with.
func (x *exported) about(w *walk, expect Expect) error {
	note, err := x.read(fileCheckpoint, maxNote)
	if err != nil {
		return err
	}
	c, err := checkpoint.Open(note, w.verifier, w.name)
	if err != nil {
		return err
	}
	epoch, err := checkpoint.EpochOf(c.Origin, w.name)
	if err != nil {
		return err
	}
	w.head(c, epoch)
	w.want(c.Size, c.Root, "the signed checkpoint")
	x.tiles = make([][]byte, len(tileLevels(c.Size)))
	text, err := x.read(fileEpochs, maxEpochs)
	if err != nil {
		return err
	}
	var epochs []exportedEpoch
	if err := json.Unmarshal(text, &epochs); err != nil {
		return fmt.Errorf("%w: %s: %w", errExport, fileEpochs, err)
	}
	for _, e := range epochs {
		w.restart(e.Number, e.Signed, expect.Roots, false)
	}
	if err := x.notes(w); err != nil {
		return err
	}
	w.since(expect.Since)
	return nil
}

// notes reads the earlier checkpoints of the log.
func (x *exported) notes(w *walk) error {
	text, err := x.read(fileCheckpoints, maxNotes)
	if err != nil {
		return err
	}
	sc := bufio.NewScanner(bytes.NewReader(text))
	sc.Buffer(make([]byte, 0, 4096), 2*maxNote)
	for sc.Scan() {
		var n exportedNote
		if err := json.Unmarshal(sc.Bytes(), &n); err != nil {
			return fmt.Errorf("%w: %s: %w", errExport, fileCheckpoints, err)
		}
		w.remembered([]byte(n.Note), "an earlier checkpoint")
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%w: %s: %w", errExport, fileCheckpoints, err)
	}
	return nil
}

// block verifies the entries of one bundle.
func (x *exported) block(w *walk, start int64) error {
	width := int(min(tileWidth, w.report.Size-start))
	if err := x.loadTiles(w.report.Size, start); err != nil {
		return err
	}
	b, err := x.read(tilePath("entries", start/tileWidth, width), maxBundle)
	if err != nil {
		return err
	}
	entries, err := splitBundle(b, width)
	if err != nil {
		return fmt.Errorf("%w: entries from %d", err, start)
	}
	for i, leaf := range entries {
		seq := start + int64(i)
		first, hashes, err := w.entry(leaf)
		if err != nil {
			return err
		}
		for j, h := range hashes {
			x.compare(w, seq, first+int64(j), h)
		}
		if seq == 0 || seq == w.report.Size-1 || bytes.Contains(leaf, []byte(`"kind":"audit.`)) {
			l, err := decode(leaf)
			if err != nil {
				w.report.find(seq, "it is no entry of this log")
				continue
			}
			w.look(seq, l)
		}
	}
	return nil
}

// loadTiles reads every tile that begins with the block of entries at start.
func (x *exported) loadTiles(size, start int64) error {
	for level, n := range tileLevels(size) {
		first := start >> (tileHeight * level) // index at this level of the first hash over these entries
		if start&(1<<(tileHeight*level)-1) != 0 || first%tileWidth != 0 || first >= n {
			continue
		}
		width := int(min(tileWidth, n-first))
		tile, err := x.read(tilePath(strconv.Itoa(level), first/tileWidth, width), tileWidth*tlog.HashSize)
		if err != nil {
			return err
		}
		if len(tile) != width*tlog.HashSize {
			return fmt.Errorf("%w: tile %d of level %d has %d bytes", errExport, first/tileWidth, level, len(tile))
		}
		x.tiles[level] = bytes.Clone(tile)
	}
	return nil
}

// compare holds a recomputed hash against its place in the tiles.
func (x *exported) compare(w *walk, seq, pos int64, h tlog.Hash) {
	level, n, ok := tileOf(pos)
	if !ok {
		return
	}
	at := int(n%tileWidth) * tlog.HashSize
	if level >= len(x.tiles) || at+tlog.HashSize > len(x.tiles[level]) {
		w.report.find(seq, "its hash at level %d has no place", level*tileHeight)
		return
	}
	if tlog.Hash(x.tiles[level][at:at+tlog.HashSize]) != h {
		if level == 0 {
			w.report.find(seq, "the entry is not the one that was hashed")
		} else {
			w.report.find(seq, "the %d entries up to here do not have the hash of their tree", int64(1)<<(level*tileHeight))
		}
	}
}
