package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/carrying"
	"github.com/sekisho/sekisho/internal/wire"
)

// A shared PC (共用PC): faces of several people, one file each, that come sealed
// from the other PCs of the group and go there.

const (
	sealKeyFile    = "seal.key" // to which faces are sealed for this PC; itself sealed by the device's key
	sealKeyPurpose = "sekisho/seal-key/v1"
	maxSealKey     = 4 << 10
	faceSuffix     = ".sealed"
	carryEvery     = time.Second // between two faces, so that they take no bandwidth from work
)

// sealIdentity loads this PC's key to seal to. fresh says that it has just been
// made: there was none, or only the device's former key could open it.
func sealIdentity(ctx context.Context, dir string, key devicekey.Key) (identity string, fresh bool, err error) {
	path := filepath.Join(dir, sealKeyFile)
	sealed, err := os.ReadFile(path)
	if err == nil && len(sealed) <= maxSealKey {
		clear, bad := key.Unseal(ctx, sealKeyPurpose, sealed)
		if bad == nil {
			return string(clear), false, nil
		}
		if !errors.Is(bad, devicekey.ErrSealed) {
			return "", false, bad
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false, devicekey.ErrSealed.Because(err)
	}
	if identity, _, err = carrying.NewKey(); err != nil {
		return "", false, err
	}
	if sealed, err = key.Seal(ctx, sealKeyPurpose, []byte(identity)); err != nil {
		return "", false, err
	}
	if err := uplink.ReplaceFile(path, sealed); err != nil {
		return "", false, fmt.Errorf("connect: key to seal to: %w", err)
	}
	return identity, true, nil
}

// keptFaces lists whose faces lie here, in place or on the way there.
func keptFaces(dir string) (list []sekisho.PersonID, err error) {
	files, err := os.ReadDir(filepath.Join(dir, "faces"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("connect: faces: %w", err)
	}
	for _, f := range files {
		name, _, ok := strings.Cut(f.Name(), faceSuffix)
		if p := sekisho.PersonID(name); ok && wire.ValidID(name) && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list, nil
}

// forgetOthers deletes every face but those that may lie here.
func forgetOthers(dir string, keep []sekisho.PersonID) error {
	here, err := keptFaces(dir)
	for _, p := range here {
		if !slices.Contains(keep, p) {
			err = errors.Join(err, forgetFace(dir, p))
		}
	}
	return err
}

// over are the ends of a PC after which nobody's face may lie on it.
var over = []string{"device.revoked", "device.returned"}

// forgetEverybody deletes all faces of a PC that has ended, and the key to seal to.
func forgetEverybody(dir string) error {
	err := forgetOthers(dir, nil)
	if bad := os.Remove(filepath.Join(dir, sealKeyFile)); bad != nil && !errors.Is(bad, fs.ErrNotExist) {
		err = errors.Join(err, bad)
	}
	return err
}

// share does what a shared PC does before anybody's face is looked at: it deletes
// the faces of whoever may not sit here any more, lets itself be sealed to, and
// takes in the face that waits. A PC that is one person's asks only while others'
// faces still lie on it.
func (a *Agent) share(ctx context.Context, key devicekey.Key, c *connected) error {
	here, err := keptFaces(a.dir)
	if err != nil {
		return err
	}
	alone := !slices.ContainsFunc(here, func(p sekisho.PersonID) bool { return p != c.me.Person.ID })
	if c.enrolment.Shared == "" && alone {
		return nil
	}
	state, err := c.conn.Shared(ctx)
	if err != nil {
		return err
	}
	if err := forgetOthers(a.dir, state.Keep); err != nil {
		return err
	}
	if state.Group == "" {
		return nil
	}
	identity, fresh, err := sealIdentity(ctx, a.dir, key)
	if err != nil {
		return err
	}
	if fresh || !state.Key {
		if err := a.beSealedTo(ctx, key, c, identity); err != nil {
			return err
		}
	}
	if state.Waiting == nil {
		return nil
	}
	return a.takeIn(ctx, key, c, identity, *state.Waiting)
}

func (a *Agent) beSealedTo(ctx context.Context, key devicekey.Key, c *connected, identity string) error {
	recipient, err := carrying.Recipient(identity)
	if err != nil {
		return err
	}
	k, err := carrying.Certify(key, c.enrolment.Certificate, wire.SealKey{Device: c.enrolment.Device, Recipient: recipient})
	if err != nil {
		return err
	}
	return c.conn.PutSealKey(ctx, k)
}

// takeIn opens the face that waits and keeps it as this PC's own, if it is the
// one that the server holds a commitment to. What is anything else is given up,
// and the server told: the person enrols here, or it is carried again.
func (a *Agent) takeIn(ctx context.Context, key devicekey.Key, c *connected, identity string, waiting wire.Carry) error {
	commitment := c.me.Person.Commitment
	err := a.keepCarried(ctx, key, c, identity, waiting)
	if err == nil {
		return c.conn.TakenFace(ctx, wire.CarryTaken{Commitment: commitment})
	}
	if k := sekisho.KindOf(err); k != sekisho.KindDenied && k != sekisho.KindInvalid {
		return err // a disk or a TPM that failed: it is tried again
	}
	slog.Error("a face that was carried here is refused", "error", err)
	if err := c.conn.TakenFace(ctx, wire.CarryTaken{Commitment: commitment, Refused: sekisho.CodeOf(err)}); err != nil {
		return err
	}
	c.me, err = c.conn.Me(ctx)
	return err
}

func (a *Agent) keepCarried(ctx context.Context, key devicekey.Key, c *connected, identity string, waiting wire.Carry) error {
	clear, err := a.authority(c.enrolment).Open(identity, waiting, c.enrolment.Device, c.me.Person.ID, c.me.Person.Commitment)
	if err != nil {
		return err
	}
	var f face
	if err := json.Unmarshal(clear, &f); err != nil || f.Version != 1 {
		return carrying.ErrCarried.Because(err)
	}
	if !f.is(c.me.Person) {
		return errSwapped.Because(errors.New("connect: a carried face is not the one that the server knows"))
	}
	f.Carried, f.Camera = true, "" // cameras are each PC's own: this one's is noted at the first login
	place, err := sealFace(ctx, a.dir, key, f)
	if err != nil {
		return err
	}
	return place()
}

func (a *Agent) authority(e uplink.Enrolment) carrying.Authority {
	return carrying.Authority{CA: e.Roots.CA, Now: a.clock.Now()}
}

// spread seals the face of whoever has just opened a session by it for the PCs of
// his group that lack it, while the session lasts.
func (a *Agent) spread(s *session) {
	if a.enrolment.Shared == "" || s.class != sekisho.ClassFace || a.faceErr != nil {
		return
	}
	conn, key, e, f := a.conn, a.key, a.enrolment, a.face
	a.aside(func() func() {
		sent, err := a.send(conn, key, e, f)
		if err != nil {
			slog.Warn("a face is not on all PCs of its group yet; the next session goes on", "sent", sent, "error", err)
		}
		return nil
	})
}

// send goes on as long as there are PCs that take the face; one that does not is
// left out. The end of the session ends it: the server answers a live one alone.
func (a *Agent) send(conn connection, key devicekey.Key, e uplink.Enrolment, f face) (sent int, err error) {
	clear, err := json.Marshal(f)
	if err != nil {
		return 0, fmt.Errorf("connect: face: %w", err)
	}
	from := carrying.Sender{Key: key, Certificate: e.Certificate, Person: f.Person, Commitment: f.Commitment}
	for {
		before := sent
		ctx, cancel := context.WithTimeout(a.ctx, actWithin)
		list, err := conn.CarryTargets(ctx)
		cancel()
		if err != nil {
			return sent, err
		}
		for _, target := range list.Targets {
			c, err := a.authority(e).Seal(from, target, clear)
			if err != nil {
				slog.Error("a face is not sealed for this PC of its group", "error", err)
				continue
			}
			ctx, cancel := context.WithTimeout(a.ctx, actWithin)
			err = conn.CarryFace(ctx, c)
			cancel()
			switch k := sekisho.KindOf(err); {
			case err == nil:
				sent++
			case k == sekisho.KindDenied && sekisho.CodeOf(err) != "session.required": // this PC does not take it any more
				slog.Warn("a PC of the group is left out", "error", err)
			default:
				return sent, err
			}
			select {
			case <-time.After(carryEvery):
			case <-a.ctx.Done():
				return sent, a.ctx.Err()
			}
		}
		if sent == before { // none is left, or none that may have it
			return sent, nil
		}
	}
}

// noteCamera notes, after a login by a carried face, with which camera of this
// PC it was: no other one counts from then on.
func (a *Agent) noteCamera() {
	if !a.face.Carried || a.face.Camera != "" || a.camera.label == "" || a.camera.err != nil {
		return
	}
	f := a.face
	f.Camera = a.camera.label
	a.face, a.camera = f, cameraCheck{}
	key, dir := a.key, a.dir
	a.aside(func() func() {
		place, err := sealFace(a.ctx, dir, key, f)
		if err == nil {
			err = place()
		}
		if err != nil {
			slog.Error("the camera of this PC was not noted; it is asked for again at the next login", "error", err)
		}
		return nil
	})
}

// learnShared takes in, for the next start too, whether this PC is shared.
func (a *Agent) learnShared(err error) {
	group := a.enrolment.Shared
	switch sekisho.CodeOf(err) {
	case "shared.who":
		group = wire.SharedUnnamed
	case "shared.not_shared":
		group = ""
	}
	if slices.Contains(over, sekisho.CodeOf(err)) {
		if bad := forgetEverybody(a.dir); bad != nil {
			slog.Error("faces on a PC that has ended could not be deleted", "error", bad)
		}
		a.face, a.faceErr = face{}, errNotEnroled
	}
	if group == a.enrolment.Shared {
		return
	}
	a.enrolment.Shared = group
	if bad := a.enrolment.Save(a.dir); bad != nil {
		slog.Warn("whether this PC is shared was not noted; the server says it again", "error", bad)
	}
	a.stamp = uplink.EnrolmentStamp(a.dir)
}
