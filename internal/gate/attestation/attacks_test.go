package attestation

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"github.com/google/go-tpm/tpm2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softtpm"
)

func p256Key(t testing.TB) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return k, der
}

func played(t testing.TB) *softtpm.TPM {
	t.Helper()
	tpm, err := softtpm.New()
	if err != nil {
		t.Fatal(err)
	}
	return tpm
}

// Each attack differs from a good answer in one thing. The control is the first.
func TestProofsThatAreRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	for name, c := range map[string]struct {
		spoil func(t *testing.T, tpm *softtpm.TPM, ch wire.AttestChallenge, key *ecdsa.PrivateKey, a *wire.Attestation, spki *[]byte)
		want  error
	}{
		"control": {nil, nil},
		"secret not opened": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Activated = make([]byte, 32)
		}, ErrActivation},
		"no secret at all": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Activated = nil
		}, ErrActivation},
		"key certified by a foreign AK": {func(t *testing.T, tpm *softtpm.TPM, ch wire.AttestChallenge, key *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			foreign := played(t)
			var err error
			if a.Certify, a.Signature, err = foreign.Certify(&key.PublicKey, ch.Nonce); err != nil {
				t.Fatal(err)
			}
		}, ErrForeignAK},
		"request with another key than the certified one": {func(t *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, _ *wire.Attestation, spki *[]byte) {
			_, *spki = p256Key(t)
		}, ErrOtherKey},
		"another key named, the first one certified": {func(t *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, spki *[]byte) {
			other, der := p256Key(t)
			a.Key, *spki = tpm2.Marshal(softtpm.Public(&other.PublicKey, false)), der
		}, ErrOtherKey},
		"certified for an earlier challenge": {func(t *testing.T, tpm *softtpm.TPM, _ wire.AttestChallenge, key *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			var err error
			if a.Certify, a.Signature, err = tpm.Certify(&key.PublicKey, bytes.Repeat([]byte{7}, 32)); err != nil {
				t.Fatal(err)
			}
		}, ErrStale},
		"a key that can leave the TPM": {func(t *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, key *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			p := softtpm.Public(&key.PublicKey, false)
			p.ObjectAttributes.FixedTPM, p.ObjectAttributes.FixedParent = false, false
			a.Key = tpm2.Marshal(p)
		}, ErrAttributes},
		"a key from outside": {func(t *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, key *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			p := softtpm.Public(&key.PublicKey, false)
			p.ObjectAttributes.SensitiveDataOrigin = false
			a.Key = tpm2.Marshal(p)
		}, ErrAttributes},
		"certification altered": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Certify[len(a.Certify)-1] ^= 1
		}, ErrForeignAK},
		"signature of another kind": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Signature[1] = 0x14 // RSASSA
		}, ErrMalformed},
		"rubbish behind the key": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Key = append(a.Key, 0)
		}, ErrMalformed},
		"no key": {func(_ *testing.T, _ *softtpm.TPM, _ wire.AttestChallenge, _ *ecdsa.PrivateKey, a *wire.Attestation, _ *[]byte) {
			a.Key = nil
		}, ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			tpm := played(t)
			key, spki := p256Key(t)
			ch, err := r.Challenge(t.Context(), name, tpm.Request())
			if err != nil {
				t.Fatal(err)
			}
			a, err := tpm.Answer(ch, &key.PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			if c.spoil != nil {
				c.spoil(t, tpm, ch, key, &a, &spki)
			}
			ek, tier, ground, err := r.Prove(t.Context(), name, a, spki)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.want == nil && (!bytes.Equal(ek, tpm.EKDER()) || tier != sekisho.TierB || ground != GroundPerson) {
				t.Errorf("tier %q on ground %q", tier, ground)
			}
			if c.want != nil && (ek != nil || tier != sekisho.TierNone) {
				t.Errorf("refused, and yet tier %q", tier)
			}
			// Whatever came of it, the challenge is spent: a replayed answer opens nothing.
			if _, _, _, err := r.Prove(t.Context(), name, a, spki); !errors.Is(err, ErrChallenge) {
				t.Errorf("the same answer once more: %v", err)
			}
		})
	}
}

func TestChallengesLiveTwoMinutesForTheirHolder(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	tpm := played(t)
	key, spki := p256Key(t)
	ask := func() wire.Attestation {
		t.Helper()
		ch, err := r.Challenge(t.Context(), "mine", tpm.Request())
		if err != nil {
			t.Fatal(err)
		}
		a, err := tpm.Answer(ch, &key.PublicKey)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := ask()
	if _, _, _, err := r.Prove(t.Context(), "another's", a, spki); !errors.Is(err, ErrChallenge) {
		t.Errorf("answered by another holder: %v", err)
	}
	r.clk.Advance(challengeLife - time.Second)
	if _, _, _, err := r.Prove(t.Context(), "mine", a, spki); err != nil {
		t.Errorf("control: %v", err)
	}
	a = ask()
	r.clk.Advance(challengeLife)
	if _, _, _, err := r.Prove(t.Context(), "mine", a, spki); !errors.Is(err, ErrChallenge) {
		t.Errorf("answered too late: %v", err)
	}
	first := ask()
	ask()
	if _, _, _, err := r.Prove(t.Context(), "mine", first, spki); !errors.Is(err, ErrActivation) {
		t.Errorf("an answer to the challenge before: %v", err)
	}
}

// The claims that are looked at before anything is encrypted to them.
func TestClaimsThatAreRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	for name, c := range map[string]struct {
		spoil func(q *wire.AttestRequest, tpm *softtpm.TPM)
		want  error
	}{
		"control":         {func(*wire.AttestRequest, *softtpm.TPM) {}, nil},
		"no EK":           {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.EK = nil }, ErrEK},
		"EK of noise":     {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.EK = []byte("noise") }, ErrEK},
		"EK far too long": {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.EK = make([]byte, 1<<16) }, ErrEK},
		"no AK":           {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.AK = nil }, ErrMalformed},
		"AK of noise":     {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.AK = []byte("noise") }, ErrMalformed},
		"AK that signs what a program hands it": {func(q *wire.AttestRequest, tpm *softtpm.TPM) {
			q.AK = tpm2.Marshal(softtpm.Public(&tpm.AK.PublicKey, false))
		}, ErrAttributes},
		"a storage key as AK": {func(q *wire.AttestRequest, _ *softtpm.TPM) { q.AK = tpm2.Marshal(tpm2.ECCSRKTemplate) }, ErrAttributes},
		"certificate too long": {func(q *wire.AttestRequest, _ *softtpm.TPM) {
			q.EKCertificate = make([]byte, maxCertificate+1)
		}, ErrMalformed},
	} {
		tpm := played(t)
		q := tpm.Request()
		c.spoil(&q, tpm)
		if _, err := r.Challenge(t.Context(), name, q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func FuzzPublicArea(f *testing.F) {
	key, _ := p256Key(f)
	f.Add(tpm2.Marshal(softtpm.Public(&key.PublicKey, true)))
	f.Add(tpm2.Marshal(tpm2.RSAEKTemplate))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := parseKey(b, akAttributes)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrAttributes) {
				t.Fatalf("%v has no text for a person", err)
			}
			return
		}
		if len(k.name) != 34 || !k.public.Curve.IsOnCurve(k.public.X, k.public.Y) {
			t.Fatalf("took %+v", k)
		}
	})
}

// What follows the signature check is reached only with the AK's own signature,
// which a hostile TPM has.
func FuzzCertified(f *testing.F) {
	tpm := played(f)
	key, _ := p256Key(f)
	attest, signature, err := tpm.Certify(&key.PublicKey, make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(attest, signature)
	f.Fuzz(func(t *testing.T, attest, signature []byte) {
		if _, _, err := certified(attest, signature, &tpm.AK.PublicKey); err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrForeignAK) {
			t.Fatalf("%v has no text for a person", err)
		}
		if _, err := tpm2.Unmarshal[tpm2.TPMSAttest](attest); err != nil {
			return // it must not panic, whatever it is
		}
	})
}
