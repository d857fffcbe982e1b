package wire

import "encoding/hex"

// TrustRoots is what a PC must know before it believes a server. Its hash is in
// the enrolment code; the agent pins the whole at enrolment.
type TrustRoots struct {
	CA              Bytes   `json:"ca"`               // DER of the CA certificate
	AuditKey        string  `json:"audit_key"`        // verifier key of the audit log (signed note format)
	RosterRoots     []Bytes `json:"roster_roots"`     // Ed25519 public keys of the officers' roster
	RosterThreshold int     `json:"roster_threshold"` // how many of them must sign a roster
}

// Hash is the SHA-256 of the roots' JSON as this package marshals it.
func (t TrustRoots) Hash() [32]byte { return sum256(mustJSON(t)) }

// Fingerprint shortens a public key (DER) for comparison by two people: the
// first 80 bits of its SHA-256 in five groups of four hexadecimal digits.
func Fingerprint(der []byte) string {
	sum := sum256(der)
	h := hex.EncodeToString(sum[:10])
	return h[0:4] + "-" + h[4:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20]
}
