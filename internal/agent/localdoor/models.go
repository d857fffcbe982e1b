package localdoor

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho/internal/wire"
)

const maxModel = 64 << 20

// Models are the face models in memory, exactly those bytes that were pinned:
// what is served cannot change on disk after it was checked.
type Models struct {
	list  []wire.LocalModel
	bytes map[string][]byte
}

// LoadModels reads every pinned model from a folder. Any file that is missing or
// has another hash refuses them all: half an engine is none.
func LoadModels(dir string, pins []wire.LocalModel) (Models, error) {
	m := Models{bytes: map[string][]byte{}}
	for _, pin := range pins {
		content, err := readModel(filepath.Join(dir, pin.Name), pin.SHA256)
		if err != nil {
			return Models{}, err
		}
		m.list = append(m.list, pin)
		m.bytes[pin.Name] = content
	}
	return m, nil
}

func readModel(path, pin string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("localdoor: model: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxModel+1))
	if err != nil {
		return nil, fmt.Errorf("localdoor: model: %w", err)
	}
	if len(content) > maxModel {
		return nil, errors.New("localdoor: model is too large")
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != pin {
		return nil, fmt.Errorf("localdoor: %s is not the pinned model: its SHA-256 is %x", path, sum)
	}
	return content, nil
}

// List names the models for the page; never nil.
func (m Models) List() []wire.LocalModel { return append([]wire.LocalModel{}, m.list...) }

func (m Models) content(name string) ([]byte, bool) {
	b, ok := m.bytes[name]
	return b, ok
}
