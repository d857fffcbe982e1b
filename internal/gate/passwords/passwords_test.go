package passwords

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

var host = netip.MustParseAddr("127.0.0.1")

func tokenOf(link string) string { _, token, _ := strings.Cut(link, "#token="); return token }

func TestSignIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		p := r.person("sv", right, sekisho.RoleSupervisor)
		l, knows, err := r.login("SV", right) // logins know no case
		if err != nil || !knows || l.Person.ID != p.ID {
			t.Fatalf("%v, knows %v", err, knows)
		}
		me, err := r.people.Whoami(ctx, l.Token)
		if err != nil || me.Method != "password" {
			t.Fatalf("%v, %v", me.Method, err)
		}
		if _, knows, err := r.login("sv", "Kaede-no-Ki 8!"); knows || sekisho.CodeOf(err) != "password.refused" {
			t.Errorf("a wrong one: %v, knows %v", err, knows)
		}
		// A restart keeps passwords; ceremonies under way begin anew.
		r.Passwords = r.another()
		if _, _, err := r.login("sv", right); err != nil {
			t.Errorf("after a restart: %v", err)
		}
		if rows := r.rows("login.accepted"); len(rows) != 3 || rows[2].Detail["method"] != "password" {
			t.Errorf("%d rows", len(rows))
		}
		if rows := r.rows("password.guessed"); len(rows) != 3 {
			t.Errorf("%d guesses in the log", len(rows))
		}
	})
}

// TestWhoMayNotUseOne: everybody is refused alike, and at the last moment.
func TestWhoMayNotUseOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		admin := r.person("admin", right, sekisho.RoleAdministrator)
		p := r.person("sv", right, sekisho.RoleSupervisor)
		in, _, err := r.login("sv", right)
		r.must(err)
		no, yes := false, true
		day, none := operators.Day("2026-11-01"), operators.Day("")

		for name, act := range map[string][2]func() error{
			"suspended": {
				func() error { _, err := r.people.Suspend(ctx, admin.ID, p.ID, "test"); return err },
				func() error { _, err := r.people.Resume(ctx, admin.ID, p.ID); return err },
			},
			"not allowed any more": {
				func() error {
					_, err := r.people.Update(ctx, admin.ID, p.ID, operators.Change{PasswordAllowed: &no})
					return err
				},
				func() error {
					_, err := r.people.Update(ctx, admin.ID, p.ID, operators.Change{PasswordAllowed: &yes})
					if _, knows, old := r.login("sv", right); knows || old == nil {
						t.Error("allowing it again revived the old one")
					}
					r.set(p, right)
					return err
				},
			},
			"after the last day": {
				func() error {
					_, err := r.people.Update(ctx, admin.ID, p.ID, operators.Change{LastDay: &day})
					return err
				},
				func() error {
					_, err := r.people.Update(ctx, admin.ID, p.ID, operators.Change{LastDay: &none, PasswordAllowed: &yes})
					r.set(p, right)
					return err
				},
			},
		} {
			// The race: what was begun while it was allowed is not finished after it.
			c := client(t)
			ke1, err := c.GenerateKE1([]byte(right))
			r.must(err)
			begun, err := r.Begin(ctx, "sv", ke1.Serialize())
			r.must(err)
			ke2, err := c.Deserialize.KE2(begun.KE2)
			r.must(err)
			ke3, _, _, err := c.GenerateKE3(ke2, []byte("sv"), []byte(ServerIdentity))
			r.must(err)

			r.must(act[0]())
			err = r.Finish(ctx, begun.ID, ke3.Serialize(), func(context.Context, storage.Tx, sekisho.PersonID) error {
				t.Errorf("%s: let in", name)
				return nil
			})
			r.refused(err, "password.refused")
			if _, err := r.people.Whoami(ctx, in.Token); err == nil {
				t.Errorf("%s: the session goes on", name)
			}
			if _, knows, err := r.login("sv", right); knows || sekisho.CodeOf(err) != "password.refused" {
				t.Errorf("%s: %v, and the page can tell: %v", name, err, knows)
			}
			r.must(act[1]())
			in, _, err = r.login("sv", right)
			if err != nil {
				t.Fatalf("control, %s: %v", name, err)
			}
		}
		r.must(r.Forget(ctx, p.ID))
		if _, knows, err := r.login("sv", right); knows || err == nil {
			t.Errorf("forgotten: %v", err)
		}
		r.must(r.Forget(ctx, p.ID))
		if len(r.rows("password.deleted")) != 1 {
			t.Error("deleted, and not once in the log")
		}
	})
}

// TestParallelGuesses: however many come at once, on however many nodes, five are
// answered, and whoever has the right password afterwards waits like the others.
func TestParallelGuesses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		r.person("sv", right, sekisho.RoleSupervisor)
		for _, login := range []string{"sv", "nobody"} {
			nodes := []*Passwords{r.Passwords, r.another()}
			var mu sync.Mutex
			answered, codes := 0, map[string]int{}
			var side sync.WaitGroup
			for i := range 60 {
				side.Go(func() {
					ke1, err := client(t).GenerateKE1([]byte(fmt.Sprint("Guess-", i)))
					if err == nil {
						_, err = nodes[i%2].Begin(ctx, login, ke1.Serialize())
					}
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						answered++
					} else {
						codes[sekisho.CodeOf(err)]++
					}
				})
			}
			side.Wait()
			for range 10 { // what the database was too busy for
				if err := r.guess(login); sekisho.CodeOf(err) != "password.locked" {
					answered++
				}
			}
			if answered != guessesEach {
				t.Errorf("%s: %d guesses answered, want %d; %v", login, answered, guessesEach, codes)
			}
			if rows := r.rows("password.locked"); len(rows) == 0 {
				t.Error("no row says that it was locked")
			}
		}
		if _, _, err := r.login("sv", right); sekisho.CodeOf(err) != "password.locked" {
			t.Errorf("the right one while locked: %v", err)
		}
		r.clk.Advance(firstLock)
		if _, _, err := r.login("sv", right); err != nil {
			t.Errorf("control, after the lock-out: %v", err)
		}
	})
}

// TestBackOff: lock-outs that follow each other double, and a supervisor ends one.
func TestBackOff(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		sv := r.person("sv", right, sekisho.RoleSupervisor)
		other := r.person("sv2", right, sekisho.RoleSupervisor)
		lock := func(login string) {
			for range guessesEach {
				r.must(r.guess(login))
			}
			r.refused(r.guess(login), "password.locked")
		}
		for _, want := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour} {
			lock("sv")
			r.clk.Advance(want - time.Second)
			r.refused(r.guess("sv"), "password.locked")
			r.clk.Jump(-time.Hour) // a clock set back opens nothing
			r.refused(r.guess("sv"), "password.locked")
			r.clk.Jump(time.Hour)
			r.clk.Advance(time.Second)
		}
		lock("sv")
		locked, err := r.Locked(ctx)
		if err != nil || len(locked) != 1 || locked[0].Person != sv.ID || locked[0].Until.Sub(r.clk.Now()) != 2*time.Hour {
			t.Fatalf("%+v, %v", locked, err)
		}
		r.refused(r.Unlock(ctx, sv.ID, sv.ID), "password.unlock_role")
		operator, err := r.people.Create(ctx, "", operators.Person{Name: "試験", Login: "op", Roles: []sekisho.Role{sekisho.RoleOperator}})
		r.must(err)
		for _, by := range []sekisho.PersonID{operator.ID, "", "nobody"} {
			r.refused(r.Unlock(ctx, by, sv.ID), "password.unlock_role")
		}
		r.must(r.Unlock(ctx, other.ID, sv.ID))
		lock("sv") // an unlocking does not: the next one is longer again
		if locked, err := r.Locked(ctx); err != nil || len(locked) != 1 || locked[0].Until.Sub(r.clk.Now()) != 4*time.Hour {
			t.Errorf("%+v, %v", locked, err)
		}
		r.must(r.Unlock(ctx, other.ID, sv.ID))
		if _, _, err := r.login("sv", right); err != nil {
			t.Errorf("unlocked: %v", err)
		}
		lock("sv") // the right one has begun the count anew: the first lock-out again
		if locked, err := r.Locked(ctx); err != nil || len(locked) != 1 || locked[0].Until.Sub(r.clk.Now()) != firstLock {
			t.Errorf("%+v, %v", locked, err)
		}
		if rows := r.rows("password.unlocked"); len(rows) != 2 || rows[0].Actor.Person != other.ID {
			t.Errorf("%d rows", len(rows))
		}
		r.clk.Advance(2 * forgetAfter)
		r.must(r.Tidy(ctx))
		var left int
		r.must(db.Read(ctx, func(tx storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT COUNT(*) FROM passwords_guesses").Scan(&left)
		}))
		if left != 0 {
			t.Errorf("%d counts are kept for ever", left)
		}
	})
}

// TestUnknownLoginsLookLikeKnownOnes: same sizes, same codes, same rows of the
// database, and a blinded element comes back the same until a password is set,
// and after.
func TestUnknownLoginsLookLikeKnownOnes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		r.person("known", right, sekisho.RoleAuditor)
		ke1, err := client(t).GenerateKE1([]byte("Guess-1234"))
		r.must(err)
		seen := map[string][2]int{}
		for _, login := range []string{"known", "unknown"} {
			a, err := r.Begin(ctx, login, ke1.Serialize())
			r.must(err)
			b, err := r.Begin(ctx, login, ke1.Serialize())
			r.must(err)
			if !bytes.Equal(a.KE2[:32], b.KE2[:32]) || bytes.Equal(a.KE2[32:], b.KE2[32:]) {
				t.Errorf("%s: the evaluated element changes, or nothing else does", login)
			}
			seen[login] = [2]int{len(a.KE2), len(a.ID)}
			err = r.Finish(ctx, a.ID, make([]byte, 64), nil)
			r.refused(err, "password.refused")
			r.refused(r.Finish(ctx, a.ID, make([]byte, 64), nil), "password.over") // once
		}
		if seen["known"] != seen["unknown"] {
			t.Errorf("answers differ: %v", seen)
		}
		before, err := r.Begin(ctx, "later", ke1.Serialize())
		r.must(err)
		r.person("later", right, sekisho.RoleAuditor)
		after, err := r.Begin(ctx, "later", ke1.Serialize())
		r.must(err)
		if !bytes.Equal(before.KE2[:32], after.KE2[:32]) {
			t.Error("whoever asked before knows that the login is new")
		}
	})
}

// TestSettingIsCountedLikeGuessing: whoever holds invitations of somebody learns
// no more answers than whoever guesses at the login, whatever he does between.
func TestSettingIsCountedLikeGuessing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		p := r.person("sv", right, sekisho.RoleSupervisor) // has set one, by the first answer
		ask := func() error {
			request, err := client(t).RegistrationInit([]byte("Guess-1234"))
			r.must(err)
			_, err = r.Answer(ctx, p.ID, "SV", request.Serialize())
			return err
		}
		for range guessesEach - 1 {
			r.must(ask())
		}
		r.refused(ask(), "password.setting")
		if rows := r.rows("password.setting"); len(rows) != guessesEach || rows[0].Object.ID != string(p.ID) {
			t.Errorf("%d rows", len(rows))
		}
		// A right password, forgetting and unlocking leave the count as it is.
		if _, _, err := r.login("sv", right); err != nil {
			t.Fatal(err)
		}
		other := r.person("other", right, sekisho.RoleSupervisor)
		r.must(r.Unlock(ctx, other.ID, p.ID))
		r.must(r.Forget(ctx, p.ID))
		r.refused(ask(), "password.setting")
		if locked, err := r.Locked(ctx); err != nil || len(locked) != 0 {
			t.Errorf("%+v, %v", locked, err)
		}
		r.clk.Advance(firstLock)
		for range guessesEach {
			r.must(ask())
		}
		r.clk.Advance(firstLock)
		r.refused(ask(), "password.setting")
		r.clk.Advance(firstLock)
		r.must(ask()) // control
	})
}

func TestMalformedMessages(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	p := r.person("sv", right, sekisho.RoleSupervisor)
	for _, message := range [][]byte{nil, {0}, make([]byte, 32), make([]byte, 96), make([]byte, 192), bytes.Repeat([]byte{0xff}, 96), make([]byte, 4096)} {
		if _, err := r.Begin(ctx, "sv", message); sekisho.CodeOf(err) != "password.message" {
			t.Errorf("KE1 of %d bytes: %v", len(message), err)
		}
		if _, err := r.Answer(ctx, p.ID, "sv", message); sekisho.CodeOf(err) != "password.message" {
			t.Errorf("request of %d bytes: %v", len(message), err)
		}
		r.must(r.db.Write(ctx, func(tx storage.Tx) error {
			r.refused(r.Keep(ctx, tx, p.ID, "sv", message), "password.message")
			return nil
		}))
	}
	if _, _, err := r.login("sv", right); err != nil {
		t.Errorf("control: %v", err)
	}
	if n := len(r.rows("password.guessed")); n != 1 {
		t.Errorf("%d guesses counted: what cannot be read is none", n)
	}
}

// TestNothingOfThePasswordIsSent looks for it in all that crossed the wire and
// lies in the database, in the forms in which it could.
func TestNothingOfThePasswordIsSent(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		r.person("sv", right, sekisho.RoleSupervisor)
		_, _, err := r.login("sv", right)
		r.must(err)
		var kept [][]byte
		r.must(db.Read(ctx, func(tx storage.Tx) error {
			for _, query := range []string{
				"SELECT record FROM passwords_records", "SELECT login FROM passwords_guesses", "SELECT wrapped FROM seal_keys",
				"SELECT password FROM operators_people", "SELECT hash FROM operators_links",
			} {
				rows, err := tx.Query(ctx, query)
				if err != nil {
					return err
				}
				for rows.Next() {
					var b []byte
					if err := rows.Scan(&b); err != nil {
						return err
					}
					kept = append(kept, b)
				}
				if err := rows.Close(); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, e := range r.rows("") {
			kept = append(kept, fmt.Appendf(nil, "%+v", e))
		}
		if len(r.wire) != 6 || len(kept) < 8 {
			t.Fatalf("%d messages, %d values: not all were looked at", len(r.wire), len(kept))
		}
		for _, form := range forms(right) {
			for _, b := range append(kept, r.wire...) {
				if bytes.Contains(b, form) {
					t.Errorf("%q in %q", form, b)
				}
			}
		}
		if !bytes.Contains(append([]byte("x"), right...), forms(right)[0]) {
			t.Error("control: the search finds nothing at all")
		}
	})
}

func forms(password string) [][]byte {
	return [][]byte{
		[]byte(password), []byte(base64.StdEncoding.EncodeToString([]byte(password))[:16]), []byte(hex.EncodeToString([]byte(password))),
		[]byte(strings.ToLower(password)), []byte(password[:8]),
	}
}
