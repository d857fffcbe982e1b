package passwords

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/bytemare/opaque"
)

type hexed []byte

func (h *hexed) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type vector struct {
	Config struct {
		Context hexed
		Fake    string
	}
	Inputs, Outputs map[string]hexed
}

// TestVectors plays the test vectors of RFC 9807, appendix C, for the suite that
// this room uses: two of real passwords (without and with identities) and one of
// a login that nobody has.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/rfc9807-ristretto255.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) != 3 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range vectors {
		conf := opaque.DefaultConfiguration()
		conf.KSF, conf.Context = 0, v.Config.Context // the vectors stretch nothing
		if conf.OPRF != opaque.RistrettoSha512 || conf.AKE != opaque.RistrettoSha512 || conf.KDF != crypto.SHA512 || conf.MAC != crypto.SHA512 {
			t.Fatal("the room uses another suite")
		}
		if v.Config.Fake != "True" {
			registers(t, conf, v)
		}
		signsIn(t, conf, v)
	}
}

func registers(t *testing.T, conf *opaque.Configuration, v vector) {
	t.Helper()
	c, server := ends(t, conf, v)
	blind := conf.OPRF.Group().NewScalar()
	ok(t, blind.Decode(v.Inputs["blind_registration"]))
	request, err := c.RegistrationInit(v.Inputs["password"], &opaque.ClientOptions{OPRFBlind: blind})
	ok(t, err)
	same(t, "request", request.Serialize(), v.Outputs["registration_request"])
	response, err := server.RegistrationResponse(request, v.Inputs["credential_identifier"], nil)
	ok(t, err)
	same(t, "response", response.Serialize(), v.Outputs["registration_response"])
	record, _, err := c.RegistrationFinalize(response, v.Inputs["client_identity"], v.Inputs["server_identity"],
		&opaque.ClientOptions{RegistrationEnvelopeNonce: v.Inputs["envelope_nonce"]})
	ok(t, err)
	same(t, "record", record.Serialize(), v.Outputs["registration_upload"])
}

func signsIn(t *testing.T, conf *opaque.Configuration, v vector) {
	t.Helper()
	c, server := ends(t, conf, v)
	upload, sent := v.Outputs["registration_upload"], v.Outputs["KE1"]
	if v.Config.Fake == "True" {
		upload = slices.Concat(v.Inputs["client_public_key"], v.Inputs["masking_key"], make([]byte, 96))
		sent = v.Inputs["KE1"]
	} else {
		blind := conf.OPRF.Group().NewScalar()
		ok(t, blind.Decode(v.Inputs["blind_login"]))
		ke1, err := c.GenerateKE1(v.Inputs["password"], &opaque.ClientOptions{
			OPRFBlind: blind, AKE: &opaque.AKEOptions{SecretKeyShareSeed: v.Inputs["client_keyshare_seed"], Nonce: v.Inputs["client_nonce"]},
		})
		ok(t, err)
		same(t, "KE1", ke1.Serialize(), sent)
	}
	record, err := server.Deserialize.RegistrationRecord(upload)
	ok(t, err)
	ke1, err := server.Deserialize.KE1(sent)
	ok(t, err)
	ke2, out, err := server.GenerateKE2(ke1, &opaque.ClientRecord{
		RegistrationRecord: record, CredentialIdentifier: v.Inputs["credential_identifier"], ClientIdentity: v.Inputs["client_identity"],
	}, &opaque.ServerOptions{
		MaskingNonce: v.Inputs["masking_nonce"],
		AKE:          &opaque.AKEOptions{SecretKeyShareSeed: v.Inputs["server_keyshare_seed"], Nonce: v.Inputs["server_nonce"]},
	})
	ok(t, err)
	same(t, "KE2", ke2.Serialize(), v.Outputs["KE2"])
	if v.Config.Fake == "True" {
		return
	}
	ke3, key, _, err := c.GenerateKE3(ke2, v.Inputs["client_identity"], v.Inputs["server_identity"])
	ok(t, err)
	same(t, "KE3", ke3.Serialize(), v.Outputs["KE3"])
	same(t, "session key", key, v.Outputs["session_key"])
	ok(t, server.LoginFinish(ke3, out.ClientMAC))
}

func ends(t *testing.T, conf *opaque.Configuration, v vector) (*opaque.Client, *opaque.Server) {
	t.Helper()
	c, err := conf.Client()
	ok(t, err)
	server, err := conf.Server()
	ok(t, err)
	private := conf.AKE.Group().NewScalar()
	ok(t, private.Decode(v.Inputs["server_private_key"]))
	ok(t, server.SetKeyMaterial(&opaque.ServerKeyMaterial{
		Identity: v.Inputs["server_identity"], PrivateKey: private, PublicKeyBytes: v.Inputs["server_public_key"], OPRFGlobalSeed: v.Inputs["oprf_seed"],
	}))
	return c, server
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Fatalf("%s is %x, want %x", what, got, want)
	}
}
