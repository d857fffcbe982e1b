package readiness

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

type holders map[sekisho.PersonID]sekisho.Role

func (h holders) Holds(_ context.Context, _ storage.Tx, id sekisho.PersonID, role sekisho.Role) (bool, error) {
	return h[id] == role, nil
}

// told are facts whose sources are functions of the test.
type told struct {
	home    []sekisho.PersonID
	sources []Source
	asked   int
	err     error
}

func (f *told) AtHome(context.Context) ([]sekisho.PersonID, error) { return f.home, f.err }
func (f *told) WorksAtHome(_ context.Context, p sekisho.PersonID, _ sekisho.DeviceID) (bool, error) {
	return slices.Contains(f.home, p), f.err
}
func (f *told) Survey() Survey { f.asked++; return Survey{f.sources, f.AtHome} }

type room struct {
	*Readiness
	*testing.T
	clk   *clock.Fake
	log   *audit.Log
	facts *told
}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, clk: clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)), facts: &told{home: []sekisho.PersonID{"op", "op2"}}}
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(log.Close()) })
	box, err := seal.Open(filepath.Join(t.TempDir(), "master.key"))
	r.must(err)
	r.log = log
	r.Readiness = New(db, r.clk, Deps{Audit: log, Box: box, Facts: r.facts, People: holders{"sv": sekisho.RoleSupervisor, "op2": sekisho.RoleSupervisor, "admin": sekisho.RoleAdministrator}})
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if sekisho.CodeOf(err) != code {
		r.Errorf("%v, want %s", err, code)
	}
}

func (r *room) rows(kind string) []audit.Entry {
	r.Helper()
	rows, err := r.log.Search(r.Context(), audit.Filter{Kind: kind})
	r.must(err)
	return rows
}

func by(p sekisho.PersonID) By { return By{Person: p, Device: "pc", Session: "session"} }

// yes answers the rules in force, but for no.
func (r *room) yes(no ...string) wire.RoomAnswers {
	r.Helper()
	rules, err := r.Rules(r.Context())
	r.must(err)
	out := wire.RoomAnswers{Rules: rules.Version}
	for _, q := range rules.Questions {
		out.Answers = append(out.Answers, wire.RoomAnswer{Question: q.ID, Yes: !slices.Contains(no, q.ID)})
	}
	return out
}

// newest gives the id of somebody's newest self-check.
func (r *room) newest(p sekisho.PersonID) Check {
	r.Helper()
	_, checks, _, err := r.OfPerson(r.Context(), p)
	r.must(err)
	return checks[0]
}

var (
	supervisor    = audit.Actor{Person: "sv", Role: sekisho.RoleSupervisor}
	administrator = audit.Actor{Person: "admin", Role: sekisho.RoleAdministrator}
)

// TestASelfCheckFromAnswerToEnd: waits, is accepted, gets late, is over; and the measure with it.
func TestASelfCheckFromAnswerToEnd(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		light := func(want Light, green int) {
			t.Helper()
			all, err := r.Measures(t.Context(), nil)
			r.must(err)
			i := slices.IndexFunc(all, func(m Measured) bool { return m.ID == Room })
			if all[i].Light != want || all[i].Tally.Green != green {
				t.Errorf("%+v, want %s", all[i], want)
			}
		}
		light(Red, 0)
		own, err := r.Own(t.Context(), by("op"))
		r.must(err)
		if !own.Asked || !own.Due || own.State != "none" || own.Last != nil || len(own.Questions) != 8 {
			t.Fatalf("%+v", own)
		}
		in := r.yes()
		in.Remark = " 家族は昼間いません "
		r.must(r.Answer(t.Context(), by("op"), in))
		r.must(r.Answer(t.Context(), by("op2"), r.yes()))
		light(Amber, 0)
		r.clk.Advance(time.Hour)
		_, err = r.Decide(t.Context(), supervisor, r.newest("op").ID, true, "")
		r.must(err)
		_, err = r.Decide(t.Context(), supervisor, r.newest("op2").ID, true, "")
		r.must(err)
		light(Green, 2)
		own, err = r.Own(t.Context(), by("op"))
		r.must(err)
		if own.Due || own.State != "accepted" || own.Until == nil || own.Last.Remark != "家族は昼間いません" || own.Last.Decided == nil {
			t.Fatalf("%+v", own.State)
		}
		r.clk.Advance(183 * 24 * time.Hour)
		light(Amber, 0)
		if own, err = r.Own(t.Context(), by("op")); err != nil || own.State != "late" || !own.Due {
			t.Fatalf("%+v, %v", own.State, err)
		}
		r.clk.Advance(31 * 24 * time.Hour)
		light(Red, 0)
		if len(r.rows("readiness.checked")) != 2 || len(r.rows("readiness.accepted")) != 2 {
			t.Error("rows are missing")
		}
	})
}

// TestAPhotographOfAHome is sealed without what it says of its place, seen with a
// row alone, and gone with its time.
func TestAPhotographOfAHome(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		in := r.yes()
		in.Photo = located(t)
		r.must(r.Answer(t.Context(), by("op"), in))
		c := r.newest("op")
		var stored []byte
		r.must(db.Read(t.Context(), func(tx storage.Tx) (err error) { stored, err = photo(t.Context(), tx, c.ID); return err }))
		for _, word := range []string{latitude, serial, "\xff\xd8\xff"} {
			if strings.Contains(string(stored), word) {
				t.Errorf("the stored bytes hold %q", word)
			}
		}
		for name, by := range map[string]audit.Actor{
			"an auditor": {Person: "auditor", Role: sekisho.RoleAuditor}, "an officer": {Person: "officer", Role: sekisho.RoleOfficer},
			"an operator": {Person: "op", Role: sekisho.RoleOperator}, "who says that he is a supervisor": {Person: "op", Role: sekisho.RoleSupervisor},
			"a supervisor as administrator": {Person: "sv", Role: sekisho.RoleAdministrator}, "nobody": {},
		} {
			if b, err := r.Photo(t.Context(), by, c.ID); sekisho.CodeOf(err) != "readiness.role" || b != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(r.rows("readiness.photo_viewed")) != 0 {
			t.Error("a row of a look that was refused")
		}
		seen, err := r.Photo(t.Context(), supervisor, c.ID)
		r.must(err)
		if rows := r.rows("readiness.photo_viewed"); len(rows) != 1 || rows[0].Event.Actor.Person != "sv" || rows[0].Event.Object.ID != "op" {
			t.Errorf("%+v", rows)
		}
		if clean, err := rendered(in.Photo); err != nil || !bytes.Equal(clean, seen) {
			t.Error("another picture came back")
		}
		r.clk.Advance(190 * 24 * time.Hour)
		_, err = r.Photo(t.Context(), supervisor, c.ID) // nobody has tidied yet
		r.refused(err, "readiness.no_photo")
		if n, err := r.Purge(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if c = r.newest("op"); c.Photo || len(r.rows("readiness.photo_deleted")) != 1 {
			t.Errorf("%+v", c)
		}
		_, err = r.Photo(t.Context(), supervisor, c.ID)
		r.refused(err, "readiness.no_photo")
		_, err = r.Photo(t.Context(), supervisor, "none")
		r.refused(err, "readiness.unknown")
	})
}

// TestNoRowNoPhotograph: where the log does not take the row, nothing is opened.
func TestNoRowNoPhotograph(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	in := r.yes()
	in.Photo = encoded(t, 320, 240)
	r.must(r.Answer(t.Context(), by("op"), in))
	r.deps.Audit = refusing{}
	if b, err := r.Photo(t.Context(), supervisor, r.newest("op").ID); b != nil || !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	if err := r.Answer(t.Context(), by("op2"), in); !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	if _, checks, _, err := r.OfPerson(t.Context(), "op2"); err != nil || len(checks) != 0 {
		t.Errorf("stored without a row: %v, %v", checks, err)
	}
}

var errDisk = errors.New("disk full")

type refusing struct{}

func (refusing) Append(context.Context, storage.Tx, audit.Event) error { return errDisk }

// TestPhotographsGoWithANewerCheckAndWithThePerson.
func TestPhotographsGoWithANewerCheckAndWithThePerson(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	in := r.yes()
	in.Photo, in.Remark = encoded(t, 320, 240), "居間"
	r.must(r.Answer(t.Context(), by("op"), in))
	old := r.newest("op").ID
	r.clk.Advance(time.Hour)
	r.must(r.Answer(t.Context(), by("op"), in))
	if _, err := r.Photo(t.Context(), supervisor, old); err != nil {
		t.Fatalf("the control: %v", err)
	}
	_, err := r.Decide(t.Context(), supervisor, r.newest("op").ID, true, "")
	r.must(err)
	_, err = r.Photo(t.Context(), supervisor, old)
	r.refused(err, "readiness.no_photo")
	_, err = r.Photo(t.Context(), supervisor, r.newest("op").ID)
	r.must(err)
	r.must(r.ForgetPerson(t.Context(), "op"))
	r.must(r.ForgetPerson(t.Context(), "op")) // it may be done twice
	if c := r.newest("op"); c.Remark != "" || c.State != Accepted {
		t.Errorf("%s, %q", c.State, c.Remark)
	}
	_, err = r.Photo(t.Context(), supervisor, r.newest("op").ID)
	r.refused(err, "readiness.no_photo")
}

// TestAnOlderCheckTakesNothingFromANewerOne: it is not accepted while a newer one
// waits, and what its acceptance deletes is older than itself.
func TestAnOlderCheckTakesNothingFromANewerOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		in := r.yes()
		in.Photo = encoded(t, 320, 240)
		ids := []sekisho.RoomCheckID{}
		for range 3 {
			r.must(r.Answer(t.Context(), by("op"), in))
			ids = append(ids, r.newest("op").ID)
			r.clk.Advance(time.Hour)
		}
		_, err := r.Decide(t.Context(), supervisor, ids[1], true, "")
		r.refused(err, "readiness.older")
		_, err = r.Decide(t.Context(), supervisor, ids[2], false, "机の上を片付けてください")
		r.must(err)
		_, err = r.Decide(t.Context(), supervisor, ids[1], true, "")
		r.must(err)
		_, err = r.Photo(t.Context(), supervisor, ids[2])
		r.must(err)
		_, err = r.Photo(t.Context(), supervisor, ids[0])
		r.refused(err, "readiness.no_photo")
	})
}

func TestSelfChecksThatAreNotTaken(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	good := r.yes()
	r.refused(r.Answer(t.Context(), By{Person: "op", Device: "pc"}, good), "session.required") // nobody's face was seen
	r.refused(r.Answer(t.Context(), By{Session: "s"}, good), "session.required")
	for name, test := range map[string]struct {
		spoil func(*wire.RoomAnswers)
		code  string
	}{
		"one answer fewer":     {func(a *wire.RoomAnswers) { a.Answers = a.Answers[1:] }, "readiness.answers"},
		"one answer twice":     {func(a *wire.RoomAnswers) { a.Answers[0] = a.Answers[1] }, "readiness.answers"},
		"none":                 {func(a *wire.RoomAnswers) { a.Answers = nil }, "readiness.answers"},
		"other questions":      {func(a *wire.RoomAnswers) { a.Rules = 7 }, "readiness.rules_changed"},
		"a remark without end": {func(a *wire.RoomAnswers) { a.Remark = strings.Repeat("あ", 501) }, "readiness.remark"},
		"no picture":           {func(a *wire.RoomAnswers) { a.Photo = []byte("GIF89a") }, "readiness.photo"},
		"a picture too large":  {func(a *wire.RoomAnswers) { a.Photo = make([]byte, MaxPhoto+1) }, "readiness.photo_large"},
	} {
		in := r.yes()
		test.spoil(&in)
		if err := r.Answer(t.Context(), by("op"), in); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if len(r.rows("readiness.checked")) != 0 {
		t.Fatal("something was stored")
	}
	for range perDay {
		r.must(r.Answer(t.Context(), by("op"), good))
	}
	r.refused(r.Answer(t.Context(), by("op"), good), "readiness.too_many")
	r.must(r.Answer(t.Context(), by("op2"), good)) // another person's day
	r.clk.Advance(24 * time.Hour)
	r.must(r.Answer(t.Context(), by("op"), good))
}

func TestWhoDecidesAndWhat(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.must(r.Answer(t.Context(), by("op"), r.yes("filter")))
	r.must(r.Answer(t.Context(), by("op2"), r.yes()))
	lacking, own := r.newest("op").ID, r.newest("op2").ID
	decide := func(by audit.Actor, id sekisho.RoomCheckID, accept bool, note string) error {
		_, err := r.Decide(t.Context(), by, id, accept, note)
		return err
	}
	r.refused(decide(supervisor, lacking, true, ""), "readiness.lacking")
	r.refused(decide(supervisor, lacking, false, " "), "readiness.note")
	r.refused(decide(audit.Actor{Person: "op2", Role: sekisho.RoleSupervisor}, own, true, ""), "readiness.own")
	r.refused(decide(audit.Actor{Person: "op", Role: sekisho.RoleSupervisor}, own, true, ""), "readiness.role")
	r.refused(decide(audit.Actor{Person: "sv", Role: sekisho.RoleAuditor}, own, true, ""), "readiness.role")
	r.refused(decide(supervisor, "none", true, ""), "readiness.unknown")
	r.must(decide(administrator, lacking, false, "フィルターを付けてください"))
	r.refused(decide(supervisor, lacking, false, "もう一度"), "readiness.decided")
	told, err := r.Own(t.Context(), by("op"))
	r.must(err)
	if told.State != "returned" || told.Last.Note != "フィルターを付けてください" || !told.Due {
		t.Errorf("%s, due %t", told.State, told.Due)
	}
	if rows := r.rows("readiness.returned"); len(rows) != 1 || rows[0].Event.Actor.Person != "admin" || rows[0].Event.Detail["note"] != "" {
		t.Errorf("%+v", rows)
	}
	other, err := r.Own(t.Context(), by("op2")) // nobody is told of another's
	r.must(err)
	if other.State != "waiting" || other.Last.Note != "" {
		t.Errorf("%s", other.State)
	}
}

func TestRulesAndWhatTheyAsk(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.must(r.Answer(t.Context(), by("op"), r.yes()))
		rules := Builtin()
		rules.Photo = PhotoRequired
		rules.Questions = append(rules.Questions[:2:2], wire.RoomQuestion{ID: "cat", Text: wire.Words{JA: "猫がキーボードに乗らない。", EN: "No cat sits on the keyboard."}})
		_, err := r.SetRules(t.Context(), "sv", rules)
		r.refused(err, "readiness.administrator")
		next, err := r.SetRules(t.Context(), "admin", rules)
		r.must(err)
		_, err = r.SetRules(t.Context(), "admin", rules)
		r.refused(err, "readiness.rules_changed")
		if next.Version != 1 || len(next.Questions) != 3 {
			t.Fatalf("%+v", next)
		}
		r.refused(r.Answer(t.Context(), by("op2"), r.yes()), "readiness.photo_required")
		in := r.yes("cat") // it is not needed
		in.Photo = encoded(t, 320, 240)
		r.must(r.Answer(t.Context(), by("op2"), in))
		if c := r.newest("op2"); !c.Ready || !c.Photo {
			t.Errorf("%+v", c)
		}
		// Each self-check keeps the questions that it answered.
		_, checks, asked, err := r.OfPerson(t.Context(), "op")
		r.must(err)
		if len(asked[checks[0].Rules].Questions) != 8 {
			t.Errorf("%+v", asked)
		}
		next.Photo = PhotoNone
		_, err = r.SetRules(t.Context(), "admin", next)
		r.must(err)
		in.Rules = 2
		r.refused(r.Answer(t.Context(), by("op2"), in), "readiness.photo_not_asked")
	})
}

// TestASourceThatFails leaves its measures unknown, and others as they are.
func TestASourceThatFails(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	boom := errors.New("no such table")
	r.facts.sources = []Source{
		{Tells: []ID{TPM}, Find: func(context.Context) (map[ID][]Subject, error) {
			return map[ID][]Subject{TPM: {{"op", Green}}}, nil
		}},
		{Tells: []ID{Disk, Posture}, Find: func(context.Context) (map[ID][]Subject, error) {
			return map[ID][]Subject{Disk: {{"op", Green}}}, boom
		}},
		{Tells: []ID{Guard, Addresses}, Find: func(context.Context) (map[ID][]Subject, error) {
			return map[ID][]Subject{Guard: {{"", Green}}}, nil // it forgets one
		}},
	}
	all, err := r.Measures(t.Context(), nil)
	r.must(err)
	want := map[ID]Light{TPM: Green, Disk: Unknown, Posture: Unknown, Guard: Green, Addresses: Unknown, SIEM: Unknown}
	for _, m := range all {
		if l, ok := want[m.ID]; ok && (m.Light != l || l == Unknown && m.Trouble != Unreadable) {
			t.Errorf("%s: %s, %s", m.ID, m.Light, m.Trouble)
		}
	}
	if len(all) != len(Measures) {
		t.Errorf("%d measures", len(all))
	}
}

// TestASurveyIsSharedForSeconds, made anew after a change, and nobody's if it was cut off.
func TestASurveyIsSharedForSeconds(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ask := func() {
		t.Helper()
		_, err := r.Measures(t.Context(), nil)
		r.must(err)
	}
	ask()
	ask()
	if r.facts.asked != 1 {
		t.Errorf("asked %d times", r.facts.asked)
	}
	r.must(r.Answer(t.Context(), by("op"), r.yes()))
	ask()
	r.clk.Advance(fresh)
	ctx, cancel := context.WithCancel(t.Context())
	r.facts.sources = []Source{{Tells: []ID{TPM}, Find: func(context.Context) (map[ID][]Subject, error) { cancel(); return nil, ctx.Err() }}}
	if _, err := r.Measures(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	ask()
	if r.facts.asked != 4 {
		t.Errorf("asked %d times", r.facts.asked)
	}
}

// TestAChangeWaitsForNoSurvey, and one that was made meanwhile is stale.
func TestAChangeWaitsForNoSurvey(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	rules, err := r.Rules(t.Context())
	r.must(err)
	r.facts.sources = []Source{{Tells: []ID{TPM}, Find: func(ctx context.Context) (map[ID][]Subject, error) {
		written := make(chan error, 1)
		rules.ValidMonths = 3
		go func() { _, err := r.SetRules(ctx, "admin", rules); written <- err }()
		select {
		case err := <-written:
			return map[ID][]Subject{TPM: {{"op", Green}}}, err
		case <-time.After(10 * time.Second):
			return nil, errors.New("the change waits for the survey")
		}
	}}}
	all, err := r.Measures(t.Context(), nil)
	r.must(err)
	if tpm := all[slices.IndexFunc(all, func(m Measured) bool { return m.ID == TPM })]; tpm.Light != Green {
		t.Errorf("%+v", tpm)
	}
	r.facts.sources = nil
	if _, err = r.Measures(t.Context(), nil); err != nil || r.facts.asked != 2 {
		t.Errorf("%v, asked %d times", err, r.facts.asked)
	}
}
