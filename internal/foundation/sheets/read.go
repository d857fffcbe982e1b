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
)

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

// Read reads a file into records, and says in which encoding it was: "utf-8" or "shift_jis". A row that is no CSV ends the list, as
// its last record.
func Read(file []byte, form Form) (list []Record, encoding string, err error) {
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
	named, err := readHead(form, head)
	if err != nil {
		return nil, "", err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(list) >= MaxRows {
			return nil, "", errRows
		}
		if err != nil {
			line := 0
			if at, ok := errors.AsType[*csv.ParseError](err); ok {
				line = at.StartLine
			}
			return append(list, Record{Line: line, Faults: []Fault{{Code: errSyntax.Code}}}), encoding, nil
		}
		line, _ := r.FieldPos(0)
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			list = append(list, readRecord(line, named, cells))
		}
	}
	if len(list) == 0 {
		return nil, "", errEmpty
	}
	return list, encoding, nil
}

// readHead names the columns. A column that is not known is refused: a mistyped
// one would be passed over without a word.
func readHead(form Form, head []string) ([]string, error) {
	named := make([]string, len(head))
	for i, cell := range head {
		word := strings.ToLower(strings.NewReplacer(" ", "", "_", "").Replace(Fold(cell)))
		name, ok := form.Words[word]
		if !ok || !slices.Contains(form.Takes, name) || slices.Contains(named[:i], name) {
			return nil, errHead
		}
		named[i] = name
	}
	for _, need := range form.Needs {
		if !slices.Contains(named, need) {
			return nil, errHead
		}
	}
	return named, nil
}

// readRecord folds the cells of a row, and refuses those that a spreadsheet would compute.
func readRecord(line int, named, cells []string) Record {
	out := Record{Line: line, Cells: map[string]string{}}
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
		case utf8.RuneCountInString(folded) > MaxCell:
			out.Faults = append(out.Faults, Fault{Field: named[i], Code: errCell.Code})
			folded = ""
		}
		out.Cells[named[i]] = folded
	}
	return out
}

// Fold gives a cell as it is compared: NFKC, without blanks around it.
func Fold(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }
