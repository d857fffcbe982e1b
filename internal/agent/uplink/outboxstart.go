package uplink

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

const (
	damaged    = "damaged" // folder of entries that cannot be read
	ownersFile = "centre"  // hash of the trust roots whose records these are, hex
)

// settle ends the wait for evidence that a killed agent can no longer take. An
// entry that cannot be read is set aside, since it must not keep the others, or
// the agent, from going on; a sealed file that no entry names is of no use.
func (o *Outbox) settle() error {
	ids, err := o.waiting()
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, id := range ids {
		e, err := o.note(id, func(e *entry) { e.Final = true })
		if err == nil {
			for _, hash := range e.Pending {
				named[hash+".sealed"] = true
			}
			continue
		}
		name := string(id) + ".json"
		slog.Error("a damaged record of an incident was set aside", "incident", id, "error", err)
		if err := os.MkdirAll(filepath.Join(o.dir, damaged), 0o700); err != nil {
			return fmt.Errorf("uplink: outbox: %w", err)
		}
		if err := MoveFile(filepath.Join(o.dir, name), filepath.Join(o.dir, damaged, name)); err != nil {
			return fmt.Errorf("uplink: outbox: %w", err)
		}
	}
	if _, err := os.Stat(filepath.Join(o.dir, damaged)); !errors.Is(err, fs.ErrNotExist) {
		return nil // a file without a name may be the damaged entry's
	}
	return o.sweep(named)
}

// sweep removes sealed files that no entry names, and files half written.
func (o *Outbox) sweep(named map[string]bool) error {
	files, err := os.ReadDir(o.dir)
	if err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	for _, f := range files {
		name := f.Name()
		if f.IsDir() || named[name] || !(strings.HasSuffix(name, ".sealed") || strings.HasPrefix(name, ".new-")) {
			continue
		}
		if err := os.Remove(filepath.Join(o.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("uplink: outbox: %w", err)
		}
	}
	return nil
}

// count measures what waits.
func (o *Outbox) count() error {
	files, err := os.ReadDir(o.dir)
	if err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	o.size = 0
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return fmt.Errorf("uplink: outbox: %w", err)
		}
		if !f.IsDir() {
			o.size += info.Size()
		}
	}
	return nil
}

// Belong says whose records these are from now on. Those of another centre, or
// of other roots, are not this server's to have: they are set aside, whole, as
// a folder beside this one.
func (o *Outbox) Belong(roots wire.TrustRoots) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	hash := roots.Hash()
	now := hex.EncodeToString(hash[:])
	before, err := os.ReadFile(filepath.Join(o.dir, ownersFile))
	switch {
	case err == nil && string(before) == now:
		return nil
	case err == nil:
		if err := o.setAside(string(before)); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	if err := o.writeLocked(ownersFile, []byte(now)); err != nil {
		return err
	}
	return o.count()
}

func (o *Outbox) setAside(centre string) error {
	files, err := os.ReadDir(o.dir)
	if err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	if !slices.ContainsFunc(files, func(f os.DirEntry) bool { return f.Name() != ownersFile }) {
		return nil
	}
	if len(centre) != 64 || strings.Trim(centre, "0123456789abcdef") != "" {
		centre = "unknown"
	}
	aside, err := os.MkdirTemp(filepath.Dir(o.dir), fmt.Sprintf("%s-%.16s-*", filepath.Base(o.dir), centre)) // mode 0700
	if err != nil {
		return fmt.Errorf("uplink: outbox: %w", err)
	}
	slog.Warn("records of another centre were set aside", "folder", aside)
	for _, f := range files {
		if err := MoveFile(filepath.Join(o.dir, f.Name()), filepath.Join(aside, f.Name())); err != nil {
			return fmt.Errorf("uplink: outbox: %w", err)
		}
	}
	return nil
}
