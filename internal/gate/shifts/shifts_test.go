package shifts

import (
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

type people map[sekisho.PersonID]sekisho.Role

func (p people) Holds(_ context.Context, _ storage.Tx, id sekisho.PersonID, r sekisho.Role) (bool, error) {
	return p[id] == r, nil
}

func (p people) Logins(context.Context, storage.Tx) (map[string]sekisho.PersonID, error) {
	out := map[string]sekisho.PersonID{}
	for id, r := range p {
		if r == sekisho.RoleOperator {
			out["login-"+string(id)] = id
		}
	}
	return out, nil
}

func newRoom(t *testing.T, db *storage.DB) (*Shifts, *clock.Fake, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)) // Monday, 10:00 in Japan
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	return New(db, clk, log, people{"op": sekisho.RoleOperator, "op2": sekisho.RoleOperator, "sv": sekisho.RoleSupervisor, "sv2": sekisho.RoleSupervisor, "admin": sekisho.RoleAdministrator}), clk, log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func spans(t *testing.T, text string) []Span {
	t.Helper()
	out, err := ParseSpans(text)
	must(t, err)
	return out
}

func TestParseSpans(t *testing.T) {
	for text, want := range map[string]string{
		"09:00-18:00": "09:00-18:00", "": "", "-": "", "9:00〜18:00": "09:00-18:00", "20:00-22:00、09:00-12:00": "09:00-12:00 20:00-22:00",
		"22:00-06:00": "22:00-06:00", "00:00-24:00": "00:00-24:00", "18:00-00:00": "18:00-24:00",
	} {
		got, err := ParseSpans(text)
		if err != nil || Spans(got) != want {
			t.Errorf("%q: %q, %v", text, Spans(got), err)
		}
	}
	for _, bad := range []string{"9-18", "09:60-10:00", "24:00-01:00", "09:00-24:01", "09:00-09:00", "25:00-26:00", "09:00", "1:00-2:00 3:00-4:00 5:00-6:00 7:00-8:00 9:00-10:00", strings.Repeat("09:00-18:00 ", 40)} {
		if got, err := ParseSpans(bad); sekisho.CodeOf(err) != "shift.span" {
			t.Errorf("%q: %v, %v", bad, got, err)
		}
	}
}

func FuzzParseSpans(f *testing.F) {
	for _, seed := range []string{"09:00-18:00", "22:00-06:00 7:00-8:00", "-", "00:00-24:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseSpans(text)
		if err != nil {
			return
		}
		again, err := ParseSpans(Spans(got))
		if err != nil || !slices.Equal(got, again) || (Shift{"mon": got}).valid() != nil {
			t.Fatalf("%q: %v, then %v, %v", text, got, again, err)
		}
	})
}

func TestUntil(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	must(t, err)
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04:05", text, tokyo)
		must(t, err)
		return v
	}
	s := Shift{"mon": spans(t, "09:00-12:00 13:00-18:00"), "fri": spans(t, "22:00-06:00"), "2026-11-09": {}, "2026-11-03": spans(t, "10:00-11:00"), "sun": spans(t, "00:00-24:00")}
	r := Rules{Zone: "Asia/Tokyo", Before: 10, After: 30}
	for now, want := range map[string]string{
		"2026-11-02 08:49:59": "", "2026-11-02 08:50:00": "2026-11-02 12:30:00", "2026-11-02 12:29:59": "2026-11-02 12:30:00",
		"2026-11-02 12:30:00": "", "2026-11-02 18:29:59": "2026-11-02 18:30:00", "2026-11-02 18:30:00": "",
		"2026-11-07 05:00:00": "2026-11-07 06:30:00",                                               // Friday's night
		"2026-11-09 10:00:00": "",                                                                  // a Monday that is free
		"2026-11-03 10:30:00": "2026-11-03 11:30:00",                                               // a Tuesday that is worked
		"2026-11-10 10:30:00": "",                                                                  // the next one is not
		"2026-11-07 23:50:00": "2026-11-09 00:30:00", "2026-11-09 00:29:00": "2026-11-09 00:30:00", // Sunday, from grace to grace
	} {
		got, inside := r.Until(s, nil, at(now))
		if (want != "") != inside || inside && !got.Equal(at(want)) {
			t.Errorf("%s: %v %v, want %q", now, got.In(tokyo), inside, want)
		}
	}
	// Times that touch are one: the break between them is covered by grace.
	touching := Rules{Zone: "Asia/Tokyo", Before: 30, After: 30}
	if got, inside := touching.Until(s, []Extension{{From: at("2026-11-02 18:00:00"), Until: at("2026-11-02 20:00:00")}}, at("2026-11-02 09:00:00")); !inside || !got.Equal(at("2026-11-02 20:00:00")) {
		t.Errorf("%v %v", got.In(tokyo), inside)
	}
	if _, inside := (Rules{Zone: "Nowhere/Else"}).Until(s, nil, at("2026-11-02 10:00:00")); inside {
		t.Error("open in a zone that is none")
	}
	// The day on which clocks go back has the same hours of the wall.
	berlin := Rules{Zone: "Europe/Berlin"}
	if got, inside := berlin.Until(Shift{"sun": spans(t, "01:00-04:00")}, nil, time.Date(2026, 10, 25, 2, 30, 0, 0, time.UTC)); !inside || !got.Equal(time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %v", got, inside)
	}
}

// TestUntilAsAPlainReader compares with looking at one minute after the other.
func TestUntilAsAPlainReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Shift{}
		for _, day := range weekdays {
			for range rapid.IntRange(0, 2).Draw(t, "spans") {
				span := Span{From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(1, 1440).Draw(t, "to")}
				if span.From != span.To {
					s[day] = append(s[day], span)
				}
			}
		}
		r := Rules{Zone: "Asia/Tokyo", Before: rapid.IntRange(0, 120).Draw(t, "before"), After: rapid.IntRange(0, 120).Draw(t, "after")}
		zone := time.FixedZone("", 9*60*60)
		now := time.Date(2026, 11, 4, rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, zone)
		working := func(at time.Time) bool {
			for back := range 4 {
				day := time.Date(at.Year(), at.Month(), at.Day()-back+1, 0, 0, 0, 0, zone)
				for _, span := range s[weekdays[day.Weekday()]] {
					to := span.To
					if to <= span.From {
						to += 1440
					}
					if m := int(at.Sub(day) / time.Minute); m >= span.From-r.Before && m < to+r.After {
						return true
					}
				}
			}
			return false
		}
		until, inside := r.Until(s, nil, now)
		if inside != working(now) {
			t.Fatalf("%v: %v", now, inside)
		}
		if inside && until.Sub(now) <= 36*time.Hour && (working(until) || !working(until.Add(-time.Minute))) {
			t.Fatalf("%v: until %v", now, until.In(zone))
		}
	})
}

func TestRulesShiftsAndExtensions(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, clk, log := newRoom(t, db)
		ctx := t.Context()
		if until, err := r.Until(ctx, "op", sekisho.PlaceHome); err != nil || !until.IsZero() {
			t.Fatalf("bound without rules: %v, %v", until, err)
		}
		rules, err := r.SetRules(ctx, "admin", Rules{Home: true, Before: 10, After: 10, Zone: "Asia/Tokyo"})
		must(t, err)
		if _, err := r.SetRules(ctx, "admin", Rules{Zone: "Asia/Tokyo"}); sekisho.CodeOf(err) != "shift.changed_meanwhile" || rules.Version != 1 {
			t.Errorf("%v", err)
		}
		for code, bad := range map[string]Rules{"shift.zone": {Version: 1, Zone: "Local"}, "shift.grace": {Version: 1, Zone: "Asia/Tokyo", After: 121}} {
			if _, err := r.SetRules(ctx, "admin", bad); sekisho.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if _, err := r.Until(ctx, "op", sekisho.PlaceHome); sekisho.CodeOf(err) != "shift.none" {
			t.Errorf("without a shift: %v", err)
		}
		if _, err := r.Until(ctx, "op", sekisho.PlaceUnknown); sekisho.CodeOf(err) != "shift.none" {
			t.Errorf("at a place nobody knows: %v", err)
		}
		if until, err := r.Until(ctx, "op", sekisho.PlaceOffice); err != nil || !until.IsZero() {
			t.Errorf("in the office: %v, %v", until, err)
		}
		must(t, r.Put(ctx, "admin", "op", Shift{"mon": spans(t, "09:00-10:30"), "2026-12-31": {}}))
		if err := r.Put(ctx, "admin", "sv", Shift{}); sekisho.CodeOf(err) != "person.unknown" {
			t.Errorf("%v", err)
		}
		if err := r.Put(ctx, "op", "op", Shift{}); sekisho.CodeOf(err) != "shift.own" {
			t.Errorf("%v", err)
		}
		if err := r.Put(ctx, "admin", "op", Shift{"someday": nil}); sekisho.CodeOf(err) != "shift.day" {
			t.Errorf("%v", err)
		}
		end := time.Date(2026, 11, 2, 1, 40, 0, 0, time.UTC)
		if until, err := r.Until(ctx, "op", sekisho.PlaceHome); err != nil || !until.Equal(end) {
			t.Fatalf("%v, %v", until, err)
		}
		for code, try := range map[string]struct {
			by, p sekisho.PersonID
			more  time.Duration
		}{
			"shift.own": {"sv", "sv", time.Hour}, "shift.role": {"admin", "op", time.Hour}, "person.unknown": {"sv", "sv2", time.Hour},
			"shift.extension": {"sv", "op", 5 * time.Hour},
		} {
			if _, err := r.Extend(ctx, try.by, try.p, try.more); sekisho.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		until, err := r.Extend(ctx, "sv", "op", time.Hour)
		if err != nil || !until.Equal(end.Add(time.Hour)) {
			t.Fatalf("%v, %v", until, err)
		}
		clk.Advance(2 * time.Hour) // 12:00: over, extension and all
		if _, err := r.Until(ctx, "op", sekisho.PlaceHome); sekisho.CodeOf(err) != "shift.outside" {
			t.Errorf("%v", err)
		}
		until, err = r.Extend(ctx, "sv", "op", 30*time.Minute)
		if got, err2 := r.Until(ctx, "op", sekisho.PlaceHome); err != nil || err2 != nil || !got.Equal(until) || !until.Equal(clk.Now().Add(30*time.Minute)) {
			t.Errorf("after its end: %v, %v, %v", until, err, err2)
		}
		if _, more, err := r.All(ctx); err != nil || len(more["op"]) != 1 || !more["op"][0].Until.Equal(until) { // the first is over
			t.Errorf("%+v, %v", more, err)
		}
		must(t, r.ForgetPerson(ctx, "op"))
		if _, err := r.Until(ctx, "op", sekisho.PlaceHome); sekisho.CodeOf(err) != "shift.none" {
			t.Errorf("%v", err)
		}
		for kind, want := range map[string]int{"shift.rules_changed": 1, "shift.changed": 1, "shift.extended": 2} {
			if rows, err := log.Search(ctx, audit.Filter{Kind: kind}); err != nil || len(rows) != want {
				t.Errorf("%s: %d, %v", kind, len(rows), err)
			}
		}
	})
}

// TestAnUnreadableShiftRefuses writes past the room, as a hand in the database would.
func TestAnUnreadableShiftRefuses(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	_, err := r.SetRules(ctx, "admin", Rules{Home: true, Zone: "Asia/Tokyo"})
	must(t, err)
	must(t, r.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO shifts_days (person, day, spans) VALUES ('op', 'mon', 'always')")
		return err
	}))
	if until, err := r.Until(ctx, "op", sekisho.PlaceHome); err == nil {
		t.Errorf("open until %v", until)
	}
}

func TestListsAreDoneAsShownOrNotAtAll(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		ctx := t.Context()
		must(t, r.Put(ctx, "admin", "op", Shift{"mon": spans(t, "09:00-18:00"), "sat": spans(t, "09:00-12:00")}))
		file := []byte("ログインID,曜日,勤務時間\nlogin-op,月,09:00-18:00\nlogin-op,火,10:00-19:00\nlogin-op2,2026/12/31,休み\n")
		p, err := r.PlanList(ctx, file)
		must(t, err)
		if p.Count(FateUnchanged) != 1 || p.Count(FateChanged) != 2 || p.Count(FateRefused) != 0 {
			t.Fatalf("%+v", p.Rows)
		}
		if _, err := r.ApplyList(ctx, "admin", file, strings.Repeat("0", 64)); sekisho.CodeOf(err) != "shift.list_changed" {
			t.Errorf("%v", err)
		}
		_, err = r.ApplyList(ctx, "admin", file, p.Seen)
		must(t, err)
		all, _, err := r.All(ctx)
		must(t, err)
		if Spans(all["op"]["tue"]) != "10:00-19:00" || Spans(all["op"]["sat"]) != "09:00-12:00" || len(all["op2"]) != 1 {
			t.Errorf("%+v", all)
		}
		for name, try := range map[string]struct{ rows, codes string }{
			"nobody's login": {"who,月,09:00-18:00", "list.unknown_login"}, "no day": {"login-op,祝,09:00-18:00", "shift.day"}, "no hours": {"login-op,月,朝から", "shift.span"},
			"a formula": {"login-op,月,=A1", "list.formula"}, "twice": {"login-op,月,09:00-18:00\nLOGIN-OP,mon,10:00-18:00", "shift.twice shift.twice"},
		} {
			file := []byte("login,day,hours\nlogin-op2,火,09:00-18:00\n" + try.rows + "\n")
			p, err := r.PlanList(ctx, file)
			must(t, err)
			codes := []string{}
			for _, row := range p.Rows {
				for _, f := range row.Faults {
					codes = append(codes, f.Code)
				}
			}
			if got := strings.Join(codes, " "); got != try.codes {
				t.Errorf("%s: %s, want %s", name, got, try.codes)
			}
			if _, err := r.ApplyList(ctx, "admin", file, p.Seen); sekisho.CodeOf(err) != "list.refused_rows" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if after, _, err := r.All(ctx); err != nil || len(after["op2"]) != 1 {
			t.Errorf("half a list was done: %+v, %v", after, err)
		}
	})
}
