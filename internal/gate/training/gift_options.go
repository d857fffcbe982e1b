package training

import (
	"strconv"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// readOptions reads what stands between the braces, without the explanation.
func readOptions(s string) (out []Option, code string) {
	s = strings.TrimSpace(s)
	if word := strings.ToUpper(plain(beforeFeedback(s))); word == "T" || word == "TRUE" || word == "F" || word == "FALSE" {
		return []Option{
			{Text: wire.Words{JA: "正しい", EN: "True"}, Right: word[0] == 'T'},
			{Text: wire.Words{JA: "誤り", EN: "False"}, Right: word[0] == 'F'},
		}, ""
	}
	if s == "" || s[0] != '=' && s[0] != '~' {
		return nil, faultKind // an essay, or a number (#)
	}
	wrong, weighted := false, false
	for s != "" {
		mark := s[0]
		next := nextOption(s[1:])
		o, w, code := readOption(mark, s[1:1+next])
		if code != "" {
			return nil, code
		}
		wrong, weighted = wrong || mark == '~', weighted || w
		out = append(out, o)
		s = s[1+next:]
	}
	if !wrong && !weighted {
		return nil, faultKind // only right ones: a short answer, or pairs to match
	}
	return out, ""
}

// nextOption is where the next option begins in s, or its end.
func nextOption(s string) int {
	right, wrong := find(s, "=", 0), find(s, "~", 0)
	switch {
	case right < 0 && wrong < 0:
		return len(s)
	case right < 0:
		return wrong
	case wrong < 0:
		return right
	}
	return min(right, wrong)
}

// beforeFeedback leaves an option's own feedback (#) out: one explanation serves all.
func beforeFeedback(s string) string {
	if at := find(s, "#", 0); at >= 0 {
		return s[:at]
	}
	return s
}

func readOption(mark byte, s string) (o Option, weighted bool, code string) {
	o.Right = mark == '='
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "%"); ok {
		weight, after, ok := strings.Cut(rest, "%")
		n, err := strconv.ParseFloat(weight, 64)
		if !ok || err != nil || !(n >= -100 && n <= 100) {
			return o, false, faultWeight
		}
		o.Right, weighted, s = n > 0, true, after
	}
	text := plain(beforeFeedback(s))
	if mark == '=' && strings.Contains(text, "->") {
		return o, weighted, faultKind
	}
	o.Text = both(text)
	return o, weighted, ""
}
