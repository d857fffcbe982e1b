package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func customer(n int) sekisho.CustomerID {
	return sekisho.CustomerID(fmt.Sprintf("0193a1c2-7b06-7c3e-9d2f-%012d", n))
}

func call(n int) sekisho.CallID {
	return sekisho.CallID(fmt.Sprintf("0193a1c2-7b07-7c3e-9d2f-%012d", n))
}

// A customer and a call are found where a row touched them and where it is about
// them, in the log and in what is exported of it.
func TestCustomersAndCallsAreFound(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		for _, e := range []audit.Event{
			{Kind: "thing.seen", Customer: customer(1), Call: call(1)},
			{Kind: "thing.seen", Customer: customer(2), Call: call(1)},
			{Kind: "thing.seen", Customer: customer(1)},
			{Kind: "thing.ended", Object: audit.Object{Type: "call", ID: string(call(1))}},
			{Kind: "thing.seen"},
		} {
			if err := appendEvent(ctx, db, l, e); err != nil {
				t.Fatal(err)
			}
		}
		for name, test := range map[string]struct {
			f    audit.Filter
			want []int64
		}{
			"customer":              {audit.Filter{Customer: customer(1)}, []int64{2, 0}},
			"call":                  {audit.Filter{Call: call(1)}, []int64{3, 1, 0}},
			"customer in a call":    {audit.Filter{Customer: customer(2), Call: call(1)}, []int64{1}},
			"nobody":                {audit.Filter{Customer: customer(9)}, []int64{}},
			"a call is no customer": {audit.Filter{Customer: sekisho.CustomerID(call(2))}, []int64{}},
		} {
			found, err := l.Search(ctx, test.f)
			got := []int64{}
			for _, e := range found {
				got = append(got, e.Seq)
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("%s: %v, want %v; %v", name, got, test.want, err)
			}
		}
		e, err := l.Entry(ctx, 0)
		if err != nil || e.Event.Customer != customer(1) || e.Event.Call != call(1) || !strings.Contains(string(e.Leaf), `"call":"`+string(call(1))+`","customer":"`+string(customer(1))+`"`) {
			t.Errorf("%+v, %s, %v", e.Event, e.Leaf, err)
		}
		if r, err := verifyLive(t, l, nil); err != nil || !r.OK() {
			t.Errorf("%+v, %v", r, err)
		}
		checkpointOf(t, l)
		if r, err := verifyExport(t, l, exported(t, l), nil); err != nil || !r.OK() {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// What identifies a customer outside the house never gets into the log: not as
// an opening act, and of a closing act only that it was done.
func TestCustomersAreOpaque(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		hostile := []string{"090-1234-5678", "+819012345678", "4111111111111111", "sample@example.jp", "見本 花子", "M-0042", strings.ToUpper(string(customer(1))), string(customer(1)) + " ", "{" + string(customer(1)) + "}"}
		for _, value := range hostile {
			for _, e := range []audit.Event{
				{Kind: "thing.seen", Object: audit.Object{Type: "thing", ID: "t"}, Customer: sekisho.CustomerID(value)},
				{Kind: "thing.seen", Object: audit.Object{Type: "thing", ID: "t"}, Call: sekisho.CallID(value)},
			} {
				if err := appendEvent(ctx, db, l, e); sekisho.CodeOf(err) != "audit.malformed" || strings.Contains(err.Error(), value) {
					t.Errorf("%q: %v", value, err)
				}
				l.Afterwards(e)
			}
		}
		if err := l.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		found, err := l.Search(ctx, audit.Filter{Object: "t"})
		if err != nil || len(found) != 2*len(hostile) {
			t.Fatalf("%d rows, %v", len(found), err)
		}
		for _, e := range found {
			for _, value := range hostile {
				if e.Event.Kind != "audit.malformed" || e.Event.Customer != "" || e.Event.Call != "" || strings.Contains(string(e.Leaf), value) {
					t.Errorf("%s", e.Leaf)
				}
			}
		}
	})
}

// A log from before customers and calls is migrated as it stands: the same
// leaves, the same root, and everything signed before still fits.
func TestALogFromBeforeKeepsItsHashes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		migrate(t, db)
		l, err := audit.New(db, newClock(), key, origin)
		if err != nil {
			t.Fatal(err)
		}
		add(t, db, l, 40)
		pin := checkpointOf(t, l)
		before, err := l.Search(ctx, audit.Filter{Limit: 500})
		if err != nil || len(before) != 40 {
			t.Fatal(len(before), err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		err = db.Write(ctx, func(tx storage.Tx) error {
			for _, back := range []string{
				"DROP INDEX audit_leaves_customer", "DROP INDEX audit_leaves_call", "ALTER TABLE audit_leaves DROP COLUMN customer",
				"ALTER TABLE audit_leaves DROP COLUMN call", "DELETE FROM goose_audit WHERE version_id = 3",
			} {
				if _, err := tx.Exec(ctx, back); err != nil {
					return fmt.Errorf("%s: %w", back, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		l = open(t, db, newClock())
		after, err := l.Search(ctx, audit.Filter{Limit: 500})
		if err != nil || len(after) != len(before) {
			t.Fatal(len(after), err)
		}
		for i, e := range after {
			if string(e.Leaf) != string(before[i].Leaf) || strings.Contains(string(e.Leaf), "customer") || strings.Contains(string(e.Leaf), `"call"`) {
				t.Errorf("entry %d: %s", e.Seq, e.Leaf)
			}
		}
		if err := appendEvent(ctx, db, l, audit.Event{Kind: "thing.seen", Customer: customer(1)}); err != nil {
			t.Fatal(err)
		}
		if r, err := verifyLive(t, l, pin); err != nil || !r.OK() || r.Rollback != audit.RollbackChecked || r.Size != 41 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
