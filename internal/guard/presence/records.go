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

// own are the kinds of audit rows that 自分の記録 shows beside the incidents.
var own = []string{
	"session.opened", "session.ended", "login.accepted", "login.refused", "desktop.reached", "desktop.refused",
	"consent.given", "consent.refused", "consent.withdrawn", "face.enrolled", "face.refused", "face.deleted", "face.locked",
	"face.cleared", "approval.asked", "passkey.registered", "person.suspended", "person.resumed",
}

// recordsKept bounds how many audit rows and incidents one answer looks through.
const recordsKept = 300

// Records is 自分の記録: everything kept about a person, newest first: what
// happened, each detection with its decision and pictures, and who opened them.
func (p *Presence) Records(ctx context.Context, person sekisho.PersonID) ([]wire.Record, error) {
	if person == "" {
		return nil, errRole
	}
	rows, err := p.deps.Audit.Search(ctx, audit.Filter{Person: person, Limit: recordsKept})
	if err != nil {
		return nil, fmt.Errorf("presence: records: %w", err)
	}
	out := []wire.Record{}
	for _, e := range rows {
		if concerns(e.Event, person) {
			out = append(out, recordOf(e))
		}
	}
	incidents, err := p.Incidents(ctx, Filter{Person: person, Limit: recordsKept})
	if err != nil {
		return nil, err
	}
	for _, i := range incidents {
		more, err := p.recordsOf(ctx, i)
		if err != nil {
			return nil, fmt.Errorf("presence: records: %w", err)
		}
		out = append(out, more...)
	}
	slices.SortStableFunc(out, func(a, b wire.Record) int { return cmp.Compare(b.At.UnixMicro(), a.At.UnixMicro()) })
	return out, nil
}

// concerns says whether a row is about the person, in contrast to what he did
// as somebody's supervisor or administrator.
func concerns(e audit.Event, person sekisho.PersonID) bool {
	if !slices.Contains(own, e.Kind) {
		return false
	}
	return e.Object == audit.Object{Type: "person", ID: string(person)} ||
		e.Actor.Person == person && (e.Actor.Role == sekisho.RoleOperator || e.Actor.Role == "")
}

func recordOf(e audit.Entry) wire.Record {
	r := wire.Record{At: e.At, Kind: e.Event.Kind, Note: e.Event.Reason}
	if s, err := sekisho.ParseState(e.Event.Detail["state"]); err == nil {
		r.State = s
	}
	return r
}

func (p *Presence) recordsOf(ctx context.Context, i Incident) ([]wire.Record, error) {
	facts, err := p.deps.Evidence.Facts(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	out := []wire.Record{{
		At: i.At, Kind: "incident.reported", Incident: i.ID, State: i.State, Decision: i.Decision,
		Pictures: facts.Pictures, DeleteAt: facts.DeleteAt, Note: i.Objection,
	}}
	if i.Decision != Undecided {
		name, err := p.deps.People.Name(ctx, i.Decider)
		if err != nil {
			return nil, err
		}
		out = append(out, wire.Record{
			At: i.Decided, Kind: "incident.decided", Incident: i.ID, State: i.State, Decision: i.Decision, Viewer: name, Note: i.Note,
		})
	}
	for _, v := range facts.Viewers {
		name, err := p.deps.People.Name(ctx, v.Person)
		if err != nil {
			return nil, err
		}
		out = append(out, wire.Record{
			At: v.At, Kind: "evidence.viewed", Incident: i.ID, State: i.State, Viewer: name + " (" + string(v.Role) + ")", Note: v.Reason,
		})
	}
	return out, nil
}
