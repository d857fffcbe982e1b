package training

import (
	"strings"
	"unicode/utf8"

	"github.com/sekisho/sekisho/internal/wire"
)

// GIFT is Moodle's text format for questions
// (https://docs.moodle.org/en/GIFT_format). Taken are questions with options to
// choose, one right (=) or several that share the credit (~%50%), and true/false
// ones, each with an explanation (####). Other kinds are faults: nobody could
// answer them here.

// MaxGIFT bounds one file, in bytes.
const MaxGIFT = 56 << 10

// maxFaults bounds what is told of one file.
const maxFaults = 20

// Fault is one thing that is wrong with a file: the line, from 1, on which its
// question begins, and the code of what is wrong and what to do (internal/wire).
type Fault struct {
	Line int
	Code string
}

// Codes of faults.
const (
	faultEncoding    = "gift.encoding"
	faultTooLarge    = "gift.too_large"
	faultEmpty       = "gift.empty"
	faultTooMany     = "gift.too_many"
	faultUnclosed    = "gift.unclosed"
	faultNoText      = "gift.no_text"
	faultKind        = "gift.kind"
	faultFormat      = "gift.format"
	faultOptions     = "gift.options"
	faultNoRight     = "gift.no_right"
	faultWeight      = "gift.weight"
	faultCredit      = "gift.credit"
	faultExplanation = "gift.explanation"
	faultTooLong     = "gift.too_long"
	faultTwice       = "gift.twice"
)

// FaultCodes are all of them.
var FaultCodes = []string{
	faultEncoding, faultTooLarge, faultEmpty, faultTooMany, faultUnclosed, faultNoText, faultKind, faultFormat,
	faultOptions, faultNoRight, faultWeight, faultCredit, faultExplanation, faultTooLong, faultTwice,
}

// imported is one question of a file.
type imported struct {
	title string
	line  int
	Question
}

// readGIFT parses a file. With a fault there are no questions.
func readGIFT(text string) (out []imported, faults []Fault) {
	switch {
	case len(text) > MaxGIFT:
		return nil, []Fault{{1, faultTooLarge}}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, []Fault{{1, faultEncoding}}
	}
	seen := map[string]bool{}
	for _, b := range blocks(text) {
		q, code := readQuestion(b.text)
		if code == "" && seen[q.Text.JA] {
			code = faultTwice
		}
		if code != "" {
			if faults = append(faults, Fault{b.line, code}); len(faults) == maxFaults {
				break
			}
			continue
		}
		seen[q.Text.JA] = true
		q.line = b.line
		out = append(out, q)
	}
	switch {
	case len(faults) > 0:
		return nil, faults
	case len(out) == 0:
		return nil, []Fault{{1, faultEmpty}}
	case len(out) > maxQuestions:
		return nil, []Fault{{out[maxQuestions].line, faultTooMany}}
	}
	return out, nil
}

type block struct {
	line int
	text string
}

// blocks splits a file at blank lines, and leaves comments and categories out.
func blocks(text string) (out []block) {
	text = strings.TrimPrefix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\uFEFF")
	var current []string
	begun := 0
	end := func() {
		if len(current) > 0 {
			out = append(out, block{begun, strings.Join(current, "\n")})
		}
		current = nil
	}
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			end()
		case strings.HasPrefix(trimmed, "//"), len(current) == 0 && strings.HasPrefix(trimmed, "$CATEGORY:"):
		default:
			if len(current) == 0 {
				begun = i + 1
			}
			current = append(current, line)
		}
	}
	end()
	return out
}

// readQuestion reads one block; code is "" or that of a fault.
func readQuestion(text string) (q imported, code string) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "::"); ok {
		title, after, ok := strings.Cut(rest, "::")
		if !ok {
			return q, faultUnclosed
		}
		q.title, text = plain(title), strings.TrimSpace(after)
	}
	if strings.HasPrefix(text, "[") {
		format, after, ok := strings.Cut(text, "]")
		if !ok || format == "[html" {
			return q, faultFormat
		}
		text = after
	}
	open, closed := find(text, "{", 0), -1
	if open >= 0 {
		closed = find(text, "}", open+1)
	}
	if closed < 0 || find(text, "{", closed+1) >= 0 || find(text, "}", closed+1) >= 0 {
		return q, faultUnclosed
	}
	said := plain(text[:open])
	if tail := plain(text[closed+1:]); tail != "" { // Moodle's missing word
		said += " ＿＿＿ " + tail
	}
	if strings.TrimSpace(said) == "" {
		return q, faultNoText
	}
	answers, explain := cutExplanation(text[open+1 : closed])
	q.Text, q.Explain = both(said), both(plain(explain))
	if q.Options, code = readOptions(answers); code != "" {
		return q, code
	}
	return q, q.fault()
}

// fault is what a question that could be read still lacks.
func (q Question) fault() string {
	switch {
	case len(q.Options) < 2 || len(q.Options) > maxOptions:
		return faultOptions
	case q.rights() == 0 || q.rights() == len(q.Options):
		return faultNoRight
	case strings.TrimSpace(q.Explain.JA) == "" || strings.TrimSpace(q.Explain.EN) == "":
		return faultExplanation
	}
	for _, w := range []wire.Words{q.Text, q.Explain} {
		if !written(w.JA, maxText) || !written(w.EN, maxText) {
			return faultTooLong
		}
	}
	seen := map[string]bool{}
	for _, o := range q.Options {
		if !written(o.Text.JA, maxOption) || !written(o.Text.EN, maxOption) {
			return faultTooLong
		}
		if seen[o.Text.JA] {
			return faultOptions
		}
		seen[o.Text.JA] = true
	}
	return ""
}

func both(s string) wire.Words { return wire.Words{JA: s, EN: s} }

// cutExplanation takes the general feedback (####) off the answers.
func cutExplanation(s string) (answers, explain string) {
	if at := find(s, "####", 0); at >= 0 {
		return s[:at], s[at+4:]
	}
	return s, ""
}

// find is the first place of token in s from at on that is not escaped, or -1.
func find(s, token string, at int) int {
	for i := at; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(s[i:], token) {
			return i
		}
	}
	return -1
}

var unescape = strings.NewReplacer(`\~`, "~", `\=`, "=", `\#`, "#", `\{`, "{", `\}`, "}", `\:`, ":", `\n`, "\n", `\\`, `\`)

// plain takes the escapes out of a text and joins its lines.
func plain(s string) string {
	fields := strings.Split(s, "\n")
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
	}
	return strings.TrimSpace(unescape.Replace(strings.Join(fields, " ")))
}
