package presence

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

// own are the kinds of audit rows about a person himself that 自分の記録 shows.
var own = []string{
	"session.opened", "session.ended", "login.accepted", "login.refused", "desktop.reached", "desktop.refused",
	"consent.given", "consent.refused", "consent.withdrawn", "face.enrolled", "face.refused", "face.deleted", "face.locked",
	"face.cleared", "approval.asked", "passkey.registered", "person.suspended", "person.resumed",
	"posture.changed", "posture.refused",
	"readiness.checked", "readiness.accepted", "readiness.returned", "readiness.photo_deleted",
	"password.set", "password.locked", "password.unlocked", "password.deleted",
}

// seen are the kinds about what was detected, and about the sealed pictures of it
// and of his enrolment: whoever touched them.
var seen = []string{
	"incident.reported", "incident.decided", "incident.objected",
	"evidence.viewed", "evidence.held", "evidence.released", "evidence.deleted", "evidence.missing", "evidence.late",
	"readiness.photo_viewed",
}

const (
	recordsPage   = 100
	recordsRounds = 20    // how often one answer asks the log again
	recordsOwned  = 5_000 // incidents of one person, the newest
)

// Records is a page of 自分の記録: what the log holds about a person, newest
// first, with what is kept now of each picture. A page of few or no rows may
// still have one after it: Before says so.
func (p *Presence) Records(ctx context.Context, person sekisho.PersonID, before int64) (wire.Records, error) {
	if person == "" {
		return wire.Records{}, errRole
	}
	out, err := p.records(ctx, person, before)
	if err != nil {
		return wire.Records{}, fmt.Errorf("presence: records: %w", err)
	}
	// A detection stands at the moment of its verdict, a little before its row.
	slices.SortStableFunc(out.Records, func(a, b wire.Record) int { return cmp.Compare(b.At.UnixMicro(), a.At.UnixMicro()) })
	return out, nil
}

func (p *Presence) records(ctx context.Context, person sekisho.PersonID, before int64) (wire.Records, error) {
	out := wire.Records{Records: []wire.Record{}}
	mine, err := p.incidentsOf(ctx, person)
	if err != nil {
		return out, err
	}
	f := audit.Filter{Person: person, Objects: mine, Kinds: slices.Concat(own, seen), Before: before, Limit: 2 * recordsPage}
	for range recordsRounds {
		rows, err := p.deps.Audit.Search(ctx, f)
		if err != nil {
			return out, err
		}
		for _, e := range rows {
			f.Before = e.Seq
			if !concerns(e.Event, person, mine) {
				continue
			}
			r, err := p.recordOf(ctx, e)
			if err != nil {
				return out, err
			}
			if out.Records = append(out.Records, r); len(out.Records) == recordsPage {
				out.Before = f.Before
				return out, nil
			}
		}
		if len(rows) < f.Limit {
			return out, nil
		}
	}
	out.Before = f.Before
	return out, nil
}

// concerns says whether a row is about the person, in contrast to what he did
// as somebody's supervisor, officer or administrator.
func concerns(e audit.Event, person sekisho.PersonID, mine []string) bool {
	himself := e.Object == audit.Object{Type: "person", ID: string(person)}
	if slices.Contains(seen, e.Kind) {
		return himself || e.Object.Type == "incident" && slices.Contains(mine, e.Object.ID)
	}
	return himself || e.Actor.Person == person && (e.Actor.Role == sekisho.RoleOperator || e.Actor.Role == "")
}

// recordOf puts a row of the log into the person's words.
func (p *Presence) recordOf(ctx context.Context, e audit.Entry) (r wire.Record, err error) {
	r = wire.Record{At: e.At, Kind: e.Event.Kind}
	if s, err := sekisho.ParseState(e.Event.Detail["state"]); err == nil {
		r.State = s
	}
	switch e.Event.Kind {
	case "face.enrolled":
		kept, err := p.deps.Evidence.Kept(ctx, e.Event.Detail["picture"])
		if kept {
			r.Pictures = 1
		}
		return r, err
	case "evidence.viewed", "evidence.held", "evidence.released", "incident.decided", "readiness.photo_viewed":
		name, err := p.deps.People.Name(ctx, e.Event.Actor.Person)
		if err != nil {
			return r, err
		}
		r.Viewer, r.Note = name+" ("+string(e.Event.Actor.Role)+")", e.Event.Personal["reason"]
	}
	if e.Event.Object.Type != "incident" {
		if r.Note == "" && !slices.Contains(seen, e.Event.Kind) {
			r.Note = e.Event.Reason
		}
		return r, nil
	}
	return r, p.ofIncident(ctx, sekisho.IncidentID(e.Event.Object.ID), &r)
}

// ofIncident adds what is known of the incident that a row is about.
func (p *Presence) ofIncident(ctx context.Context, id sekisho.IncidentID, r *wire.Record) error {
	i, err := p.Incident(ctx, id)
	if err != nil {
		return err
	}
	r.Incident, r.State = i.ID, i.State
	switch r.Kind {
	case "incident.reported":
		facts, err := p.deps.Evidence.Facts(ctx, i.ID)
		if err != nil {
			return err
		}
		r.At, r.Decision, r.Pictures, r.DeleteAt, r.Note = i.At, i.Decision, facts.Pictures, facts.DeleteAt, i.Objection
	case "incident.decided":
		r.Decision, r.Note = i.Decision, i.Note
	case "incident.objected":
		r.Note = i.Objection
	}
	return nil
}
