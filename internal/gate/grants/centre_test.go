package grants

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/faces"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/policies"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/gate/ties"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// centre is the whole gate with its real rooms, on a fake clock.
type centre struct {
	*testing.T
	db        *storage.DB
	clk       *clock.Fake
	log       *audit.Log
	people    *operators.Operators
	approvals *approvals.Approvals
	faces     *faces.Faces
	policies  *policies.Policies
	training  *training.Training
	posture   *posture.Posture
	book      *Book
	rulings   rulings
	shifts    shifts
	seats     seats
	sv        sekisho.PersonID

	mu    sync.Mutex
	ended []Ended
	next  byte
}

// rulings are what the policies say: yes, until a test says otherwise.
type rulings struct {
	mu          sync.Mutex
	open, reach error
	asked       int

	alive, listed bool  // as the last question about a desktop said
	facts         Facts // as the last question said
}

func (r *rulings) say(open, reach error) { r.mu.Lock(); r.open, r.reach = open, reach; r.mu.Unlock() }

func (r *rulings) ruling(err error) Ruling {
	r.asked++
	return Ruling{Allowed: err == nil, Err: err, Policies: "test", Version: 3}
}

func (r *rulings) Open(_ context.Context, _ Session, f Facts) Ruling {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.facts = f
	return r.ruling(r.open)
}

func (r *rulings) Reach(_ context.Context, _ Session, _ sekisho.DesktopID, f Facts) Ruling {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive, r.listed, r.facts = f.Alive, f.Listed, f
	return r.ruling(r.reach)
}

// uploads has every picture that an enrolment names: these tests are about what comes after.
type uploads struct{}

func (uploads) TakePicture(context.Context, storage.Tx, sekisho.PersonID, sekisho.DeviceID, string) error {
	return nil
}
func (uploads) DropPicture(context.Context, storage.Tx, sekisho.PersonID, sekisho.DeviceID, string) error {
	return nil
}
func (uploads) Seen(context.Context, storage.Tx, faces.By, wire.FaceEnrolment) error { return nil }
func (uploads) Sweep(context.Context) error                                          { return nil }

func hash(of string) string { sum := sha256.Sum256([]byte(of)); return hex.EncodeToString(sum[:]) }

var model = hash("embedder")

func newCentre(t *testing.T, db *storage.DB) *centre {
	t.Helper()
	c := &centre{T: t, db: db, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))}
	c.clk.Advance(time.Hour) // the process is not new
	c.must(db.Migrate(t.Context(), audit.Schema, operators.Schema, approvals.Schema, faces.Schema, policies.Schema, training.Schema, posture.Schema, ties.Schema, Schema))
	var err error
	c.log, err = audit.New(db, c.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	c.must(err)
	t.Cleanup(func() { c.must(c.log.Close()) })
	c.people, err = operators.New(db, c.clk, c.log, nil)
	c.must(err)
	c.approvals = approvals.New(db, c.clk, c.log, c.people)
	c.faces = faces.New(db, c.clk, faces.Deps{
		Witness: c.approvals, Watched: uploads{}, People: c.people, Pictures: uploads{}, Audit: c.log, Models: []string{model},
	})
	c.policies = policies.New(db, c.clk, c.log)
	c.training = training.New(db, c.clk, c.log)
	c.posture = posture.New(db, c.clk, c.log)
	_, err = c.posture.Put(t.Context(), "", sekisho.PlaceHome, posture.Nothing("home")) // posture_test.go asks for it under "watched"
	c.must(err)
	c.restart()
	c.sv = c.person("sv", sekisho.RoleSupervisor)
	return c
}

// restart loses what is in memory alone.
func (c *centre) restart() {
	book, err := NewBook(c.Context(), c.db, c.clk, Deps{
		Faces: c.faces, Approvals: c.approvals, People: c.people, Policies: c.policies, Training: c.training, Posture: c.posture, Rules: &c.rulings, Ties: ties.New(c.db, c.clk, c.log), Shifts: &c.shifts, Seats: &c.seats, Audit: c.log,
	})
	c.must(err)
	c.book = book
	book.OnEnd(func(e Ended) { c.mu.Lock(); c.ended = append(c.ended, e); c.mu.Unlock() })
}

func (c *centre) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *centre) person(login string, roles ...sekisho.Role) sekisho.PersonID {
	c.Helper()
	p, err := c.people.Create(c.Context(), "", operators.Person{Name: "試験 " + login, Login: login, Roles: roles, FaceUsable: true})
	c.must(err)
	return p.ID
}

// refused fails unless err is a refusal with this code.
func (c *centre) refused(err error, code string) {
	c.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		c.Fatalf("error %v, want %s", err, code)
	}
}

// rows gives the audit rows of a kind, oldest first.
func (c *centre) rows(kind string) []audit.Event {
	c.Helper()
	c.must(c.log.Flush(c.Context()))
	found, err := c.log.Search(c.Context(), audit.Filter{Kind: kind})
	c.must(err)
	out := []audit.Event{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event)
	}
	return out
}

// pc is one connection as its agent holds it.
type pc struct {
	*centre
	Connection
	key ed25519.PrivateKey
}

// connect gives a person a PC in quarantine.
func (c *centre) connect(p sekisho.PersonID, change ...func(*Connection)) *pc {
	c.Helper()
	c.next++
	pub, key, err := ed25519.GenerateKey(nil)
	c.must(err)
	conn := Connection{
		ID: sekisho.ConnectionID(wire.NewID()), Device: sekisho.DeviceID(fmt.Sprintf("pc-%d", c.next)), Person: p,
		Address: netip.AddrFrom4([4]byte{100, 64, 1, c.next}), LeaseKey: pub, Tier: sekisho.TierB, Policy: "office",
	}
	for _, fn := range change {
		fn(&conn)
	}
	c.must(c.book.Connect(c.Context(), conn))
	return &pc{c, conn, key}
}

func (p *pc) by() faces.By {
	return faces.By{Connection: p.ID, Device: p.Device, Person: p.Person, LeaseKey: p.LeaseKey}
}

func (p *pc) approval(kind string) sekisho.ApprovalID {
	p.Helper()
	q, err := p.approvals.Ask(p.Context(), approvals.Question{Kind: kind, Person: p.Person, Device: p.Device, Connection: p.ID})
	p.must(err)
	_, err = p.approvals.Decide(p.Context(), p.sv, q.ID, true, q.Code)
	p.must(err)
	return q.ID
}

// enrol gives consent and enrols a face with the supervisor as witness.
func (p *pc) enrol() *pc {
	p.Helper()
	p.must(p.faces.Answer(p.Context(), p.by(), wire.ConsentAnswer{Version: p.faces.Consent("ja").Version, Accept: true}))
	p.must(p.faces.Enrol(p.Context(), p.by(), wire.SignWith(p.key, wire.DomainEnrol, wire.FaceEnrolment{
		Connection: p.ID, Person: p.Person, Approval: p.approval(approvals.KindWitness), Commitment: hash(string(p.Person)),
		Model: model, Engine: faces.EngineStandard, Poses: 5, Picture: hash("picture"),
	})))
	return p
}

// statement is an honest login with a fresh nonce; change makes it less so.
func (p *pc) statement(change func(*wire.FaceStatement)) wire.OpenSession {
	p.Helper()
	n, err := p.book.LoginNonce(p.Context(), p.ID)
	p.must(err)
	s := wire.FaceStatement{
		Connection: p.ID, Person: p.Person, Nonce: n.Nonce, Commitment: hash(string(p.Person)), Model: model,
		Engine: faces.EngineStandard, Frames: 5, Matched: 4, Live: true, AgeMS: 200, Challenge: n.Challenge,
	}
	if change != nil {
		change(&s)
	}
	signed := wire.SignWith(p.key, wire.DomainFace, s)
	return wire.OpenSession{Face: &signed}
}

func (p *pc) login() Session {
	p.Helper()
	s, err := p.book.Open(p.Context(), p.ID, p.statement(nil))
	p.must(err)
	return s
}

// nonce gives the newest nonce of a session, issuing one if it is due.
func (p *pc) nonce(id sekisho.SessionID) wire.LeaseNonce {
	p.Helper()
	n, err := wire.ParseLeaseNonce(p.book.Nonce(id))
	p.must(err)
	return n
}

// answer signs a renewal with this PC's lease key.
func (p *pc) answer(n wire.LeaseNonce, state sekisho.State, change ...func(*wire.LeaseRenewal)) []byte {
	p.Helper()
	r := wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: state}
	for _, fn := range change {
		fn(&r)
	}
	b, err := r.Sign(func(m []byte) []byte { return ed25519.Sign(p.key, m) })
	p.must(err)
	return b
}

func (p *pc) alive() bool {
	epoch, deadline := p.book.Alive(p.Address)
	packet := p.book.Deadline(p.Address).Load()
	if (epoch != 0) != (deadline > p.clk.Mono()) || (epoch != 0) != (packet > int64(p.clk.Mono())) {
		p.Fatalf("Alive says epoch %d until %v, the packet check until %v, now %v", epoch, deadline, time.Duration(packet), p.clk.Mono())
	}
	return epoch != 0
}
