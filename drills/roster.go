package drills

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// sekisho runs the officers' tools; nothing of them needs a server.
func (f *Field) sekisho(ctx context.Context, args ...string) (string, error) {
	return centre.RunOnce(ctx, nil, append([]string{filepath.Join(f.Bin, "sekisho")}, args...)...)
}

// accomplices are roots and officers of an attacker's own.
type accomplices struct {
	dir      string
	roots    []string // key files
	publics  []string
	officers []string // NAME=KEY
	keys     []string // officers' key files
}

func (f *Field) accomplices(ctx context.Context) (a accomplices, err error) {
	if a.dir, err = f.Folder("accomplices"); err != nil {
		return a, err
	}
	for i := range 3 {
		file := filepath.Join(a.dir, fmt.Sprintf("root-%d", i))
		public, err := f.sekisho(ctx, "roster", "keygen", file)
		if err != nil {
			return a, err
		}
		a.roots, a.publics = append(a.roots, file), append(a.publics, strings.TrimSpace(public))
	}
	for i := range 2 {
		file := filepath.Join(a.dir, fmt.Sprintf("officer-%d", i))
		public, err := f.sekisho(ctx, "evidence", "keygen", file)
		if err != nil {
			return a, err
		}
		a.keys, a.officers = append(a.keys, file), append(a.officers, fmt.Sprintf("見本 共犯 %d=%s", i, strings.TrimSpace(public)))
	}
	return a, nil
}

// draft writes a roster of these officers, signed by these roots.
func (f *Field) draft(ctx context.Context, file string, number int, officers []string, roots ...string) error {
	args := []string{"roster", "draft", "--number", fmt.Sprint(number), "--out", file}
	for _, o := range officers {
		args = append(args, "--officer", o)
	}
	if _, err := f.sekisho(ctx, args...); err != nil {
		return err
	}
	for _, root := range roots {
		if _, err := f.sekisho(ctx, "roster", "sign", file, "--key", root); err != nil {
			return err
		}
	}
	return nil
}

// install puts a roster in force through the running server.
func (f *Field) install(ctx context.Context, file string, roots []string) (string, error) {
	args := []string{"roster", "install", file}
	for _, r := range roots {
		args = append(args, "--root", r)
	}
	out, err := f.CLI(ctx, args...)
	if err != nil {
		return codeIn(err), err
	}
	return strings.TrimSpace(out), nil
}

// codeIn finds the code in what a command said: its last word, in brackets.
func codeIn(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, "("); i >= 0 {
		if code, _, ok := strings.Cut(text[i+1:], ")"); ok {
			return code
		}
	}
	return lastLine(err)
}

// publicRoots are the true roots of a demonstration, as anybody may know them.
func (f *Field) publicRoots() (out []string, err error) {
	b, err := os.ReadFile(filepath.Join(f.Dir, "officers", "roots.json"))
	if err != nil {
		return nil, err
	}
	var roots struct {
		Keys []wire.Bytes `json:"keys"`
	}
	if err := json.Unmarshal(b, &roots); err != nil {
		return nil, err
	}
	for _, k := range roots.Keys {
		out = append(out, base64.RawURLEncoding.EncodeToString(k))
	}
	return out, nil
}

// present is the roster that the server hands out now.
func (f *Field) present(ctx context.Context) ([]byte, error) {
	c, err := f.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var roster wire.Roster
	err = c.Call(ctx, "GET", "roster", nil, &roster)
	return roster.Signed, err
}

// forgedRoster has the server take a roster of the attacker's officers.
func forgedRoster(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "forged")
	if err != nil {
		return err
	}
	defer own.Close()
	a, err := own.accomplices(ctx)
	if err != nil {
		return err
	}
	roots, err := own.publicRoots()
	if err != nil {
		return err
	}
	before, err := own.present(ctx)
	if err != nil {
		return err
	}
	path := func(name string) string { return filepath.Join(a.dir, name) }
	seen := []string{}
	try := func(what, name string, roots []string, want string) {
		code, err := own.install(ctx, path(name), roots)
		r.Refused = r.Refused && err != nil && code == want
		seen = append(seen, what+": "+code)
	}
	r.Refused = true
	if err := own.draft(ctx, path("own"), 2, a.officers, a.roots[:2]...); err != nil {
		return err
	}
	try("own roots named", "own", a.publics, "roster.other_roots")
	try("the true roots named", "own", roots, "roster.invalid")
	if err := own.draft(ctx, path("one"), 2, a.officers, own.Seeded.RosterKeys[0]); err != nil {
		return err
	}
	try("one true root", "one", roots, "roster.invalid")
	if err := own.draft(ctx, path("twice"), 2, a.officers, own.Seeded.RosterKeys[0], own.Seeded.RosterKeys[0]); err != nil {
		return err
	}
	try("one true root twice", "twice", roots, "roster.invalid")
	err = own.draft(ctx, path("alone"), 2, a.officers[:1], own.Seeded.RosterKeys[:2]...)
	r.Refused = r.Refused && err != nil
	seen = append(seen, "a roster of one officer: refused")
	after, err := own.present(ctx)
	if err != nil {
		return err
	}
	r.Refused = r.Refused && bytes.Equal(before, after)
	if err := own.draft(ctx, path("good"), 2, a.officers, own.Seeded.RosterKeys[:2]...); err != nil {
		return err
	}
	_, err = own.install(ctx, path("good"), roots)
	newer, err2 := own.present(ctx)
	r.Control = err == nil && err2 == nil && !bytes.Equal(newer, before)
	_, again := own.install(ctx, own.Seeded.Roster, roots) // the first one, whose officers are gone
	r.Refused = r.Refused && again != nil
	r.Evidence = strings.Join(seen, ", ") + "; the older roster again: refused"
	return nil
}
