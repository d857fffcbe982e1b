package bench

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// searchSize is how large the log is, and how often each search is tried.
type searchSize struct{ rows, tries int }

var searchFull = searchSize{rows: 1_000_000, tries: 100}

// searchBound is what a list of the console may take, p95, in ms.
const searchBound = 200

// Search measures a page of the audit log's list on a large log, on both
// databases: the newest page and pages in between, by person, PC, kind, time,
// object and words. The rows are put into the table that is searched, without
// the tree, which a search does not read.
func Search(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	return searchFull.all(ctx, logf)
}

func (s searchSize) all(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-search-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if out, err = s.on(ctx, "sqlite:"+filepath.Join(dir, "search.db"), logf); err != nil {
		return out, err
	}
	server, err := storagetest.Start(storagetest.Durable)
	if err != nil {
		return out, fmt.Errorf("bench: PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	dsn, err := server.CreateDatabase(ctx, "search")
	if err != nil {
		return out, err
	}
	more, err := s.on(ctx, dsn, logf)
	return append(out, more...), err
}

// searched is one kind of search, each try with other values.
type searched struct {
	name   string
	filter func(try int) audit.Filter
}

// The log of searches: 1,000 people and PCs, 20 kinds of which one makes up half
// of all rows and one is as rare as one in a hundred thousand, a row every 30 s.
var searchBegin = time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)

const searchEvery = 30 * time.Second

func (s searchSize) searches() []searched {
	span := time.Duration(s.rows) * searchEvery
	at := func(try, of int) time.Time { return searchBegin.Add(span * time.Duration(try%of) / time.Duration(of)) }
	person := func(try int) sekisho.PersonID { return sekisho.PersonID(searchID("01", try*37%1000)) }
	return []searched{
		{"newest", func(int) audit.Filter { return audit.Filter{} }},
		{"deep page", func(try int) audit.Filter { return audit.Filter{Before: int64(s.rows) * int64(try%50+1) / 51} }},
		{"person", func(try int) audit.Filter { return audit.Filter{Person: person(try)} }},
		{"PC", func(try int) audit.Filter { return audit.Filter{Device: sekisho.DeviceID(searchID("02", try*53%1000))} }},
		{"customer", func(try int) audit.Filter {
			return audit.Filter{Customer: sekisho.CustomerID(searchID("06", try*41%1000))}
		}},
		{"customer, a month long ago", func(try int) audit.Filter {
			return audit.Filter{Customer: sekisho.CustomerID(searchID("06", try*41%1000)), From: at(try, 10), To: at(try, 10).Add(30 * 24 * time.Hour)}
		}},
		{"call", func(try int) audit.Filter {
			return audit.Filter{Call: sekisho.CallID(searchID("07", try*7919%(s.rows/10)))}
		}},
		{"kind, common", func(int) audit.Filter { return audit.Filter{Kind: "guard.row"} }},
		{"kind, rare", func(int) audit.Filter { return audit.Filter{Kind: "rare.row"} }},
		{"kinds that begin so", func(int) audit.Filter { return audit.Filter{Kind: "kind"} }},
		{"a day long ago", func(try int) audit.Filter {
			return audit.Filter{From: at(try, 40), To: at(try, 40).Add(24 * time.Hour)}
		}},
		{"until long ago", func(try int) audit.Filter { return audit.Filter{To: at(try, 40)} }},
		{"person, a month long ago", func(try int) audit.Filter {
			return audit.Filter{Person: person(try), From: at(try, 10), To: at(try, 10).Add(30 * 24 * time.Hour)}
		}},
		{"common kind until long ago", func(try int) audit.Filter { return audit.Filter{Kind: "guard.row", To: at(try, 40)} }},
		{"object", func(try int) audit.Filter { return audit.Filter{Object: searchID("03", try*7919%s.rows)} }},
		{"words, one page", func(int) audit.Filter { return audit.Filter{Text: "見本 なし"} }},
	}
}

func (s searchSize) on(ctx context.Context, dsn string, logf func(string, ...any)) (out []Result, err error) {
	db, err := storage.Open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx, audit.Schema); err != nil {
		return nil, err
	}
	l, err := audit.New(db, clock.System(), ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), "bench.example/audit") // it is read, and does not run
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	began := time.Now()
	if err := s.fill(ctx, db); err != nil {
		return nil, err
	}
	logf("%s: %d rows in %.0f s", db.Dialect(), s.rows, time.Since(began).Seconds())
	for _, one := range s.searches() {
		var took []float64
		found := 0
		for try := range s.tries {
			f := one.filter(try)
			f.Limit = 50
			begin := time.Now()
			page, err := l.Page(ctx, f)
			if err != nil {
				return out, fmt.Errorf("bench: search by %s: %w", one.name, err)
			}
			took, found = append(took, float64(time.Since(begin))/1e6), found+len(page.Entries)
		}
		r := promised("audit_search_p95_ms", "ms", took, 0.95, searchBound, map[string]string{"database": db.Dialect(), "by": one.name, "rows": fmt.Sprint(s.rows)})
		logf("%s, by %s: p95 %.1f ms (%d rows found a page)", db.Dialect(), one.name, r.Value, found/s.tries)
		out = append(out, r)
	}
	return out, nil
}

func searchID(kind string, n int) string {
	return fmt.Sprintf("0193a1c2-7b%s-7c3e-9d2f-%012d", kind, n)
}

// fill writes rows as the log would, many in one statement, and has PostgreSQL
// look at them, as its own housekeeping does.
func (s searchSize) fill(ctx context.Context, db *storage.DB) error {
	const batch, columns = 500, 11
	row := "(" + strings.Repeat("?, ", columns-1) + "?)"
	for start := 0; start < s.rows; start += 20 * batch {
		err := db.Write(ctx, func(tx storage.Tx) error {
			for at := start; at < min(start+20*batch, s.rows); at += batch {
				n := min(batch, s.rows-at)
				args := make([]any, 0, n*columns)
				for i := at; i < at+n; i++ {
					args = append(args, searchRow(i)...)
				}
				_, err := tx.Exec(ctx, "INSERT INTO audit_leaves (seq, id, at, kind, person, device, session, object, customer, call, leaf) VALUES "+strings.Repeat(row+", ", n-1)+row, args...)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if db.Dialect() == storage.SQLite {
		return nil
	}
	return db.Write(ctx, func(tx storage.Tx) error { _, err := tx.Exec(ctx, "ANALYZE audit_leaves"); return err })
}

func searchRow(i int) []any {
	kind := fmt.Sprintf("kind%02d.row", i%18)
	switch {
	case i%100_000 == 77:
		kind = "rare.row"
	case i%2 == 0:
		kind = "guard.row"
	}
	at := searchBegin.Add(time.Duration(i) * searchEvery)
	customer, call := "", ""
	if i%10 < 3 { // three rows in ten are of a call
		customer, call = searchID("06", i/10%1000), searchID("07", i/10)
	}
	person, device, session, object := searchID("01", i%1000), searchID("02", i*7%1000), searchID("04", i/20), searchID("03", i)
	entry := map[string]any{
		"actor": map[string]string{"person": person, "device": device, "role": "operator"}, "at": at.Format("2006-01-02T15:04:05.000000Z"), "boot": "0123456789ab",
		"decision": "allow", "detail": map[string]string{"policy": "home", "class": "face", "n": fmt.Sprint(i), "model": strings.Repeat("0123456789abcdef", 4)},
		"id": searchID("05", i), "kind": kind, "mono": i, "object": map[string]string{"id": object, "type": "session"}, "session": session, "v": 1,
	}
	if call != "" {
		entry["customer"], entry["call"] = customer, call
	}
	leaf, _ := json.Marshal(entry) // strings alone: it cannot fail
	return []any{i, searchID("05", i), storage.Micros(at), kind, person, device, session, object, customer, call, string(leaf)}
}
