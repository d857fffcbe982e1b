package passwords

import (
	"context"
	"crypto/ed25519"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bytemare/opaque"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

const right = "Kaede-no-Ki 7!"

// room is the room with the people's beside it, on one database.
type room struct {
	*testing.T
	*Passwords
	people *operators.Operators
	db     *storage.DB
	clk    *clock.Fake
	log    *audit.Log
	keys   *seal.Keys
	wire   [][]byte // every message of OPAQUE that passed
}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, db: db, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))}
	r.must(db.Migrate(t.Context(), seal.Schema, audit.Schema, operators.Schema, Schema))
	var err error
	r.log, err = audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(r.log.Close()) })
	r.people, err = operators.New(db, r.clk, r.log, nil)
	r.must(err)
	box, err := seal.Open(filepath.Join(t.TempDir(), "master.key"))
	r.must(err)
	r.keys = seal.NewKeys(db, r.clk, box)
	r.Passwords = r.another()
	return r
}

// another is the same room on another node, or after a restart.
func (r *room) another() *Passwords {
	r.Helper()
	p, err := New(r.Context(), r.db, r.clk, r.log, r.keys, r.people)
	r.must(err)
	return p
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		r.Fatalf("error %v, want %s", err, code)
	}
}

func (r *room) rows(kind string) []audit.Event {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	found, err := r.log.Search(r.Context(), audit.Filter{Kind: kind})
	r.must(err)
	out := []audit.Event{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event)
	}
	return out
}

func client(t testing.TB) *opaque.Client {
	t.Helper()
	c, err := opaque.DefaultConfiguration().Client()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person adds somebody who may use a password, and sets it.
func (r *room) person(login, password string, roles ...sekisho.Role) operators.Person {
	r.Helper()
	ctx := r.Context()
	p, err := r.people.Create(ctx, "", operators.Person{Name: "試験 " + login, Login: login, Roles: roles, Place: sekisho.PlaceOffice})
	r.must(err)
	yes := true
	_, err = r.people.Update(ctx, "", p.ID, operators.Change{PasswordAllowed: &yes})
	r.must(err)
	r.set(p, password)
	return p
}

// set sets a password by an invitation, as the door does.
func (r *room) set(p operators.Person, password string) {
	r.Helper()
	ctx := r.Context()
	link, err := r.people.InviteLogin(ctx, p.Login, "https://console.example")
	r.must(err)
	c := client(r)
	request, err := c.RegistrationInit([]byte(password))
	r.must(err)
	response, err := r.Answer(ctx, p.ID, p.Login, request.Serialize())
	r.must(err)
	answer, err := c.Deserialize.RegistrationResponse(response)
	r.must(err)
	record, _, err := c.RegistrationFinalize(answer, []byte(p.Login), []byte(ServerIdentity))
	r.must(err)
	r.wire = append(r.wire, request.Serialize(), response, record.Serialize())
	_, err = r.people.SetPassword(ctx, tokenOf(link.URL), host, func(ctx context.Context, tx storage.Tx, p operators.Person) error {
		return r.Keep(ctx, tx, p.ID, p.Login, record.Serialize())
	})
	r.must(err)
}

// guess tries as somebody does who never shows whether he was right: it counts
// all the same, and spares this machine the stretching.
func (r *room) guess(login string) error {
	r.Helper()
	ke1, err := client(r).GenerateKE1([]byte("Guess-1234"))
	r.must(err)
	_, err = r.Begin(r.Context(), login, ke1.Serialize())
	return err
}

// login tries a password to its end. knows says whether the page itself could
// tell that it was right.
func (r *room) login(login, password string) (l operators.Login, knows bool, err error) {
	r.Helper()
	c := client(r)
	ke1, err := c.GenerateKE1([]byte(password))
	r.must(err)
	begun, err := r.Begin(r.Context(), login, ke1.Serialize())
	if err != nil {
		return l, false, err
	}
	ke2, err := c.Deserialize.KE2(begun.KE2)
	r.must(err)
	ke3, _, _, wrong := c.GenerateKE3(ke2, []byte(strings.ToLower(login)), []byte(ServerIdentity))
	proof := make([]byte, 64)
	if wrong == nil {
		proof = ke3.Serialize()
	}
	r.wire = append(r.wire, ke1.Serialize(), begun.KE2, proof)
	err = r.Finish(r.Context(), begun.ID, proof, func(ctx context.Context, tx storage.Tx, p sekisho.PersonID) (err error) {
		l, err = r.people.OpenByPassword(ctx, tx, p)
		return err
	})
	return l, wrong == nil, err
}
