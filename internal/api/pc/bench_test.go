package pc_test

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// One 接続 as the door sees it: TLS, nonce, binding, audit row, answer. The
// device's two signatures are made by a software key here.
func BenchmarkConnect(b *testing.B) {
	for name, db := range map[string]func(testing.TB) *centre{
		"sqlite":   func(t testing.TB) *centre { return newCentre(t, storagetest.SQLite(t)) },
		"postgres": func(t testing.TB) *centre { return newCentre(t, storagetest.Postgres(t)) },
	} {
		b.Run(name, func(b *testing.B) {
			c := db(b)
			a := c.issued("PC-001")
			for b.Loop() {
				c.clk.Advance(4 * time.Second) // away from the limits
				l := c.line(a)
				if code := l.post("connections", a.binding(l.nonce(), l.exporter()), &wire.ConnectAnswer{}); code != "" {
					b.Fatal(code)
				}
				l.transport.CloseIdleConnections()
			}
		})
	}
}
