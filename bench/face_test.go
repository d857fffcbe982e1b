package bench

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/clips"
)

// lack skips a test, or fails it where everything is to be run.
func lack(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// measuring says where the models are, on a machine that can measure films with them.
func measuring(t *testing.T) faceFiles {
	t.Helper()
	f, err := findFaceFiles(t.Context())
	for _, program := range []string{"node", "ffmpeg"} {
		if err == nil {
			_, err = exec.LookPath(program)
		}
	}
	if err != nil {
		lack(t, err)
	}
	return f
}

// facesHere is the same where the test pictures lie beside the project.
func facesHere(t *testing.T) faceFiles {
	t.Helper()
	f := measuring(t)
	if _, err := os.Stat(f.faces); err != nil {
		lack(t, err)
	}
	return f
}

// TestTheCameraIsMeasured: the page of these figures still gets everything from
// the desk's own worker that a login needs.
func TestTheCameraIsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Chromium")
	}
	f := measuring(t)
	if _, err := browser.Find(); err != nil {
		lack(t, err)
	}
	clip := filepath.Join(t.TempDir(), "alone.mjpeg")
	if _, err := clips.Compose(t.Context(), clip, clips.Operator.Sits(f.root, 2, "operator")); err != nil {
		t.Fatal(err)
	}
	err := f.watch(t.Context(), clip, func(c *camera) error {
		if err := c.tell(`{"pace":30}`); err != nil {
			return err
		}
		for range 30 {
			s, err := c.wait("frame")
			if err != nil {
				return err
			}
			if fs := s.Frame.Faces; len(fs) == 1 && len(fs[0].Embedding) > 0 && fs[0].Live != nil && fs[0].Yaw != nil && fs[0].Sharpness > 0 {
				return nil
			}
		}
		return errors.New("no face with all its features in 30 frames")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAlbum runs the measuring code on real pictures, laid out as FACES=DIR.
func TestAlbum(t *testing.T) {
	f := facesHere(t)
	dir := t.TempDir()
	lay := func(person, name, from string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, person), 0o700); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, person, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	portraits, err := filepath.Glob(filepath.Join(f.faces, "congress", "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if len(portraits) < 4 {
		lack(t, errors.New("the portraits are not here"))
	}
	for i, person := range []string{"a", "b", "c", "d"} {
		lay(person, "1.jpg", portraits[i])
	}
	lay("a", "2.jpg", portraits[0]) // the same picture again: surely the same person
	if err := os.WriteFile(filepath.Join(dir, "groups.json"), []byte(`{"first":["a","b"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	th, _ := vigil.ForEngine(vigil.EngineStandard)
	out, err := f.album(context.Background(), dir, th, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name   string
		group  string
		n      int
		errors string
	}{{"face_far", "all", 3, "0"}, {"face_frr", "all", 1, "0"}, {"face_far", "first", 1, "0"}, {"face_frr", "first", 1, "0"}}
	if len(out) != len(want) {
		t.Fatalf("%d results", len(out))
	}
	for i, w := range want {
		r := out[i]
		if r.Name != w.name || r.Labels["group"] != w.group || r.N != w.n || r.Labels["errors"] != w.errors || r.OK != "not shown" {
			t.Errorf("%+v, want %+v", r, w)
		}
	}
}
