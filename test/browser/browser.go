package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Options say how Chromium starts. The camera is fixed at launch.
type Options struct {
	Camera   string   // MJPEG or Y4M file played in a loop as the camera; "" for no camera
	Language string   // "ja" (default) or "en"
	Width    int      // 1280 by default
	Height   int      // 720 by default
	Display  string   // an X display for a real window; "" runs headless
	Flags    []string // more flags
	Profile  string   // a profile folder to keep; "" makes one and removes it
}

// Browser is one running Chromium.
type Browser struct {
	*protocol
	cmd     *exec.Cmd
	profile string
	own     bool
}

// Find returns the path of Chromium, Chrome or Edge.
func Find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "microsoft-edge"} {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
	}
	return "", errors.New("browser: no Chromium here: apt-get install chromium")
}

// Launch starts Chromium and connects to it.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	bin, err := Find()
	if err != nil {
		return nil, err
	}
	if o.Width == 0 {
		o.Width, o.Height = 1280, 720
	}
	if o.Language == "" {
		o.Language = "ja"
	}
	b := &Browser{profile: o.Profile}
	if b.profile == "" {
		if b.profile, err = os.MkdirTemp("", "sekisho-browser-*"); err != nil {
			return nil, err
		}
		b.own = true
	}
	args := []string{
		"--remote-debugging-port=0", "--user-data-dir=" + b.profile, "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
		"--disable-default-apps", "--disable-extensions", "--disable-gpu", "--mute-audio", "--password-store=basic",
		"--disable-features=MediaRouter,OptimizationHints,Translate", "--lang=" + o.Language,
		"--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
		fmt.Sprintf("--window-size=%d,%d", o.Width, o.Height), "--force-color-profile=srgb", "--hide-scrollbars",
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox")
	}
	if o.Display == "" {
		args = append(args, "--headless=new")
	}
	if o.Camera != "" {
		abs, err := filepath.Abs(o.Camera)
		if err != nil {
			return nil, err
		}
		args = append(args, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--use-file-for-fake-video-capture="+abs)
	}
	args = append(append(args, o.Flags...), "about:blank")
	b.cmd = exec.Command(bin, args...)
	b.cmd.Env = append(os.Environ(), "LANGUAGE="+o.Language, "TMPDIR="+b.profile) // its sockets go with its profile
	if o.Display != "" {
		b.cmd.Env = append(b.cmd.Env, "DISPLAY="+o.Display)
	}
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stderr, err := b.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	url, err := address(ctx, stderr)
	if err == nil {
		b.protocol, err = dial(ctx, url)
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// address reads Chromium's own line about where it listens.
func address(ctx context.Context, stderr io.Reader) (string, error) {
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
				found <- strings.TrimSpace(url)
			}
		}
		close(found)
	}()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	select {
	case url, ok := <-found:
		if !ok {
			return "", errors.New("browser: Chromium ended before it listened")
		}
		return url, nil
	case <-ctx.Done():
		return "", fmt.Errorf("browser: Chromium did not start: %w", ctx.Err())
	}
}

// Close ends Chromium and removes the profile that Launch made.
func (b *Browser) Close() {
	if b.protocol != nil {
		b.ws.CloseNow()
	}
	if b.cmd.Process != nil {
		_ = syscall.Kill(-b.cmd.Process.Pid, syscall.SIGKILL) // its own group, made by Launch
		_ = b.cmd.Wait()                                      // killed: the error says just that
	}
	if !b.own {
		return
	}
	for range 20 { // its helpers may be writing for a moment yet
		if os.RemoveAll(b.profile) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
