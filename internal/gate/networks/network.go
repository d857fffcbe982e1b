package networks

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
)

// Door is what a list stands before.
type Door string

// Doors.
const (
	Console Door = "console"
	Agents  Door = "agents"
)

// List is from where a door may be reached.
type List struct {
	Door    Door
	Version int            // 0: nobody has made one
	Ranges  []netip.Prefix // sorted; none: from everywhere
}

// maxRanges bounds a list.
const maxRanges = 200

// Contains says whether an address may reach the door.
func (l List) Contains(a netip.Addr) bool {
	if len(l.Ranges) == 0 {
		return true
	}
	a = a.Unmap().WithZone("")
	if a.IsLoopback() && l.Door == Console {
		return true
	}
	return a.IsValid() && slices.ContainsFunc(l.Ranges, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Parse reads ranges as an administrator writes them: 192.0.2.0/24, 2001:db8::/48,
// or one address. Bits behind the length must be zero, so that nobody allows
// more than he means to; a range of every address is no list and refused.
func Parse(texts []string) ([]netip.Prefix, error) {
	if len(texts) > maxRanges {
		return nil, errMany
	}
	out := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		p, err := parse(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, netip.Prefix.Compare)
	return slices.Compact(out), nil
}

func parse(text string) (netip.Prefix, error) {
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

// Texts writes ranges as Parse reads them.
func Texts(ranges []netip.Prefix) []string {
	out := make([]string, 0, len(ranges))
	for _, p := range ranges {
		out = append(out, p.String())
	}
	return out
}

var (
	errRange   = sekisho.Fail(sekisho.KindInvalid, "network.range")
	errMany    = sekisho.Fail(sekisho.KindInvalid, "network.too_many")
	errDoor    = sekisho.Fail(sekisho.KindNotFound, "request.not_found")
	errVersion = sekisho.Fail(sekisho.KindConflict, "network.changed_meanwhile")
	errLockOut = sekisho.Fail(sekisho.KindConflict, "network.locks_you_out")
	// ErrRefused is the refusal of an address that is not on a door's list.
	ErrRefused = sekisho.Fail(sekisho.KindDenied, "network.refused")
)
