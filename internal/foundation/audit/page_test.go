package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// said is an entry as a plain reader of the log would search it.
type said struct {
	seq int64
	at  time.Time
	e   audit.Event
}

func matches(s said, f audit.Filter) bool {
	about := func(id string) bool { return s.e.Object.ID == id }
	switch {
	case f.Person != "" && s.e.Actor.Person != f.Person && !about(string(f.Person)) && !slices.Contains(f.Objects, s.e.Object.ID),
		f.Device != "" && s.e.Actor.Device != f.Device && !about(string(f.Device)),
		f.Session != "" && s.e.Session != f.Session && !about(string(f.Session)),
		f.Customer != "" && s.e.Customer != f.Customer && !about(string(f.Customer)),
		f.Call != "" && s.e.Call != f.Call && !about(string(f.Call)),
		f.Object != "" && !about(f.Object),
		f.Among != nil && !slices.Contains(f.Among, string(s.e.Actor.Person)) && !slices.Contains(f.Among, s.e.Object.ID),
		!strings.HasPrefix(s.e.Kind, f.Kind),
		len(f.Kinds) > 0 && !slices.Contains(f.Kinds, s.e.Kind),
		!f.From.IsZero() && s.at.Before(f.From),
		!f.To.IsZero() && !s.at.Before(f.To),
		f.Text != "" && !strings.Contains(s.e.Personal["name"], f.Text):
		return false
	}
	return true
}

// Whatever is searched for, and however small the pages are: every entry that
// matches is found once, and no other.
func TestPagesFindWhatAPlainReaderFinds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		kinds := []string{"session.opened", "session.ended", "sessions.other", "device.bound"}
		var all []said
		err := db.Write(ctx, func(tx storage.Tx) error {
			for i := range 300 {
				clk.Advance(time.Duration(i%5) * time.Minute)
				e := audit.Event{
					Kind: kinds[i%4], Actor: audit.Actor{Person: sekisho.PersonID(fmt.Sprint("p", i%7)), Device: sekisho.DeviceID(fmt.Sprint("d", i%3))},
					Object: audit.Object{Type: "thing", ID: fmt.Sprint("p", i%11)}, Session: sekisho.SessionID([]string{"", "s1", "s2"}[i%3]),
					Personal: audit.Personal{"name": fmt.Sprint("見本 ", i%13, "%_")},
				}
				if i%4 == 0 {
					e.Customer, e.Call = customer(i%3), call(i%5)
				}
				if i%29 == 0 {
					e.Object = audit.Object{Type: "customer", ID: string(customer(0))}
				}
				if err := l.Append(ctx, tx, e); err != nil {
					return err
				}
				all = append(all, said{int64(i), clk.Now(), e})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		first, last := all[0].at, all[len(all)-1].at
		rapid.Check(t, func(r *rapid.T) {
			f := audit.Filter{Limit: rapid.IntRange(1, 90).Draw(r, "limit")}
			if rapid.Bool().Draw(r, "by person") {
				f.Person = sekisho.PersonID(rapid.SampledFrom([]string{"p0", "p3", "p9", "nobody"}).Draw(r, "person"))
				if rapid.Bool().Draw(r, "objects too") {
					f.Objects = []string{"p10", "p1"}
				}
			}
			if rapid.Bool().Draw(r, "by device") {
				f.Device = "d1"
			}
			if rapid.Bool().Draw(r, "by session") {
				f.Session = "s2"
			}
			if rapid.IntRange(0, 2).Draw(r, "by customer") == 0 {
				f.Customer = customer(rapid.IntRange(0, 3).Draw(r, "customer"))
			}
			if rapid.IntRange(0, 2).Draw(r, "by call") == 0 {
				f.Call = call(rapid.IntRange(0, 5).Draw(r, "call"))
			}
			if rapid.IntRange(0, 4).Draw(r, "by object") == 0 {
				f.Object = "p5"
			}
			if rapid.Bool().Draw(r, "among") {
				f.Among = rapid.SampledFrom([][]string{{}, {"p1"}, {"p2", "p9", "nobody"}, {"nobody"}}).Draw(r, "ids")
			}
			switch rapid.IntRange(0, 3).Draw(r, "by kind") {
			case 1:
				f.Kind = rapid.SampledFrom([]string{"session.", "session", "session.ended", "none."}).Draw(r, "kind")
			case 2:
				f.Kinds = []string{"session.opened", "device.bound"}
			}
			if rapid.Bool().Draw(r, "from") {
				f.From = first.Add(time.Duration(rapid.Int64Range(0, last.Sub(first).Microseconds()).Draw(r, "after µs")) * time.Microsecond)
			}
			if rapid.Bool().Draw(r, "to") {
				f.To = first.Add(time.Duration(rapid.Int64Range(0, last.Sub(first).Microseconds()).Draw(r, "before µs")) * time.Microsecond)
			}
			if rapid.Bool().Draw(r, "words") {
				f.Text = rapid.SampledFrom([]string{"見本 1", "%_", "12%", "nothing"}).Draw(r, "text")
			}
			want := []int64{}
			for _, s := range slices.Backward(all) {
				if matches(s, f) {
					want = append(want, s.seq)
				}
			}
			if got := walked(ctx, t, l, f); !slices.Equal(got, want) {
				r.Fatalf("%+v:\n got %v\nwant %v", f, got, want)
			}
		})
	})
}

// What narrows to so many ids is one question for a database, whatever else is asked.
func TestAmongTakesManyAndNoMore(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		if err := db.Write(ctx, func(tx storage.Tx) error {
			for _, p := range []sekisho.PersonID{"9999", "other"} {
				if err := l.Append(ctx, tx, audit.Event{Kind: "person.changed", Actor: audit.Actor{Person: p}, Personal: audit.Personal{"name": "見本"}}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		ids := make([]string, 10_000)
		for i := range ids {
			ids[i] = fmt.Sprint(i)
		}
		for name, f := range map[string]audit.Filter{
			"alone": {}, "by person": {Person: "9999", Objects: []string{"o"}}, "by kinds": {Kinds: []string{"person.changed", "person.created", "session.opened"}},
			"by a kind's beginning": {Kind: "person."}, "by words": {Text: "見本"}, "by words and kinds": {Text: "見本", Kinds: []string{"person.changed", "person.created"}},
		} {
			f.Among = ids
			if page, err := l.Page(ctx, f); err != nil || len(page.Entries) != 1 || page.Entries[0].Event.Actor.Person != "9999" {
				t.Errorf("%s: %d entries, %v", name, len(page.Entries), err)
			}
		}
		ids = append(ids, "one more")
		if _, err := l.Page(ctx, audit.Filter{Among: ids}); sekisho.CodeOf(err) != "request.too_large" {
			t.Errorf("Page: %v", err)
		}
		if _, err := l.Search(ctx, audit.Filter{Among: ids}); sekisho.CodeOf(err) != "request.too_large" {
			t.Errorf("Search: %v", err)
		}
	})
}

func walked(ctx context.Context, t *testing.T, l *audit.Log, f audit.Filter) []int64 {
	t.Helper()
	got := []int64{}
	for pages := 0; ; pages++ {
		page, err := l.Page(ctx, f)
		if err != nil || pages > 400 || len(page.Entries) > f.Limit+1 {
			t.Fatalf("page %d: %d entries, %v", pages, len(page.Entries), err)
		}
		for _, e := range page.Entries {
			got = append(got, e.Seq)
		}
		if f.Before = page.Next; f.Before == 0 {
			return got
		}
	}
}

// Where only a span of time narrows, an entry that was written late stands
// where it happened; where nothing does, it stands where it was written.
func TestLateEntriesStandWhereTheyHappened(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		begin := clk.Now()
		clk.Jump(time.Hour)
		add(t, db, l, 3)
		clk.Jump(-time.Hour) // the clock of the machine went back
		add(t, db, l, 1)
		clk.Jump(2 * time.Hour)
		add(t, db, l, 1)
		if got := walked(ctx, t, l, audit.Filter{Limit: 2}); !slices.Equal(got, []int64{4, 3, 2, 1, 0}) {
			t.Errorf("by number: %v", got)
		}
		if got := walked(ctx, t, l, audit.Filter{Limit: 2, From: begin}); !slices.Equal(got, []int64{4, 2, 1, 0, 3}) {
			t.Errorf("by time: %v", got)
		}
		if got := walked(ctx, t, l, audit.Filter{Limit: 2, To: begin.Add(time.Minute)}); !slices.Equal(got, []int64{3}) {
			t.Errorf("before an hour: %v", got)
		}
	})
}

// Words are looked for a bounded number of entries at a time, and the page says how far it came.
func TestWordsAreLookedForBitByBit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		const n = 5_050
		err := db.Write(ctx, func(tx storage.Tx) error {
			for i := range n {
				clk.Advance(time.Millisecond)
				e := audit.Event{Kind: "test.row"}
				if i == 3 {
					e.Personal = audit.Personal{"name": "needle"}
				}
				if err := l.Append(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := l.Page(ctx, audit.Filter{Text: "Needle", Limit: 50})
		if err != nil || len(page.Entries) != 0 || page.Next != 50 || !page.Looked.Equal(clk.Now().Add(-4_999*time.Millisecond)) {
			t.Fatalf("first page: %+v, %v", page, err)
		}
		page, err = l.Page(ctx, audit.Filter{Text: "Needle", Limit: 50, Before: page.Next})
		if err != nil || len(page.Entries) != 1 || page.Entries[0].Seq != 3 || page.Next != 0 {
			t.Fatalf("second page: %+v, %v", page, err)
		}
		found, err := l.Search(ctx, audit.Filter{Text: "needle"})
		if err != nil || len(found) != 1 {
			t.Fatalf("the whole log: %d, %v", len(found), err)
		}
	})
}

func TestOnwardsKeptCounts(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		add(t, db, l, 5)
		if err := appendEvent(ctx, db, l, audit.Event{Kind: "person.created", Personal: audit.Personal{"name": "見本"}}); err != nil {
			t.Fatal(err)
		}
		entries, head, err := l.Onwards(ctx, 4, 10)
		if err != nil || head != (audit.Head{Size: 6, Epoch: 1}) || len(entries) != 2 || entries[0].Seq != 4 || entries[1].Event.Personal != nil {
			t.Fatalf("%+v, %+v, %v", entries, head, err)
		}
		if kept, err := l.Kept(ctx, 1); err != nil || kept != 6 {
			t.Errorf("kept %d, %v", kept, err)
		}
		n, err := l.Counts(ctx, clk.Now(), clk.Now().Add(time.Second))
		if err != nil || n["device.approved"] != 5 || n["person.created"] != 1 {
			t.Errorf("%v, %v", n, err)
		}
	})
}

// Every entry is proved under one checkpoint, and an attested act is proved at once.
func TestProveAllAndAttest(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		check := verifier(t, l)
		add(t, db, l, 700)
		seqs := []int64{699, 0, 511, 512, 3}
		for i := range int64(600) {
			seqs = append(seqs, i)
		}
		proofs, err := l.ProveAll(ctx, seqs)
		if err != nil || len(proofs) != len(seqs) {
			t.Fatalf("%d, %v", len(proofs), err)
		}
		for i, p := range proofs {
			if c, err := check(p); err != nil || p.Index != seqs[i] || c.Size != 700 {
				t.Fatalf("entry %d: %+v, %v", seqs[i], c, err)
			}
		}
		if _, err := l.ProveAll(ctx, []int64{700}); sekisho.CodeOf(err) != "audit.no_entry" {
			t.Errorf("one that is not there: %v", err)
		}
		ran := false
		p, err := l.Attest(ctx, audit.Event{Kind: "report.made", Object: audit.Object{Type: "report", ID: "r"}}, func(storage.Tx) error { ran = true; return nil })
		if err != nil || !ran || p.Index != 700 || !strings.Contains(string(p.Extra), "report.made") {
			t.Fatalf("%+v, %v", p, err)
		}
		if _, err := check(p); err != nil {
			t.Error(err)
		}
		stop := fmt.Errorf("not today")
		if _, err := l.Attest(ctx, audit.Event{Kind: "report.made"}, func(storage.Tx) error { return stop }); err == nil {
			t.Error("attested what did not happen")
		}
		if found, err := l.Search(ctx, audit.Filter{Kind: "report.made"}); err != nil || len(found) != 1 {
			t.Errorf("%d entries, %v", len(found), err)
		}
	})
}
