package calls

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ text, want, how string }{
		{"03-1234-5678", "+81312345678", ""},
		{"０３（１２３４）５６７８", "+81312345678", ""},
		{"+81 3 1234 5678", "+81312345678", ""},
		{"18403-1234-5678", "+81312345678", Withhold},
		{"186 090 1234 5678", "+819012345678", Show},
		{"010-1-202-555-0100", "+12025550100", ""},
		{"0120-123-456", "+81120123456", ""},
		{"110", "110", ""},
		{"184110", "184110", ""},
		{"2001", "2001", ""},
	} {
		n, how, err := ParseNumber(c.text, "81")
		if c.text == "184110" { // a prefix before an emergency number is still that number
			if err != nil {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if err != nil || string(n) != c.want || how != c.how {
			t.Errorf("%s: %q %q %v, want %q %q", c.text, n, how, err, c.want, c.how)
		}
	}
	for _, bad := range []string{"", "+", "1", "0a12345678", "03\r\n1234", "<sip:1>", "+123456789012345678", "12345678901234567890123", "03+1234567"} {
		if n, _, err := ParseNumber(bad, "81"); err == nil {
			t.Errorf("%q was read as %q", bad, n)
		}
	}
	if got := Number("+81312345678").Masked(); got != "*******5678" {
		t.Errorf("masked: %s", got)
	}
	if got := Number("+81312345678").Domestic("81"); got != "0312345678" {
		t.Errorf("domestic: %s", got)
	}
}

// A number of the country is not a way out of it.
func TestNational(t *testing.T) {
	for n, want := range map[Number]bool{
		"+81312345678": true, "+819012345678": true, "+81120123456": true, "+818001234567": true, "+81112345678": true,
		"+811012125550100": false, "+81101212555": false, "+81010353512345": false, "+810053510353512345": false, "+8131234567": false, "+81": false, "+12125550100": false, "110": false,
	} {
		if n.National("81") != want {
			t.Errorf("%s: %v", string(n), !want)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("03-1234-5678")
	f.Add("184+81")
	f.Fuzz(func(t *testing.T, text string) {
		n, _, err := ParseNumber(text, "81")
		if err != nil {
			return
		}
		again, _, err := ParseNumber(string(n), "81")
		if err != nil || again != n {
			t.Fatalf("%q became %q, and that %q (%v)", text, n, again, err)
		}
	})
}

// What goes out never goes back, whatever sources take turns and lose packets.
func TestStreamIsOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewStream(1, uint16(rapid.Uint32Range(0, 65535).Draw(t, "seq")), rapid.Uint32().Draw(t, "stamp"))
		payload := make([]byte, 160)
		var lastSeq uint16
		var lastStamp uint32
		for turn := range rapid.IntRange(1, 6).Draw(t, "turns") {
			seq, stamp := uint16(rapid.Uint32Range(0, 65535).Draw(t, "inSeq")), rapid.Uint32().Draw(t, "in")
			for i := range rapid.IntRange(1, 20).Draw(t, "frames") {
				lost := rapid.IntRange(0, 3).Draw(t, "lost")
				seq += uint16(1 + lost)
				stamp += uint32(160 * (1 + lost))
				out, at, marker := s.Next(Frame{Kind: Sound, Source: uint32(turn + 1), Seq: seq, Stamp: stamp, Payload: payload})
				if marker != (i == 0) {
					t.Fatalf("marker %v at frame %d", marker, i)
				}
				if turn > 0 || i > 0 {
					step := 1 + lost
					if i == 0 {
						step = 1
					}
					if out-lastSeq != uint16(step) || at-lastStamp != uint32(160*step) {
						t.Fatalf("steps of %d and %d, want %d", out-lastSeq, at-lastStamp, step)
					}
				}
				lastSeq, lastStamp = out, at
			}
		}
	})
}

// A packet that overtook another leaves the other its place.
func TestStreamKeepsOrder(t *testing.T) {
	s := NewStream(1, 100, 1000)
	p := make([]byte, 160)
	take := func(seq uint16) (uint16, uint32) {
		a, b, _ := s.Next(Frame{Kind: Sound, Source: 9, Seq: seq, Stamp: uint32(seq) * 160, Payload: p})
		return a, b
	}
	a, at := take(10)
	c, ct := take(12)
	b, bt := take(11)
	d, dt := take(13)
	if b != a+1 || c != a+2 || d != a+3 || bt != at+160 || ct != at+320 || dt != at+480 {
		t.Fatal(a, b, c, d, at, bt, ct, dt)
	}
}

func TestDigits(t *testing.T) {
	for e := range uint8(16) {
		d, ok := DigitOf(e)
		if !ok || d.Event() != e || !d.Valid() {
			t.Errorf("event %d: %c", e, d)
		}
	}
	if _, ok := DigitOf(16); ok || Digit('x').Valid() || Digit(0).Valid() {
		t.Error("what is no key was taken as one")
	}
}

func TestMOS(t *testing.T) {
	best := Quality{Received: 1000}.MOS()
	if best < 4.3 || best > 4.5 {
		t.Errorf("nothing lost: %.2f", best)
	}
	lossy := Quality{Received: 950, Lost: 50}.MOS()
	late := Quality{Received: 1000, RoundTrip: 800 * time.Millisecond}.MOS()
	if lossy >= best || late >= best || lossy > 4.2 || late > 3.5 {
		t.Errorf("5 %% lost %.2f, 400 ms %.2f", lossy, late)
	}
	if (Quality{}).MOS() != 1 || (Quality{Received: 1, Lost: 99}).MOS() > 1.5 {
		t.Error("silence is not good sound")
	}
}

func TestBothLawsAreSilentAlike(t *testing.T) {
	for _, c := range []Codec{PCMU, PCMA} {
		if c.Law().Silence() != c.Silence() {
			t.Errorf("%s: %#x and %#x", c, c.Law().Silence(), c.Silence())
		}
	}
	if NoCodec.Law() != sound.NoLaw {
		t.Error("no codec has a law")
	}
}
