package operators

import (
	"slices"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// TestOutlinesSayWhatListSays of everybody, also of whoever is out.
func TestOutlinesSayWhatListSays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		admin := r.create("admin", sekisho.RoleAdministrator)
		out := r.create("out", sekisho.RoleOperator, sekisho.RoleSupervisor)
		r.create("in", sekisho.RoleOperator)
		past := Day("2026-11-01")
		_, err := r.Suspend(t.Context(), admin.ID, out.ID, "休職")
		r.must(err)
		left := r.create("left", sekisho.RoleOperator)
		_, err = r.Update(t.Context(), admin.ID, left.ID, Change{LastDay: &past})
		r.must(err)
		list, err := r.List(t.Context())
		r.must(err)
		outlines, err := r.Outlines(t.Context())
		r.must(err)
		if len(outlines) != 4 || len(list) != 4 {
			t.Fatalf("%d, %d", len(outlines), len(list))
		}
		for _, o := range outlines {
			p := list[slices.IndexFunc(list, func(p Person) bool { return p.ID == o.ID })]
			if o.Name != p.Name || o.Kana != p.Kana || o.Login != p.Login || !slices.Equal(o.Roles, p.Roles) || o.Active != p.Active || o.Has(sekisho.RoleOperator) != p.Has(sekisho.RoleOperator) {
				t.Errorf("%s: %v %v, %v %v", p.Login, o.Roles, o.Active, p.Roles, p.Active)
			}
		}
	})
}
