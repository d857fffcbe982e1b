package uplink

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

const testLog = "test.example/log"

// tree is an audit log in memory.
type tree struct {
	t      *testing.T
	hashes []tlog.Hash
	size   int64
}

func (l *tree) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = l.hashes[n]
	}
	return out, nil
}

// grown is a log of n entries; up to fork they are those of every other one.
func grown(t *testing.T, n, fork int64, history string) *tree {
	t.Helper()
	l := &tree{t: t}
	for i := range n {
		entry := fmt.Sprint(i)
		if i >= fork {
			entry += history
		}
		h, err := tlog.StoredHashes(i, []byte(entry), l)
		if err != nil {
			t.Fatal(err)
		}
		l.hashes, l.size = append(l.hashes, h...), n
	}
	return l
}

func (l *tree) root(size int64) tlog.Hash {
	l.t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		l.t.Fatal(err)
	}
	return root
}

func (l *tree) signed(size int64, epoch int, key ed25519.PrivateKey) string {
	l.t.Helper()
	signer, err := checkpoint.NewSigner(testLog, key)
	if err != nil {
		l.t.Fatal(err)
	}
	b, err := checkpoint.Sign(checkpoint.Checkpoint{Origin: checkpoint.EpochOrigin(testLog, epoch), Size: size, Root: l.root(size)}, signer)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(b)
}

func (l *tree) proof(from, to int64) string {
	l.t.Helper()
	if from <= 0 || from >= to {
		return ""
	}
	p, err := tlog.ProveTree(to, from, l)
	if err != nil {
		l.t.Fatal(err)
	}
	return checkpoint.MarshalHashes(p)
}

func (l *tree) step(from, to int64) wire.PinStep {
	return wire.PinStep{Checkpoint: l.signed(to, 1, testAuditKey.private), Grown: l.proof(from, to)}
}

// restart is an epoch of this tree from size entries, signed by the keys, and its checkpoint of to entries.
func (l *tree) restart(number int, held, kept, size, to int64, keys ...ed25519.PrivateKey) wire.PinStep {
	root := l.root(size)
	e := checkpoint.Epoch{Log: testLog, Number: number, Size: size, Root: root[:], Kept: kept, Lost: 30, At: time.Unix(1, 0).UTC(), Reason: "restored"}
	s := wire.PinStep{Checkpoint: l.signed(to, number, testAuditKey.private), Grown: l.proof(size, to)}
	if held <= kept {
		s.Survivors = l.proof(held, size)
	}
	for _, k := range keys {
		s.Restart = append(s.Restart, e.Sign(k))
	}
	return s
}

// pinned is a PC that holds the checkpoint of ten entries.
func pinned(t *testing.T, s *server) (e Enrolment, dir string, again func(steps ...wire.PinStep) (Enrolment, error)) {
	t.Helper()
	s.offer = grown(t, 10, 10, "").signed(10, 1, testAuditKey.private)
	_, e, key, dir := connected(t, s)
	if e.Checkpoint != s.offer || len(s.pins) != 0 {
		t.Fatalf("held %q, reported %q", e.Checkpoint, s.pins)
	}
	return e, dir, func(steps ...wire.PinStep) (Enrolment, error) {
		s.mu.Lock()
		s.steps = steps
		s.mu.Unlock()
		c, next, err := Connect(t.Context(), e, options(dir, key))
		if err == nil {
			c.Close()
		}
		return next, err
	}
}

func TestPinMovesAlongProofs(t *testing.T) {
	s := startServer(t)
	e, dir, again := pinned(t, s)
	log := grown(t, 25, 10, "")
	next, err := again(log.step(10, 25))
	if err != nil || next.Checkpoint != log.signed(25, 1, testAuditKey.private) || len(s.pins) != 1 || s.pins[0] != e.Checkpoint {
		t.Errorf("held %q, reported %q, %v", next.Checkpoint, s.pins, err)
	}
	if kept, err := LoadEnrolment(dir); err != nil || kept.Checkpoint != next.Checkpoint {
		t.Errorf("on disk: %q, %v", kept.Checkpoint, err)
	}
	if next, err := again(log.step(10, 10)); err != nil || next.Checkpoint != e.Checkpoint {
		t.Errorf("nothing new: %v", err)
	}
}

// A log that was rewritten, shortened or begun anew without the officers never
// takes the pin's place, opens nothing, and is kept for the auditors.
func TestForksAreRefusedAndKept(t *testing.T) {
	s := startServer(t)
	e, dir, again := pinned(t, s)
	good, other := grown(t, 30, 30, ""), grown(t, 30, 5, " rewritten")
	_, stranger, _ := ed25519.GenerateKey(rand.Reader)
	for name, steps := range map[string][]wire.PinStep{
		"same size, another tree":     {other.step(10, 10)},
		"longer, another history":     {other.step(10, 30)},
		"longer, without a proof":     {{Checkpoint: good.signed(30, 1, testAuditKey.private)}},
		"shorter":                     {good.step(10, 9)},
		"another epoch, no signature": {{Checkpoint: good.signed(30, 2, testAuditKey.private), Grown: good.proof(10, 30)}},
		"another epoch, strangers":    {good.restart(2, 10, 10, 10, 30, stranger, stranger)},
		"another key":                 {{Checkpoint: good.signed(30, 1, stranger), Grown: good.proof(10, 30)}},
		"a good step and a bad one":   {good.step(10, 20), other.step(20, 30)},
	} {
		before := requestsTo(s, "connections")
		next, err := again(steps...)
		if !errors.Is(err, ErrForked) || next.Checkpoint != e.Checkpoint {
			t.Errorf("%s: held %q, %v", name, next.Checkpoint, err)
		}
		if kept, err := LoadEnrolment(dir); err != nil || kept.Checkpoint != e.Checkpoint {
			t.Errorf("%s, on disk: %q, %v", name, kept.Checkpoint, err)
		}
		if requestsTo(s, "connections") != before {
			t.Errorf("%s: connected all the same", name)
		}
		if !wasKept(t, dir, e.Checkpoint, steps[len(steps)-1].Checkpoint) {
			t.Errorf("%s: not kept", name)
		}
	}
	if _, err := again([]wire.PinStep{}...); !errors.Is(err, ErrAnswer) {
		t.Errorf("no step at all: %v", err)
	}
	if next, err := again(); err != nil || next.Checkpoint != e.Checkpoint { // the stand-in shows what is held
		t.Errorf("control: %v", err)
	}
}

// What a connection hands out is no way round: the held one stays.
func TestOfferedCheckpointDoesNotReplaceThePin(t *testing.T) {
	s := startServer(t)
	e, dir, again := pinned(t, s)
	s.offer = grown(t, 20, 5, " rewritten").signed(20, 1, testAuditKey.private)
	if next, err := again(); err != nil || next.Checkpoint != e.Checkpoint {
		t.Errorf("held %q, %v", next.Checkpoint, err)
	}
	s.offer = grown(t, 10, 5, " rewritten").signed(10, 1, testAuditKey.private)
	if next, err := again(); !errors.Is(err, ErrForked) || next.Checkpoint != e.Checkpoint || !wasKept(t, dir, e.Checkpoint, s.offer) {
		t.Errorf("two trees of one size: held %q, %v", next.Checkpoint, err)
	}
	_, other, _ := ed25519.GenerateKey(rand.Reader)
	s.offer = grown(t, 30, 30, "").signed(30, 1, other)
	if _, err := again(); err == nil {
		t.Error("took a checkpoint that the pinned key did not sign")
	}
}

func TestPinFollowsTheOfficers(t *testing.T) {
	s := startServer(t)
	var roots []ed25519.PrivateKey
	s.roots.RosterRoots = nil
	for range 3 {
		public, private, _ := ed25519.GenerateKey(rand.Reader)
		roots = append(roots, private)
		s.roots.RosterRoots = append(s.roots.RosterRoots, wire.Bytes(public))
	}
	e, _, again := pinned(t, s)
	log := grown(t, 40, 8, " after the restore") // what the PC saw beyond eight entries is lost
	if _, err := again(log.restart(2, 10, 8, 12, 40, roots[0])); !errors.Is(err, ErrForked) {
		t.Errorf("one officer: %v", err)
	}
	next, err := again(log.restart(2, 10, 8, 12, 20, roots[0], roots[2]), log.restart(3, 20, 20, 20, 40, roots[1], roots[2]))
	if err != nil || next.Checkpoint != log.signed(40, 3, testAuditKey.private) || next.Checkpoint == e.Checkpoint {
		t.Errorf("held %q, %v", next.Checkpoint, err)
	}
}

func requestsTo(s *server, route string) int { return strings.Count(s.requests(), route) }

// wasKept says whether both notes lie in one file of the folder.
func wasKept(t *testing.T, dir, held, offered string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, forks, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), quoted(held)) && strings.Contains(string(b), quoted(offered)) {
			return true
		}
	}
	return false
}

// quoted is a note's signature, which JSON carries as it is.
func quoted(note string) string {
	lines := strings.Split(strings.TrimSpace(note), "\n")
	return lines[len(lines)-1]
}
