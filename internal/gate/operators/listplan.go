package operators

import (
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
)

// plan gives every row's fate, against the people as they are now. by is whose
// list it is: nobody changes his own roles or last day by one.
func plan(kind ListKind, by sekisho.PersonID, list []sheets.Record, people []Person, now time.Time) []Row {
	known := make(map[string]Person, len(people))
	for _, p := range people {
		known[p.Login] = p
	}
	lines := map[string]int{} // of the first row with a login
	rows := make([]Row, len(list))
	for i, one := range list {
		rows[i] = planRow(kind, by, one, known, now)
		login := rows[i].Login
		if login == "" {
			continue
		}
		if first, twice := lines[login]; twice {
			double(&rows[first], one.Line)
			double(&rows[i], rows[first].Line)
			continue
		}
		lines[login] = i
	}
	keepAdministrator(rows, people)
	return rows
}

func double(r *Row, line int) {
	r.Fate = FateRefused
	r.Faults = append(r.Faults, Fault{Field: "login", Code: errListDuplicate.Code, Line: line})
}

// keepAdministrator refuses the rows that together would leave no administrator
// whom the calendar does not take away.
func keepAdministrator(rows []Row, people []Person) {
	after := map[sekisho.PersonID]Person{}
	for _, r := range rows {
		if r.Fate == FateChanged {
			after[r.before.ID] = r.after
		}
	}
	before, left := 0, 0
	for _, p := range people {
		if !p.lasts() {
			continue
		}
		before++
		if next, changed := after[p.ID]; !changed || next.lasts() {
			left++
		}
	}
	if before == 0 || left > 0 {
		return
	}
	for i := range rows {
		if rows[i].Fate == FateChanged && rows[i].before.lasts() && !rows[i].after.lasts() {
			rows[i].refuse("last_day", errLastAdmin)
		}
	}
}

func planRow(kind ListKind, by sekisho.PersonID, one sheets.Record, known map[string]Person, now time.Time) Row {
	row := Row{Line: one.Line, Login: strings.ToLower(one.Cells["login"]), Name: one.Cells["name"], Faults: one.Faults}
	if len(one.Faults) > 0 {
		row.Fate = FateRefused
		return row
	}
	if row.Login == "" {
		row.refuse("login", errListMissing)
		return row
	}
	before, there := known[row.Login]
	next := before
	switch {
	case there:
		row.before = before
		if row.Name == "" {
			row.Name = before.Name
		}
	case kind == ListLeavers:
		row.refuse("login", errListUnknown)
		return row
	default:
		next = Person{
			Login: row.Login, Roles: []sekisho.Role{sekisho.RoleOperator}, FaceUsable: true, Place: sekisho.PlaceHome, Password: PasswordNone,
		}
	}
	if kind == ListLeavers {
		planLeaver(&row, one, &next)
	} else {
		planJoiner(&row, one, &next)
	}
	if there && by == before.ID {
		if rolesText(before.Roles) != rolesText(next.Roles) {
			row.refuse("roles", errOwnRoles)
		}
		if before.LastDay != next.LastDay {
			row.refuse("last_day", errOwnDay)
		}
	}
	settle(&row, next.at(now), there, now)
	return row
}

func planLeaver(row *Row, one sheets.Record, next *Person) {
	if row.Name != "" && sheets.Fold(next.Name) != row.Name {
		row.refuse("name", errListOther)
	}
	if one.Cells["last_day"] == "" {
		row.refuse("last_day", errListMissing)
		return
	}
	readCell(row, one, "last_day", errListDay, readDay, &next.LastDay)
}

// planJoiner takes the cells of a row; an empty one leaves things as they are.
func planJoiner(row *Row, one sheets.Record, next *Person) {
	words := func(cell string) (string, bool) { return cell, true }
	readCell(row, one, "name", errName, words, &next.Name)
	readCell(row, one, "kana", errName, words, &next.Kana)
	readCell(row, one, "agency", errAgency, words, &next.Agency)
	readCell(row, one, "last_day", errListDay, readDay, &next.LastDay)
	readCell(row, one, "place", errListWord, wordOf(placeWords), &next.Place)
	readCell(row, one, "face_usable", errListWord, wordOf(faceWords), &next.FaceUsable)
	was := next.Roles
	readCell(row, one, "roles", errListWord, readRoles, &next.Roles)
	if rolesText(was) != rolesText(next.Roles) && (byHand(was) || byHand(next.Roles)) {
		row.refuse("roles", errListRole)
	}
}

func readCell[T any](row *Row, one sheets.Record, field string, otherwise *sekisho.Error, read func(string) (T, bool), at *T) {
	cell := one.Cells[field]
	if cell == "" {
		return
	}
	v, ok := read(cell)
	if !ok {
		row.refuse(field, otherwise)
		return
	}
	*at = v
}

func wordOf[T any](words map[string]T) func(string) (T, bool) {
	return func(cell string) (T, bool) {
		v, ok := words[strings.ToLower(cell)]
		return v, ok
	}
}

// fieldOf names the column that a person's own rule speaks of.
var fieldOf = map[string]string{
	errName.Code: "name", errLogin.Code: "login", errRoles.Code: "roles", errPlace.Code: "place",
	errAgency.Code: "agency", errLastDay.Code: "last_day", errDayOver.Code: "last_day",
}

// settle checks what a row makes of a person and gives its fate.
func settle(row *Row, next Person, there bool, now time.Time) {
	err := next.valid()
	if err == nil && !there && next.LastDay.over(now) {
		err = errDayOver
	}
	if err != nil && row.Fate != FateRefused {
		code := sekisho.CodeOf(err)
		row.Fate, row.Faults = FateRefused, append(row.Faults, Fault{Field: fieldOf[code], Code: code})
	}
	if row.Fate == FateRefused {
		return
	}
	row.after = next
	if !there {
		row.Fate = FateNew
		return
	}
	names := []string{"name", "kana", "login", "roles", "face_usable", "place", "agency", "last_day"} // as asListed gives them
	was, is := row.before.asListed(), next.asListed()
	for i, name := range names {
		if was[i] != is[i] {
			row.Fields = append(row.Fields, name)
		}
	}
	row.Fate = FateUnchanged
	if len(row.Fields) > 0 {
		row.Fate = FateChanged
	}
}
