package calls

import (
	"log/slog"
	"strings"

	"github.com/sekisho/sekisho"
)

// Number is a telephone number as E.164 writes it, with its plus: "+81312345678".
// A short one of the country (110, 171) or of the centre (an extension) has no
// plus. The empty number is withheld or unknown. A number is personal data: it
// prints as [hidden].
type Number string

// Prefixes that tell a Japanese network whether the caller's number is shown for this call.
const (
	Withhold = "184"
	Show     = "186"
)

var errNumber = sekisho.Fail(sekisho.KindInvalid, "call.number")

// maxNumber is the longest number in digits (E.164 §6.2.1), and three of prefix.
const maxNumber = 15

// ParseNumber reads what a person dials or a network sends: digits with hyphens,
// spaces, dots or brackets between them, full-width ones included, +81 or 0 first.
// Numbers of the country become E.164 by its code (Japan: "81"). What begins with
// 184 or 186 loses that prefix; how then tells which it was.
func ParseNumber(text, country string) (n Number, how string, err error) {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r >= '０' && r <= '９':
			r = r - '０' + '0'
		case r == '＋':
			r = '+'
		}
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune("-‐－ー.()（） 　", r) && i > 0 || r == '(' || r == '（':
		default:
			return "", "", errNumber
		}
		if b.Len() > maxNumber+4 {
			return "", "", errNumber
		}
	}
	digits := b.String()
	for _, prefix := range []string{Withhold, Show} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok && len(rest) > 3 {
			digits, how = rest, prefix
		}
	}
	switch {
	case strings.HasPrefix(digits, "+"):
		if len(digits) < 8 || len(digits) > maxNumber+1 {
			return "", "", errNumber
		}
		return Number(digits), how, nil
	case strings.HasPrefix(digits, "010") && country == "81" && len(digits) > 8:
		digits = "+" + digits[3:]
	case strings.HasPrefix(digits, "0") && len(digits) >= 9:
		digits = "+" + country + digits[1:]
	case len(digits) < 2 || len(digits) > 8 || digits[0] == '0' && len(digits) > 6:
		return "", "", errNumber
	}
	if len(digits) > maxNumber+1 {
		return "", "", errNumber
	}
	return Number(digits), how, nil
}

// Domestic is the number as it is dialled within the country: 0 for its code.
func (n Number) Domestic(country string) string {
	if rest, ok := strings.CutPrefix(string(n), "+"+country); ok {
		return "0" + rest
	}
	return string(n)
}

// National says whether a number is one of the country's own that a telephone there
// can have. Japan: nine or ten digits after its code (numbering plan of the MIC),
// not beginning with 0, nor with 10, which after the trunk's 0 would be 010: abroad.
func (n Number) National(country string) bool {
	rest, ok := strings.CutPrefix(string(n), "+"+country)
	if !ok || rest == "" || rest[0] == '0' || strings.Trim(rest, "0123456789") != "" {
		return false
	}
	if country == "81" {
		return (len(rest) == 9 || len(rest) == 10) && !strings.HasPrefix(rest, "10")
	}
	return len(n) <= maxNumber+1
}

// Masked shows the last four digits alone, as screens do by default.
func (n Number) Masked() string {
	s := strings.TrimPrefix(string(n), "+")
	if len(s) <= 4 {
		return strings.Repeat("*", len(s))
	}
	return strings.Repeat("*", len(s)-4) + s[len(s)-4:]
}

// LogValue implements slog.LogValuer.
func (n Number) LogValue() slog.Value { return slog.StringValue("[hidden]") }
