package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// tapped is an issued PC in quarantine whose packets the drill holds in its hands.
func (f *Field) tapped(ctx context.Context) (*rawpc.Connection, *rawpc.Tap, error) {
	p, err := f.issue(ctx)
	if err != nil {
		return nil, nil, err
	}
	k := rawpc.NewKeys()
	a, err := p.Bind(ctx, k, nil)
	if err != nil {
		return nil, nil, err
	}
	shake, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	t, err := rawpc.Tapped(shake, k, a)
	if err != nil {
		return nil, nil, err
	}
	return rawpc.On(p, k, a, t), t, nil
}

// shakes says whether WireGuard answers to these keys within three seconds.
func shakes(ctx context.Context, k rawpc.Keys, a wire.ConnectAnswer) error {
	short, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	t, err := rawpc.Tapped(short, k, a)
	if err == nil {
		t.End()
	}
	return err
}

// otherWireGuardKey knows everything of a live tunnel but its private key, and
// claims the tunnel's public key for a connection of its own.
func otherWireGuardKey(ctx context.Context, f *Field, r *Result) error {
	victim, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer victim.Close()
	thief, err := f.issue(ctx)
	if err != nil {
		return err
	}
	public, err := stack.PublicKey(victim.Keys.WireGuard)
	if err != nil {
		return err
	}
	_, claimed := thief.Bind(ctx, rawpc.NewKeys(), func(b *wire.Binding) { b.WireGuard = public[:] })
	keys := rawpc.NewKeys()
	own, err := thief.Bind(ctx, keys, nil)
	if err != nil {
		return err
	}
	if r.Control = shakes(ctx, keys, own) == nil; !r.Control {
		return nil
	}
	stranger := shakes(ctx, rawpc.NewKeys(), victim.Answer) // the victim's pre-shared key, server key and address
	fresh := rawpc.NewKeys()
	mixed, err := thief.Bind(ctx, fresh, nil)
	if err != nil {
		return err
	}
	mixed.PSK = victim.Answer.PSK
	wrong := shakes(ctx, fresh, mixed)
	r.Refused = claimed != nil && errors.Is(stranger, rawpc.ErrSilent) && wrong != nil && victim.Call(ctx, http.MethodGet, "me", nil, nil) == nil
	r.Evidence = fmt.Sprintf("claiming the public key: %s; victim's pre-shared key with another private key: %v; with a key that is bound: %v", rawpc.CodeOf(claimed), stranger, wrong)
	return nil
}

// endedWireGuardKey comes back with the keys of a tunnel that has ended.
func endedWireGuardKey(ctx context.Context, f *Field, r *Result) error {
	p, err := f.issue(ctx)
	if err != nil {
		return err
	}
	old := rawpc.NewKeys()
	was, err := p.Bind(ctx, old, nil)
	if err != nil {
		return err
	}
	if r.Control = shakes(ctx, old, was) == nil; !r.Control {
		return nil
	}
	now, err := p.Connect(ctx) // the newest connection of a PC wins; the old one ends
	if err != nil {
		return err
	}
	defer now.Close()
	if err := sleep(ctx, 300*time.Millisecond); err != nil {
		return err
	}
	err = shakes(ctx, old, was)
	row, rowErr := f.Audit(ctx, "flows.closed", func(r Row) bool { return r.ObjectID == string(was.Connection) })
	r.Refused, r.Evidence = errors.Is(err, rawpc.ErrSilent) && rowErr == nil, fmt.Sprintf("keys of the ended tunnel: %v; %s", err, row)
	return nil
}

// otherSource sends from inside its own tunnel under the address of another PC.
func otherSource(ctx context.Context, f *Field, r *Result) error {
	victim, theirs, err := f.tapped(ctx)
	if err != nil {
		return err
	}
	defer victim.Close()
	thief, mine, err := f.tapped(ctx)
	if err != nil {
		return err
	}
	defer thief.Close()
	at := func(a wire.ConnectAnswer, port uint16) netip.AddrPort {
		return netip.AddrPortFrom(netip.MustParseAddr(a.Address), port)
	}
	desk := thief.Gateway(80)
	answers := watch(theirs, mine)
	mine.Put(rawpc.SYN(at(thief.Answer, 4000), desk))
	if r.Control = answers.within(5*time.Second, 4000); !r.Control {
		r.Evidence = "the same packet under its own address was not answered"
		return nil
	}
	elsewhere := netip.MustParseAddrPort("100.99.98.97:4003") // nobody's address
	for range 20 {
		mine.Put(rawpc.SYN(at(victim.Answer, 4001), desk))
		mine.Put(rawpc.SYN(elsewhere, desk))
		mine.Put(rawpc.SYN(netip.AddrPortFrom(desk.Addr(), 4004), desk)) // the gateway's own
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	theirs.Put(rawpc.SYN(at(victim.Answer, 4002), desk)) // the victim can still speak for itself
	itself := answers.within(5*time.Second, 4002)
	got := answers.ports(4001, 4003, 4004)
	r.Refused = len(got) == 0 && itself
	r.Evidence = fmt.Sprintf("60 SYN under three other addresses: %d answers at either PC; under its own: SYN-ACK", len(got))
	return nil
}

// sideways sends to another operator's PC, in quarantine and in a session.
func sideways(ctx context.Context, f *Field, r *Result) error {
	a, from, err := f.tapped(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	b, to, err := f.tapped(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	var mu sync.Mutex
	arrived := 0
	other := netip.MustParseAddr(a.Answer.Address)
	to.Watch(func(p []byte) {
		if len(p) >= 20 && netip.AddrFrom4([4]byte(p[12:16])) == other {
			mu.Lock()
			arrived++
			mu.Unlock()
		}
	})
	throw := func() error {
		src, dst := netip.MustParseAddr(a.Answer.Address), netip.MustParseAddr(b.Answer.Address)
		for _, port := range []uint16{22, 80, 445, 3389, 7001, 7777} {
			from.Put(rawpc.SYN(netip.AddrPortFrom(src, 5000), netip.AddrPortFrom(dst, port)))
			from.Put(rawpc.Datagram(netip.AddrPortFrom(src, 5000), netip.AddrPortFrom(dst, port), []byte("hello")))
		}
		from.Put(rawpc.Echo(src, dst))
		return sleep(ctx, 500*time.Millisecond)
	}
	if err := throw(); err != nil {
		return err
	}
	for _, c := range []*rawpc.Connection{a, b} { // both at work
		if _, err := f.login(ctx, c, nil); err != nil {
			return err
		}
	}
	if err := throw(); err != nil {
		return err
	}
	row, err := f.Audit(ctx, "flows.refused", func(r Row) bool {
		return r.ObjectID == string(a.Answer.Connection) && r.Reason == "operator_to_operator"
	})
	r.Control = a.Call(ctx, http.MethodGet, "desktops", nil, nil) == nil && b.Call(ctx, http.MethodGet, "desktops", nil, nil) == nil
	mu.Lock()
	defer mu.Unlock()
	r.Refused, r.Evidence = arrived == 0 && err == nil, fmt.Sprintf("26 packets, %d arrived; %s to %s", arrived, row, row.Detail["to"])
	return nil
}

// heard collects what comes back to any of several tapped PCs, by the port it comes to.
type heard struct {
	mu  sync.Mutex
	got map[uint16]int
	any []string // everything, in words
}

func watch(taps ...*rawpc.Tap) *heard {
	h := &heard{got: map[uint16]int{}}
	for _, t := range taps {
		t.Watch(h.note)
	}
	return h
}

func (h *heard) note(p []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k, ok := stack.ParsePacket(p)
	if !ok {
		h.any = append(h.any, fmt.Sprintf("protocol %d from %v", p[9], netip.AddrFrom4([4]byte(p[12:16]))))
		return
	}
	h.got[k.Dst.Port()]++
	if k.Flags&stack.FlagRST != 0 {
		h.any = append(h.any, fmt.Sprintf("reset from %v to port %d", k.Src, k.Dst.Port()))
		return
	}
	h.any = append(h.any, fmt.Sprintf("protocol %d from %v to port %d", k.Proto, k.Src, k.Dst.Port()))
}

func (h *heard) ports(ports ...uint16) (got []uint16) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range ports {
		if h.got[p] > 0 {
			got = append(got, p)
		}
	}
	return got
}

// within waits until something came to port.
func (h *heard) within(limit time.Duration, port uint16) bool {
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if len(h.ports(port)) > 0 {
			return true
		}
	}
	return false
}
