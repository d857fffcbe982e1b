package console_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/permits"
)

// BenchmarkTenThousandPCs is the list of a centre with 10,000 PCs out, half of
// them with a permit; its bound is 200 ms (p95).
func BenchmarkTenThousandPCs(b *testing.B) {
	c := newCentre(b, true)
	by := audit.Actor{Person: c.who["admin"].ID, Role: sekisho.RoleAdministrator}
	for n := range 200 {
		var assets []devices.Asset
		for i := range devices.MaxKit {
			assets = append(assets, devices.Asset{Tag: fmt.Sprintf("PC-%05d", n*devices.MaxKit+i), Place: sekisho.PlaceHome, Person: c.who["op"].ID, Policy: "home"})
		}
		made := made(c.devices.Kit(b.Context(), by, assets, "gate.example:8444", func(context.Context, storage.Tx, []devices.Device) error { return nil }))(b)
		for i, d := range made {
			if i%2 == 0 {
				_, err := c.permits.Give(b.Context(), by, permits.Permit{Device: d.ID, Where: permits.AtHome, From: c.clk.Now(), Until: c.clk.Now().AddDate(0, 1, 0)})
				must(b, err)
			}
		}
	}
	sv := c.as("sv")
	for b.Loop() {
		if a := sv.do("GET", "/loans", nil); a.status != http.StatusOK || len(a.body) < 1<<20 {
			b.Fatalf("%d, %d bytes", a.status, len(a.body))
		}
	}
}
