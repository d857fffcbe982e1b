package training

import (
	"math"
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
	wrong, weighted, credit := false, false, 0.0
	for s != "" {
		mark := s[0]
		next := nextOption(s[1:])
		o, w, code := readOption(mark, s[1:1+next])
		if code != "" {
			return nil, code
		}
		wrong, weighted, credit = wrong || mark == '~', weighted || w != nil, credit+o.credit(w)
		out = append(out, o)
		s = s[1+next:]
	}
	if !wrong && !weighted {
		return nil, faultKind // only right ones: a short answer, or pairs to match
	}
	if credit > 0 && math.Abs(credit-full) > rounding {
		return nil, faultCredit // an answer that is right in part, or several that are right alone: not all of them together
	}
	return out, ""
}

// Credit in per cent. A third is written 33.333.
const (
	full     = 100.0
	rounding = 1.0
)

// credit is what choosing an option earns; a wrong one's loss counts for nothing,
// since here a question is answered right or wrong.
func (o Option) credit(weight *float64) float64 {
	switch {
	case !o.Right:
		return 0
	case weight != nil:
		return *weight
	}
	return full
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

// readOption reads one option, and its weight in per cent where it has one.
func readOption(mark byte, s string) (o Option, weight *float64, code string) {
	o.Right = mark == '='
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "%"); ok {
		text, after, ok := strings.Cut(rest, "%")
		n, err := strconv.ParseFloat(text, 64)
		if !ok || err != nil || !(n >= -full && n <= full) {
			return o, nil, faultWeight
		}
		o.Right, weight, s = n > 0, &n, after
	}
	text := plain(beforeFeedback(s))
	if mark == '=' && strings.Contains(text, "->") {
		return o, weight, faultKind
	}
	o.Text = both(text)
	return o, weight, ""
}
