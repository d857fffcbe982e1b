package bench

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sekisho/sekisho/test/faultproxy"
)

// openVPN is OpenVPN as it comes (UDP, TLS, its default ciphers and MTU) between
// two network namespaces: the gateway's and the PC's. They are joined by a
// cable of their own, and each by one to the host, where the delay lives.
type openVPN struct {
	dir         string
	gateway, pc string   // namespaces
	hostSide    string   // the host's address towards the PC
	cables      []string // the host's ends
}

// Addresses of the three cables and of the tunnel; the namespaces are ours alone.
const (
	vpnGateway     = "198.18.0.1" // RFC 2544: for benchmarks
	vpnPC          = "198.18.0.2"
	vpnGatewayHost = "198.18.1.1" // the gateway's end of its cable to the host
	vpnHostGateway = "198.18.1.2"
	vpnPCHost      = "198.18.2.1"
	vpnHostPC      = "198.18.2.2"
	vpnInsideA     = "198.19.0.1"
	vpnInsideB     = "198.19.0.2"
)

func newOpenVPN() (v *openVPN, err error) {
	for _, program := range []string{"openvpn", "ip"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, err
		}
	}
	if os.Geteuid() != 0 {
		return nil, errNoRoot
	}
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		return nil, err
	}
	tag := strconv.Itoa(os.Getpid() % 100000)
	v = &openVPN{gateway: "skg" + tag, pc: "skp" + tag, hostSide: vpnHostPC}
	if v.dir, err = os.MkdirTemp("", "sekisho-bench-openvpn-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			v.close()
		}
	}()
	if err := v.certificates(); err != nil {
		return nil, err
	}
	a, b := "va"+tag, "vb"+tag
	v.cables = []string{a + "h", b + "h"}
	for _, line := range []string{
		"netns add " + v.gateway, "netns add " + v.pc,
		"link add " + a + "0 netns " + v.gateway + " type veth peer name " + b + "0 netns " + v.pc,
		"link add " + a + "1 netns " + v.gateway + " type veth peer name " + a + "h",
		"link add " + b + "1 netns " + v.pc + " type veth peer name " + b + "h",
		"-n " + v.gateway + " addr add " + vpnGateway + "/24 dev " + a + "0", "-n " + v.pc + " addr add " + vpnPC + "/24 dev " + b + "0",
		"-n " + v.gateway + " addr add " + vpnGatewayHost + "/24 dev " + a + "1", "addr add " + vpnHostGateway + "/24 dev " + a + "h",
		"-n " + v.pc + " addr add " + vpnPCHost + "/24 dev " + b + "1", "addr add " + vpnHostPC + "/24 dev " + b + "h",
		"-n " + v.gateway + " link set lo up", "-n " + v.pc + " link set lo up",
		"-n " + v.gateway + " link set " + a + "0 up", "-n " + v.gateway + " link set " + a + "1 up", "link set " + a + "h up",
		"-n " + v.pc + " link set " + b + "0 up", "-n " + v.pc + " link set " + b + "1 up", "link set " + b + "h up",
	} {
		if err := ip(line); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *openVPN) close() {
	for _, cable := range v.cables {
		_ = exec.Command("ip", "link", "del", cable).Run() // not there if newOpenVPN failed before
	}
	for _, ns := range []string{v.gateway, v.pc} {
		_ = exec.Command("ip", "netns", "del", ns).Run()
	}
	_ = os.RemoveAll(v.dir)
}

// certificates makes an authority and one certificate for each end.
func (v *openVPN) certificates() error {
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, authority, authority, caKey.Public(), caKey)
	if err != nil {
		return err
	}
	if err := v.write("ca.pem", "CERTIFICATE", der); err != nil {
		return err
	}
	for i, name := range []string{"gateway", "pc"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		usage := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}[i]
		leaf := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 2)), Subject: pkix.Name{CommonName: name}, NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{usage},
		}
		if der, err = x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), caKey); err != nil {
			return err
		}
		secret, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		if err := errors.Join(v.write(name+".pem", "CERTIFICATE", der), v.write(name+".key", "PRIVATE KEY", secret)); err != nil {
			return err
		}
	}
	return nil
}

func (v *openVPN) write(name, kind string, der []byte) error {
	return os.WriteFile(filepath.Join(v.dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// path starts both ends and a TCP connection between them.
func (v *openVPN) path(ctx context.Context, delay time.Duration) (p path, err error) {
	const port = "1194"
	var stops []func()
	p.close = func() {
		for i := len(stops) - 1; i >= 0; i-- {
			stops[i]()
		}
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	remote := []string{vpnGateway, port}
	if delay > 0 {
		f := faultproxy.Faults{Delay: delay / 2}
		proxy, err := faultproxy.ListenUDP(net.JoinHostPort(v.hostSide, "0"), net.JoinHostPort(vpnGatewayHost, port), 1, f, f)
		if err != nil {
			return p, err
		}
		stops = append(stops, func() { _ = proxy.Close() })
		host, at, err := net.SplitHostPort(proxy.Addr())
		if err != nil {
			return p, err
		}
		remote = []string{host, at}
	}
	for _, end := range []struct {
		ns   string
		args []string
	}{
		{v.gateway, []string{"--tls-server", "--dh", "none", "--port", port, "--ifconfig", vpnInsideA, vpnInsideB, "--cert", "gateway.pem", "--key", "gateway.key"}},
		{v.pc, []string{"--tls-client", "--remote", remote[0], remote[1], "--nobind", "--ifconfig", vpnInsideB, vpnInsideA, "--cert", "pc.pem", "--key", "pc.key"}},
	} {
		args := append([]string{"netns", "exec", end.ns, "openvpn", "--cd", v.dir, "--dev", "tun", "--proto", "udp", "--ca", "ca.pem", "--verb", "3", "--disable-dco"}, end.args...)
		cmd := exec.Command("ip", args...)
		log := new(bytes.Buffer)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Start(); err != nil {
			return p, err
		}
		stops = append(stops, func() {
			_ = cmd.Process.Signal(unix.SIGTERM) // ip has become openvpn
			_ = cmd.Wait()
		})
	}
	var l net.Listener
	deadline := time.Now().Add(20 * time.Second)
	for { // until the tunnel's interface is there
		err := inside(v.gateway, func() (err error) {
			l, err = net.Listen("tcp4", vpnInsideA+":8080")
			return err
		})
		if err == nil {
			break
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return p, fmt.Errorf("bench: OpenVPN's gateway: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	stops = append(stops, func() { _ = l.Close() })
	p.gateway, p.pc, err = meet(ctx, l, func(context.Context) (c net.Conn, err error) {
		for {
			err = inside(v.pc, func() (err error) {
				c, err = net.DialTimeout("tcp4", vpnInsideA+":8080", time.Second)
				return err
			})
			if err == nil || time.Now().After(deadline) {
				return c, err
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	if err != nil {
		return p, fmt.Errorf("bench: through OpenVPN: %w", err)
	}
	stops = append(stops, func() { _ = p.gateway.Close(); _ = p.pc.Close() })
	return p, nil
}
