package inspect

import (
	"log/slog"
	"regexp"
	"strings"
)

// Fact is what is known of one question. The zero value is unknown.
type Fact uint8

const (
	Unknown Fact = iota
	No
	Yes
)

// String is the fact's word.
func (f Fact) String() string { return [...]string{"unknown", "no", "yes"}[min(f, Yes)] }

// Device is one camera as the operating system knows it.
type Device struct {
	Name   string // as the driver names it
	Driver string // kernel driver, "" if not known
}

// Camera is what is known of the camera whose track a page names.
type Camera struct {
	Label    string // as the browser names it
	Enrolled Fact   // the one with which the face was enrolled
	Virtual  Fact   // pictures from a program instead of a lens
	Present  Fact   // the system has a camera of that name
}

// LogValue keeps labels, which may carry a person's words, out of logs.
func (c Camera) LogValue() slog.Value {
	return slog.GroupValue(slog.String("enrolled", c.Enrolled.String()), slog.String("virtual", c.Virtual.String()), slog.String("present", c.Present.String()))
}

// virtualNames are what programs that feed pictures call their cameras.
var virtualNames = []string{
	"obs virtual", "obs-camera", "virtual camera", "virtual webcam", "dummy video", "v4l2loopback", "manycam", "xsplit", "snap camera",
	"droidcam", "iriun", "epoccam", "camo", "ndi", "splitcam", "e2esoft", "vcam", "akvirtualcamera", "webcamoid", "mmhmm", "fake_device", "fake device",
}

// virtualDrivers are kernel drivers without a lens behind them.
var virtualDrivers = []string{"v4l2loopback", "v4l2 loopback", "vivid", "akvcam"}

var usbID = regexp.MustCompile(` \([0-9a-fA-F]{4}:[0-9a-fA-F]{4}\)$`)

// plainLabel drops the "(046d:0825)" that Chromium adds to a name.
func plainLabel(label string) string { return usbID.ReplaceAllString(strings.TrimSpace(label), "") }

// JudgeCamera compares a track's label with the enrolled camera's and with the
// system's own list. known says that the list could be read.
func JudgeCamera(label, enrolled string, system []Device, known bool) Camera {
	c := Camera{Label: label}
	if label == "" {
		return c // the browser names no camera before the permission is given
	}
	if enrolled != "" {
		c.Enrolled = factOf(label == enrolled)
	}
	name := plainLabel(label)
	if named(virtualNames, label) {
		c.Virtual = Yes
	}
	if !known {
		return c
	}
	c.Present = No
	for _, d := range system {
		if d.Name == "" || !strings.HasPrefix(d.Name, name) && !strings.HasPrefix(name, d.Name) {
			continue
		}
		c.Present = Yes
		if named(virtualNames, d.Name) || named(virtualDrivers, d.Driver) {
			c.Virtual = Yes
		} else if c.Virtual == Unknown && d.Driver != "" {
			c.Virtual = No
		}
	}
	return c
}

func factOf(yes bool) Fact {
	if yes {
		return Yes
	}
	return No
}

func named(list []string, name string) bool {
	name = strings.ToLower(name)
	for _, n := range list {
		if strings.Contains(name, n) {
			return true
		}
	}
	return false
}
