package operators

import (
	"context"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

const joiners = "ログインID,氏名,フリガナ,役割,場所,顔認証,派遣元,契約終了日\n" +
	"new-1,見本 新人,ミホン シンジン,オペレーター,自宅,使う,見本スタッフ,2027/3/31\n" +
	"OLD-1,見本 旧人,,オペレーター・SV,オフィス,,,\n" +
	"old-2,,,,,,,\n"

func (r *room) plan(by sekisho.PersonID, kind ListKind, file string) Plan {
	r.Helper()
	p, err := r.PlanList(r.Context(), by, kind, []byte(file))
	r.must(err)
	return p
}

func fates(p Plan) string {
	words := []string{}
	for _, row := range p.Rows {
		word := string(row.Fate)
		for _, f := range row.Faults {
			word += " " + f.Field + ":" + f.Code
		}
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}

// TestListsAreDoneAsShownOrNotAtAll is the whole way of a list.
func TestListsAreDoneAsShownOrNotAtAll(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		admin := r.create("admin", sekisho.RoleAdministrator)
		r.create("old-1", sekisho.RoleOperator)
		r.create("old-2", sekisho.RoleOperator)

		p := r.plan(admin.ID, ListJoiners, joiners)
		if got := fates(p); got != "new; changed; unchanged" || p.Encoding != "utf-8" {
			t.Fatalf("%s (%s)", got, p.Encoding)
		}
		if !slices.Equal(p.Rows[1].Fields, []string{"name", "roles", "place"}) || p.Rows[1].Line != 3 {
			t.Errorf("row 3 changes %v", p.Rows[1].Fields)
		}
		if list, err := r.List(ctx); err != nil || len(list) != 3 {
			t.Fatalf("showing it changed something: %d people, %v", len(list), err)
		}

		// Somebody was changed after it was shown: nothing is done.
		name := "別の 名前"
		old, err := r.Update(ctx, admin.ID, p.Rows[1].before.ID, Change{Name: &name})
		r.must(err)
		_, err = r.ApplyList(ctx, admin.ID, ListJoiners, []byte(joiners), p.Seen)
		r.refused(err, "list.changed")
		p = r.plan(admin.ID, ListJoiners, joiners)
		_, err = r.ApplyList(ctx, admin.ID, ListJoiners, []byte(joiners+"new-2,見本 二人目,,,,,,\n"), p.Seen) // another file
		r.refused(err, "list.changed")
		_, err = r.ApplyList(ctx, admin.ID, ListLeavers, []byte(joiners), p.Seen)
		r.refused(err, "list.head")
		if list, err := r.List(ctx); err != nil || len(list) != 3 {
			t.Fatalf("%d people, %v", len(list), err)
		}

		_, err = r.ApplyList(ctx, admin.ID, ListJoiners, []byte(joiners), p.Seen)
		r.must(err)
		_, err = r.ApplyList(ctx, admin.ID, ListJoiners, []byte(joiners), p.Seen) // a second press
		r.refused(err, "list.changed")
		old, err = r.Get(ctx, old.ID)
		r.must(err)
		if old.Name != "見本 旧人" || !old.Has(sekisho.RoleSupervisor) || old.Place != sekisho.PlaceOffice {
			t.Errorf("changed: %s, %v, %s", rolesText(old.Roles), old.Name == "見本 旧人", old.Place)
		}
		list, err := r.List(ctx)
		r.must(err)
		i := slices.IndexFunc(list, func(p Person) bool { return p.Login == "new-1" })
		if i < 0 || list[i].LastDay != "2027-03-31" || list[i].Agency != "見本スタッフ" || !list[i].Active || list[i].Password != PasswordNone {
			t.Errorf("new: %d", i)
		}
		if again := r.plan(admin.ID, ListJoiners, joiners); fates(again) != "unchanged; unchanged; unchanged" {
			t.Errorf("the same list again: %s", fates(again))
		}
		if len(r.rows("list.applied")) != 1 || len(r.rows("list.refused")) != 4 {
			t.Errorf("%d applied, %d refused", len(r.rows("list.applied")), len(r.rows("list.refused")))
		}

		leavers := "login,last_day,name\nold-1,2026-11-01,見本 旧人\nnew-1,2026年11月30日,\n"
		p = r.plan(admin.ID, ListLeavers, leavers)
		_, err = r.ApplyList(ctx, admin.ID, ListLeavers, []byte(leavers), p.Seen)
		r.must(err)
		r.refused(r.MayWork(ctx, old.ID), "person.contract_over")
		if len(r.rows("person.left")) != 1 {
			t.Error("a last day that is over took nothing away")
		}
	})
}

// TestAListMakesNoSupervisorAlone: the plan says by row what its act would refuse.
func TestAListMakesNoSupervisorAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	admin := r.create("admin", sekisho.RoleAdministrator)
	r.create("op", sekisho.RoleOperator)
	const file = "login,name,roles,agency\nop,,operator/sv,\nnew,見本 新,operator/sv,\n"
	if got := fates(r.plan(admin.ID, ListJoiners, file)); got != "changed; new" {
		t.Errorf("on the first day: %s", got)
	}
	r.must(r.db.Write(t.Context(), func(tx storage.Tx) error { return r.noteFourEyes(t.Context(), tx) }))
	p := r.plan(admin.ID, ListJoiners, file)
	if got := fates(p); got != "refused roles:person.second_needed; new" {
		t.Errorf("with two: %s", got)
	}
	_, err := r.ApplyList(t.Context(), admin.ID, ListJoiners, []byte(file), p.Seen)
	r.refused(err, "list.refused_rows")
	if got := fates(r.plan(admin.ID, ListJoiners, "login,name,roles,agency\nop,,,社\n")); got != "changed" {
		t.Errorf("another agency: %s", got)
	}
}

// TestAListBringsNobodyBackToAnOwnRoleAlone: what another room keeps counts in the plan, too.
func TestAListBringsNobodyBackToAnOwnRoleAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	admin, op := r.create("admin", sekisho.RoleAdministrator), r.create("op", sekisho.RoleOperator)
	r.TrustAlso(func(_ context.Context, _ storage.Tx, p sekisho.PersonID) (bool, error) { return p == op.ID, nil })
	over := "login,last_day\nop,2026-11-01\n"
	_, err := r.ApplyList(t.Context(), admin.ID, ListLeavers, []byte(over), r.plan(admin.ID, ListLeavers, over).Seen)
	r.must(err)
	r.must(r.db.Write(t.Context(), func(tx storage.Tx) error { return r.noteFourEyes(t.Context(), tx) }))
	back := "login,name,last_day\nop,,2027-03-31\n"
	if got := fates(r.plan(admin.ID, ListJoiners, back)); got != "refused roles:person.second_needed" {
		t.Errorf("planned as %s", got)
	}
}

// TestRowsAreRefusedByName: line, field and remedy, and one refused row holds up the list.
func TestRowsAreRefusedByName(t *testing.T) {
	db := storagetest.SQLite(t)
	r := newRoom(t, db)
	admin, officer := r.create("admin", sekisho.RoleAdministrator), r.create("officer", sekisho.RoleOfficer)
	other := r.create("admin2", sekisho.RoleAdministrator)
	head := "login,name,roles,place,face,last_day,agency\n"
	for row, want := range map[string]string{
		"a,=HYPERLINK(\"http://evil.example\"),,,,,":         "", // the quotation mark inside is no CSV
		"a,\"=HYPERLINK(\"\"http://evil.example\"\")\",,,,,": "refused name:list.formula",
		"a,＝1+1,,,,,":                             "refused name:list.formula",
		"a,見本,,,,,@SUM(A1)":                       "refused agency:list.formula",
		"a,\t見本,,,,,":                             "refused name:list.formula",
		"-a,見本,,,,,":                              "refused login:list.formula",
		",見本,,,,,":                                "refused login:list.missing",
		"a,,,,,,":                                 "refused name:person.name",
		"あ,見本,,,,,":                               "refused login:person.login",
		"a,見本,ボス,,,,":                             "refused roles:list.word",
		"a,見本,,月面,,,":                             "refused place:list.word",
		"a,見本,,,たぶん,,":                            "refused face_usable:list.word",
		"a,見本,,,,31.3.2027,":                      "refused last_day:list.day",
		"a,見本,,,,2027-02-30,":                     "refused last_day:list.day",
		"a,見本,,,,2026-11-01,":                     "refused last_day:person.last_day_over",
		"a,見本":                                    "refused :list.width",
		"a,見本,管理者,,,,":                            "refused roles:list.role_by_hand",
		"a,見本,監査,,,,":                             "refused roles:list.role_by_hand",
		"officer,,オペレーター,,,,":                     "refused roles:list.role_by_hand",
		"admin,,管理者 責任者,,,,":                      "refused roles:list.role_by_hand roles:person.own_roles",
		"admin,,,,,2027-03-31,":                   "refused last_day:person.own_last_day",
		"officer,見本 責任,,,,,":                      "changed",
		"a," + strings.Repeat("あ", 65) + ",,,,,":  "refused name:person.name",
		"a," + strings.Repeat("あ", 201) + ",,,,,": "refused name:list.cell",
		"a,見本,sv/operator,HOME,no,2027.3.31,社":    "new",
	} {
		p, err := r.PlanList(t.Context(), admin.ID, ListJoiners, []byte(head+row+"\n"))
		r.must(err)
		got := fates(p)
		if want == "" {
			want = "refused :list.syntax"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", row, got, want)
		}
		if p.Count(FateRefused) == 0 {
			continue
		}
		_, err = r.ApplyList(t.Context(), admin.ID, ListJoiners, []byte(head+"fine,見本 良,,,,,\n"+row+"\n"), p.Seen)
		r.refused(err, "list.refused_rows")
	}
	if list, err := r.List(t.Context()); err != nil || len(list) != 3 {
		t.Fatalf("half of a list was done: %d people, %v", len(list), err)
	}
	twice := r.plan(admin.ID, ListJoiners, head+"a,見本 一,,,,,\nb,見本 二,,,,,\nA,見本 三,,,,,\n")
	if fates(twice) != "refused login:list.duplicate; new; refused login:list.duplicate" || twice.Rows[0].Faults[0].Line != 4 || twice.Rows[2].Faults[0].Line != 2 {
		t.Errorf("%s: lines %+v", fates(twice), twice.Rows[0].Faults)
	}
	for row, want := range map[string]string{
		"nobody,2027-03-31":  "refused login:list.unknown_login",
		"officer,":           "refused last_day:list.missing",
		"admin,2027-03-31":   "refused last_day:person.own_last_day",
		"admin2,2027-03-31":  "changed",
		"officer,2027-03-31": "changed",
		"ｏｆｆｉｃｅｒ,２０２７/３/３１": "changed", // full-width, as a Japanese keyboard writes it
	} {
		if got := fates(r.plan(admin.ID, ListLeavers, "ログインID,最終日\n"+row+"\n")); got != want {
			t.Errorf("%s: %s, want %s", row, got, want)
		}
	}
	if got := fates(r.plan(officer.ID, ListLeavers, "login,last_day\nadmin,2027-03-31\nadmin2,2027-03-31\n")); got != "refused last_day:person.last_administrator; refused last_day:person.last_administrator" {
		t.Errorf("both administrators at once: %s", got)
	}
	if got := fates(r.plan(admin.ID, ListLeavers, "login,last_day,name\nadmin2,2027-03-31,別人\n")); got != "refused name:list.other_name" {
		t.Errorf("another name: %s", got)
	}
	_ = other
}

// TestEncodings: what Japanese spreadsheets write is read, and what is not read is refused.
func TestEncodings(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	admin := r.create("admin", sekisho.RoleAdministrator)
	text := "ログインID,氏名,派遣元\r\nnew-1,見本 髙橋①,㈱見本～スタッフ\r\n"
	cp932, err := japanese.ShiftJIS.NewEncoder().String(text)
	r.must(err)
	for name, file := range map[string]struct{ bytes, encoding string }{
		"UTF-8": {text, "utf-8"}, "UTF-8 with its mark": {"\ufeff" + text, "utf-8"}, "CP932": {cp932, "shift_jis"},
	} {
		p, err := r.PlanList(t.Context(), admin.ID, ListJoiners, []byte(file.bytes))
		r.must(err)
		if p.Encoding != file.encoding || fates(p) != "new" || p.Rows[0].Name != "見本 髙橋1" || p.Rows[0].after.Agency != "(株)見本~スタッフ" {
			t.Errorf("%s: %s, %s, %q, %q", name, p.Encoding, fates(p), p.Rows[0].Name, p.Rows[0].after.Agency)
		}
	}
	euc, err := japanese.EUCJP.NewEncoder().String(text)
	r.must(err)
	for name, file := range map[string]struct{ bytes, code string }{
		"EUC-JP":         {euc, "list.encoding list.head"},
		"UTF-16":         {"\xff\xfel\x00o\x00g\x00", "list.encoding"},
		"NUL":            {"login,name\na,b\x00\n", "list.encoding"},
		"cut in half":    {cp932[:len("ログイン")/3*2-1], "list.encoding list.head"},
		"empty":          {"", "list.empty"},
		"head alone":     {"login,name\n", "list.empty"},
		"no login":       {"name\nx\n", "list.head"},
		"mistyped":       {"login,name,契約修了日\na,b,c\n", "list.head"},
		"a column twice": {"login,name,氏名\na,b,c\n", "list.head"},
		"rows":           {"login,name\n" + strings.Repeat("a,b\n", maxListRows+1), "list.too_many"},
		"large":          {strings.Repeat("a", MaxList+1), "list.too_large"},
	} {
		_, err := r.PlanList(t.Context(), admin.ID, ListJoiners, []byte(file.bytes))
		if code := sekisho.CodeOf(err); err == nil || !strings.Contains(file.code, code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadList(f *testing.F) {
	cp932, err := japanese.ShiftJIS.NewEncoder().String(joiners)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{joiners, "\ufeff" + joiners, cp932, "login,name\n\"a\n", "login,last_day\na,2027/3/31\n", "=1\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, kind := range []ListKind{ListJoiners, ListLeavers} {
			list, encoding, err := readList(kind, file)
			if err != nil {
				if sekisho.KindOf(err) != sekisho.KindInvalid {
					t.Fatalf("%v", err)
				}
				continue
			}
			if len(list) == 0 || len(list) > maxListRows+1 || encoding == "" {
				t.Fatalf("%d rows in %q", len(list), encoding)
			}
			for _, row := range plan(kind, "by", list, nil, Day("2026-11-02").End()) {
				switch {
				case row.Fate == FateRefused && len(row.Faults) == 0, row.Fate == FateNew && kind == ListLeavers:
					t.Fatalf("line %d: %s %v", row.Line, row.Fate, row.Faults)
				case row.Fate == FateNew:
					if row.after.valid() != nil || byHand(row.after.Roles) || slices.ContainsFunc(row.after.asListed(), sheets.Computed) {
						t.Fatalf("line %d lets somebody in who is refused elsewhere", row.Line)
					}
				}
			}
		}
	})
}
