package pc_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/devices"
	machine "github.com/sekisho/sekisho/test/centre" // centre is this package's own
)

func startTPM(t *testing.T) *machine.TPM {
	t.Helper()
	if _, err := exec.LookPath("swtpm"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("swtpm is not installed: apt-get install swtpm")
		}
		t.Skip("swtpm is not installed: apt-get install swtpm")
	}
	chip, err := machine.StartTPM(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(chip.Close)
	return chip
}

// approved waits for the certificate of a pending enrolment, as an agent does.
func (c *centre) approved(e uplink.Enrolment, dir string, key devicekey.Key) uplink.Enrolment {
	c.t.Helper()
	if err := e.Save(dir); err != nil {
		c.t.Fatal(err)
	}
	if err := c.inv.Approve(c.t.Context(), administrator, e.Device, e.Fingerprint); err != nil {
		c.t.Fatal(err)
	}
	e, err := uplink.Poll(c.t.Context(), dir, e, key)
	if err != nil || e.State != uplink.StateIssued {
		c.t.Fatalf("%s, %v", e.State, err)
	}
	return e
}

// The agent's own code, a real TPM and this door, all the way: enrolled with a
// proof; the TPM is cleared; found out; enrolled again without a code; and the
// same folder beside another TPM gets nowhere.
func TestARealTPMIsClearedAndComesBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		ctx := t.Context()
		chip, dir := startTPM(t), t.TempDir()
		cfg := devicekey.Config{Dir: dir, Device: "unix:" + chip.Socket}
		code := c.code(c.register("PC-001", "home").ID)
		roots, err := uplink.FetchTrust(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		key, err := devicekey.Create(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		e, err := uplink.Enrol(ctx, code, roots, key)
		if err != nil {
			t.Fatal(err)
		}
		e = c.approved(e, dir, key)
		if d := c.byCertificate(e.Certificate); d.Tier != sekisho.TierB || e.Tier != sekisho.TierB || d.EK != e.EK || d.Ground != "person" {
			t.Errorf("enrolled as %+v", d)
		}
		key.Close()

		clearTPM(t, chip.Socket)
		if _, err := devicekey.Load(ctx, cfg); !errors.Is(err, devicekey.ErrLost) {
			t.Fatalf("control: the cleared TPM still has the key: %v", err)
		}
		if ek, err := devicekey.EndorsementKey(ctx, cfg); err != nil || !e.SameTPM(ek) {
			t.Errorf("the cleared TPM is taken for another one: %v", err)
		}
		thief, err := devicekey.Create(ctx, devicekey.Config{Dir: t.TempDir(), Device: "unix:" + startTPM(t).Socket})
		if err != nil {
			t.Fatal(err)
		}
		defer thief.Close()
		if _, err := uplink.EnrolAgain(ctx, e, thief); sekisho.CodeOf(err) != "device.tpm_replaced" {
			t.Errorf("another TPM with this folder: %v", err)
		}
		if _, err := c.inv.ByCertificate(ctx, parsed(t, e.Certificate)); err != nil {
			t.Errorf("the attempt put the PC itself out: %v", err)
		}
		soft, err := devicekey.Create(ctx, devicekey.Config{Dir: t.TempDir(), Kind: devicekey.KindSoftware})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := uplink.EnrolAgain(ctx, e, soft); sekisho.CodeOf(err) != devices.ErrRequest.Code {
			t.Errorf("a key in software in place of the TPM's: %v", err)
		}

		if key, err = devicekey.Create(ctx, cfg); err != nil {
			t.Fatal(err)
		}
		defer key.Close()
		again, err := uplink.EnrolAgain(ctx, e, key)
		if err != nil {
			t.Fatal(err)
		}
		again = c.approved(again, dir, key)
		if d := c.byCertificate(again.Certificate); d.ID != e.Device || d.Trouble != "" {
			t.Errorf("came back as %+v", d)
		}
		if _, err := c.inv.ByCertificate(ctx, parsed(t, e.Certificate)); err == nil {
			t.Error("the certificate of the lost key still counts")
		}
	})
}

func (c *centre) byCertificate(der []byte) devices.Device {
	c.t.Helper()
	d, err := c.inv.ByCertificate(context.Background(), parsed(c.t, der))
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func parsed(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// clearTPM does what the firmware's menu does: another storage seed, all keys gone.
func clearTPM(t *testing.T, socket string) {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = tpm2.Clear{AuthHandle: tpm2.AuthHandle{Handle: tpm2.TPMRHLockout, Auth: tpm2.PasswordAuth(nil)}}.Execute(transport.FromReadWriter(conn))
	if err != nil {
		t.Fatal(err)
	}
}
