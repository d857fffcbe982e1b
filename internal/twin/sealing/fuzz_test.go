package sealing

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"filippo.io/age"

	"github.com/sekisho/sekisho/internal/wire"
)

// FuzzRoster gives OpenRoster files that a server could hand out: as they are,
// and with a payload that some of the three roots signed, since two of them may
// sign what is wrong. Whatever is believed keeps the rules of a roster.
func FuzzRoster(f *testing.F) {
	var keys []ed25519.PrivateKey
	trust := wire.TrustRoots{RosterThreshold: 2}
	for i := range byte(3) {
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{i + 1}, ed25519.SeedSize))
		keys = append(keys, key)
		trust.RosterRoots = append(trust.RosterRoots, wire.Bytes(key.Public().(ed25519.PublicKey)))
	}
	r := Roster{Version: 3, Issued: now, Expires: now.AddDate(1, 0, 0)}
	for i := range 2 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			f.Fatal(err)
		}
		r.Officers = append(r.Officers, Officer{ID: string(rune('a' + i)), Name: "役員", Recipient: id.Recipient().String()})
	}
	good, err := json.Marshal(r)
	if err != nil {
		f.Fatal(err)
	}
	file := func(payload []byte, signers uint8) []byte {
		s := SignedRoster{Payload: payload, Signatures: []Signature{}}
		for i, key := range keys {
			if signers&(1<<i) != 0 {
				s.Sign(key)
			}
		}
		b, err := s.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	if _, err := OpenRoster(file(good, 0b011), trust, 3, now); err != nil {
		f.Fatal("the control:", err)
	}
	f.Add(good, uint8(0b011))
	f.Add(good, uint8(0b001))
	f.Add(file(good, 0b110), uint8(0x80))
	f.Add(bytes.Replace(good, []byte(`"version":3`), []byte(`"version":2`), 1), uint8(0b111))
	f.Add(bytes.Replace(good, []byte(r.Officers[1].Recipient), []byte(r.Officers[0].Recipient), 1), uint8(0b111))
	f.Add(append(bytes.Clone(good), good...), uint8(0b101))
	f.Add([]byte(`{"payload":"","signatures":[{"key":"","signature":""}]}`), uint8(0x80))
	f.Fuzz(func(t *testing.T, data []byte, signers uint8) {
		given := data
		if signers&0x80 == 0 {
			given = file(data, signers)
		}
		got, err := OpenRoster(given, trust, 3, now)
		if err != nil {
			if got.Version != 0 || len(got.Officers) != 0 {
				t.Fatalf("refused, and handed out: %+v", got)
			}
			return
		}
		if n := signers&1 + signers>>1&1 + signers>>2&1; signers&0x80 == 0 && n < 2 {
			t.Fatalf("believed with %d signatures", n)
		}
		if err := got.Valid(); err != nil || got.Version < 3 || !now.Before(got.Expires) {
			t.Fatalf("believed: %+v, %v", got, err)
		}
		if _, err := OpenRoster(given, trust, got.Version+1, now); !errors.Is(err, ErrRolledBack) {
			t.Fatalf("the same as an older one: %v", err)
		}
		if _, err := OpenRoster(given, trust, 3, got.Expires); !errors.Is(err, ErrExpired) {
			t.Fatalf("at its end: %v", err)
		}
		stricter := trust
		stricter.RosterThreshold = 4
		if _, err := OpenRoster(given, stricter, 3, now); !errors.Is(err, ErrSignatures) {
			t.Fatalf("with one signature more than there are roots: %v", err)
		}
	})
}

// FuzzOpenShare gives OpenShare what the other officer could send: any bytes,
// and any bytes that were sealed to this officer as a share is.
func FuzzOpenShare(f *testing.F) {
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	share := Share{bundle: bytes.Repeat([]byte{7}, 16), x: 2}
	sealed, err := share.SealTo(mine.Recipient().String())
	if err != nil {
		f.Fatal(err)
	}
	plain := append(append([]byte(shareMagic), share.bundle...), share.x)
	plain = append(plain, share.share[:]...)
	f.Add(sealed, false)
	f.Add(plain, true)
	f.Add(plain[:len(plain)-1], true)
	f.Add(append(bytes.Clone(plain), 0), true)
	f.Add(append([]byte("XXXX"), plain[4:]...), true)
	f.Add([]byte("age-encryption.org/v1\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, seal bool) {
		given := data
		if seal {
			var b bytes.Buffer
			w, err := age.Encrypt(&b, mine.Recipient())
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Write(data)
			if err = errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			given = b.Bytes()
		}
		got, err := OpenShare(given, mine)
		if fits := len(data) == len(plain) && string(data[:4]) == shareMagic; seal && fits != (err == nil) {
			t.Fatalf("%d bytes: %v", len(data), err)
		}
		if err != nil {
			if !errors.Is(err, ErrOpen) || got.bundle != nil {
				t.Fatalf("refused, and handed out: %+v, %v", got, err)
			}
			return
		}
		if _, err := OpenShare(given, other); !errors.Is(err, ErrOpen) {
			t.Fatalf("another key opened it: %v", err)
		}
		again, err := got.SealTo(mine.Recipient().String())
		if err != nil {
			t.Fatal(err)
		}
		if back, err := OpenShare(again, mine); err != nil || !bytes.Equal(back.bundle, got.bundle) || back.x != got.x || back.share != got.share {
			t.Fatalf("there and back: %v", err)
		}
	})
}
