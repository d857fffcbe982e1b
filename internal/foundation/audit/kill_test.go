package audit_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// childVariable names the database to a copy of this test program that writes
// until it is killed.
const childVariable = "SEKISHO_AUDIT_TEST_CHILD"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childVariable); dsn != "" {
		fmt.Fprintln(os.Stderr, appendUntilKilled(dsn))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// appendUntilKilled prints the number of each event once its transaction has
// been acknowledged. Numbers begin with the process's own.
func appendUntilKilled(dsn string) error {
	ctx := context.Background()
	db, err := storage.Open(ctx, dsn)
	if err != nil {
		return err
	}
	l, err := audit.New(db, clock.System(), key, origin)
	if err != nil {
		return err
	}
	failed := make(chan error)
	go func() { failed <- l.Run(ctx) }()
	var out sync.Mutex
	for w := range 16 {
		go func() {
			for i := 0; ; i++ {
				n := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i)
				e := audit.Event{Kind: "thing.done", Detail: map[string]string{"n": n}, Personal: audit.Personal{"name": n}}
				if err := appendEvent(ctx, db, l, e); err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(n)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

// A server killed at any moment loses no acknowledged entry, writes none twice,
// and its log verifies.
func TestKilledServerLosesNothing(t *testing.T) {
	for _, engine := range []string{storage.SQLite, storage.Postgres} {
		t.Run(engine, func(t *testing.T) {
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "log.db")
			if engine == storage.Postgres {
				dsn = storagetest.PostgresDSN(t)
			}
			db, err := storage.Open(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			migrate(t, db)
			if err := db.Close(); err != nil { // only the child has it open
				t.Fatal(err)
			}
			acknowledged := map[string]int{}
			random := rand.New(rand.NewPCG(1, 2))
			for range 6 {
				life := time.Duration(20+random.IntN(300)) * time.Millisecond
				for _, n := range killAfter(t, dsn, life) {
					acknowledged[n] = 0
				}
				checkKilled(t, dsn, acknowledged)
			}
			if len(acknowledged) < 50 {
				t.Errorf("only %d entries were acknowledged: the test shows little", len(acknowledged))
			}
			t.Logf("%d acknowledged entries, 6 kills", len(acknowledged))
		})
	}
}

// killAfter runs the child until a while after its first acknowledgement and
// returns what it had acknowledged.
func killAfter(t *testing.T, dsn string, life time.Duration) []string {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+dsn)
	var complaints strings.Builder
	child.Stderr = &complaints
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(stdout)
	var lines []string
	for {
		line, err := r.ReadString('\n')
		if err != nil { // a line that the kill cut off was not acknowledged to anybody
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				t.Fatal(err)
			}
			break
		}
		if lines = append(lines, strings.TrimSpace(line)); len(lines) == 1 {
			time.AfterFunc(life, func() { _ = child.Process.Signal(syscall.SIGKILL) }) // it may have ended by itself: Wait tells
		}
	}
	err = child.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the child ended by itself: %v: %s", err, complaints.String())
	}
	return lines
}

// checkKilled looks for every acknowledged entry after the restart.
func checkKilled(t *testing.T, dsn string, acknowledged map[string]int) {
	t.Helper()
	ctx := t.Context()
	db, err := storage.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := audit.New(db, clock.System(), key, origin)
	if err != nil {
		t.Fatal(err)
	}
	if !l.Opened() {
		t.Fatal("the log believes to have been rolled back")
	}
	times := foundTimes(t, l)
	// PostgreSQL goes on for a moment with what the killed process had begun:
	// while that transaction orders the inbox, nobody else does.
	for deadline := time.Now().Add(10 * time.Second); len(times) < len(acknowledged) && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond) // another process's backend: no clock of ours moves it
		times = foundTimes(t, l)
	}
	for n := range acknowledged {
		if times[n] != 1 {
			t.Fatalf("entry %s is there %d times", n, times[n])
		}
	}
	for n, k := range times {
		if k != 1 {
			t.Fatalf("entry %s is there %d times", n, k)
		}
	}
	if r, err := verifyLive(t, l, nil); err != nil || r.Size < int64(len(acknowledged)) {
		t.Fatalf("%s entries: %+v, %v", strconv.FormatInt(r.Size, 10), r, err)
	}
	if err := errors.Join(l.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// foundTimes says how often each number is in the log.
func foundTimes(t *testing.T, l *audit.Log) map[string]int {
	t.Helper()
	times := map[string]int{}
	for before := int64(0); ; {
		found, err := l.Search(t.Context(), audit.Filter{Kind: "thing.done", Before: before, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found {
			times[e.Event.Detail["n"]]++
			before = e.Seq
			if e.Event.Personal["name"] != e.Event.Detail["n"] {
				t.Fatalf("entry %d lost its personal value", e.Seq)
			}
		}
		if len(found) == 0 || before == 0 {
			return times
		}
	}
}
