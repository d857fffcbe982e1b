package bench

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The two ends of a cable between the host and a namespace that is a PC's.
const (
	cableHost = "198.18.7.1" // RFC 2544: for benchmarks
	cablePC   = "198.18.7.2"
)

// cable joins the host to a namespace of its own. Whatever runs in there has
// no other way out.
type cable struct{ ns, host, pc string }

func newCable() (c *cable, err error) {
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, err
	}
	if os.Geteuid() != 0 {
		return nil, errNoRoot
	}
	tag := strconv.Itoa(os.Getpid() % 100000)
	c = &cable{ns: "skc" + tag, host: "vc" + tag + "h", pc: "vc" + tag + "p"}
	for _, line := range []string{
		"netns add " + c.ns,
		"link add " + c.host + " type veth peer name " + c.pc + " netns " + c.ns,
		"addr add " + cableHost + "/30 dev " + c.host, "-n " + c.ns + " addr add " + cablePC + "/30 dev " + c.pc,
		"-n " + c.ns + " link set lo up", "link set " + c.host + " up", "-n " + c.ns + " link set " + c.pc + " up",
	} {
		if err := ip(line); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

var errNoRoot = errors.New("bench: network namespaces need root")

func ip(line string) error {
	if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
		return fmt.Errorf("bench: ip %s: %w: %s", line, err, out)
	}
	return nil
}

// pull takes the link at the PC's end down, plug brings it up again.
func (c *cable) pull() error { return ip("-n " + c.ns + " link set " + c.pc + " down") }
func (c *cable) plug() error { return ip("-n " + c.ns + " link set " + c.pc + " up") }

func (c *cable) close() {
	for _, line := range []string{"link del " + c.host, "netns del " + c.ns} {
		_ = ip(line) // not there if newCable failed before
	}
}

// wrap is the command that runs a program in there.
func (c *cable) wrap() []string { return []string{"ip", "netns", "exec", c.ns} }

// loopback makes a port of the namespace's loopback reachable under the same
// number on the host's, so that a browser outside sees the page of an agent inside.
func (c *cable) loopback(port int) (io.Closer, error) {
	at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	l, err := net.Listen("tcp", at)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			outer, err := l.Accept()
			if err != nil {
				return // closed
			}
			go c.join(outer, at)
		}
	}()
	return l, nil
}

func (c *cable) join(outer net.Conn, at string) {
	defer outer.Close()
	var inner net.Conn
	err := inside(c.ns, func() (err error) {
		inner, err = net.Dial("tcp", at)
		return err
	})
	if err != nil {
		return // nobody listens in there: the same is seen out here
	}
	defer inner.Close()
	go func() {
		_, _ = io.Copy(inner, outer) // ends with either side
		_ = inner.Close()
	}()
	_, _ = io.Copy(outer, inner)
}

// inside runs fn with its sockets in a network namespace. The thread comes back
// to where it was: one that ended would take every process with it that it had
// started before (they are tied to their starter's life).
func inside(ns string, fn func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := visit(ns, fn)
		if !errors.Is(err, errLeft) {
			runtime.UnlockOSThread() // else the thread ends with this goroutine: nobody may use it
		}
		done <- err
	}()
	return <-done
}

var errLeft = errors.New("bench: a thread could not come back from a namespace")

func visit(ns string, fn func() error) (err error) {
	home, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	defer home.Close()
	there, err := os.Open("/run/netns/" + ns)
	if err != nil {
		return err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), unix.CLONE_NEWNET); err != nil {
		return err
	}
	defer func() {
		if back := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); back != nil {
			err = errors.Join(err, errLeft, back)
		}
	}()
	return fn()
}
