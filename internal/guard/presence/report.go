package presence

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/wire"
)

// Report takes one detection. If the connection has a live session it is over
// before anything else happens. The same incident may be reported again, to
// name evidence that was sealed meanwhile.
func (p *Presence) Report(ctx context.Context, c sekisho.ConnectionID, signed wire.Signed) error {
	st, ok := p.book.Connection(c)
	if !ok {
		return errStatement
	}
	return p.refuse(p.report(ctx, c, st, signed), audit.Event{
		Kind: "incident.refused", Actor: audit.Actor{Person: st.Person, Device: st.Device, Role: sekisho.RoleOperator},
		Object: audit.Object{Type: "person", ID: string(st.Person)}, Session: st.Last,
	})
}

func (p *Presence) report(ctx context.Context, c sekisho.ConnectionID, st grants.Standing, signed wire.Signed) error {
	var r wire.IncidentReport
	if err := signed.OpenLease(st.LeaseKey, wire.DomainRecord, &r); err != nil {
		return errStatement.Because(err)
	}
	if r.Connection != c || r.Person != st.Person {
		return errStatement
	}
	if !validReport(r) {
		return errMalformed
	}
	ago := time.Duration(r.AgoMS) * time.Millisecond
	if st.Live && (r.Session == st.Session.ID || r.Session == "") {
		p.book.EndAt(st.Session.ID, r.State, grants.EndCode(r.State), p.clk.Mono()-ago)
	}
	// A report that only names more evidence tells nothing new: the challenge that
	// followed the first one may have been passed meanwhile.
	if !p.told(ctx, r.Incident, st.Person) {
		p.book.Suspect(st.Person, r.State)
	}

	now := p.clk.Now()
	i := Incident{
		ID: r.Incident, Person: st.Person, Device: st.Device, Connection: c, Session: r.Session, State: r.State,
		At: now.Add(-ago), Reported: now, First: time.Duration(r.FirstMS) * time.Millisecond, Faces: r.Faces,
		OSLocked: r.OSLocked, LockReason: r.LockReason, Evidence: EvidenceExpected,
	}
	i.merge(r.Evidence)
	if r.Session != "" && r.Session != st.Last && !p.was(ctx, r.Session, st.Person) {
		i.Session = "" // of another connection of his, if at all: not attributed
	}
	fresh, err := p.keep(ctx, &i)
	if err != nil {
		return fmt.Errorf("presence: report: %w", err)
	}
	if fresh {
		p.mu.Lock()
		p.expected[i.ID] = p.clk.Mono() + evidenceWithin
		p.mu.Unlock()
		p.tell(i)
	}
	return nil
}

// told says whether a person's incident was reported before. What cannot be looked up was not.
func (p *Presence) told(ctx context.Context, id sekisho.IncidentID, person sekisho.PersonID) bool {
	i, err := p.Incident(ctx, id)
	return err == nil && i.Person == person
}

// was says whether a session of an earlier connection was this person's.
func (p *Presence) was(ctx context.Context, s sekisho.SessionID, person sekisho.PersonID) bool {
	found, err := p.deps.Audit.Search(ctx, audit.Filter{Session: s, Kind: "session.opened", Limit: 1})
	return err == nil && len(found) == 1 && found[0].Event.Actor.Person == person
}

// keep writes a new incident, or adds to the one that was reported before, and
// says whether it was new. i becomes what is stored.
func (p *Presence) keep(ctx context.Context, i *Incident) (fresh bool, err error) {
	report := *i
	err = p.db.Write(ctx, func(tx storage.Tx) error {
		*i, fresh = report, false
		old, err := load(ctx, tx, i.ID)
		if err == nil {
			return p.add(ctx, tx, old, i)
		}
		if sekisho.KindOf(err) != sekisho.KindNotFound {
			return err
		}
		n, err := reportedSince(ctx, tx, i.Person, i.Reported.Add(-time.Minute))
		if err != nil {
			return err
		}
		if n >= reportsEach {
			return errMany
		}
		fresh = true
		if err := insert(ctx, tx, *i); err != nil {
			return err
		}
		return p.deps.Audit.Append(ctx, tx, reportedRow(*i))
	})
	return fresh, err
}

// add merges a repeated report into what is stored.
func (p *Presence) add(ctx context.Context, tx storage.Tx, old Incident, i *Incident) error {
	if old.Person != i.Person || old.Device != i.Device || old.State != i.State {
		return errConflict
	}
	grew := old.merge(i.Hashes)
	if i.OSLocked && !old.OSLocked {
		old.OSLocked, old.LockReason, grew = true, "", true
	}
	*i = old
	if !grew {
		return nil
	}
	if err := save(ctx, tx, old); err != nil {
		return err
	}
	return p.deps.Audit.Append(ctx, tx, audit.Event{
		Kind: "incident.completed", Actor: audit.Actor{Person: old.Person, Device: old.Device, Role: sekisho.RoleOperator},
		Object: object(old.ID), Session: old.Session, Closing: true,
		Detail: map[string]string{"evidence": strconv.Itoa(len(old.Hashes)), "os_locked": strconv.FormatBool(old.OSLocked)},
	})
}

func reportedRow(i Incident) audit.Event {
	return audit.Event{
		Kind: "incident.reported", Actor: audit.Actor{Person: i.Person, Device: i.Device, Role: sekisho.RoleOperator},
		Object: object(i.ID), Reason: grants.EndCode(i.State), Session: i.Session, Closing: true,
		Detail: map[string]string{
			"state": i.State.String(), "faces": strconv.Itoa(i.Faces), "connection": string(i.Connection),
			"first_ms": strconv.FormatInt(i.First.Milliseconds(), 10), "evidence": strconv.Itoa(len(i.Hashes)),
			"os_locked": strconv.FormatBool(i.OSLocked),
		},
	}
}

func object(id sekisho.IncidentID) audit.Object {
	return audit.Object{Type: "incident", ID: string(id)}
}
