package inspect

import (
	"context"
	"net"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// sight is what one look at the PC saw, before it is put into a report. What a
// system cannot tell stays at its zero value, which is unknown.
type sight struct {
	Disk, Firewall, Outbound, Antivirus, ScreenLock, USB, Remote, Capture, VirtualCamera, VirtualMachine fact
	OSAge                                                                                                fact // its value is in days
	Network                                                                                              network
}

// fact is one answer with its measure and the names that were found.
type fact struct {
	Is    Fact // Yes: as it should be
	Value int
	Names []string
}

// network is the way out, in addresses: they leave the PC as marks only.
type network struct {
	Link    string // "wired", "wireless" or ""
	Router  string // MAC of the default gateway
	Own     string // BSSID in use; "" on a cable
	Scanned bool
	Around  []string // BSSIDs in reach
}

// Look looks at this PC once. It takes a few milliseconds on Linux, a second or
// two on Windows, and is bounded by ctx.
func Look(ctx context.Context, d sekisho.DeviceID) wire.PostureReport {
	began := time.Now()
	s := look(ctx)
	return s.report(d, runtime.GOOS, time.Since(began))
}

// report puts a look into the words of the wire. took is its age at most.
func (s sight) report(d sekisho.DeviceID, platform string, took time.Duration) wire.PostureReport {
	ago := max(0, took.Milliseconds())
	r := wire.PostureReport{Platform: platform, Agent: wire.Version, Findings: []wire.PostureFinding{}}
	add := func(check string, f fact) {
		r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: f.Is.String(), Value: max(0, f.Value), Names: found(f.Names), AgoMS: ago})
	}
	add("disk_encryption", s.Disk)
	add("os_age", s.OSAge)
	add("firewall", s.Firewall)
	add("firewall_outbound", s.Outbound)
	add("antivirus", s.Antivirus)
	add("screen_lock", s.ScreenLock)
	add("usb_storage", s.USB)
	add("remote_control", s.Remote)
	add("screen_capture", s.Capture)
	add("virtual_camera", s.VirtualCamera)
	add("virtual_machine", s.VirtualMachine)
	r.Network = s.Network.marks(d)
	r.Network.AgoMS = ago
	return r
}

// found bounds names: they come from our own lists, and a report takes eight.
func found(names []string) []string {
	out := slices.Clone(names)
	slices.Sort(out)
	out = slices.Compact(out)
	if out == nil {
		out = []string{}
	}
	return out[:min(len(out), 8)]
}

// marks turns addresses into marks. A router's own radios are no neighbours:
// whoever carries it away carries them along.
func (n network) marks(d sekisho.DeviceID) wire.PostureNetwork {
	out := wire.PostureNetwork{Link: "unknown", Router: wire.PlaceMark(d, n.Router), Scanned: n.Scanned, Around: []string{}}
	if n.Link == "wired" || n.Link == "wireless" {
		out.Link = n.Link
	}
	around := slices.Clone(n.Around)
	slices.Sort(around)
	for _, b := range slices.Compact(around) {
		if len(out.Around) == wire.MaxAround || sameBox(b, n.Router) || sameBox(b, n.Own) {
			continue
		}
		if m := wire.PlaceMark(d, b); m != "" {
			out.Around = append(out.Around, m)
		}
	}
	return out
}

// sameBox says whether two addresses are radios of one router: makers number
// them in the last byte, and mark additional networks in the first.
func sameBox(a, b string) bool {
	x, err1 := net.ParseMAC(a)
	y, err2 := net.ParseMAC(b)
	return err1 == nil && err2 == nil && len(x) == 6 && len(y) == 6 && slices.Equal(x[1:5], y[1:5])
}

// programs is a list of ours: what a process is called, in lower case and
// without ".exe", and the name that is reported. Nothing else of the list of
// processes leaves this package.
type programs map[string]string

// running names the programs of a list that run.
func (p programs) running(processes []string) (names []string) {
	for _, one := range processes {
		if name, ok := p[strings.TrimSuffix(strings.ToLower(one), ".exe")]; ok {
			names = append(names, name)
		}
	}
	return names
}

// none is the fact that nothing of a list was found, if the list could be read.
func none(names []string, known bool) fact {
	switch {
	case len(names) > 0:
		return fact{Is: No, Names: names}
	case known:
		return fact{Is: Yes}
	}
	return fact{}
}

// some is the fact that something of a list was found.
func some(names []string, known bool) fact {
	switch {
	case len(names) > 0:
		return fact{Is: Yes, Names: names}
	case known:
		return fact{Is: No}
	}
	return fact{}
}

// virtualCameras judges the system's cameras by name and driver.
func virtualCameras(cameras []Device, known bool) fact {
	var names []string
	for _, c := range cameras {
		for _, n := range virtualNames {
			if strings.Contains(strings.ToLower(c.Name), n) {
				names = append(names, n)
			}
		}
		if named(virtualDrivers, c.Driver) {
			names = append(names, "v4l2loopback")
		}
	}
	return none(names, known)
}

// machines are what virtual machines call their maker or model.
var machines = programs{
	"qemu": "QEMU", "kvm": "KVM", "vmware": "VMware", "virtualbox": "VirtualBox", "innotek": "VirtualBox", "xen": "Xen", "bochs": "Bochs",
	"virtual machine": "Hyper-V", "parallels": "Parallels", "amazon ec2": "EC2", "google compute engine": "GCE", "bhyve": "bhyve", "openstack": "OpenStack",
	"hvm domu": "Xen", "cloud hypervisor": "Cloud Hypervisor", "firecracker": "Firecracker",
}

// machineNames finds a virtual machine's name in what a PC calls its maker and model.
func machineNames(words ...string) (names []string) {
	for _, w := range words {
		for part, name := range machines {
			if strings.Contains(strings.ToLower(w), part) {
				names = append(names, name)
			}
		}
	}
	return names
}
