package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/vault"
)

var now = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

func open(t *testing.T) (vault.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vault")
	v, err := vault.OpenFolder(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return v, dir
}

func files(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPutGetDelete(t *testing.T) {
	ctx := t.Context()
	v, dir := open(t)
	blob := bytes.Repeat([]byte("sealed"), 50000)
	sum := sha256.Sum256(blob)
	want := hex.EncodeToString(sum[:])
	for range 2 { // the same bytes are stored once
		hash, size, err := v.Put(ctx, bytes.NewReader(blob), int64(len(blob)))
		if err != nil || hash != want || size != int64(len(blob)) {
			t.Fatalf("%s %d %v", hash, size, err)
		}
	}
	if n := files(t, dir); n != 1 {
		t.Fatalf("%d files", n)
	}
	r, err := v.Get(ctx, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, blob) {
		t.Fatalf("other bytes, %v", err)
	}
	if b, err := v.Stat(ctx, want); err != nil || b.Size != int64(len(blob)) || b.Hash != want {
		t.Fatalf("%+v, %v", b, err)
	}
	for range 2 {
		if err := v.Delete(ctx, want); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := v.Get(ctx, want); !errors.Is(err, vault.ErrNotFound) {
		t.Fatalf("still there: %v", err)
	}
	if _, err := v.Stat(ctx, want); !errors.Is(err, vault.ErrNotFound) {
		t.Fatalf("still there: %v", err)
	}
}

func TestPutIsBoundedAndLeavesNothingBehind(t *testing.T) {
	ctx := t.Context()
	v, dir := open(t)
	if _, _, err := v.Put(ctx, strings.NewReader("12345"), 4); !errors.Is(err, vault.ErrTooLarge) {
		t.Errorf("five bytes in four: %v", err)
	}
	if _, _, err := v.Put(ctx, iotest.TimeoutReader(strings.NewReader("12345")), 100); err == nil {
		t.Error("a broken upload was stored")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := v.Put(ended, strings.NewReader("12345"), 100); !errors.Is(err, context.Canceled) {
		t.Errorf("an upload that was given up: %v", err)
	}
	if n := files(t, dir); n != 0 {
		t.Errorf("%d files left behind", n)
	}
	if _, _, err := v.Put(ctx, strings.NewReader("1234"), 4); err != nil {
		t.Errorf("the control: %v", err)
	}
}

func TestChangedBytesAreNotHandedOut(t *testing.T) {
	ctx := t.Context()
	v, dir := open(t)
	blob := bytes.Repeat([]byte{1}, 100000)
	hash, _, err := v.Put(ctx, bytes.NewReader(blob), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, hash[:2], hash)
	for name, bad := range map[string][]byte{"flipped": append([]byte{0}, blob[1:]...), "cut": blob[:99999], "grown": append(bytes.Clone(blob), 1), "empty": {}} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := v.Get(ctx, hash)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); !errors.Is(err, vault.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := v.Put(ctx, bytes.NewReader(blob), 1<<20); err != nil { // heals it
		t.Fatal(err)
	}
	r, err := v.Get(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); err != nil {
		t.Errorf("not healed: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

func TestOnlyHashesBecomePaths(t *testing.T) {
	ctx := t.Context()
	v, dir := open(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{"", "..", "../secret", "../../secret", strings.Repeat("A", 64), strings.Repeat("/", 64), strings.Repeat("a", 63), strings.Repeat("a", 65), "tmp"} {
		if _, err := v.Get(ctx, hash); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("Get %q: %v", hash, err)
		}
		if _, err := v.Stat(ctx, hash); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("Stat %q: %v", hash, err)
		}
		if err := v.Delete(ctx, hash); !errors.Is(err, vault.ErrNotFound) {
			t.Errorf("Delete %q: %v", hash, err)
		}
	}
	if _, err := os.Stat(secret); err != nil {
		t.Fatal("a file outside was deleted")
	}
}

func TestWalkAndCrashRemains(t *testing.T) {
	ctx := t.Context()
	v, dir := open(t)
	want := map[string]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			hash, _, err := v.Put(ctx, bytes.NewReader([]byte{byte(i)}), 1)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			want[hash] = true
		})
	}
	wg.Wait()
	old, fresh := filepath.Join(dir, "tmp", "put-old"), filepath.Join(dir, "tmp", "put-new")
	for path, age := range map[string]time.Duration{old: 48 * time.Hour, fresh: time.Minute} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	v, err := vault.OpenFolder(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a crash left is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("an upload under way was removed")
	}
	last := ""
	err = v.Walk(ctx, func(b vault.Blob) error {
		if !want[b.Hash] || b.Size != 1 || b.Hash <= last {
			t.Errorf("visited %+v after %s", b, last)
		}
		last = b.Hash
		delete(want, b.Hash)
		return nil
	})
	if err != nil || len(want) != 0 {
		t.Fatalf("%d not visited, %v", len(want), err)
	}
	stop := errors.New("stop")
	if err := v.Walk(ctx, func(vault.Blob) error { return stop }); !errors.Is(err, stop) {
		t.Fatalf("Walk went on: %v", err)
	}
}
