package console

import (
	"time"

	"github.com/sekisho/sekisho"
)

// AttestationView answers GET /attestation.
type AttestationView struct {
	OnlyKnown   bool            `json:"only_known" doc:"TPMs that stand on no list and under no authority are refused"`
	Keys        []KnownKeyView  `json:"keys" nullable:"false"`
	Authorities []AuthorityView `json:"authorities" nullable:"false"`
}

// KnownKeyView is one endorsement key of the list.
type KnownKeyView struct {
	EK    string     `json:"ek" doc:"SHA-256 of the key's PKIX DER, lower-case hex"`
	Label string     `json:"label"`
	Added *time.Time `json:"added"`

	Device   sekisho.DeviceID `json:"device" doc:"the PC that has shown it; empty where there is none, and for those who do not see the inventory"`
	AssetTag string           `json:"asset_tag"`
}

// AuthorityView is one authority of a TPM maker.
type AuthorityView struct {
	ID      string     `json:"id" doc:"SHA-256 of the certificate, lower-case hex"`
	Subject string     `json:"subject"`
	Until   *time.Time `json:"until" doc:"its own end; it is not held against it"`
	Added   *time.Time `json:"added"`
}

// ImportedView is what came of a list. With faults nothing was imported.
type ImportedView struct {
	Added  int               `json:"added"`
	Known  int               `json:"known" doc:"stood on the list before"`
	Faults []ImportFaultView `json:"faults" nullable:"false"`
}

// ImportFaultView is one thing wrong with a list, in the caller's language.
type ImportFaultView struct {
	Line   int    `json:"line" doc:"from 1; 0 is the file as a whole"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
}
