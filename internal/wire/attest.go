package wire

import "github.com/sekisho/sekisho"

// How a TPM proves itself at enrolment (TPM 2.0 Library, part 1, "Credential
// protection" and "Attestation"):
//
//	POST attestations   AttestRequest → AttestChallenge
//	POST enrol          EnrolRequest with Attestation
//
// Structures of the TPM are as it marshals them (part 2), without an outer size.

// AttestRequest names a TPM's keys and asks for a challenge to them.
type AttestRequest struct {
	Secret        Bytes            `json:"secret"`           // the enrolment code's; empty where a ticket is presented
	Device        sekisho.DeviceID `json:"device,omitempty"` // with Ticket
	Ticket        Bytes            `json:"ticket,omitempty"`
	EK            Bytes            `json:"ek"`             // endorsement public key, PKIX DER: RSA 2048 or P-256
	EKCertificate Bytes            `json:"ek_certificate"` // X.509 DER, as the TPM keeps it; empty if it keeps none
	AK            Bytes            `json:"ak"`             // TPMT_PUBLIC of a restricted signing key
}

// AttestChallenge can be answered once, within two minutes, by the TPM that
// holds both keys.
type AttestChallenge struct {
	Credential Bytes `json:"credential"` // TPMS_ID_OBJECT for TPM2_ActivateCredential
	Secret     Bytes `json:"secret"`     // encrypted seed for TPM2_ActivateCredential
	Nonce      Bytes `json:"nonce"`      // qualifying data for TPM2_Certify, 32 bytes
}

// Attestation is the answer.
type Attestation struct {
	Activated Bytes `json:"activated"` // what TPM2_ActivateCredential gave, 32 bytes
	Key       Bytes `json:"key"`       // TPMT_PUBLIC of the device's key
	Certify   Bytes `json:"certify"`   // TPMS_ATTEST of TPM2_Certify over that key
	Signature Bytes `json:"signature"` // TPMT_SIGNATURE over it, by the AK
}
