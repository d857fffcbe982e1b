package wire

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/sekisho/sekisho"
)

// The lease protocol (DESIGN §9): UDP datagrams of at most 256 bytes inside
// the tunnel, to port 7001 of the gateway. The server hands out single-use
// nonces; the agent answers each with one renewal. Both sides repeat their
// latest datagram byte for byte until the other has answered.
//
//	nonce    "SK" version=1 type=1 session[16] counter[8] nonce[16] acked[8]                 52 bytes
//	renewal  "SK" version=1 type=2 session[16] counter[8] nonce[16] state[1] inState[4] age[4] signature[64]  117 bytes
//	closed   "SK" version=1 type=3 session[16] state[1] reason[1..64]                        22–85 bytes
//
// Integers are big-endian; inState and age are milliseconds.
const (
	LeasePort         = 7001
	MaxLeaseDatagram  = 256
	NonceEvery        = 2 * time.Second        // a fresh nonce this often
	LeaseTTL          = 6 * time.Second        // expiry: issue time of the answered nonce + this
	RepeatEvery       = 200 * time.Millisecond // unanswered datagrams are sent again
	MaxVerdictAge     = 1500 * time.Millisecond
	MaxUnsure         = 5 * time.Second // unsure renews for this long in a row, no longer
	Tick              = 100 * time.Millisecond
	leaseVersion      = 1
	typeNonce         = 1
	typeRenewal       = 2
	typeClosed        = 3
	renewalSigned     = 4 + 16 + 8 + 16 + 1 + 4 + 4
	renewalLen        = renewalSigned + ed25519.SignatureSize
	nonceLen          = 4 + 16 + 8 + 16 + 8
	closedMin         = 4 + 16 + 1 + 1
	maxReason         = 64
	renewalSignDomain = "sekisho/lease-renewal/v1\x00"
)

// ErrDatagram is returned for anything that is not one of the three datagrams.
var ErrDatagram = errors.New("wire: not a lease datagram")

// LeaseNonce is what the server hands out every two seconds.
type LeaseNonce struct {
	Session sekisho.SessionID
	Counter uint64 // starts at 1, grows by one with each nonce
	Nonce   [16]byte
	Acked   uint64 // highest counter whose renewal the server took
}

// LeaseRenewal is the agent's answer: what the guard saw after the nonce came.
type LeaseRenewal struct {
	Session sekisho.SessionID
	Counter uint64
	Nonce   [16]byte
	State   sekisho.State
	InState time.Duration // how long the guard has been in State, whole milliseconds
	Age     time.Duration // age of the frame that the verdict judged, whole milliseconds
}

// LeaseClosed tells the agent that the lease is over, and why; the lease is
// over whether or not it arrives.
type LeaseClosed struct {
	Session sekisho.SessionID
	State   sekisho.State // the state that ended it, or Unknown
	Reason  string        // an error code of the catalogue
}

func leaseHeader(kind byte, size int, session sekisho.SessionID) ([]byte, error) {
	id, err := uuid.Parse(string(session))
	if err != nil {
		return nil, ErrDatagram
	}
	b := make([]byte, 0, size)
	b = append(b, 'S', 'K', leaseVersion, kind)
	return append(b, id[:]...), nil
}

func parseLeaseHeader(b []byte, kind byte) (sekisho.SessionID, []byte, error) {
	if len(b) < 20 || len(b) > MaxLeaseDatagram || b[0] != 'S' || b[1] != 'K' || b[2] != leaseVersion || b[3] != kind {
		return "", nil, ErrDatagram
	}
	return sekisho.SessionID(uuid.UUID(b[4:20]).String()), b[20:], nil
}

// MarshalBinary encodes the nonce datagram.
func (n LeaseNonce) MarshalBinary() ([]byte, error) {
	b, err := leaseHeader(typeNonce, nonceLen, n.Session)
	if err != nil {
		return nil, err
	}
	b = binary.BigEndian.AppendUint64(b, n.Counter)
	b = append(b, n.Nonce[:]...)
	return binary.BigEndian.AppendUint64(b, n.Acked), nil
}

// ParseLeaseNonce decodes a nonce datagram.
func ParseLeaseNonce(b []byte) (n LeaseNonce, err error) {
	rest := b
	if n.Session, rest, err = parseLeaseHeader(b, typeNonce); err != nil {
		return n, err
	}
	if len(b) != nonceLen {
		return n, ErrDatagram
	}
	n.Counter = binary.BigEndian.Uint64(rest)
	copy(n.Nonce[:], rest[8:24])
	n.Acked = binary.BigEndian.Uint64(rest[24:])
	return n, nil
}

func (r LeaseRenewal) body() ([]byte, error) {
	b, err := leaseHeader(typeRenewal, renewalLen, r.Session)
	if err != nil {
		return nil, err
	}
	b = binary.BigEndian.AppendUint64(b, r.Counter)
	b = append(b, r.Nonce[:]...)
	b = append(b, byte(r.State))
	b = binary.BigEndian.AppendUint32(b, millis(r.InState))
	return binary.BigEndian.AppendUint32(b, millis(r.Age)), nil
}

func millis(d time.Duration) uint32 {
	return uint32(min(max(d.Milliseconds(), 0), 1<<32-1))
}

// Sign encodes the renewal and signs it with the connection's lease key.
func (r LeaseRenewal) Sign(sign func(message []byte) []byte) ([]byte, error) {
	b, err := r.body()
	if err != nil {
		return nil, err
	}
	sig := sign(append([]byte(renewalSignDomain), b...))
	if len(sig) != ed25519.SignatureSize {
		return nil, errors.New("wire: lease key gave no signature")
	}
	return append(b, sig...), nil
}

// RenewalSession reads only the session of a renewal, so that its key can be found.
func RenewalSession(b []byte) (sekisho.SessionID, error) {
	if len(b) != renewalLen {
		return "", ErrDatagram
	}
	id, _, err := parseLeaseHeader(b, typeRenewal)
	return id, err
}

// ParseLeaseRenewal checks the signature and decodes; on any error the renewal is void.
func ParseLeaseRenewal(b []byte, key ed25519.PublicKey) (r LeaseRenewal, err error) {
	if len(b) != renewalLen || len(key) != ed25519.PublicKeySize {
		return r, ErrDatagram
	}
	var rest []byte
	if r.Session, rest, err = parseLeaseHeader(b, typeRenewal); err != nil {
		return r, err
	}
	if !ed25519.Verify(key, append([]byte(renewalSignDomain), b[:renewalSigned]...), b[renewalSigned:]) {
		return LeaseRenewal{}, ErrDatagram
	}
	r.Counter = binary.BigEndian.Uint64(rest)
	copy(r.Nonce[:], rest[8:24])
	r.State = sekisho.State(rest[24])
	r.InState = time.Duration(binary.BigEndian.Uint32(rest[25:])) * time.Millisecond
	r.Age = time.Duration(binary.BigEndian.Uint32(rest[29:])) * time.Millisecond
	return r, nil
}

// MarshalBinary encodes the closing notice; a longer reason is cut.
func (c LeaseClosed) MarshalBinary() ([]byte, error) {
	reason := c.Reason[:min(len(c.Reason), maxReason)]
	if reason == "" {
		reason = "unknown"
	}
	b, err := leaseHeader(typeClosed, closedMin+maxReason, c.Session)
	if err != nil {
		return nil, err
	}
	return append(append(b, byte(c.State)), reason...), nil
}

// ParseLeaseClosed decodes a closing notice.
func ParseLeaseClosed(b []byte) (c LeaseClosed, err error) {
	rest := b
	if c.Session, rest, err = parseLeaseHeader(b, typeClosed); err != nil {
		return c, err
	}
	if len(b) < closedMin || len(b) > closedMin-1+maxReason {
		return c, ErrDatagram
	}
	c.State, c.Reason = sekisho.State(rest[0]), string(rest[1:])
	return c, nil
}
