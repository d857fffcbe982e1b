package connect

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestSettingsOfOthersAreNotBelieved(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no mode bits; its access lists are tried there")
	}
	write := func(mode os.FileMode) string {
		dir := t.TempDir()
		path := filepath.Join(dir, settingsFile)
		if err := errors.Join(os.WriteFile(path, []byte("camera = \"any\"\n"), 0o600), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666} {
		if s, err := LoadSettings(write(mode)); !errors.Is(err, errFolder) || s.Camera == cameraAny {
			t.Errorf("mode %o: camera %q, %v", mode, s.Camera, err)
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o644} {
		if s, err := LoadSettings(write(mode)); err != nil || s.Camera != cameraAny {
			t.Errorf("control, mode %o: %v", mode, err)
		}
	}
	dir, elsewhere := t.TempDir(), write(0o600)
	if err := os.Symlink(filepath.Join(elsewhere, settingsFile), filepath.Join(dir, settingsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSettings(dir); !errors.Is(err, errFolder) {
		t.Errorf("a link: %v", err)
	}
	if os.Geteuid() != 0 {
		return
	}
	foreign := write(0o600)
	if err := os.Chown(filepath.Join(foreign, settingsFile), 64001, 64001); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSettings(foreign); !errors.Is(err, errFolder) {
		t.Errorf("another user's file: %v", err)
	}
	folder := t.TempDir()
	if err := os.Chown(folder, 64001, 64001); err != nil {
		t.Fatal(err)
	}
	if err := secureFolder(folder); !errors.Is(err, errFolder) {
		t.Errorf("another user's folder: %v", err)
	}
}

func TestFolderIsClosedToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows keeps no mode bits")
	}
	dir := filepath.Join(t.TempDir(), "new", "state")
	if err := secureFolder(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := secureFolder(dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// An installed program does not take a folder's word for being a checkout.
func TestDefaultDir(t *testing.T) {
	checkout := t.TempDir()
	if err := errors.Join(os.WriteFile(filepath.Join(checkout, "go.mod"), []byte("module x\n"), 0o600),
		os.MkdirAll(filepath.Join(checkout, "cmd", "sekisho-agent"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]string{
		filepath.Join(checkout, "bin", "sekisho-agent"):                filepath.Join("data", "agent"),
		filepath.Join(filepath.Dir(checkout), "bin", "sekisho-agent"):  installedDir(),
		filepath.Join(string(filepath.Separator), "usr", "bin", "sek"): installedDir(),
	} {
		if got := defaultDir(program, checkout); got != want {
			t.Errorf("%s: %s", program, got)
		}
	}
	plain := t.TempDir()
	if got := defaultDir(filepath.Join(plain, "sekisho-agent"), plain); got != installedDir() {
		t.Errorf("no checkout: %s", got)
	}
}
