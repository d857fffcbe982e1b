package trunks

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/pion/srtp/v3"

	"github.com/sekisho/sekisho"
)

var errCrypto = sekisho.Fail(sekisho.KindInvalid, "trunk.no_crypto")

// suite is one way to protect sound (RFC 4568 §6.2, RFC 6188).
type suite struct {
	name    string
	profile srtp.ProtectionProfile
	key     int // octets of master key and salt
	salt    int
}

// suites are those that we take, the one that we prefer first. 32-bit tags stand
// last: they protect less, and only where the peer has nothing else.
var suites = []suite{
	{"AES_256_CM_HMAC_SHA1_80", srtp.ProtectionProfileAes256CmHmacSha1_80, 32, 14},
	{"AES_CM_128_HMAC_SHA1_80", srtp.ProtectionProfileAes128CmHmacSha1_80, 16, 14},
	{"AES_CM_128_HMAC_SHA1_32", srtp.ProtectionProfileAes128CmHmacSha1_32, 16, 14},
}

// cryptoLine is one a=crypto line. Its key is secret and never printed but into SDP.
type cryptoLine struct {
	tag   int
	suite suite
	key   []byte // master key, then salt
}

// value is what SDP has, with the key.
func (c cryptoLine) value() string {
	return strconv.Itoa(c.tag) + " " + c.suite.name + " inline:" + base64.StdEncoding.EncodeToString(c.key)
}

// String never shows the key.
func (c cryptoLine) String() string { return c.suite.name }

// readCrypto reads a line (RFC 4568 §9.1). One with session parameters or with a
// master key identifier is passed over: we would not do what it says.
func readCrypto(text string) (c cryptoLine, ok bool) {
	parts := strings.Fields(text)
	if len(parts) != 3 {
		return c, false
	}
	tag, err := strconv.Atoi(parts[0])
	key, ok := strings.CutPrefix(parts[2], "inline:")
	if err != nil || tag < 0 || tag > 999_999_999 || !ok || strings.Contains(key, ":") || strings.Contains(key, ";") {
		return c, false
	}
	key, _, _ = strings.Cut(key, "|") // the lifetime: 2^48 packets at most, a call never has as many
	for _, s := range suites {
		if !strings.EqualFold(parts[1], s.name) && !(s.key == 32 && strings.EqualFold(parts[1], "AES_CM_256_HMAC_SHA1_80")) {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(key)
		if err != nil {
			raw, err = base64.RawStdEncoding.DecodeString(key)
		}
		s.name = parts[1] // as the peer writes it
		return cryptoLine{tag: tag, suite: s, key: raw}, err == nil && len(raw) == s.key+s.salt
	}
	return c, false
}

// newCrypto makes a line of our own.
func newCrypto(tag int, s suite) cryptoLine {
	key := make([]byte, s.key+s.salt)
	rand.Read(key) // never fails: crypto/rand ends the process instead
	return cryptoLine{tag: tag, suite: s, key: key}
}

// choose takes the first of the offer's lines in our order of suites.
func choose(lines []cryptoLine) (cryptoLine, bool) {
	for _, s := range suites {
		for _, l := range lines {
			if l.suite.profile == s.profile {
				return l, true
			}
		}
	}
	return cryptoLine{}, false
}

// context makes one direction of SRTP, with its window against replays.
func (c cryptoLine) context() (*srtp.Context, error) {
	k := c.suite.key
	return srtp.CreateContext(c.key[:k], c.key[k:], c.suite.profile, srtp.SRTPReplayProtection(128), srtp.SRTCPReplayProtection(64))
}
