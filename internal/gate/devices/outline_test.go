package devices_test

import (
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

// TestOutlinesAndSeveralSayWhatListSays of every PC.
func TestOutlinesAndSeveralSayWhatListSays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		h := newHouse(t, db)
		p := h.issued("PC-2", "home", true)
		h.register("PC-1", "home")
		if _, err := h.Kit(h.ctx(), administrator, kit(2), server, nothing); err != nil {
			t.Fatal(err)
		}
		list, err := h.List(h.ctx())
		if err != nil {
			t.Fatal(err)
		}
		outlines, err := h.Outlines(h.ctx())
		if err != nil || len(outlines) != len(list) {
			t.Fatalf("%d of %d, %v", len(outlines), len(list), err)
		}
		ids := []sekisho.DeviceID{"unknown"}
		for i, one := range list {
			ids = append(ids, one.ID)
			if o := outlines[i]; o.ID != one.ID || o.Asset != one.Asset || o.State != one.State || o.Tier != one.Tier || !o.Since.Equal(one.Since) || o.CodeHeld != one.CodeHeld {
				t.Errorf("%+v, %+v", o, one)
			}
		}
		several, err := h.Several(h.ctx(), ids)
		if err != nil || len(several) != len(list) {
			t.Fatalf("%d, %v", len(several), err)
		}
		for _, one := range list {
			if several[one.ID] != one {
				t.Errorf("%+v, %+v", several[one.ID], one)
			}
		}
		if none, err := h.Several(h.ctx(), nil); err != nil || len(none) != 0 {
			t.Errorf("none: %v, %v", none, err)
		}
		if _, err := h.Several(h.ctx(), make([]sekisho.DeviceID, devices.MaxSeveral+1)); err == nil {
			t.Error("more than the bound")
		}
		issued := several[p.id]
		hosts, err := h.Hosts(h.ctx())
		if err != nil || hosts[p.id] != issued.Hostname {
			t.Errorf("%v, %v", hosts, err)
		}
		if keys, err := h.Keys(h.ctx()); err != nil || len(keys) != 1 || keys[p.id] != issued.EK || issued.EK == "" {
			t.Errorf("%v, %v", keys, err)
		}
	})
}
