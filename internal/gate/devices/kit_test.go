package devices_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

func nothing(context.Context, storage.Tx, []devices.Device) error { return nil }

func kit(n int) (assets []devices.Asset) {
	for i := range n {
		assets = append(assets, devices.Asset{Tag: fmt.Sprintf("KIT-%03d", i), Place: sekisho.PlaceHome, Person: sekisho.PersonID(wire.NewID()), Policy: "home"})
	}
	return assets
}

// TestAKitsCodeWaitsForTheReceipt: nothing before it, 14 days after it, nothing then.
func TestAKitsCodeWaitsForTheReceipt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		made, err := h.Kit(h.ctx(), administrator, kit(3), server, nothing)
		if err != nil || len(made) != 3 || !made[0].CodeHeld {
			t.Fatalf("%+v, %v", made, err)
		}
		enrol := func(i int) error {
			_, err := h.tryEnrol(newPC(t, true), made[i].Code)
			return err
		}
		if err := enrol(0); !errors.Is(err, devices.ErrCodeHeld) {
			t.Fatalf("before the receipt: %v", err)
		}
		if list, err := h.Outlines(h.ctx()); err != nil || len(list) != 3 || list[0].Tag != "KIT-000" || !list[0].CodeHeld || list[0].Person != made[0].Person {
			t.Fatalf("%d, %v", len(list), err)
		}
		if err := h.Received(h.ctx(), administrator, made[0].ID); err != nil {
			t.Fatal(err)
		}
		if d, err := h.Get(h.ctx(), made[0].ID); err != nil || d.CodeHeld || !d.CodeUntil.Equal(h.clk.Now().Add(14*24*time.Hour)) {
			t.Fatalf("%+v, %v", d, err)
		}
		if err := enrol(0); err != nil { // the control
			t.Fatalf("after the receipt: %v", err)
		}
		if err := h.Received(h.ctx(), administrator, made[0].ID); !errors.Is(err, devices.ErrNotHeld) {
			t.Errorf("received twice: %v", err)
		}
		if err := h.Received(h.ctx(), administrator, made[1].ID); err != nil {
			t.Fatal(err)
		}
		h.clk.Advance(14 * 24 * time.Hour)
		if err := enrol(1); !errors.Is(err, devices.ErrCodeExpired) {
			t.Errorf("on the 15th day: %v", err)
		}
		h.clk.Advance(46 * 24 * time.Hour)
		if err := h.Received(h.ctx(), administrator, made[2].ID); !errors.Is(err, devices.ErrNotHeld) {
			t.Errorf("received after 60 days: %v", err)
		}
		if list, err := h.Outlines(h.ctx()); err != nil || list[2].CodeHeld {
			t.Errorf("%+v, %v", list, err)
		}
		if d, err := h.Get(h.ctx(), made[2].ID); err != nil || d.CodeHeld || !d.CodeUntil.IsZero() {
			t.Errorf("%+v, %v", d, err)
		}
	})
}

// TestEveryCodeWaitsForTheReceipt: of one PC, of one that came in another's place,
// and a new code of a kit; handed over in person, the receipt is a row with its name.
func TestEveryCodeWaitsForTheReceipt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		made, err := h.Kit(h.ctx(), administrator, kit(1), server, nothing)
		if err != nil {
			t.Fatal(err)
		}
		next, err := h.Replace(h.ctx(), administrator, h.at("OLD", devices.Issued).id, devices.Replacement{Tag: "NEW", Reason: "故障"},
			func(context.Context, storage.Tx, sekisho.DeviceID) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		before := len(h.rows("device.received"))
		for name, id := range map[string]sekisho.DeviceID{"one": h.register("ONE", "home").ID, "replacement": next, "of a kit": made[0].ID} {
			p := newPC(t, true)
			sent, err := h.Code(h.ctx(), administrator, id, server, devices.Sent)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.tryEnrol(p, sent); !errors.Is(err, devices.ErrCodeHeld) {
				t.Errorf("%s: before the receipt: %v", name, err)
			}
			if d, err := h.Get(h.ctx(), id); err != nil || !d.CodeHeld || !d.CodeUntil.Equal(h.clk.Now().Add(60*24*time.Hour)) {
				t.Errorf("%s: %v until %s, %v", name, d.CodeHeld, d.CodeUntil, err)
			}
			h.clk.Advance(20 * 24 * time.Hour)
			if err := h.Received(h.ctx(), administrator, id); err != nil {
				t.Fatal(err)
			}
			if _, err := h.tryEnrol(p, sent); err != nil {
				t.Errorf("%s: after the receipt: %v", name, err)
			}
		}
		if _, err := h.tryEnrol(newPC(t, true), made[0].Code); !errors.Is(err, devices.ErrCodeClosed) {
			t.Errorf("the kit's first code: %v", err)
		}
		if n := len(h.rows("device.received")) - before; n != 3 {
			t.Errorf("%d receipts", n)
		}
		by := h.register("BY HAND", "home").ID
		code, err := h.Code(h.ctx(), administrator, by, server, devices.InPerson)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := h.Get(h.ctx(), by); err != nil || d.CodeHeld || !d.CodeUntil.Equal(h.clk.Now().Add(14*24*time.Hour)) {
			t.Errorf("%v until %s, %v", d.CodeHeld, d.CodeUntil, err)
		}
		rows := h.rows("device.received")
		if e := rows[0].Event; len(rows) != before+4 || e.Object.ID != string(by) || e.Actor.Person != administrator.Person || e.Detail["handover"] != "in_person" {
			t.Errorf("%d receipts, the last %+v", len(rows)-before, e)
		}
		if _, err := h.tryEnrol(newPC(t, true), code); err != nil {
			t.Errorf("handed over: %v", err)
		}
	})
}

// TestAKitIsWholeOrNothing: a tag that is taken, too many, or an act beside it that fails.
func TestAKitIsWholeOrNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		h.register("KIT-002", "home")
		if _, err := h.Kit(h.ctx(), administrator, kit(3), server, nothing); !errors.Is(err, devices.ErrAssetUsed) {
			t.Errorf("a tag in use: %v", err)
		}
		if _, err := h.Kit(h.ctx(), administrator, kit(2), server, func(context.Context, storage.Tx, []devices.Device) error { return errNoPolicy }); !errors.Is(err, errNoPolicy) {
			t.Errorf("%v", err)
		}
		for _, n := range []int{0, devices.MaxKit + 1} {
			if _, err := h.Kit(h.ctx(), administrator, kit(n), server, nothing); !errors.Is(err, devices.ErrKit) {
				t.Errorf("%d: %v", n, err)
			}
		}
		if list, err := h.List(h.ctx()); err != nil || len(list) != 1 {
			t.Fatalf("half a kit was registered: %d, %v", len(list), err)
		}
	})
}

// TestReplaceIsWholeOrNothing: the old PC's certificate ends with the new one's registration.
// TestNoHomePCUnderAPolicyOfTheOffice: whose place decides what is asked of a PC.
func TestNoHomePCUnderAPolicyOfTheOffice(t *testing.T) {
	h := newHouse(t, storagetest.SQLite(t))
	d := h.register("PC-1", "home")
	a := d.Asset
	a.Tag, a.Policy = "PC-2", "office"
	if _, err := h.Register(t.Context(), administrator, a); !errors.Is(err, devices.ErrPolicyPlace) {
		t.Errorf("registered: %v", err)
	}
	also := func(context.Context, storage.Tx, []devices.Device) error { return nil }
	if _, err := h.Kit(t.Context(), administrator, []devices.Asset{a}, server, also); !errors.Is(err, devices.ErrPolicyPlace) {
		t.Errorf("in a kit: %v", err)
	}
	err := h.db.Write(t.Context(), func(tx storage.Tx) error { // from before this was refused
		_, err := tx.Exec(t.Context(), "UPDATE devices_devices SET policy = 'office' WHERE id = ?", string(d.ID))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Replace(t.Context(), administrator, d.ID, devices.Replacement{Tag: "PC-3", Reason: "交換"}, func(context.Context, storage.Tx, sekisho.DeviceID) error { return nil })
	if !errors.Is(err, devices.ErrPolicyPlace) {
		t.Errorf("in the place of another: %v", err)
	}
	a.Place = sekisho.PlaceOffice
	if _, err := h.Register(t.Context(), administrator, a); err != nil {
		t.Errorf("in the office: %v", err)
	}
}

func TestReplaceIsWholeOrNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		var told []sekisho.DeviceID
		h.OnClosed(func(id sekisho.DeviceID, _ string) { told = append(told, id) })
		h.register("TAKEN", "home")
		for state, lost := range map[devices.State]bool{devices.Returned: false, devices.Revoked: true} {
			old := h.at("OLD-"+string(state), devices.Issued)
			none := func(context.Context, storage.Tx, sekisho.DeviceID) error { return nil }
			if _, err := h.Replace(h.ctx(), administrator, old.id, devices.Replacement{Tag: "OLD-" + string(state) + "-2", Lost: lost}, none); !errors.Is(err, devices.ErrReason) {
				t.Errorf("without a reason: %v", err)
			}
			if _, err := h.Replace(h.ctx(), administrator, old.id, devices.Replacement{Tag: "\u3000TAKEN", Reason: "故障", Lost: lost}, none); !errors.Is(err, devices.ErrAssetUsed) {
				t.Errorf("a tag in use: %v", err)
			}
			if len(told) != 0 {
				t.Errorf("a replacement that was refused cut the old PC off: %v", told)
			}
			next := devices.Replacement{Tag: "NEW-" + string(state), Model: "見本", Reason: "故障", Lost: lost}
			if _, err := h.Replace(h.ctx(), administrator, old.id, next, func(context.Context, storage.Tx, sekisho.DeviceID) error { return errNoPolicy }); !errors.Is(err, errNoPolicy) {
				t.Errorf("%v", err)
			}
			h.wantState(old.id, devices.Issued)
			id, err := h.Replace(h.ctx(), administrator, old.id, next, none)
			if err != nil {
				t.Fatal(err)
			}
			h.wantState(old.id, state)
			h.wantState(id, devices.Registered)
			was, err := h.Get(h.ctx(), old.id)
			now, more := h.Get(h.ctx(), id)
			if errors.Join(err, more) != nil || was.Person != now.Person || was.Policy != now.Policy {
				t.Errorf("for somebody else: %v, %v", err, more)
			}
			if _, err := h.HolderOf(h.ctx(), old.id); err == nil {
				t.Error("somebody holds a PC that has ended")
			}
			if _, err := h.Replace(h.ctx(), administrator, old.id, devices.Replacement{Tag: "THIRD", Reason: "再"}, none); !errors.Is(err, devices.ErrState) {
				t.Errorf("replaced twice: %v", err)
			}
			if len(told) == 0 || slices.ContainsFunc(told, func(id sekisho.DeviceID) bool { return id != old.id }) {
				t.Errorf("told %v, want %s alone", told, old.id)
			}
			told = nil
		}
	})
}
