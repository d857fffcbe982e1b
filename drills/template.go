package drills

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// limitLogin is longer than the agent's own patience with a login.
const limitLogin = 25 * time.Second

// quarantined opens the page of an agent that shows a face and connects it.
func quarantined(ctx context.Context, pc *centre.PC, face somebody) (*modelPage, error) {
	p, err := openPage(ctx, pc, face)
	if err != nil {
		return nil, err
	}
	s, err := p.connect(ctx)
	if err != nil || s.Phase != "quarantine" {
		p.close()
		return nil, fmt.Errorf("drills: the agent stands in %s %s: %w", s.Phase, s.Code, err)
	}
	return p, nil
}

// swappedTemplate is an operator who has his accomplice enrolled first, keeps
// that file, has himself enrolled before a witness and puts the file back. The
// same is tried with a file of another PC, and with one changed byte.
func swappedTemplate(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.seated(ctx)
	if err != nil {
		return err
	}
	defer pc.Close()
	other, err := f.seated(ctx)
	if err != nil {
		return err
	}
	defer other.Close()
	accomplice, operator := newSomebody(), newSomebody()
	before, err := f.enrolledFace(ctx, pc, accomplice)
	if err != nil {
		return err
	}
	elsewhere, err := f.enrolledFace(ctx, other, accomplice)
	if err != nil {
		return err
	}
	after, err := f.enrolledFace(ctx, pc, operator)
	if err != nil {
		return err
	}
	path, err := facePath(pc)
	if err != nil {
		return err
	}
	flipped := append([]byte(nil), after...)
	flipped[len(flipped)/2] ^= 1
	try := func(file []byte, face somebody) (string, error) {
		if err := os.WriteFile(path, file, 0o600); err != nil {
			return "", err
		}
		p, err := quarantined(ctx, pc, face)
		if err != nil {
			return "", err
		}
		defer p.close()
		code, err := p.logIn(ctx, limitLogin)
		if p.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil) != "200" {
			return code, fmt.Errorf("drills: the agent does not let go")
		}
		return code, err
	}
	old, err := try(before, accomplice)
	if err != nil {
		return err
	}
	foreign, err := try(elsewhere, accomplice)
	if err != nil {
		return err
	}
	bit, err := try(flipped, operator)
	if err != nil {
		return err
	}
	stranger, err := try(after, accomplice)
	if err != nil {
		return err
	}
	good, err := try(after, operator)
	r.Refused = old == "face.template_swapped" && foreign != "" && bit != "" && stranger == "vigil.other_person"
	r.Evidence = fmt.Sprintf("an earlier file of this PC: %s, another PC's: %s, one bit changed: %s; the right file, another face: %s", old, foreign, bit, stranger)
	r.Control = good == "" && err == nil
	return err
}

// enrolledFace enrols a face at a PC and returns the sealed file.
func (f *Field) enrolledFace(ctx context.Context, pc *centre.PC, face somebody) ([]byte, error) {
	p, err := quarantined(ctx, pc, face)
	if err != nil {
		return nil, err
	}
	defer p.close()
	if err := p.enrolFace(ctx, f); err != nil {
		return nil, err
	}
	if code := p.ask(ctx, http.MethodPost, "/local/v1/disconnect", nil); code != "200" {
		return nil, fmt.Errorf("drills: disconnect: %s", code)
	}
	path, err := facePath(pc)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// facePath is the one sealed face of a PC.
func facePath(pc *centre.PC) (string, error) {
	files, err := filepath.Glob(filepath.Join(pc.Dir, "faces", "*.sealed"))
	if err != nil || len(files) != 1 {
		return "", fmt.Errorf("drills: %d sealed faces: %w", len(files), err)
	}
	return files[0], nil
}

// recordedFeatures plays measurements of an earlier moment: they are the right
// face, alive, but do not carry the nonce of now.
func recordedFeatures(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.seated(ctx)
	if err != nil {
		return err
	}
	defer pc.Close()
	face := newSomebody()
	if _, err := f.enrolledFace(ctx, pc, face); err != nil {
		return err
	}
	p, err := quarantined(ctx, pc, face)
	if err != nil {
		return err
	}
	defer p.close()
	p.hold("cmVjb3JkZWQgYW4gaG91ciBhZ28")
	recorded, err := p.logIn(ctx, limitLogin)
	if err != nil {
		return err
	}
	p.hold("")
	if honest, err := p.logIn(ctx, limitLogin); err != nil || honest != "" {
		return fmt.Errorf("drills: the honest login: %s: %w", honest, err)
	}
	if _, err := p.live(ctx, true, 5*time.Second); err != nil {
		return err
	}
	if err := sleep(ctx, beyond); err != nil {
		return err
	}
	_, err = p.live(ctx, true, time.Second) // it lives on while frames carry what they must
	r.Control = err == nil
	p.mu.Lock()
	now := p.nonce
	p.mu.Unlock()
	p.hold(now) // from here on it is a recording
	after, err := p.live(ctx, false, 15*time.Second)
	r.Refused = recorded != "" && err == nil && after < 10*time.Second
	r.Evidence = fmt.Sprintf("logging in with a recording: %s; a recording in place of the camera under a live session: closed after %.1f s", recorded, after.Seconds())
	return err
}
