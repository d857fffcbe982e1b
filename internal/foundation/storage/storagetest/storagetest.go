package storagetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Each runs test on SQLite and on PostgreSQL, each time on an empty database.
// Where PostgreSQL is not installed that half is skipped and says so; with CI=1
// it fails.
func Each(t *testing.T, test func(t *testing.T, db *storage.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite opens an empty database that is gone after the test.
func SQLite(t testing.TB) *storage.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
}

// Postgres opens an empty database on the test process's own server.
func Postgres(t testing.TB) *storage.DB {
	t.Helper()
	return open(t, PostgresDSN(t))
}

func open(t testing.TB, dsn string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

var shared = sync.OnceValues(func() (*Server, error) { return Start(Fast) })

// free are databases that a test has left behind, emptied: making one takes a second on a busy machine.
var free struct {
	sync.Mutex
	names []string
	made  int
}

// PostgresDSN names an empty database, which is emptied again after the test.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		if os.Getenv("CI") == "1" {
			t.Fatalf("PostgreSQL must be there in CI: %v", err)
		}
		t.Skipf("not run on PostgreSQL: %v", err)
	}
	name, err := server.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.empty(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return server.DSN(name)
}

func (s *Server) take(ctx context.Context) (string, error) {
	free.Lock()
	defer free.Unlock()
	if n := len(free.names); n > 0 {
		name := free.names[n-1]
		free.names = free.names[:n-1]
		return name, nil
	}
	free.made++
	name := fmt.Sprintf("test_%d", free.made)
	return name, s.command(ctx, "postgres", "CREATE DATABASE "+name)
}

func (s *Server) empty(ctx context.Context, name string) error {
	if err := s.command(ctx, name, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
		return err
	}
	free.Lock()
	defer free.Unlock()
	free.names = append(free.names, name)
	return nil
}

// DSN names a database of the server.
func (s *Server) DSN(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}
