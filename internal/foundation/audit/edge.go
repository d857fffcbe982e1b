package audit

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of the tree: the roots of the complete subtrees that a
// tree of this size is made of, largest first. It is all that is needed to add
// an entry and to know the root. It is a value: copies do not share anything.
type edge struct {
	size int64
	n    int
	at   [64]node
}

type node struct {
	pos  int64 // tlog.StoredHashIndex
	hash tlog.Hash
}

// edgePositions lists where the edge of a tree of this size is stored.
func edgePositions(size int64) []int64 {
	var pos []int64
	for rest, start := size, int64(0); rest > 0; {
		level := bits.Len64(uint64(rest)) - 1
		pos = append(pos, tlog.StoredHashIndex(level, start>>level))
		start += 1 << level
		rest -= 1 << level
	}
	return pos
}

// ReadHashes makes the edge a tlog.HashReader for exactly its own nodes.
func (e *edge) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
next:
	for i, p := range positions {
		for j := e.n - 1; j >= 0; j-- {
			if e.at[j].pos == p {
				out[i] = e.at[j].hash
				continue next
			}
		}
		return nil, fmt.Errorf("audit: hash %d is not on the edge of a tree of %d", p, e.size)
	}
	return out, nil
}

// add appends an entry and returns the hashes that became complete with it, in
// the order in which they are stored from the first position on.
func (e *edge) add(leaf []byte) (first int64, hashes []tlog.Hash, err error) {
	return e.addHash(tlog.RecordHash(leaf))
}

func (e *edge) addHash(leaf tlog.Hash) (first int64, hashes []tlog.Hash, err error) {
	first = tlog.StoredHashIndex(0, e.size)
	if hashes, err = tlog.StoredHashesForRecordHash(e.size, leaf, e); err != nil {
		return 0, nil, err
	}
	level := len(hashes) - 1
	e.n -= level // the subtrees that were joined into the new one
	e.at[e.n] = node{tlog.StoredHashIndex(level, e.size>>level), hashes[level]}
	e.n++
	e.size++
	return first, hashes, nil
}

func (e *edge) root() (tlog.Hash, error) { return tlog.TreeHash(e.size, e) }
