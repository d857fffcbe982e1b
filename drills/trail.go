package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

// trail is a centre's log for drills to forge: the data folder at two moments,
// and what an auditor kept of it. The drills work on copies.
type trail struct {
	older string // data folder of the first moment
	newer string // and of the second
	key   string // the log's verifier key
	pin   string // file: the newest checkpoint of the second moment
	proof []byte // of one entry, by `audit prove`
	entry Row    // that entry
	pc    *rawpc.PC
	own   *Field // the centre; its server is stopped
}

// Trail makes the log once for all drills that forge it.
func (f *Field) Trail(ctx context.Context) (*trail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.trail != nil {
		return f.trail, nil
	}
	own, err := f.Own(ctx, "audited")
	if err != nil {
		return nil, err
	}
	f.closed = append(f.closed, own.Close)
	t := &trail{own: own, pin: filepath.Join(f.Root, "pin"), older: filepath.Join(f.Root, "audited-older"), newer: filepath.Join(f.Root, "audited-newer")}
	if err := t.fill(ctx); err != nil {
		return nil, err
	}
	f.trail = t
	return t, nil
}

func (t *trail) fill(ctx context.Context) (err error) {
	if t.pc, err = t.own.issue(ctx); err != nil {
		return err
	}
	t.own.Server.Stop()
	if err := copyFolder(t.own.Data(), t.older); err != nil {
		return err
	}
	if err := t.own.Serve(ctx); err != nil {
		return err
	}
	for range 20 {
		if _, err := t.own.Person(ctx); err != nil {
			return err
		}
	}
	if t.entry, err = t.own.Audit(ctx, "person.created", func(Row) bool { return true }); err != nil {
		return err
	}
	proof := filepath.Join(t.own.Root, "proof")
	key, err1 := t.own.CLI(ctx, "audit", "key")
	pin, err2 := t.own.CLI(ctx, "audit", "pin")
	_, err3 := t.own.CLI(ctx, "audit", "prove", fmt.Sprint(t.entry.Seq), "--out", proof)
	if err := errors.Join(err1, err2, err3, os.WriteFile(t.pin, []byte(pin), 0o600)); err != nil {
		return err
	}
	t.key = strings.TrimSpace(key)
	if t.proof, err = os.ReadFile(proof); err != nil {
		return err
	}
	t.own.Server.Stop()
	return copyFolder(t.own.Data(), t.newer)
}

// copyFolder copies regular files; sockets and locks are not data.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rest), 0o700)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rest), b, 0o600)
	})
}

// data is a data folder that a drill may spoil, with its configuration.
type data struct {
	*trail
	dir    string
	config string
}

// copied is a copy of one moment's data folder.
func (f *Field) copied(t *trail, moment string) (d data, err error) {
	dir, err := f.Folder("copied")
	if err != nil {
		return d, err
	}
	d = data{trail: t, dir: filepath.Join(dir, "server"), config: filepath.Join(dir, "sekisho.toml")}
	text := fmt.Sprintf("data = %q\n[console]\nlisten = \"127.0.0.1:0\"\n[agents]\nlisten = \"127.0.0.1:0\"\n[wireguard]\nlisten = \"127.0.0.1:0\"\n", d.dir)
	return d, errors.Join(copyFolder(moment, d.dir), os.WriteFile(d.config, []byte(text), 0o600))
}

// database is the SQLite file.
func (d data) database() string { return filepath.Join(d.dir, "sekisho.db") }

// centre is a server on this folder; it is not started yet.
func (d data) centre(f *Field) *Field {
	c := &centre.Centre{Options: centre.Options{Dir: filepath.Dir(d.dir), Bin: f.Bin}, Config: d.config, Seeded: d.own.Seeded}
	return &Field{Centre: c, Root: f.Root, ctx: f.ctx, trail: d.trail}
}

// verify runs `sekisho audit verify` as an auditor would. ok says that it exited with success.
func (f *Field) verify(ctx context.Context, d data, more ...string) (report audit.Report, ok bool, err error) {
	args := append([]string{"audit", "verify", "--json", "--config", d.config}, more...)
	out, runErr := f.sekisho(ctx, args...)
	// Beside the report the command says in words that something was found.
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&report); err != nil {
		return report, false, errors.Join(runErr, err)
	}
	return report, runErr == nil, nil
}

// kept are an auditor's arguments: the key that he was given, and his pin.
func (t *trail) kept() []string { return []string{"--key", t.key, "--since", t.pin} }
