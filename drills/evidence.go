package drills

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// record is a sealed picture of an incident that the server holds.
type record struct {
	incident sekisho.IncidentID
	name     string
	bundle   []byte
}

// record reports an incident and uploads its picture, as an agent would.
func (f *Field) record(ctx context.Context, picture []byte) (rec record, err error) {
	c, err := f.connect(ctx)
	if err != nil {
		return rec, err
	}
	defer c.Close()
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return rec, err
	}
	rec.incident = sekisho.IncidentID(wire.NewID())
	rec.bundle, rec.name, err = c.Bundle(ctx, sealing.Manifest{
		Kind: "incident", Incident: rec.incident, Connection: c.Answer.Connection, Person: me.Person.ID, Device: me.Device.ID,
		State: sekisho.Onlooker, At: time.Now().UTC(),
	}, picture)
	if err != nil {
		return rec, err
	}
	err = c.Report(ctx, wire.IncidentReport{
		Incident: rec.incident, Person: me.Person.ID, State: sekisho.Onlooker, Faces: 2, Evidence: []string{rec.name},
	})
	if err != nil {
		return rec, err
	}
	return rec, c.Upload(ctx, rec.name, rec.bundle)
}

// openRecord runs the officers' tool on a record, with these key files.
func (f *Field) openRecord(ctx context.Context, rec record, keys ...string) (picture []byte, err error) {
	dir, err := f.Folder("officer")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "record")
	if err := os.WriteFile(file, rec.bundle, 0o600); err != nil {
		return nil, err
	}
	args := []string{filepath.Join(f.Bin, "sekisho"), "evidence", "open", file, "--out", filepath.Join(dir, "out")}
	for _, k := range keys {
		args = append(args, "--key", k)
	}
	if _, err := centre.RunOnce(ctx, nil, args...); err != nil {
		return nil, err
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "out", "*.jpg"))
	if err != nil || len(pictures) != 1 {
		return nil, fmt.Errorf("drills: %d pictures in an opened record: %w", len(pictures), err)
	}
	return os.ReadFile(pictures[0])
}

// download fetches a record as the first officer would.
func (f *Field) download(ctx context.Context, rec record) ([]byte, error) {
	officer, err := f.As(ctx, "officer1")
	if err != nil {
		return nil, err
	}
	var b []byte
	return b, officer.Get(ctx, "evidence/"+rec.name+"?reason=drill", &b)
}

// oneOfficer tries to open a record without a second share.
func oneOfficer(ctx context.Context, f *Field, r *Result) error {
	picture := []byte("an invented picture")
	rec, err := f.record(ctx, picture)
	if err != nil {
		return err
	}
	if rec.bundle, err = f.download(ctx, rec); err != nil {
		return err
	}
	stranger, err := f.Folder("stranger")
	if err != nil {
		return err
	}
	stranger = filepath.Join(stranger, "key")
	if _, err := centre.RunOnce(ctx, nil, filepath.Join(f.Bin, "sekisho"), "evidence", "keygen", stranger); err != nil {
		return err
	}
	one, two := f.Seeded.OfficerKeys[0], f.Seeded.OfficerKeys[1]
	r.Refused = true
	for _, keys := range [][]string{{one}, {two}, {one, one}, {one, stranger}, {one, f.Seeded.RosterKeys[0]}} {
		if _, err := f.openRecord(ctx, rec, keys...); err == nil {
			r.Refused, r.Evidence = false, fmt.Sprintf("it opened with %v", keys)
			return nil
		} else if len(keys) == 1 {
			r.Evidence = "one alone, one twice, one with a stranger's key, one with a root's: " + lastLine(err)
		}
	}
	got, err := f.openRecord(ctx, rec, one, two)
	r.Control = err == nil && bytes.Equal(got, picture)
	return nil
}

func lastLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return lines[len(lines)-1]
}

// marker looks for what a sealed picture shows everywhere on the server: its
// memory, its database, its disk. What was sent in the clear beside it is found
// there, so that the search itself is known to work.
func marker(ctx context.Context, f *Field, r *Result) error {
	secret, plain := make([]byte, 48), []byte(f.Tag()+"-sent-in-the-clear")
	_, _ = rand.Read(secret) // crypto/rand never fails
	picture := bytes.Repeat(append([]byte("\xff\xd8\xff picture "), secret...), 200)
	rec, err := f.record(ctx, picture)
	if err != nil {
		return err
	}
	officer, err := f.As(ctx, "officer1")
	if err != nil {
		return err
	}
	note := map[string]string{"decision": "harmless", "note": string(plain)}
	if err := officer.Post(ctx, "incidents/"+string(rec.incident)+"/decide", note, nil); err != nil {
		return err
	}
	memory, err := searchMemory(f.Server.PID(), forms(secret), plain, rec.bundle[len(rec.bundle)-64:])
	if err != nil {
		return err
	}
	disk, err := searchFolder(f.Data(), forms(secret), plain, rec.bundle[len(rec.bundle)-64:])
	if err != nil {
		return err
	}
	if rec.bundle, err = f.download(ctx, rec); err != nil {
		return err
	}
	got, err := f.openRecord(ctx, rec, f.Seeded.OfficerKeys...)
	r.Refused = memory.secret == 0 && disk.secret == 0
	r.Control = err == nil && bytes.Contains(got, secret) && memory.plain+memory.sealed > 0 && disk.plain > 0 && disk.sealed > 0
	r.Evidence = fmt.Sprintf("memory: %v; disk and database: %v; two officers opened it: %v", memory, disk, bytes.Contains(got, secret))
	return nil
}
