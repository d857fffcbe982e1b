package uplink

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

func (o *Outbox) waiting() (ids []sekisho.IncidentID, err error) {
	files, err := os.ReadDir(o.dir) // sorted by name; incident ids are UUIDv7: by time
	if err != nil {
		return nil, fmt.Errorf("uplink: outbox: %w", err)
	}
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), ".json"); ok && wire.ValidID(id) {
			ids = append(ids, sekisho.IncidentID(id))
		}
	}
	return ids, nil
}

func (o *Outbox) load(id sekisho.IncidentID) (entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.loadLocked(id)
}

func (o *Outbox) loadLocked(id sekisho.IncidentID) (e entry, err error) {
	b, err := os.ReadFile(filepath.Join(o.dir, string(id)+".json"))
	if err != nil {
		return e, fmt.Errorf("uplink: outbox: %w", err)
	}
	if len(b) > maxEntry {
		return e, fmt.Errorf("uplink: outbox: %s is too long", id)
	}
	return e, json.Unmarshal(b, &e)
}

func (o *Outbox) save(e entry) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.saveLocked(e)
}

func (o *Outbox) saveLocked(e entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	return o.writeLocked(string(e.Report.Incident)+".json", b)
}

func (o *Outbox) write(name string, b []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size+int64(len(b)) > o.limit { // incidents themselves are noted even then
		return ErrFull
	}
	return o.writeLocked(name, b)
}

func (o *Outbox) writeLocked(name string, b []byte) error {
	path := filepath.Join(o.dir, name)
	before := sizeOf(path)
	if err := ReplaceFile(path, b); err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	o.size += int64(len(b)) - before
	return nil
}

// Wake asks the running Run to send what waits.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *Outbox) remove(name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	path := filepath.Join(o.dir, name)
	size := sizeOf(path)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	o.size -= size
	return nil
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
