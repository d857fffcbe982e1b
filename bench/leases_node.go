package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// step is what the generator says (test/load/fleet).
type step struct {
	Phase   string  `json:"phase"`
	N       int     `json:"n"`
	Seconds float64 `json:"seconds"`
	Took    []int64 `json:"took_us"`
	Ended   []int64 `json:"ended_ns"`
	Resent  int64   `json:"resent"`
	Closed  int64   `json:"closed"`
}

// node is one run: the server, and what was seen of it so far.
type node struct {
	leaseSize
	centre  *centre.Centre
	fleet   string
	logf    func(string, ...any)
	idle    float64 // bytes before anybody came
	admin   *centre.Console
	desktop string
	driver  int // process of the generator

	began          time.Time
	server, driven time.Duration // processor time at began
	closing        time.Time
	out            []Result
}

// errHalfANode is why a machine of two cores does not show the promise about two:
// half of it is measured on one, as leases_per_core.
var errHalfANode = errors.New("the PCs' ends of the tunnels need cores of their own: measured whole from four cores on")

// watch runs the generator and follows its steps.
func (n *node) watch(ctx context.Context, program, dir string) (out []Result, err error) {
	if err := n.grant(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log, err := os.Create(filepath.Join(dir, "generator.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, "taskset", "-c", n.drivers(), program, "-file", n.fleet, "-agents", n.centre.Addresses.Agents,
		"-peers", strconv.Itoa(n.peers), "-logins", strconv.Itoa(n.logins), "-close", strconv.Itoa(n.close), "-renew", n.renew.String())
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	n.driver = cmd.Process.Pid
	for steps := json.NewDecoder(pipe); ; {
		var s step
		if err = steps.Decode(&s); err != nil {
			break
		}
		if err = n.take(ctx, s); err != nil {
			break
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err != nil {
		cancel()
	}
	if ended := cmd.Wait(); ended != nil || err != nil {
		b, _ := os.ReadFile(log.Name()) // only for the message
		return n.out, fmt.Errorf("bench: the generator: %w: %s\nserver: %s", errors.Join(err, ended), tail(b), n.centre.Server.Tail())
	}
	return n.out, nil
}

func tail(b []byte) []byte { return b[max(0, len(b)-1500):] }

// grant lets those whose sessions will be closed reach a desktop.
func (n *node) grant(ctx context.Context) (err error) {
	if n.admin, err = n.centre.As(ctx, "admin"); err != nil {
		return err
	}
	var made struct {
		ID string `json:"id"`
	}
	if err := n.admin.Post(ctx, "desktops", map[string]any{"name": "負荷試験（架空）", "host": "127.0.0.1", "port": 5900, "secret": "sekisho1"}, &made); err != nil {
		return err
	}
	n.desktop = made.ID
	b, err := os.ReadFile(n.fleet)
	if err != nil {
		return err
	}
	var kept struct {
		PCs []struct {
			Person string `json:"person"`
		} `json:"pcs"`
	}
	if err := json.Unmarshal(b, &kept); err != nil {
		return err
	}
	people := []string{}
	for _, p := range kept.PCs[:min(n.close, len(kept.PCs))] {
		people = append(people, p.Person)
	}
	return n.admin.Put(ctx, "desktops/"+made.ID+"/people", map[string]any{"people": people}, nil)
}

func (n *node) labels(of int) map[string]string {
	return map[string]string{"peers": strconv.Itoa(of), "server": fmt.Sprintf("cores %s, GOMAXPROCS=%d", n.servers(), n.cores.server), "generator": "cores " + n.drivers()}
}

// take is one step of the generator.
func (n *node) take(ctx context.Context, s step) (err error) {
	switch s.Phase {
	case "filled":
		n.logf("%d PCs at work after %.0f s", s.N, s.Seconds)
	case "logins":
		r := one("logins_300", "s", "lower", s.Seconds, n.labels(n.peers))
		r.Labels["logins"] = strconv.Itoa(s.N)
		if bound := float64(boundLogins) * float64(s.N) / 300; s.N > 0 {
			r.Bound, r.OK = &bound, shown(r.Low, r.High, bound)
		}
		n.out = append(n.out, r, found("login_under_load_ms", "ms", millis(s.Took), 0.99, n.labels(n.peers)))
		n.logf("%d logins in %.1f s while the others renew", s.N, s.Seconds)
	case "renewing":
		n.began = time.Now()
		if n.server, err = processorTime(n.centre.Server.PID()); err == nil {
			n.driven, err = processorTime(n.driver)
		}
	case "renewed":
		err = n.renewed(s)
	case "holding":
		n.closing = time.Now()
		err = n.admin.Put(ctx, "desktops/"+n.desktop+"/people", map[string]any{"people": []string{}}, nil)
		n.logf("taken from %d people; the console answered after %.0f ms", s.N, float64(time.Since(n.closing))/1e6)
	case "ended":
		err = n.ended(s)
	}
	return err
}

func (n *node) renewed(s step) error {
	took := time.Since(n.began)
	server, err := processorTime(n.centre.Server.PID())
	if err != nil {
		return err
	}
	driven, err := processorTime(n.driver)
	if err != nil {
		return err
	}
	resident, err := residentBytes(n.centre.Server.PID())
	if err != nil {
		return err
	}
	cpu, driver := (server-n.server).Seconds()/took.Seconds(), (driven-n.driven).Seconds()/took.Seconds()
	name := "leases_per_core"
	if n.wholeNode {
		name = "leases_per_node"
	}
	r := promised(name, "ms", millis(s.Took), 0.99, boundRenewalMS, n.labels(s.N))
	want := float64(s.N) * s.Seconds / 2
	r.Labels["renewals"] = fmt.Sprintf("%d of %.0f due", len(s.Took), want)
	r.Labels["resent"], r.Labels["leases_lost"] = strconv.FormatInt(s.Resent, 10), strconv.FormatInt(s.Closed, 10)
	if s.Closed > 0 || float64(len(s.Took)) < 0.95*want { // an answer that never came is no fast answer
		r.OK = false
	}
	first := "neither"
	switch {
	case driver > 0.9 && driver > cpu:
		first = "generator"
	case cpu > 0.9:
		first = "server"
	}
	use := one("leases_server_cpu", "cores", "lower", cpu, n.labels(s.N))
	use.Labels["ran_out_first"] = first
	use.Peers = []Peer{{Name: "generator", Value: driver, Ratio: cpu / driver}}
	if !n.wholeNode {
		n.out = append(n.out, unmeasured("leases_per_node", "ms", "lower", boundRenewalMS, n.labels(leasesPerNode), errHalfANode))
	}
	n.out = append(n.out, r, found("lease_renewal_ms", "ms", millis(s.Took), 0.5, n.labels(s.N)), use,
		one("leases_bytes_per_operator", "B", "lower", (resident-n.idle)/float64(s.N), n.labels(s.N)))
	n.logf("%d leases: a renewal takes %.1f ms (p99), %d sent again, %d leases lost; server %.2f cores, generator %.2f, %.0f kB an operator",
		s.N, r.Value, s.Resent, s.Closed, cpu, driver, (resident-n.idle)/float64(s.N)/1000)
	return nil
}

func (n *node) ended(s step) error {
	if len(s.Ended) < s.N {
		return fmt.Errorf("bench: only %d of %d flows ended when their sessions did", len(s.Ended), s.N)
	}
	var last int64
	for _, at := range s.Ended {
		last = max(last, at)
	}
	ms := float64(last-n.closing.UnixNano()) / 1e6
	r := one("close_all_ms", "ms", "lower", ms, n.labels(n.peers))
	r.Labels["sessions"], r.Labels["by"] = strconv.Itoa(s.N), "an administrator takes their desktop away, the others go on"
	n.out = append(n.out, r)
	n.logf("%d sessions closed; the last PC noticed after %.0f ms", s.N, ms)
	return nil
}

func millis(us []int64) []float64 {
	v := make([]float64, len(us))
	for i, n := range us {
		v[i] = float64(n) / 1000
	}
	return v
}
