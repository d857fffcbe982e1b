package approvals

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func (r roles) Others(_ context.Context, _ storage.Tx, beside sekisho.PersonID, wanted []sekisho.Role) (bool, error) {
	for p, held := range r {
		for _, role := range wanted {
			for _, one := range held {
				if p != beside && one == role {
					return true, nil
				}
			}
		}
	}
	return false, nil
}

func (r room) propose(asker sekisho.PersonID) Act {
	r.Helper()
	a, err := r.Propose(r.Context(), Act{
		Kind: ActPolicy, Object: "home", Asker: asker, Payload: []byte(`{"lock_os":false}`),
		Differences: []wire.Difference{{Field: "policy.lock_os", Before: "true", After: "false"}},
	})
	if err != nil {
		r.Fatal(err)
	}
	return a
}

func (r room) twoAdministrators() roles {
	people := r.people.(roles)
	people["admin2"], people["admin3"] = []sekisho.Role{sekisho.RoleAdministrator}, []sekisho.Role{sekisho.RoleAdministrator}
	return people
}

func code(err error) string { return sekisho.CodeOf(err) }

// TestNobodyConfirmsHisOwnAct tries every way to say yes that is not another administrator's.
func TestNobodyConfirmsHisOwnAct(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		people := r.twoAdministrators()
		ctx := t.Context()
		a := r.propose("admin")
		for who, want := range map[sekisho.PersonID]string{"admin": "act.own", "sv": "act.role", "op": "act.role", "": "act.role", "nobody": "act.role"} {
			if _, err := r.Confirm(ctx, who, a.ID, a.Digest, "passkey"); code(err) != want {
				t.Errorf("confirmed by %q: %v, want %s", who, err, want)
			}
		}
		if _, err := r.Confirm(ctx, "admin2", a.ID, "0"+a.Digest[1:], "passkey"); a.Digest[0] != '0' && code(err) != "act.not_what_was_shown" {
			t.Errorf("another digest: %v", err)
		}
		people["admin"] = nil // dismissed meanwhile
		if _, err := r.Confirm(ctx, "admin2", a.ID, a.Digest, "passkey"); code(err) != "act.asker" {
			t.Errorf("for somebody who is no administrator any more: %v", err)
		}
		people["admin"] = []sekisho.Role{sekisho.RoleAdministrator}
		carry := func(by sekisho.PersonID, digest string, then error) error {
			return r.db.Write(ctx, func(tx storage.Tx) error {
				return errors.Join(r.Carry(ctx, tx, by, a.ID, digest, "passkey"), then)
			})
		}
		for who, want := range map[sekisho.PersonID]string{"admin": "act.own", "sv": "act.role", "": "act.role"} {
			if err := carry(who, a.Digest, nil); code(err) != want {
				t.Errorf("carried by %q: %v, want %s", who, err, want)
			}
		}
		if err := carry("admin2", "0"+a.Digest[1:], nil); a.Digest[0] != '0' && code(err) != "act.not_what_was_shown" {
			t.Errorf("another digest: %v", err)
		}
		stopped := errors.New("the server stopped")
		if err := carry("admin2", a.Digest, stopped); !errors.Is(err, stopped) {
			t.Fatal(err)
		}
		if got, err := r.Act(ctx, a.ID); err != nil || got.State != Waiting || len(got.Payload) == 0 {
			t.Errorf("what it does was undone, and it is %s, %v", got.State, err)
		}
		if err := r.Settle(ctx, "admin2", a.ID, a.Digest, "passkey", nil); code(err) != "act.not_confirmed" {
			t.Errorf("done without its confirmation: %v", err)
		}
		if err := carry("admin2", a.Digest, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.Settle(ctx, "admin2", a.ID, a.Digest, "passkey", nil); err != nil {
			t.Fatal(err)
		}
		if err := carry("admin3", a.Digest, nil); code(err) != "act.decided" {
			t.Errorf("carried twice: %v", err)
		}
		if err := r.Settle(ctx, "admin3", a.ID, a.Digest, "passkey", errActUnknown); code(err) != "act.decided" {
			t.Errorf("a second one who failed: %v", err)
		}
		if got, err := r.Act(ctx, a.ID); err != nil || len(got.Payload) != 0 || got.State != Used || got.Decider != "admin2" {
			t.Errorf("%+v, %v", got, err)
		}
		want := []string{"act.asked", "act.confirmed", "act.done"}
		for _, kind := range want {
			if n := len(r.kinds(kind)); n != 1 {
				t.Errorf("%d rows of %s", n, kind)
			}
		}
		if n := len(r.kinds("act.denied")); n < 7 {
			t.Errorf("%d refusals in the log", n)
		}
	})
}

// TestOneOfManyConfirmationsCounts lets everybody confirm at once.
func TestOneOfManyConfirmationsCounts(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.twoAdministrators()
		a := r.propose("admin")
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			all.Go(func() {
				by := sekisho.PersonID("admin2")
				if i%2 == 1 {
					by = "admin3"
				}
				errs[i] = db.Write(t.Context(), func(tx storage.Tx) error {
					return r.Carry(t.Context(), tx, by, a.ID, a.Digest, "passkey")
				})
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if code(err) != "act.decided" {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Fatalf("%d confirmations counted", won)
		}
	})
}

// TestAnEditedActIsNotWhatWasShown changes the stored act past the room, between
// asking and confirming, as a hand in the database would.
func TestAnEditedActIsNotWhatWasShown(t *testing.T) {
	for _, column := range []string{"payload", "differences", "object", "kind", "asker"} {
		r := newRoom(t, storagetest.SQLite(t))
		r.twoAdministrators()
		a := r.propose("admin")
		value := map[string]string{"payload": `{"allow_software":true}`, "differences": "[]", "object": "office", "kind": ActRules, "asker": "admin3"}[column]
		err := r.db.Write(t.Context(), func(tx storage.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE approvals_acts SET "+column+" = ? WHERE id = ?", value, string(a.ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Confirm(t.Context(), "admin2", a.ID, a.Digest, "passkey"); code(err) != "act.not_what_was_shown" {
			t.Errorf("%s was edited: %v", column, err)
		}
	}
}

func TestActsEnd(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.twoAdministrators()
		ctx := t.Context()
		late := r.propose("admin")
		r.clk.Advance(actLife)
		if _, err := r.Confirm(ctx, "admin2", late.ID, late.Digest, "passkey"); code(err) != "act.expired" {
			t.Errorf("after a day: %v", err)
		}
		first := r.propose("admin")
		second := r.propose("admin") // asking again is another act, and the first one is gone
		if _, err := r.Confirm(ctx, "admin2", first.ID, first.Digest, "passkey"); code(err) != "act.decided" {
			t.Errorf("the replaced one: %v", err)
		}
		if _, err := r.Confirm(ctx, "admin2", second.ID, first.Digest, "passkey"); err == nil && first.Digest != second.Digest {
			t.Error("confirmed by the digest of another act")
		}
		third := r.propose("admin3")
		if _, err := r.Turn(ctx, "sv", third.ID); code(err) != "act.role" {
			t.Errorf("refused by a supervisor: %v", err)
		}
		if a, err := r.Turn(ctx, "admin2", third.ID); err != nil || a.State != Refused {
			t.Errorf("%+v, %v", a, err)
		}
		if _, err := r.Confirm(ctx, "admin2", third.ID, third.Digest, "passkey"); code(err) != "act.decided" {
			t.Errorf("confirmed after it was refused: %v", err)
		}
		open, closed, err := r.Acts(ctx)
		if err != nil || len(open) > 1 || len(closed) < 3 {
			t.Errorf("%d open, %d closed, %v", len(open), len(closed), err)
		}
	})
}

// TestOneAdministratorIsToldWhatToDo: there is no way round for whoever is alone.
func TestOneAdministratorIsToldWhatToDo(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	a := Act{Kind: ActPolicy, Object: "home", Asker: "admin", Payload: []byte("{}"), Differences: []wire.Difference{{Field: "policy.lock_os"}}}
	if _, err := r.Propose(t.Context(), a); code(err) != "act.no_second" {
		t.Errorf("alone: %v", err)
	}
	r.twoAdministrators()
	for name, change := range map[string]func(*Act){
		"no kind": func(a *Act) { a.Kind = "" }, "an unknown kind": func(a *Act) { a.Kind = "reboot" }, "nobody": func(a *Act) { a.Asker = "" },
		"nothing to do": func(a *Act) { a.Payload = nil }, "nothing to show": func(a *Act) { a.Differences = nil },
		"too much": func(a *Act) { a.Payload = make([]byte, maxPayload+1) },
	} {
		bad := a
		change(&bad)
		if _, err := r.Propose(t.Context(), bad); code(err) != "act.kind" {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.Asker = "sv"
	if _, err := r.Propose(t.Context(), a); code(err) != "act.role" {
		t.Errorf("asked for by a supervisor: %v", err)
	}
	a.Asker = "admin"
	for range actsEach {
		r.propose("admin")
	}
	if _, err := r.Propose(t.Context(), a); code(err) != "act.too_many" {
		t.Errorf("after %d: %v", actsEach, err)
	}
}

// TestWhatCannotBeDoneIsClosed: it was confirmed, and its row says why it did not take effect.
func TestWhatCannotBeDoneIsClosed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.twoAdministrators()
		a := r.propose("admin")
		if err := r.Settle(t.Context(), "admin2", a.ID, a.Digest, "passkey", errActOther); !errors.Is(err, errActOther) {
			t.Error(err)
		}
		got, err := r.Act(t.Context(), a.ID)
		if err != nil || got.State != Failed || got.Reason != "act.other" || got.Decider != "admin2" || len(got.Payload) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		for _, kind := range []string{"act.confirmed", "act.failed"} {
			if n := len(r.kinds(kind)); n != 1 {
				t.Errorf("%d rows of %s", n, kind)
			}
		}
	})
}

func TestAConfirmedExportIsUsedOnceAndForNothingElse(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.twoAdministrators()
	ctx := t.Context()
	a, err := r.Propose(ctx, Act{Kind: ActExport, Asker: "admin", Payload: []byte("rows of November"), Differences: []wire.Difference{{Field: "export.rows"}}})
	if err != nil {
		t.Fatal(err)
	}
	use := func(by sekisho.PersonID, payload string) error {
		return r.UseAct(ctx, by, a.ID, ActExport, []byte(payload))
	}
	if err := use("admin", "rows of November"); code(err) != "act.waiting" {
		t.Errorf("before it was confirmed: %v", err)
	}
	if _, err := r.Confirm(ctx, "admin2", a.ID, a.Digest, "passkey"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(use("admin2", "rows of November")); code(err) != "act.unknown" {
		t.Errorf("by another: %v", err)
	}
	if err := use("admin", "everything"); code(err) != "act.other" {
		t.Errorf("for something else: %v", err)
	}
	if err := use("admin", "rows of November"); err != nil {
		t.Fatal(err)
	}
	if err := use("admin", "rows of November"); code(err) != "act.decided" {
		t.Errorf("twice: %v", err)
	}
	b, err := r.Propose(ctx, Act{Kind: ActExport, Asker: "admin", Payload: []byte("rows"), Differences: []wire.Difference{{Field: "export.rows"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Confirm(ctx, "admin2", b.ID, b.Digest, "passkey"); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(time.Hour)
	if err := r.UseAct(ctx, "admin", b.ID, ActExport, []byte("rows")); code(err) != "act.expired" {
		t.Errorf("an hour later: %v", err)
	}
}

// TestNothingIsConfirmedUnseen: what cannot be shown whole is not asked for.
func TestNothingIsConfirmedUnseen(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.twoAdministrators()
	ask := func(differences ...wire.Difference) error {
		_, err := r.Propose(t.Context(), Act{Kind: ActRules, Asker: "admin", Payload: []byte("{}"), Differences: differences})
		return err
	}
	whole := wire.Difference{Field: "rules.policy", After: strings.Repeat("関", maxWords)}
	if err := ask(whole); err != nil { // the control
		t.Fatal(err)
	}
	long := whole
	long.After += "所"
	many := make([]wire.Difference, maxDifferences+1)
	for name, differences := range map[string][]wire.Difference{"too long": {long}, "too many": many, "too long before": {{Field: "rules.policy", Before: long.After}}} {
		if err := ask(differences...); code(err) != "act.too_long" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAskingAgainIsWrittenDown: the first request goes, and the log says so.
func TestAskingAgainIsWrittenDown(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.twoAdministrators()
		first := r.propose("admin")
		r.propose("admin")
		if got, err := r.Act(t.Context(), first.ID); err != nil || got.State != Withdrawn || len(got.Payload) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if n := len(r.kinds("act.withdrawn")); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

// TestALoginAndFreeWordsCanBeErased: what an act is about stays in its rows where it
// is an id, and goes with the personal values where it names a person or is free text.
func TestALoginAndFreeWordsCanBeErased(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.twoAdministrators()
		for _, kind := range []string{ActPersonNew, ActWidening, ActPolicy, ActPersonChange} {
			object := "hanako-" + kind
			a, err := r.Propose(t.Context(), Act{
				Kind: kind, Object: object, Asker: "admin", Payload: []byte("{}"), Differences: []wire.Difference{{Field: "person.login", After: "x"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Turn(t.Context(), "admin2", a.ID); err != nil {
				t.Fatal(err)
			}
			if err := r.Alone(t.Context(), "admin", kind, object); err != nil {
				t.Fatal(err)
			}
			_, err = r.Propose(t.Context(), Act{Kind: kind, Object: object, Asker: "op", Payload: []byte("{}"), Differences: a.Differences})
			if err == nil {
				t.Fatal("an operator asked")
			}
		}
		if err := r.log.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, row := range []string{"act.asked", "act.refused", "act.alone", "act.denied"} {
			found, err := r.log.Search(t.Context(), audit.Filter{Kind: row})
			if err != nil || len(found) != 4 {
				t.Fatalf("%s: %d rows, %v", row, len(found), err)
			}
			for _, e := range found {
				kind := e.Event.Detail["act"]
				personal := kind == ActPersonNew || kind == ActWidening
				if e.Event.Personal["about"]+e.Event.Detail["about"] != "hanako-"+kind || personal != (e.Event.Personal["about"] != "") {
					t.Errorf("%s of %s: %v, %v", row, kind, e.Event.Detail, map[string]string(e.Event.Personal))
				}
			}
		}
	})
}
