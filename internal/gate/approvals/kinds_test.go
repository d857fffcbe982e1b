package approvals

import (
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// An answer allows what was asked and nothing else: the words on the decider's
// screen are the words that count.
func TestAnswersAreForTheirKindAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		kinds := []string{KindWitness, KindSession, KindPasskey}
		for _, asked := range kinds {
			q := r.ask("op", asked)
			if _, err := r.Decide(t.Context(), "sv", q.ID, true, q.Code); err != nil {
				t.Fatal(err)
			}
			for _, used := range append(kinds, KindInvitation, "") {
				if used == asked {
					continue
				}
				if err := r.use(q, used, "op", "pc-1"); sekisho.CodeOf(err) != "approval.unknown" {
					t.Errorf("%s was used for %q: %v", asked, used, err)
				}
			}
			if err := r.use(q, asked, "op", "pc-1"); err != nil {
				t.Errorf("control %s: %v", asked, err)
			}
		}
	})
}

func (r room) useInvitation(q Question, by, subject sekisho.PersonID) error {
	return r.db.Write(r.Context(), func(tx storage.Tx) error {
		return r.UseInvitation(r.Context(), tx, q.ID, by, subject)
	})
}

// TestInvitations: two administrators, one link, for one person.
func TestInvitations(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.people.(roles)["admin2"] = []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleSupervisor}
		ask := func(by, subject sekisho.PersonID) (Question, error) {
			return r.Ask(t.Context(), Question{Kind: KindInvitation, Person: by, Subject: subject})
		}
		for name, q := range map[string]Question{
			"nobody's":         {Kind: KindInvitation, Person: "admin"},
			"from a PC":        {Kind: KindInvitation, Person: "admin", Subject: "sv", Device: "pc-1", Connection: "c-1"},
			"a subject at all": {Kind: KindSession, Person: "op", Subject: "sv", Device: "pc-1", Connection: "c-1"},
		} {
			if _, err := r.Ask(t.Context(), q); sekisho.CodeOf(err) != "approval.kind" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := ask("op", "sv"); sekisho.CodeOf(err) != "approval.role" {
			t.Errorf("an operator asked for a link: %v", err)
		}
		q, err := ask("admin", "sv")
		if err != nil {
			t.Fatal(err)
		}
		for by, code := range map[sekisho.PersonID]string{"admin": "approval.own", "sv": "approval.role", "op": "approval.role", "": "approval.role"} {
			if _, err := r.Decide(t.Context(), by, q.ID, true, q.Code); sekisho.CodeOf(err) != code {
				t.Errorf("decided by %q: %v, want %s", by, err, code)
			}
		}
		if err := r.useInvitation(q, "admin", "sv"); sekisho.CodeOf(err) != "approval.waiting" {
			t.Errorf("used before it was decided: %v", err)
		}
		if _, err := r.Decide(t.Context(), "admin2", q.ID, true, q.Code); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{
			"another person's link": r.useInvitation(q, "admin", "sv2"),
			"another administrator": r.useInvitation(q, "admin2", "sv"),
			"something at a PC":     r.use(q, KindInvitation, "admin", ""),
		} {
			if sekisho.CodeOf(err) != "approval.unknown" {
				t.Errorf("used for %s: %v", name, err)
			}
		}
		if err := r.useInvitation(q, "admin", "sv"); err != nil {
			t.Errorf("control: %v", err)
		}
		if err := r.useInvitation(q, "admin", "sv"); sekisho.CodeOf(err) != "approval.used" {
			t.Errorf("used twice: %v", err)
		}
		// An administrator who is no supervisor answers no operator.
		o := r.ask("op", KindPasskey)
		if _, err := r.Decide(t.Context(), "admin", o.ID, true, o.Code); sekisho.CodeOf(err) != "approval.role" {
			t.Errorf("an administrator answered an operator: %v", err)
		}
	})
}
