package searches_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// Rows about a customer or in a call are taken away, name both, and verify.
func TestRowsOfACustomerAreTaken(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	customer, call := wire.NewID(), wire.NewID()
	e := events(2)
	e[0].Customer, e[0].Call = sekisho.CustomerID(customer), sekisho.CallID(call)
	r.add(t, e...)
	for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
		for _, q := range []searches.Query{{Customer: customer}, {Call: call}} {
			taken, err := r.Take(t.Context(), take(form, q))
			if err != nil || taken.Rows != 1 || !bytes.Contains(taken.File, []byte(customer)) {
				t.Fatalf("form %d: %d rows, %v", form, taken.Rows, err)
			}
			if _, err := searches.Verify(taken.File, verifier(t, r)); err != nil {
				t.Error(err)
			}
		}
	}
	named, err := r.log.Search(t.Context(), audit.Filter{Kind: searches.KindTaken, Text: customer})
	if err != nil || len(named) != 2 || named[0].Event.Detail["customer"] != customer {
		t.Errorf("%+v, %v", named, err)
	}
}

// A table without the two columns, as they were taken away before, verifies where
// its rows name neither; where one does, something was left out.
func TestTablesFromBeforeStillVerify(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(2)...)
	v := verifier(t, r)
	if _, err := searches.Verify(r.without(t, "customer", "call"), v); err != nil {
		t.Error(err)
	}
	for _, columns := range [][]string{{"customer"}, {"call"}, {"reason", "role"}, {"customer", "call", "late"}} {
		if _, err := searches.Verify(r.without(t, columns...), v); err == nil {
			t.Errorf("a table without %v passes", columns)
		}
	}
	e := events(1)[0]
	e.Customer = sekisho.CustomerID(wire.NewID())
	r.add(t, e)
	if _, err := searches.Verify(r.without(t, "customer", "call"), v); !errors.Is(err, checkpoint.ErrChanged) {
		t.Errorf("a customer was left out: %v", err)
	}
}

// without is a table that the log names, and some columns are not in it.
func (r room) without(t *testing.T, columns ...string) []byte {
	t.Helper()
	taken, err := r.Take(t.Context(), take(checkpoint.FormCSV, searches.Query{Kind: "device."}))
	if err != nil {
		t.Fatal(err)
	}
	a, err := checkpoint.Detach(taken.File)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(a.Body[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	for _, cells := range records {
		kept := []string{}
		for i, c := range cells {
			if !slices.Contains(columns, searches.Columns[i]) {
				kept = append(kept, `"`+strings.ReplaceAll(c, `"`, `""`)+`"`)
			}
		}
		b.WriteString(strings.Join(kept, ",") + "\r\n")
	}
	proof, err := r.log.Attest(t.Context(), audit.Event{
		Kind: searches.KindTaken, Detail: map[string]string{"sha256": checkpoint.Digest(b.Bytes()), "rows": string(rune('0' + taken.Rows))}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := checkpoint.Attested{Form: checkpoint.FormCSV, Body: b.Bytes(), Proof: proof}.Attach()
	if err != nil {
		t.Fatal(err)
	}
	return file
}
