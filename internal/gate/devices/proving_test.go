package devices_test

import (
	"errors"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softtpm"
)

func TestATPMThatProvesNothingIsRefused(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	code := h.code(h.register("PC-001", "trial").ID) // a policy that allows software keys: no downgrade all the same
	p := newPC(t, true)
	for name, c := range map[string]struct {
		spoil func(r *wire.EnrolRequest)
		want  error
	}{
		"an agent that proves nothing": {func(r *wire.EnrolRequest) { r.Attestation = nil }, devices.ErrUnproved},
		"an answer to no challenge":    {func(*wire.EnrolRequest) {}, attestation.ErrChallenge},
	} {
		r := p.request(code)
		c.spoil(&r)
		if _, err := h.Enrol(t.Context(), r, from); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	// The secret is not opened: the EK is another TPM's.
	r := p.request(code)
	q := p.tpm.Request()
	q.Secret, q.EK = code.Secret[:], newPC(t, true).tpm.EKDER()
	if _, err := h.Challenge(t.Context(), q, from); err != nil {
		t.Fatal(err)
	}
	r.EK, r.Attestation = q.EK, &wire.Attestation{Activated: make(wire.Bytes, 32)}
	if _, err := h.Enrol(t.Context(), r, from); !errors.Is(err, attestation.ErrActivation) {
		t.Errorf("somebody else's EK: %v", err)
	}
	d, err := h.Get(t.Context(), h.mustDevice("PC-001"))
	if err != nil || d.State != devices.Registered || d.KeyKind != "" {
		t.Errorf("after refusals it is %q with a key %q: %v", d.State, d.KeyKind, err)
	}
	h.wantRow("device.enrolment_refused", "enrolment.unproved", d.ID)
	h.wantRow("device.enrolment_refused", "attestation.not_activated", d.ID)
	h.enrol(p, code) // control: nothing of it spent the code
}

func TestChallengesAreForHoldersOfACode(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	q := newPC(t, true).tpm.Request()
	secret := wire.NewEnrolmentSecret()
	q.Secret = secret[:]
	if _, err := h.Challenge(t.Context(), q, from); !errors.Is(err, devices.ErrCodeUnknown) {
		t.Errorf("a guessed code: %v", err)
	}
	q.Secret = nil
	if _, err := h.Challenge(t.Context(), q, from); !errors.Is(err, devices.ErrRequest) {
		t.Errorf("neither code nor ticket: %v", err)
	}
	code := h.code(h.register("PC-001", "home").ID)
	q.Secret = code.Secret[:]
	refused := 0
	for range 10 {
		if _, err := h.Challenge(t.Context(), q, from); errors.Is(err, devices.ErrTooMany) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 5 {
		t.Errorf("%d of 10 challenges for one code were refused, want 5", refused)
	}
}

func TestTiersFollowTheProof(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		listed := newPC(t, true)
		if _, err := h.attests.Import(t.Context(), administrator, []byte("ek_sha256\n"+attestation.Hash(listed.tpm.EKDER())+"\n")); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			pc   *pc
			want sekisho.Tier
		}{"PC-A": {listed, sekisho.TierA}, "PC-B": {newPC(t, true), sekisho.TierB}, "PC-C": {newPC(t, false), sekisho.TierC}} {
			h.enrol(c.pc, h.code(h.register(name, "trial").ID))
			if err := h.Approve(t.Context(), administrator, c.pc.id, c.pc.answer.Fingerprint); err != nil {
				t.Fatal(err)
			}
			h.fetch(c.pc)
			if d, err := h.ByCertificate(t.Context(), c.pc.cert); err != nil || d.Tier != c.want {
				t.Errorf("%s: tier %q, %v; want %q", name, d.Tier, err, c.want)
			}
		}
		if err := h.attests.OnlyKnown(t.Context(), administrator, true); err != nil {
			t.Fatal(err)
		}
		if _, err := h.tryEnrol(newPC(t, true), h.code(h.register("PC-X", "home").ID)); !errors.Is(err, attestation.ErrNotListed) {
			t.Errorf("an unknown TPM where only known ones are taken: %v", err)
		}
	})
}

// enrolAgain presents the ticket in place of a code, with a fresh key.
func (h *house) enrolAgain(p *pc, tpm *softtpm.TPM) (*pc, error) {
	h.t.Helper()
	fresh := newPC(h.t, true)
	fresh.tpm = tpm
	r := fresh.request(wire.EnrolmentCode{})
	r.Secret, r.Device, r.Ticket = nil, p.id, p.answer.Ticket
	r, err := h.proved(fresh, r)
	if err == nil {
		fresh.answer, err = h.Enrol(h.ctx(), r, from)
	}
	fresh.id = p.id
	return fresh, err
}

// A TPM that was cleared has another key and the same endorsement key.
func TestAClearedTPMEnrolsAgainWithoutACode(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		fresh, err := h.enrolAgain(p, p.tpm)
		if err != nil {
			t.Fatal(err)
		}
		d, err := h.Get(t.Context(), p.id)
		if err != nil || d.State != devices.Pending || d.Trouble != "device.tpm_cleared" || d.TroubleAt.IsZero() {
			t.Errorf("%q, in trouble %q: %v", d.State, d.Trouble, err)
		}
		if _, err := h.ByCertificate(t.Context(), p.cert); !errors.Is(err, devices.ErrPending) {
			t.Errorf("the old key still passes: %v", err)
		}
		h.wantRow("device.enrolled", "device.tpm_cleared", p.id)
		if _, err := h.enrolAgain(p, p.tpm); !errors.Is(err, devices.ErrTicket) {
			t.Errorf("the ticket of before works once more: %v", err)
		}
		if err := h.Approve(t.Context(), administrator, p.id, fresh.answer.Fingerprint); err != nil {
			t.Fatal(err)
		}
		h.fetch(fresh)
		if d, err := h.ByCertificate(t.Context(), fresh.cert); err != nil || d.Trouble != "" || d.Tier != sekisho.TierB {
			t.Errorf("after the approval: %+v, %v", d, err)
		}
	})
}

// A disk in another PC, or another board: refused, noted, and the PC itself goes on.
func TestAnotherTPMDoesNotEnrolAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-001", "home", true)
		if _, err := h.enrolAgain(p, newPC(t, true).tpm); !errors.Is(err, devices.ErrOtherTPM) {
			t.Errorf("another TPM: %v", err)
		}
		d, err := h.ByCertificate(t.Context(), p.cert)
		if err != nil || d.State != devices.Issued {
			t.Errorf("a copy of its disk put the PC itself out: %v", err)
		}
		if d.Trouble != "device.tpm_replaced" {
			t.Errorf("trouble %q", d.Trouble)
		}
		h.wantRow("device.in_trouble", "device.tpm_replaced", p.id)
		// Suspending the PC because of it, and letting it connect again, does not wipe it away.
		if err := h.Suspend(t.Context(), administrator, p.id, "確認"); err != nil {
			t.Fatal(err)
		}
		if err := h.Resume(t.Context(), administrator, p.id, "確認済み"); err != nil {
			t.Fatal(err)
		}
		if after, err := h.ByCertificate(t.Context(), p.cert); err != nil || after.Trouble != d.Trouble || !after.TroubleAt.Equal(d.TroubleAt) {
			t.Errorf("%q since %s: %v", after.Trouble, after.TroubleAt, err)
		}
		if _, err := h.Code(t.Context(), administrator, p.id, server, devices.InPerson); err != nil { // the way out of a new board
			t.Error(err)
		}
	})
}

func TestTheTicketIsNoWayRound(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	p, soft := h.issued("PC-001", "home", true), h.issued("PC-002", "trial", false)
	guess := *p
	guess.answer.Ticket = make([]byte, 32)
	if _, err := h.enrolAgain(&guess, p.tpm); !errors.Is(err, devices.ErrTicket) {
		t.Errorf("a guessed ticket: %v", err)
	}
	if _, err := h.enrolAgain(soft, newPC(t, true).tpm); !errors.Is(err, devices.ErrTicket) {
		t.Errorf("a PC with a key in software: %v", err)
	}
	r := newPC(t, false).request(wire.EnrolmentCode{})
	r.Secret, r.Device, r.Ticket = nil, p.id, p.answer.Ticket
	if _, err := h.Enrol(t.Context(), r, from); !errors.Is(err, devices.ErrRequest) {
		t.Errorf("a software key in place of the TPM's: %v", err)
	}
	if err := h.Suspend(t.Context(), administrator, p.id, "確認"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.enrolAgain(p, p.tpm); !errors.Is(err, devices.ErrSuspended) {
		t.Errorf("round a suspension: %v", err)
	}
	if err := h.Revoke(t.Context(), administrator, p.id, "盗難"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.enrolAgain(p, p.tpm); err == nil {
		t.Error("a revoked PC enrolled again")
	}
}

func (h *house) mustDevice(tag string) sekisho.DeviceID {
	h.t.Helper()
	list, err := h.List(h.ctx())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range list {
		if d.Tag == tag {
			return d.ID
		}
	}
	h.t.Fatalf("no PC %s", tag)
	return ""
}
