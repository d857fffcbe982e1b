package posture

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Posture is the room.
type Posture struct {
	db  *storage.DB
	clk clock.Clock
	log Audit

	mu   sync.Mutex
	held map[sekisho.ConnectionID]*held
}

// New makes the room on a migrated database. Reports of connections live in
// memory: after a restart every PC reports anew.
func New(db *storage.DB, clk clock.Clock, log Audit) *Posture {
	return &Posture{db: db, clk: clk, log: log, held: map[sekisho.ConnectionID]*held{}}
}

// By is the connection that reports or asks, as the gate knows it.
type By struct {
	Connection sekisho.ConnectionID
	Device     sekisho.DeviceID
	Person     sekisho.PersonID
	LeaseKey   ed25519.PublicKey
	Policy     sekisho.PolicyName
	Place      sekisho.Place // of the policy
}

// asked is what one PC is judged by: the rules of its policy and its own place.
type asked struct {
	rules wire.PostureRules
	own   []wire.PosturePlace
}

// held is what is known of one connection.
type held struct {
	device sekisho.DeviceID
	number uint64
	report *wire.PostureReport
	broken bool
	came   time.Duration // monotonic reading
	at     time.Time
	asked  *asked // since it was last admitted
	said   string // the refusal that was last written into the log
}

func (h *held) judge(a asked, now time.Duration) Verdict {
	return judge(seen{report: h.report, broken: h.broken, age: now - h.came, device: h.device, own: a.own}, a.rules)
}

// of gives what is held of a connection. The caller holds r.mu.
func (r *Posture) of(by By) *held {
	h := r.held[by.Connection]
	if h == nil {
		h = &held{device: by.Device}
		r.held[by.Connection] = h
	}
	return h
}

// Take takes a report in. It does not wait for SQL, so that whoever must close
// on it can close at once; Keep stores it. One that is no report of this
// connection takes the place of the last good one.
func (r *Posture) Take(by By, signed wire.Signed) error {
	var report wire.PostureReport
	err := signed.OpenLease(by.LeaseKey, wire.DomainPosture, &report)
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.of(by)
	good := err == nil && report.Connection == by.Connection && report.Valid()
	if good && report.Number <= h.number { // overtaken by a newer one, which stands
		return fmt.Errorf("posture: take: %w", errStatement)
	}
	h.came, h.at = r.clk.Mono(), r.clk.Now()
	if !good {
		h.report, h.broken = nil, true
		if h.said != errStatement.Code {
			h.said = errStatement.Code
			r.log.Afterwards(refusedRow(by, errStatement.Code, ""))
		}
		return fmt.Errorf("posture: take: %w", errStatement.Because(err))
	}
	h.number, h.report, h.broken = report.Number, &report, false
	return nil
}

// Admit is nil where the newest report of a connection passes the rules in force.
// From now on the connection is judged by these rules (Holds).
func (r *Posture) Admit(ctx context.Context, by By) error {
	a, err := r.asks(ctx, by)
	if err != nil {
		return fmt.Errorf("posture: admit %s: %w", by.Connection, err)
	}
	r.mu.Lock()
	h := r.of(by)
	h.asked = &a
	v := h.judge(a, r.clk.Mono())
	failed, said := failing(v), h.said
	if h.said = ""; v.Err != nil {
		h.said = v.Err.Code + " " + failed
	}
	again := h.said == said
	r.mu.Unlock()
	if v.Err == nil {
		return nil
	}
	if !again {
		r.log.Afterwards(refusedRow(by, v.Err.Code, failed))
	}
	return v.Err
}

// Holds judges a connection again by the rules that it was admitted under. It
// never waits for SQL. Whoever was never admitted does not hold.
func (r *Posture) Holds(id sekisho.ConnectionID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.held[id]
	if h == nil || h.asked == nil {
		return errMissing
	}
	if v := h.judge(*h.asked, r.clk.Mono()); v.Err != nil {
		return v.Err
	}
	return nil
}

// Standing tells a connection how it stands: during a session by the rules that
// it was last admitted under, else by those in force.
func (r *Posture) Standing(ctx context.Context, by By, live, english bool) (wire.PostureStanding, error) {
	a, err := r.asks(ctx, by)
	if err != nil {
		return wire.PostureStanding{}, fmt.Errorf("posture: standing: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.held[by.Connection]
	if h == nil {
		h = &held{device: by.Device}
	}
	if live && h.asked != nil {
		a = *h.asked
	}
	return standing(h.judge(a, r.clk.Mono()), h.at, r.clk.Now(), english), nil
}

// Forget drops what is known of a connection that has ended.
func (r *Posture) Forget(id sekisho.ConnectionID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, id)
}

// standing is a verdict in words. came is when the report came; zero for never.
func standing(v Verdict, came, now time.Time, english bool) wire.PostureStanding {
	out := wire.PostureStanding{Checks: make([]wire.PostureChecked, 0, len(v.Checks))}
	if v.Err != nil {
		out.Code, out.Refused = v.Err.Code, true
	}
	if !came.IsZero() {
		came = came.UTC()
		out.At = &came
	}
	for _, c := range v.Checks {
		one := wire.PostureChecked{Check: c.Check, Level: c.Level, Outcome: c.Outcome, Failing: c.Failing()}
		one.Name, one.Seen, one.Do = c.Words(english)
		if !one.Failing {
			one.Do = ""
		}
		if c.Looked {
			at := now.Add(-c.Age).UTC()
			one.At = &at
		}
		out.Checks = append(out.Checks, one)
	}
	return out
}

// failing names the checks that close, in order.
func failing(v Verdict) string {
	var names []string
	for _, c := range v.Checks {
		if c.Failing() && c.Level == Close {
			names = append(names, c.Check)
		}
	}
	return strings.Join(names, " ")
}

func refusedRow(by By, code, failed string) audit.Event {
	return audit.Event{
		Kind: "posture.refused", Actor: audit.Actor{Person: by.Person, Device: by.Device, Role: sekisho.RoleOperator},
		Object: audit.Object{Type: "device", ID: string(by.Device)}, Decision: audit.Deny, Reason: code,
		Detail: map[string]string{"connection": string(by.Connection), "failed": failed},
	}
}
