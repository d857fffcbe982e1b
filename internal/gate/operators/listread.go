package operators

import (
	"regexp"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
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

// form is what a kind of list must look like.
func form(kind ListKind) sheets.Form {
	takes, needs := columnsOf(kind)
	return sheets.Form{Words: columns, Takes: takes, Needs: needs}
}

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
