package devicekey

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-tpm/tpm2"
)

// each runs the suite on both kinds of key.
func each(t *testing.T, run func(t *testing.T, cfg Config)) {
	eachTPM(t, func(t *testing.T, start func(*testing.T) *emulator) { run(t, start(t).config(t.TempDir())) })
	t.Run("software", func(t *testing.T) { run(t, Config{Dir: t.TempDir(), Kind: KindSoftware}) })
}

func create(t *testing.T, cfg Config) Key {
	t.Helper()
	k, err := Create(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func checkSigns(t *testing.T, k Key) {
	t.Helper()
	digest := sha256.Sum256([]byte("what a binding hashes to"))
	sig, err := k.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if !ecdsa.VerifyASN1(k.Public().(*ecdsa.PublicKey), digest[:], sig) {
		t.Error("the signature does not verify")
	}
}

func TestKeySurvivesRestart(t *testing.T) {
	each(t, func(t *testing.T, cfg Config) {
		first := create(t, cfg)
		checkSigns(t, first)
		sealed, err := first.Seal(t.Context(), "face", []byte("template"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(sealed, []byte("template")) {
			t.Error("sealed data shows the clear text")
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := Load(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		checkSigns(t, again)
		if !again.Public().(*ecdsa.PublicKey).Equal(first.Public()) {
			t.Error("another public key after the restart")
		}
		if data, err := again.Unseal(t.Context(), "face", sealed); err != nil || string(data) != "template" {
			t.Errorf("unsealed %q, %v", data, err)
		}
		if again.Kind() != cfg.Kind {
			t.Errorf("kind %q, want %q", again.Kind(), cfg.Kind)
		}
	})
}

func TestSealRefusesOtherPurposeAndAlteration(t *testing.T) {
	each(t, func(t *testing.T, cfg Config) {
		k := create(t, cfg)
		sealed, err := k.Seal(t.Context(), "face", []byte("template"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Unseal(t.Context(), "other", sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("another purpose: %v", err)
		}
		sealed[len(sealed)-1] ^= 1
		if _, err := k.Unseal(t.Context(), "face", sealed); !errors.Is(err, ErrSealed) {
			t.Errorf("altered: %v", err)
		}
		for _, cut := range [][]byte{nil, {1}, {0, 200, 1}, sealed[:len(sealed)/2]} {
			if _, err := k.Unseal(t.Context(), "face", cut); !errors.Is(err, ErrSealed) {
				t.Errorf("cut to %d bytes: %v", len(cut), err)
			}
		}
	})
}

func TestSignsCertificateRequest(t *testing.T) {
	each(t, func(t *testing.T, cfg Config) {
		der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "pc"}}, create(t, cfg))
		if err != nil {
			t.Fatal(err)
		}
		csr, err := x509.ParseCertificateRequest(der)
		if err != nil || csr.CheckSignature() != nil {
			t.Errorf("request does not verify: %v", err)
		}
	})
}

func TestSignsSHA256Only(t *testing.T) {
	each(t, func(t *testing.T, cfg Config) {
		k := create(t, cfg)
		long := sha512.Sum512([]byte("x"))
		if _, err := k.Sign(rand.Reader, long[:], crypto.SHA512); err == nil {
			t.Error("signed a SHA-512 digest")
		}
		if _, err := k.Sign(rand.Reader, long[:], crypto.SHA256); err == nil {
			t.Error("signed something that is no digest")
		}
	})
}

// A thief copies the agent's folder and puts it beside another TPM.
func TestCopiedFolderOpensNothingElsewhere(t *testing.T) {
	mine, thiefs := startEmulator(t), startEmulator(t)
	dir, copied := t.TempDir(), t.TempDir()
	k := create(t, mine.config(dir))
	sealed, err := k.Seal(t.Context(), "face", []byte("template"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(copied, fileName), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), thiefs.config(copied)); !errors.Is(err, ErrLost) {
		t.Errorf("key loaded in another TPM: %v", err)
	}
	other := create(t, thiefs.config(t.TempDir()))
	if _, err := other.Unseal(t.Context(), "face", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("template key unsealed in another TPM: %v", err)
	}
	k.Close()                                              // the emulator serves one connection at a time
	control, err := Load(t.Context(), mine.config(copied)) // the same copy, with the right TPM
	if err != nil {
		t.Fatalf("control: %v", err)
	}
	defer control.Close()
	checkSigns(t, control)
}

func TestClearedTPMLosesKey(t *testing.T) {
	e := startEmulator(t)
	cfg := e.config(t.TempDir())
	create(t, cfg).Close()
	conn, err := openTPM(cfg.Device)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpm2.Clear{AuthHandle: tpm2.AuthHandle{Handle: tpm2.TPMRHLockout, Auth: tpm2.PasswordAuth(nil)}}.Execute(conn)
	conn.Close()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Load(t.Context(), cfg); !errors.Is(err, ErrLost) {
		t.Errorf("after TPM2_Clear: %v", err)
	}
}

// The TPM resets while the agent runs (sleep, driver restart): one signature
// later everything works again, without a new enrolment.
func TestKeyReloadsAfterReset(t *testing.T) {
	e := startEmulator(t)
	k := create(t, e.config(t.TempDir()))
	checkSigns(t, k)
	e.stop()
	digest := sha256.Sum256([]byte("x"))
	if _, err := k.Sign(rand.Reader, digest[:], crypto.SHA256); err == nil {
		t.Fatal("signed without a TPM")
	}
	e.start(t)
	checkSigns(t, k)
	conn, err := openTPM("unix:" + e.socket)
	if err == nil {
		conn.Close() // the emulator serves one connection at a time: reaching it at all is enough
	}
	checkSigns(t, k)
}

func TestOwnerPasswordUsesPersistentParent(t *testing.T) {
	e := startEmulator(t)
	cfg := e.config(t.TempDir())
	conn, err := openTPM(cfg.Device)
	if err != nil {
		t.Fatal(err)
	}
	srk, err := tpm2.CreatePrimary{PrimaryHandle: tpm2.TPMRHOwner, InPublic: tpm2.New2B(tpm2.ECCSRKTemplate)}.Execute(conn)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpm2.EvictControl{Auth: tpm2.TPMRHOwner, ObjectHandle: &tpm2.NamedHandle{Handle: srk.ObjectHandle, Name: srk.Name}, PersistentHandle: persistentSRK}.Execute(conn)
	if err != nil {
		t.Fatal(err)
	}
	flush(conn, srk.ObjectHandle)
	_, err = tpm2.HierarchyChangeAuth{AuthHandle: tpm2.TPMRHOwner, NewAuth: tpm2.TPM2BAuth{Buffer: []byte("owner's")}}.Execute(conn)
	conn.Close()
	if err != nil {
		t.Fatal(err)
	}
	k := create(t, cfg)
	checkSigns(t, k)
	sealed, err := k.Seal(t.Context(), "face", []byte("template"))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := k.Unseal(t.Context(), "face", sealed); err != nil || string(data) != "template" {
		t.Errorf("unsealed %q, %v", data, err)
	}
}

func TestKeyAttributes(t *testing.T) {
	cfg := startEmulator(t).config(t.TempDir())
	create(t, cfg)
	f, err := readKeyFile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	public, err := tpm2.Unmarshal[tpm2.TPMTPublic](f.Public)
	if err != nil {
		t.Fatal(err)
	}
	a := public.ObjectAttributes
	if !a.FixedTPM || !a.FixedParent || !a.SensitiveDataOrigin || !a.UserWithAuth || !a.NoDA || !a.SignEncrypt || a.Decrypt || a.Restricted {
		t.Errorf("attributes %+v", a)
	}
	if info, err := os.Stat(filepath.Join(cfg.Dir, fileName)); err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestEK(t *testing.T) {
	cfg := startEmulator(t).config(t.TempDir())
	k := create(t, cfg)
	der, err := k.EK(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParsePKIXPublicKey(der); err != nil {
		t.Errorf("not a public key: %v", err)
	}
	if again, err := k.EK(t.Context()); err != nil || !bytes.Equal(again, der) {
		t.Errorf("the endorsement key differs on the second read: %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	software := Config{Dir: t.TempDir(), Kind: KindSoftware}
	create(t, software)
	file := filepath.Join(software.Dir, fileName)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(content []byte, mode os.FileMode) func(t *testing.T) Config {
		return func(t *testing.T) Config {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, fileName), content, mode); err != nil {
				t.Fatal(err)
			}
			return Config{Dir: dir, Kind: KindSoftware}
		}
	}
	var f keyFile
	if err := json.Unmarshal(good, &f); err != nil {
		t.Fatal(err)
	}
	f.Storage = f.Storage[:16]
	short, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cfg  func(t *testing.T) Config
		want error
	}{
		"no file":             {func(t *testing.T) Config { return Config{Dir: t.TempDir()} }, ErrMissing},
		"readable by others":  {write(good, 0o644), ErrDamaged},
		"not JSON":            {write([]byte("x"), 0o600), ErrDamaged},
		"cut":                 {write(good[:len(good)/2], 0o600), ErrDamaged},
		"short storage key":   {write(short, 0o600), ErrDamaged},
		"huge":                {write(bytes.Repeat([]byte(" "), maxKeyFile+1), 0o600), ErrDamaged},
		"software for a TPM":  {func(t *testing.T) Config { return Config{Dir: software.Dir, Kind: KindTPM} }, ErrOther},
		"empty kind is a TPM": {func(t *testing.T) Config { return Config{Dir: software.Dir} }, ErrOther},
	} {
		t.Run(name, func(t *testing.T) {
			if k, err := Load(t.Context(), c.cfg(t)); !errors.Is(err, c.want) {
				t.Errorf("got %v, %v, want %v", k, err, c.want)
			}
		})
	}
}

func TestNoTPMIsNeverSoftware(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Device: "unix:/nonexistent/tpm"}
	if _, err := Create(t.Context(), cfg); !errors.Is(err, ErrNoTPM) {
		t.Errorf("created without a TPM: %v", err)
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, fileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key file appeared: %v", err)
	}
	if _, err := Create(t.Context(), Config{Dir: t.TempDir(), Device: t.TempDir()}); !errors.Is(err, ErrNoTPM) {
		t.Errorf("a folder passed for a TPM: %v", err)
	}
	if _, err := Create(t.Context(), Config{Dir: t.TempDir(), Kind: "none"}); !errors.Is(err, ErrOther) {
		t.Errorf("unknown kind: %v", err)
	}
}
