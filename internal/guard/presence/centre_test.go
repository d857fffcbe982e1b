package presence

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
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// open lets every login statement pass: these tests are about what comes after.
type open struct{ wire.GuardPolicy }

func (open) Nonce(_ context.Context, _ sekisho.ConnectionID, _ sekisho.PersonID, _ sekisho.DeviceID, challenge bool) (n wire.LoginNonce, err error) {
	if challenge {
		n.Challenge = "turn_left"
	}
	return n, nil
}
func (open) Judge(context.Context, wire.FaceStatement) error            { return nil }
func (open) Spend(sekisho.ConnectionID, sekisho.PersonID, []byte) error { return nil }

func (open) MaySit(context.Context, sekisho.PersonID, sekisho.DeviceID) error { return nil }

func (open) Consented(context.Context, sekisho.PersonID) (bool, error) { return true, nil }
func (open) Ready(context.Context, sekisho.PersonID, sekisho.DeviceID, sekisho.ConnectionID) error {
	return nil
}
func (open) Bind(context.Context, storage.Tx, sekisho.PersonID, sekisho.DeviceID, sekisho.SessionID) error {
	return nil
}

func (open) Confirm(context.Context, storage.Tx, sekisho.PersonID, sekisho.DeviceID, sekisho.ConnectionID, sekisho.SessionID, sekisho.LeaseClass) error {
	return nil
}
func (open) MayWork(context.Context, sekisho.PersonID) error { return nil }
func (open) Admit(context.Context, posture.By) error         { return nil }
func (open) Holds(sekisho.ConnectionID) error                { return nil }

func (open) Until(context.Context, sekisho.PersonID, sekisho.Place) (time.Time, error) {
	return time.Time{}, nil
}
func (open) Open(context.Context, grants.Session, grants.Facts) grants.Ruling {
	return grants.Ruling{Allowed: true}
}
func (open) Reach(context.Context, grants.Session, sekisho.DesktopID, grants.Facts) grants.Ruling {
	return grants.Ruling{Allowed: true}
}
func (o open) Get(context.Context, sekisho.PolicyName) (wire.GuardPolicy, error) {
	return o.GuardPolicy, nil
}
func (open) Use(context.Context, storage.Tx, sekisho.ApprovalID, string, sekisho.PersonID, sekisho.DeviceID) error {
	return nil
}

// roles are the people of a test: who holds which role.
type roles map[sekisho.PersonID]sekisho.Role

func (r roles) Holds(_ context.Context, _ storage.Tx, p sekisho.PersonID, role sekisho.Role) (bool, error) {
	return r[p] == role, nil
}
func (r roles) Name(_ context.Context, p sekisho.PersonID) (string, error) {
	return "試験 " + string(p), nil
}

// kept is what a test keeps as evidence.
type kept struct {
	mu       sync.Mutex
	facts    map[sekisho.IncidentID]Facts
	decided  map[sekisho.IncidentID]time.Time
	pictures map[string]bool // of enrolments
	fail     error
}

func (k *kept) Facts(_ context.Context, id sekisho.IncidentID) (Facts, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.facts[id], k.fail
}

func (k *kept) Decided(_ context.Context, _ storage.Tx, id sekisho.IncidentID, at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.decided[id] = at
	}
	return k.fail
}

func (k *kept) Kept(_ context.Context, hash string) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.pictures[hash], k.fail
}

func (k *kept) set(id sekisho.IncidentID, f Facts) { k.mu.Lock(); k.facts[id] = f; k.mu.Unlock() }

// centre is the room on the real book, audit log and database.
type centre struct {
	*testing.T
	db       *storage.DB
	clk      clock.Clock
	log      *audit.Log
	book     *grants.Book
	room     *Presence
	evidence *kept
	mu       sync.Mutex
	ended    []grants.Ended
	told     []Incident
	next     byte
	reentry  string // of the policy
}

func newCentre(t *testing.T, db *storage.DB, clk clock.Clock) *centre {
	t.Helper()
	c := &centre{T: t, db: db, clk: clk, reentry: "standard", evidence: &kept{facts: map[sekisho.IncidentID]Facts{}, decided: map[sekisho.IncidentID]time.Time{}, pictures: map[string]bool{}}}
	c.must(db.Migrate(t.Context(), audit.Schema, grants.Schema, Schema))
	var err error
	c.log, err = audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	c.must(err)
	t.Cleanup(func() { c.must(c.log.Close()) })
	c.start(c.log)
	return c
}

// start makes book and room anew, as a restart does.
func (c *centre) start(log Audit) {
	c.Helper()
	gate := open{wire.GuardPolicy{Name: "home", Version: 1, Place: sekisho.PlaceHome, AbsentMS: 10_000, ConfirmEvery: 60, Reentry: c.reentry}}
	var err error
	c.book, err = grants.NewBook(c.Context(), c.db, c.clk, grants.Deps{Faces: gate, Approvals: gate, People: gate, Policies: gate, Training: gate, Posture: gate, Rules: gate, Ties: gate, Shifts: gate, Seats: gate, Audit: log})
	c.must(err)
	people := roles{"officer": sekisho.RoleOfficer, "sv": sekisho.RoleSupervisor, "admin": sekisho.RoleAdministrator}
	c.room, err = New(c.Context(), c.db, c.clk, c.book, Deps{Evidence: c.evidence, People: people, Audit: log2{log, c.log}})
	c.must(err)
	c.book.OnEnd(func(e grants.Ended) { c.mu.Lock(); c.ended = append(c.ended, e); c.mu.Unlock() })
	c.room.OnIncident(func(i Incident) { c.mu.Lock(); c.told = append(c.told, i); c.mu.Unlock() })
}

// log2 writes to one log and searches the real one.
type log2 struct {
	Audit
	real *audit.Log
}

func (l log2) Search(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	return l.real.Search(ctx, f)
}

func (c *centre) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *centre) refused(err error, code string) {
	c.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		c.Fatalf("error %v, want %s", err, code)
	}
}

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

// write puts a row of another room into the log.
func (c *centre) write(e audit.Event) {
	c.Helper()
	c.must(c.db.Write(c.Context(), func(tx storage.Tx) error { return c.log.Append(c.Context(), tx, e) }))
	c.must(c.log.Flush(c.Context()))
}

func hash(of string) string { sum := sha256.Sum256([]byte(of)); return hex.EncodeToString(sum[:]) }

// pc is one connection as its agent holds it.
type pc struct {
	*centre
	grants.Connection
	key ed25519.PrivateKey
}

func (c *centre) connect(person sekisho.PersonID) *pc {
	c.Helper()
	c.next++
	pub, key, err := ed25519.GenerateKey(nil)
	c.must(err)
	conn := grants.Connection{
		ID: sekisho.ConnectionID(wire.NewID()), Device: sekisho.DeviceID(fmt.Sprintf("pc-%d", c.next)), Person: person,
		Address: netip.AddrFrom4([4]byte{100, 64, 1, c.next}), LeaseKey: pub, Tier: sekisho.TierB, Policy: "home",
	}
	c.must(c.book.Connect(c.Context(), conn))
	return &pc{c, conn, key}
}

func (p *pc) login() grants.Session {
	p.Helper()
	signed := wire.SignWith(p.key, wire.DomainFace, wire.FaceStatement{Connection: p.ID, Person: p.Person, Challenge: "turn_left"})
	s, err := p.book.Open(p.Context(), p.ID, wire.OpenSession{Face: &signed})
	p.must(err)
	return s
}

func (p *pc) answer(n wire.LeaseNonce, state sekisho.State, in time.Duration) []byte {
	p.Helper()
	b, err := wire.LeaseRenewal{Session: n.Session, Counter: n.Counter, Nonce: n.Nonce, State: state, InState: in}.
		Sign(func(m []byte) []byte { return ed25519.Sign(p.key, m) })
	p.must(err)
	return b
}

func (p *pc) alive() bool { epoch, _ := p.book.Alive(p.Address); return epoch != 0 }

// report signs an incident of this connection; change makes it another one.
func (p *pc) report(state sekisho.State, session sekisho.SessionID, change ...func(*wire.IncidentReport)) (wire.IncidentReport, wire.Signed) {
	r := wire.IncidentReport{
		Incident: sekisho.IncidentID(wire.NewID()), Connection: p.ID, Session: session, Person: p.Person, State: state,
		AgoMS: 40, FirstMS: 180, Faces: 2, Evidence: []string{},
	}
	for _, fn := range change {
		fn(&r)
	}
	return r, wire.SignWith(p.key, wire.DomainRecord, r)
}
