package wire

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
)

// EnrolmentCode is what an administrator hands to the person who installs a
// PC: where the server is, what it must prove, and one secret. Its text is
// "SK1-" and base32 of
//
//	len(hostport)[1] hostport trust[32] secret[16] check[2]
//
// check is the first two bytes of the SHA-256 of what precedes, so that a
// mistyped letter is told apart from a code that is used up.
type EnrolmentCode struct {
	Server string   // host:port of the agents' door
	Trust  [32]byte // SHA-256 of the trust roots (TrustRoots.Hash)
	Secret [16]byte // single use
}

const codePrefix = "SK1-"

var codeText = base32.StdEncoding.WithPadding(base32.NoPadding)

var errCode = sekisho.Fail(sekisho.KindInvalid, "enrolment.code_malformed")

// NewEnrolmentSecret draws a fresh secret.
func NewEnrolmentSecret() (s [16]byte) { _, _ = rand.Read(s[:]); return s } // crypto/rand never fails

// String gives the code's text. It contains the secret: show it once, never log it.
func (c EnrolmentCode) String() string {
	b := append([]byte{byte(len(c.Server))}, c.Server...)
	b = append(append(b, c.Trust[:]...), c.Secret[:]...)
	sum := sum256(b)
	return codePrefix + codeText.EncodeToString(append(b, sum[:2]...))
}

// LogValue hides the secret.
func (c EnrolmentCode) LogValue() logValue { return hidden }

// ParseEnrolmentCode reads a code as a person types it: spaces, line breaks,
// hyphens and small letters do not matter.
func ParseEnrolmentCode(text string) (c EnrolmentCode, err error) {
	if len(text) > 1024 {
		return c, errCode
	}
	t := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	t, ok := strings.CutPrefix(t, codePrefix)
	if !ok {
		return c, errCode
	}
	b, err := codeText.DecodeString(strings.ReplaceAll(t, "-", ""))
	if err != nil || len(b) < 1+32+16+2 || len(b) != 1+int(b[0])+32+16+2 {
		return c, errCode
	}
	if codeText.EncodeToString(b) != strings.ReplaceAll(t, "-", "") {
		return c, errCode // the last letter has bits that no byte uses
	}
	body, check := b[:len(b)-2], b[len(b)-2:]
	if sum := sum256(body); sum[0] != check[0] || sum[1] != check[1] {
		return c, errCode
	}
	n := int(b[0])
	c.Server = string(b[1 : 1+n])
	copy(c.Trust[:], b[1+n:])
	copy(c.Secret[:], b[1+n+32:])
	host, port, err := net.SplitHostPort(c.Server)
	if err != nil || host == "" {
		return EnrolmentCode{}, errCode.Because(fmt.Errorf("server %q", c.Server))
	}
	if p, err := strconv.ParseUint(port, 10, 16); err != nil || p == 0 {
		return EnrolmentCode{}, errCode.Because(fmt.Errorf("port %q", port))
	}
	return c, nil
}
