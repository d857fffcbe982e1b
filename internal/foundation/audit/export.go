package audit

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// Files of an export beside checkpoint and tile/ (C2SP tlog-tiles).
const (
	fileCheckpoint  = "checkpoint"
	fileLog         = "sekisho/log.json"
	fileCheckpoints = "sekisho/checkpoints.jsonl"
	fileEpochs      = "sekisho/epochs.json"
)

// exportedLog is sekisho/log.json. It is a convenience: nothing is trusted for it.
type exportedLog struct {
	Origin string `json:"origin"`
	Key    string `json:"key"` // verifier key; check it against the one you were given
	Size   int64  `json:"size"`
	Epoch  int    `json:"epoch"`
}

type exportedNote struct {
	Note string `json:"note"`
}

// exportedEpoch is one restart, with the roots' signatures.
type exportedEpoch struct {
	Number int           `json:"number"`
	Signed []wire.Signed `json:"signed"`
}

// readChunk is how many entries are read in one go; entries never change, so
// that an export needs no transaction that stays open.
const readChunk = 8 * tileWidth

// Export writes the log, up to a fresh checkpoint, as a ZIP file in the form of
// C2SP tlog-tiles: any tool for such logs can read it. Personal values are not
// in it. It writes what is stored and judges nothing: that is VerifyExport's part.
func (l *Log) Export(ctx context.Context, w io.Writer) error {
	c, err := l.current(ctx, 1<<62) // of what is there now
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	if err := l.exportAbout(ctx, z, c); err != nil {
		return fmt.Errorf("audit: export: %w", err)
	}
	x := exporter{z: z, tiles: make([][]byte, len(tileLevels(c.Size)))}
	for start := int64(0); start < c.Size; start += readChunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		end := min(start+readChunk, c.Size)
		err := l.db.Read(ctx, func(tx storage.Tx) error {
			if err := x.entries(ctx, tx, start, end); err != nil {
				return err
			}
			return x.hashes(ctx, tx, start, end)
		})
		if err != nil {
			return fmt.Errorf("audit: export: %w", err)
		}
	}
	if err := x.partials(c.Size); err != nil {
		return fmt.Errorf("audit: export: %w", err)
	}
	return z.Close()
}

// exportAbout writes everything but the tiles.
func (l *Log) exportAbout(ctx context.Context, z *zip.Writer, c *signed) error {
	epoch, err := checkpoint.EpochOf(c.Origin, l.origin)
	if err != nil {
		return err
	}
	if err := put(z, fileCheckpoint, c.note); err != nil {
		return err
	}
	if err := putJSON(z, fileLog, exportedLog{l.origin, l.vkey, c.Size, epoch}); err != nil {
		return err
	}
	var notes []exportedNote
	epochs := []exportedEpoch{}
	err = l.db.Read(ctx, func(tx storage.Tx) (err error) {
		if notes, err = readNotes(ctx, tx, c.Size); err != nil {
			return err
		}
		epochs, err = readEpochs(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	f, err := z.CreateHeader(&zip.FileHeader{Name: fileCheckpoints, Method: zip.Deflate})
	if err != nil {
		return err
	}
	e := json.NewEncoder(f)
	for _, n := range notes {
		if err := e.Encode(n); err != nil {
			return err
		}
	}
	return putJSON(z, fileEpochs, epochs)
}

func readNotes(ctx context.Context, tx storage.Tx, upTo int64) ([]exportedNote, error) {
	rows, err := tx.Query(ctx, "SELECT note FROM audit_checkpoints WHERE size <= ? ORDER BY epoch, size", upTo)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []exportedNote
	for rows.Next() {
		var note []byte
		if err := rows.Scan(&note); err != nil {
			return nil, err
		}
		out = append(out, exportedNote{string(note)})
	}
	return out, rows.Err()
}

func readEpochs(ctx context.Context, tx storage.Tx) ([]exportedEpoch, error) {
	rows, err := tx.Query(ctx, "SELECT number, signed FROM audit_epochs ORDER BY number")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []exportedEpoch{}
	for rows.Next() {
		var e exportedEpoch
		var text string
		if err := rows.Scan(&e.Number, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &e.Signed); err != nil {
			return nil, fmt.Errorf("epoch %d: %w", e.Number, err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// exporter writes tiles as they become full.
type exporter struct {
	z      *zip.Writer
	tiles  [][]byte // by level, the tile under way
	bundle []byte   // the bundle under way
}

func (x *exporter) entries(ctx context.Context, tx storage.Tx, start, end int64) error {
	rows, err := tx.Query(ctx, "SELECT seq, leaf FROM audit_leaves WHERE seq >= ? AND seq < ? ORDER BY seq", start, end)
	if err != nil {
		return err
	}
	defer rows.Close()
	next := start
	for rows.Next() {
		var seq int64
		var leaf string
		if err := rows.Scan(&seq, &leaf); err != nil {
			return err
		}
		if seq != next || len(leaf) > checkpoint.MaxEntry {
			return fmt.Errorf("entry %d is missing or broken", next)
		}
		x.bundle = appendEntry(x.bundle, leaf)
		if next++; next%tileWidth == 0 {
			if err := put(x.z, tilePath("entries", next/tileWidth-1, tileWidth), x.bundle); err != nil {
				return err
			}
			x.bundle = x.bundle[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if next != end {
		return fmt.Errorf("entry %d is missing", next)
	}
	return nil
}

// hashes reads the stored hashes that came with a range of entries and keeps those that tiles hold.
func (x *exporter) hashes(ctx context.Context, tx storage.Tx, start, end int64) error {
	next, last := tlog.StoredHashIndex(0, start), tlog.StoredHashIndex(0, end)
	rows, err := tx.Query(ctx, "SELECT pos, hash FROM audit_hashes WHERE pos >= ? AND pos < ? ORDER BY pos", next, last)
	if err != nil {
		return err
	}
	defer rows.Close()
	for ; rows.Next(); next++ {
		var pos int64
		var hash []byte
		if err := rows.Scan(&pos, &hash); err != nil {
			return err
		}
		if pos != next || len(hash) != tlog.HashSize {
			return fmt.Errorf("%w: at %d", errHole, next)
		}
		if err := x.hash(pos, hash); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if next != last {
		return fmt.Errorf("%w: at %d", errHole, next)
	}
	return nil
}

func (x *exporter) hash(pos int64, hash []byte) error {
	level, n, ok := tileOf(pos)
	if !ok {
		return nil
	}
	x.tiles[level] = append(x.tiles[level], hash...)
	if len(x.tiles[level]) < tileWidth*tlog.HashSize {
		return nil
	}
	err := put(x.z, tilePath(strconv.Itoa(level), n/tileWidth, tileWidth), x.tiles[level])
	x.tiles[level] = x.tiles[level][:0]
	return err
}

// partials writes what is not full at the right edge.
func (x *exporter) partials(size int64) error {
	if w := int(size % tileWidth); w > 0 {
		if err := put(x.z, tilePath("entries", size/tileWidth, w), x.bundle); err != nil {
			return err
		}
	}
	for level, n := range tileLevels(size) {
		if w := int(n % tileWidth); w > 0 {
			if err := put(x.z, tilePath(strconv.Itoa(level), n/tileWidth, w), x.tiles[level]); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes one file uncompressed: hashes do not shrink, and a verifier should not have to unpack bombs.
func put(z *zip.Writer, name string, data []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

func putJSON(z *zip.Writer, name string, v any) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return put(z, name, append(b, '\n'))
}
