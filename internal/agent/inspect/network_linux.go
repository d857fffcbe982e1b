package inspect

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"io/fs"
	"net/netip"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// phones are drivers of telephones that lend their line over USB: not a cable
// to anybody's router.
var phones = []string{"rndis_host", "ipheth"}

// networkIn finds the default route of IPv4, its gateway's MAC and what carries it.
func networkIn(root fs.FS) (n network) {
	device, gateway := defaultRoute(text(root, "proc/net/route"))
	if device == "" {
		return n
	}
	dir := "sys/class/net/" + device
	switch {
	case exists(root, dir+"/phy80211") || exists(root, dir+"/wireless"):
		n.Link = "wireless"
	case exists(root, dir+"/device") && !slices.Contains(phones, driverOf(sub(root, "sys"), "class/net/"+device+"/device")):
		n.Link = "wired" // a bridge, a VPN or a container's end has no device
	}
	n.Router = neighbour(text(root, "proc/net/arp"), gateway, device)
	return n
}

// defaultRoute reads /proc/net/route: the device and gateway of the route to
// everywhere with the lowest metric. Addresses there are little-endian hex.
func defaultRoute(table string) (device string, gateway netip.Addr) {
	best := uint64(1 << 62)
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
			continue
		}
		flags, err1 := strconv.ParseUint(f[3], 16, 32)
		metric, err2 := strconv.ParseUint(f[6], 10, 32)
		raw, err3 := hex.DecodeString(f[2])
		const up, through = 1, 2
		if err1 != nil || err2 != nil || err3 != nil || len(raw) != 4 || flags&(up|through) != up|through || metric >= best {
			continue
		}
		best, device = metric, f[0]
		gateway = netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, binary.LittleEndian.Uint32(raw))))
	}
	return device, gateway
}

// neighbour reads /proc/net/arp: the MAC of an address on a device, "" if it is not complete.
func neighbour(table string, address netip.Addr, device string) string {
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) == 6 && f[0] == address.String() && f[5] == device && f[3] != "00:00:00:00:00:00" {
			return f[3]
		}
	}
	return ""
}

// air is what is in reach by radio.
type air struct {
	own    string // BSSID in use
	around []string
}

// accessPoints asks NetworkManager for what its last scan found; it starts none.
func accessPoints(ctx context.Context) *air {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/bin/nmcli", "-t", "-f", "IN-USE,BSSID", "device", "wifi", "list", "--rescan", "no").Output()
	if err != nil {
		return nil
	}
	return parseAir(string(out))
}

// parseAir reads nmcli's terse lines: "*:AA\:BB\:CC\:DD\:EE\:FF". No line at all
// is no radio, which is no look around.
func parseAir(out string) *air {
	var a *air
	for line := range strings.Lines(out) {
		use, bssid, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		bssid = strings.ToLower(strings.ReplaceAll(bssid, `\:`, ":"))
		if !ok || len(bssid) != 17 {
			continue
		}
		if a == nil {
			a = &air{}
		}
		if use == "*" {
			a.own = bssid
		}
		a.around = append(a.around, bssid)
	}
	return a
}
