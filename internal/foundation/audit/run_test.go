package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func tick(t *testing.T, l *audit.Log) {
	t.Helper()
	if err := l.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func checkpoints(t *testing.T, db *storage.DB) (n int) {
	t.Helper()
	err := db.Read(t.Context(), func(tx storage.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM audit_checkpoints").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func kinds(t *testing.T, l *audit.Log, kind string) int {
	t.Helper()
	found, err := l.Search(t.Context(), audit.Filter{Kind: kind, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// Checkpoints come every five seconds of the monotonic clock, whatever the wall
// clock does meanwhile; a jump of it is written down.
func TestCheckpointsKeepTimeThroughClockJumps(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := newClock()
		l := open(t, db, clk)
		tick(t, l) // the first, of the empty log
		for i, jump := range []time.Duration{0, -time.Hour, 2 * time.Hour, -10 * 365 * 24 * time.Hour} {
			add(t, db, l, 1)
			before := checkpoints(t, db)
			clk.Jump(jump)
			clk.Advance(4900 * time.Millisecond)
			tick(t, l)
			if n := checkpoints(t, db); n != before {
				t.Fatalf("round %d: signed after 4.9 s", i)
			}
			clk.Advance(100 * time.Millisecond)
			tick(t, l)
			if n := checkpoints(t, db); n != before+1 {
				t.Fatalf("round %d: %d checkpoints after 5 s, want %d", i, n, before+1)
			}
			if n := kinds(t, l, "audit.clock_jumped"); n != i {
				t.Fatalf("round %d: %d jumps written down", i, n)
			}
		}
	})
}

func TestCheckpointAfterAThousandEntries(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		tick(t, l)
		before := checkpoints(t, db)
		for _, n := range []int{999, 1} {
			err := db.Write(ctx, func(tx storage.Tx) error {
				for range n {
					if err := l.Append(ctx, tx, audit.Event{Kind: "thing.done"}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			tick(t, l)
			if got := checkpoints(t, db) - before; got != map[int]int{999: 0, 1: 1}[n] {
				t.Fatalf("%d new checkpoints after %d more entries", got, n)
			}
		}
	})
}

func TestSilenceIsVisible(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := newClock()
		l := open(t, db, clk)
		for minute := range 5 {
			for range 60 {
				tick(t, l)
				clk.Advance(time.Second)
			}
			tick(t, l)
			if n := kinds(t, l, "audit.alive"); n != minute+1 {
				t.Fatalf("%d signs of life after %d minutes", n, minute+1)
			}
		}
	})
}

func TestTidyKeepsOneCheckpointAnHour(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := newClock()
		l := open(t, db, clk)
		tick(t, l)
		for range 10 {
			add(t, db, l, 1)
			clk.Advance(10 * time.Minute)
			tick(t, l)
		}
		clk.Advance(72 * time.Hour)
		add(t, db, l, 1)
		tick(t, l)
		tick(t, l)
		n := checkpoints(t, db)
		if n < 3 || n > 4 { // the two hours of the old ones, and the new one
			t.Fatalf("%d checkpoints", n)
		}
		if r, err := verifyLive(t, l, nil); err != nil || r.Checkpoints < n {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// Two nodes on one database never number an entry twice and never skip one.
func TestTwoNodesOneTree(t *testing.T) {
	ctx := t.Context()
	dsn := storagetest.PostgresDSN(t)
	var nodes []*audit.Log
	var dbs []*storage.DB
	for range 2 {
		db, err := storage.Open(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		nodes, dbs = append(nodes, open(t, db, clock.System())), append(dbs, db)
	}
	run, stop := context.WithCancel(ctx)
	var running, writing sync.WaitGroup
	for _, l := range nodes {
		running.Go(func() {
			if err := l.Run(run); err != nil {
				t.Error(err)
			}
		})
	}
	for i, l := range nodes {
		for range 4 {
			writing.Go(func() {
				for range 25 {
					if err := appendEvent(ctx, dbs[i], l, audit.Event{Kind: "thing.done"}); err != nil {
						t.Error(err)
					}
					if _, err := l.Search(ctx, audit.Filter{Limit: 1}); err != nil { // orders the inbox too
						t.Error(err)
					}
				}
			})
		}
	}
	writing.Wait()
	stop()
	running.Wait()
	// A batch that stop cut short holds its lock until the database has heard of it.
	for end := time.Now().Add(10 * time.Second); kinds(t, nodes[0], "thing.") != 200; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d entries, want 200", kinds(t, nodes[0], "thing."))
		}
	}
	for _, l := range nodes {
		if r, err := verifyLive(t, l, nil); err != nil || r.Size < 200 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// An entry that was committed and whose inbox row then disappears is missed.
func TestVanishedInboxRowIsMissed(t *testing.T) {
	ctx := t.Context()
	db := storagetest.Postgres(t)
	clk := newClock()
	l := open(t, db, clk)
	add(t, db, l, 3)
	err := db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM audit_inbox WHERE id = (SELECT MIN(id) FROM audit_inbox)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tick(t, l)
	if n := kinds(t, l, "audit.vanished"); n != 0 {
		t.Fatal("told before the sequencer had its time")
	}
	clk.Advance(5 * time.Second)
	tick(t, l)
	tick(t, l)
	if n := kinds(t, l, "audit.vanished"); n != 1 {
		t.Fatalf("%d entries missed, want 1", n)
	}
	if r, err := verifyExport(t, l, exported(t, l), nil); err != nil || r.Quiet() || r.Alarms != 1 || r.Alarmed[0].Kind != "audit.vanished" || r.Alarmed[0].Row == "" {
		t.Fatalf("the auditor is not told: %+v, %v", r, err)
	}
	if n := kinds(t, l, "device."); n != 2 {
		t.Fatalf("%d entries", n)
	}
}

// A head that moves while we write means that somebody else believes to be the
// log: nothing more is written, and Run ends.
func TestMovedHeadStopsTheLog(t *testing.T) {
	db := storagetest.SQLite(t)
	ctx := t.Context()
	l := open(t, db, newClock())
	add(t, db, l, 3)
	err := db.Write(ctx, func(tx storage.Tx) error {
		if err := l.Append(ctx, tx, audit.Event{Kind: "thing.done"}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE audit_head SET size = size + 1")
		return err
	})
	if !errors.Is(err, audit.ErrStopped) {
		t.Fatalf("%v", err)
	}
	if err := appendEvent(ctx, db, l, audit.Event{Kind: "thing.done"}); !errors.Is(err, audit.ErrStopped) || l.Opened() {
		t.Fatalf("went on: %v", err)
	}
	select {
	case <-l.Stopped():
	default:
		t.Fatal("Stopped is not closed")
	}
	if err := l.Run(ctx); !errors.Is(err, audit.ErrStopped) {
		t.Fatalf("Run: %v", err)
	}
	again := open(t, db, newClock()) // nothing of the refused transaction is there
	if r, err := verifyLive(t, again, nil); err != nil || r.Size != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
}

// What is not an event is refused; a closing act is written down all the same.
func TestLeafIsBounded(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		big := make([]byte, 9000)
		for i := range big {
			big[i] = 'x'
		}
		for name, e := range map[string]audit.Event{
			"too large":      {Kind: "thing.done", Detail: map[string]string{"d": string(big)}},
			"no kind":        {},
			"one word":       {Kind: "thing"},
			"capital":        {Kind: "Thing.done"},
			"long kind":      {Kind: "thing." + string(big[:100])},
			"space":          {Kind: "thing.done now"},
			"no decision":    {Kind: "thing.done", Decision: "perhaps"},
			"large personal": {Kind: "thing.done", Personal: audit.Personal{"name": string(big)}},
			"large all over": {
				Kind: "thing.done", Reason: string(big), Session: sekisho.SessionID(big), Object: audit.Object{Type: string(big), ID: string(big)},
				Actor: audit.Actor{Person: sekisho.PersonID(big), Device: sekisho.DeviceID(big), Role: sekisho.Role(big), Process: string(big)},
			},
		} {
			if e.Actor.Person == "" {
				e.Actor, e.Object, e.Session = audit.Actor{Person: "p", Device: "d"}, audit.Object{Type: "session", ID: "s"}, "s"
			}
			if err := appendEvent(ctx, db, l, e); err == nil {
				t.Errorf("%s was written", name)
			}
			l.Afterwards(e) // a closing act is never lost for its form
		}
		if err := l.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if n := kinds(t, l, "audit.malformed"); n != 9 {
			t.Errorf("%d of 9 malformed closing acts were written down", n)
		}
		// Whoever looks for the person or the session finds that something was done.
		for _, f := range []audit.Filter{{Person: "p"}, {Device: "d"}, {Session: "s"}} {
			if found, err := l.Search(ctx, f); err != nil || len(found) != 8 || found[0].Event.Object.ID != "s" {
				t.Errorf("%+v: %d entries, %v", f, len(found), err)
			}
		}
		if err := appendEvent(ctx, db, l, audit.Event{Kind: "thing.done", Detail: map[string]string{"d": "\x00\xff\u2028<>&\"\\"}, Actor: audit.Actor{Person: "a\x00b\xff"}}); err != nil {
			t.Errorf("hostile text: %v", err)
		}
		if r, err := verifyLive(t, l, nil); err != nil || r.Size != 10 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestClosingActsSurviveAnUnusableDatabase(t *testing.T) {
	for _, engine := range []string{storage.SQLite, storage.Postgres} {
		t.Run(engine, func(t *testing.T) {
			ctx, dir := t.Context(), t.TempDir()
			dsn := "sqlite:" + filepath.Join(dir, "log.db")
			if engine == storage.Postgres {
				dsn = storagetest.PostgresDSN(t)
			}
			clk := newClock()
			start := func() (*storage.DB, *audit.Log) {
				db, err := storage.Open(ctx, dsn)
				if err != nil {
					t.Fatal(err)
				}
				migrate(t, db)
				l, err := audit.New(db, clk, key, origin, audit.InFolder(dir))
				if err != nil {
					t.Fatal(err)
				}
				return db, l
			}
			db, l := start()
			if err := db.Close(); err != nil { // the database goes away under us
				t.Fatal(err)
			}
			happened := clk.Now()
			for i := range 50 {
				l.Afterwards(audit.Event{Kind: "session.closed", Session: "s1", Detail: map[string]string{"i": fmt.Sprint(i)}, Personal: audit.Personal{"name": "関所"}})
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			spool := filepath.Join(dir, "audit.spool")
			if info, err := os.Stat(spool); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
				t.Fatalf("nothing in the spool: %v, %v", info, err)
			}
			copyFile(t, spool, spool+".copy")
			clk.Advance(time.Hour)

			for round, torn := range []string{"", `{"id":"torn`} { // the second time everything is there already
				if round > 0 {
					copyFile(t, spool+".copy", spool)
					f, err := os.OpenFile(spool, os.O_APPEND|os.O_WRONLY, 0)
					if err != nil {
						t.Fatal(err)
					}
					_, err = f.WriteString(torn)
					if err := errors.Join(err, f.Close()); err != nil {
						t.Fatal(err)
					}
				}
				db, l = start()
				if err := l.Flush(ctx); err != nil {
					t.Fatal(err)
				}
				found, err := l.Search(ctx, audit.Filter{Session: "s1", Limit: 500})
				if err != nil || len(found) != 50 {
					t.Fatalf("round %d: %d of 50 events, %v", round, len(found), err)
				}
				for _, e := range found {
					if !e.Event.Late || !e.At.Equal(happened) || e.Event.Personal["name"] != "関所" {
						t.Fatalf("%+v", e)
					}
				}
				if n := kinds(t, l, "audit.dropped"); n != round {
					t.Fatalf("round %d: %d times told of a torn line", round, n)
				}
				if r, err := verifyLive(t, l, nil); err != nil {
					t.Fatalf("%+v, %v", r, err)
				}
				if err := errors.Join(l.Close(), db.Close()); err != nil {
					t.Fatal(err)
				}
				if info, err := os.Stat(spool); err != nil || info.Size() != 0 {
					t.Fatalf("the spool was not emptied: %v, %v", info, err)
				}
			}
		})
	}
}

// Closing acts return at once while the database hangs; what the memory cannot
// hold is counted, and the count is written down.
func TestClosingActsNeverWait(t *testing.T) {
	db := storagetest.SQLite(t)
	l := open(t, db, newClock())
	holding, release := make(chan struct{}), make(chan struct{})
	var held sync.WaitGroup
	held.Go(func() {
		err := db.Write(t.Context(), func(storage.Tx) error { close(holding); <-release; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-holding
	const more = 1234
	begin := time.Now()
	for range audit.MaxQueued + more {
		l.Afterwards(audit.Event{Kind: "session.closed"})
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("%d closing acts took %v", audit.MaxQueued+more, took)
	}
	close(release)
	held.Wait()
	if err := l.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := l.Search(t.Context(), audit.Filter{Kind: "audit.dropped"})
	if err != nil || len(found) != 1 || found[0].Event.Detail["events"] != fmt.Sprint(more) {
		t.Fatalf("%+v, %v", found, err)
	}
	if r, err := verifyLive(t, l, nil); err != nil || r.Size != audit.MaxQueued+1 || r.Dropped != more {
		t.Fatalf("%d entries, %v", r.Size, err)
	}
}
