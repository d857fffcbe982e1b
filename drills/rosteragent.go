package drills

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/test/centre"
)

// samePorts has a centre come back under the addresses that its PCs know.
func (f *Field) samePorts() error {
	b, err := os.ReadFile(f.Config)
	if err != nil {
		return err
	}
	text := strings.Replace(string(b), "[agents]\nlisten = \"127.0.0.1:0\"", fmt.Sprintf("[agents]\nlisten = %q", f.Addresses.Agents), 1)
	return os.WriteFile(f.Config, []byte(text), 0o600)
}

// putRoster writes roster and roots straight onto the server's disk, past every
// check, and starts it anew: whoever has the server can do that.
func (f *Field) putRoster(ctx context.Context, signed []byte, roots []byte) error {
	f.Server.Stop()
	dir := filepath.Join(f.Data(), "roster")
	if err := os.WriteFile(filepath.Join(dir, "roster.json"), signed, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "roots.json"), roots, 0o600); err != nil {
		return err
	}
	return f.Serve(ctx)
}

// sealedTo enrols a face at the PC and says to which roster its picture was
// sealed. It waits until the picture has arrived; known are older ones.
func (f *Field) sealedTo(ctx context.Context, pc *centre.PC, known map[string]bool) (version int, bundle []byte, err error) {
	if _, err := f.enrolledPage(ctx, pc); err != nil {
		return 0, nil, err
	}
	vault := filepath.Join(f.Data(), "vault")
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); {
		err := filepath.WalkDir(vault, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || known[path] {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if h, _, err := sealing.Inspect(b); err == nil {
				known[path], version, bundle = true, h.Version, b
			}
			return nil
		})
		if err != nil || bundle != nil {
			return version, bundle, err
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return 0, nil, err
		}
	}
	return 0, nil, fmt.Errorf("drills: no sealed picture arrived")
}

// enrolledPage enrols a face over a page and leaves the agent connected, so that
// its outbox empties.
func (f *Field) enrolledPage(ctx context.Context, pc *centre.PC) (phase string, err error) {
	p, err := openPage(ctx, pc, newSomebody())
	if err != nil {
		return "", err
	}
	defer p.close()
	if code := p.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil); code != "200" {
		return "", fmt.Errorf("drills: disconnect: %s", code)
	}
	s, err := p.connect(ctx)
	if err != nil {
		return "", err
	}
	if s.Phase != "quarantine" || s.Code != "" {
		return s.Phase, fmt.Errorf("drills: the agent stands in %s %s", s.Phase, s.Code)
	}
	return s.Phase, p.enrolFace(ctx, f)
}

// rosterAtAgent replaces the roster on the server by a forged one, with its
// roots, and by an older one. The real agent must go on sealing to the officers
// that it knows; one that remembers none must let nobody in.
func rosterAtAgent(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "rosters")
	if err != nil {
		return err
	}
	defer own.Close()
	if err := own.samePorts(); err != nil {
		return err
	}
	if err := own.seatPeople(ctx, 1); err != nil {
		return err
	}
	pc, err := own.seated(ctx)
	if err != nil {
		return err
	}
	defer pc.Close()
	known := map[string]bool{}
	first, honest, err := own.sealedTo(ctx, pc, known)
	if err != nil {
		return err
	}
	trueRoots, err := os.ReadFile(filepath.Join(own.Data(), "roster", "roots.json"))
	if err != nil {
		return err
	}
	oldRoster, err := os.ReadFile(own.Seeded.Roster)
	if err != nil {
		return err
	}

	// Forged: the attacker's officers, signed by the attacker's roots.
	a, err := own.accomplices(ctx)
	if err != nil {
		return err
	}
	forged := filepath.Join(a.dir, "forged")
	if err := own.draft(ctx, forged, 9, a.officers, a.roots[:2]...); err != nil {
		return err
	}
	forgedRoster, err := os.ReadFile(forged)
	if err != nil {
		return err
	}
	if err := own.putRoster(ctx, forgedRoster, rootsOf(a.publics)); err != nil {
		return err
	}
	// The server takes pictures that are sealed to the roster it has. That it now
	// refuses the PC's shows to which one the PC went on sealing.
	_, _, underForged := own.sealedTo(ctx, pc, known)
	without, err := own.withoutMemory(ctx, pc)
	if err != nil {
		return err
	}

	// Rolled back: a newer roster that the PC has seen, then the first one again.
	if err := own.putRoster(ctx, oldRoster, trueRoots); err != nil {
		return err
	}
	newer := filepath.Join(a.dir, "newer")
	names := []string{}
	for i, key := range own.Seeded.OfficerKeys {
		public, err := publicKey(key)
		if err != nil {
			return err
		}
		names = append(names, fmt.Sprintf("見本 責任 %d=%s", i+1, public))
	}
	if err := own.draft(ctx, newer, 2, names, own.Seeded.RosterKeys[:2]...); err != nil {
		return err
	}
	roots, err := own.publicRoots()
	if err != nil {
		return err
	}
	if _, err := own.install(ctx, newer, roots); err != nil {
		return err
	}
	second, _, err := own.sealedTo(ctx, pc, known)
	if err != nil {
		return err
	}
	if err := own.putRoster(ctx, oldRoster, trueRoots); err != nil {
		return err
	}
	_, _, underOld := own.sealedTo(ctx, pc, known)
	_, opened := own.openRecord(ctx, record{bundle: honest}, own.Seeded.OfficerKeys...)
	_, theirs := own.openRecord(ctx, record{bundle: honest}, a.keys...)
	r.Control = first == 1 && second == 2 && opened == nil
	r.Refused = refusedWith(underForged) == "evidence.roster" && theirs != nil && without == "evidence.no_roster" && refusedWith(underOld) == "evidence.roster"
	r.Evidence = fmt.Sprintf("server with a forged roster 9: the PC goes on sealing to roster %d, %s; a PC that remembers none: %s; server put back to roster 1: the PC goes on with roster %d, %s",
		first, refusedWith(underForged), without, second, refusedWith(underOld))
	return nil
}

// refusedWith is the code at the end of what an enrolment says, or "" for one
// that went well.
func refusedWith(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()[strings.LastIndex(err.Error(), " ")+1:]
}

// withoutMemory connects the PC after it has lost the roster that it knew.
func (f *Field) withoutMemory(ctx context.Context, pc *centre.PC) (code string, err error) {
	files, err := filepath.Glob(filepath.Join(pc.Dir, "roster-*.json")) // one for each set of roots
	if err != nil || len(files) != 1 {
		return "", errors.Join(fmt.Errorf("drills: the PC remembers %d rosters", len(files)), err)
	}
	file := files[0]
	kept, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if err := os.Remove(file); err != nil {
		return "", err
	}
	defer func() { _ = os.WriteFile(file, kept, 0o600) }() // a drill that goes on finds out
	c, err := enter(ctx, pc)
	if err != nil {
		return "", err
	}
	if code := c.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil); code != "200" {
		return "", fmt.Errorf("drills: disconnect: %s", code)
	}
	s, err := c.connect(ctx)
	if err != nil {
		return "", err
	}
	return s.Code, nil
}

// rootsOf is the server's roots.json for these public keys.
func rootsOf(publics []string) []byte {
	b, _ := json.Marshal(map[string]any{"threshold": 2, "keys": publics}) // texts and a number
	return b
}

// publicKey reads the public part that stands in an officer's key file.
func publicKey(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	_, rest, ok := bytes.Cut(b, []byte("public key: "))
	if !ok {
		return "", fmt.Errorf("drills: %s names no public key", filepath.Base(file))
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return strings.TrimSpace(string(line)), nil
}
