package pc_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softtpm"
)

// FuzzAttestations sends whatever keys and certificate of a TPM under a code that
// counts: a challenge or a refusal that a person can read, and the PC stands as it
// stood before, either way.
func FuzzAttestations(f *testing.F) {
	c := newCentre(f, storagetest.SQLite(f))
	one := c.register("PC-001", "home")
	code, asked := c.code(one.ID), c.clk.Now()
	tpm, err := softtpm.New()
	if err != nil {
		f.Fatal(err)
	}
	good := tpm.Request()
	f.Add([]byte(good.EK), []byte(good.EKCertificate), []byte(good.AK), true)
	f.Add([]byte(good.EK), []byte("noise"), []byte(good.AK), true)
	f.Add([]byte(good.EK), make([]byte, 9<<10), []byte(good.AK), true)
	f.Add([]byte(good.AK), []byte(nil), []byte(good.EK), true)
	f.Add([]byte(good.EK[:len(good.EK)-1]), []byte(nil), []byte(good.AK), true)
	f.Add([]byte(good.EK), []byte(nil), append([]byte(good.AK), 0), true)
	f.Add([]byte(good.EK), []byte(nil), []byte(good.AK), false)
	f.Add([]byte(nil), []byte(nil), []byte(nil), true)
	f.Fuzz(func(t *testing.T, ek, certificate, ak []byte, known bool) {
		c.t = t
		c.clk.Advance(30 * time.Second) // away from the limits
		if now := c.clk.Now(); now.Sub(asked) > time.Hour {
			code, asked = c.code(one.ID), now
		}
		q := wire.AttestRequest{Secret: code.Secret[:], EK: ek, EKCertificate: certificate, AK: ak}
		if !known {
			q.Secret = make([]byte, len(code.Secret))
		}
		body, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		before, err := c.inv.Get(t.Context(), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		l := c.line(c.newAgent()) // its own: the door hangs up on a body that is too long
		got, err := l.roundTrip(http.MethodPost, "/api/pc/v1/attestations", body)
		if err != nil {
			t.Fatal(err)
		}
		after, err := c.inv.Get(t.Context(), one.ID)
		if err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("asking for a challenge changed the PC: %v", err)
		}
		if got.status != http.StatusOK {
			if got.status >= 500 && got.status != http.StatusServiceUnavailable || wire.TextOf(got.problem.Code) == wire.TextOf("internal") {
				t.Fatalf("%d %s", got.status, got.problem.Code)
			}
			return
		}
		var ch wire.AttestChallenge
		if err := json.Unmarshal(got.body, &ch); err != nil || len(ch.Nonce) != 32 || len(ch.Credential) == 0 || len(ch.Secret) == 0 || !known {
			t.Fatalf("a challenge of %s, %v", got.body, err)
		}
	})
}
