package sealing

import (
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/sekisho/sekisho/internal/wire"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// officers are n officers with their keys; the last identity is the escrow's.
func officers(t *testing.T, n int) (Roster, []age.Identity) {
	t.Helper()
	r := Roster{Version: 3, Issued: now, Expires: now.AddDate(1, 0, 0)}
	var ids []age.Identity
	for i := range n + 1 {
		file, public, err := NewOfficerKey("")
		if err != nil {
			t.Fatal(err)
		}
		id, err := ReadOfficerKey(file, "")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id...)
		if i == n {
			r.Escrow = public
		} else {
			r.Officers = append(r.Officers, Officer{ID: "officer-" + string(rune('1'+i)), Name: "役員", Recipient: public})
		}
	}
	return r, ids
}

func roots(t *testing.T, n, threshold int) (wire.TrustRoots, []ed25519.PrivateKey) {
	t.Helper()
	var keys []ed25519.PrivateKey
	w := wire.TrustRoots{RosterThreshold: threshold}
	for range n {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		w.RosterRoots = append(w.RosterRoots, wire.Bytes(public))
		keys = append(keys, private)
	}
	return w, keys
}

func signed(t *testing.T, r Roster, keys ...ed25519.PrivateKey) []byte {
	t.Helper()
	s, err := Draft(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		s.Sign(k)
	}
	file, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRosterNeedsItsRoots(t *testing.T) {
	r, _ := officers(t, 2)
	trust, keys := roots(t, 3, 2)
	_, strangers := roots(t, 3, 2)
	good := signed(t, r, keys[0], keys[2])
	if got, err := OpenRoster(good, trust, 3, now); err != nil || got.Version != 3 || len(got.Officers) != 2 {
		t.Fatalf("a good roster is refused: %v", err)
	}
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)/3] ^= 1
	for name, c := range map[string]struct {
		file  []byte
		trust wire.TrustRoots
		known int
		at    time.Time
		want  error
	}{
		"one root":            {signed(t, r, keys[1]), trust, 3, now, ErrSignatures},
		"one root twice":      {signed(t, r, keys[1], keys[1]), trust, 3, now, ErrSignatures},
		"one root, strangers": {signed(t, r, keys[1], strangers[0], strangers[1]), trust, 3, now, ErrSignatures},
		"nobody":              {signed(t, r), trust, 3, now, ErrSignatures},
		"no threshold":        {signed(t, r), wire.TrustRoots{RosterRoots: trust.RosterRoots}, 3, now, ErrSignatures},
		"expired":             {good, trust, 3, r.Expires, ErrExpired},
		"rolled back":         {good, trust, 4, now, ErrRolledBack},
		"not a file":          {[]byte("{}"), trust, 0, now, ErrRoster},
		"something follows":   {append(append([]byte(nil), good...), "{}"...), trust, 3, now, ErrRoster},
	} {
		if _, err := OpenRoster(c.file, c.trust, c.known, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := OpenRoster(flipped, trust, 3, now); err == nil {
		t.Error("a flipped bit passes")
	}
}

func TestRosterRules(t *testing.T) {
	for name, spoil := range map[string]func(*Roster){
		"one officer":           func(r *Roster) { r.Officers = r.Officers[:1] },
		"none":                  func(r *Roster) { r.Officers = nil },
		"one key twice":         func(r *Roster) { r.Officers[1].Recipient = r.Officers[0].Recipient },
		"one id twice":          func(r *Roster) { r.Officers[1].ID = r.Officers[0].ID },
		"escrow is an officer":  func(r *Roster) { r.Escrow = " " + r.Officers[1].Recipient },
		"no key":                func(r *Roster) { r.Officers[0].Recipient = "age1" },
		"two keys in one":       func(r *Roster) { r.Officers[0].Recipient += "\n" + r.Escrow },
		"no version":            func(r *Roster) { r.Version = 0 },
		"expires before issued": func(r *Roster) { r.Expires = r.Issued },
		"too many":              func(r *Roster) { r.Officers = make([]Officer, maxOfficers+1) },
	} {
		r, _ := officers(t, 2)
		spoil(&r)
		if r.Valid() == nil {
			t.Errorf("%s: passes", name)
		}
		if _, _, err := Seal(r, Manifest{}, nil); err == nil {
			t.Errorf("%s: sealed to", name)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	file, _, err := NewRootKey("しきいち")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRootKey(file, "wrong"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := ReadRootKey(file, ""); !errors.Is(err, ErrPassphrase) || !Protected(file) {
		t.Errorf("no passphrase: %v", err)
	}
	if _, err := ReadRootKey(file, "しきいち"); err != nil {
		t.Error(err)
	}
	officer, public, err := NewOfficerKey("pass")
	if err != nil || public == "" {
		t.Fatal(err)
	}
	if ids, err := ReadOfficerKey(officer, "pass"); err != nil || len(ids) != 1 {
		t.Errorf("%d identities, %v", len(ids), err)
	}
	if _, err := ReadRootKey(officer, "pass"); err == nil {
		t.Error("an officer's key is no root")
	}
}
