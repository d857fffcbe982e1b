package connect

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

var noon = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// healthyPC is one in which nothing is wrong.
func healthyPC(t *testing.T) patient {
	return patient{
		dir: t.TempDir(), settings: Settings{Port: 0}, server: "gate.example:8444", now: func() time.Time { return noon },
		tpm: func(context.Context) (devicekey.Facts, error) {
			return devicekey.Facts{Family: "2.0", Maker: "IBM", Firmware: "1.2.3.4", MaxFailures: 31, EK: strings.Repeat("ab", 32), Certificate: true}, nil
		},
		clock:   func(context.Context) (time.Time, error) { return noon, nil },
		browser: func() (string, error) { return "/usr/bin/chromium", nil },
		cameras: func() ([]inspect.Device, bool) {
			return []inspect.Device{{Name: "Integrated Camera", Driver: "uvcvideo"}}, true
		},
		free: func(string) (uint64, error) { return 10 << 30, nil },
		posture: func(context.Context) wire.PostureReport {
			var r wire.PostureReport
			for _, check := range wire.PostureChecks {
				r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: "yes"})
			}
			return r
		},
	}
}

// TestTheDoctorSaysWhatACentreMayAskFor: in plain words, without calling a PC
// unfit for what its own centre perhaps does not ask.
func TestTheDoctorSaysWhatACentreMayAskFor(t *testing.T) {
	p := healthyPC(t)
	all := p.posture
	told := func(language string) string {
		t.Helper()
		var said bytes.Buffer
		if err := p.report(p.examine(t.Context()), &said, language); err != nil {
			t.Fatalf("%v\n%s", err, said.String())
		}
		return said.String()
	}
	if said := told("en"); strings.Contains(said, "FAIL") || strings.Contains(said, "strict policy") || !strings.Contains(said, "[pass] Disk encryption") {
		t.Errorf("of a PC that has everything:\n%s", said)
	}
	p.posture = func(ctx context.Context) wire.PostureReport {
		r := all(ctx)
		kept := r.Findings[:0]
		for _, f := range r.Findings {
			switch f.Check {
			case "disk_encryption":
				f.Seen = "no"
			case "remote_control":
				f.Seen, f.Names = "no", []string{"AnyDesk"}
			case "antivirus":
				continue // which nobody could tell
			}
			kept = append(kept, f)
		}
		r.Findings = kept
		return r
	}
	for language, wants := range map[string][]string{
		"en": {"[FAIL] Disk encryption", "[FAIL] Remote-control programs Running: AnyDesk", "[unknown] Antivirus", "    Disk encryption, Antivirus, Remote-control programs\n"},
		"ja": {"[不適合] ディスクの暗号化", "AnyDesk", "[不明] ウイルス対策", "    ディスクの暗号化、ウイルス対策、遠隔操作のプログラム\n"},
	} {
		said := told(language)
		for _, want := range wants {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not said:\n%s", want, said)
			}
		}
	}
}

func TestTheDoctorFindsWhatHinders(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(p *patient)
		code  string // that must be explained
		unfit bool
	}{
		"healthy":     {func(*patient) {}, "", false},
		"no TPM":      {func(p *patient) { p.tpm = tpmSays(devicekey.Facts{}, devicekey.ErrNoTPM) }, "device.tpm_missing", true},
		"TPM 1.2":     {func(p *patient) { p.tpm = tpmSays(devicekey.Facts{Family: "1.2", Certificate: true}, nil) }, "device.tpm_missing", true},
		"not allowed": {func(p *patient) { p.tpm = tpmSays(devicekey.Facts{}, devicekey.ErrDenied) }, "device.tpm_denied", true},
		"no P-256": {func(p *patient) {
			p.tpm = tpmSays(devicekey.Facts{Family: "2.0", Missing: []string{"P-256"}, Certificate: true}, nil)
		}, "doctor.algorithms_missing", true},
		"locked out": {func(p *patient) {
			p.tpm = tpmSays(devicekey.Facts{Family: "2.0", Lockout: true, Certificate: true}, nil)
		}, "device.tpm_lockout", false},
		"no EK certificate":   {func(p *patient) { p.tpm = tpmSays(devicekey.Facts{Family: "2.0"}, nil) }, "doctor.ek_without_certificate", false},
		"EK under a password": {func(p *patient) { p.tpm = tpmSays(devicekey.Facts{Family: "2.0"}, devicekey.ErrOwned) }, "device.tpm_owned", true},
		"software key":        {func(p *patient) { p.settings.SoftwareKey = true }, "doctor.software_key", false},
		"server silent":       {func(p *patient) { p.clock = clockSays(time.Time{}, uplink.ErrUnreachable) }, "server.unreachable", true},
		"server not ours":     {func(p *patient) { p.clock = clockSays(time.Time{}, uplink.ErrImpostor) }, "server.not_ours", true},
		"server not known":    {func(p *patient) { p.server = "" }, "doctor.server_unknown", false},
		"clock a minute off":  {func(p *patient) { p.clock = clockSays(noon.Add(time.Minute), nil) }, "doctor.clock_off", false},
		"clock an hour slow":  {func(p *patient) { p.clock = clockSays(noon.Add(time.Hour), nil) }, "doctor.clock_off", true},
		"clock an hour fast":  {func(p *patient) { p.clock = clockSays(noon.Add(-time.Hour), nil) }, "doctor.clock_off", true},
		"disk full":           {func(p *patient) { p.free = func(string) (uint64, error) { return 1 << 20, nil } }, "doctor.folder_full", true},
		"folder is a file":    {func(p *patient) { p.dir = fileInside(p.dir) }, "local.folder_unsafe", true},
		"no browser":          {func(p *patient) { p.browser = func() (string, error) { return "", errors.New("none") } }, "internal", true},
		"no camera":           {func(p *patient) { p.cameras = func() ([]inspect.Device, bool) { return nil, true } }, "doctor.camera_none", false},
		"virtual camera alone": {func(p *patient) {
			p.cameras = func() ([]inspect.Device, bool) {
				return []inspect.Device{{Name: "OBS Virtual Camera", Driver: "v4l2loopback"}}, true
			}
		}, "doctor.camera_none", false},
		"cameras not known": {func(p *patient) { p.cameras = func() ([]inspect.Device, bool) { return nil, false } }, "doctor.camera_unknown", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := healthyPC(t)
			c.spoil(&p)
			found := p.examine(t.Context())
			for _, language := range []string{"ja_JP.UTF-8", "en_GB.UTF-8"} {
				var said bytes.Buffer
				err := p.report(found, &said, language)
				if (err != nil) != c.unfit {
					t.Errorf("%v, unfit must be %v:\n%s", err, c.unfit, said.String())
				}
				if c.code == "" {
					continue
				}
				text := wire.TextOf(c.code)
				title := text.JA
				if wire.English(language) {
					title = text.EN
				}
				if !strings.Contains(said.String(), title) {
					t.Errorf("%s is not said:\n%s", c.code, said.String())
				}
			}
		})
	}
}

func tpmSays(f devicekey.Facts, err error) func(context.Context) (devicekey.Facts, error) {
	return func(context.Context) (devicekey.Facts, error) { return f, err }
}

func clockSays(at time.Time, err error) func(context.Context) (time.Time, error) {
	return func(context.Context) (time.Time, error) { return at, err }
}

func fileInside(dir string) string {
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		panic(err)
	}
	return path
}

func TestTheDoctorNamesEverythingInBothLanguages(t *testing.T) {
	for what, words := range looked {
		if words[0] == "" || words[1] == "" {
			t.Errorf("%s has no name", what)
		}
	}
	for _, f := range healthyPC(t).examine(t.Context()) {
		if f.seen.Check != "" {
			continue // wire's tests hold its words
		}
		if _, ok := looked[f.what]; !ok {
			t.Errorf("%s is looked at and has no name", f.what)
		}
	}
}

// The command itself, on a folder that does not exist yet: it makes nothing.
func TestTheDoctorChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none", "agent")
	var said bytes.Buffer
	if err := Doctor(t.Context(), dir, "", &said, "en"); err == nil && !strings.Contains(said.String(), "TPM") {
		t.Errorf("said %q", said.String())
	}
	if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the doctor made a folder: %v", err)
	}
}
