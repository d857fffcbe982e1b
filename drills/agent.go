package drills

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// supervisor in place of a person asks issueAgent for one who supervises at home.
const supervisor = "a supervisor"

// issueAgent issues a PC that runs the real agent, to a person of its own.
func (f *Field) issueAgent(ctx context.Context, o centre.PCOptions) (*centre.PC, error) {
	from := &f.seats
	if o.Person == supervisor {
		from = &f.homes
	}
	f.mu.Lock()
	if len(*from) == 0 {
		f.mu.Unlock()
		return nil, fmt.Errorf("drills: no seat is left for another agent")
	}
	o.Person, *from = (*from)[0], (*from)[1:]
	f.mu.Unlock()
	o.Tag = f.Tag()
	if o.Policy == "" {
		o.Policy = "demo"
	}
	return f.Issue(ctx, o)
}

// seatPeople makes the people who get PCs with a real agent. They must be known
// by a login before any drill begins: what was seeded is read by all.
func (f *Field) seatPeople(ctx context.Context, n int) error {
	at, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	f.Seeded.People["at-home"] = at
	f.homes = append(f.homes, "at-home")
	for i := range n {
		id, err := f.Person(ctx)
		if err != nil {
			return err
		}
		login := fmt.Sprintf("seat-%d", i+1)
		f.Seeded.People[login] = id
		f.seats = append(f.seats, login)
	}
	return nil
}

// copiedFolder copies an agent's folder to another PC: everything but the TPM's
// own state, which lies inside the chip.
func copiedFolder(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.issueAgent(ctx, centre.PCOptions{TPM: true})
	if err != nil {
		return err
	}
	defer pc.Close()
	if _, err := pc.Start(ctx); err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	s, err := page.connect(ctx)
	if err != nil {
		return err
	}
	if r.Control = s.Phase == "quarantine"; !r.Control {
		r.Evidence = "the PC itself: " + s.Phase + " " + s.Code
		return nil
	}
	pc.Agent.Stop()
	thief := *pc
	thief.Port, thief.Agent = 0, nil
	if thief.Dir, err = f.Folder("thief"); err != nil {
		return err
	}
	if err := copyFolder(pc.Dir, thief.Dir); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(thief.Dir, "tpm")); err != nil {
		return err
	}
	other, err := f.Folder("chip") // another chip, that never saw the key
	if err != nil {
		return err
	}
	if thief.TPM, err = centre.StartTPM(ctx, other); err != nil {
		return err
	}
	defer thief.Close()
	if err := thief.Configure(); err != nil {
		return err
	}
	if _, err := thief.Start(ctx); err != nil {
		return err
	}
	if page, err = enter(ctx, &thief); err != nil {
		return err
	}
	seen, err := page.status(ctx)
	if err != nil {
		return err
	}
	pressed := page.ask(ctx, http.MethodPost, "/local/v1/connect", nil)
	if pressed == "200" {
		if seen, err = page.connect(ctx); err != nil {
			return err
		}
	}
	r.Refused = seen.Phase != "quarantine" && seen.Phase != "live" && seen.Code == "device.tpm_replaced"
	r.Evidence = fmt.Sprintf("on its own chip: %s; the copy on another chip: %s, %s", s.Phase, seen.Phase, seen.Code)
	if !r.Refused {
		return nil
	}
	// The thief presses the way back that is open to a cleared chip.
	if pressed := page.ask(ctx, http.MethodPost, "/local/v1/again", nil); pressed != "200" {
		return fmt.Errorf("drills: enrolling again: %s", pressed)
	}
	row, err := f.Audit(ctx, "device.in_trouble", func(r Row) bool { return r.ObjectID == pc.Device })
	if err != nil {
		return err
	}
	var device struct {
		State   string `json:"state"`
		Trouble string `json:"trouble"`
	}
	if err := f.Admin.Get(ctx, "devices/"+pc.Device, &device); err != nil {
		return err
	}
	r.Refused = device.State == "issued" && device.Trouble == "device.tpm_replaced"
	r.Evidence += "; enrolling again: " + row.String()
	return nil
}

// impostor is a TLS server between a PC and the true one. It ends TLS itself,
// with a certificate of its own, and hands requests on; what it reads of the
// enrolment's secret it counts.
type impostor struct {
	listener net.Listener
	server   *http.Server
	roots    func(wire.TrustRoots) wire.TrustRoots // what it shows in place of the true ones
	secrets  atomic.Int32
}

// impostorFor listens before a true server.
func impostorFor(upstream string, roots func(wire.TrustRoots) wire.TrustRoots) (*impostor, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Sekisho CA 1"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	i := &impostor{}
	i.roots = func(t wire.TrustRoots) wire.TrustRoots {
		if roots != nil {
			return roots(t)
		}
		t.CA = der
		return t
	}
	i.listener, err = tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	})
	if err != nil {
		return nil, err
	}
	i.server = &http.Server{Handler: i.relay(upstream), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = i.server.Serve(i.listener) }() // ends by Close
	return i, nil
}

func (i *impostor) relay(upstream string) http.HandlerFunc {
	c := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}, // it is an impostor
	}}
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return
		}
		if strings.HasSuffix(r.URL.Path, "/enrol") {
			i.secrets.Add(1)
		}
		out, err := http.NewRequestWithContext(r.Context(), r.Method, "https://"+upstream+r.URL.RequestURI(), strings.NewReader(string(body)))
		if err != nil {
			return
		}
		out.Header = r.Header.Clone()
		res, err := c.Do(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		if err != nil {
			return
		}
		if strings.HasSuffix(r.URL.Path, "/trust") {
			var t wire.TrustRoots
			if json.Unmarshal(answer, &t) == nil {
				if shown, err := json.Marshal(i.roots(t)); err == nil {
					answer = shown
				}
			}
		}
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(answer) // the PC is gone if this fails
	}
}

func (i *impostor) close() { _ = i.server.Close() }

// passThrough is a proxy that only carries bytes.
func passThrough(upstream string) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", upstream)
			if err != nil {
				_ = in.Close() // nothing to carry
				continue
			}
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }() // either end may close
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
	return l, nil
}

// relayedEnrolment enrols through a server in between, with the real agent: one
// that shows roots of its own, one that shows the true roots. Through one that
// only carries bytes it must succeed.
func relayedEnrolment(ctx context.Context, f *Field, r *Result) error {
	own, err := impostorFor(f.Addresses.Agents, nil)
	if err != nil {
		return err
	}
	defer own.close()
	copied, err := impostorFor(f.Addresses.Agents, func(t wire.TrustRoots) wire.TrustRoots { return t })
	if err != nil {
		return err
	}
	defer copied.close()
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	code, id, err := f.register(ctx, person, "demo")
	if err != nil {
		return err
	}
	attempt := func(server string) (said string, err error) {
		dir, err := f.Folder("enrolling")
		if err != nil {
			return "", err
		}
		pc := centre.PC{PCOptions: centre.PCOptions{Port: 7777}, Dir: dir}
		if err := pc.Configure(); err != nil {
			return "", err
		}
		relayed := code
		relayed.Server = server
		short, cancel := context.WithTimeout(ctx, 15*time.Second)
		defer cancel()
		return centre.RunOnce(short, []string{"LANG=en"}, filepath.Join(f.Bin, "sekisho-agent"), "enroll", "--data", dir, relayed.String())
	}
	_, first := attempt(own.listener.Addr().String())
	_, second := attempt(copied.listener.Addr().String())
	if first == nil || second == nil {
		r.Evidence = "the agent enrolled through an impostor"
		return nil
	}
	var device struct {
		State string `json:"state"`
	}
	if err := f.Admin.Get(ctx, "devices/"+id, &device); err != nil {
		return err
	}
	r.Refused = own.secrets.Load()+copied.secrets.Load() == 0 && device.State == "registered"
	r.Evidence = fmt.Sprintf("other roots: %s; the true roots under another certificate: %s; the code's secret was never sent; the PC is still %q",
		agentCode(first), agentCode(second), device.State)

	plain, err := passThrough(f.Addresses.Agents)
	if err != nil {
		return err
	}
	defer plain.Close()
	code.Server = plain.Addr().String()
	r.Control, err = f.enrolsByAgent(ctx, code, id)
	return err
}

// agentCode is the code in what the agent said: it stands in brackets on the
// line after the words for people.
func agentCode(err error) string {
	_, rest, _ := strings.Cut(err.Error(), "\n(")
	code, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(rest), ")"), ":")
	return code
}

// enrolsByAgent enrols with the real agent and approves what it shows.
func (f *Field) enrolsByAgent(ctx context.Context, code wire.EnrolmentCode, id string) (bool, error) {
	dir, err := f.Folder("enrolled")
	if err != nil {
		return false, err
	}
	pc := centre.PC{PCOptions: centre.PCOptions{Port: 7777}, Dir: dir, Device: id}
	if err := pc.Configure(); err != nil {
		return false, err
	}
	agent, err := centre.Run(dir, "enroll", nil, filepath.Join(f.Bin, "sekisho-agent"), "enroll", "--data", dir, code.String())
	if err != nil {
		return false, err
	}
	defer agent.Kill()
	var d struct {
		State       string `json:"state"`
		Fingerprint string `json:"fingerprint"`
	}
	for until := time.Now().Add(20 * time.Second); d.State != "pending" || !strings.Contains(agent.Tail(), d.Fingerprint); {
		if time.Now().After(until) {
			return false, fmt.Errorf("drills: the agent does not enrol: %s", agent.Tail())
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return false, err
		}
		if err := f.Admin.Get(ctx, "devices/"+id, &d); err != nil {
			return false, err
		}
	}
	if err := f.Admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": d.Fingerprint}, nil); err != nil {
		return false, err
	}
	select {
	case <-agent.Done():
	case <-time.After(20 * time.Second):
	}
	if err := f.Admin.Get(ctx, "devices/"+id, &d); err != nil {
		return false, err
	}
	return d.State == "issued", nil
}
