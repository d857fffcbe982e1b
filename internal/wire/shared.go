package wire

import "github.com/sekisho/sekisho"

// Shared PCs (共用PC): a face that was enrolled on one PC of a group goes to the
// others, sealed by a PC that has it to the key of the one that gets it. All
// routes are [agent].

// MaxLogin is the longest login that a shared PC may name, in characters.
const MaxLogin = 64

// SharedUnnamed stands for the group of a shared PC until a connection has named it.
const SharedUnnamed = "?"

// MaxCarried is the longest sealed face, in bytes.
const MaxCarried = 24 << 10

// SealKey names the key to which faces are sealed for a PC. The device key signs
// it, and with the certificate beside it everybody can check whose it is.
type SealKey struct {
	Device    sekisho.DeviceID `json:"device"`
	Recipient string           `json:"recipient"` // age, X25519: age1…
}

// CertifiedKey is POST /shared/key [quarantine]: a SealKey with its proof.
type CertifiedKey struct {
	Certificate Bytes  `json:"certificate"` // of the device, DER
	Statement   Signed `json:"statement"`   // SealKey
}

// CarriedFace says which face goes from where to where. The device key of the PC
// that sealed it signs it.
type CarriedFace struct {
	Person     sekisho.PersonID `json:"person"`
	From       sekisho.DeviceID `json:"from"`
	To         sekisho.DeviceID `json:"to"`
	Commitment string           `json:"commitment"` // lowercase hex: what the server holds, on both PCs
	Sealed     string           `json:"sealed"`     // SHA-256 of the sealed face, hex
}

// Carry is POST /shared/faces [live]: one sealed face on its way.
type Carry struct {
	Sealed      Bytes  `json:"sealed"`
	Certificate Bytes  `json:"certificate"` // of the PC that sealed it
	Statement   Signed `json:"statement"`   // CarriedFace
}

// SharedPC answers GET /shared [quarantine].
type SharedPC struct {
	Group   string             `json:"group"`   // "" where this PC is not shared
	Keep    []sekisho.PersonID `json:"keep"`    // whose faces may lie here; every other one is deleted
	Key     bool               `json:"key"`     // the server has the key to seal to, under the certificate of now
	Waiting *Carry             `json:"waiting"` // the face of whoever sits here, on its way to this PC
}

// CarryTargets answers GET /shared/targets [live]: the PCs of the group that lack
// the caller's face. More may follow when these are done.
type CarryTargets struct {
	Targets []CertifiedKey `json:"targets"` // at most 16
}

// CarryTaken is POST /shared/taken [quarantine]: what became of the face that waited.
type CarryTaken struct {
	Commitment string `json:"commitment"`
	Refused    string `json:"refused"` // an error code; "" where the face lies here now
}
