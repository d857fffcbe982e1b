package searches_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

var key = ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))

type room struct {
	*searches.Searches
	db  *storage.DB
	log *audit.Log
}

func newRoom(t testing.TB, db *storage.DB) room {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC))
	if err := db.Migrate(t.Context(), audit.Schema, searches.Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clk, key, "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return room{searches.New(db, clk, log), db, log}
}

func (r room) add(t testing.TB, events ...audit.Event) {
	t.Helper()
	err := r.db.Write(t.Context(), func(tx storage.Tx) error {
		for _, e := range events {
			if err := r.log.Append(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func verifier(t testing.TB, r room) note.Verifier {
	t.Helper()
	v, err := checkpoint.NewVerifier(r.log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func by(p string) audit.Actor {
	return audit.Actor{Person: sekisho.PersonID(p), Role: sekisho.RoleAuditor}
}

func TestSavedSearchesAreOnesOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		q := searches.Query{Text: "見本", Kind: "session.", From: "2026-11-01", To: "2026-11-30"}
		mine, err := r.Save(ctx, by("aoki"), " 今月の接続 ", q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Save(ctx, by("mori"), "今月の接続", searches.Query{}); err != nil {
			t.Fatal(err)
		}
		list, err := r.List(ctx, "aoki")
		if err != nil || len(list) != 1 || list[0].Name != "今月の接続" || list[0].Query != q {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := r.Delete(ctx, by("mori"), mine.ID); sekisho.CodeOf(err) != "search.unknown" {
			t.Errorf("another's search was deleted: %v", err)
		}
		// The same name replaces.
		again, err := r.Save(ctx, by("aoki"), "今月の接続", searches.Query{Kind: "device."})
		if list, _ := r.List(ctx, "aoki"); err != nil || len(list) != 1 || list[0].ID != again.ID || list[0].Query.Kind != "device." {
			t.Errorf("%+v, %v", list, err)
		}
		if err := r.Delete(ctx, by("aoki"), again.ID); err != nil {
			t.Error(err)
		}
		rows, err := r.log.Search(ctx, audit.Filter{Kind: "search."})
		if err != nil || len(rows) != 4 || rows[0].Event.Kind != "search.deleted" || rows[3].Event.Personal["name"] != "今月の接続" {
			t.Errorf("%+v, %v", rows, err)
		}
		for i := range 50 {
			if _, err := r.Save(ctx, by("many"), fmt.Sprint(i), searches.Query{}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.Save(ctx, by("many"), "one more", searches.Query{}); sekisho.CodeOf(err) != "search.too_many" {
			t.Errorf("51: %v", err)
		}
		if _, err := r.Save(ctx, by("many"), "7", searches.Query{}); err != nil {
			t.Errorf("replacing one of 50: %v", err)
		}
	})
}

func TestQueriesAreBounded(t *testing.T) {
	for name, q := range map[string]searches.Query{
		"long text": {Text: strings.Repeat("あ", 201)}, "control": {Text: "a\x00b"}, "kind": {Kind: "session'; DROP"}, "id": {Person: strings.Repeat("x", 65)},
		"day": {From: "2026-13-01"}, "year": {To: "9999-01-01"}, "time": {To: "2026-11-22T00:00:00Z"},
	} {
		if _, err := q.Filter(); sekisho.CodeOf(err) != "search.query" {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := searches.Query{Kind: "audit.exported,report.made", From: "2026-11-22", To: "2026-11-22"}.Filter()
	if err != nil || len(f.Kinds) != 2 || !f.From.Equal(time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)) || f.To.Sub(f.From) != 24*time.Hour {
		t.Errorf("%+v, %v", f, err)
	}
	r := newRoom(t, storagetest.SQLite(t))
	for _, name := range []string{"", " ", strings.Repeat("a", 61), "a\nb", "\xff"} {
		if _, err := r.Save(t.Context(), by("x"), name, searches.Query{}); sekisho.CodeOf(err) != "search.name" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func events(n int) (out []audit.Event) {
	for i := range n {
		out = append(out, audit.Event{
			Kind: "device.suspended", Actor: audit.Actor{Person: "p1", Role: sekisho.RoleAdministrator}, Object: audit.Object{Type: "device", ID: "d1"}, Decision: audit.Allow,
			Reason: "device.lost", Detail: map[string]string{"n": fmt.Sprint(i), "word": "a \"quoted\"\r\nword"}, Personal: audit.Personal{"reason": "=HYPERLINK(\"http://evil.example\")"},
		})
	}
	return out
}

func take(form checkpoint.Form, q searches.Query) searches.Take {
	return searches.Take{
		By: by("auditor"), Query: q, Form: form,
		NameOf:   func(id string) string { return map[string]string{"p1": "見本 花子", "d1": "=1+1"}[id] },
		TextOf:   func(code string) string { return map[string]string{"device.lost": "紛失しました。"}[code] },
		Headings: func(c string) string { return "見出し " + c },
	}
}

func TestRowsLeaveInAFileThatTheLogNames(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.add(t, events(30)...)
		v := verifier(t, r)
		for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
			told := 0
			r.OnTaken(func() { told++ })
			taken, err := r.Take(ctx, take(form, searches.Query{Kind: "device.", Text: "evil"}))
			if err != nil || taken.Rows != 30 || told != 1 {
				t.Fatalf("form %d: %d rows, told %d, %v", form, taken.Rows, told, err)
			}
			got, err := searches.Verify(taken.File, v)
			if err != nil || got.Rows != 30 || got.By != "auditor" || got.First != 0 || got.Last != 29 {
				t.Fatalf("form %d: %+v, %v", form, got, err)
			}
			rows, err := r.log.Search(ctx, audit.Filter{Kind: searches.KindTaken, Limit: 1})
			if err != nil || rows[0].Seq != got.Seq || rows[0].Event.Detail["rows"] != "30" || rows[0].Event.Detail["kind"] != "device." ||
				rows[0].Event.Detail["sha256"] != got.SHA256 || rows[0].Event.Personal["words"] != "evil" || strings.Contains(string(rows[0].Leaf), "evil") {
				t.Errorf("form %d: the log says %+v, %v", form, rows, err)
			}
		}
		if _, err := r.Take(ctx, take(checkpoint.FormCSV, searches.Query{Kind: "nothing."})); sekisho.CodeOf(err) != "search.nothing" {
			t.Errorf("nothing: %v", err)
		}
		if _, err := r.Take(ctx, take(checkpoint.FormHTML, searches.Query{})); sekisho.CodeOf(err) != "search.query" {
			t.Errorf("another form: %v", err)
		}
	})
}

// Each row's own proof stands alone, as `sekisho audit verify` takes it.
func TestEachRowCarriesItsProof(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(5)...)
	v := verifier(t, r)
	taken, err := r.Take(t.Context(), take(checkpoint.FormJSON, searches.Query{}))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Rows        []searches.Row
		Attestation string
	}
	if err := json.Unmarshal(taken.File, &file); err != nil || len(file.Rows) != 5 || file.Attestation == "" {
		t.Fatalf("the file is one JSON object: %v, %+v", err, file)
	}
	for _, row := range file.Rows {
		p, err := checkpoint.ParseProof([]byte(row.Proof))
		if err != nil {
			t.Fatal(err)
		}
		if c, err := p.Verify(v, v.Name()); err != nil || p.Index != row.Seq || c.Size < 5 {
			t.Errorf("row %d: %+v, %v", row.Seq, c, err)
		}
	}
}

// What a spreadsheet opens: UTF-8 with its mark, one record a row, no formula.
func TestTablesAreForSpreadsheets(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(2)...)
	for _, begin := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r", " =", "|cmd"} {
		r.add(t, audit.Event{Kind: "test.formula", Reason: begin + "1", Detail: map[string]string{"a": "b"}})
	}
	taken, err := r.Take(t.Context(), take(checkpoint.FormCSV, searches.Query{}))
	if err != nil || !bytes.HasPrefix(taken.File, []byte("\xef\xbb\xbf\"見出し seq\"")) {
		t.Fatalf("%.40q, %v", taken.File, err)
	}
	reader := csv.NewReader(bytes.NewReader(taken.File[3:]))
	reader.FieldsPerRecord = -1
	records, err := reader.ReadAll()
	if err != nil || len(records) != 1+14+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for _, rec := range records {
		for _, cell := range rec {
			if cell != "" && strings.ContainsAny(string([]rune(cell)[:1]), "=+-@＝＋－＠|\t\r\n ") {
				t.Errorf("a cell begins with %.20q", cell)
			}
		}
	}
	if cell := records[len(records)-2][slices.Index(searches.Columns, "object_name")]; cell != "'=1+1" {
		t.Errorf("a name that is a formula: %q", cell)
	}
	if _, err := searches.Verify(taken.File, verifier(t, r)); err != nil {
		t.Error(err)
	}
}

func TestChangedFilesAreRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(3)...)
	v := verifier(t, r)
	for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
		taken, err := r.Take(t.Context(), take(form, searches.Query{}))
		if err != nil {
			t.Fatal(err)
		}
		for i := range taken.File {
			bad := bytes.Clone(taken.File)
			bad[i] ^= 1
			if _, err := searches.Verify(bad, v); err == nil {
				t.Fatalf("form %d: byte %d changed, and the file passes", form, i)
			}
		}
		other, err := checkpoint.NewVerifier(checkpoint.VerifierKey("test.example/log", ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := searches.Verify(taken.File, other); !errors.Is(err, checkpoint.ErrSignature) {
			t.Errorf("form %d: another key: %v", form, err)
		}
	}
}

// A centre that lies: the file is named by its log, and says of a row what the row's leaf does not.
func TestALyingFileIsRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(3)...)
	v := verifier(t, r)
	for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
		taken, err := r.Take(t.Context(), take(form, searches.Query{}))
		if err != nil {
			t.Fatal(err)
		}
		a, err := checkpoint.Detach(taken.File)
		if err != nil {
			t.Fatal(err)
		}
		for name, lie := range map[string][2]string{"another outcome": {`"allow"`, `"deny"`}, "another person": {`"p1"`, `"p2"`}, "another kind": {"device.suspended", "device.revoked"}} {
			body := bytes.Replace(a.Body, []byte(lie[0]), []byte(lie[1]), 1)
			if bytes.Equal(body, a.Body) {
				t.Fatalf("form %d: %s changed nothing", form, name)
			}
			proof, err := r.log.Attest(t.Context(), audit.Event{Kind: searches.KindTaken, Detail: map[string]string{"sha256": checkpoint.Digest(body), "rows": "3"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			file, err := checkpoint.Attested{Form: form, Body: body, Proof: proof}.Attach()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := searches.Verify(file, v); !errors.Is(err, checkpoint.ErrChanged) {
				t.Errorf("form %d: %s: %v", form, name, err)
			}
		}
	}
}

// While the log cannot be signed nothing leaves: there would be no proof.
func TestNothingLeavesWithoutTheLog(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.add(t, events(3)...)
	broken := searches.New(r.db, clock.NewFake(time.Now()), deaf{r.log})
	if taken, err := broken.Take(t.Context(), take(checkpoint.FormCSV, searches.Query{})); err == nil || taken.File != nil {
		t.Errorf("%d bytes left, %v", len(taken.File), err)
	}
}

// deaf is a log that takes no entry.
type deaf struct{ *audit.Log }

func (deaf) Attest(context.Context, audit.Event, func(storage.Tx) error) (checkpoint.Proof, error) {
	return checkpoint.Proof{}, audit.ErrUnchecked
}

func FuzzVerify(f *testing.F) {
	r := newRoom(f, storagetest.SQLite(f))
	r.add(f, events(2)...)
	v := verifier(f, r)
	good := map[string]bool{}
	for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
		taken, err := r.Take(f.Context(), take(form, searches.Query{}))
		if err != nil {
			f.Fatal(err)
		}
		good[string(taken.File)] = true
		f.Add(taken.File)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := searches.Verify(file, v); (err == nil) != good[string(file)] {
			t.Errorf("%.80q: %v", file, err)
		}
	})
}
