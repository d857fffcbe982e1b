package attestation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Bounds of a list that is imported.
const (
	MaxListBytes = 1 << 20
	maxRows      = 10_000
	maxFaults    = 50
	maxLabel     = 64 // characters
)

// Row is one endorsement key of a list.
type Row struct {
	EK    string // Hash
	Label string // what it is known by: a serial number, an asset tag
}

// Fault is one thing wrong with a list. Line counts from 1; 0 is the file as a whole.
type Fault struct {
	Line int
	Code string // its text is in the catalogue
}

var hexHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParseList reads a list: CSV in UTF-8 (RFC 4180; a byte order mark is let pass)
// whose first line names the columns ek_sha256 and, if wanted, label. Letter case,
// colons and spaces inside a hash do not matter. With any fault there are no rows.
func ParseList(text []byte) ([]Row, []Fault) {
	if len(text) > MaxListBytes {
		return nil, []Fault{{0, errTooLong.Code}}
	}
	if !utf8.Valid(text) {
		return nil, []Fault{{firstInvalidLine(text), errEncoding.Code}}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, []Fault{{1, errHeader.Code}}
	}
	hashAt, labelAt, ok := columns(header)
	if !ok {
		return nil, []Fault{{1, errHeader.Code}}
	}
	rows, faults := readRows(r, len(header), hashAt, labelAt)
	if len(faults) == 0 && len(rows) == 0 {
		faults = []Fault{{0, errNoRows.Code}}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return rows, nil
}

func firstInvalidLine(text []byte) int {
	for n, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return n + 1
		}
	}
	return 0
}

// columns finds the two that are known; any other is a mistake.
func columns(header []string) (hashAt, labelAt int, ok bool) {
	hashAt, labelAt = -1, -1
	for i, name := range header {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "ek_sha256":
			hashAt = i
		case "label":
			labelAt = i
		default:
			return 0, 0, false
		}
	}
	return hashAt, labelAt, hashAt >= 0 && len(header) <= 2
}

func readRows(r *csv.Reader, width, hashAt, labelAt int) (rows []Row, faults []Fault) {
	seen := map[string]bool{}
	for len(faults) < maxFaults {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, faults
		}
		if err != nil { // an open quote swallows what follows: there is no line to go on with
			line := 0
			if parse, ok := errors.AsType[*csv.ParseError](err); ok {
				line = parse.Line
			}
			return rows, append(faults, Fault{line, errRow.Code})
		}
		line, _ := r.FieldPos(0)
		row, err := readRow(record, width, hashAt, labelAt)
		switch {
		case err != nil:
			faults = append(faults, Fault{line, sekisho.CodeOf(err)})
			continue
		case seen[row.EK]:
			faults = append(faults, Fault{line, errDuplicate.Code})
			continue
		case len(rows) == maxRows:
			return rows, append(faults, Fault{line, errTooLong.Code})
		}
		seen[row.EK] = true
		rows = append(rows, row)
	}
	return rows, faults
}

func readRow(record []string, width, hashAt, labelAt int) (Row, error) {
	if len(record) != width {
		return Row{}, errRow
	}
	row := Row{EK: plainHash(record[hashAt])}
	if !hexHash.MatchString(row.EK) {
		return Row{}, errHash
	}
	if labelAt >= 0 {
		row.Label = strings.TrimSpace(record[labelAt])
	}
	if !goodLabel(row.Label) {
		return Row{}, errLabel
	}
	return row, nil
}

func plainHash(s string) string {
	return strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(strings.TrimSpace(s)))
}

// goodLabel refuses what a screen cannot show and what a table program would
// take for a formula.
func goodLabel(s string) bool {
	if utf8.RuneCountInString(s) > maxLabel || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return false
	}
	return s == "" || !strings.ContainsAny(s[:1], "=+-@")
}
