package inspect

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// windowsScript asks Windows (CIM, which is WMI) for what the registry does not
// say, and prints one JSON object. It needs no rights of an administrator.
//
//go:embed windows.ps1
var windowsScript string

// registry reads numbers of HKEY_LOCAL_MACHINE. ok is false for one that is not there.
type registry interface {
	Number(key, name string) (value uint64, ok bool)
}

// windowsAnswer is what windowsScript prints. What could not be asked is null.
type windowsAnswer struct {
	BitLocker *int     `json:"bitlocker"` // System.Volume.BitLockerProtection of the system drive
	Updates   []string `json:"updates"`   // days on which updates were installed, 2026-11-20
	Antivirus []struct {
		Name  string `json:"name"`
		State uint32 `json:"state"` // AntiVirusProduct.productState
	} `json:"antivirus"`
	Processes []string `json:"processes"`
	Cameras   []string `json:"cameras"`
	USB       int      `json:"usb"` // disks attached by USB
	Machine   []string `json:"machine"`
	Network   *struct {
		Medium string `json:"medium"` // "802.3", "Native 802.11", …
		Router string `json:"router"` // MAC, with hyphens
	} `json:"network"`
	Air string `json:"air"` // netsh wlan show networks mode=bssid
	Own string `json:"own"` // netsh wlan show interfaces
}

// maxAnswer bounds what the script may print.
const maxAnswer = 1 << 20

var errAnswer = errors.New("inspect: the answer of Windows is not well formed")

// parseWindows reads the script's answer.
func parseWindows(b []byte) (a windowsAnswer, err error) {
	if len(b) > maxAnswer {
		return a, errAnswer
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if err := json.Unmarshal(b, &a); err != nil {
		return windowsAnswer{}, errors.Join(errAnswer, err)
	}
	return a, nil
}

// windowsSight judges what Windows said. known says that the script answered.
func windowsSight(r registry, a windowsAnswer, known bool, now time.Time) sight {
	var s sight
	s.Disk = bitLocker(a.BitLocker)
	s.OSAge = lastUpdate(a.Updates, now)
	s.Firewall, s.Outbound = windowsFirewall(r)
	s.ScreenLock = inactivity(r)
	s.USB = windowsUSB(r, a.USB)
	if !known {
		return s
	}
	s.Antivirus = securityCenter(a)
	s.Remote = none(remoteControl.running(a.Processes), len(a.Processes) > 0)
	s.Capture = none(screenCapture.running(a.Processes), len(a.Processes) > 0)
	cameras := make([]Device, 0, len(a.Cameras))
	for _, c := range a.Cameras {
		cameras = append(cameras, Device{Name: c})
	}
	s.VirtualCamera = virtualCameras(cameras, a.Cameras != nil)
	s.VirtualMachine = none(machineNames(a.Machine...), len(a.Machine) > 0)
	s.Network = windowsNetwork(a)
	return s
}

// bitLocker: 1 on, 2 off, 3 encrypting, 4 decrypting, 5 suspended, 6 locked, 7
// unknown, 8 waiting for activation. While it encrypts, plain text is left.
func bitLocker(state *int) fact {
	switch {
	case state == nil || *state < 1 || *state == 7:
		return fact{}
	case *state == 1:
		return fact{Is: Yes}
	}
	return fact{Is: No}
}

func lastUpdate(days []string, now time.Time) fact {
	var newest time.Time
	for _, d := range days {
		if at, err := time.Parse(time.DateOnly, d); err == nil && at.After(newest) && at.Before(now.Add(48*time.Hour)) {
			newest = at
		}
	}
	if newest.IsZero() {
		return fact{}
	}
	return fact{Is: Yes, Value: max(0, int(now.Sub(newest)/(24*time.Hour)))}
}

// Profiles of the Windows firewall, where it keeps its settings and where a
// group policy overrides them.
const (
	firewallSet    = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\`
	firewallPolicy = `SOFTWARE\Policies\Microsoft\WindowsFirewall\`
)

var firewallProfiles = []string{"StandardProfile", "PublicProfile", "DomainProfile"}

// windowsFirewall: it is on, or blocks what goes out, if it does so in every profile.
func windowsFirewall(r registry) (on, outbound fact) {
	on, outbound = fact{Is: Yes}, fact{Is: Yes}
	for _, p := range firewallProfiles {
		if enabled, ok := either(r, firewallPolicy+p, firewallSet+p, "EnableFirewall"); !ok {
			return fact{}, fact{}
		} else if enabled == 0 {
			on.Is, outbound.Is = No, No
		}
		if action, ok := either(r, firewallPolicy+p, firewallSet+p, "DefaultOutboundAction"); !ok || action != 1 {
			outbound.Is = No // allowed is the default
		}
	}
	return on, outbound
}

func either(r registry, first, second, name string) (uint64, bool) {
	if v, ok := r.Number(first, name); ok {
		return v, true
	}
	return r.Number(second, name)
}

// securityCenter reads productState: bits 12–15 are 1 for one that is on, bits
// 4–7 are 0 for one that is up to date.
func securityCenter(a windowsAnswer) fact {
	if a.Antivirus == nil {
		return fact{}
	}
	var names []string
	for _, p := range a.Antivirus {
		if p.State>>12&0xf == 1 && p.State>>4&0xf == 0 {
			names = append(names, maker(p.Name))
		}
	}
	return some(names, true)
}

// makers are the antivirus programs that are named; others are "other".
var makers = []string{"Windows Defender", "Microsoft Defender", "ESET", "Trend Micro", "Norton", "McAfee", "Kaspersky", "Sophos", "CrowdStrike", "SentinelOne", "Avast", "AVG", "Bitdefender", "F-Secure"}

func maker(name string) string {
	for _, m := range makers {
		if strings.Contains(strings.ToLower(name), strings.ToLower(m)) {
			return m
		}
	}
	return "other"
}

// inactivity is "Interactive logon: Machine inactivity limit", which no ordinary
// user can change.
func inactivity(r registry) fact {
	switch v, ok := r.Number(`SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System`, "InactivityTimeoutSecs"); {
	case !ok:
		return fact{}
	case v == 0:
		return fact{Is: No}
	default:
		return fact{Is: Yes, Value: int(min(v, 1<<20))}
	}
}

// windowsUSB: the driver is disabled (Start = 4) or all removable storage is denied.
func windowsUSB(r registry, attached int) fact {
	if attached > 0 {
		return fact{Is: No, Names: []string{"USB storage"}}
	}
	start, ok := r.Number(`SYSTEM\CurrentControlSet\Services\USBSTOR`, "Start")
	denied, _ := r.Number(`SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices`, "Deny_All")
	switch {
	case ok && start == 4 || denied == 1:
		return fact{Is: Yes}
	case ok:
		return fact{Is: No}
	}
	return fact{}
}

// bssids are the words that netsh writes in every language.
var bssids = regexp.MustCompile(`(?mi)^\s*(?:AP )?BSSID(?: \d+)?\s*:\s*([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s*$`)

func windowsNetwork(a windowsAnswer) (n network) {
	if a.Network == nil {
		return n
	}
	switch a.Network.Medium {
	case "802.3":
		n.Link = "wired"
	case "Native 802.11", "Wireless WAN":
		n.Link = "wireless"
	}
	n.Router = strings.ToLower(strings.ReplaceAll(a.Network.Router, "-", ":"))
	if m := bssids.FindStringSubmatch(a.Own); m != nil {
		n.Own = strings.ToLower(m[1])
	}
	for _, m := range bssids.FindAllStringSubmatch(a.Air, -1) {
		if b := strings.ToLower(m[1]); !slices.Contains(n.Around, b) {
			n.Around = append(n.Around, b)
		}
	}
	n.Scanned = len(n.Around) > 0
	return n
}
