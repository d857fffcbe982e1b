package devices_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestEnrolmentFromCodeToCertificate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		d := h.register("PC-001", "home")
		code := h.code(d.ID)
		typed, err := wire.ParseEnrolmentCode(code.String())
		if err != nil || typed.Server != server || typed.Trust != (roots{h.ca}).Trust().Hash() {
			t.Fatalf("the code leads to %q, %v", typed.Server, err)
		}
		p := newPC(t, true)
		h.enrol(p, typed)
		if p.id != d.ID || p.answer.AssetTag != "PC-001" {
			t.Errorf("enrolled as %q, %q", p.id, p.answer.AssetTag)
		}
		query := wire.EnrolmentQuery{Device: p.id, Ticket: p.answer.Ticket}
		if s, err := h.Status(t.Context(), query); err != nil || s.State != "pending" || len(s.Certificate) != 0 || s.Tier != "" {
			t.Errorf("before approval: %+v, %v", s, err)
		}
		seen, err := h.Get(t.Context(), p.id)
		if err != nil || seen.State != devices.Pending || seen.Fingerprint != p.answer.Fingerprint || seen.Hostname != "demo-pc" || seen.Tier != "" {
			t.Errorf("the administrator sees %q %q, %v", seen.State, seen.Fingerprint, err)
		}
		if err := h.Approve(t.Context(), administrator, p.id, strings.ToUpper(strings.ReplaceAll(seen.Fingerprint, "-", " "))); err != nil {
			t.Fatal(err)
		}
		h.fetch(p)
		got, err := h.ByCertificate(t.Context(), p.cert)
		if err != nil || got.ID != p.id || got.Tier != sekisho.TierB || got.State != devices.Issued {
			t.Errorf("ByCertificate = %q, tier %q, %v", got.ID, got.Tier, err)
		}
		for _, kind := range []string{"device.registered", "device.code_made", "device.enrolled", "device.approved", "certificate.issued"} {
			if n := len(h.rows(kind)); n != 1 {
				t.Errorf("%d audit rows %s, want 1", n, kind)
			}
		}
	})
}

// Many PCs present one code at the same moment, at several nodes: one wins.
func TestACodeHasOneWinner(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		d := h.register("PC-001", "home")
		code := h.code(d.ID)
		nodes := []*devices.Inventory{h.Inventory, h.node(), h.node()}
		const each = 5 // as often as a node lets one code be tried
		results := make(chan error, len(nodes)*each)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i, node := range nodes {
			for j := range each {
				request := newPC(t, false).request(code)
				wg.Go(func() {
					<-start
					_, err := node.Enrol(t.Context(), request, netip.AddrFrom4([4]byte{10, 0, byte(i), byte(j)}))
					results <- err
				})
			}
		}
		close(start)
		wg.Wait()
		close(results)
		winners, used := 0, 0
		for err := range results {
			switch {
			case err == nil:
				winners++
			case errors.Is(err, devices.ErrCodeUsed):
				used++
			default:
				t.Error("a loser got", err)
			}
		}
		if winners != 1 || used != len(nodes)*each-1 {
			t.Errorf("%d winners and %d who came too late of %d", winners, used, len(nodes)*each)
		}
		if n := len(h.rows("device.enrolled")); n != 1 {
			t.Errorf("%d enrolments in the audit log", n)
		}
		if n := len(h.rows("device.enrolment_refused")); n != used {
			t.Errorf("%d refusals in the audit log, want %d", n, used)
		}
	})
}

func TestCodesThatDoNotOpen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		try := func(name string, code wire.EnrolmentCode, want error, device sekisho.DeviceID) {
			t.Helper()
			if _, err := h.Enrol(t.Context(), newPC(t, true).request(code), from); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
			h.wantRow("device.enrolment_refused", sekisho.CodeOf(want), device)
			h.clk.Advance(time.Minute) // away from the limits
		}
		try("invented", wire.EnrolmentCode{Secret: wire.NewEnrolmentSecret()}, devices.ErrCodeUnknown, "")

		d := h.register("PC-001", "home")
		old := h.code(d.ID)
		current := h.code(d.ID)
		try("replaced by a newer one", old, devices.ErrCodeClosed, d.ID)
		h.enrol(newPC(t, true), current)
		try("used", current, devices.ErrCodeUsed, d.ID)

		late := h.register("PC-002", "home")
		code := h.code(late.ID)
		h.clk.Advance(14*24*time.Hour - time.Microsecond)
		if seen, err := h.Get(t.Context(), late.ID); err != nil || seen.CodeUntil.IsZero() {
			t.Errorf("the last moment of a code: %v, %v", seen.CodeUntil, err)
		}
		h.clk.Advance(time.Microsecond)
		if seen, err := h.Get(t.Context(), late.ID); err != nil || !seen.CodeUntil.IsZero() {
			t.Errorf("an expired code is still shown: %v, %v", seen.CodeUntil, err)
		}
		try("expired", code, devices.ErrCodeExpired, late.ID)
		h.wantState(late.ID, devices.Registered)

		gone := h.register("PC-003", "home")
		code = h.code(gone.ID)
		if err := h.Return(t.Context(), administrator, gone.ID, "解約"); err != nil {
			t.Fatal(err)
		}
		try("of a returned PC", code, devices.ErrCodeClosed, gone.ID)
	})
}

// A code opens for its own PC and says nothing about any other.
func TestACodeOfAnotherPC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		a, b := h.register("PC-A", "home"), h.register("PC-B", "home")
		pa, pb := newPC(t, true), newPC(t, true)
		h.enrol(pa, h.code(a.ID))
		h.enrol(pb, h.code(b.ID))
		if pa.id != a.ID || pb.id != b.ID {
			t.Fatal("a code enrolled another PC than its own")
		}
		if err := h.Approve(t.Context(), administrator, a.ID, pb.answer.Fingerprint); !errors.Is(err, devices.ErrFingerprint) {
			t.Errorf("approved with another PC's fingerprint: %v", err)
		}
		h.wantRow("device.approval_failed", devices.ErrFingerprint.Code, a.ID)
		h.wantState(a.ID, devices.Pending)
		if _, err := h.Status(t.Context(), wire.EnrolmentQuery{Device: b.ID, Ticket: pa.answer.Ticket}); !errors.Is(err, devices.ErrTicket) {
			t.Errorf("one PC's ticket answered for another: %v", err)
		}
	})
}

func TestAKeyOrTPMBelongsToOnePC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		first := h.issued("PC-001", "home", true)
		second := h.register("PC-002", "home")
		clone := *first
		if _, err := h.tryEnrol(&clone, h.code(second.ID)); !errors.Is(err, devices.ErrKeyKnown) {
			t.Errorf("a copied key: %v", err)
		}
		sameTPM := newPC(t, true)
		sameTPM.tpm = first.tpm
		code := h.code(second.ID)
		if _, err := h.tryEnrol(sameTPM, code); !errors.Is(err, devices.ErrTPMKnown) {
			t.Errorf("one TPM as two PCs: %v", err)
		}
		// The refused attempt did not spend the code, and a returned PC gives its TPM free.
		if err := h.Return(t.Context(), administrator, first.id, "交換"); err != nil {
			t.Fatal(err)
		}
		h.enrol(sameTPM, code)
	})
}

func TestEnrollingAgainEndsTheOldKey(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		old := h.issued("PC-001", "home", true)
		var closed []string
		h.OnClosed(func(d sekisho.DeviceID, reason string) { closed = append(closed, string(d)+" "+reason) })
		code := h.code(old.id)
		if _, err := h.ByCertificate(t.Context(), old.cert); err != nil {
			t.Error("a code alone ended the old key:", err)
		}
		fresh := newPC(t, true)
		fresh.tpm = old.tpm // the same PC with a new key
		h.enrol(fresh, code)
		if len(closed) != 1 || closed[0] != string(old.id)+" enrolment.superseded" {
			t.Errorf("listeners heard %q", closed)
		}
		if _, err := h.ByCertificate(t.Context(), old.cert); !errors.Is(err, devices.ErrPending) {
			t.Errorf("the old certificate while the new key is pending: %v", err)
		}
		if s, err := h.Status(t.Context(), wire.EnrolmentQuery{Device: old.id, Ticket: old.answer.Ticket}); err != nil || s.State != "refused" || s.Code != "enrolment.superseded" {
			t.Errorf("the old ticket: %+v, %v", s, err)
		}
		if err := h.Approve(t.Context(), administrator, fresh.id, fresh.answer.Fingerprint); err != nil {
			t.Fatal(err)
		}
		h.fetch(fresh)
		if _, err := h.ByCertificate(t.Context(), fresh.cert); err != nil {
			t.Error("the new key does not connect:", err)
		}
		if _, err := h.ByCertificate(t.Context(), old.cert); err == nil {
			t.Error("the old key connects again")
		}
	})
}

func TestTickets(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := newPC(t, true)
	h.enrol(p, h.code(h.register("PC-001", "home").ID))
	wrong := make([]byte, 32)
	for name, q := range map[string]wire.EnrolmentQuery{
		"guessed": {Device: p.id, Ticket: wrong}, "empty": {Device: p.id}, "no device": {Ticket: p.answer.Ticket},
		"no id": {Device: "' OR 1=1 --", Ticket: p.answer.Ticket},
	} {
		if s, err := h.Status(t.Context(), q); !errors.Is(err, devices.ErrTicket) || s.State != "" {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if err := h.Refuse(t.Context(), administrator, p.id, "写真と違う機種"); err != nil {
		t.Fatal(err)
	}
	s, err := h.Status(t.Context(), wire.EnrolmentQuery{Device: p.id, Ticket: p.answer.Ticket})
	if err != nil || s.State != "refused" || s.Code != "enrolment.refused" || len(s.Certificate) != 0 {
		t.Errorf("after a refusal: %+v, %v", s, err)
	}
	h.clk.Advance(90 * 24 * time.Hour)
	if _, err := h.Status(t.Context(), wire.EnrolmentQuery{Device: p.id, Ticket: p.answer.Ticket}); !errors.Is(err, devices.ErrTicket) {
		t.Errorf("a ticket of 90 days ago: %v", err)
	}
}

func TestMalformedRequests(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	code := h.code(h.register("PC-001", "home").ID)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakEK, err := x509.MarshalPKIXPublicKey(weak.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*wire.EnrolRequest){
		"secret too short":     func(r *wire.EnrolRequest) { r.Secret = r.Secret[:15] },
		"no request":           func(r *wire.EnrolRequest) { r.CSR = nil },
		"request cut":          func(r *wire.EnrolRequest) { r.CSR = r.CSR[:40] },
		"kind not known":       func(r *wire.EnrolRequest) { r.KeyKind = "hsm" },
		"no kind":              func(r *wire.EnrolRequest) { r.KeyKind = "" },
		"tpm without ek":       func(r *wire.EnrolRequest) { r.EK = nil },
		"software with ek":     func(r *wire.EnrolRequest) { r.KeyKind = "software" },
		"ek is noise":          func(r *wire.EnrolRequest) { r.EK = wire.Bytes("noise") },
		"ek too long":          func(r *wire.EnrolRequest) { r.EK = make(wire.Bytes, 1<<16) },
		"ek too weak":          func(r *wire.EnrolRequest) { r.EK = weakEK },
		"hostname too long":    func(r *wire.EnrolRequest) { r.Hostname = strings.Repeat("a", 254) },
		"hostname with escape": func(r *wire.EnrolRequest) { r.Hostname = "a\x1b[2J" },
		"hostname not UTF-8":   func(r *wire.EnrolRequest) { r.Hostname = "\xff" },
		"version too long":     func(r *wire.EnrolRequest) { r.Agent = strings.Repeat("9", 65) },
	} {
		r := newPC(t, true).request(code)
		spoil(&r)
		if _, err := h.Enrol(t.Context(), r, from); !errors.Is(err, devices.ErrRequest) {
			t.Errorf("%s: %v, want ErrRequest", name, err)
		}
		h.clk.Advance(time.Minute)
	}
	if n := len(h.rows("device.enrolment_refused")); n != 14 {
		t.Errorf("%d audit rows of 14 attempts", n)
	}
	h.enrol(newPC(t, true), code) // nothing of it spent the code
}

func TestTooManyAttempts(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	guess := func(source string) error {
		_, err := h.Enrol(t.Context(), newPC(t, true).request(wire.EnrolmentCode{Secret: wire.NewEnrolmentSecret()}), netip.MustParseAddr(source))
		return err
	}
	refused := 0
	for range 100 {
		if errors.Is(guess("198.51.100.1"), devices.ErrTooMany) {
			refused++
		}
	}
	if refused != 70 {
		t.Errorf("%d of 100 guesses in one moment were refused unread, want 70", refused)
	}
	if n := len(h.rows("device.enrolment_refused")); n != 31 {
		t.Errorf("%d audit rows, want 30 of guesses and one of the flood", n)
	}
	if err := guess("198.51.100.2"); !errors.Is(err, devices.ErrCodeUnknown) {
		t.Errorf("a neighbour is held up too: %v", err)
	}
	h.clk.Advance(2 * time.Second)
	if err := guess("198.51.100.1"); !errors.Is(err, devices.ErrCodeUnknown) {
		t.Errorf("after a wait: %v", err)
	}
	// One code from many sources.
	code := h.code(h.register("PC-001", "home").ID)
	for i := range 8 {
		r := newPC(t, true).request(code)
		r.KeyKind = "none"
		_, err := h.Enrol(t.Context(), r, netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", i)))
		if want := error(devices.ErrRequest); i >= 5 {
			want = devices.ErrTooMany
			if !errors.Is(err, want) {
				t.Errorf("attempt %d at one code: %v", i, err)
			}
		}
	}
	// Addresses of one home line are one source.
	if devices.Source(netip.MustParseAddr("2001:db8:1:2::1")) != devices.Source(netip.MustParseAddr("2001:db8:1:2:ffff::9")) {
		t.Error("two addresses of one /64 are two sources")
	}
	if devices.Source(netip.MustParseAddr("::ffff:192.0.2.1")) != devices.Source(netip.MustParseAddr("192.0.2.1")) {
		t.Error("one IPv4 address in two spellings is two sources")
	}
}
