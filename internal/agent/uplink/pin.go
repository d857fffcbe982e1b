package uplink

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// The pin is this PC's memory of the centre's audit log: the one copy that whoever
// holds the server cannot rewrite. It moves along proofs alone. What the server
// shows instead is kept beside it, for the auditors, who get both.

// forks is the folder of what a server showed that does not continue the pin.
const (
	forks    = "forks"
	maxForks = 16
)

// fork is one such answer.
type fork struct {
	Held    string         `json:"held"`    // signed note
	Offered []wire.PinStep `json:"offered"` // signed notes with whatever was to prove them
}

// reportPin gives the server back the checkpoint that this PC holds, before
// anything is opened: a database that was rolled back is noticed by it. The
// answer moves the pin on, or is refused, and the connection with it.
func reportPin(ctx context.Context, door *serverDoor, e Enrolment, dir string) (Enrolment, error) {
	if e.Checkpoint == "" {
		return e, nil
	}
	var answer wire.PinAnswer
	if err := door.ask(ctx, "pins", wire.CheckpointPin{Checkpoint: e.Checkpoint}, &answer); err != nil {
		return e, err
	}
	if len(answer.Steps) == 0 {
		return e, ErrAnswer.Because(errors.New("uplink: the server shows no checkpoint"))
	}
	moved, err := movePin(e, answer.Steps)
	if err != nil {
		return e, errors.Join(err, keepFork(dir, fork{Held: e.Checkpoint, Offered: answer.Steps}))
	}
	if moved == e.Checkpoint {
		return e, nil
	}
	next := e
	next.Checkpoint = moved
	if err := next.Save(dir); err != nil {
		return e, err
	}
	return next, nil
}

// movePin follows what the server shows, under the keys that were pinned.
func movePin(e Enrolment, steps []wire.PinStep) (string, error) {
	verifier, err := pinnedLog(e)
	if err != nil {
		return "", err
	}
	roots := make([]ed25519.PublicKey, 0, len(e.Roots.RosterRoots))
	for _, k := range e.Roots.RosterRoots {
		if len(k) == ed25519.PublicKeySize {
			roots = append(roots, ed25519.PublicKey(k))
		}
	}
	pin, err := checkpoint.Pin{Note: []byte(e.Checkpoint)}.Walk(steps, roots, verifier, verifier.Name())
	if err != nil {
		return "", ErrForked.Because(err)
	}
	return string(pin.Note), nil
}

// firstPin takes the checkpoint of a connection where none is held yet. Where one
// is, it only has to be no other tree of the same size: the pin moves by proofs.
func firstPin(e Enrolment, offered, dir string) (string, error) {
	if offered == "" {
		return e.Checkpoint, nil
	}
	verifier, err := pinnedLog(e)
	if err != nil {
		return "", err
	}
	fresh, err := checkpoint.Open([]byte(offered), verifier, verifier.Name())
	if err != nil {
		return "", ErrAnswer.Because(err)
	}
	if e.Checkpoint == "" {
		return offered, nil
	}
	held, err := checkpoint.Open([]byte(e.Checkpoint), verifier, verifier.Name())
	if err != nil {
		return "", ErrState.Because(err)
	}
	if held.Origin == fresh.Origin && held.Size == fresh.Size && held.Root != fresh.Root {
		err := ErrForked.Because(fmt.Errorf("uplink: two trees of %d entries", held.Size))
		return "", errors.Join(err, keepFork(dir, fork{Held: e.Checkpoint, Offered: []wire.PinStep{{Checkpoint: offered}}}))
	}
	return e.Checkpoint, nil
}

func pinnedLog(e Enrolment) (note.Verifier, error) {
	v, err := checkpoint.NewVerifier(e.Roots.AuditKey)
	if err != nil {
		return nil, ErrState.Because(err)
	}
	return v, nil
}

// keepFork writes down what was shown, once for each answer.
func keepFork(dir string, f fork) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("uplink: keep fork: %w", err)
	}
	sum := sha256.Sum256(b)
	folder := filepath.Join(dir, forks)
	path := filepath.Join(folder, hex.EncodeToString(sum[:8])+".json")
	slog.Error("the audit log that the server shows does not continue the one that this PC remembers", "kept", path)
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("uplink: keep fork: %w", err)
	}
	if _, err := os.Stat(path); err == nil || len(files) >= maxForks { // what came first tells enough
		return nil
	}
	if err := ReplaceFile(path, b); err != nil {
		return fmt.Errorf("uplink: keep fork: %w", err)
	}
	return nil
}
