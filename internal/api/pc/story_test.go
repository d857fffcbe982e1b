package pc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/pc"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestFromCodeToTunnel(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		a := c.issued("PC-001")
		out, code := c.line(a).connect()
		if code != "" || out.Tier != sekisho.TierB || len(out.Renewed) != 0 || c.tunnels.count() != 1 {
			t.Fatalf("refused %q, %+v, %d open", code, out, c.tunnels.count())
		}
		l := c.line(a)
		for range 3 { // one line carries several
			if _, code := l.connect(); code != "" {
				t.Error(code)
			}
		}
		if err := c.inv.Suspend(t.Context(), administrator, a.id, "確認"); err != nil {
			t.Fatal(err)
		}
		if n := c.tunnels.count(); n != 0 {
			t.Errorf("%d tunnels of a suspended PC are open", n)
		}
	})
}

func TestEachStateIsRefusedWithItsCode(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		a := c.issued("PC-001")
		l := c.line(a) // opened while all was well
		refused := func(want string) {
			t.Helper()
			before := len(c.refused(want, a.id))
			for _, l := range []*line{l, c.line(a)} {
				if code := l.post("bindings/nonce", struct{}{}, &wire.BindNonce{}); code != want {
					t.Errorf("a nonce: %q, want %q", code, want)
				}
				if code := l.post("connections", a.binding(make([]byte, 32), l.exporter()), &wire.ConnectAnswer{}); code != want {
					t.Errorf("a connection: %q, want %q", code, want)
				}
			}
			if n := len(c.refused(want, a.id)) - before; n != 4 {
				t.Errorf("%s: %d audit rows of four attempts", want, n)
			}
		}
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		do(c.inv.Suspend(t.Context(), administrator, a.id, "確認"))
		refused("device.suspended")
		do(c.inv.Resume(t.Context(), administrator, a.id, ""))
		if _, code := l.connect(); code != "" {
			t.Error("after it was resumed:", code)
		}
		c.clk.Advance(91 * 24 * time.Hour)
		// The door's own certificate has ended too: old lines stay, new ones get a new one.
		refused("certificate.expired")
		do(c.inv.Return(t.Context(), administrator, a.id, "退職"))
		refused("device.returned")
		do(c.inv.Revoke(t.Context(), administrator, a.id, "返却後に紛失"))
		refused("device.revoked")
	})
}

func TestCertificatesThatOpenNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.issued("PC-001")

	bare := *a
	bare.cert = nil
	for _, path := range []string{"bindings/nonce", "connections"} {
		if code := c.line(&bare).post(path, struct{}{}, &struct{}{}); code != "certificate.required" {
			t.Errorf("%s without a certificate: %q", path, code)
		}
	}
	if n := len(c.refused("certificate.required", "")); n != 2 {
		t.Errorf("%d audit rows of two attempts", n)
	}

	stolen := *a // the certificate was copied, the key was not
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	stolen.key = other
	l, err := stolen.dial(c.addr)
	if err == nil { // in TLS 1.3 a client learns of it when it reads
		_, err = l.roundTrip(http.MethodPost, "/api/pc/v1/bindings/nonce", nil)
	}
	if err == nil {
		t.Error("a certificate without its key was taken")
	}

	foreign := *a
	foreign.cert = newCentre(t, storagetest.SQLite(t)).issuedFor(a)
	if code := c.line(&foreign).post("bindings/nonce", struct{}{}, &struct{}{}); code != "certificate.unknown" {
		t.Errorf("another authority's certificate for the same key: %q", code)
	}
	if n := len(c.refused("certificate.unknown", "")); n != 1 {
		t.Errorf("%d audit rows of one attempt", n)
	}
	if c.tunnels.count() != 0 {
		t.Error("a tunnel is open")
	}
}

// issuedFor certifies a's key in another house.
func (c *centre) issuedFor(a *agent) []byte {
	c.t.Helper()
	twin := &agent{t: c.t, now: c.clk.Now, key: a.key, lang: "ja"}
	if err := twin.enrol(c.code(c.register("PC-001", "home").ID)); err != nil {
		c.t.Fatal(err)
	}
	if err := c.inv.Approve(c.t.Context(), administrator, twin.id, twin.last.Fingerprint); err != nil {
		c.t.Fatal(err)
	}
	var s wire.EnrolmentStatus
	if code := c.line(twin).post("enrolments/status", wire.EnrolmentQuery{Device: twin.id, Ticket: twin.last.Ticket}, &s); code != "" {
		c.t.Fatal(code)
	}
	return s.Certificate
}

// A binding counts only on the connection that it was signed for.
func TestABindingCannotBeRelayed(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.issued("PC-001")
	mine, theirs := c.line(a), c.line(a)
	signed := a.binding(mine.nonce(), mine.exporter())
	if code := theirs.post("connections", signed, &wire.ConnectAnswer{}); code != "binding.other_connection" {
		t.Errorf("on another connection: %q", code)
	}
	if code := mine.post("connections", signed, &wire.ConnectAnswer{}); code != "binding.nonce" {
		t.Errorf("on its own, after that: %q", code)
	}
	signed = a.binding(mine.nonce(), mine.exporter())
	if code := mine.post("connections", signed, &wire.ConnectAnswer{}); code != "" {
		t.Errorf("the right way: %q", code)
	}
	if code := mine.post("connections", signed, &wire.ConnectAnswer{}); code != "binding.nonce" {
		t.Errorf("the same once more: %q", code)
	}
	late := a.binding(mine.nonce(), mine.exporter())
	c.clk.Advance(30 * time.Second)
	if code := mine.post("connections", late, &wire.ConnectAnswer{}); code != "binding.nonce" {
		t.Errorf("after 30 seconds: %q", code)
	}
	if c.tunnels.count() != 1 {
		t.Errorf("%d tunnels are open, want the right one", c.tunnels.count())
	}
	for _, code := range []string{"binding.other_connection", "binding.nonce"} {
		if len(c.refused(code, a.id)) == 0 {
			t.Errorf("no audit row %s", code)
		}
	}
}

// An enrolment that somebody relays stops at the agent, before the secret is told.
func TestARelayWithOtherRootsIsRefusedByTheAgent(t *testing.T) {
	real, relay := newCentre(t, storagetest.SQLite(t)), newCentre(t, storagetest.SQLite(t))
	code := real.code(real.register("PC-001", "home").ID)

	misled := code
	misled.Server = relay.addr // the name leads to somebody else
	if err := real.newAgent().enrol(misled); !errors.Is(err, errRoots) {
		t.Errorf("a server with other roots: %v", err)
	}

	// One that hands out the real roots cannot show a certificate of theirs.
	liar := pc.New(pc.Deps{Clock: relay.clk, Devices: relay.inv, Trust: roots{real.ca}, Tunnels: relay.tunnels, Checkpoints: relay.log, Networks: everywhere{}, Log: relay.log})
	misled.Server = relay.serve(liar, relay.ca.ServerTLS())
	if err := real.newAgent().enrol(misled); !errors.Is(err, errRoots) {
		t.Errorf("a server that borrows the real roots: %v", err)
	}
	// The secret was not told, so the code still opens.
	if err := real.newAgent().enrol(code); err != nil {
		t.Error("the code at its own server:", err)
	}
}

func TestAPCSuspendedWhileItsTunnelOpens(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.issued("PC-001")
	c.tunnels.opening = func(b devices.Binding) { // after Bind, before the connection is registered
		if err := c.inv.Suspend(t.Context(), administrator, b.Device, "その瞬間"); err != nil {
			t.Error(err)
		}
	}
	if _, code := c.line(a).connect(); code != "device.suspended" {
		t.Errorf("answered %q", code)
	}
	if c.tunnels.count() != 0 {
		t.Error("the tunnel stayed open")
	}
}

func TestRenewalAtConnect(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.issued("PC-001")
	c.clk.Advance(61 * 24 * time.Hour)
	out, code := c.line(a).connect()
	if code != "" || len(out.Renewed) == 0 {
		t.Fatalf("refused %q, renewed %d bytes", code, len(out.Renewed))
	}
	again, _ := c.line(a).connect()
	if !bytes.Equal(again.Renewed, out.Renewed) {
		t.Error("a PC that lost the answer gets a certificate of its own each time")
	}
	a.cert = out.Renewed
	c.clk.Advance(60 * 24 * time.Hour)
	if out, code := c.line(a).connect(); code != "" || len(out.Renewed) != 0 {
		t.Errorf("with the renewed one: refused %q, renewed %d bytes", code, len(out.Renewed))
	}
}

func TestPins(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	issued := c.issued("PC-001")
	l := c.line(issued)
	var held wire.ConnectAnswer
	if code := l.post("connections", issued.binding(l.nonce(), l.exporter()), &held); code != "" || held.Checkpoint == "" {
		t.Fatalf("refused %q, checkpoint %q", code, held.Checkpoint)
	}
	a := c.newAgent() // not even its certificate is left
	var answer wire.PinAnswer
	if code := c.line(a).post("pins", wire.CheckpointPin{Checkpoint: held.Checkpoint}, &answer); code != "" {
		t.Error("our own checkpoint:", code)
	}
	v, err := checkpoint.NewVerifier(c.log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the log grows
		c.register("PC-"+wire.NewID()[24:], "home")
	}
	newest, _, err := c.log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if code := c.line(a).post("pins", wire.CheckpointPin{Checkpoint: held.Checkpoint}, &answer); code != "" {
		t.Fatal(code)
	}
	moved, err := checkpoint.Pin{Note: []byte(held.Checkpoint)}.Walk(answer.Steps, nil, v, c.log.Origin())
	if err != nil || !bytes.Equal(moved.Note, newest) || held.Checkpoint == string(newest) {
		t.Errorf("the way to the newest checkpoint does not prove itself: %v", err)
	}
	stranger, _, err := newCentre(t, storagetest.SQLite(t)).log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if code := c.line(a).post("pins", wire.CheckpointPin{Checkpoint: string(stranger)}, &struct{}{}); code != "audit.pin_not_ours" {
		t.Errorf("another log's checkpoint: %q", code)
	}
}

func TestBadInput(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.issued("PC-001")
	long := []byte(`{"hostname":"` + strings.Repeat("a", 64<<10) + `"}`)
	for _, q := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"no JSON", "POST", "enrol", "SK1-AAAA", 422, "request.malformed"},
		{"nothing", "POST", "enrol", "", 422, "request.malformed"},
		{"a list", "POST", "enrol", "[]", 422, "request.malformed"},
		{"a field nobody knows", "POST", "enrol", `{"admin":true}`, 422, "request.malformed"},
		{"two values", "POST", "enrol", `{}{}`, 422, "request.malformed"},
		{"no base64", "POST", "enrol", `{"secret":"***"}`, 422, "request.malformed"},
		{"too long", "POST", "enrol", string(long), 413, "request.too_large"},
		{"empty request", "POST", "enrol", `{}`, 422, "enrolment.request_malformed"},
		{"no ticket", "POST", "enrolments/status", `{}`, 403, "enrolment.ticket_unknown"},
		{"no statement", "POST", "connections", `{}`, 403, "binding.invalid"},
		{"no checkpoint", "POST", "pins", `{}`, 422, "audit.pin_not_ours"},
		{"wrong method", "GET", "enrol", ``, 404, "request.not_found"},
		{"no route", "POST", "../../desk/v1/me", ``, 404, "request.not_found"},
	} {
		got, err := c.line(a).roundTrip(q.method, "/api/pc/v1/"+q.path, []byte(q.body))
		if err != nil || got.status != q.status || got.problem.Code != q.code {
			t.Errorf("%s: %d %q, %v; want %d %q", q.name, got.status, got.problem.Code, err, q.status, q.code)
		}
		if got.problem.Title == "" || got.problem.Action == "" || bytes.Contains(got.body, []byte("devices:")) || bytes.Contains(got.body, []byte("pc:")) {
			t.Errorf("%s: a person sees %s", q.name, got.body)
		}
	}
	a.lang = "en-GB,en;q=0.9"
	got, err := c.line(a).roundTrip("POST", "/api/pc/v1/enrol", nil)
	if err != nil || got.problem.Title != wire.TextOf("request.malformed").EN {
		t.Errorf("in English: %q, %v", got.problem.Title, err)
	}
	if _, code := c.line(a).connect(); code != "" {
		t.Error("after all that an issued PC is refused:", code)
	}
}

// Every code that these rooms can answer has its text in both languages.
func TestTexts(t *testing.T) {
	fallback := wire.TextOf("internal")
	for _, code := range []string{
		"certificate.required", "certificate.unknown", "certificate.expired", "certificate.revoked", "certificate.rotating",
		"device.asset_invalid", "device.asset_used", "device.server_invalid", "device.reason_required", "device.not_found", "device.state",
		"device.unknown", "device.pending", "device.suspended", "device.returned", "device.revoked", "device.key_replaced", "device.software_key",
		"enrolment.request_malformed", "enrolment.code_unknown", "enrolment.code_used", "enrolment.code_expired", "enrolment.code_withdrawn",
		"enrolment.key_known", "enrolment.tpm_known", "enrolment.ticket_unknown", "enrolment.fingerprint_differs", "enrolment.too_many",
		"enrolment.refused", "enrolment.superseded", "enrolment.unproved", "device.tpm_cleared", "device.tpm_replaced", "binding.invalid", "binding.other_connection", "binding.nonce",
	} {
		text := wire.TextOf(code)
		if text == fallback || text.JA == "" || text.JADo == "" || text.EN == "" || text.ENDo == "" {
			t.Errorf("%s has no text", code)
		}
	}
}

func TestFloods(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := c.newAgent()
	l := c.line(a)
	busy := 0
	for range 700 {
		got, err := l.roundTrip("POST", "/api/pc/v1/enrolments/status", []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if got.status == http.StatusServiceUnavailable {
			if got.header.Get("Retry-After") == "" {
				t.Fatal("busy without saying when to come back")
			}
			busy++
		}
	}
	if busy != 100 {
		t.Errorf("%d of 700 requests in one moment were turned away, want 100", busy)
	}
	if n := len(c.refused("enrolment.ticket_unknown", "")); n != 61 {
		t.Errorf("%d audit rows of 600 refusals in one moment, want 60 and one of the flood", n)
	}
	if n := len(c.refused("request.busy", "")); n != 1 {
		t.Errorf("%d audit rows of those turned away, want one", n)
	}
	c.clk.Advance(time.Second)
	if got, err := l.roundTrip("GET", "/api/pc/v1/trust", nil); err != nil || got.status != http.StatusOK {
		t.Errorf("a second later: %d, %v", got.status, err)
	}
}

func TestADeviceThatHammers(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a, neighbour := c.issued("PC-001"), c.issued("PC-002")
	l := c.line(a)
	turned := 0
	for range 30 {
		if l.post("bindings/nonce", struct{}{}, &wire.BindNonce{}) == "request.busy" {
			turned++
		}
	}
	if turned != 10 {
		t.Errorf("%d of 30 were turned away, want 10", turned)
	}
	if _, code := c.line(neighbour).connect(); code != "" {
		t.Error("a neighbour is held up too:", code)
	}
}

// The handler refuses everything when it is served without the authority's TLS.
func TestWithoutTLS(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	old := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, GetCertificate: c.ca.ServerTLS().GetCertificate}
	door := pc.New(pc.Deps{Clock: c.clk, Devices: c.inv, Trust: roots{c.ca}, Tunnels: c.tunnels, Checkpoints: c.log, Networks: everywhere{}, Log: c.log})
	a := c.newAgent()
	l, err := a.dial(c.serve(door, old))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := l.roundTrip("GET", "/api/pc/v1/trust", nil); err != nil || got.status != http.StatusForbidden {
		t.Errorf("over TLS 1.2: %d, %v", got.status, err)
	}
}
