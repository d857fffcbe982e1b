package inspect

import (
	"io/fs"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"
	"time"
)

func system(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

const luks = "29 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n30 29 0:5 / /dev rw - devtmpfs udev rw\n"

func TestDisk(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  Fact
	}{
		"LUKS": {map[string]string{"proc/self/mountinfo": luks, "sys/dev/block/253:1/dm/uuid": "CRYPT-LUKS2-0123-root\n"}, Yes},
		"LVM on LUKS": {map[string]string{"proc/self/mountinfo": luks, "sys/dev/block/253:1/dm/uuid": "LVM-abc\n",
			"sys/dev/block/253:1/slaves/dm-0/dm/uuid": "CRYPT-LUKS2-0123\n"}, Yes},
		"LVM on LUKS and on a plain disk": {map[string]string{"proc/self/mountinfo": luks, "sys/dev/block/253:1/dm/uuid": "LVM-abc\n",
			"sys/dev/block/253:1/slaves/dm-0/dm/uuid": "CRYPT-LUKS2-0123\n", "sys/dev/block/253:1/slaves/sdb1/size": "1\n"}, No},
		"plain partition": {map[string]string{"proc/self/mountinfo": "29 1 8:2 / / rw - ext4 /dev/sda2 rw\n", "sys/dev/block/8:2/size": "1\n"}, No},
		"btrfs on LUKS": {map[string]string{"proc/self/mountinfo": "29 1 0:25 /@ / rw - btrfs /dev/mapper/root rw\n",
			"sys/class/block/dm-0/dm/name": "root\n", "sys/class/block/dm-0/dm/uuid": "CRYPT-LUKS2-0123-root\n"}, Yes},
		"overlay":                   {map[string]string{"proc/self/mountinfo": "29 1 0:31 / / rw - overlay overlay rw\n"}, Unknown},
		"overlay over an encrypted": {map[string]string{"proc/self/mountinfo": luks + "40 29 0:31 / / rw - overlay overlay rw\n", "sys/dev/block/253:1/dm/uuid": "CRYPT-LUKS2-0123-root\n"}, Unknown},
		"nothing":                   {nil, Unknown},
	} {
		if got := diskIn(system(c.files)); got.Is != c.want {
			t.Errorf("%s: %v, want %v", name, got.Is, c.want)
		}
	}
}

func TestKernelAge(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for version, want := range map[string]fact{
		"#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2026-11-12)":                {Is: Yes, Value: 10},
		"#53~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC Fri Nov 20 12:21:09 UTC 2026": {Is: Yes, Value: 2},
		"#1 SMP PREEMPT_DYNAMIC Tue Nov  3 02:05:01 UTC 2026":                 {Is: Yes, Value: 19},
		"#1 SMP Debian 6.1.119-1 (2031-11-12)":                                {},
		"#1 SMP (2026-99-99)":                                                 {},
		"":                                                                    {},
		"custom":                                                              {},
	} {
		if got := kernelAge(version, now); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", version, got, want)
		}
	}
}

func TestFirewall(t *testing.T) {
	const nft = "#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n chain input { type filter hook input priority filter; policy drop; }\n chain output {\n  type filter hook output priority filter; policy POLICY;\n }\n}\n"
	enabled := "etc/systemd/system/sysinit.target.wants/nftables.service"
	for name, c := range map[string]struct {
		files   map[string]string
		in, out Fact
	}{
		"ufw":               {map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"DROP\"\nDEFAULT_OUTPUT_POLICY=\"ACCEPT\"\n"}, Yes, No},
		"ufw, strict":       {map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"REJECT\"\nDEFAULT_OUTPUT_POLICY=\"DROP\"\n"}, Yes, Yes},
		"ufw, open":         {map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"ACCEPT\"\n"}, No, Unknown},
		"ufw, switched off": {map[string]string{"etc/ufw/ufw.conf": "# on boot\nENABLED=no\n"}, Unknown, Unknown},
		"firewalld":         {map[string]string{"sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs": ""}, Yes, No},
		"nftables":          {map[string]string{"etc/nftables.conf": nft, enabled: ""}, Yes, No},
		"nftables, comment": {map[string]string{"etc/nftables.conf": "# hook input priority 0; policy drop;\n", enabled: ""}, No, No},
		"nftables, not run": {map[string]string{"etc/nftables.conf": nft}, Unknown, Unknown},
		"nothing":           {nil, Unknown, Unknown},
	} {
		if in, out := firewallIn(system(c.files)); in.Is != c.in || out.Is != c.out {
			t.Errorf("%s: %v %v, want %v %v", name, in.Is, out.Is, c.in, c.out)
		}
	}
}

func TestUSB(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  Fact
	}{
		"blocked":              {map[string]string{"etc/modprobe.d/sekisho.conf": "install usb-storage /bin/false\n"}, Yes},
		"blacklisted":          {map[string]string{"etc/modprobe.d/a.conf": "options x\nblacklist usb_storage\n"}, Yes},
		"in a comment":         {map[string]string{"etc/modprobe.d/a.conf": "# install usb-storage /bin/false\n"}, No},
		"blocked but attached": {map[string]string{"etc/modprobe.d/a.conf": "install usb-storage /bin/true\n", "sys/bus/usb/drivers/usb-storage/1-2:1.0/x": ""}, No},
		"cannot be told":       {nil, Unknown},
	} {
		if got := usbIn(system(c.files)); got.Is != c.want {
			t.Errorf("%s: %v", name, got.Is)
		}
	}
}

func TestScreenLock(t *testing.T) {
	keys := "[org/gnome/desktop/session]\nidle-delay=uint32 300\n\n[org/gnome/desktop/screensaver]\nlock-enabled=true\nlock-delay=uint32 30\n"
	locks := "/org/gnome/desktop/session/idle-delay\n/org/gnome/desktop/screensaver/lock-enabled\n/org/gnome/desktop/screensaver/lock-delay\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  fact
	}{
		"prescribed":          {map[string]string{"etc/dconf/db/local.d/00-lock": keys, "etc/dconf/db/local.d/locks/lock": locks}, fact{Is: Yes, Value: 330}},
		"the user may change": {map[string]string{"etc/dconf/db/local.d/00-lock": keys}, fact{}},
		"never": {map[string]string{"etc/dconf/db/local.d/00-lock": "[org/gnome/desktop/session]\nidle-delay=uint32 0\n[org/gnome/desktop/screensaver]\nlock-enabled=true\n",
			"etc/dconf/db/local.d/locks/lock": locks}, fact{Is: No}},
		"no number": {map[string]string{"etc/dconf/db/local.d/00-lock": "[org/gnome/desktop/session]\nidle-delay=soon\n", "etc/dconf/db/local.d/locks/lock": locks}, fact{}},
	} {
		if got := screenLockIn(system(c.files)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestProcesses(t *testing.T) {
	names, known := processesIn(system(map[string]string{
		"proc/1/comm": "systemd\n", "proc/1/cmdline": "/sbin/init\x00",
		"proc/40/comm": "gnome-remote-de\n", "proc/40/cmdline": "/usr/libexec/gnome-remote-desktop-daemon\x00",
		"proc/41/comm": "ffmpeg\n", "proc/41/cmdline": "/usr/bin/ffmpeg\x00-f\x00x11grab\x00-i\x00:0\x00",
	}))
	if !known || !slices.Contains(remoteControl.running(names), "GNOME Remote Desktop") || !slices.Contains(screenCapture.running(names), "FFmpeg") {
		t.Errorf("%v %v", names, known)
	}
	if _, known := processesIn(system(map[string]string{"proc/40/comm": "bash\n"})); known {
		t.Error("others' processes are hidden, and the list passes for whole")
	}
}

func TestMachine(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  fact
	}{
		"a PC":            {map[string]string{"sys/class/dmi/id/sys_vendor": "LENOVO\n", "sys/class/dmi/id/product_name": "20XW\n", "proc/cpuinfo": "flags\t\t: fpu vme\n"}, fact{Is: Yes}},
		"QEMU":            {map[string]string{"sys/class/dmi/id/sys_vendor": "QEMU\n", "proc/cpuinfo": "flags\t\t: fpu hypervisor\n"}, fact{Is: No, Names: []string{"QEMU"}}},
		"says it is a PC": {map[string]string{"sys/class/dmi/id/sys_vendor": "LENOVO\n", "proc/cpuinfo": "flags\t\t: fpu hypervisor lahf_lm\n"}, fact{Is: No, Names: []string{"hypervisor"}}},
		"a container":     {map[string]string{"sys/class/dmi/id/sys_vendor": "LENOVO\n", "proc/cpuinfo": "flags\t\t: fpu\n", ".dockerenv": ""}, fact{Is: No, Names: []string{"container"}}},
		"nothing":         {nil, fact{}},
	} {
		if got := machineIn(system(c.files)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

const (
	routes = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
		"wlp3s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n" +
		"enp2s0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n" +
		"enp2s0\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
	arp = "IP address       HW type     Flags       HW address            Mask     Device\n" +
		"192.168.0.1      0x1         0x2         10:6f:3f:01:02:03     *        enp2s0\n" +
		"192.168.1.1      0x1         0x0         00:00:00:00:00:00     *        wlp3s0\n"
)

func TestNetwork(t *testing.T) {
	files := map[string]string{"proc/net/route": routes, "proc/net/arp": arp, "sys/class/net/enp2s0/device/uevent": "DRIVER=e1000e\n"}
	if got := networkIn(system(files)); !reflect.DeepEqual(got, network{Link: "wired", Router: "10:6f:3f:01:02:03"}) {
		t.Errorf("%+v", got)
	}
	files["sys/class/net/enp2s0/device/uevent"] = "DRIVER=rndis_host\n"
	if got := networkIn(system(files)); got.Link != "" {
		t.Errorf("a telephone's line passes for a cable: %+v", got)
	}
	files["sys/class/net/enp2s0/phy80211/name"] = "phy0\n"
	if got := networkIn(system(files)); got.Link != "wireless" {
		t.Errorf("%+v", got)
	}
	if got := networkIn(system(map[string]string{"proc/net/route": routes, "proc/net/arp": arp})); got.Link != "" {
		t.Errorf("a container's end passes for a cable: %+v", got)
	}
	if got := networkIn(system(nil)); !reflect.DeepEqual(got, network{}) {
		t.Errorf("%+v", got)
	}
}

func TestAir(t *testing.T) {
	got := parseAir("*:10\\:6F\\:3F\\:01\\:02\\:04\n :34\\:76\\:C5\\:AA\\:BB\\:01\n nonsense\n")
	want := &air{own: "10:6f:3f:01:02:04", around: []string{"10:6f:3f:01:02:04", "34:76:c5:aa:bb:01"}}
	if !reflect.DeepEqual(got, want) || parseAir("") != nil {
		t.Errorf("%+v", got)
	}
}

func FuzzLinuxTables(f *testing.F) {
	f.Add(routes, arp, luks)
	f.Fuzz(func(t *testing.T, route, arp, mounts string) {
		root := system(map[string]string{"proc/net/route": route, "proc/net/arp": arp, "proc/self/mountinfo": mounts})
		r := sight{Disk: diskIn(root), Network: networkIn(root)}.report(device, "linux", 0)
		r.Number = 1
		if !r.Valid() {
			t.Fatalf("%+v", r)
		}
	})
}
