package clips

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestCompose(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	photo := filepath.Join(dir, "p.jpg")
	if err := ffmpeg(t.Context(), "-f", "lavfi", "-i", "testsrc=size=800x600", "-frames:v", "1", photo); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "c.mjpeg")
	person := Part{File: photo, To: 0.5, Crop: "400:300:0:0"}
	tl, err := Compose(t.Context(), out,
		Part{File: photo, To: 1, State: "operator"},
		Part{File: photo, To: 0.5, State: "onlooker", Beside: &person})
	if err != nil {
		t.Fatal(err)
	}
	if tl.Length() != 1.5 || tl.At(1.2).State != "onlooker" || tl.At(0.99).State != "operator" {
		t.Fatalf("%+v", tl)
	}
	again := filepath.Join(dir, "again.mjpeg")
	if err := Convert(t.Context(), out, again); err != nil {
		t.Fatal(err)
	}
	if err := Convert(t.Context(), filepath.Join(dir, "none.mp4"), again); err == nil {
		t.Fatal("a film that is not there was converted")
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	for text, ok := range map[string]bool{
		`{"segments":[{"from":0,"to":2,"state":"operator"},{"from":2,"to":3,"state":"spoof"}]}`: true,
		`{"segments":[]}`: false,
		`{"segments":[{"from":0,"to":2,"state":"operatr"}]}`:                                       false,
		`{"segments":[{"from":0,"to":2,"state":"operator"},{"from":3,"to":4,"state":"operator"}]}`: false,
		`{"segments":`: false,
	} {
		file := filepath.Join(t.TempDir(), "t.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(file); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
