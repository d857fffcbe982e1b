package training

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// A script is a file of scenarios, as seed/practice.txt shows: sections
// [scenario id], [turn id], [right] and [wrong], with one "field: value" a line.
// A line that begins with # is a comment.

// MaxScript bounds one file, in bytes.
const MaxScript = 56 << 10

// ScriptFault is one thing that is wrong with a file: the line, from 1, the field
// ("" where it is no field's) and the code of what is wrong (internal/wire).
type ScriptFault struct {
	Line  int
	Field string
	Code  string
}

// Codes of a script's faults.
const (
	scriptEncoding = "practice.encoding"
	scriptTooLarge = "practice.too_large"
	scriptEmpty    = "practice.empty"
	scriptTooMany  = "practice.too_many"
	scriptLine     = "practice.line"
	scriptSection  = "practice.section"
	scriptID       = "practice.id"
	scriptTwice    = "practice.twice"
	scriptUnknown  = "practice.field_unknown"
	scriptMissing  = "practice.field_missing"
	scriptValue    = "practice.field_value"
	scriptTooLong  = "practice.too_long"
	scriptTurns    = "practice.turns"
	scriptChoices  = "practice.choices"
	scriptNext     = "practice.next"
	scriptReach    = "practice.unreachable"
	scriptRule     = "practice.rule"
)

// ScriptCodes are all of them.
var ScriptCodes = []string{
	scriptEncoding, scriptTooLarge, scriptEmpty, scriptTooMany, scriptLine, scriptSection, scriptID, scriptTwice, scriptUnknown,
	scriptMissing, scriptValue, scriptTooLong, scriptTurns, scriptChoices, scriptNext, scriptReach, scriptRule,
}

// section is one part of a file, with its fields.
type section struct {
	kind, id string
	line     int
	fields   map[string]value
}

type value struct {
	line int
	text string
}

var (
	scriptName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	scriptRef  = regexp.MustCompile(`^[a-z0-9-]{1,64} [0-9]{1,2}\.[0-9]{1,2}$`)
)

// fieldsOf are the fields of each kind of section.
var fieldsOf = map[string][]string{
	"scenario": {"title.ja", "title.en", "about.ja", "about.en", "customer", "verdict"},
	"turn":     {"who", "black", "say.ja", "say.en"},
	"right":    {"text.ja", "text.en", "why.ja", "why.en", "rule", "verdict", "form", "next"},
	"wrong":    {"text.ja", "text.en", "why.ja", "why.en", "rule"},
}

// script reads a file and gathers what is wrong with it.
type script struct {
	faults []ScriptFault
	refs   []value // the rules that were named
}

func (s *script) fault(line int, field, code string) {
	if len(s.faults) < maxFaults {
		s.faults = append(s.faults, ScriptFault{line, field, code})
	}
}

// readScript parses a file. With a fault there are no scenarios. refs are the
// rules that it names, with their lines.
func readScript(text string) (out []Scenario, refs []value, faults []ScriptFault) {
	switch {
	case len(text) > MaxScript:
		return nil, nil, []ScriptFault{{1, "", scriptTooLarge}}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, nil, []ScriptFault{{1, "", scriptEncoding}}
	}
	s := &script{}
	sections := s.sections(text)
	seen := map[string]bool{}
	for i := 0; i < len(sections); {
		if sections[i].kind != "scenario" {
			s.fault(sections[i].line, "", scriptSection)
			i++
			continue
		}
		end := i + 1
		for end < len(sections) && sections[end].kind != "scenario" {
			end++
		}
		if seen[sections[i].id] {
			s.fault(sections[i].line, "", scriptTwice)
		}
		seen[sections[i].id] = true
		out = append(out, s.scenario(sections[i], sections[i+1:end]))
		i = end
	}
	switch {
	case len(s.faults) > 0:
		return nil, nil, s.faults
	case len(out) == 0:
		return nil, nil, []ScriptFault{{1, "", scriptEmpty}}
	case len(out) > maxScenarios:
		return nil, nil, []ScriptFault{{1, "", scriptTooMany}}
	}
	return out, s.refs, nil
}

// sections splits a file into its parts.
func (s *script) sections(text string) (out []section) {
	text = strings.TrimPrefix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\uFEFF")
	for i, line := range strings.Split(text, "\n") {
		n, line := i+1, strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if head, ok := strings.CutPrefix(line, "["); ok {
			kind, id, _ := strings.Cut(strings.TrimSuffix(head, "]"), " ")
			named := kind == "scenario" || kind == "turn"
			switch {
			case !strings.HasSuffix(head, "]") || fieldsOf[kind] == nil:
				s.fault(n, "", scriptSection)
			case named && (len(id) > 32 || !scriptName.MatchString(id)), !named && id != "":
				s.fault(n, "", scriptID)
			}
			out = append(out, section{kind: kind, id: id, line: n, fields: map[string]value{}})
			continue
		}
		s.field(out, n, line)
	}
	return out
}

// field puts one line into the section that it stands in.
func (s *script) field(in []section, n int, line string) {
	name, text, ok := strings.Cut(line, ":")
	name, text = strings.TrimSpace(name), strings.TrimSpace(text)
	if !ok || len(in) == 0 {
		s.fault(n, "", scriptLine)
		return
	}
	at := in[len(in)-1]
	known := false
	for _, f := range fieldsOf[at.kind] {
		known = known || f == name
	}
	_, twice := at.fields[name]
	switch {
	case !known:
		s.fault(n, clip(name), scriptUnknown)
	case twice:
		s.fault(n, name, scriptTwice)
	default:
		at.fields[name] = value{n, text}
	}
}

// clip keeps what a file calls a field short enough to be told.
func clip(name string) string {
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}
