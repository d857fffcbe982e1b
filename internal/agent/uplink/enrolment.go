package uplink

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// States of an enrolment.
const (
	StatePending = "pending"
	StateIssued  = "issued"
	StateRefused = "refused"
)

// Enrolment is what this PC remembers of its enrolment: whom it trusts, who it
// is, and its certificate. None of it is secret but Ticket, which only fetches
// a certificate for the key in the TPM.
type Enrolment struct {
	Version     int              `json:"version"`
	Server      string           `json:"server"` // host:port of the agents' door
	Roots       wire.TrustRoots  `json:"roots"`  // pinned
	RootsHash   wire.Bytes       `json:"roots_hash"`
	Device      sekisho.DeviceID `json:"device"`
	AssetTag    string           `json:"asset_tag"`
	Fingerprint string           `json:"fingerprint"`
	EK          string           `json:"ek"` // SHA-256 of the TPM's endorsement key, hex; "" without a TPM
	Ticket      wire.Bytes       `json:"ticket"`
	State       string           `json:"state"`
	Certificate wire.Bytes       `json:"certificate"`
	Tier        sekisho.Tier     `json:"tier"`
	Code        string           `json:"code"` // why refused
	Checkpoint  string           `json:"checkpoint"`
	Shared      string           `json:"shared"` // the group that uses this PC; "" for one person's
}

const (
	enrolmentFile = "enrolment.json"
	maxEnrolment  = 64 << 10
)

// LoadEnrolment reads the state folder; without an enrolment it is ErrUnenrolled.
func LoadEnrolment(dir string) (e Enrolment, err error) {
	b, err := os.ReadFile(filepath.Join(dir, enrolmentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return e, ErrUnenrolled.Because(err)
	}
	if err != nil {
		return e, ErrState.Because(err)
	}
	if len(b) > maxEnrolment {
		return e, ErrState.Because(errors.New("uplink: enrolment too long"))
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return e, ErrState.Because(err)
	}
	return e, e.valid()
}

// valid checks what a damaged or edited file could make us trust. The roots'
// own hash only finds damage: whoever may write this folder owns the agent.
func (e Enrolment) valid() error {
	hash := e.Roots.Hash()
	host, _, err := net.SplitHostPort(e.Server)
	if e.Version != 1 || err != nil || host == "" || !bytes.Equal(e.RootsHash, hash[:]) || !wire.ValidID(string(e.Device)) {
		return ErrState.Because(errors.New("uplink: enrolment is not complete"))
	}
	return nil
}

// Save writes the enrolment in one step.
func (e Enrolment) Save(dir string) error {
	b, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("uplink: save enrolment: %w", err)
	}
	return ReplaceFile(filepath.Join(dir, enrolmentFile), b)
}

// adopt takes a certificate in if it is ours: for our key, under the pinned CA.
func (e *Enrolment) adopt(der []byte, key *ecdsa.PublicKey) error {
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return ErrAnswer.Because(err)
	}
	if !key.Equal(leaf.PublicKey) || leaf.Subject.CommonName != string(e.Device) {
		return ErrAnswer.Because(errors.New("uplink: certificate for another key or device"))
	}
	ca, err := x509.ParseCertificate(e.Roots.CA)
	if err != nil {
		return ErrState.Because(err)
	}
	if err := leaf.CheckSignatureFrom(ca); err != nil {
		return ErrImpostor.Because(err)
	}
	e.Certificate = der
	return nil
}

// EnrolmentStamp changes when the enrolment in a state folder does; "" if there is none.
func EnrolmentStamp(dir string) string {
	info, err := os.Stat(filepath.Join(dir, enrolmentFile))
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}
