package audit

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// The form of C2SP tlog-tiles: tiles of 256 hashes at every eighth level of the
// tree, and bundles of 256 entries, each with its length in two bytes before it.
const (
	tileWidth  = 256
	tileHeight = 8
	maxBundle  = tileWidth * (2 + checkpoint.MaxEntry)
)

// tilePath is where a tile stands: level is "0", "1", … or "entries"; width is
// tileWidth for a full one.
func tilePath(level string, n int64, width int) string {
	number := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	if width < tileWidth {
		number += fmt.Sprintf(".p/%d", width)
	}
	return "tile/" + level + "/" + number
}

// tileLevels lists, for a tree of this size, how many hashes each level of tiles holds.
func tileLevels(size int64) []int64 {
	var levels []int64
	for n := size; n > 0; n >>= tileHeight {
		levels = append(levels, n)
	}
	return levels
}

// tileOf returns which tile a stored hash is in, false if it is between tiles.
func tileOf(pos int64) (level int, n int64, ok bool) {
	l, n := tlog.SplitStoredHashIndex(pos)
	return l / tileHeight, n, l%tileHeight == 0
}

func appendEntry(bundle []byte, leaf string) []byte {
	return append(binary.BigEndian.AppendUint16(bundle, uint16(len(leaf))), leaf...)
}

var errBundle = errors.New("audit: malformed bundle of entries")

// splitBundle reads exactly want entries.
func splitBundle(b []byte, want int) ([][]byte, error) {
	entries := make([][]byte, 0, want)
	for len(b) > 0 && len(entries) < want {
		if len(b) < 2 {
			return nil, errBundle
		}
		n := int(binary.BigEndian.Uint16(b))
		if n > checkpoint.MaxEntry || len(b)-2 < n {
			return nil, errBundle
		}
		entries, b = append(entries, b[2:2+n]), b[2+n:]
	}
	if len(b) != 0 || len(entries) != want {
		return nil, errBundle
	}
	return entries, nil
}

// isTilePath says whether a name is of the tiles, so that an export can be told
// to hold tiles that its tree has no place for.
func isTilePath(name string) bool { return strings.HasPrefix(name, "tile/") }
