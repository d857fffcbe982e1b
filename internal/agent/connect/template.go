package connect

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/circuits"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

var (
	errSwapped    = sekisho.Fail(sekisho.KindDenied, "face.template_swapped")
	errNotEnroled = sekisho.Fail(sekisho.KindDenied, "vigil.not_enrolled")
)

const (
	facePurpose = "sekisho/face-template/v1"
	freshFace   = ".new" // of a face whose commitment the server has not taken yet
	maxFace     = 64 << 10
)

// face is the enrolled face of one person on this PC. It lies on its disk sealed
// by the device's key, and leaves it only sealed for another PC of the group that
// shares this one.
type face struct {
	Version    int              `json:"version"`
	Person     sekisho.PersonID `json:"person"`
	Templates  vigil.Templates  `json:"templates"`
	Random     wire.Bytes       `json:"random"` // 32 bytes: the secret part of the salt
	Camera     string           `json:"camera"` // label of the camera it was enrolled with
	Commitment string           `json:"commitment"`
	Carried    bool             `json:"carried,omitempty"` // enrolled on another PC of the group
}

// LogValue hides the face.
func (face) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// newFace binds enrolled templates to a commitment with fresh randomness.
func newFace(person sekisho.PersonID, t vigil.Templates, camera string) (face, error) {
	f := face{Version: 1, Person: person, Templates: t, Random: make([]byte, 32), Camera: camera}
	_, _ = rand.Read(f.Random) // crypto/rand never fails
	var err error
	f.Commitment, err = f.commit()
	return f, err
}

// commit computes the commitment that the server keeps: over the quantised mean,
// with a salt that depends on each of the poses.
func (f face) commit() (string, error) {
	if err := f.Templates.Valid(); err != nil {
		return "", err
	}
	model, err := hex.DecodeString(f.Templates.Model)
	mean, ok := f.Templates.Mean()
	if err != nil || len(model) != 32 || len(f.Random) != 32 || !ok {
		return "", vigil.ErrTemplates
	}
	quantised, salt := mean.Quantise(), f.Templates.Salt([32]byte(f.Random))
	if err := circuits.CheckFace(quantised, salt); err != nil {
		return "", err
	}
	sum := circuits.Commit([32]byte(model), vigil.Quantisation, quantised, salt)
	return hex.EncodeToString(sum[:]), nil
}

// check says whether this is the face that the server knows of this person, for
// the engine that runs now.
func (f face) check(me wire.Me, e engine) error {
	commitment, err := f.commit()
	switch {
	case me.Person.Commitment == "":
		return errNotEnroled
	case err != nil:
		return errSwapped.Because(err)
	case commitment != me.Person.Commitment || f.Person != me.Person.ID:
		return errSwapped.Because(errors.New("connect: commitment differs from the server's"))
	case f.Templates.Engine != e.name || f.Templates.Model != e.embedder:
		return errNotEnroled.Because(fmt.Errorf("connect: enrolled with engine %q, running %q", f.Templates.Engine, e.name))
	}
	return nil
}

func facePath(dir string, person sekisho.PersonID) (string, error) {
	if !wire.ValidID(string(person)) {
		return "", errors.New("connect: person's id is no file name")
	}
	return filepath.Join(dir, "faces", string(person)+".sealed"), nil
}

// mustForget says that nothing may be kept of a face here: its person did not
// agree, took his consent back, or the server has deleted what it knew of it.
func mustForget(p wire.DeskPerson) bool {
	return !p.Consented && !p.Lapsed || p.FaceUsable && p.Commitment == ""
}

// forgetFace deletes what lies here of a person's face, in its place or on the
// way there.
func forgetFace(dir string, person sekisho.PersonID) error {
	path, err := facePath(dir, person)
	if err != nil {
		return err
	}
	for _, p := range []string{path, path + freshFace} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("connect: forget face: %w", err)
		}
	}
	return nil
}

// dropFresh deletes a sealed face that the server has refused. After any other
// failure it stays: the server may have taken its commitment.
func dropFresh(dir string, person sekisho.PersonID, err error) error {
	switch sekisho.KindOf(err) {
	case sekisho.KindDenied, sekisho.KindInvalid, sekisho.KindConflict, sekisho.KindNotFound, sekisho.KindExpired:
	default:
		return err
	}
	path, bad := facePath(dir, person)
	if bad != nil {
		return errors.Join(err, bad)
	}
	if gone := os.Remove(path + freshFace); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		return errors.Join(err, gone)
	}
	return err
}

// loadFace opens the sealed face of a person; none is errNotEnroled. Where the
// one in its place is not what the server knows, the one on the way there may
// be: the server took its commitment and the answer was lost. It is put into its
// place then.
func loadFace(ctx context.Context, dir string, key devicekey.Key, p wire.DeskPerson) (face, error) {
	path, err := facePath(dir, p.ID)
	if err != nil {
		return face{}, err
	}
	f, err := openFace(ctx, path, key)
	if err == nil && f.is(p) {
		return f, nil
	}
	if fresh, bad := openFace(ctx, path+freshFace, key); bad == nil && fresh.is(p) {
		if err := uplink.MoveFile(path+freshFace, path); err != nil {
			return face{}, devicekey.ErrSealed.Because(err)
		}
		slog.Info("the face of an enrolment whose answer was lost is in its place")
		return fresh, nil
	}
	return f, err
}

// is says whether this is the face that the server knows of a person.
func (f face) is(p wire.DeskPerson) bool {
	commitment, err := f.commit()
	return err == nil && p.Commitment != "" && commitment == p.Commitment && f.Person == p.ID
}

func openFace(ctx context.Context, path string, key devicekey.Key) (f face, err error) {
	sealed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, errNotEnroled.Because(err)
	}
	if err != nil || len(sealed) > maxFace {
		return f, devicekey.ErrSealed.Because(err)
	}
	clear, err := key.Unseal(ctx, facePurpose, sealed)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(clear, &f); err != nil || f.Version != 1 {
		return face{}, devicekey.ErrSealed.Because(err)
	}
	return f, nil
}

// sealFace writes the sealed face beside its place; the returned act puts it
// there, once the server has taken its commitment.
func sealFace(ctx context.Context, dir string, key devicekey.Key, f face) (place func() error, err error) {
	path, err := facePath(dir, f.Person)
	if err != nil {
		return nil, err
	}
	clear, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("connect: face: %w", err)
	}
	sealed, err := key.Seal(ctx, facePurpose, clear)
	if err != nil {
		return nil, err
	}
	if err := uplink.ReplaceFile(path+freshFace, sealed); err != nil {
		return nil, fmt.Errorf("connect: face: %w", err)
	}
	return func() error { return uplink.MoveFile(path+freshFace, path) }, nil
}
