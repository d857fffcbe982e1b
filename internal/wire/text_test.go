package wire

import (
	"strings"
	"testing"
)

func TestOneLine(t *testing.T) {
	for s, want := range map[string]string{"": "", " \u3000\n": "", "a\r\nb": "a b", "\t電車に\u3000\u3000置き忘れ ": "電車に 置き忘れ"} {
		if got := OneLine(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestValidText(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "理由": true, "a\r\n\tb": true, strings.Repeat("字", 10): true, strings.Repeat("字", 11): false,
		"\xff": false, "a\x00b": false, "\x1b[2J": false, "\u0085": false, "\x7f": false,
	} {
		if ValidText(s, 10) != want {
			t.Errorf("%q: want %v", s, want)
		}
	}
}
