package connect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
)

// Bounds of a healthy PC.
const (
	clockNote   = 30 * time.Second // the server's clock is read to the second, over a home line
	clockLimit  = 5 * time.Minute  // beyond it a certificate that was just made does not count yet on this PC
	freeNeeded  = 512 << 20        // sealed records wait here, and models lie here
	doctorLimit = 15 * time.Second // for the server
)

func (p patient) examineTPM(ctx context.Context) []finding {
	if p.settings.SoftwareKey {
		return []finding{{what: "tpm", grade: doubtful, code: "doctor.software_key"}}
	}
	f, err := p.tpm(ctx)
	if f.Family == "" && err != nil {
		return []finding{problem("tpm", err)}
	}
	found := []finding{{what: "tpm", grade: healthy, fact: fmt.Sprintf("%s (%s %s)", f.Family, f.Maker, f.Firmware)}}
	if f.Family != "2.0" {
		found[0].grade, found[0].code = hindering, devicekey.ErrNoTPM.Code
	}
	algorithms := finding{what: "algorithms", grade: healthy}
	if len(f.Missing) > 0 {
		algorithms = finding{what: "algorithms", grade: hindering, code: "doctor.algorithms_missing", fact: strings.Join(f.Missing, ", ")}
	}
	lockout := finding{what: "lockout", grade: healthy, fact: fmt.Sprintf("%d/%d", f.Failures, f.MaxFailures)}
	if f.Lockout { // our own keys are exempt; whoever sealed something else on this PC is not
		lockout.grade, lockout.code = doubtful, devicekey.ErrLockout.Code
	}
	return append(found, algorithms, lockout, examineEK(f, err))
}

func examineEK(f devicekey.Facts, err error) finding {
	switch {
	case err != nil:
		return problem("ek", err)
	case !f.Certificate:
		return finding{what: "ek", grade: doubtful, code: "doctor.ek_without_certificate", fact: f.EK}
	}
	return finding{what: "ek", grade: healthy, fact: f.EK}
}

// examineServer asks the agents' door, which also tells its clock.
func (p patient) examineServer(ctx context.Context) []finding {
	if p.server == "" {
		return []finding{{what: "server", code: "doctor.server_unknown"}}
	}
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	theirs, err := p.clock(ctx)
	if err != nil {
		return []finding{problem("server", err)}
	}
	off := p.now().Sub(theirs).Round(time.Second)
	clock := finding{what: "clock", grade: healthy, fact: off.String()}
	switch {
	case off.Abs() > clockLimit:
		clock.grade, clock.code = hindering, "doctor.clock_off"
	case off.Abs() > clockNote:
		clock.grade, clock.code = doubtful, "doctor.clock_off"
	}
	return []finding{{what: "server", grade: healthy, fact: p.server}, clock}
}

// examinePort looks whether the desk's port is free on both loopback addresses.
func (p patient) examinePort() finding {
	f := finding{what: "port", grade: healthy, fact: fmt.Sprint(p.settings.Port)}
	if p.running || p.settings.Port == 0 {
		return f
	}
	held, _, err := localdoor.Listen(p.settings.Port)
	if err != nil {
		return problem("port", err)
	}
	err = closeAll(held)
	if err != nil {
		return problem("port", err)
	}
	return f
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// examineFolder writes a file where the agent keeps its own, and looks at the room.
func (p patient) examineFolder() finding {
	dir, err := nearest(p.dir)
	if err != nil {
		return problem("folder", err)
	}
	if dir == p.dir {
		probe, err := os.CreateTemp(dir, ".doctor-*")
		if err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
		if err != nil {
			return finding{what: "folder", grade: hindering, code: "doctor.folder_closed", fact: dir}
		}
	}
	free, err := p.free(dir)
	switch {
	case err != nil:
		return finding{what: "folder", fact: dir}
	case free < freeNeeded:
		return finding{what: "folder", grade: hindering, code: "doctor.folder_full", fact: megabytes(free)}
	}
	return finding{what: "folder", grade: healthy, fact: megabytes(free)}
}

func megabytes(n uint64) string { return fmt.Sprintf("%d MB", n>>20) }

// nearest is the folder, or, before the first start, the one in which it will be made.
func nearest(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	for err == nil {
		var info fs.FileInfo
		if info, err = os.Stat(dir); err == nil {
			if !info.IsDir() {
				return "", errFolder.Because(fmt.Errorf("connect: %s is no folder", dir))
			}
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir {
			break
		}
		dir, err = filepath.Dir(dir), nil
	}
	return "", errFolder.Because(err)
}

func (p patient) examineBrowser() finding {
	program, err := p.browser()
	if err != nil {
		return finding{what: "browser", grade: hindering, code: sekisho.CodeOf(err)}
	}
	return finding{what: "browser", grade: healthy, fact: program}
}

// examineCamera wants one camera with a lens. Who works without one is let in by
// approval, so its absence does not hinder.
func (p patient) examineCamera() finding {
	cameras, known := p.cameras()
	if !known {
		return finding{what: "camera", code: "doctor.camera_unknown"}
	}
	var names []string
	for _, c := range cameras {
		if inspect.JudgeCamera(c.Name, "", cameras, true).Virtual != inspect.Yes {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return finding{what: "camera", grade: doubtful, code: "doctor.camera_none"}
	}
	return finding{what: "camera", grade: healthy, fact: strings.Join(names, ", ")}
}
