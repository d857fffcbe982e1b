package trunks

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func carrier() Trunk {
	return Trunk{Name: "ひかり電話", Kind: ByRegistration, Host: "192.0.2.1", Port: 5060, Transport: UDP, Security: Clear, User: "0312345678",
		Allow: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/28"), netip.MustParsePrefix("2001:db8::/48")}, MaxCalls: 30,
		Rules: Rules{MaxCalls: 10, PerMinute: 20, From: 540, To: 1080, Zone: "Asia/Tokyo", Prefixes: []string{"+1212"}}}
}

// rows gives the audit events of a kind.
func (r room) rows(t *testing.T, kind string) (out []audit.Event) {
	t.Helper()
	must(t, r.log.Flush(t.Context()))
	found, err := r.log.Search(t.Context(), audit.Filter{Kind: kind})
	must(t, err)
	for i := range found {
		out = append(out, found[len(found)-1-i].Event)
	}
	return out
}

func TestTrunksAndNumbers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db, clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)), Config{}), t.Context()
		list, err := r.List(ctx)
		if err != nil || list == nil || len(list) != 0 {
			t.Fatalf("%v %v", list, err)
		}
		one, err := r.Create(ctx, "admin", carrier(), "pass-word-1")
		must(t, err)
		want := carrier()
		want.ID, want.HasSecret = one.ID, true
		if list, err = r.List(ctx); err != nil || len(list) != 1 || strings.Join(differs(want, list[0], false), " ") != "" || !list[0].HasSecret {
			t.Errorf("%+v, %v", list, err)
		}
		if r.book.Load().trunks[one.ID].secret != "pass-word-1" {
			t.Error("the password cannot be used")
		}
		if _, err := r.Create(ctx, "admin", carrier(), ""); sekisho.CodeOf(err) != "trunk.name_taken" {
			t.Errorf("twice the same name: %v", err)
		}
		aPasswordStaysWhereItWas(t, r, one)

		n, err := r.PlaceNumber(ctx, "admin", Number{Number: "03-1234-5678", Trunk: one.ID, Work: "w1", Flow: "f1"})
		if err != nil || n.Number != ourNumber {
			t.Fatalf("%+v %v", n, err)
		}
		if _, err := r.PlaceNumber(ctx, "admin", n); sekisho.CodeOf(err) != "trunk.number_taken" {
			t.Errorf("twice: %v", err)
		}
		if _, err := r.PlaceNumber(ctx, "admin", Number{Number: "+81398765432", Trunk: "none", Work: "w", Flow: "f"}); sekisho.CodeOf(err) != "trunk.unknown" {
			t.Errorf("no trunk: %v", err)
		}
		n.Flow = "f2"
		_, err = r.ChangeNumber(ctx, "admin", n)
		must(t, err)
		if got := r.book.Load().numbers[ourNumber]; got.Flow != "f2" {
			t.Errorf("%+v", got)
		}
		if err := r.Remove(ctx, "admin", one.ID); sekisho.CodeOf(err) != "trunk.in_use" {
			t.Errorf("a trunk with numbers: %v", err)
		}
		must(t, r.RemoveNumber(ctx, "admin", ourNumber))
		must(t, r.Remove(ctx, "admin", one.ID))
		if err := r.Remove(ctx, "admin", one.ID); sekisho.CodeOf(err) != "trunk.unknown" {
			t.Errorf("twice: %v", err)
		}
		everythingIsLogged(t, r)
	})
}

// aPasswordStaysWhereItWas: another host needs it again.
func aPasswordStaysWhereItWas(t *testing.T, r room, one Trunk) {
	t.Helper()
	other := one
	other.Host = "192.0.2.99"
	if _, err := r.Change(t.Context(), "admin", other, nil); sekisho.CodeOf(err) != "trunk.secret_again" {
		t.Errorf("a password went to another host: %v", err)
	}
	other = one
	other.MaxCalls = 40
	_, err := r.Change(t.Context(), "admin", other, nil)
	must(t, err)
	if got := r.book.Load().trunks[one.ID]; got.secret != "pass-word-1" || got.MaxCalls != 40 {
		t.Errorf("%+v", got.Trunk)
	}
}

func everythingIsLogged(t *testing.T, r room) {
	t.Helper()
	for kind, n := range map[string]int{"trunk.created": 1, "trunk.changed": 1, "trunk.removed": 1, "trunk.number_placed": 1, "trunk.number_changed": 1, "trunk.number_removed": 1} {
		rows := r.rows(t, kind)
		if len(rows) != n {
			t.Errorf("%s: %d rows", kind, len(rows))
		}
		for _, e := range rows {
			for k, v := range e.Detail {
				if strings.Contains(v, "pass-word-1") || strings.Contains(v, "312345678") {
					t.Errorf("%s: %s says %q", kind, k, v)
				}
			}
		}
	}
	if rows := r.rows(t, "trunk.changed"); len(rows) == 1 && rows[0].Detail["changed"] != "max_calls" {
		t.Errorf("%+v", rows[0].Detail)
	}
}

// TestTrunksThatAreNone are refused, each for its reason.
func TestTrunksThatAreNone(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Trunk)
		want   string
	}{
		"as it is": {func(*Trunk) {}, "internal"}, "no name": {func(x *Trunk) { x.Name = " " }, "trunk.fields"}, "lines in a name": {func(x *Trunk) { x.Name = "a\r\nb" }, "trunk.fields"},
		"a host that is more": {func(x *Trunk) { x.Host = "a b" }, "trunk.fields"}, "lines in a host": {func(x *Trunk) { x.Host = "a\r\nRoute: x" }, "trunk.fields"}, "no port": {func(x *Trunk) { x.Port = 0 }, "trunk.fields"},
		"no kind": {func(x *Trunk) { x.Kind = "" }, "trunk.fields"}, "no transport": {func(x *Trunk) { x.Transport = "" }, "trunk.fields"}, "no security": {func(x *Trunk) { x.Security = "" }, "trunk.fields"},
		"keys in the clear": {func(x *Trunk) { x.Security = SDES }, "trunk.fields"}, "lines in a user": {func(x *Trunk) { x.User = "a\r\nb" }, "trunk.fields"}, "registration of nobody": {func(x *Trunk) { x.User = "" }, "trunk.fields"},
		"no calls": {func(x *Trunk) { x.MaxCalls = 0 }, "trunk.fields"}, "nobody listed": {func(x *Trunk) { x.Allow = nil }, "trunk.allow"},
		"everybody listed": {func(x *Trunk) { x.Allow = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")} }, "trunk.allow"},
		"zero listed":      {func(x *Trunk) { x.Allow = []netip.Prefix{{}} }, "trunk.allow"},
		"hours backwards":  {func(x *Trunk) { x.Rules.From = 1200 }, "trunk.rules"}, "no zone": {func(x *Trunk) { x.Rules.Zone = "" }, "trunk.rules"}, "any number": {func(x *Trunk) { x.Rules.Prefixes = []string{"+"} }, "trunk.rules"},
		"more out than there are": {func(x *Trunk) { x.Rules.MaxCalls = 31 }, "trunk.rules"}, "without end": {func(x *Trunk) { x.Rules.PerMinute = 0 }, "trunk.rules"},
	} {
		x := carrier()
		test.change(&x)
		if err := x.check(); (err == nil) != (name == "as it is") || err != nil && sekisho.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatMayBeDialled is the table of the rules.
func TestWhatMayBeDialled(t *testing.T) {
	noon := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	r := carrier().Rules
	for number, want := range map[calls.Number]string{
		"+81312345678": "", "+819012345678": "", "+12125550100": "", "+81120123456": "",
		"+13105550100": "trunk.forbidden", "+8821612345678": "trunk.forbidden", "+81990512345": "trunk.forbidden", "+81570012345": "trunk.forbidden", "171": "trunk.forbidden", "": "trunk.forbidden",
		"+811012125550100": "trunk.forbidden", "+810105351234567": "trunk.forbidden", "+81005351035351234": "trunk.forbidden", "+8131234567": "trunk.forbidden",
		"110": "trunk.emergency", "118": "trunk.emergency", "119": "trunk.emergency", "184110": "trunk.emergency", "186119": "trunk.emergency", "+81110": "trunk.emergency",
	} {
		if err := r.permit(number, "81", noon); (want == "") != (err == nil) || err != nil && sekisho.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", string(number), err, want)
		}
	}
	for at, want := range map[time.Time]string{
		time.Date(2026, 11, 1, 23, 59, 59, 0, time.UTC): "trunk.hours", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC): "",
		time.Date(2026, 11, 2, 8, 59, 59, 0, time.UTC): "", time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC): "trunk.hours",
	} {
		if err := r.permit(ourNumber, "81", at); (want == "") != (err == nil) || err != nil && sekisho.CodeOf(err) != want {
			t.Errorf("%v: %v", at, err)
		}
	}
	if err := (Rules{}).permit(ourNumber, "81", noon); sekisho.CodeOf(err) != "trunk.forbidden" {
		t.Errorf("rules that say nothing let calls out: %v", err)
	}
	dear := r
	dear.Prefixes = []string{"+81570"}
	if err := dear.permit("+81570012345", "81", noon); err != nil {
		t.Error(err)
	}
}

// TestDiallingIsCounted: at once and a minute; each refusal has its row without the number.
func TestDiallingIsCounted(t *testing.T) {
	l := &line{}
	rules := Rules{MaxCalls: 2, PerMinute: 3}
	for i, test := range []struct {
		at   time.Duration
		out  int
		want string
	}{{0, 0, ""}, {1, 1, ""}, {2, 2, "trunk.full"}, {3, 0, ""}, {4, 0, "trunk.rate"}, {time.Minute - 1, 0, "trunk.rate"}, {time.Minute, 0, ""}} {
		l.out = test.out
		if err := l.dial(rules, test.at); (err == nil) != (test.want == "") || err != nil && sekisho.CodeOf(err) != test.want {
			t.Errorf("%d: %v", i, err)
		}
	}
	r, p := listed(t, clock.System(), func(in *Incoming) {})
	list, err := r.List(t.Context())
	must(t, err)
	for number, code := range map[calls.Number]string{"119": "trunk.emergency", "+8821612345678": "trunk.forbidden"} {
		if _, err := r.Dial(t.Context(), Outgoing{By: "op", Trunk: list[0].ID, To: number, From: ourNumber}); sekisho.CodeOf(err) != code || CauseOf(err) != calls.Forbidden {
			t.Errorf("%v", err)
		}
	}
	if _, err := r.Dial(t.Context(), Outgoing{By: "op", Trunk: list[0].ID, To: otherNumber, From: "+81300000000"}); sekisho.CodeOf(err) != "trunk.caller" {
		t.Errorf("somebody else's number was shown: %v", err)
	}
	if m := p.next(100 * time.Millisecond); m != "" {
		t.Errorf("a packet left: %q", m)
	}
	eventually(t, "refusals are logged", func() bool { return len(r.rows(t, "trunk.dial_refused")) == 3 })
	for _, e := range r.rows(t, "trunk.dial_refused") {
		if e.Decision != audit.Deny || e.Actor.Person != "op" || e.Reason == "" || bytes.Contains([]byte(e.Reason), []byte("119")) {
			t.Errorf("%+v", e)
		}
	}
}
