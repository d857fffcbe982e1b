package shifts

import (
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// TestSeveralSaysWhatAllSays of those who are asked for, and of nobody else.
func TestSeveralSaysWhatAllSays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		must(t, r.Put(t.Context(), "admin", "op", Shift{"mon": spans(t, "09:00-10:30")}))
		must(t, r.Put(t.Context(), "admin", "op2", Shift{"tue": spans(t, "13:00-18:00")}))
		_, err := r.Extend(t.Context(), "sv", "op", time.Hour)
		must(t, err)
		all, more, err := r.Several(t.Context(), []sekisho.PersonID{"op", "nobody"})
		must(t, err)
		if len(all) != 1 || Spans(all["op"]["mon"]) != "09:00-10:30" || len(more["op"]) != 1 {
			t.Errorf("%v, %v", all, more)
		}
		if all, _, err = r.Several(t.Context(), nil); err != nil || len(all) != 0 {
			t.Errorf("nobody: %v, %v", all, err)
		}
		if _, _, err := r.Several(t.Context(), make([]sekisho.PersonID, MaxSeveral+1)); err == nil {
			t.Error("more than the bound")
		}
	})
}
