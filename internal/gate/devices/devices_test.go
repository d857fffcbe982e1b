package devices_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/certs"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

// acts is every act of an administrator that changes a PC's state.
var acts = map[string]func(*house, *pc) error{
	"code": func(h *house, p *pc) error {
		_, err := h.Code(h.ctx(), administrator, p.id, server, devices.Sent)
		return err
	},
	"approve": func(h *house, p *pc) error { return h.Approve(h.ctx(), administrator, p.id, p.answer.Fingerprint) },
	"refuse":  func(h *house, p *pc) error { return h.Refuse(h.ctx(), administrator, p.id, "理由") },
	"suspend": func(h *house, p *pc) error { return h.Suspend(h.ctx(), administrator, p.id, "理由") },
	"resume":  func(h *house, p *pc) error { return h.Resume(h.ctx(), administrator, p.id, "") },
	"return":  func(h *house, p *pc) error { return h.Return(h.ctx(), administrator, p.id, "理由") },
	"revoke":  func(h *house, p *pc) error { return h.Revoke(h.ctx(), administrator, p.id, "理由") },
}

// The course of a PC's life, act by act: what is not named here is refused and
// changes nothing.
var course = map[devices.State]map[string]devices.State{
	devices.Registered: {"code": devices.Registered, "return": devices.Returned, "revoke": devices.Revoked},
	devices.Pending:    {"code": devices.Pending, "approve": devices.Issued, "refuse": devices.Registered, "return": devices.Returned, "revoke": devices.Revoked},
	devices.Issued:     {"code": devices.Issued, "suspend": devices.Suspended, "return": devices.Returned, "revoke": devices.Revoked},
	devices.Suspended:  {"resume": devices.Issued, "return": devices.Returned, "revoke": devices.Revoked},
	devices.Returned:   {"revoke": devices.Revoked},
	devices.Revoked:    {},
}

// at brings a new PC into a state.
func (h *house) at(tag string, s devices.State) *pc {
	h.t.Helper()
	p := newPC(h.t, true)
	if s == devices.Registered {
		p.id = h.register(tag, "home").ID
		return p
	}
	h.enrol(p, h.code(h.register(tag, "home").ID))
	way := map[devices.State][]string{
		devices.Issued: {"approve"}, devices.Suspended: {"approve", "suspend"}, devices.Returned: {"approve", "return"}, devices.Revoked: {"approve", "revoke"},
	}
	for _, a := range way[s] {
		if err := acts[a](h, p); err != nil {
			h.t.Fatal(err)
		}
	}
	h.wantState(p.id, s)
	return p
}

func TestTheCourseOfALife(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		for s, allowed := range course {
			for name, do := range acts {
				p := h.at(fmt.Sprintf("%s-%s", s, name), s)
				want, ok := allowed[name]
				err := do(h, p)
				if !ok {
					want = s
					if !errors.Is(err, devices.ErrState) {
						t.Errorf("%s a %s PC: %v, want ErrState", name, s, err)
					}
				} else if err != nil {
					t.Errorf("%s a %s PC: %v", name, s, err)
				}
				h.wantState(p.id, want)
				h.clk.Advance(time.Minute)
			}
		}
	})
}

// TestANoteOfTwoLinesClosesAPC: nobody's lost PC stays open because of how he wrote why.
func TestANoteOfTwoLinesClosesAPC(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.at("PC-001", devices.Issued)
		for name, act := range map[string]func(context.Context, audit.Actor, sekisho.DeviceID, string) error{"suspend": h.Suspend, "resume": h.Resume, "revoke": h.Revoke} {
			if err := act(h.ctx(), administrator, p.id, "a\x00b"); !errors.Is(err, devices.ErrReason) {
				t.Errorf("%s, unprintable: %v", name, err)
			}
		}
		const note = " 電車に\r\n置き忘れ\u3000\t新宿 \n"
		for _, act := range []func(context.Context, audit.Actor, sekisho.DeviceID, string) error{h.Suspend, h.Resume, h.Revoke} {
			if err := act(h.ctx(), administrator, p.id, note); err != nil {
				t.Fatal(err)
			}
		}
		d, err := h.Get(h.ctx(), p.id)
		if err != nil || d.State != devices.Revoked || d.Reason != "電車に 置き忘れ 新宿" {
			t.Fatalf("%s %q, %v", d.State, d.Reason, err)
		}
		if err := h.Revoke(h.ctx(), administrator, p.id, " \u3000\n"); !errors.Is(err, devices.ErrReason) {
			t.Errorf("nothing but blanks: %v", err)
		}
	})
}

func TestOnlyAnIssuedPCPasses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		refused := func(want error) {
			t.Helper()
			d, err := h.ByCertificate(t.Context(), p.cert)
			if !errors.Is(err, want) || d.ID != p.id {
				t.Errorf("ByCertificate: %q, %v, want %v and the PC's name for the audit log", d.ID, err, want)
			}
			if _, err := h.Nonce(t.Context(), p.id); !errors.Is(err, want) {
				t.Errorf("Nonce: %v, want %v", err, want)
			}
			if _, err := h.Bind(t.Context(), p.id, wire.Signed{}, nil); !errors.Is(err, want) {
				t.Errorf("Bind: %v, want %v", err, want)
			}
		}
		passes := func() {
			t.Helper()
			if _, err := h.ByCertificate(t.Context(), p.cert); err != nil {
				t.Error(err)
			}
		}
		passes()
		if err := h.Suspend(t.Context(), administrator, p.id, "長期休暇"); err != nil {
			t.Fatal(err)
		}
		refused(devices.ErrSuspended)
		if err := h.Resume(t.Context(), administrator, p.id, "復帰"); err != nil {
			t.Fatal(err)
		}
		passes()
		if err := h.Return(t.Context(), administrator, p.id, "退職"); err != nil {
			t.Fatal(err)
		}
		refused(devices.ErrReturned)
		if err := h.Revoke(t.Context(), administrator, p.id, "返却後に紛失"); err != nil {
			t.Fatal(err)
		}
		refused(devices.ErrRevoked)
		for _, kind := range []string{"device.suspended", "device.resumed", "device.returned", "device.revoked", "certificate.revoked"} {
			if n := len(h.rows(kind)); n != 1 {
				t.Errorf("%d audit rows %s", n, kind)
			}
		}
		for _, e := range h.rows("device.suspended") {
			if e.Event.Actor.Person != administrator.Person || e.Event.Personal["reason"] != "長期休暇" || len(e.Event.Detail) != 0 {
				t.Errorf("the row says %+v", e.Event)
			}
		}
	})
}

func TestExpiredCertificateIsNamed(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := h.issued("PC-001", "home", true)
	h.clk.Advance(91 * 24 * time.Hour)
	d, err := h.ByCertificate(t.Context(), p.cert)
	if sekisho.CodeOf(err) != "certificate.expired" || d.ID != p.id {
		t.Errorf("ByCertificate: %q, %v", d.ID, err)
	}
}

// A database that fails must not keep a connection open.
func TestClosingDoesNotWaitForTheDatabase(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := h.issued("PC-001", "home", true)
	var heard []string
	h.OnClosed(func(d sekisho.DeviceID, reason string) {
		if d == p.id {
			heard = append(heard, reason)
		}
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Revoke(ended, administrator, p.id, "紛失"); err == nil {
		t.Fatal("Revoke wrote with a context that has ended")
	}
	if len(heard) == 0 || heard[0] != "device.revoked" {
		t.Errorf("listeners heard %q", heard)
	}
	heard = nil
	if err := h.Revoke(t.Context(), administrator, p.id, "紛失"); err != nil {
		t.Fatal(err)
	}
	if len(heard) < 2 { // before the write and after it
		t.Errorf("listeners heard %q: what opened during the write stays open", heard)
	}
}

func TestTiers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		tpm := h.issued("PC-TPM", "home", true)
		if d, err := h.Get(t.Context(), tpm.id); err != nil || d.Tier != sekisho.TierB {
			t.Errorf("a TPM's key is tier %q, %v", d.Tier, err)
		}
		strict := newPC(t, false)
		h.enrol(strict, h.code(h.register("PC-SOFT", "home").ID))
		if err := h.Approve(t.Context(), administrator, strict.id, strict.answer.Fingerprint); !errors.Is(err, devices.ErrSoftware) {
			t.Errorf("a key in software under a policy that does not name it: %v", err)
		}
		h.wantState(strict.id, devices.Pending)
		h.wantRow("device.approval_failed", devices.ErrSoftware.Code, strict.id)

		trial := h.issued("PC-TRIAL", "trial", false)
		if d, err := h.ByCertificate(t.Context(), trial.cert); err != nil || d.Tier != sekisho.TierC {
			t.Errorf("a key in software is tier %q, %v", d.Tier, err)
		}
	})
}

func TestApproveRefusesWhenThePolicyCannotBeRead(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := newPC(t, false)
	h.enrol(p, h.code(h.register("PC-001", "trial").ID))
	h.policies.set(func() { h.policies.named["trial"], h.policies.err = true, errors.New("no database") })
	if err := h.Approve(t.Context(), administrator, p.id, p.answer.Fingerprint); !errors.Is(err, devices.ErrSoftware) {
		t.Errorf("approved without knowing the policy: %v", err)
	}
}

func TestApproveWantsTheFingerprint(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p := newPC(t, true)
	h.enrol(p, h.code(h.register("PC-001", "home").ID))
	for _, typed := range []string{"", " ", "-", p.answer.Fingerprint[:len(p.answer.Fingerprint)-1], "0" + p.answer.Fingerprint} {
		if err := h.Approve(t.Context(), administrator, p.id, typed); !errors.Is(err, devices.ErrFingerprint) {
			t.Errorf("approved with %q: %v", typed, err)
		}
	}
	nobody := h.register("PC-002", "home")
	if err := h.Approve(t.Context(), administrator, nobody.ID, ""); !errors.Is(err, devices.ErrState) {
		t.Errorf("approved a PC that never enrolled: %v", err)
	}
}

func TestRegister(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		d := h.register("PC-001", "home")
		good := d.Asset
		for name, spoil := range map[string]func(*devices.Asset){
			"no tag": func(a *devices.Asset) { a.Tag = "  " }, "tag too long": func(a *devices.Asset) { a.Tag = strings.Repeat("あ", 65) },
			"tag with line break": func(a *devices.Asset) { a.Tag = "a\nb" }, "no place": func(a *devices.Asset) { a.Place = "" },
			"place unknown": func(a *devices.Asset) { a.Place = "moon" }, "no person": func(a *devices.Asset) { a.Person = "" },
			"no policy": func(a *devices.Asset) { a.Policy = "" }, "model too long": func(a *devices.Asset) { a.Model = strings.Repeat("m", 129) },
		} {
			a := good
			a.Tag = "PC-NEW"
			spoil(&a)
			if _, err := h.Register(t.Context(), administrator, a); !errors.Is(err, devices.ErrAsset) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := h.Register(t.Context(), administrator, good); !errors.Is(err, devices.ErrAssetUsed) {
			t.Errorf("the same asset twice: %v", err)
		}
		unknown := good
		unknown.Tag, unknown.Policy = "PC-NEW", "nowhere"
		if _, err := h.Register(t.Context(), administrator, unknown); !errors.Is(err, errNoPolicy) {
			t.Errorf("a policy that does not exist: %v", err)
		}
		if err := h.Return(t.Context(), administrator, d.ID, "交換"); err != nil {
			t.Fatal(err)
		}
		again, err := h.Register(t.Context(), administrator, good) // the asset is issued to the next person
		if err != nil || again.ID == d.ID {
			t.Errorf("registered anew as %q, %v", again.ID, err)
		}
		list, err := h.List(t.Context())
		if err != nil || len(list) != 2 || list[0].ID != again.ID || list[1].State != devices.Returned {
			t.Errorf("the list is %v, %v", list, err)
		}
		if _, err := h.Get(t.Context(), "nothing"); !errors.Is(err, devices.ErrNotFound) {
			t.Error(err)
		}
		for _, bad := range []string{"", "gate.example", "gate.example:0", "gate.example:x", strings.Repeat("a", 300) + ":1"} {
			if _, err := h.Code(t.Context(), administrator, again.ID, bad, devices.Sent); !errors.Is(err, devices.ErrServer) {
				t.Errorf("a code for %q: %v", bad, err)
			}
		}
		if err := h.Suspend(t.Context(), administrator, again.ID, " "); !errors.Is(err, devices.ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
	})
}

// What is logged must not tie a person to a PC, and secrets are in no table.
func TestNothingPersonalInLogs(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	d := h.register("PC-SECRET-TAG", "home")
	if text := d.LogValue().String(); strings.Contains(text, "PC-SECRET-TAG") || strings.Contains(text, string(d.Person)) {
		t.Errorf("a log line would say %s", text)
	}
	code := h.code(d.ID)
	for _, e := range h.rows("device.") {
		for k, v := range e.Event.Detail {
			if strings.Contains(v, code.String()) {
				t.Errorf("the audit log holds the code in %s", k)
			}
		}
	}
	var n int
	err := h.db.Read(t.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM devices_codes WHERE secret = ? OR secret = ?", fmt.Sprintf("%x", code.Secret), string(code.Secret[:])).Scan(&n)
	})
	if err != nil || n != 0 {
		t.Errorf("the table holds %d secrets in the clear, %v", n, err)
	}
}

// trusting is an authority that has forgotten its revocations.
type trusting struct{ *certs.Authority }

func (c trusting) Check(_ context.Context, cert *x509.Certificate) (sekisho.DeviceID, sekisho.Tier, error) {
	return sekisho.DeviceID(cert.Subject.CommonName), sekisho.TierB, nil
}

// The inventory itself knows which key counts, and refuses a former one even
// with a certificate that the authority would let pass.
func TestAFormerKeyIsRefusedByTheInventoryToo(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	old := h.issued("PC-001", "home", true)
	fresh := newPC(t, true)
	h.enrol(fresh, h.code(old.id))
	if err := h.Approve(t.Context(), administrator, old.id, fresh.answer.Fingerprint); err != nil {
		t.Fatal(err)
	}
	h.fetch(fresh)
	lax := devices.New(devices.Deps{DB: h.db, Clock: h.clk, Log: h.log, Certificates: trusting{h.ca}, Policies: h.policies, Trust: roots{h.ca}, Sitters: &h.seats})
	if _, err := lax.ByCertificate(t.Context(), old.cert); !errors.Is(err, devices.ErrKey) {
		t.Errorf("the former key: %v", err)
	}
	if _, err := lax.ByCertificate(t.Context(), fresh.cert); err != nil {
		t.Errorf("the key that counts: %v", err)
	}
	trial := h.issued("PC-002", "trial", false) // tier C, which the lax authority calls B
	if _, err := lax.ByCertificate(t.Context(), trial.cert); !errors.Is(err, devices.ErrKey) {
		t.Errorf("a certificate of a better tier than the PC has: %v", err)
	}
}
