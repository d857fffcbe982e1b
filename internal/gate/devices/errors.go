package devices

import "github.com/sekisho/sekisho"

// Errors that a person may see; their texts are in internal/wire/texts_devices.go.
var (
	ErrAsset       = sekisho.Fail(sekisho.KindInvalid, "device.asset_invalid")
	ErrAssetUsed   = sekisho.Fail(sekisho.KindConflict, "device.asset_used")
	ErrPolicyPlace = sekisho.Fail(sekisho.KindInvalid, "device.policy_place")
	ErrServer      = sekisho.Fail(sekisho.KindInvalid, "device.server_invalid")
	ErrReason      = sekisho.Fail(sekisho.KindInvalid, "device.reason_required")
	ErrNotFound    = sekisho.Fail(sekisho.KindNotFound, "device.not_found")
	ErrState       = sekisho.Fail(sekisho.KindConflict, "device.state")

	// Refusals at the agents' door, by the PC's state.
	ErrUnknown   = sekisho.Fail(sekisho.KindDenied, "device.unknown")
	ErrPending   = sekisho.Fail(sekisho.KindDenied, "device.pending")
	ErrSuspended = sekisho.Fail(sekisho.KindDenied, "device.suspended")
	ErrReturned  = sekisho.Fail(sekisho.KindDenied, "device.returned")
	ErrRevoked   = sekisho.Fail(sekisho.KindDenied, "device.revoked")
	ErrKey       = sekisho.Fail(sekisho.KindDenied, "device.key_replaced")
	ErrSoftware  = sekisho.Fail(sekisho.KindDenied, "device.software_key")

	// Enrolment.
	ErrRequest     = sekisho.Fail(sekisho.KindInvalid, "enrolment.request_malformed")
	ErrCodeUnknown = sekisho.Fail(sekisho.KindDenied, "enrolment.code_unknown")
	ErrCodeUsed    = sekisho.Fail(sekisho.KindConflict, "enrolment.code_used")
	ErrCodeExpired = sekisho.Fail(sekisho.KindExpired, "enrolment.code_expired")
	ErrCodeClosed  = sekisho.Fail(sekisho.KindDenied, "enrolment.code_withdrawn")
	ErrKit         = sekisho.Fail(sekisho.KindInvalid, "kitting.number")
	ErrNotHeld     = sekisho.Fail(sekisho.KindConflict, "enrolment.nothing_to_receive")
	ErrCodeHeld    = sekisho.Fail(sekisho.KindDenied, "enrolment.code_not_received")
	ErrKeyKnown    = sekisho.Fail(sekisho.KindConflict, "enrolment.key_known")
	ErrTPMKnown    = sekisho.Fail(sekisho.KindConflict, "enrolment.tpm_known")
	ErrTicket      = sekisho.Fail(sekisho.KindDenied, "enrolment.ticket_unknown")
	ErrFingerprint = sekisho.Fail(sekisho.KindDenied, "enrolment.fingerprint_differs")
	ErrTooMany     = sekisho.Fail(sekisho.KindBusy, "enrolment.too_many")
	ErrUnproved    = sekisho.Fail(sekisho.KindDenied, "enrolment.unproved")
	ErrCleared     = sekisho.Fail(sekisho.KindDenied, "device.tpm_cleared")
	ErrOtherTPM    = sekisho.Fail(sekisho.KindDenied, "device.tpm_replaced")

	// Why an enrolment was refused, as EnrolmentStatus.Code says it.
	codeRefused    = "enrolment.refused"
	codeSuperseded = "enrolment.superseded"

	// Bindings.
	ErrNamed    = sekisho.Fail(sekisho.KindBusy, "shared.too_many")
	ErrBinding  = sekisho.Fail(sekisho.KindDenied, "binding.invalid")
	ErrExporter = sekisho.Fail(sekisho.KindDenied, "binding.other_connection")
	ErrNonce    = sekisho.Fail(sekisho.KindDenied, "binding.nonce")
)
