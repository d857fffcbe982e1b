package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// OneLine folds what somebody wrote in a field of several lines: every run of white
// space, line breaks and U+3000 too, becomes one space.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ValidText says whether s is something that a person wrote and a database
// keeps: UTF-8 of at most limit characters, with line breaks and tabs but no
// other control characters. NUL, for one, PostgreSQL does not take.
func ValidText(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}
