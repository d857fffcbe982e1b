package training

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// One person's records are his alone, and the log names the very file.
func TestRecordsAreTakenByPersonAndNamed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.must(r.SeedDemo(t.Context(), []sekisho.PersonID{"a", "b"}, nil))
		all, err := r.taken("")
		r.must(err)
		one, err := r.taken("a")
		r.must(err)
		none, err := r.taken("' OR 1=1 --")
		r.must(err)
		if len(all) != 10 || len(one) != 5 || len(none) != 0 {
			t.Errorf("%d, %d, %d records", len(all), len(one), len(none))
		}
		for _, record := range one {
			if record.Person != "a" {
				t.Errorf("%s's record", record.Person)
			}
		}
		rows := r.rows("training.exported")
		const sum = "3b9c358f36f0a31b6ad3e14f309c7cf198ac9246e8316f9ce543d5b19ac02b80" // of "file"
		if len(rows) != 3 || rows[0].Object.Type != "training" || rows[1].Object.Type != "person" || rows[1].Object.ID != "a" ||
			rows[1].Detail["records"] != "5" || rows[1].Detail["format"] != "csv" || rows[1].Detail["sha256"] != sum {
			t.Errorf("%+v", rows)
		}
	})
}

// More than one person may take alone does not leave, and neither does a file
// that could not be made: no row says that it did.
func TestManyRecordsAndBrokenFilesStay(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	people := []sekisho.PersonID{}
	for i := range 200 {
		people = append(people, sekisho.PersonID(fmt.Sprintf("p%03d", i)))
	}
	r.must(r.SeedDemo(t.Context(), append(people, "more"), nil))
	write := func([]Record) ([]byte, error) { return []byte("file"), nil }
	many, asked := errors.New("many"), 0
	few := func(_ context.Context, n int) error {
		if asked++; n > 1_000 {
			return many
		}
		return nil
	}
	if file, err := r.Take(t.Context(), Taking{By: "admin", May: few, Write: write}); !errors.Is(err, many) || file != nil {
		t.Errorf("many: %q, %v", file, err)
	}
	broken := errors.New("broken")
	if file, err := r.Take(t.Context(), Taking{By: "admin", May: few, Write: func([]Record) ([]byte, error) { return []byte("half"), broken }}); !errors.Is(err, broken) || file != nil || asked != 1 {
		t.Errorf("broken: %q, %v", file, err)
	}
	if rows := r.rows("training.exported"); len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
	if file, err := r.Take(t.Context(), Taking{By: "admin", Person: "p001", May: few, Write: write}); err != nil || string(file) != "file" {
		t.Errorf("one: %q, %v", file, err)
	}
	if file, err := r.Take(t.Context(), Taking{By: "admin", Write: write}); err != nil || file == nil {
		t.Errorf("confirmed: %q, %v", file, err)
	}
}
