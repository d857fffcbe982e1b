package localdoor

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const stateListen = "0A" // TCP_LISTEN in /proc/net/tcp

// socket is one row of /proc/net/tcp or tcp6.
type socket struct {
	local, remote netip.AddrPort
	state         string
	uid           int
	inode         string
}

// peerIs says that the other end of a loopback connection is the user's; a
// negative one is ours.
func peerIs(conn net.Conn, user int) error {
	if user < 0 {
		user = os.Geteuid()
	}
	uid, err := peerUID(conn)
	if err != nil {
		return err
	}
	if uid != user {
		return fmt.Errorf("localdoor: user id %d", uid)
	}
	return nil
}

// peerUID finds who owns the other end of a loopback connection.
func peerUID(conn net.Conn) (int, error) {
	theirs, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return 0, err
	}
	ours, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return 0, err
	}
	sockets, err := readSockets()
	if err != nil {
		return 0, err
	}
	for _, s := range sockets {
		if s.local == plain(theirs) && s.remote == plain(ours) && s.state != stateListen {
			return s.uid, nil
		}
	}
	return 0, fmt.Errorf("localdoor: nobody owns %v", theirs)
}

// holder says in words who listens on a port.
func holder(port int) string {
	sockets, err := readSockets()
	if err != nil {
		return "cannot tell who holds it: " + err.Error()
	}
	var who []string
	for _, s := range sockets {
		if s.state == stateListen && int(s.local.Port()) == port {
			who = append(who, fmt.Sprintf("%v is held by %s, user id %d", s.local, programOf(s.inode), s.uid))
		}
	}
	if len(who) == 0 {
		return "nobody listens there now: try again"
	}
	return strings.Join(who, "; ")
}

// programOf finds the process that has the socket open, among those that we may look into.
func programOf(inode string) string {
	want := "socket:[" + inode + "]"
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return "a program that we may not look into"
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != want {
			continue
		}
		pid := strings.Split(link, "/")[2]
		name, err := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		if err != nil {
			return "process " + pid
		}
		return fmt.Sprintf("process %s (%s)", pid, strings.TrimSpace(string(name)))
	}
	return "a program that we may not look into"
}

func readSockets() (all []socket, err error) {
	for _, file := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(file)
		if os.IsNotExist(err) {
			continue // a kernel without IPv6
		}
		if err != nil {
			return nil, err
		}
		all, err = appendSockets(all, f)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// appendSockets parses the table of proc(5): sl local remote state queues timer retransmits uid timeout inode.
func appendSockets(all []socket, r io.Reader) ([]socket, error) {
	lines := bufio.NewScanner(r)
	lines.Scan() // heading
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 10 {
			continue
		}
		local, ok1 := parseEnd(f[1])
		remote, ok2 := parseEnd(f[2])
		uid, err := strconv.Atoi(f[7])
		if !ok1 || !ok2 || err != nil {
			continue
		}
		all = append(all, socket{local: local, remote: remote, state: f[3], uid: uid, inode: f[9]})
	}
	return all, lines.Err()
}

// parseEnd reads "0100007F:1E61": 32-bit words in the machine's byte order, port in hexadecimal.
func parseEnd(text string) (netip.AddrPort, bool) {
	host, port, ok := strings.Cut(text, ":")
	b, err := hex.DecodeString(host)
	p, err2 := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil || err2 != nil || (len(b) != 4 && len(b) != 16) {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(b); i += 4 { // every machine that we build for is little-endian
		b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
	}
	addr, _ := netip.AddrFromSlice(b)
	return plain(netip.AddrPortFrom(addr, uint16(p))), true
}
