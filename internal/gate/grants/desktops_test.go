package grants

import (
	"slices"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/approvals"
)

func TestWhoReachesWhichDesktop(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		a, b := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol(), c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
		type lost struct {
			p sekisho.PersonID
			d sekisho.DesktopID
		}
		var narrowed []lost
		c.book.OnNarrow(func(p sekisho.PersonID, d sekisho.DesktopID) { narrowed = append(narrowed, lost{p, d}) })
		c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{b.Person, a.Person, a.Person}))
		c.must(c.book.Allow(t.Context(), c.sv, "mail", []sekisho.PersonID{b.Person}))

		if _, err := c.book.Desktops(t.Context(), "no-session"); sekisho.CodeOf(err) != "session.required" {
			t.Fatalf("desktops in quarantine: %v", err)
		}
		s := a.login()
		list, err := c.book.Desktops(t.Context(), s.ID)
		if err != nil || !slices.Equal(list, []sekisho.DesktopID{"crm"}) {
			t.Fatalf("desktops %v, %v", list, err)
		}
		c.must(c.book.Reach(t.Context(), s.ID, "crm"))
		for _, d := range []sekisho.DesktopID{"mail", "nothing", "", "crm' OR '1'='1"} {
			if err := c.book.Reach(t.Context(), s.ID, d); sekisho.CodeOf(err) != "request.not_found" {
				t.Errorf("%q: %v", d, err)
			}
		}
		if ok, no := c.rows("desktop.reached"), c.rows("desktop.refused"); len(ok) != 1 || ok[0].Session != s.ID || len(no) != 4 {
			t.Errorf("%d rows of reached, %d of refused", len(ok), len(no))
		}
		c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{b.Person}))
		if !slices.Equal(narrowed, []lost{{a.Person, "crm"}}) {
			t.Errorf("narrowed %v", narrowed)
		}
		if err := c.book.Reach(t.Context(), s.ID, "crm"); sekisho.CodeOf(err) != "request.not_found" {
			t.Errorf("after it was taken away: %v", err)
		}
		c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{a.Person}))
		c.book.End(s.ID, sekisho.Absent, "lease.absent")
		if err := c.book.Reach(t.Context(), s.ID, "crm"); sekisho.CodeOf(err) != "session.required" {
			t.Errorf("after the session: %v", err)
		}
		if people, err := c.book.Allowed(t.Context(), "crm"); err != nil || len(people) != 1 {
			t.Errorf("allowed %v, %v", people, err)
		}
		c.must(c.book.ForgetDesktop(t.Context(), c.sv, "crm"))
		if people, err := c.book.Allowed(t.Context(), "crm"); err != nil || len(people) != 0 {
			t.Errorf("allowed after all: %v, %v", people, err)
		}
	})
}

func TestApprovedSessionsReachLess(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator))
	for d, l := range map[sekisho.DesktopID]Level{"full": "", "little": LevelLittle, "none": LevelNone, "odd": LevelFull} {
		c.must(c.book.Allow(t.Context(), c.sv, d, []sekisho.PersonID{p.Person}))
		if l != "" {
			c.must(c.book.Mark(t.Context(), c.sv, d, l))
		}
	}
	if err := c.book.Mark(t.Context(), c.sv, "full", "some"); sekisho.CodeOf(err) != "desktop.level" {
		t.Fatalf("a level that is none: %v", err)
	}
	if l, err := c.book.LevelOf(t.Context(), "full"); err != nil || l != LevelFull {
		t.Fatalf("level of an unmarked desktop: %q, %v", l, err)
	}
	for camera, want := range map[bool][]sekisho.DesktopID{true: {"little", "none"}, false: {"none"}} {
		c.must(c.book.PasskeyShown(p.ID, p.Person))
		s, err := c.book.Open(t.Context(), p.ID, p.approved(p.approval(approvals.KindSession), camera))
		c.must(err)
		if list, err := c.book.Desktops(t.Context(), s.ID); err != nil || !slices.Equal(list, want) {
			t.Errorf("camera %v: %v, %v, want %v", camera, list, err, want)
		}
		if err := c.book.Reach(t.Context(), s.ID, "full"); sekisho.CodeOf(err) != "request.not_found" {
			t.Errorf("camera %v reaches personal data: %v", camera, err)
		}
	}
	p.enrol()
	if list, err := c.book.Desktops(t.Context(), p.login().ID); err != nil || len(list) != 4 {
		t.Errorf("with a face: %v, %v", list, err)
	}
}

// A desktop that turns out to show personal data is taken at once from those
// who may not see any; whoever still may keeps what he has open.
func TestRaisingALevelEndsWhoMayNoLongerReachIt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		people := map[string]*pc{}
		for _, name := range []string{"face", "camera", "none", "elsewhere"} {
			p := c.connect(c.person(name, sekisho.RoleOperator))
			if people[name] = p; name == "face" {
				p.enrol().login()
				continue
			}
			c.must(c.book.PasskeyShown(p.ID, p.Person))
			_, err := c.book.Open(t.Context(), p.ID, p.approved(p.approval(approvals.KindSession), name == "camera"))
			c.must(err)
		}
		c.must(c.book.Allow(t.Context(), c.sv, "crm", []sekisho.PersonID{people["face"].Person, people["camera"].Person, people["none"].Person}))
		narrowed := map[sekisho.PersonID]bool{}
		c.book.OnNarrow(func(p sekisho.PersonID, d sekisho.DesktopID) {
			if narrowed[p] = true; d != "crm" {
				t.Errorf("narrowed %s", d)
			}
			c.book.EndPerson(p, "desktop.withdrawn") // as the house does
		})
		for _, step := range []struct {
			to   Level
			ends []string
		}{
			{LevelNone, nil}, {LevelNone, nil}, {LevelLittle, []string{"none"}}, {LevelNone, nil}, {LevelFull, []string{"camera"}}, {LevelFull, nil}, {LevelLittle, nil},
		} {
			clear(narrowed)
			c.must(c.book.Mark(t.Context(), c.sv, "crm", step.to))
			if len(narrowed) != len(step.ends) {
				t.Fatalf("to %s: %d people lost it, want %v", step.to, len(narrowed), step.ends)
			}
			for _, name := range step.ends {
				if p := people[name]; !narrowed[p.Person] || p.alive() {
					t.Fatalf("to %s: %s still reaches it", step.to, name)
				}
			}
		}
		if !people["face"].alive() || !people["elsewhere"].alive() {
			t.Error("somebody lost his session who may go on")
		}
	})
}

// TestALevelIsLoweredFromTheOneThatWasJudged alone; raising it needs no word.
func TestALevelIsLoweredFromTheOneThatWasJudged(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c, ctx := newCentre(t, db), t.Context()
		for _, from := range []Level{LevelNone, LevelLittle, ""} {
			if err := c.book.MarkSeconded(ctx, c.sv, "crm", Step{From: from, To: LevelNone}, nil); sekisho.CodeOf(err) != "desktop.changed_meanwhile" {
				t.Errorf("judged against %q: %v", from, err)
			}
		}
		c.must(c.book.MarkSeconded(ctx, c.sv, "crm", Step{From: LevelFull, To: LevelNone}, nil))
		c.must(c.book.MarkSeconded(ctx, c.sv, "crm", Step{To: LevelFull}, nil))
	})
}
