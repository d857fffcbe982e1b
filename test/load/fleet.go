package load

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// perNetwork is how many PCs share a TCP/IP stack. gVisor compares the source of
// each packet that comes in with every address of the stack, so that one stack
// for ten thousand PCs spends a core on comparing; a stack for each PC would
// spend memory.
const perNetwork = 16

// Fleet is PCs that `sekisho demo --fleet` issued.
type Fleet struct {
	PCs      []*PC
	networks []*Network
}

// PC is one of them: its identity, its connection and its session.
type PC struct {
	*rawpc.PC
	Person  sekisho.PersonID
	Conn    *rawpc.Connection
	Session sekisho.SessionID
	net     *Network
	tunnel  *Tunnel
	flow    net.Conn // one idle flow of the session
	renews  renewer
}

// Load reads the first n PCs of a fleet's file, all if n is 0. agents is the server's door.
func Load(file, agents string, n int) (*Fleet, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var kept struct {
		Roots wire.TrustRoots `json:"roots"`
		PCs   []struct {
			Tag         string           `json:"tag"`
			Person      sekisho.PersonID `json:"person"`
			Device      sekisho.DeviceID `json:"device"`
			Key         wire.Bytes       `json:"key"`
			Certificate wire.Bytes       `json:"certificate"`
		} `json:"pcs"`
	}
	if err := json.Unmarshal(b, &kept); err != nil {
		return nil, fmt.Errorf("load: %s: %w", file, err)
	}
	if n == 0 {
		n = len(kept.PCs)
	}
	if n > len(kept.PCs) {
		return nil, fmt.Errorf("load: %s holds %d PCs, %d are wanted", file, len(kept.PCs), n)
	}
	f := &Fleet{}
	for i, k := range kept.PCs[:n] {
		if i%perNetwork == 0 {
			network, err := NewNetwork()
			if err != nil {
				f.Close()
				return nil, err
			}
			f.networks = append(f.networks, network)
		}
		key, err := x509.ParsePKCS8PrivateKey(k.Key)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("load: %s: %w", k.Tag, err)
		}
		private, ok := key.(*ecdsa.PrivateKey)
		if !ok {
			f.Close()
			return nil, fmt.Errorf("load: %s: the key is no ECDSA key", k.Tag)
		}
		f.PCs = append(f.PCs, &PC{
			PC: &rawpc.PC{
				Server: agents, Roots: kept.Roots, Key: private, Certificate: k.Certificate, Device: k.Device, Tag: k.Tag,
				From: netip.AddrFrom4([4]byte{127, 79, byte(i >> 8), byte(i)}), // the door counts by source
			},
			Person: k.Person, net: f.networks[len(f.networks)-1],
		})
	}
	return f, nil
}

// Login goes the whole way of one PC: mutual TLS, binding, tunnel, face
// statement, session.
func (p *PC) Login(ctx context.Context) error {
	k := rawpc.NewKeys()
	a, err := p.Bind(ctx, k, nil)
	if err != nil {
		return fmt.Errorf("load: %s binds: %w", p.Tag, err)
	}
	addr, err := netip.ParseAddr(a.Address)
	if err != nil {
		return err
	}
	at, err := netip.ParseAddrPort(a.Endpoint)
	if err != nil {
		return err
	}
	p.tunnel, err = p.net.Tunnel(k.WireGuard, addr, stack.Peer{
		Public: [32]byte(a.ServerKey), PSK: [32]byte(a.PSK), Address: netip.PrefixFrom(netip.MustParseAddr(a.Gateway), 32), Endpoint: at,
	})
	if err != nil {
		return err
	}
	p.Conn = rawpc.On(p.PC, k, a, p.tunnel) // the first packet shakes hands
	s, err := p.Conn.Login(ctx, nil)
	if err != nil {
		return fmt.Errorf("load: %s logs in: %w", p.Tag, err)
	}
	p.Session = s.Session.ID
	return nil
}

// Each runs act for PCs, some at a time, and returns the first error.
func Each(ctx context.Context, pcs []*PC, atOnce int, act func(context.Context, *PC) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(atOnce, len(pcs)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(pcs) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := act(ctx, pcs[i]); err != nil {
					cancel(err)
				}
			}
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// Hold opens a flow of the session that says nothing, and notes when it ends.
func (p *PC) Hold(ctx context.Context, ended func(time.Time)) error {
	flow, err := p.tunnel.DialTCP(ctx, p.Conn.Gateway(80))
	if err != nil {
		return fmt.Errorf("load: %s: flow: %w", p.Tag, err)
	}
	p.flow = flow
	ask, err := p.Conn.Sign(ctx, http.MethodGet, "desktops", nil)
	if err != nil {
		return err
	}
	if err := p.Conn.DoOn(flow, ask, nil); err != nil { // from now on the door keeps it
		return fmt.Errorf("load: %s: flow: %w", p.Tag, err)
	}
	if err := flow.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	go func() {
		_, _ = flow.Read(make([]byte, 1)) // however it ends, it has ended
		ended(time.Now())
		_ = flow.Close()
	}()
	return nil
}

// Close ends the PC's part of everything.
func (p *PC) Close() {
	p.renews.stop()
	if p.flow != nil {
		_ = p.flow.Close() // ending either way
	}
	if p.tunnel != nil {
		p.tunnel.Shut()
	}
}

// Close ends the fleet.
func (f *Fleet) Close() {
	for _, p := range f.PCs {
		p.Close()
	}
	for _, n := range f.networks {
		n.Close()
	}
}
