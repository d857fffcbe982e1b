package operators

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"

	"github.com/sekisho/sekisho"
)

// columns of a list, by what their first row may say. NFKC, lower case, without blanks.
var columns = map[string]string{
	"ログインid": "login", "login": "login", "loginid": "login",
	"氏名": "name", "name": "name",
	"フリガナ": "kana", "kana": "kana",
	"役割": "roles", "roles": "roles",
	"場所": "place", "place": "place",
	"顔認証": "face_usable", "face": "face_usable",
	"派遣元": "agency", "agency": "agency",
	"契約終了日": "last_day", "最終日": "last_day", "lastday": "last_day",
}

// columnsOf are those that a kind of list takes, and the ones it needs.
func columnsOf(kind ListKind) (takes, needs []string) {
	if kind == ListLeavers {
		return []string{"login", "name", "last_day"}, []string{"login", "last_day"}
	}
	return []string{"login", "name", "kana", "roles", "place", "face_usable", "agency", "last_day"}, []string{"login", "name"}
}

// record is one row as it was read: cells by column, folded.
type record struct {
	line   int
	cells  map[string]string
	faults []Fault
}

// decode gives the text of a file: UTF-8 with or without its mark, else CP932 as
// Excel writes it in Japan (the table of the WHATWG's Shift_JIS).
func decode(file []byte) (text, encoding string, err error) {
	if bytes.HasPrefix(file, []byte{0xff, 0xfe}) || bytes.HasPrefix(file, []byte{0xfe, 0xff}) || bytes.IndexByte(file, 0) >= 0 {
		return "", "", errListEncoding // UTF-16: "Unicode text" of spreadsheets
	}
	file = bytes.TrimPrefix(file, []byte{0xef, 0xbb, 0xbf})
	if utf8.Valid(file) {
		return string(file), "utf-8", nil
	}
	out, err := japanese.ShiftJIS.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "", errListEncoding.Because(err)
	}
	return string(out), "shift_jis", nil
}

// readList reads a file into records. A row that is no CSV ends the list, as
// its last record.
func readList(kind ListKind, file []byte) (list []record, encoding string, err error) {
	if len(file) > MaxList {
		return nil, "", errListLarge
	}
	text, encoding, err := decode(file)
	if err != nil {
		return nil, "", err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, "", errListEmpty
	}
	if err != nil {
		return nil, "", errListHead.Because(err)
	}
	named, err := readHead(kind, head)
	if err != nil {
		return nil, "", err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if len(list) >= maxListRows {
			return nil, "", errListRows
		}
		if err != nil {
			line := 0
			if at, ok := errors.AsType[*csv.ParseError](err); ok {
				line = at.StartLine
			}
			return append(list, record{line: line, faults: []Fault{{Code: errListSyntax.Code}}}), encoding, nil
		}
		line, _ := r.FieldPos(0)
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			list = append(list, readRecord(line, named, cells))
		}
	}
	if len(list) == 0 {
		return nil, "", errListEmpty
	}
	return list, encoding, nil
}

// readHead names the columns. A column that is not known is refused: a mistyped
// one would be passed over without a word.
func readHead(kind ListKind, head []string) ([]string, error) {
	takes, needs := columnsOf(kind)
	named := make([]string, len(head))
	for i, cell := range head {
		word := strings.ToLower(strings.NewReplacer(" ", "", "_", "").Replace(fold(cell)))
		name, ok := columns[word]
		if !ok || !slices.Contains(takes, name) || slices.Contains(named[:i], name) {
			return nil, errListHead
		}
		named[i] = name
	}
	for _, need := range needs {
		if !slices.Contains(named, need) {
			return nil, errListHead
		}
	}
	return named, nil
}

// readRecord folds the cells of a row, and refuses those that a spreadsheet would compute.
func readRecord(line int, named, cells []string) record {
	out := record{line: line, cells: map[string]string{}}
	if len(cells) != len(named) {
		out.faults = append(out.faults, Fault{Code: errListWidth.Code})
		return out
	}
	for i, cell := range cells {
		folded := fold(cell)
		switch {
		case computed(folded) || computed(cell):
			out.faults = append(out.faults, Fault{Field: named[i], Code: errListFormula.Code})
			folded = ""
		case utf8.RuneCountInString(folded) > maxCell:
			out.faults = append(out.faults, Fault{Field: named[i], Code: errListCell.Code})
			folded = ""
		}
		out.cells[named[i]] = folded
	}
	return out
}

func fold(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

var roleWords = map[string]sekisho.Role{
	"オペレーター": sekisho.RoleOperator, "operator": sekisho.RoleOperator,
	"スーパーバイザー": sekisho.RoleSupervisor, "sv": sekisho.RoleSupervisor, "supervisor": sekisho.RoleSupervisor,
	"管理者": sekisho.RoleAdministrator, "administrator": sekisho.RoleAdministrator,
	"情報セキュリティ責任者": sekisho.RoleOfficer, "責任者": sekisho.RoleOfficer, "officer": sekisho.RoleOfficer,
	"監査担当": sekisho.RoleAuditor, "監査": sekisho.RoleAuditor, "auditor": sekisho.RoleAuditor,
}

// readRoles reads roles between blanks, commas, slashes or 、 and ・.
func readRoles(cell string) ([]sekisho.Role, bool) {
	words := strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return strings.ContainsRune(" ,/、・;+", r) })
	roles := make([]sekisho.Role, 0, len(words))
	for _, w := range words {
		role, ok := roleWords[w]
		if !ok {
			return nil, false
		}
		roles = append(roles, role)
	}
	return normal(roles), len(roles) > 0
}

var placeWords = map[string]sekisho.Place{
	"自宅": sekisho.PlaceHome, "在宅": sekisho.PlaceHome, "home": sekisho.PlaceHome,
	"オフィス": sekisho.PlaceOffice, "出社": sekisho.PlaceOffice, "office": sekisho.PlaceOffice,
}

var faceWords = map[string]bool{"使う": true, "あり": true, "yes": true, "1": true, "使わない": false, "なし": false, "no": false, "0": false}

var dayForm = regexp.MustCompile(`^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$`)

// readDay reads 2027-03-31, 2027/3/31 and 2027年3月31日.
func readDay(cell string) (Day, bool) {
	m := dayForm.FindStringSubmatch(cell)
	if m == nil {
		return "", false
	}
	pad := func(s string) string { return ("0" + s)[len(s)-1:] }
	d := Day(m[1] + "-" + pad(m[2]) + "-" + pad(m[3]))
	return d, d.Valid()
}
