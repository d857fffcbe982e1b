package training

import (
	"fmt"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// What was read before is told apart from what is new, whoever wrote it: a row, its
// session, another version of a document.
func TestSigningsAreAsNewAsTheTable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(db.Migrate(ctx, audit.Schema, Schema))
		write := func(query string, args ...any) {
			t.Helper()
			must(db.Write(ctx, func(tx storage.Tx) error { _, err := tx.Exec(ctx, query, args...); return err }))
		}
		sign := func(id, session string, version int) {
			t.Helper()
			write(`INSERT INTO training_acknowledgements (id, person, document, version, language, device, connection, at, session, class, payload, signature, lease_key)
				VALUES (?, 'aoki', 'rules', ?, 'ja', 'pc', ?, 5, ?, 'face', ?, ?, ?)`, id, version, "c"+id, session, []byte{1}, []byte{2}, []byte{3})
		}
		var s signings
		signed := func(version int) string {
			t.Helper()
			doc := Document{ID: "rules"}
			doc.Version.Version = version
			var all map[sekisho.PersonID][]acknowledged
			must(db.Read(ctx, func(tx storage.Tx) (err error) { all, err = s.of(ctx, tx, []Document{doc}); return err }))
			out := ""
			for _, a := range all["aoki"] {
				out += fmt.Sprint(a.version, " ")
			}
			return out
		}
		for _, step := range []struct {
			what string
			do   func()
			want string
		}{
			{"nobody", func() {}, ""},
			{"before a session", func() { sign("b", "", 1) }, ""},
			{"in a session", func() { write("UPDATE training_acknowledgements SET session = 's' WHERE id = 'b'") }, "1 "},
			{"again", func() {}, "1 "},
			{"an older id that comes later", func() { sign("a", "s", 2) }, "2 "},
		} {
			step.do()
			version := 1
			if step.what == "an older id that comes later" {
				version = 2
			}
			if got := signed(version); got != step.want {
				t.Errorf("%s: %q, want %q", step.what, got, step.want)
			}
		}
	})
}
