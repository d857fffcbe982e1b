package searches

import (
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

// What somebody typed where an id belongs may be a name: it can be erased.
func TestWhatIsNoIDCanBeErased(t *testing.T) {
	id := wire.NewID()
	e := takenRow(Take{Query: Query{Person: "見本 花子", Device: id, Object: "hanako", Kind: "audit.exported,login.", From: "2026-11-01", Text: "語"}}, []Row{{Seq: 1}}, "d")
	for name, want := range map[string]string{"person": "見本 花子", "object": "hanako", "words": "語"} {
		if e.Personal[name] != want || e.Detail[name] != "" {
			t.Errorf("%s: %v, %v", name, e.Personal, e.Detail)
		}
	}
	if e.Detail["device"] != id || e.Detail["kind"] != "audit.exported,login." || e.Detail["from"] != "2026-11-01" || len(e.Personal) != 3 {
		t.Errorf("%v", e.Detail)
	}
}
