package sheets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"

	"github.com/sekisho/sekisho"
)

// Limits of every list.
const (
	MaxFile = 512 << 10 // bytes
	maxCell = 200       // characters
)

// Columns says which columns a list takes.
type Columns struct {
	Words map[string]string // what the first row may say (NFKC, lower case, without blanks and _) and the column that it names
	Takes []string
	Needs []string
	Most  int // rows
}

// Fault is what is wrong with one row: in which column, and the code of a text
// that says what to do. Field is "" where it is the row as a whole.
type Fault struct {
	Field string
	Code  string
	Line  int // of the other row, where two are one too many
}

// Row is one row as it was read: cells by column, folded.
type Row struct {
	Line   int // in the file, from 1
	Cells  map[string]string
	Faults []Fault
}

// Read reads a file into rows, and says in which encoding it was.
func Read(file []byte, c Columns) (list []Row, encoding string, err error) {
	if len(file) > MaxFile {
		return nil, "", errLarge
	}
	text, encoding, err := decode(file)
	if err != nil {
		return nil, "", err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, "", errEmpty
	}
	if err != nil {
		return nil, "", errHead.Because(err)
	}
	named, err := c.head(head)
	if err != nil {
		return nil, "", err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			continue // spreadsheets write rows of nothing but separators
		}
		if len(list) >= c.Most {
			return nil, "", errRows
		}
		if err != nil {
			line := 0
			if at, ok := errors.AsType[*csv.ParseError](err); ok {
				line = at.StartLine
			}
			return append(list, Row{Line: line, Faults: []Fault{{Code: errSyntax.Code}}}), encoding, nil
		}
		line, _ := r.FieldPos(0)
		list = append(list, readRow(line, named, cells))
	}
	if len(list) == 0 {
		return nil, "", errEmpty
	}
	return list, encoding, nil
}

// decode gives the text of a file: UTF-8 with or without its mark, else CP932 as
// Excel writes it in Japan (the table of the WHATWG's Shift_JIS).
func decode(file []byte) (text, encoding string, err error) {
	if bytes.HasPrefix(file, []byte{0xff, 0xfe}) || bytes.HasPrefix(file, []byte{0xfe, 0xff}) || bytes.IndexByte(file, 0) >= 0 {
		return "", "", errEncoding // UTF-16: "Unicode text" of spreadsheets
	}
	file = bytes.TrimPrefix(file, []byte{0xef, 0xbb, 0xbf})
	if utf8.Valid(file) {
		return string(file), "utf-8", nil
	}
	out, err := japanese.ShiftJIS.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "", errEncoding.Because(err)
	}
	return string(out), "shift_jis", nil
}

// head names the columns of a file by its first row.
func (c Columns) head(head []string) ([]string, error) {
	named := make([]string, len(head))
	for i, cell := range head {
		word := strings.ToLower(strings.NewReplacer(" ", "", "_", "").Replace(Fold(cell)))
		name, ok := c.Words[word]
		if !ok || !slices.Contains(c.Takes, name) || slices.Contains(named[:i], name) {
			return nil, errHead
		}
		named[i] = name
	}
	for _, need := range c.Needs {
		if !slices.Contains(named, need) {
			return nil, errHead
		}
	}
	return named, nil
}

// readRow folds the cells of a row, and refuses those that a spreadsheet would compute.
func readRow(line int, named, cells []string) Row {
	out := Row{Line: line, Cells: map[string]string{}}
	if len(cells) != len(named) {
		out.Faults = append(out.Faults, Fault{Code: errWidth.Code})
		return out
	}
	for i, cell := range cells {
		folded := Fold(cell)
		switch {
		case Computed(folded) || Computed(cell):
			out.Faults = append(out.Faults, Fault{Field: named[i], Code: errFormula.Code})
			folded = ""
		case utf8.RuneCountInString(folded) > maxCell:
			out.Faults = append(out.Faults, Fault{Field: named[i], Code: errCell.Code})
			folded = ""
		}
		out.Cells[named[i]] = folded
	}
	return out
}

// Fold brings a cell into the one form in which it is compared and kept.
func Fold(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

// Computed says whether a spreadsheet would take a cell for a formula.
func Computed(cell string) bool { return cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) }

// ErrWord and ErrMissing are for those who read the cells.
var (
	ErrWord    = sekisho.Fail(sekisho.KindInvalid, "list.word")
	ErrMissing = sekisho.Fail(sekisho.KindInvalid, "list.missing")

	errLarge    = sekisho.Fail(sekisho.KindInvalid, "list.too_large")
	errRows     = sekisho.Fail(sekisho.KindInvalid, "list.too_many")
	errEmpty    = sekisho.Fail(sekisho.KindInvalid, "list.empty")
	errEncoding = sekisho.Fail(sekisho.KindInvalid, "list.encoding")
	errHead     = sekisho.Fail(sekisho.KindInvalid, "list.head")
	errSyntax   = sekisho.Fail(sekisho.KindInvalid, "list.syntax")
	errWidth    = sekisho.Fail(sekisho.KindInvalid, "list.width")
	errCell     = sekisho.Fail(sekisho.KindInvalid, "list.cell")
	errFormula  = sekisho.Fail(sekisho.KindInvalid, "list.formula")
)
