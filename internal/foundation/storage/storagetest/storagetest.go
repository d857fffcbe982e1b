package storagetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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

var (
	shared     = sync.OnceValues(func() (*Server, error) { return Start(Fast) })
	databaseNo atomic.Int64
)

// PostgresDSN creates an empty database and names it; it is dropped after the test.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		if os.Getenv("CI") == "1" {
			t.Fatalf("PostgreSQL must be there in CI: %v", err)
		}
		t.Skipf("not run on PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("test_%d", databaseNo.Add(1))
	if err := server.command(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.command(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.DSN(name)
}

// DSN names a database of the server.
func (s *Server) DSN(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}
