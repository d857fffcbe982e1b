package approvals

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

type roles map[sekisho.PersonID][]sekisho.Role

func (r roles) Holds(_ context.Context, _ storage.Tx, p sekisho.PersonID, role sekisho.Role) (bool, error) {
	return slices.Contains(r[p], role), nil
}

type room struct {
	*testing.T
	*Approvals
	clk *clock.Fake
	log *audit.Log
}

// TestANameElsewhereTouchesNoQuestion: whoever says a name at a shared PC takes back
// and uses up nothing that its owner asks at another one.
func TestANameElsewhereTouchesNoQuestion(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		at := func(d sekisho.DeviceID) (Question, error) {
			return r.Ask(t.Context(), Question{Kind: KindSession, Person: "op", Device: d, Connection: "c"})
		}
		own, err := at("pc-1")
		if err != nil {
			t.Fatal(err)
		}
		for range askedEach {
			_, err := at("pc-2")
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := at("pc-2"); sekisho.CodeOf(err) != "approval.too_many" {
			t.Errorf("control: %v", err)
		}
		if q, err := r.Get(t.Context(), own.ID, "op"); err != nil || q.State != Waiting {
			t.Errorf("%+v, %v", q, err)
		}
		_, err = at("pc-1")
		if err != nil {
			t.Fatal(err)
		}
	})
}

func newRoom(t *testing.T, db *storage.DB) room {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	if err := db.Migrate(t.Context(), audit.Schema, Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	people := roles{
		"sv": {sekisho.RoleSupervisor}, "sv2": {sekisho.RoleSupervisor, sekisho.RoleOperator},
		"op": {sekisho.RoleOperator}, "admin": {sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor},
	}
	return room{t, New(db, clk, log, people), clk, log}
}

func (r room) ask(person sekisho.PersonID, kind string) Question {
	r.Helper()
	q, err := r.Ask(r.Context(), Question{Kind: kind, Person: person, Device: "pc-1", Connection: "c-1", Note: "お願いします"})
	if err != nil {
		r.Fatal(err)
	}
	return q
}

func (r room) use(q Question, kind string, person sekisho.PersonID, device sekisho.DeviceID) error {
	return r.db.Write(r.Context(), func(tx storage.Tx) error { return r.Use(r.Context(), tx, q.ID, kind, person, device) })
}

func (r room) kinds(prefix string) []string {
	r.Helper()
	if err := r.log.Flush(r.Context()); err != nil {
		r.Fatal(err)
	}
	found, err := r.log.Search(r.Context(), audit.Filter{Kind: prefix})
	if err != nil {
		r.Fatal(err)
	}
	out := []string{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event.Kind)
	}
	return out
}

func TestAskDecideUse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		told := []string{}
		r.OnChange(func(q Question) { told = append(told, q.State) })
		q := r.ask("op", KindWitness)
		if len(q.Code) != 4 || q.State != Waiting || !q.Expires.Equal(r.clk.Now().Add(10*time.Minute)) {
			t.Fatalf("%+v", q)
		}
		if open, err := r.Open(t.Context()); err != nil || len(open) != 1 || open[0].ID != q.ID {
			t.Fatalf("%v, %v", open, err)
		}
		if err := r.use(q, KindWitness, "op", "pc-1"); sekisho.CodeOf(err) != "approval.waiting" {
			t.Fatalf("used before it was answered: %v", err)
		}
		done, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code)
		if err != nil || done.State != Approved || done.Decider != "sv" {
			t.Fatalf("%+v, %v", done, err)
		}
		if _, err := r.Get(t.Context(), q.ID, "sv2"); sekisho.CodeOf(err) != "approval.unknown" {
			t.Errorf("somebody else reads it: %v", err)
		}
		for name, test := range map[string]struct {
			kind   string
			person sekisho.PersonID
			device sekisho.DeviceID
		}{
			"another kind": {KindSession, "op", "pc-1"}, "another person": {KindWitness, "sv2", "pc-1"}, "another PC": {KindWitness, "op", "pc-2"},
		} {
			if err := r.use(q, test.kind, test.person, test.device); sekisho.CodeOf(err) != "approval.unknown" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := r.use(q, KindWitness, "op", "pc-1"); err != nil {
			t.Fatalf("control: %v", err)
		}
		if err := r.use(q, KindWitness, "op", "pc-1"); sekisho.CodeOf(err) != "approval.used" {
			t.Fatalf("used twice: %v", err)
		}
		if got, err := r.Get(t.Context(), q.ID, "op"); err != nil || got.Wire().State != Used {
			t.Fatalf("%+v, %v", got, err)
		}
		if !slices.Equal(told, []string{Waiting, Approved}) {
			t.Errorf("told %v", told)
		}
		want := []string{"approval.asked", "approval.approved", "approval.used"}
		if got := r.kinds("approval."); !slices.Equal(got, want) {
			t.Errorf("rows %v", got)
		}
	})
}

func TestWhoMayNotDecide(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	q, own := r.ask("op", KindSession), r.ask("sv2", KindSession)
	for name, test := range map[string]struct {
		by   sekisho.PersonID
		q    Question
		code string
	}{
		"an operator":              {"op", q, "approval.role"},
		"administrator, officer":   {"admin", q, "approval.role"},
		"nobody":                   {"", q, "approval.role"},
		"a stranger":               {"who", q, "approval.role"},
		"a supervisor for himself": {"sv2", own, "approval.own"},
	} {
		if _, err := r.Decide(t.Context(), test.by, test.q.ID, true, test.q.Code); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
		if err := r.use(test.q, KindSession, test.q.Person, "pc-1"); err == nil {
			t.Errorf("%s: it can be used", name)
		}
	}
	if got := r.kinds("approval.denied"); len(got) != 5 {
		t.Errorf("rows %v", got)
	}
	if _, err := r.Decide(t.Context(), "sv", own.ID, true, own.Code); err != nil {
		t.Errorf("control: %v", err)
	}
}

func TestThreeWrongCodesRefuse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		q := r.ask("op", KindSession)
		wrong := "0000"
		if q.Code == wrong {
			wrong = "0001"
		}
		for _, code := range []string{wrong, "", "12345"} {
			if _, err := r.Decide(t.Context(), "sv", q.ID, true, code); sekisho.CodeOf(err) != "approval.code" {
				t.Fatalf("%q: %v", code, err)
			}
		}
		if _, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code); sekisho.CodeOf(err) != "approval.decided" {
			t.Fatalf("the right code after three wrong ones: %v", err)
		}
		if err := r.use(q, KindSession, "op", "pc-1"); sekisho.CodeOf(err) != "approval.refused" {
			t.Fatalf("use: %v", err)
		}
	})
}

func TestTimeRunsOut(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	late := r.ask("op", KindSession)
	r.clk.Advance(10 * time.Minute)
	if _, err := r.Decide(t.Context(), "sv", late.ID, true, late.Code); sekisho.CodeOf(err) != "approval.expired" {
		t.Fatalf("decided too late: %v", err)
	}
	if open, err := r.Open(t.Context()); err != nil || len(open) != 0 {
		t.Fatalf("%v, %v", open, err)
	}
	q := r.ask("op", KindSession)
	r.clk.Advance(9 * time.Minute)
	if _, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(9 * time.Minute)
	if got, err := r.Get(t.Context(), q.ID, "op"); err != nil || got.State != Approved {
		t.Fatalf("%+v, %v", got, err)
	}
	r.clk.Advance(time.Minute)
	if err := r.use(q, KindSession, "op", "pc-1"); sekisho.CodeOf(err) != "approval.expired" {
		t.Fatalf("used too late: %v", err)
	}
}

func TestRefusingNeedsNoCode(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	q := r.ask("op", KindSession)
	if got, err := r.Decide(t.Context(), "sv", q.ID, false, ""); err != nil || got.State != Refused {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code); sekisho.CodeOf(err) != "approval.decided" {
		t.Fatalf("approved after all: %v", err)
	}
}

func TestAskingAgainWithdraws(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	first := r.ask("op", KindSession)
	r.ask("op", KindSession)
	if _, err := r.Decide(t.Context(), "sv", first.ID, true, first.Code); sekisho.CodeOf(err) != "approval.expired" {
		t.Fatalf("the withdrawn one: %v", err)
	}
	for range askedEach - 2 {
		r.ask("op", KindSession)
	}
	if _, err := r.Ask(t.Context(), Question{Kind: KindSession, Person: "op", Device: "pc-1", Connection: "c"}); sekisho.CodeOf(err) != "approval.too_many" {
		t.Fatalf("the eleventh of an hour: %v", err)
	}
	r.ask("sv2", KindSession)
	r.clk.Advance(time.Hour)
	r.ask("op", KindSession)
}

func TestMalformedQuestions(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	for name, q := range map[string]Question{
		"zero":          {},
		"unknown kind":  {Kind: "root", Person: "op", Device: "d", Connection: "c"},
		"no person":     {Kind: KindSession, Device: "d", Connection: "c"},
		"long note":     {Kind: KindSession, Person: "op", Device: "d", Connection: "c", Note: strings.Repeat("長", 201)},
		"note not text": {Kind: KindSession, Person: "op", Device: "d", Connection: "c", Note: "\xff"},
	} {
		if _, err := r.Ask(t.Context(), q); sekisho.KindOf(err) != sekisho.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Decide(t.Context(), "sv", sekisho.ApprovalID(wire.NewID()), true, "1234"); sekisho.CodeOf(err) != "approval.unknown" {
		t.Errorf("no such question: %v", err)
	}
	if text := fmt.Sprint(Question{Note: "秘密", Code: "1234"}.LogValue()); text != "[hidden]" {
		t.Errorf("logged as %s", text)
	}
}

func TestOneUseWinsARace(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		q := r.ask("op", KindSession)
		if _, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code); err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = r.use(q, KindSession, "op", "pc-1") })
		}
		all.Wait()
		used := 0
		for _, err := range errs {
			if err == nil {
				used++
			} else if !errors.Is(err, errUsed) {
				t.Error(err)
			}
		}
		if used != 1 {
			t.Fatalf("used %d times", used)
		}
	})
}
