package offices

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Rule is who is bound, and where the office is.
type Rule struct {
	Version int            // 0: nobody has made one
	Roles   []sekisho.Role // of Bindable, sorted; none: nobody is bound
	Ranges  []netip.Prefix // the office, sorted
}

// Bindable are the roles that a rule may bind. Operator is whoever holds an own
// role, whatever he is beside it: other operators have nothing to do in the console.
var Bindable = []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleOperator}

const maxRanges = 200

// Binds says whether somebody with these roles is bound.
func (r Rule) Binds(roles []sekisho.Role) bool {
	return slices.ContainsFunc(r.Roles, func(one sekisho.Role) bool { return slices.Contains(roles, one) })
}

// Office says whether an address is the office, or the server's own machine.
func (r Rule) Office(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || a.IsValid() && slices.ContainsFunc(r.Ranges, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Parse reads a rule as an administrator writes it: roles, and ranges in CIDR
// (RFC 4632, RFC 4291) or single addresses. Bits behind a length must be zero,
// and a range of every address is no office.
func Parse(roles []sekisho.Role, ranges []string) (Rule, error) {
	r := Rule{Roles: []sekisho.Role{}, Ranges: []netip.Prefix{}}
	if len(roles) > len(Bindable) || len(ranges) > maxRanges {
		return Rule{}, errMany
	}
	for _, role := range roles {
		if !slices.Contains(Bindable, role) {
			return Rule{}, errRole
		}
		r.Roles = append(r.Roles, role)
	}
	for _, text := range ranges {
		p, err := parseRange(strings.TrimSpace(text))
		if err != nil {
			return Rule{}, err
		}
		r.Ranges = append(r.Ranges, p)
	}
	slices.Sort(r.Roles)
	r.Roles = slices.Compact(r.Roles)
	slices.SortFunc(r.Ranges, netip.Prefix.Compare)
	r.Ranges = slices.Compact(r.Ranges)
	return r, nil
}

func parseRange(text string) (netip.Prefix, error) {
	if len(text) > 64 {
		return netip.Prefix{}, errRange
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" && !a.Is4In6() {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() || p.Bits() == 0 || p.Masked() != p {
		return netip.Prefix{}, errRange
	}
	return p, nil
}

// Texts writes the office as Parse reads it.
func (r Rule) Texts() []string {
	out := make([]string, 0, len(r.Ranges))
	for _, p := range r.Ranges {
		out = append(out, p.String())
	}
	return out
}

func (r Rule) rolesText() string {
	words := make([]string, len(r.Roles))
	for i, role := range r.Roles {
		words[i] = string(role)
	}
	return strings.Join(words, " ")
}

// loosens lists what next lets pass that r did not: a role that is bound no more,
// or more addresses for roles that stay bound; and what it tightens beside that. A range counts as the office before
// where one of the old ranges holds all of it.
func (r Rule) loosens(next Rule) (out []wire.Difference) {
	for _, role := range r.Roles {
		if !slices.Contains(next.Roles, role) {
			out = append(out, wire.Difference{Field: "office.role", Object: string(role), Before: "true", After: "false"})
		}
	}
	if len(r.Roles) == 0 {
		return nil // nobody was bound: next binds as many or more
	}
	for _, p := range next.Ranges {
		held := slices.ContainsFunc(r.Ranges, func(o netip.Prefix) bool { return o.Bits() <= p.Bits() && o.Contains(p.Addr()) })
		if !held {
			out = append(out, wire.Difference{Field: "office.range", Object: p.String(), Before: "false", After: "true"})
		}
	}
	for _, role := range next.Roles {
		if !slices.Contains(r.Roles, role) {
			out = append(out, wire.Difference{Field: "office.role", Object: string(role), Before: "false", After: "true", Beside: true})
		}
	}
	for _, p := range r.Ranges {
		if !slices.Contains(next.Ranges, p) {
			out = append(out, wire.Difference{Field: "office.range", Object: p.String(), Before: "true", After: "false", Beside: true})
		}
	}
	return wire.Dangers(out)
}

var (
	errRole    = sekisho.Fail(sekisho.KindInvalid, "office.role")
	errRange   = sekisho.Fail(sekisho.KindInvalid, "office.range")
	errMany    = sekisho.Fail(sekisho.KindInvalid, "office.too_many")
	errVersion = sekisho.Fail(sekisho.KindConflict, "office.changed_meanwhile")
	errLockOut = sekisho.Fail(sekisho.KindConflict, "office.locks_you_out")
	// ErrOutside is the refusal of somebody who is bound and is not in the office.
	ErrOutside = sekisho.Fail(sekisho.KindDenied, "office.outside")
)
