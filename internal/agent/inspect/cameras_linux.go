package inspect

import (
	"io/fs"
	"os"
	"path"
	"strings"
)

// Cameras lists the system's cameras; known is false where it cannot be told.
func Cameras() (cameras []Device, known bool) { return camerasIn(os.DirFS("/sys")) }

// camerasIn reads /sys/class/video4linux: a name for each device, and the
// driver that its device link leads to. A loopback device has no device link.
func camerasIn(sys fs.FS) (cameras []Device, known bool) {
	const class = "class/video4linux"
	entries, err := fs.ReadDir(sys, class)
	if err != nil {
		// Without the class there is no camera driver, and that too is knowledge.
		return nil, os.IsNotExist(err)
	}
	for _, e := range entries {
		name, err := fs.ReadFile(sys, path.Join(class, e.Name(), "name"))
		if err != nil {
			continue
		}
		d := Device{Name: strings.TrimSpace(string(name)), Driver: "v4l2loopback"}
		if _, err := fs.Stat(sys, path.Join(class, e.Name(), "device")); err == nil {
			d.Driver = driverOf(sys, path.Join(class, e.Name(), "device"))
		}
		cameras = append(cameras, d)
	}
	return cameras, true
}

// driverOf reads DRIVER= from the device's uevent.
func driverOf(sys fs.FS, device string) string {
	b, err := fs.ReadFile(sys, path.Join(device, "uevent"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if driver, ok := strings.CutPrefix(strings.TrimSpace(line), "DRIVER="); ok {
			return driver
		}
	}
	return ""
}
