package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// Promises of DESIGN §2 about a real centre.
const (
	boundRenewalMS = 50
	leasesPerNode  = 10_000 // of two cores
	boundLogins    = 300    // seconds for 300 logins
)

// leaseSize is how much is measured; the test of this file measures less.
type leaseSize struct {
	peers, logins, close int
	renew                time.Duration
	bin                  string // folder of the binaries
	generator            string // built by go build, from this package path
	cores
}

// cores is who computes where. A node of the promise has two; its thousands of
// PCs need as many again, since their end of every tunnel costs what the
// server's does.
type cores struct {
	server    int // the first ones
	all       int
	wholeNode bool
}

// split gives the server the two cores of the promise where the machine has two
// more for the PCs, and else one, which then has half the leases to carry.
func split(n int) cores {
	if n >= 4 {
		return cores{server: 2, all: n, wholeNode: true}
	}
	return cores{server: 1, all: max(n, 2)}
}

// servers and drivers name the cores as taskset wants them.
func (c cores) servers() string { return fmt.Sprintf("0-%d", c.server-1) }
func (c cores) drivers() string { return fmt.Sprintf("%d-%d", c.server, c.all-1) }

// Leases measures what a node carries: thousands of real WireGuard peers whose
// PCs are a process of their own on other cores renew their leases every two
// seconds, and log in; at last an administrator takes a thousand people's desktop
// away, which ends their sessions. SEKISHO_BENCH_PEERS sets how many PCs; if not
// set it is 10,000 for two cores, and 5,000 for one.
func Leases(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	on := split(runtime.NumCPU())
	return leaseSize{
		peers: runs("SEKISHO_BENCH_PEERS", on.server*leasesPerNode/2), logins: 300, close: 1000, renew: 30 * time.Second,
		bin: "bin", generator: "./test/load/fleet", cores: on,
	}.all(ctx, logf)
}

func (s leaseSize) all(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-leases-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "fleet")
	if b, err := exec.CommandContext(ctx, "go", "build", "-o", program, s.generator).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("bench: the generator: %w: %s", err, b)
	}
	c, fleet, err := s.open(ctx, dir, logf)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	n := &node{leaseSize: s, centre: c, fleet: fleet, logf: logf}
	if n.idle, err = residentBytes(c.Server.PID()); err != nil {
		return nil, err
	}
	return n.watch(ctx, program, dir)
}

// open seeds a centre with a fleet and starts its server on the first cores alone.
func (s leaseSize) open(ctx context.Context, dir string, logf func(string, ...any)) (*centre.Centre, string, error) {
	at := time.Now()
	c, fleet, err := fleetCentre(ctx, dir, s.bin, s.peers)
	if err != nil {
		return nil, "", err
	}
	logf("%d PCs issued in %.0f s", s.peers, time.Since(at).Seconds())
	c.Wrap, c.Env = []string{"taskset", "-c", s.servers()}, []string{"GOMAXPROCS=" + strconv.Itoa(s.server)}
	return c, fleet, c.Serve(ctx)
}

// fleetCentre seeds a centre with a fleet, whose keys it writes to a file. The
// server does not run yet.
func fleetCentre(ctx context.Context, dir, bin string, peers int) (c *centre.Centre, fleet string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	console := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil {
		return nil, "", err
	}
	if bin, err = filepath.Abs(bin); err != nil {
		return nil, "", err
	}
	c = &centre.Centre{Options: centre.Options{Dir: dir, Bin: bin}, Config: filepath.Join(dir, "sekisho.toml")}
	text := fmt.Sprintf("data = %q\n[console]\nlisten = %q\norigin = \"http://console.localhost:%d\"\n[agents]\nlisten = \"127.0.0.1:0\"\n[wireguard]\nlisten = \"127.0.0.1:0\"\n[desktops]\nallow_loopback = true\n",
		filepath.Join(dir, "server"), console.String(), console.Port)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", err
	}
	if err := os.WriteFile(c.Config, []byte(text), 0o600); err != nil {
		return nil, "", err
	}
	fleet = filepath.Join(dir, "fleet.json")
	printed, err := c.CLI(ctx, "demo", "--fleet", strconv.Itoa(peers), "--out", fleet)
	if err != nil {
		return nil, "", err
	}
	return c, fleet, json.Unmarshal([]byte(printed), &c.Seeded)
}
