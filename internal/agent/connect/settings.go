package connect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/wire"
)

// Settings are agent.toml: what is needed to start. Everything else is the
// server's to say.
type Settings struct {
	Port          int    `toml:"port"`           // of the desk on loopback; 0 chooses a free one
	OpenBrowser   bool   `toml:"open_browser"`   // open the desk when the agent starts
	Browser       string `toml:"browser"`        // program; "" looks for Chromium, Chrome, Edge
	SoftwareKey   bool   `toml:"software_key"`   // tier C: refused unless a policy names it
	TPM           string `toml:"tpm"`            // "" is the system's; a device, or an emulator's socket
	Models        string `toml:"models"`         // folder of the face models
	Camera        string `toml:"camera"`         // "enrolled": only the camera of the face enrolment; "any": demonstrations
	ScreenPicture bool   `toml:"screen_picture"` // take the whole screen's picture for sealed records (X11)
	DeskUser      string `toml:"desk_user"`      // user who may open the desk, by name or number; "" is the agent's own
	Language      string `toml:"language"`       // of the first page: "ja" or "en"
}

// Rules for the camera.
const (
	cameraEnrolled = "enrolled"
	cameraAny      = "any"
)

const settingsFile = "agent.toml"

func defaults() Settings {
	return Settings{Port: 7777, OpenBrowser: true, Models: "models", Camera: cameraEnrolled, ScreenPicture: true, Language: "ja"}
}

// errFolder: the state folder is open to others, or not ours.
var errFolder = sekisho.Fail(sekisho.KindDenied, "local.folder_unsafe")

// LoadSettings reads agent.toml of a state folder; without one the defaults
// hold. It names the browser's program, the camera's rule and who may open the
// desk: one that somebody else could have written is not believed.
func LoadSettings(dir string) (Settings, error) {
	s := defaults()
	path := filepath.Join(dir, settingsFile)
	err := trustedFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
		return s, errFolder.Because(fmt.Errorf("connect: settings: %w", err))
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return s, fmt.Errorf("connect: settings: %w", err)
	default:
		if err := wire.ParseSettings(b, &s); err != nil {
			return s, fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := s.check(); err != nil {
		return s, sekisho.Fail(sekisho.KindInvalid, "settings.malformed").Because(fmt.Errorf("%s: %w", path, err))
	}
	if !filepath.IsAbs(s.Models) {
		s.Models = filepath.Join(dir, s.Models)
	}
	return s, nil
}

func (s Settings) check() error {
	switch {
	case s.Port < 0 || s.Port > 65535:
		return errors.New("port is between 0 and 65535")
	case s.Camera != cameraEnrolled && s.Camera != cameraAny:
		return errors.New(`camera is "enrolled" or "any"`)
	case s.Language != "ja" && s.Language != "en":
		return errors.New(`language is "ja" or "en"`)
	}
	_, err := s.user()
	return err
}

// user is the user id that may open the desk; -1 is the agent's own.
func (s Settings) user() (int, error) {
	if s.DeskUser == "" {
		return -1, nil
	}
	if n, err := strconv.Atoi(s.DeskUser); err == nil && n >= 0 {
		return n, nil
	}
	u, err := user.Lookup(s.DeskUser)
	if err != nil {
		return -1, fmt.Errorf("desk_user: %w", err)
	}
	return strconv.Atoi(u.Uid)
}

// keyConfig names where the device's key lives. enrolling is the key of an
// enrolment that the server has not taken yet.
func (s Settings) keyConfig(dir string) devicekey.Config {
	kind := devicekey.KindTPM
	if s.SoftwareKey {
		kind = devicekey.KindSoftware
	}
	return devicekey.Config{Dir: dir, Kind: kind, Device: s.TPM}
}

// DefaultDir is the state folder: for a program that was built in the checkout
// that one stands in ./data/agent, else the installed one. An installed agent
// does not look at where it is started.
func DefaultDir() string {
	program, err := os.Executable()
	if err != nil {
		return installedDir()
	}
	here, err := os.Getwd()
	if err != nil {
		return installedDir()
	}
	return defaultDir(program, here)
}

func defaultDir(program, here string) string {
	below, err := filepath.Rel(here, program)
	if err != nil || !filepath.IsLocal(below) {
		return installedDir()
	}
	for _, mark := range []string{"go.mod", filepath.Join("cmd", "sekisho-agent")} {
		if _, err := os.Stat(filepath.Join(here, mark)); err != nil {
			return installedDir()
		}
	}
	return filepath.Join("data", "agent")
}
