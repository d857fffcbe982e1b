package drills

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/test/centre"
)

// outsideConsole copies a supervisor's cookie in the office and comes with it from
// elsewhere. Her role is bound to issued PCs outside the office: first that
// address is of the office, then it is not. She herself works on, at the server's
// own machine, and at her PC under the guard.
func outsideConsole(ctx context.Context, f *Field, r *Result) error {
	from, err := elsewhere()
	if err != nil {
		return err
	}
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(f.Root, "outside"), Bin: f.Bin, TLS: true})
	if err != nil {
		return err
	}
	own, err := newField(f.ctx, c, f.Root)
	if err != nil {
		c.Close()
		return err
	}
	defer own.Close()
	person, err := own.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	sv, err := own.Enter(ctx, person)
	if err != nil {
		return err
	}
	copied := sv.CopiedTo(c, from)
	floor := func(k *centre.Console) string { return answerCode(k.Get(ctx, "floor", nil)) }
	two, err := own.Two(ctx)
	if err != nil {
		return err
	}
	bind := func(seen int, office string) error {
		return two.Put(ctx, "offices", map[string]any{"seen": seen, "roles": []sekisho.Role{sekisho.RoleSupervisor}, "ranges": []string{office}}, nil)
	}
	free := floor(copied)
	if err := bind(0, from.String()); err != nil {
		return err
	}
	listed := floor(copied)
	if err := bind(1, "198.51.100.0/24"); err != nil { // addresses of nobody (RFC 5737)
		return err
	}
	outside, session := floor(copied), answerCode(copied.Get(ctx, "approvals", nil))
	row, err := own.Audit(ctx, "door.refused", func(x Row) bool { return x.Reason == "office.outside" && x.Detail["route"] == "GET /floor" })
	if err != nil {
		return err
	}
	atServer := floor(sv)
	s, err := own.consoleOf(ctx, person)
	if err != nil {
		return err
	}
	defer s.Close()
	guarded := s.Console(ctx, http.MethodGet, "floor", nil, nil)
	r.Control = free == "" && listed == "" && atServer == "" && guarded == nil
	r.Refused = outside == "office.outside" && session == "office.outside"
	r.Evidence = fmt.Sprintf("her cookie from %s: without a rule 200, as an address of the office 200, outside it %s; %s; at her PC under the guard: %s", from, outside, row, answered(guarded))
	return nil
}

// answered is "200" or the code of a refusal.
func answered(err error) string {
	if err == nil {
		return "200"
	}
	return answerCode(err)
}

// elsewhere is an address of this machine that is not loopback.
func elsewhere() (netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, one := range all {
		p, err := netip.ParsePrefix(one.String())
		if err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, fmt.Errorf("%w: an address beside loopback", errMissing)
}
