package app

import (
	"crypto/ed25519"
	"crypto/x509"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestRosterBeforeIsRemembered: a record that a PC sealed before it heard of a
// new roster still counts; one that is two rosters old does not. A restart
// forgets neither.
func TestRosterBeforeIsRemembered(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	ca := &x509.Certificate{Raw: []byte("ca")}
	load := func() *trust {
		t.Helper()
		tr, err := loadTrust(dir, ca, "key", clk)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	var roots rosterRoots
	var keys []ed25519.PrivateKey
	for range 2 {
		public, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		roots.Keys, keys = append(roots.Keys, wire.Bytes(public)), append(keys, key)
	}
	roots.Threshold = 2
	tr := load()
	if n := len(tr.Rosters()); n != 0 {
		t.Fatalf("%d rosters before there is one", n)
	}
	var hashes []string
	for version := 1; version <= 3; version++ {
		r := sealing.Roster{Version: version, Issued: clk.Now(), Expires: clk.Now().AddDate(1, 0, 0)}
		for _, id := range []string{"one", "two"} {
			_, public, err := sealing.NewOfficerKey("")
			if err != nil {
				t.Fatal(err)
			}
			r.Officers = append(r.Officers, sealing.Officer{ID: id, Recipient: public})
		}
		signed, err := sealing.Draft(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			signed.Sign(key)
		}
		file, err := signed.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // installed once more, it replaces nothing
			if err := tr.Install(roots, file); err != nil && version == 1 {
				t.Fatal(err)
			}
		}
		hashes = append(hashes, r.Hash())
		for name, tr := range map[string]*trust{"running": tr, "restarted": load()} {
			got := tr.Rosters()
			if len(got) != min(version, 2) || got[0].Hash() != hashes[version-1] || version > 1 && got[1].Hash() != hashes[version-2] {
				t.Errorf("%s, after version %d: %d rosters", name, version, len(got))
			}
		}
	}
}
