package softphone

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sekisho/sekisho"
)

// Limits of an offer. Chromium's own, of one microphone, has about 2 KiB in 60 lines.
const (
	MaxOffer = 16 << 10 // bytes
	maxLines = 400
	maxLine  = 1024
)

var errOffer = sekisho.Fail(sekisho.KindInvalid, "softphone.offer")

func unfit(why string) error { return errOffer.Because(errors.New("softphone: offer " + why)) }

// checkOffer reads an offer (RFC 8866) before WebRTC's own parser does, and gives
// back what that one may see: exactly one section, audio over DTLS-SRTP with its
// keys and multiplexed RTCP, and no candidates. A candidate is an address that
// somebody chose; the side of ICE that is lite needs none (RFC 8445 §2.5).
func checkOffer(offer string) (string, error) {
	if len(offer) > MaxOffer {
		return "", unfit("is too long")
	}
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(offer, "\r\n", "\n"), "\n"), "\n")
	if len(lines) > maxLines || lines[0] != "v=0" {
		return "", unfit("does not begin as one")
	}
	var s section
	kept := make([]string, 0, len(lines))
	for _, line := range lines {
		if err := plain(line); err != nil {
			return "", err
		}
		keep, err := s.read(line)
		if err != nil {
			return "", err
		}
		if keep {
			kept = append(kept, line)
		}
	}
	if err := s.complete(); err != nil {
		return "", err
	}
	return strings.Join(kept, "\r\n") + "\r\n", nil
}

// plain refuses what no line of SDP is: one letter, an equals sign, printable text.
func plain(line string) error {
	if len(line) < 2 || len(line) > maxLine || line[0] < 'a' || line[0] > 'z' || line[1] != '=' {
		return unfit("has a line that is none")
	}
	for i := range len(line) {
		if line[i] < 0x20 || line[i] == 0x7f {
			return unfit("has control characters")
		}
	}
	return nil
}

// section is what is known of the one m-line and its attributes.
type section struct {
	media                                int
	ufrag, pwd, fingerprint, setup, rmux bool
	g711                                 bool
	formats                              int
}

func (s *section) read(line string) (keep bool, err error) {
	if media, ok := strings.CutPrefix(line, "m="); ok {
		return true, s.begin(media)
	}
	name, value, _ := strings.Cut(line, ":")
	switch name {
	case "a=candidate", "a=end-of-candidates", "a=remote-candidates":
		return false, nil
	case "a=ice-ufrag":
		s.ufrag = iceText(value, 4)
		if !s.ufrag {
			return false, unfit("has no usable ice-ufrag")
		}
	case "a=ice-pwd":
		s.pwd = iceText(value, 22)
		if !s.pwd {
			return false, unfit("has no usable ice-pwd")
		}
	case "a=fingerprint":
		algorithm, hash, _ := strings.Cut(value, " ")
		if !strings.EqualFold(algorithm, "sha-256") || !hashText(hash) {
			return false, unfit("has a fingerprint other than SHA-256")
		}
		s.fingerprint = true
	case "a=setup":
		s.setup = value == "actpass" || value == "active"
	case "a=rtcp-mux":
		s.rmux = true
	case "a=crypto", "a=simulcast", "a=rid":
		return false, unfit("has keys or streams that do not belong there")
	case "a=rtpmap":
		s.formats++
		_, codec, _ := strings.Cut(value, " ")
		if codec = strings.ToUpper(codec); codec == "PCMU/8000" || codec == "PCMA/8000" || codec == "PCMU/8000/1" || codec == "PCMA/8000/1" {
			s.g711 = true
		}
	}
	return true, nil
}

// maxFormats is how many codecs an offer may name. Chromium names about ten.
const maxFormats = 32

func (s *section) begin(media string) error {
	s.media++
	fields := strings.Fields(media)
	if s.media > 1 || len(fields) < 4 || len(fields) > 3+maxFormats || fields[0] != "audio" || fields[1] == "0" || fields[2] != "UDP/TLS/RTP/SAVPF" {
		return unfit("has another section than one of sound")
	}
	return nil
}

func (s *section) complete() error {
	for what, there := range map[string]bool{
		"no section of sound": s.media == 1, "no ice-ufrag": s.ufrag, "no ice-pwd": s.pwd, "no fingerprint": s.fingerprint,
		"no role for DTLS": s.setup, "no rtcp-mux": s.rmux, "no G.711": s.g711, "too many formats": s.formats <= maxFormats,
	} {
		if !there {
			return unfit(fmt.Sprintf("has %s", what))
		}
	}
	return nil
}

// iceText is ice-char of RFC 8839 §5.4: at least least of them, at most 256.
func iceText(s string, least int) bool {
	return len(s) >= least && len(s) <= 256 && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/')
	}) < 0
}

// hashText is 32 bytes in hexadecimal with colons (RFC 8122 §5).
func hashText(s string) bool {
	if len(s) != 32*3-1 {
		return false
	}
	for i := range len(s) {
		hex := s[i] >= '0' && s[i] <= '9' || s[i] >= 'A' && s[i] <= 'F' || s[i] >= 'a' && s[i] <= 'f'
		if i%3 == 2 && s[i] != ':' || i%3 != 2 && !hex {
			return false
		}
	}
	return true
}
