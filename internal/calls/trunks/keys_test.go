package trunks

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho/internal/calls"
)

// TestKeysAreToldOnce: however many packets of a key are lost, repeated or late, a
// key of which one packet came is told once, and in its order.
func TestKeysAreToldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pad keypad
		var want, got []calls.Digit
		stamp, at := rapid.Uint32().Draw(t, "stamp"), time.Duration(0)
		var before []event
		for range rapid.IntRange(1, 12).Draw(t, "keys") {
			number := rapid.Uint8Range(0, 15).Draw(t, "key")
			length := rapid.IntRange(1, 30).Draw(t, "packets")
			came := false
			for i := range length + 3 {
				e := event{source: 7, stamp: stamp, number: number, end: i >= length, duration: uint16(min(i, length) * 160)}
				at += 20 * time.Millisecond
				if rapid.IntRange(0, 9).Draw(t, "lost") < 4 {
					continue
				}
				got, came = append(got, pad.press(e, at)...), true
				if rapid.Bool().Draw(t, "again") {
					got = append(got, pad.press(e, at)...)
				}
				if len(before) > 0 && rapid.Bool().Draw(t, "replayed") {
					got = append(got, pad.press(before[rapid.IntRange(0, len(before)-1).Draw(t, "which")], at)...)
				}
			}
			if came {
				d, _ := calls.DigitOf(number)
				want = append(want, d)
				before = append(before, event{source: 7, stamp: stamp, number: number, end: true})
			}
			at += time.Duration(rapid.IntRange(0, 400).Draw(t, "pause")) * time.Millisecond
			got = append(got, pad.silence(at)...)
			stamp += uint32(length+10) * 160
		}
		got = append(got, pad.silence(at+time.Second)...)
		if string(want) != string(got) && !(len(want) == 0 && len(got) == 0) {
			t.Fatalf("pressed %q, told %q", want, got)
		}
	})
}

// TestHowOthersSendKeys are streams that real peers sent.
func TestHowOthersSendKeys(t *testing.T) {
	ms := time.Millisecond
	for name, test := range map[string]struct {
		events []event
		want   string
	}{
		"no marker, duration 0 first, ends repeated": {[]event{{1, 9, 5, false, 0}, {1, 9, 5, false, 160}, {1, 9, 5, true, 320}, {1, 9, 5, true, 320}, {1, 9, 5, true, 320}}, "5"},
		"only the ends came":                         {[]event{{1, 9, 11, true, 800}}, "#"},
		"flash is no key":                            {[]event{{1, 9, 16, true, 800}}, ""},
		"twice the same key":                         {[]event{{1, 9, 1, true, 800}, {1, 2000, 1, true, 800}}, "11"},
		"ends lost, the next key begins":             {[]event{{1, 9, 1, false, 160}, {1, 2000, 2, true, 800}}, "12"},
		"a key held for twenty seconds":              {[]event{{1, 0, 3, false, 0xFFFF}, {1, 0xFFFF, 3, false, 160}, {1, 0xFFFF, 3, true, 320}}, "3"},
	} {
		var pad keypad
		var got []calls.Digit
		for i, e := range test.events {
			got = append(got, pad.press(e, time.Duration(i)*20*ms)...)
		}
		if string(got) != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	var pad keypad
	pad.press(event{1, 9, 4, false, 160}, 0)
	if got := pad.silence(149 * ms); len(got) != 0 {
		t.Error("let go too early")
	}
	if got := pad.silence(150 * ms); string(got) != "4" {
		t.Errorf("%q", got)
	}
}

func FuzzInfo(f *testing.F) {
	f.Add("application/dtmf-relay", []byte("Signal=5\r\nDuration=160"))
	f.Add("application/dtmf", []byte("#"))
	f.Add("application/dtmf-relay", []byte("Signal= 11"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if d, ok := readInfo(kind, body); ok && !d.Valid() {
			t.Fatalf("%q", d)
		}
	})
}

func TestInfo(t *testing.T) {
	for body, want := range map[string]calls.Digit{"Signal=5\r\nDuration=160": '5', "Signal=*\n": '*', "signal = 11": '#', "Signal=d": 'D'} {
		if d, ok := readInfo("application/dtmf-relay", []byte(body)); !ok || d != want {
			t.Errorf("%q: %q %v", body, d, ok)
		}
	}
	for _, body := range []string{"", "Signal=55", "Duration=1", "Signal=", "x=5"} {
		if d, ok := readInfo("application/dtmf-relay", []byte(body)); ok {
			t.Errorf("%q: %q", body, d)
		}
	}
}
