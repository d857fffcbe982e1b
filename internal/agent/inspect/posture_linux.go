package inspect

import (
	"context"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"time"
)

// LookEvery is how often the PC is looked at.
const LookEvery = 20 * time.Second

// look reads /proc, /sys and /etc as an ordinary account may, and asks
// NetworkManager for the access points in reach.
func look(ctx context.Context) sight { return lookIn(os.DirFS("/"), time.Now(), accessPoints(ctx)) }

// lookIn is look on any file system. air is nil where nobody could list the access points.
func lookIn(root fs.FS, now time.Time, air *air) sight {
	processes, known := processesIn(root)
	cameras, camerasKnown := camerasIn(sub(root, "sys"))
	var s sight
	s.Disk = diskIn(root)
	s.OSAge = kernelAge(text(root, "proc/sys/kernel/version"), now)
	s.Firewall, s.Outbound = firewallIn(root)
	s.Antivirus = some(antivirus.running(processes), known)
	s.ScreenLock = screenLockIn(root)
	s.USB = usbIn(root)
	s.Remote = none(remoteControl.running(processes), known)
	s.Capture = none(screenCapture.running(processes), known)
	s.VirtualCamera = virtualCameras(cameras, camerasKnown)
	s.VirtualMachine = machineIn(root)
	s.Network = networkIn(root)
	if air != nil {
		s.Network.Scanned, s.Network.Own, s.Network.Around = true, air.own, air.around
	}
	return s
}

func sub(root fs.FS, dir string) fs.FS {
	s, err := fs.Sub(root, dir)
	if err != nil {
		return root // only for names that are no paths; ours are
	}
	return s
}

// text is a small file's content, "" where it cannot be read.
func text(root fs.FS, name string) string {
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	b := make([]byte, 256<<10)
	n := 0
	for n < len(b) {
		m, err := f.Read(b[n:])
		n += m
		if err != nil {
			break
		}
	}
	return string(b[:n])
}

func exists(root fs.FS, name string) bool { _, err := fs.Stat(root, name); return err == nil }

// files lists what a pattern matches; a pattern of ours is never malformed.
func files(root fs.FS, pattern string) []string { names, _ := fs.Glob(root, pattern); return names }

// processesIn names the running processes by their own name and that of their
// program. known is false where other accounts' processes are hidden (hidepid).
func processesIn(root fs.FS) (names []string, known bool) {
	for _, file := range files(root, "proc/[0-9]*/comm") {
		dir := path.Dir(file)
		if name := strings.TrimSpace(text(root, file)); name != "" {
			names = append(names, name)
			known = known || dir == "proc/1"
		}
		arguments := strings.Split(text(root, path.Join(dir, "cmdline")), "\x00")
		program := path.Base(arguments[0])
		names = append(names, program)
		if program == "ffmpeg" && grabs.MatchString(strings.Join(arguments, " ")) {
			names = append(names, "ffmpeg-x11grab")
		}
	}
	return names, known
}

var grabs = regexp.MustCompile(`\b(x11grab|kmsgrab|pipewiregrab)\b`)

// machineIn tells whether a hypervisor or a container is below.
func machineIn(root fs.FS) fact {
	words := []string{}
	for _, file := range []string{"sys_vendor", "product_name", "board_vendor", "bios_vendor"} {
		if w := strings.TrimSpace(text(root, "sys/class/dmi/id/"+file)); w != "" {
			words = append(words, w)
		}
	}
	names := machineNames(words...)
	cpu := text(root, "proc/cpuinfo")
	if len(names) == 0 && hypervisor.MatchString(cpu) {
		names = append(names, "hypervisor")
	}
	if exists(root, ".dockerenv") || exists(root, "run/.containerenv") || exists(root, "run/systemd/container") {
		names = append(names, "container")
	}
	return none(names, len(words) > 0 && cpu != "")
}

var hypervisor = regexp.MustCompile(`(?m)^flags\s*:.*\bhypervisor\b`)

// kernelAge is how many days ago the running kernel was built, as its version
// says: "(2024-11-22)" on Debian, "Fri Nov 15 12:21:09 UTC 2024" elsewhere.
func kernelAge(version string, now time.Time) fact {
	var built time.Time
	var err error
	if m := plainDate.FindStringSubmatch(version); m != nil {
		built, err = time.Parse(time.DateOnly, m[1])
	} else if m := longDate.FindStringSubmatch(version); m != nil {
		built, err = time.Parse("Jan 2 2006", m[1]+" "+m[2]+" "+m[3])
	}
	if err != nil || built.IsZero() || now.Before(built.Add(-24*time.Hour)) {
		return fact{}
	}
	return fact{Is: Yes, Value: max(0, int(now.Sub(built)/(24*time.Hour)))}
}

var (
	plainDate = regexp.MustCompile(`\((\d{4}-\d{2}-\d{2})\)`)
	longDate  = regexp.MustCompile(`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(\d{1,2}) \d{2}:\d{2}:\d{2} [A-Z]+ (\d{4})`)
)
