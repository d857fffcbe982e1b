package seal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func openBox(t *testing.T, path string) *seal.Box {
	t.Helper()
	b, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMasterIsMadeOnceAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master")
	var wg sync.WaitGroup
	wrapped := make([][]byte, 8)
	for i := range wrapped { // processes that start at the same moment must end with one master
		wg.Go(func() {
			b, err := seal.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			if wrapped[i], err = b.Wrap("p", "id", []byte("clear")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b := openBox(t, path)
	for i, w := range wrapped {
		if clear, err := b.Unwrap("p", "id", w); err != nil || string(clear) != "clear" {
			t.Fatalf("master %d: %v", i, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".master-*"))
	if err != nil || len(left) != 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
}

func TestMasterThatOthersMayReadIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master")
	openBox(t, path)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Open(path); err == nil {
			t.Errorf("mode %04o was accepted", mode)
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "short", base64.StdEncoding.EncodeToString(make([]byte, 32)), base64.RawURLEncoding.EncodeToString(make([]byte, 31))} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Open(path); err == nil {
			t.Errorf("%q was accepted as a master", text)
		}
	}
}

func TestMasterFromTheEnvironment(t *testing.T) {
	t.Setenv(seal.MasterVariable, base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)))
	path := filepath.Join(t.TempDir(), "master")
	openBox(t, path)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a file was made although the environment has the master: %v", err)
	}
	t.Setenv(seal.MasterVariable, "nonsense")
	if _, err := seal.Open(path); err == nil {
		t.Fatal("nonsense was accepted")
	}
}

func TestWrappedOpensOnlyForItsPurposeAndID(t *testing.T) {
	b := openBox(t, filepath.Join(t.TempDir(), "master"))
	w, err := b.Wrap("desktop", "a|b", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	if clear, err := b.Unwrap("desktop", "a|b", w); err != nil || string(clear) != "secret" {
		t.Fatalf("the control does not open: %v", err)
	}
	for _, c := range [][2]string{{"desktop", "a"}, {"desktop|a", "b"}, {"desktopa", "|b"}, {"", "a|b"}, {"desktop", "a|b "}} {
		if _, err := b.Unwrap(c[0], c[1], w); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("opened as %q: %v", c, err)
		}
	}
	for i := range w {
		bad := bytes.Clone(w)
		bad[i] ^= 1
		if _, err := b.Unwrap("desktop", "a|b", bad); err == nil {
			t.Errorf("opened with byte %d changed", i)
		}
	}
	for n := range w {
		if _, err := b.Unwrap("desktop", "a|b", w[:n]); err == nil {
			t.Errorf("opened after byte %d was cut", n)
		}
	}
	other := openBox(t, filepath.Join(t.TempDir(), "master"))
	if _, err := other.Unwrap("desktop", "a|b", w); !errors.Is(err, seal.ErrMaster) {
		t.Errorf("another master: %v", err)
	}
	if _, err := (*seal.Box)(nil).Unwrap("desktop", "a|b", w); err == nil {
		t.Error("no master opened it")
	}
	if s := fmt.Sprint(b) + b.LogValue().String(); s != "[hidden][hidden]" {
		t.Errorf("the box prints as %s", s)
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		if err := db.Migrate(ctx, seal.Schema); err != nil {
			t.Fatal(err)
		}
		box := openBox(t, filepath.Join(t.TempDir(), "master"))
		clk := clock.NewFake(time.Unix(1e9, 0))
		var mu sync.Mutex
		made := map[string]bool{}
		var wg sync.WaitGroup
		found := make([][]byte, 16)
		for i := range found {
			wg.Go(func() {
				k := seal.NewKeys(db, clk, box)
				k.Created = func(_ context.Context, _ storage.Tx, name, kind string) error {
					mu.Lock()
					defer mu.Unlock()
					made[name+" "+kind] = true
					return nil
				}
				key, err := k.Ed25519(ctx, "audit")
				if err != nil {
					t.Error(err)
					return
				}
				found[i] = key
			})
		}
		wg.Wait()
		for _, f := range found {
			if !bytes.Equal(f, found[0]) {
				t.Fatal("two different keys of one name")
			}
		}
		if len(made) != 1 || !made["audit ed25519"] {
			t.Fatalf("made %v", made)
		}
		k := seal.NewKeys(db, clk, box)
		ca, err := k.ECDSA(ctx, "ca")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := k.ECDSA(ctx, "ca"); err != nil || !again.Equal(ca) {
			t.Fatalf("another CA key the second time: %v", err)
		}
		if _, err := k.Ed25519(ctx, "ca"); err == nil {
			t.Fatal("a key changed its kind")
		}
	})
}

// A row that is moved to another name must not open there.
func TestKeyRowsCannotBeExchanged(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		if err := db.Migrate(ctx, seal.Schema); err != nil {
			t.Fatal(err)
		}
		k := seal.NewKeys(db, clock.NewFake(time.Unix(1e9, 0)), openBox(t, filepath.Join(t.TempDir(), "master")))
		for _, name := range []string{"audit", "lease"} {
			if _, err := k.Ed25519(ctx, name); err != nil {
				t.Fatal(err)
			}
		}
		err := db.Write(ctx, func(tx storage.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE seal_keys SET wrapped = (SELECT wrapped FROM seal_keys WHERE name = ?) WHERE name = ?", "lease", "audit")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Ed25519(ctx, "audit"); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("an exchanged key opened: %v", err)
		}
		if _, err := k.Ed25519(ctx, "lease"); err != nil {
			t.Fatalf("the control: %v", err)
		}
	})
}

func TestKeyIsUnmadeWhenItsAuditFails(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		if err := db.Migrate(ctx, seal.Schema); err != nil {
			t.Fatal(err)
		}
		k := seal.NewKeys(db, clock.NewFake(time.Unix(1e9, 0)), openBox(t, filepath.Join(t.TempDir(), "master")))
		refused := errors.New("refused")
		k.Created = func(context.Context, storage.Tx, string, string) error { return refused }
		if _, err := k.Ed25519(ctx, "audit"); !errors.Is(err, refused) {
			t.Fatalf("%v", err)
		}
		var n int
		err := db.Read(ctx, func(tx storage.Tx) error { return tx.QueryRow(ctx, "SELECT COUNT(*) FROM seal_keys").Scan(&n) })
		if err != nil || n != 0 {
			t.Fatalf("%d keys stayed, %v", n, err)
		}
	})
}
