package wire

import "github.com/sekisho/sekisho"

// The agents' door (/api/pc/v1, TLS on port 8444). Enrolment needs no client
// certificate; everything else needs the device's.

// EnrolRequest presents an enrolment code's secret and asks for a certificate.
type EnrolRequest struct {
	Secret   Bytes  `json:"secret"`
	CSR      Bytes  `json:"csr"`      // PKCS#10, DER, P-256, signed by the device key
	KeyKind  string `json:"key_kind"` // "tpm" or "software": a claim until attestation proves it
	EK       Bytes  `json:"ek"`       // endorsement public key, PKIX DER; empty without a TPM
	Hostname string `json:"hostname"`
	Platform string `json:"platform"` // GOOS/GOARCH
	Agent    string `json:"agent"`    // version
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
	Tier       sekisho.Tier         `json:"tier"`
	Renewed    Bytes                `json:"renewed"` // a fresh certificate, DER, when the old one nears its end
}
