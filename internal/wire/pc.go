package wire

import "github.com/sekisho/sekisho"

// The agents' door (/api/pc/v1, TLS on port 8444). Enrolment needs no client
// certificate; everything else needs the device's.

// EnrolRequest presents an enrolment code's secret, or the ticket of the
// enrolment whose key the TPM has lost, and asks for a certificate.
type EnrolRequest struct {
	Secret   Bytes            `json:"secret"`           // empty where a ticket is presented
	Device   sekisho.DeviceID `json:"device,omitempty"` // with Ticket
	Ticket   Bytes            `json:"ticket,omitempty"`
	CSR      Bytes            `json:"csr"`      // PKCS#10, DER, P-256, signed by the device key
	KeyKind  string           `json:"key_kind"` // "tpm" or "software"
	EK       Bytes            `json:"ek"`       // endorsement public key, PKIX DER; empty without a TPM
	Hostname string           `json:"hostname"`
	Platform string           `json:"platform"` // GOOS/GOARCH
	Agent    string           `json:"agent"`    // version
	// Attestation proves key_kind "tpm", which is refused without it.
	Attestation *Attestation `json:"attestation,omitempty"`
}

// EnrolAnswer leaves the PC pending until an administrator has compared fingerprints.
type EnrolAnswer struct {
	Device      sekisho.DeviceID `json:"device"`
	AssetTag    string           `json:"asset_tag"`
	Fingerprint string           `json:"fingerprint"` // of the device's public key: both screens show it
	Ticket      Bytes            `json:"ticket"`      // to ask for the outcome (EnrolmentStatus)
}

// EnrolmentQuery asks how an enrolment stands.
type EnrolmentQuery struct {
	Device sekisho.DeviceID `json:"device"`
	Ticket Bytes            `json:"ticket"`
}

// EnrolmentStatus is the outcome: State is "pending", "issued" or "refused".
type EnrolmentStatus struct {
	State       string       `json:"state"`
	Certificate Bytes        `json:"certificate"` // DER of the device's certificate once issued
	Tier        sekisho.Tier `json:"tier"`
	Code        string       `json:"code"` // why refused
}

// BindNonce is the server's single-use nonce for one Binding; it lives 30 seconds.
type BindNonce struct {
	Nonce Bytes `json:"nonce"`
}

// ConnectAnswer is one tunnel in quarantine.
type ConnectAnswer struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Address    string               `json:"address"`    // the PC's own /32 inside the tunnel
	Gateway    string               `json:"gateway"`    // 100.64.0.1
	Endpoint   string               `json:"endpoint"`   // host:port of WireGuard
	ServerKey  Bytes                `json:"server_key"` // X25519 public key
	PSK        Bytes                `json:"psk"`
	MTU        int                  `json:"mtu"`
	Group      string               `json:"group"` // of people who may sit at this shared PC; "" for everybody's own
	Tier       sekisho.Tier         `json:"tier"`
	Renewed    Bytes                `json:"renewed"`    // a fresh certificate, DER, when the old one nears its end
	Checkpoint string               `json:"checkpoint"` // signed note: the audit log's newest, for a PC that holds none; "" if there is none to be had
}

// PinAnswer leads from the checkpoint that a PC reported (CheckpointPin) to the
// newest one. Nobody has to believe it: each step carries its proof.
type PinAnswer struct {
	Steps []PinStep `json:"steps"` // in order; one within an epoch, one more for each restart since
}

// PinStep is one checkpoint with what connects the one before to it. Proofs are
// lines of base64, each with its newline, as in C2SP tlog-proof.
type PinStep struct {
	Checkpoint string   `json:"checkpoint"` // signed note
	Restart    []Signed `json:"restart"`    // roster roots' signatures on the epoch that begins here; empty within an epoch
	Survivors  string   `json:"survivors"`  // proof from the one before to the epoch's start
	Grown      string   `json:"grown"`      // proof from the epoch's start, or from the one before, to this one
}
