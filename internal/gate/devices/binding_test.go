package devices_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

var exporter = bytes.Repeat([]byte{7}, devices.ExporterLength)

func payload(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (p *pc) bind(b wire.Binding) wire.Signed { return p.sign(wire.DomainBinding, payload(p.t, b)) }

func TestBind(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		statement := p.statement(h.nonce(p.id), exporter)
		b, err := h.Bind(t.Context(), p.id, p.bind(statement), exporter)
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.Get(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		if b.Device != p.id || b.Person != d.Person || b.Tier != sekisho.TierB || b.Policy != "home" || b.Place != sekisho.PlaceHome ||
			!bytes.Equal(b.WGPub[:], statement.WireGuard) || !bytes.Equal(b.LeaseKey, statement.LeaseKey) {
			t.Errorf("bound %+v", b)
		}
		if err := h.Still(t.Context(), b); err != nil {
			t.Error(err)
		}
		rows := h.rows("device.bound")
		if len(rows) != 1 || rows[0].Event.Detail["lease_key"] == "" || rows[0].Event.Detail["key"] != b.Key || rows[0].Event.Detail["statement"] == "" {
			t.Errorf("the audit log says %+v", rows)
		}
	})
}

// Every binding here differs from a good one in one thing.
func TestBindingsThatAreRefused(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p, other := h.issued("PC-001", "home", true), h.issued("PC-002", "home", true)
	plain := func(b wire.Binding) wire.Signed { return p.bind(b) }
	for name, c := range map[string]struct {
		spoil    func(*wire.Binding)
		sign     func(wire.Binding) wire.Signed
		exporter []byte
		want     error
	}{
		"good":                {want: nil},
		"another TLS session": {exporter: bytes.Repeat([]byte{8}, devices.ExporterLength), want: devices.ErrExporter},
		"no exporter at all":  {spoil: func(b *wire.Binding) { b.Exporter = nil }, exporter: []byte{}, want: devices.ErrExporter},
		"exporter not signed": {spoil: func(b *wire.Binding) { b.Exporter = nil }, want: devices.ErrExporter},
		"another PC's key":    {sign: func(b wire.Binding) wire.Signed { return other.bind(b) }, want: devices.ErrBinding},
		"another PC's name":   {spoil: func(b *wire.Binding) { b.Device = other.id }, want: devices.ErrBinding},
		"another PC's nonce":  {spoil: func(b *wire.Binding) { b.Nonce = h.nonce(other.id) }, want: devices.ErrNonce},
		"invented nonce":      {spoil: func(b *wire.Binding) { b.Nonce = bytes.Repeat([]byte{1}, 32) }, want: devices.ErrNonce},
		"no nonce":            {spoil: func(b *wire.Binding) { b.Nonce = nil }, want: devices.ErrBinding},
		"no lease key":        {spoil: func(b *wire.Binding) { b.LeaseKey = nil }, want: devices.ErrBinding},
		"short WireGuard key": {spoil: func(b *wire.Binding) { b.WireGuard = b.WireGuard[:31] }, want: devices.ErrBinding},
		"zero WireGuard key":  {spoil: func(b *wire.Binding) { b.WireGuard = make(wire.Bytes, 32) }, want: devices.ErrBinding},
		"small order":         {spoil: func(b *wire.Binding) { b.WireGuard = append(wire.Bytes{1}, make(wire.Bytes, 31)...) }, want: devices.ErrBinding},
		"escape in boot id":   {spoil: func(b *wire.Binding) { b.BootID = "\x1b" }, want: devices.ErrBinding},
		"signed as a face":    {sign: func(b wire.Binding) wire.Signed { return p.sign(wire.DomainFace, payload(t, b)) }, want: devices.ErrBinding},
		"payload changed":     {sign: func(b wire.Binding) wire.Signed { s := p.bind(b); s.Payload[20] ^= 1; return s }, want: devices.ErrBinding},
		"field nobody knows": {sign: func(b wire.Binding) wire.Signed {
			return p.sign(wire.DomainBinding, append([]byte(`{"x":1,`), payload(t, b)[1:]...))
		}, want: devices.ErrBinding},
		"two values": {sign: func(b wire.Binding) wire.Signed { return p.sign(wire.DomainBinding, append(payload(t, b), '{', '}')) }, want: devices.ErrBinding},
		"too long": {sign: func(b wire.Binding) wire.Signed {
			return p.sign(wire.DomainBinding, append(payload(t, b), bytes.Repeat([]byte{' '}, 17<<10)...))
		}, want: devices.ErrBinding},
		"nothing": {sign: func(wire.Binding) wire.Signed { return wire.Signed{} }, want: devices.ErrBinding},
	} {
		b := p.statement(h.nonce(p.id), exporter)
		if c.spoil != nil {
			c.spoil(&b)
		}
		sign, seen := plain, exporter
		if c.sign != nil {
			sign = c.sign
		}
		if c.exporter != nil {
			seen = c.exporter
		}
		got, err := h.Bind(t.Context(), p.id, sign(b), seen)
		if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err != nil && got.Device != "" {
			t.Errorf("%s: refused with a binding", name)
		}
	}
	if n := len(h.rows("device.bound")); n != 1 {
		t.Errorf("%d bindings in the audit log, want only the good one", n)
	}
}

func TestNonces(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := h.issued("PC-001", "home", true)
	try := func(nonce []byte) error {
		_, err := h.Bind(t.Context(), p.id, p.bind(p.statement(nonce, exporter)), exporter)
		return err
	}
	n := h.nonce(p.id)
	signed := p.bind(p.statement(n, exporter))
	if _, err := h.Bind(t.Context(), p.id, signed, exporter); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Bind(t.Context(), p.id, signed, exporter); !errors.Is(err, devices.ErrNonce) {
		t.Errorf("a binding replayed on its own connection: %v", err)
	}
	n = h.nonce(p.id)
	if _, err := h.Bind(t.Context(), p.id, p.bind(p.statement(n, bytes.Repeat([]byte{9}, 32))), exporter); !errors.Is(err, devices.ErrExporter) {
		t.Fatal(err)
	}
	if err := try(n); !errors.Is(err, devices.ErrNonce) {
		t.Errorf("a nonce that failed once: %v", err)
	}
	n = h.nonce(p.id)
	h.clk.Advance(30*time.Second - time.Nanosecond)
	if err := try(n); err != nil {
		t.Errorf("in the last moment: %v", err)
	}
	n = h.nonce(p.id)
	h.clk.Jump(-24 * time.Hour) // the wall clock means nothing to a nonce
	h.clk.Advance(30 * time.Second)
	if err := try(n); !errors.Is(err, devices.ErrNonce) {
		t.Errorf("after 30 seconds: %v", err)
	}
	h.clk.Jump(24 * time.Hour)
	first := h.nonce(p.id)
	for range 4 {
		h.nonce(p.id)
	}
	if err := try(first); !errors.Is(err, devices.ErrNonce) {
		t.Errorf("the fifth newest nonce: %v", err)
	}
	n = h.nonce(p.id)
	if err := h.Suspend(t.Context(), administrator, p.id, "確認"); err != nil {
		t.Fatal(err)
	}
	if err := h.Resume(t.Context(), administrator, p.id, ""); err != nil {
		t.Fatal(err)
	}
	if err := try(n); !errors.Is(err, devices.ErrNonce) {
		t.Errorf("a nonce from before a suspension: %v", err)
	}
}

func TestBindAsksThePolicyEachTime(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := h.issued("PC-001", "trial", false)
	try := func() error {
		_, err := h.Bind(t.Context(), p.id, p.bind(p.statement(h.nonce(p.id), exporter)), exporter)
		return err
	}
	if err := try(); err != nil {
		t.Fatal(err)
	}
	h.policies.set(func() { h.policies.named["trial"] = false })
	if err := try(); !errors.Is(err, devices.ErrSoftware) {
		t.Errorf("after the policy took it back: %v", err)
	}
	h.policies.set(func() { h.policies.named["trial"], h.policies.err = true, errors.New("no database") })
	if err := try(); !errors.Is(err, devices.ErrSoftware) {
		t.Errorf("when the policy cannot be read: %v", err)
	}
}

// A PC suspended between Bind and the opening of its tunnel is found by Still.
func TestStill(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		b, err := h.Bind(t.Context(), p.id, p.bind(p.statement(h.nonce(p.id), exporter)), exporter)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Suspend(t.Context(), administrator, p.id, "確認"); err != nil {
			t.Fatal(err)
		}
		if err := h.Still(t.Context(), b); !errors.Is(err, devices.ErrSuspended) {
			t.Errorf("a suspended PC's binding: %v", err)
		}
		if err := h.Resume(t.Context(), administrator, p.id, ""); err != nil {
			t.Fatal(err)
		}
		fresh := newPC(t, true)
		fresh.tpm = p.tpm
		h.enrol(fresh, h.code(p.id))
		if err := h.Approve(t.Context(), administrator, p.id, fresh.answer.Fingerprint); err != nil {
			t.Fatal(err)
		}
		if err := h.Still(t.Context(), b); !errors.Is(err, devices.ErrKey) {
			t.Errorf("a binding by the PC's former key: %v", err)
		}
		if err := h.Still(t.Context(), devices.Binding{}); err == nil {
			t.Error("the zero binding passes")
		}
	})
}

func TestRenewed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		if der, err := h.Renewed(t.Context(), p.id, p.cert); der != nil || err != nil {
			t.Errorf("a new certificate was renewed: %v", err)
		}
		h.clk.Advance(61 * 24 * time.Hour)
		der, err := h.Renewed(t.Context(), p.id, p.cert)
		if err != nil {
			t.Fatal(err)
		}
		next, err := x509.ParseCertificate(der)
		if err != nil || !p.key.PublicKey.Equal(next.PublicKey) {
			t.Fatalf("renewed for another key, %v", err)
		}
		h.clk.Advance(60 * 24 * time.Hour) // the old one has ended
		if d, err := h.ByCertificate(t.Context(), next); err != nil || d.ID != p.id {
			t.Errorf("the renewed certificate: %q, %v", d.ID, err)
		}
		if _, err := h.ByCertificate(t.Context(), p.cert); sekisho.CodeOf(err) != "certificate.expired" {
			t.Errorf("the old one: %v", err)
		}
		h.clk.Advance(time.Hour) // and the next is near its end
		if err := h.Suspend(t.Context(), administrator, p.id, "確認"); err != nil {
			t.Fatal(err)
		}
		if der, err := h.Renewed(t.Context(), p.id, next); der != nil || !errors.Is(err, devices.ErrSuspended) {
			t.Errorf("renewed while suspended: %v", err)
		}
	})
}
