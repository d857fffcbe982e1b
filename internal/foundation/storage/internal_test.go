package storage

import (
	"testing"
	"testing/fstest"
)

func TestRebind(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                           "SELECT 1",
		"a = ? AND b = ?":                    "a = $1 AND b = $2",
		"a = '?' AND b = ? -- ?\n AND c = ?": "a = '?' AND b = $1 -- ?\n AND c = $2",
		`"a?" = ? /* ? */ AND c = ?`:         `"a?" = $1 /* ? */ AND c = $2`,
		"a = 'it''s ?' AND b = ?":            "a = 'it''s ?' AND b = $1",
		"a = ? -- open":                      "a = $1 -- open",
		"a = '? open":                        "a = '? open",
		"?, ?, ?, ?, ?, ?, ?, ?, ?, ?":       "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10",
	} {
		for range 2 { // the second time from memory
			if got := rebind(in); got != want {
				t.Errorf("%q became %q, want %q", in, got, want)
			}
		}
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add("a = '?' AND b = ? -- ?\n")
	f.Add("/*'*/?\"")
	f.Fuzz(func(t *testing.T, q string) {
		if out := rewrite(q); len(out) < len(q) {
			t.Fatalf("%q became %q", q, out)
		}
	})
}

func TestMigrateRefusesBadNames(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/x.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files := fstest.MapFS{"schema/00001_x.sql": {Data: []byte("-- +goose Up\nCREATE TABLE x (id BIGINT PRIMARY KEY);\n")}}
	for _, name := range []string{"", "x; DROP TABLE y", "X", "1x"} {
		if err := db.Migrate(t.Context(), Schema{Name: name, Files: files}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
	if err := db.Migrate(t.Context(), Schema{Name: "broken", Files: fstest.MapFS{"schema/00001_x.sql": {Data: []byte("-- +goose Up\nCREATE NONSENSE;\n")}}}); err == nil {
		t.Error("nonsense was accepted")
	}
	if err := db.Migrate(t.Context(), Schema{Name: "empty", Files: fstest.MapFS{}}); err == nil {
		t.Error("a room without migrations was accepted")
	}
	if err := db.Migrate(t.Context(), Schema{Name: "good", Files: files}); err != nil {
		t.Errorf("the control: %v", err)
	}
}
