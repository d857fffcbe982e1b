package inspect

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// diskIn tells whether the root file system lies on dm-crypt. A drive that
// encrypts itself is not seen from here and counts as not encrypted.
func diskIn(root fs.FS) fact {
	device, ok := rootDevice(root)
	if !ok {
		return fact{}
	}
	return fact{Is: encrypted(root, device, 0)}
}

// rootDevice is the folder in /sys of the block device below "/".
func rootDevice(root fs.FS) (dir string, ok bool) {
	for line := range strings.Lines(text(root, "proc/self/mountinfo")) {
		head, tail, found := strings.Cut(line, " - ")
		fields, source := strings.Fields(head), strings.Fields(tail)
		if !found || len(fields) < 5 || len(source) < 2 || fields[4] != "/" {
			continue
		}
		if dir, ok = "sys/dev/block/"+fields[2], exists(root, "sys/dev/block/"+fields[2]); ok {
			continue // the last mount on / is the one in use
		}
		name, isDevice := strings.CutPrefix(source[1], "/dev/")
		if !isDevice { // overlay, tmpfs: no disk to speak of
			dir, ok = "", false
			continue
		}
		dir, ok = namedDevice(root, name)
	}
	return dir, ok
}

// namedDevice finds a block device by its name, as btrfs tells it.
func namedDevice(root fs.FS, name string) (string, bool) {
	if mapped, ok := strings.CutPrefix(name, "mapper/"); ok {
		for _, file := range files(root, "sys/class/block/*/dm/name") {
			if strings.TrimSpace(text(root, file)) == mapped {
				return path.Dir(path.Dir(file)), true
			}
		}
		return "", false
	}
	dir := "sys/class/block/" + path.Base(name)
	return dir, exists(root, dir)
}

// encrypted is Yes if the device, or everything below it, is dm-crypt.
func encrypted(root fs.FS, device string, depth int) Fact {
	if strings.HasPrefix(text(root, device+"/dm/uuid"), "CRYPT-") {
		return Yes
	}
	below, err := fs.ReadDir(root, device+"/slaves")
	if err != nil || len(below) == 0 || depth > 8 {
		return No
	}
	for _, one := range below {
		if encrypted(root, path.Join(device, "slaves", one.Name()), depth+1) != Yes {
			return No
		}
	}
	return Yes
}

// firewallIn reads the settings of ufw, firewalld and nftables: whether what
// comes in, and what goes out, is dropped by default. The rules in the kernel are
// root's to read.
func firewallIn(root fs.FS) (in, out fact) {
	if setting(text(root, "etc/ufw/ufw.conf"), "ENABLED") == "yes" {
		rules := text(root, "etc/default/ufw")
		return dropping(setting(rules, "DEFAULT_INPUT_POLICY")), dropping(setting(rules, "DEFAULT_OUTPUT_POLICY"))
	}
	if exists(root, "sys/fs/cgroup/system.slice/firewalld.service") {
		return fact{Is: Yes}, fact{Is: No} // it lets out what no policy of its own forbids
	}
	rules := text(root, "etc/nftables.conf")
	if rules != "" && len(files(root, "etc/systemd/system/*.wants/nftables.service")) > 0 {
		return hooked(rules, "input"), hooked(rules, "output")
	}
	return fact{}, fact{}
}

func dropping(policy string) fact {
	switch strings.ToUpper(policy) {
	case "DROP", "REJECT":
		return fact{Is: Yes}
	case "":
		return fact{}
	}
	return fact{Is: No}
}

// hooked is the policy of the base chain at a hook of an nftables file.
func hooked(rules, hook string) fact {
	m := regexp.MustCompile(`hook\s+` + hook + `\s+priority\s+[^;]+;\s*(?:policy\s+(\w+))?`).FindStringSubmatch(comments.ReplaceAllString(rules, ""))
	if m == nil {
		return fact{Is: No}
	}
	if m[1] == "" {
		return fact{Is: No} // accept is the default
	}
	return dropping(m[1])
}

var comments = regexp.MustCompile(`(?m)#.*$`)

// setting is the value of KEY=value or KEY="value".
func setting(text, key string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), key+"="); ok {
			return strings.Trim(value, `"'`)
		}
	}
	return ""
}

// usbIn tells whether USB storage is blocked (modprobe.d), or attached.
func usbIn(root fs.FS) fact {
	if len(files(root, "sys/bus/usb/drivers/usb-storage/*:*"))+len(files(root, "sys/bus/usb/drivers/uas/*:*")) > 0 {
		return fact{Is: No, Names: []string{"USB storage"}}
	}
	if !exists(root, "etc/modprobe.d") {
		return fact{}
	}
	for _, file := range files(root, "etc/modprobe.d/*.conf") {
		if blocked.MatchString(text(root, file)) {
			return fact{Is: Yes}
		}
	}
	return fact{Is: No}
}

var blocked = regexp.MustCompile(`(?m)^\s*(?:install\s+usb[-_]storage\s+(?:/usr)?/bin/(?:false|true)|blacklist\s+usb[-_]storage)\s*$`)

// screenLockIn reads what dconf prescribes. A setting that its user may change
// says nothing.
func screenLockIn(root fs.FS) fact {
	set, locked := map[string]string{}, []string{}
	for _, file := range files(root, "etc/dconf/db/*.d/locks/*") {
		locked = append(locked, strings.Fields(text(root, file))...)
	}
	for _, file := range files(root, "etc/dconf/db/*.d/*") {
		section := ""
		for line := range strings.Lines(text(root, file)) {
			line = strings.TrimSpace(line)
			if s, ok := strings.CutPrefix(line, "["); ok {
				section = strings.TrimSuffix(s, "]")
			} else if key, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
				set["/"+section+"/"+strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
		}
	}
	const idle, enabled, delay = "/org/gnome/desktop/session/idle-delay", "/org/gnome/desktop/screensaver/lock-enabled", "/org/gnome/desktop/screensaver/lock-delay"
	if !slices.Contains(locked, idle) || !slices.Contains(locked, enabled) || set[delay] != "" && !slices.Contains(locked, delay) {
		return fact{}
	}
	after, err := seconds(set[idle])
	more, err2 := seconds(set[delay])
	switch {
	case err != nil || set[delay] != "" && err2 != nil:
		return fact{}
	case after == 0 || set[enabled] != "true":
		return fact{Is: No}
	}
	return fact{Is: Yes, Value: after + more}
}

func seconds(value string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(value, "uint32 "), 10, 20)
	return int(n), err
}
