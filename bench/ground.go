package bench

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// groundSize is how much is measured; the test of this file measures less.
type groundSize struct {
	rounds  int
	round   time.Duration
	writers []int
	entries int
}

var groundFull = groundSize{rounds: 5, round: 1500 * time.Millisecond, writers: []int{1, 8, 100}, entries: 1_000_000}

// Ground measures the audit log: appends a second on both databases, each
// beside a plain insert of the same bytes, and the verification of a million
// entries, from an export and straight on the database.
func Ground(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-ground-")
	if err != nil {
		return nil, err
	}
	out, err := groundFull.all(ctx, dir, logf)
	return out, errors.Join(err, os.RemoveAll(dir))
}

func (g groundSize) all(ctx context.Context, dir string, logf func(string, ...any)) ([]Result, error) {
	out, err := g.appends(ctx, "sqlite:"+filepath.Join(dir, "appends.db"), logf)
	if err != nil {
		return out, err
	}
	server, err := storagetest.Start(storagetest.Durable)
	if err != nil {
		return out, fmt.Errorf("bench: PostgreSQL: %w", err)
	}
	dsn, err := server.CreateDatabase(ctx, "appends")
	if err == nil {
		var more []Result
		more, err = g.appends(ctx, dsn, logf)
		out = append(out, more...)
	}
	if err = errors.Join(err, server.Stop()); err != nil {
		return out, err
	}
	more, err := g.verify(ctx, dir, logf)
	return append(out, more...), err
}

// openGround opens a database with an audit log that runs, and a plain table beside it.
func openGround(ctx context.Context, dsn string) (*storage.DB, *audit.Log, func() error, error) {
	db, err := storage.Open(ctx, dsn)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := db.Migrate(ctx, audit.Schema); err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	err = db.Write(ctx, func(tx storage.Tx) error {
		key := "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
		if tx.Dialect() == storage.SQLite {
			key = "INTEGER PRIMARY KEY"
		}
		_, err := tx.Exec(ctx, "CREATE TABLE bench_plain (id "+key+", leaf TEXT NOT NULL)")
		return err
	})
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	l, err := audit.New(db, clock.System(), ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)), "bench.example/audit")
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- l.Run(run) }()
	return db, l, func() error {
		cancel()
		return errors.Join(<-done, l.Close(), db.Close())
	}, nil
}

// groundEvent is an event of about 600 bytes, as the rooms write them.
func groundEvent(i int) audit.Event {
	return audit.Event{
		Kind:     "session.opened",
		Actor:    audit.Actor{Person: "0193a1c2-7b11-7c3e-9d2f-0123456789ab", Device: "0193a1c2-7b11-7c3e-9d2f-0123456789ac", Role: "operator", Process: "server"},
		Object:   audit.Object{Type: "session", ID: "0193a1c2-7b11-7c3e-9d2f-" + fmt.Sprintf("%012d", i)},
		Decision: audit.Allow,
		Session:  "0193a1c2-7b11-7c3e-9d2f-0123456789ad",
		Detail:   map[string]string{"policy": "home", "class": "face", "engine": "standard", "model": "1e2b0a4cb9b1a6dd5b3a8f0c6a4b1f7e1e2b0a4cb9b1a6dd5b3a8f0c6a4b1f7e", "n": strconv.Itoa(i)},
	}
}

func (g groundSize) appends(ctx context.Context, dsn string, logf func(string, ...any)) (out []Result, err error) {
	db, l, closeAll, err := openGround(ctx, dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	appendOne := func(ctx context.Context, i int) error {
		return db.Write(ctx, func(tx storage.Tx) error { return l.Append(ctx, tx, groundEvent(i)) })
	}
	plain := string(bytes.Repeat([]byte("x"), 600))
	insertOne := func(ctx context.Context, _ int) error {
		return db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO bench_plain (leaf) VALUES (?)", plain)
			return err
		})
	}
	for _, writers := range g.writers {
		var rates, peers, p50s, p99s []float64
		for range g.rounds {
			peer, _, _, err := hammer(ctx, writers, g.round, insertOne)
			if err != nil {
				return out, err
			}
			rate, p50, p99, err := hammer(ctx, writers, g.round, appendOne)
			if err != nil {
				return out, err
			}
			rates, peers, p50s, p99s = append(rates, rate), append(peers, peer), append(p50s, p50), append(p99s, p99)
		}
		labels := map[string]string{"database": db.Dialect(), "writers": strconv.Itoa(writers)}
		r := spread("audit_appends_per_s", labels, "1/s", "higher", rates)
		r.Peers = []Peer{{Name: "plain insert of 600 bytes, same database", Value: median(peers), Ratio: r.Value / median(peers)}}
		out = append(out, r, spread("audit_append_p50_ms", labels, "ms", "lower", p50s), spread("audit_append_p99_ms", labels, "ms", "lower", p99s))
		logf("audit appends, %s, %d writers: %.0f/s (plain insert %.0f/s), p50 %.2f ms, p99 %.1f ms", db.Dialect(), writers, r.Value, r.Peers[0].Value, median(p50s), median(p99s))
	}
	report, err := l.VerifyLive(ctx, nil)
	if err != nil {
		return out, fmt.Errorf("bench: the log that was measured does not verify: %w", err)
	}
	logf("the log that was measured verifies: %d entries", report.Size)
	return out, nil
}

// hammer lets writers act as often as they can and returns acts a second and the
// times of one act, p50 and p99, in milliseconds.
func hammer(ctx context.Context, writers int, round time.Duration, act func(context.Context, int) error) (rate, p50, p99 float64, err error) {
	var mu sync.Mutex
	var took []float64
	var failed error
	var wg sync.WaitGroup
	start := time.Now()
	for w := range writers {
		wg.Go(func() {
			var mine []float64
			var err error
			for i := w; err == nil && time.Since(start) < round; i += writers {
				begin := time.Now()
				if err = act(ctx, i); err == nil {
					mine = append(mine, float64(time.Since(begin))/1e6)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			took, failed = append(took, mine...), errors.Join(failed, err)
		})
	}
	wg.Wait()
	seconds := time.Since(start).Seconds()
	if failed != nil || len(took) == 0 {
		return 0, 0, 0, errors.Join(failed, errors.New("bench: nothing was written"))
	}
	slices.Sort(took)
	return float64(len(took)) / seconds, took[len(took)/2], took[len(took)*99/100], nil
}

// verify fills a log and measures its verification.
func (g groundSize) verify(ctx context.Context, dir string, logf func(string, ...any)) (out []Result, err error) {
	db, l, closeAll, err := openGround(ctx, "sqlite:"+filepath.Join(dir, "verify.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	n := g.entries
	begin := time.Now()
	for i := 0; i < n; i += 500 {
		err := db.Write(ctx, func(tx storage.Tx) error {
			for j := i; j < min(i+500, n); j++ {
				if err := l.Append(ctx, tx, groundEvent(j)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	logf("%d entries written in %.1f s", n, time.Since(begin).Seconds())
	pin, size, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "export.zip")
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	begin = time.Now()
	if err := errors.Join(l.Export(ctx, f), f.Close()); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	logf("exported in %.1f s, %d MB", time.Since(begin).Seconds(), info.Size()>>20)
	expect := audit.Expect{Key: l.VerifierKey(), Since: pin}
	export, err := timed(3, func() error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		r, err := audit.VerifyExport(ctx, f, info.Size(), expect)
		return errors.Join(err, enough(r, size), f.Close())
	})
	if err != nil {
		return nil, err
	}
	live, err := timed(3, func() error {
		r, err := audit.VerifyDatabase(ctx, db, expect)
		return errors.Join(err, enough(r, size))
	})
	if err != nil {
		return nil, err
	}
	for source, seconds := range map[string][]float64{"export": export, "database": live} {
		r := spread("audit_verify_s", map[string]string{"source": source, "entries": strconv.Itoa(n)}, "s", "lower", seconds)
		out = append(out, r)
		logf("verified from the %s in %.1f s", source, r.Value)
	}
	return out, nil
}

// enough makes sure that a verification looked at what it was to look at.
func enough(r audit.Report, size int64) error {
	if r.Size < size || r.Rollback != audit.RollbackChecked {
		return fmt.Errorf("bench: verified %d of %d entries, %s", r.Size, size, r.Rollback)
	}
	return nil
}

func timed(n int, act func() error) ([]float64, error) {
	var seconds []float64
	for range n {
		begin := time.Now()
		if err := act(); err != nil {
			return nil, err
		}
		seconds = append(seconds, time.Since(begin).Seconds())
	}
	return seconds, nil
}

// spread is a Result with the median of the rounds and their extremes; nothing is promised for it.
func spread(name string, labels map[string]string, unit, better string, rounds []float64) Result {
	return Result{Name: name, Labels: labels, Value: median(rounds), Unit: unit, Better: better,
		Low: slices.Min(rounds), High: slices.Max(rounds), N: len(rounds), OK: true, Peers: []Peer{}}
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	if len(s)%2 == 1 {
		return s[len(s)/2]
	}
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}
