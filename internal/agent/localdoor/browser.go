package localdoor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sekisho/sekisho"
)

var errNoBrowser = sekisho.Fail(sekisho.KindNotFound, "local.no_browser")

// Browser opens the desk in a browser with a fresh profile of its own: no
// extension, no cookie, no saved anything of the user's daily one.
type Browser struct {
	Program string   // "" looks for Chromium, Chrome and Edge
	Flags   []string // more flags, for tests
}

// closeWithin is how long a browser may take to end when it is asked to.
const closeWithin = 3 * time.Second

// Find is the program that Open would start.
func (b Browser) Find() (string, error) {
	if b.Program == "" {
		return findBrowser()
	}
	if _, err := exec.LookPath(b.Program); err != nil {
		return "", errNoBrowser.Because(fmt.Errorf("localdoor: %w", err))
	}
	return b.Program, nil
}

// Open starts the browser on url and waits until its window is closed or ctx
// ends; then the profile is removed.
func (b Browser) Open(ctx context.Context, url string) error {
	program, err := b.Find()
	if err != nil {
		return err
	}
	profile, err := os.MkdirTemp("", "sekisho-desk-*") // mode 0700
	if err != nil {
		return fmt.Errorf("localdoor: profile: %w", err)
	}
	defer func() { _ = removeProfile(profile) }()
	if err := writePreferences(profile); err != nil {
		return err
	}
	// The ticket is on the command line, where other users of the PC may read it for
	// the moments until the page uses it up; they cannot connect (gatekeeper).
	cmd := exec.CommandContext(ctx, program, append(b.flags(profile), "--app="+url)...)
	// Chromium keeps the socket of its single instance in the temporary folder and
	// leaves it there when it is ended: with this it goes with the profile.
	if len(profile) <= maxSocketPath-len("/org.chromium.Chromium.XXXXXX/SingletonSocket") {
		cmd.Env = append(os.Environ(), "TMPDIR="+profile)
	}
	cmd.Cancel = func() error { return endGroup(cmd) }
	cmd.WaitDelay = closeWithin
	ownGroup(cmd)
	if err := cmd.Run(); err != nil && ctx.Err() == nil {
		return errNoBrowser.Because(fmt.Errorf("localdoor: %s: %w", program, err))
	}
	return nil
}

func (b Browser) flags(profile string) []string {
	flags := []string{
		"--user-data-dir=" + profile, "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-component-extensions-with-background-pages",
		"--disable-sync", "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-breakpad", "--no-pings",
		"--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
		"--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,HighEfficiencyModeAvailable,BatterySaverModeAvailable",
		"--password-store=basic", "--autoplay-policy=no-user-gesture-required", "--start-maximized", "--no-proxy-server",
	}
	if os.Geteuid() == 0 {
		flags = append(flags, "--no-sandbox") // Chromium refuses to run as root without; an installed agent does not run as root
	}
	return append(flags, b.Flags...)
}

// writePreferences switches off, in the fresh profile, what flags cannot: the
// developer tools (2: never), printing, saved passwords, translation. A user
// who edits a running profile gets them back; the threat model says so.
func writePreferences(profile string) error {
	dir := filepath.Join(profile, "Default")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("localdoor: profile: %w", err)
	}
	preferences, err := json.Marshal(map[string]any{
		"devtools":                   map[string]any{"availability": 2},
		"printing":                   map[string]any{"enabled": false},
		"credentials_enable_service": false,
		"translate":                  map[string]any{"enabled": false},
		"browser":                    map[string]any{"has_seen_welcome_page": true},
		"profile":                    map[string]any{"password_manager_enabled": false},
	})
	if err != nil {
		return fmt.Errorf("localdoor: profile: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Preferences"), preferences, 0o600); err != nil {
		return fmt.Errorf("localdoor: profile: %w", err)
	}
	return nil
}

// removeProfile tries for a moment: helper processes may still be writing.
func removeProfile(profile string) (err error) {
	for range 20 {
		if err = os.RemoveAll(profile); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// findBrowser looks in the usual places, not in a PATH that somebody may have changed.
func findBrowser() (string, error) {
	for _, path := range browserPaths(runtime.GOOS) {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", errNoBrowser.Because(errors.New("localdoor: neither Chromium, Chrome nor Edge is installed"))
}

func browserPaths(system string) (paths []string) {
	if system != "windows" {
		return []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable", "/opt/google/chrome/chrome",
			"/usr/bin/microsoft-edge-stable", "/opt/microsoft/msedge/msedge", "/snap/bin/chromium"}
	}
	for _, base := range []string{os.Getenv("ProgramFiles"), os.Getenv("ProgramFiles(x86)")} {
		for _, program := range []string{`Microsoft\Edge\Application\msedge.exe`, `Google\Chrome\Application\chrome.exe`, `Chromium\Application\chrome.exe`} {
			if base != "" {
				paths = append(paths, filepath.Join(base, program))
			}
		}
	}
	return paths
}
