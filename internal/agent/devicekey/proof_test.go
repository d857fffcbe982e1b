package devicekey

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/attestation"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/tpmmaker"
)

// theServer is the server's side of the ceremony, as it ships.
func theServer(t *testing.T) *attestation.Attestation {
	t.Helper()
	db := storagetest.SQLite(t)
	if err := db.Migrate(t.Context(), audit.Schema, attestation.Schema); err != nil {
		t.Fatal(err)
	}
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	clk := clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	log, err := audit.New(db, clk, signer, "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return attestation.New(db, clk, log)
}

var nobody = audit.Actor{Process: "test"}

// proved goes through the ceremony with the real server.
func proved(t *testing.T, server *attestation.Attestation, k Key) (tier sekisho.Tier, ground string, err error) {
	t.Helper()
	a, err := k.Prove(t.Context(), func(ctx context.Context, r wire.AttestRequest) (wire.AttestChallenge, error) {
		return server.Challenge(ctx, "holder", r)
	})
	if err != nil {
		return "", "", err
	}
	spki, err := x509.MarshalPKIXPublicKey(k.Public().(*ecdsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	_, tier, ground, err = server.Prove(t.Context(), "holder", *a, spki)
	return tier, ground, err
}

func TestARealTPMProvesItself(t *testing.T) { eachTPM(t, provesItself) }

func provesItself(t *testing.T, start func(*testing.T) *emulator) {
	server := theServer(t)
	k := create(t, start(t).config(t.TempDir()))
	for range 2 { // the second time everything is loaded and freed again
		if tier, ground, err := proved(t, server, k); err != nil || tier != sekisho.TierB || ground != attestation.GroundPerson {
			t.Fatalf("%q %q %v", tier, ground, err)
		}
		checkSigns(t, k)
	}
	ek, err := k.EK(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Import(t.Context(), nobody, []byte("ek_sha256\n"+attestation.Hash(ek)+"\n")); err != nil {
		t.Fatal(err)
	}
	if tier, ground, err := proved(t, server, k); err != nil || tier != sekisho.TierA || ground != attestation.GroundList {
		t.Errorf("on the list: %q %q %v", tier, ground, err)
	}
}

func TestAMakersCertificateIsTierA(t *testing.T) {
	maker, err := tpmmaker.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	e := startEmulator(t)
	e.stop()
	if err := maker.Make(t.Context(), e.state); err != nil {
		t.Fatal(err)
	}
	e.state = filepath.Join(e.state, "tpm")
	e.start(t)
	server := theServer(t)
	k := create(t, e.config(t.TempDir()))
	if tier, _, err := proved(t, server, k); err != nil || tier != sekisho.TierB {
		t.Errorf("under no authority: %q %v", tier, err)
	}
	other, err := tpmmaker.New(t.TempDir())
	if err == nil {
		err = other.Make(t.Context(), t.TempDir())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   *tpmmaker.Maker
		want sekisho.Tier
	}{{other, sekisho.TierB}, {maker, sekisho.TierA}} {
		pem, err := c.of.Authority()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Trust(t.Context(), nobody, pem); err != nil {
			t.Fatal(err)
		}
		if tier, _, err := proved(t, server, k); err != nil || tier != c.want {
			t.Errorf("got tier %q, %v; want %q", tier, err, c.want)
		}
	}
}

// No object stays behind but the device's own key: the next program, and the next
// proof, find the room that they need.
func TestProvingLeavesNothingLoaded(t *testing.T) { eachTPM(t, leavesNothingLoaded) }

func leavesNothingLoaded(t *testing.T, start func(*testing.T) *emulator) {
	e := start(t)
	k := create(t, e.config(t.TempDir())).(*tpmKey)
	if _, _, err := proved(t, theServer(t), k); err != nil {
		t.Fatal(err)
	}
	refusal := errors.New("the server says no")
	if _, err := k.Prove(t.Context(), func(context.Context, wire.AttestRequest) (wire.AttestChallenge, error) {
		return wire.AttestChallenge{}, refusal
	}); !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	err := k.w.do(t.Context(), callLimit, func(tpm transport.TPM, _ int) error {
		rsp, err := tpm2.GetCapability{Capability: tpm2.TPMCapHandles, Property: uint32(tpm2.TPMHTTransient) << 24, PropertyCount: 16}.Execute(tpm)
		if err != nil {
			return err
		}
		handles, err := rsp.CapabilityData.Data.Handles()
		if err == nil && len(handles.Handle) > 1 {
			t.Errorf("%d objects are loaded: %x", len(handles.Handle), handles.Handle)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	checkSigns(t, k)
}

// A challenge to another TPM cannot be opened.
func TestAChallengeToAnotherTPM(t *testing.T) { eachTPM(t, challengeToAnother) }

func challengeToAnother(t *testing.T, start func(*testing.T) *emulator) {
	server := theServer(t)
	mine, others := create(t, start(t).config(t.TempDir())), create(t, start(t).config(t.TempDir()))
	var theirs wire.AttestRequest
	stop := errors.New("only asked")
	_, err := others.Prove(t.Context(), func(_ context.Context, r wire.AttestRequest) (wire.AttestChallenge, error) {
		theirs = r
		return wire.AttestChallenge{}, stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	_, err = mine.Prove(t.Context(), func(ctx context.Context, _ wire.AttestRequest) (wire.AttestChallenge, error) {
		return server.Challenge(ctx, "holder", theirs)
	})
	// A chip says that the value or the integrity is wrong (TestProofUnderFaults),
	// and so does the simulator (TPM_RC_VALUE); swtpm, for RSA, that it has failed.
	if !errors.Is(err, ErrActive) && !errors.Is(err, ErrTPM) {
		t.Errorf("got %v, want %v", err, ErrActive)
	}
}

// injected stands between the agent and a real TPM and spoils one command.
type injected struct {
	transport.TPMCloser
	command tpm2.TPMCC
	fault   func() ([]byte, error) // nil, nil hangs
	times   *int                   // left to spoil
	once    sync.Once
	closed  chan struct{}
}

func (i *injected) Send(command []byte) ([]byte, error) {
	if tpm2.TPMCC(binary.BigEndian.Uint32(command[6:])) == i.command && *i.times > 0 {
		*i.times--
		b, err := i.fault()
		if b == nil && err == nil {
			<-i.closed
			return nil, io.ErrClosedPipe
		}
		return b, err
	}
	return i.TPMCloser.Send(command)
}

func (i *injected) Close() error { i.once.Do(func() { close(i.closed) }); return i.TPMCloser.Close() }

func TestProofUnderFaults(t *testing.T) { eachTPM(t, proofUnderFaults) }

func proofUnderFaults(t *testing.T, start func(*testing.T) *emulator) {
	says := func(rc tpm2.TPMRC) func() ([]byte, error) { return func() ([]byte, error) { return code(rc), nil } }
	busy := func() ([]byte, error) {
		return nil, &os.PathError{Op: "write", Path: "/dev/tpmrm0", Err: syscall.EBUSY}
	}
	hang := func() ([]byte, error) { return nil, nil }
	for name, c := range map[string]struct {
		command tpm2.TPMCC
		fault   func() ([]byte, error)
		times   int
		want    error
		within  time.Duration
	}{
		"retry while the key is made":        {tpm2.TPMCCCreate, says(tpm2.TPMRCRetry), 2, nil, 20 * time.Second},
		"retry at the activation":            {tpm2.TPMCCActivateCredential, says(tpm2.TPMRCRetry), 2, nil, 20 * time.Second},
		"retry at the certification":         {tpm2.TPMCCCertify, says(tpm2.TPMRCRetry), 2, nil, 20 * time.Second},
		"yielded at the policy":              {tpm2.TPMCCPolicySecret, says(tpm2.TPMRCYielded), 1, nil, 20 * time.Second},
		"driver busy at the activation":      {tpm2.TPMCCActivateCredential, busy, 2, nil, 20 * time.Second},
		"driver busy at the certificate":     {tpm2.TPMCCNVReadPublic, busy, 1, nil, 20 * time.Second},
		"lockout at the policy":              {tpm2.TPMCCPolicySecret, says(tpm2.TPMRCLockout), 9, ErrLockout, 20 * time.Second},
		"lockout at the certification":       {tpm2.TPMCCCertify, says(tpm2.TPMRCLockout), 9, ErrLockout, 20 * time.Second},
		"integrity at the activation":        {tpm2.TPMCCActivateCredential, says(tpm2.TPMRCIntegrity), 9, ErrActive, 20 * time.Second},
		"endorsement held under a password":  {tpm2.TPMCCPolicySecret, says(tpm2.TPMRCBadAuth), 9, ErrOwned, 20 * time.Second},
		"a hang at the activation":           {tpm2.TPMCCActivateCredential, hang, 9, ErrTimeout, 40 * time.Second},
		"always retry":                       {tpm2.TPMCCCertify, says(tpm2.TPMRCRetry), 1 << 20, ErrTimeout, 40 * time.Second},
		"a broken line at the certification": {tpm2.TPMCCCertify, func() ([]byte, error) { return nil, io.ErrUnexpectedEOF }, 1, ErrTPM, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := start(t).config(t.TempDir())
			create(t, cfg).Close()
			f, err := readKeyFile(cfg)
			if err != nil {
				t.Fatal(err)
			}
			times := c.times
			k := &tpmKey{w: newWorker(func() (transport.TPMCloser, error) {
				conn, err := openTPM(cfg.Device)
				if err != nil {
					return nil, err
				}
				return &injected{TPMCloser: conn, command: c.command, fault: c.fault, times: &times, closed: make(chan struct{})}, nil
			})}
			defer k.Close()
			if err := k.adopt(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			tier, _, err := proved(t, theServer(t), k)
			if !errors.Is(err, c.want) || (c.want == nil) != (tier == sekisho.TierB) {
				t.Errorf("tier %q, %v; want %v", tier, err, c.want)
			}
			if took := time.Since(began); took > c.within {
				t.Errorf("took %v, want at most %v", took, c.within)
			}
		})
	}
}

// A key file of another TPM is found out at the certification too: it was
// replaced while the agent ran.
func TestProofWithAKeyOfAnotherTPM(t *testing.T) { eachTPM(t, keyOfAnother) }

func keyOfAnother(t *testing.T, start func(*testing.T) *emulator) {
	mine, other := start(t), start(t)
	cfg := mine.config(t.TempDir())
	create(t, cfg).Close()
	f, err := readKeyFile(Config{Dir: cfg.Dir})
	if err != nil {
		t.Fatal(err)
	}
	k := &tpmKey{w: newWorker(func() (transport.TPMCloser, error) { return openTPM("unix:" + other.socket) }), file: f}
	defer k.w.close()
	if _, err := k.Prove(t.Context(), func(ctx context.Context, r wire.AttestRequest) (wire.AttestChallenge, error) {
		return theServer(t).Challenge(ctx, "holder", r)
	}); !errors.Is(err, ErrLost) {
		t.Errorf("got %v, want %v", err, ErrLost)
	}
}

func TestEndorsementKeySurvivesClearing(t *testing.T) { eachTPM(t, survivesClearing) }

func survivesClearing(t *testing.T, start func(*testing.T) *emulator) {
	e := start(t)
	cfg := e.config(t.TempDir())
	create(t, cfg).Close()
	before, err := EndorsementKey(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
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
		t.Fatalf("control: %v", err)
	}
	after, err := EndorsementKey(t.Context(), cfg)
	if err != nil || string(after) != string(before) {
		t.Errorf("a cleared TPM cannot be told from another one: %v", err)
	}
	if other, err := EndorsementKey(t.Context(), start(t).config("")); err != nil || string(other) == string(before) {
		t.Errorf("another TPM has the same endorsement key: %v", err)
	}
}

func TestExamine(t *testing.T) { eachTPM(t, examines) }

func examines(t *testing.T, start func(*testing.T) *emulator) {
	cfg := start(t).config(filepath.Join(t.TempDir(), "none"))
	f, err := Examine(t.Context(), cfg)
	if err != nil || f.Family != "2.0" || f.Maker == "" || len(f.Missing) != 0 || f.Lockout || f.MaxFailures == 0 || len(f.EK) != 64 || f.Certificate {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := os.Stat(cfg.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("examining made something: %v", err)
	}
	if _, err := Examine(t.Context(), Config{Device: "unix:/nonexistent/tpm"}); !errors.Is(err, ErrNoTPM) {
		t.Errorf("no TPM: %v", err)
	}
}
