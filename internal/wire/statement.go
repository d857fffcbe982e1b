package wire

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"

	"github.com/sekisho/sekisho"
)

// Signed is a statement with its signature. Payload is the exact JSON that was
// signed; the signature covers domain || 0x00 || payload, so that a statement
// of one kind can never be passed for another.
type Signed struct {
	Payload   Bytes `json:"payload"`
	Signature Bytes `json:"signature"`
}

// Domains of the statements that an agent composes and signs. It signs nothing else.
const (
	DomainBinding = "sekisho/binding/v1"      // device key: Binding
	DomainFace    = "sekisho/face-login/v1"   // lease key: FaceStatement
	DomainRefusal = "sekisho/face-refusal/v1" // lease key: FaceRefusal
	DomainEnrol   = "sekisho/face-enrol/v1"   // lease key: FaceEnrolment
	DomainApprove = "sekisho/approved/v1"     // lease key: ApprovedStatement
	DomainRequest = "sekisho/request/v1"      // lease key: RequestToSign
	DomainRecord  = "sekisho/incident/v1"     // lease key: IncidentReport
	DomainReport  = "sekisho/pin/v1"          // lease key: CheckpointPin
	DomainRules   = "sekisho/rules/v1"        // lease key: Acknowledgement
	DomainSealKey = "sekisho/seal-key/v1"     // device key: SealKey
	DomainCarry   = "sekisho/carried-face/v1" // device key: CarriedFace
)

const maxStatement = 16 << 10

// ErrStatement is returned for a statement that is malformed or not signed by the key.
var ErrStatement = errors.New("wire: statement not valid")

func signingInput(domain string, payload []byte) []byte {
	return append(append([]byte(domain), 0), payload...)
}

// SignWith marshals statement and signs it under domain with an Ed25519 lease key.
func SignWith(key ed25519.PrivateKey, domain string, statement any) Signed {
	payload := mustJSON(statement)
	return Signed{Payload: payload, Signature: ed25519.Sign(key, signingInput(domain, payload))}
}

// OpenLease verifies an Ed25519 signature and decodes the payload strictly into statement.
func (s Signed) OpenLease(key ed25519.PublicKey, domain string, statement any) error {
	if len(key) != ed25519.PublicKeySize || len(s.Payload) > maxStatement ||
		!ed25519.Verify(key, signingInput(domain, s.Payload), s.Signature) {
		return ErrStatement
	}
	return decodeStrict(s.Payload, statement)
}

// DeviceDigest is what the device key signs for a statement: SHA-256 of its signing input.
func DeviceDigest(domain string, payload []byte) [32]byte {
	return sha256.Sum256(signingInput(domain, payload))
}

// OpenDevice verifies an ECDSA P-256 signature (ASN.1) by the device key and decodes the payload.
func (s Signed) OpenDevice(key *ecdsa.PublicKey, domain string, statement any) error {
	if key == nil || len(s.Payload) > maxStatement {
		return ErrStatement
	}
	digest := DeviceDigest(domain, s.Payload)
	if !ecdsa.VerifyASN1(key, digest[:], s.Signature) {
		return ErrStatement
	}
	return decodeStrict(s.Payload, statement)
}

func decodeStrict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errors.Join(ErrStatement, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return ErrStatement
	}
	return nil
}

// Binding ties one connection to one issued PC. The device key signs it; Exporter
// is the TLS exporter (RFC 9266, tls-exporter) of the mutual TLS connection that carries it, so
// that no third party can relay it. BootID changes with each start of the agent.
type Binding struct {
	Device    sekisho.DeviceID `json:"device"`
	WireGuard Bytes            `json:"wireguard"` // ephemeral X25519 public key, 32 bytes
	LeaseKey  Bytes            `json:"lease_key"` // ephemeral Ed25519 public key, 32 bytes
	Nonce     Bytes            `json:"nonce"`     // the server's, single use, 32 bytes
	Exporter  Bytes            `json:"exporter"`  // 32 bytes
	BootID    string           `json:"boot_id"`
	Agent     string           `json:"agent"` // version of the agent
	// Login names who sits at a shared PC; empty on every other one.
	Login string `json:"login,omitempty"`
}

// FaceStatement says that the agent's state machine saw the registered person, live.
type FaceStatement struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Person     sekisho.PersonID     `json:"person"`
	Nonce      Bytes                `json:"nonce"`      // the server's login nonce, single use
	Commitment string               `json:"commitment"` // lowercase hex, names the enrolled template
	Model      string               `json:"model"`      // SHA-256 of the embedder, hex
	Engine     string               `json:"engine"`     // "standard" or "demo"
	Frames     int                  `json:"frames"`     // frames judged
	Matched    int                  `json:"matched"`    // frames at or above the login threshold
	Live       bool                 `json:"live"`       // median of the liveness scores passed
	Challenge  string               `json:"challenge"`  // "" or the challenge that was passed
	AgeMS      int                  `json:"age_ms"`     // age of the newest frame
}

// FaceRefusal says that a login by face failed on the PC: POST /login-refusals
// [agent, quarantine]. It uses the login's nonce up and counts towards the
// person's limits like a statement that the server refuses.
type FaceRefusal struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Person     sekisho.PersonID     `json:"person"`
	Nonce      Bytes                `json:"nonce"`  // the login's
	Reason     string               `json:"reason"` // one of FaceRefusals
}

// FaceRefusals are the ends of a login that speak against whoever sat there. An
// empty seat or bad light is none of them.
var FaceRefusals = []string{"vigil.other_person", "vigil.not_live", "vigil.challenge_missed"}

// FaceEnrolment hands the server what it may keep of a face: a commitment and a sealed picture.
type FaceEnrolment struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Person     sekisho.PersonID     `json:"person"`
	Approval   sekisho.ApprovalID   `json:"approval"` // the witness's
	Commitment string               `json:"commitment"`
	Model      string               `json:"model"`
	Engine     string               `json:"engine"`
	Poses      int                  `json:"poses"`
	Picture    string               `json:"picture"` // SHA-256 of the sealed picture, hex
}

// ApprovedStatement opens or confirms a session of class approved.
type ApprovedStatement struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Person     sekisho.PersonID     `json:"person"`
	Approval   sekisho.ApprovalID   `json:"approval"`
	Nonce      Bytes                `json:"nonce"`
	Camera     bool                 `json:"camera"` // one face, unmatched; else confirmations by hand
}

// IncidentReport tells the server of a detection; evidence follows under its hash.
type IncidentReport struct {
	Incident   sekisho.IncidentID   `json:"incident"`
	Connection sekisho.ConnectionID `json:"connection"`
	Session    sekisho.SessionID    `json:"session"`
	Person     sekisho.PersonID     `json:"person"`
	State      sekisho.State        `json:"state"`
	AgoMS      int64                `json:"ago_ms"`      // how long before this report the verdict fell
	FirstMS    int64                `json:"first_ms"`    // from the first frame that showed it to the verdict
	Faces      int                  `json:"faces"`       // faces in view
	Evidence   []string             `json:"evidence"`    // SHA-256 of the sealed bundles, hex; empty while none is taken
	OSLocked   bool                 `json:"os_locked"`   // the operating system's lock answered
	LockReason string               `json:"lock_reason"` // why not, if not
}

// CheckpointPin reports back the audit checkpoint that an agent holds.
type CheckpointPin struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Checkpoint string               `json:"checkpoint"` // signed note
}

// RequestToSign is what the lease key signs for each request that the agent proxies.
type RequestToSign struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Counter    uint64               `json:"counter"`
	Method     string               `json:"method"`
	Path       string               `json:"path"` // with its query
	Body       string               `json:"body"` // SHA-256 of the body, hex
}

// Headers that carry the signature of a proxied request.
const (
	HeaderConnection = "Sekisho-Connection"
	HeaderCounter    = "Sekisho-Counter"
	HeaderSignature  = "Sekisho-Signature"
)

// SigningInput is the byte string that a request's signature covers.
func (r RequestToSign) SigningInput() []byte { return signingInput(DomainRequest, mustJSON(r)) }
