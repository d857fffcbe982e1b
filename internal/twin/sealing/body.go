package sealing

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// pack writes the body: length of the manifest, manifest, then each part's
// length and bytes. Lengths are 4 bytes big-endian.
func pack(m Manifest, parts []Part) ([]byte, error) {
	if len(parts) > maxParts {
		return nil, fmt.Errorf("%w: %d parts", ErrBundle, len(parts))
	}
	m.Parts = make([]Piece, len(parts))
	size := 0
	for i, p := range parts {
		sum := sha256.Sum256(p.Data)
		m.Parts[i] = Piece{Name: p.Name, Type: p.Type, Source: p.Source, Size: len(p.Data), SHA256: hex.EncodeToString(sum[:])}
		size += len(p.Data)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("sealing: manifest: %w", err)
	}
	if size+len(text) > MaxBundle {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrBundle, MaxBundle)
	}
	out := make([]byte, 0, size+len(text)+8*(len(parts)+1))
	out = append(binary.BigEndian.AppendUint32(out, uint32(len(text))), text...)
	for _, p := range parts {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(p.Data))), p.Data...)
	}
	return out, nil
}

func unpack(body []byte) (m Manifest, parts []Part, err error) {
	text, rest, ok := field(body)
	if !ok || strict(text, &m) != nil || len(m.Parts) > maxParts {
		return Manifest{}, nil, ErrBundle
	}
	for _, p := range m.Parts {
		data, after, ok := field(rest)
		sum := sha256.Sum256(data)
		if !ok || len(data) != p.Size || hex.EncodeToString(sum[:]) != p.SHA256 {
			return Manifest{}, nil, ErrBundle
		}
		parts = append(parts, Part{Name: p.Name, Type: p.Type, Source: p.Source, Data: bytes.Clone(data)})
		rest = after
	}
	if len(rest) != 0 {
		return Manifest{}, nil, ErrBundle
	}
	return m, parts, nil
}

func field(b []byte) (value, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}
