package console

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
)

type thing struct {
	id   int
	name string
	part string
}

var things = listing[thing]{
	texts:  func(t *thing) []string { return []string{t.name} },
	parts:  []string{"a", "b"},
	in:     func(t *thing, part string) bool { return t.part == part },
	orders: map[string]func(a, b *thing) int{"name": func(a, b *thing) int { return natural(a.name, b.name) }},
}

// TestPagesHoldEveryRowOnce: page by page comes the whole list, in one order,
// whatever is asked for; the counts say the same.
func TestPagesHoldEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []thing
		for i := range rapid.IntRange(0, 60).Draw(t, "rows") {
			rows = append(rows, thing{i, rapid.SampledFrom([]string{"PC-9", "PC-10", "ＰＣ－９", "見本 花子", ""}).Draw(t, "name"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "part")})
		}
		p := Paging{
			Words: rapid.SampledFrom([]string{"", "pc", "pc -9", "花子 見本", "nothing"}).Draw(t, "words"), Desc: rapid.Bool().Draw(t, "desc"),
			Limit: rapid.IntRange(1, 70).Draw(t, "limit"),
		}
		part, sort := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "part"), rapid.SampledFrom([]string{"", "name"}).Draw(t, "sort")
		whole := p
		whole.Limit = 1000
		want, view := things.page(whole, part, sort, slices.Clone(rows))
		if view.All != len(rows) || view.Found != len(want) || part != "" && view.Counts[part] != view.Found {
			t.Fatalf("%+v for %d rows", view, len(want))
		}
		var got []thing
		for p.Offset = 0; p.Offset < view.Found; p.Offset += p.Limit {
			shown, one := things.page(p, part, sort, slices.Clone(rows))
			if one.Offset != p.Offset || one.Found != view.Found || len(shown) > p.Limit {
				t.Fatalf("page %+v of %+v", one, view)
			}
			for _, r := range shown {
				got = append(got, *r)
			}
		}
		if !slices.EqualFunc(got, want, func(a thing, b *thing) bool { return a == *b }) {
			t.Fatalf("pages %v, whole %d", got, len(want))
		}
		p.Offset = view.Found + 10*p.Limit
		if shown, one := things.page(p, part, sort, slices.Clone(rows)); view.Found > 0 && (len(shown) == 0 || one.Offset+len(shown) != view.Found) {
			t.Fatalf("beyond the end: %+v with %d rows", one, len(shown))
		}
	})
}

func TestNaturalOrder(t *testing.T) {
	want := strings.Fields("10 A PC-2 PC-9 PC-10 PC-0100 PC-100a PC-123456789012345678901 Z 見本2 見本10")
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, natural)
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) string { return rapid.StringMatching(`[a01-]{0,4}`).Draw(t, name) }
		a, b, c := draw("a"), draw("b"), draw("c")
		if natural(a, b) != -natural(b, a) || natural(a, b) <= 0 && natural(b, c) <= 0 && natural(a, c) > 0 {
			t.Fatalf("%q %q %q are in no order", a, b, c)
		}
	})
}

// TestPartsOfTheLoans: a PC at home counts as permitted only while its permit
// does, and what has ended stands under all alone.
func TestPartsOfTheLoans(t *testing.T) {
	home := loanRow{Outline: devices.Outline{Asset: devices.Asset{Place: sekisho.PlaceHome}, State: devices.Issued}}
	permitted, office, held, revoked := home, home, home, home
	permitted.permitted, office.Place, held.CodeHeld, revoked.State = true, sekisho.PlaceOffice, true, devices.Revoked
	for name, want := range map[string]struct {
		row   loanRow
		parts string
	}{
		"home": {home, "out unpermitted"}, "permitted": {permitted, "out"}, "office": {office, "out"}, "held": {held, "out unpermitted received"}, "revoked": {revoked, ""},
	} {
		var parts []string
		for _, one := range loanListing.parts {
			if loanListing.in(&want.row, one) {
				parts = append(parts, one)
			}
		}
		if strings.Join(parts, " ") != want.parts {
			t.Errorf("%s: %v", name, parts)
		}
	}
}

// TestGroupsOfTheFloor: what is not understood needs attention.
func TestGroupsOfTheFloor(t *testing.T) {
	for _, c := range []struct {
		phase grants.Phase
		state sekisho.State
		want  string
	}{
		{grants.PhaseLive, sekisho.Present, "open"},
		{grants.PhaseLive, sekisho.Unsure, "watch"},
		{grants.PhaseLive, sekisho.Absent, "watch"},
		{grants.PhaseLive, sekisho.Onlooker, "alert"},
		{grants.PhaseLive, sekisho.Unknown, "watch"},
		{grants.PhaseClosed, sekisho.Spoof, "alert"},
		{grants.PhaseClosed, sekisho.Lost, "alert"},
		{grants.PhaseClosed, sekisho.Absent, "watch"},
		{grants.PhaseClosed, sekisho.Unknown, "watch"},
		{grants.PhaseQuarantine, sekisho.Unknown, "gate"},
		{grants.PhaseBreak, sekisho.Break, "away"},
		{grants.PhaseOffline, sekisho.Present, "off"}, // what it was before does not count
		{"", sekisho.Present, "alert"},
		{"new", sekisho.Present, "alert"},
	} {
		if got := groupOf(c.phase, c.state); got != c.want {
			t.Errorf("%s %s stands with %s, not %s", c.phase, c.state, got, c.want)
		}
	}
}

// TestTheFloorsOrder: what needs a person first, then who has waited longest, then by name.
func TestTheFloorsOrder(t *testing.T) {
	at := func(group, minute, rank int) seatRow {
		r := seatRow{group: group, connected: minute > 0, who: known{rank: rank}}
		r.seat.Since = time.Date(2026, 11, 22, 1, minute, 0, 0, time.UTC)
		return r
	}
	rows := []seatRow{at(5, 0, 2), at(5, 0, 1), at(3, 9, 1), at(0, 8, 1), at(0, 7, 1), at(1, 5, 2), at(1, 5, 1)}
	shown, _ := floorListing.page(Paging{Limit: 10}, "", "", rows)
	var got []string
	for _, r := range shown {
		got = append(got, fmt.Sprint(r.group, r.seat.Since.Minute(), r.who.rank))
	}
	if want := "0 7 1, 0 8 1, 1 5 1, 1 5 2, 3 9 1, 5 0 1, 5 0 2"; strings.Join(got, ", ") != want {
		t.Errorf("%v", got)
	}
}
