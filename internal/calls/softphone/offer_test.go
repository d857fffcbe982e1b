package softphone

import (
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/calls"
)

// sdp is Chromium's offer of one microphone, shortened.
var sdp = strings.Join([]string{
	"v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "a=msid-semantic: WMS mic",
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126", "c=IN IP4 0.0.0.0", "a=rtcp:9 IN IP4 0.0.0.0",
	"a=candidate:1 1 udp 41885439 100.64.0.7 51820 typ relay raddr 0.0.0.0 rport 0 generation 0",
	"a=ice-ufrag:Wx7k", "a=ice-pwd:0q3bTuOZ1ddcCQjS4Y2bVtQh", "a=ice-options:trickle",
	"a=fingerprint:sha-256 " + strings.Repeat("AB:", 31) + "AB", "a=setup:actpass", "a=mid:0", "a=sendrecv", "a=rtcp-mux",
	"a=rtpmap:111 opus/48000/2", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:110 telephone-event/48000", "a=rtpmap:126 telephone-event/8000",
	"a=ssrc:1 cname:x", "a=ssrc:1 msid:mic mic",
}, "\r\n") + "\r\n"

func TestOffers(t *testing.T) {
	cleaned, err := checkOffer(sdp)
	if err != nil || strings.Contains(cleaned, "candidate") || !strings.Contains(cleaned, "a=ice-pwd:") {
		t.Fatal(err, cleaned)
	}
	swap := func(old, by string) string { return strings.Replace(sdp, old, by, 1) }
	for name, bad := range map[string]string{
		"empty": "", "long": sdp + strings.Repeat("a=x\r\n", 4000), "many lines": sdp + strings.Repeat("a=x\r\n", 500), "long line": sdp + "a=" + strings.Repeat("x", 2000) + "\r\n",
		"no ufrag": swap("a=ice-ufrag:Wx7k\r\n", ""), "no pwd": swap("a=ice-pwd:0q3bTuOZ1ddcCQjS4Y2bVtQh\r\n", ""),
		"short pwd": swap("0q3bTuOZ1ddcCQjS4Y2bVtQh", "0q3b"), "strange ufrag": swap("Wx7k", "Wx 7k"),
		"no fingerprint": swap("a=fingerprint:sha-256", "a=x"), "sha-1": swap("sha-256", "sha-1"), "half a fingerprint": swap(":AB:AB:AB", ":AB"),
		"passive": swap("actpass", "passive"), "no mux": swap("a=rtcp-mux\r\n", ""), "video": sdp + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
		"two of sound": sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "data": swap("m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"),
		"plain RTP": swap("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "SDES": sdp + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", "opus alone": strings.NewReplacer("PCMU", "G722", "PCMA", "ILBC").Replace(sdp),
		"control": swap("s=-", "s=\x00"), "bare CR": swap("s=-", "s=\r"), "not SDP": "GET / HTTP/1.1\r\n\r\n", "refused line": swap(" 9 UDP", " 0 UDP"),
	} {
		if _, err := checkOffer(bad); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

// What passes the check neither stops WebRTC nor leaves anything behind.
func FuzzOffer(f *testing.F) {
	f.Add(sdp)
	f.Add(strings.Replace(sdp, "a=mid:0", "a=mid:", 1))
	f.Add(strings.Replace(sdp, "a=group:BUNDLE 0", "a=group:BUNDLE 1 2 3", 1))
	f.Add(strings.Replace(sdp, "c=IN IP4 0.0.0.0", "c=IN", 1))
	f.Add(strings.Replace(sdp, "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMU/8000\r\na=fmtp:0 x\r\na=extmap:1 urn:x", 1))
	s, _, _ := setUp(f)
	f.Fuzz(func(t *testing.T, offer string) {
		if _, err := checkOffer(offer); err != nil {
			return
		}
		if _, l, err := s.Open(t.Context(), sessionAt("a", "127.0.0.1"), offer); err == nil {
			l.Hang(calls.ByOperator)
		}
		if n := s.Stats().Lines; n != 0 {
			t.Fatalf("%d lines stay", n)
		}
	})
}
