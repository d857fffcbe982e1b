package attestation

import "github.com/sekisho/sekisho"

// Errors that a person may see; their texts are in internal/wire/texts_attest.go.
var (
	ErrMalformed     = sekisho.Fail(sekisho.KindInvalid, "attestation.malformed")
	ErrEK            = sekisho.Fail(sekisho.KindInvalid, "attestation.ek_unsupported")
	ErrEKCertificate = sekisho.Fail(sekisho.KindDenied, "attestation.ek_certificate")
	ErrAttributes    = sekisho.Fail(sekisho.KindDenied, "attestation.key_attributes")
	ErrChallenge     = sekisho.Fail(sekisho.KindExpired, "attestation.challenge_over")
	ErrActivation    = sekisho.Fail(sekisho.KindDenied, "attestation.not_activated")
	ErrForeignAK     = sekisho.Fail(sekisho.KindDenied, "attestation.foreign_ak")
	ErrStale         = sekisho.Fail(sekisho.KindDenied, "attestation.stale")
	ErrOtherKey      = sekisho.Fail(sekisho.KindDenied, "attestation.other_key")
	ErrNotListed     = sekisho.Fail(sekisho.KindDenied, "attestation.not_listed")
	ErrBusy          = sekisho.Fail(sekisho.KindBusy, "request.busy")

	ErrNotFound    = sekisho.Fail(sekisho.KindNotFound, "attestation.not_found")
	ErrCertificate = sekisho.Fail(sekisho.KindInvalid, "attestation.ca_invalid")
	ErrKnown       = sekisho.Fail(sekisho.KindConflict, "attestation.ca_known")
	ErrFull        = sekisho.Fail(sekisho.KindConflict, "attestation.full")

	// Faults of an imported list.
	errEncoding  = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_encoding")
	errHeader    = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_header")
	errRow       = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_row")
	errHash      = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_hash")
	errLabel     = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_label")
	errDuplicate = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_duplicate")
	errNoRows    = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_empty")
	errTooLong   = sekisho.Fail(sekisho.KindInvalid, "attestation.csv_too_long")
)
