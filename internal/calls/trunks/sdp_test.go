package trunks

import (
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// said builds a description: session lines, then one m-line of sound with its attributes.
func said(c, mline string, attributes ...string) []byte {
	text := "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\n" + c + "t=0 0\r\n" + mline + "\r\n"
	for _, a := range attributes {
		text += "a=" + a + "\r\n"
	}
	return []byte(text)
}

const at9 = "c=IN IP4 192.0.2.9\r\n"

func TestReadSDP(t *testing.T) {
	for name, test := range map[string]struct {
		text []byte
		want func(media) bool
	}{
		"the offer's order decides": {said(at9, "m=audio 40000 RTP/AVP 8 0"), func(m media) bool { return m.codec == calls.PCMA && m.payload == 8 }},
		"a dynamic payload type":    {said(at9, "m=audio 40000 RTP/AVP 97", "rtpmap:97 pcmu/8000"), func(m media) bool { return m.codec == calls.PCMU && m.payload == 97 }},
		"events on any type": {said(at9, "m=audio 40000 RTP/AVP 0 110 96", "rtpmap:110 telephone-event/48000", "rtpmap:96 telephone-event/8000"), func(m media) bool {
			return m.event == 96
		}},
		"no events":               {said(at9, "m=audio 40000 RTP/AVP 0"), func(m media) bool { return m.event == noEvent && m.direction == both && m.ptime == 20 }},
		"ptime":                   {said(at9, "m=audio 40000 RTP/AVP 0", "ptime:30"), func(m media) bool { return m.ptime == 30 }},
		"hold by sendonly":        {said(at9, "m=audio 40000 RTP/AVP 0", "sendonly"), func(m media) bool { return m.direction == sends && m.at.IsValid() }},
		"inactive":                {said(at9, "m=audio 40000 RTP/AVP 0", "inactive"), func(m media) bool { return m.direction == inactive }},
		"hold as RFC 2543 had it": {said("c=IN IP4 0.0.0.0\r\n", "m=audio 40000 RTP/AVP 0"), func(m media) bool { return m.direction == sends && !m.at.IsValid() }},
		"RTCP elsewhere":          {said(at9, "m=audio 40000 RTP/AVP 0", "rtcp:41000"), func(m media) bool { return m.control.Port() == 41000 }},
		"RTCP on the same port":   {said(at9, "m=audio 40000 RTP/AVP 0", "rtcp-mux"), func(m media) bool { return m.mux && m.control == m.at }},
		"a session's own address": {said("", "m=audio 40000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1"), func(m media) bool { return m.at.Addr().Is6() }},
		"pictures beside sound":   {said(at9, "m=video 50000 RTP/AVP 96\r\nm=audio 40000 RTP/AVP 0"), func(m media) bool { return m.index == 1 && len(m.lines) == 2 }},
		"what others write in SDES": {said(at9, "m=audio 40000 RTP/SAVP 0", "crypto:3 AES_CM_128_HMAC_SHA1_80 inline:"+strings.Repeat("A", 40)+"|2^31"), func(m media) bool {
			return m.secure && len(m.keys) == 1 && m.keys[0].tag == 3 && len(m.keys[0].key) == 30
		}},
	} {
		if m, err := readSDP(test.text); err != nil || !test.want(m) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// TestSDPThatKillsParsers: what is broken is refused, and nothing else happens.
func TestSDPThatKillsParsers(t *testing.T) {
	many := strings.Repeat("m=audio 40000 RTP/AVP 0\r\n", maxMedia+1)
	for name, text := range map[string][]byte{
		"nothing": nil, "c=IN": said("c=IN\r\n", "m=audio 40000 RTP/AVP 0"), "c=IN IP4": said("c=IN IP4\r\n", "m=audio 40000 RTP/AVP 0"),
		"a name for an address": said("c=IN IP4 host.example\r\n", "m=audio 40000 RTP/AVP 0"), "multicast": said("c=IN IP4 224.2.1.1/127\r\n", "m=audio 40000 RTP/AVP 0"),
		"a low port": said(at9, "m=audio 53 RTP/AVP 0"), "port 0": said(at9, "m=audio 0 RTP/AVP 0"), "other codecs": said(at9, "m=audio 40000 RTP/AVP 9 18"),
		"DTLS": said(at9, "m=audio 40000 UDP/TLS/RTP/SAVPF 0"), "too many m-lines": said(at9, strings.TrimSuffix(many, "\r\n")),
		"too many formats": said(at9, "m=audio 40000 RTP/AVP"+strings.Repeat(" 0", maxFormats+1)), "too long": said(at9, "m=audio 40000 RTP/AVP 0", strings.Repeat("x", maxSDP)),
	} {
		if m, err := readSDP(text); sekisho.KindOf(err) != sekisho.KindInvalid {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// TestDirections is the table of RFC 3264 §6.1.
func TestDirections(t *testing.T) {
	for offered, want := range map[string]string{"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"} {
		m, err := readSDP(said(at9, "m=audio 40000 RTP/AVP 0 101", offered, "rtpmap:101 telephone-event/8000", "ptime:30"))
		if err != nil {
			t.Fatal(err)
		}
		text := string(ours{session: 1, version: 2, at: m.at}.answer(m))
		for _, line := range []string{"a=" + want + "\r\n", "m=audio 40000 RTP/AVP 0 101\r\n", "a=ptime:30\r\n", "a=rtpmap:101 telephone-event/8000\r\n"} {
			if !strings.Contains(text, line) {
				t.Errorf("%s: %q is missing in %q", offered, line, text)
			}
		}
	}
}

// TestEveryLineIsAnswered: pictures with port 0, in the offer's place.
func TestEveryLineIsAnswered(t *testing.T) {
	m, err := readSDP(said(at9, "m=video 50000 RTP/AVP 96\r\nm=audio 40000 RTP/SAVP 0", "crypto:7 AES_CM_128_HMAC_SHA1_32 inline:"+strings.Repeat("A", 40)))
	if err != nil {
		t.Fatal(err)
	}
	line, _ := choose(m.keys)
	text := string(ours{at: m.at, secure: true, keys: []cryptoLine{newCrypto(line.tag, line.suite)}}.answer(m))
	if !strings.Contains(text, "m=video 0 RTP/AVP 96\r\nm=audio 40000 RTP/SAVP 0\r\n") || !strings.Contains(text, "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:") {
		t.Errorf("%q", text)
	}
	if again, err := readSDP([]byte(strings.Replace(text, "m=video 0", "m=video 9", 1))); err != nil || again.codec != calls.PCMU || len(again.keys) != 1 {
		t.Errorf("our own answer cannot be read: %+v, %v", again, err)
	}
}

func TestSessionsStayBelow2To63(t *testing.T) {
	for range 1000 {
		o := ours{session: ^uint64(0) >> 2, at: mustMedia(t).at}
		if text := string(o.offer(media{event: noEvent})); strings.Contains(text, "o=- 92233720368547758") || !strings.Contains(text, "m=audio 40000 RTP/AVP 0 8 101") {
			t.Fatalf("%q", text)
		}
	}
}

func mustMedia(t *testing.T) media {
	t.Helper()
	m, err := readSDP(said(at9, "m=audio 40000 RTP/AVP 0"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func FuzzSDP(f *testing.F) {
	f.Add(said(at9, "m=audio 40000 RTP/AVP 8 0 101", "rtpmap:101 telephone-event/8000", "sendonly", "rtcp:41000 IN IP4 1.2.3.4"))
	f.Add(said("c=IN\r\n", "m=audio 40000 RTP/SAVP 0", "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"+strings.Repeat("A", 40)))
	f.Add(said("c=IN IP4 0.0.0.0\r\n", "m=video 1 a b\r\nm=audio 40000 RTP/AVPF 97", "rtpmap:97 PCMA/8000/1", "ptime:10"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := readSDP(text)
		if err != nil {
			return
		}
		o := ours{session: 1, at: mustMedia(t).at, secure: m.secure}
		if m.secure {
			if line, ok := choose(m.keys); ok {
				o.keys = []cryptoLine{newCrypto(line.tag, line.suite)}
			}
		}
		answer := o.answer(m)
		if strings.Count(string(answer), "\nm=") != len(m.lines) || strings.ContainsAny(strings.ReplaceAll(string(answer), "\r\n", ""), "\r\n\x00") {
			t.Fatalf("%q", answer)
		}
	})
}
