package console

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/guard/presence"
)

// What an auditor of a client company is answered (gate/clients, Scope). That
// something of another client exists is not told apart from that it does not.

// scanned bounds the rows that one page of a client's log is looked for in;
// the page says where to go on.
const scanned = 2_000

// Bounds of one question about incidents.
const (
	incidentPage = 500   // presence gives no more at once
	peopleAtOnce = 5_000 // so many parameters
	allIncidents = math.MaxInt
)

// scope is what the caller's client may see, with the incidents that are its:
// all of them, for whatever was done about one is its too.
func (d *Door) scope(ctx context.Context) (clients.Scope, error) {
	s, err := d.clients.ScopeOf(ctx, callerOf(ctx).who.Client)
	if err != nil {
		return clients.Scope{}, err
	}
	found, err := d.incidentsOf(ctx, s, allIncidents)
	if err != nil {
		return clients.Scope{}, err
	}
	ids := make([]sekisho.IncidentID, 0, len(found))
	for _, i := range found {
		ids = append(ids, i.ID)
	}
	return s.WithIncidents(ids), nil
}

// incidentsOf lists a client's newest incidents, at most so many. Its people's
// incidents of other days, which are not its, count for nothing.
func (d *Door) incidentsOf(ctx context.Context, s clients.Scope, limit int) (out []presence.Incident, err error) {
	for among := range slices.Chunk(s.People(), peopleAtOnce) {
		f := presence.Filter{Among: among, Limit: incidentPage}
		for n := 0; n < limit; {
			page, err := d.incidents.Incidents(ctx, f)
			if err != nil {
				return nil, err
			}
			for _, i := range page {
				if s.Person(i.Person, i.At) {
					out = append(out, i)
					n++
				}
			}
			if len(page) < incidentPage {
				break
			}
			last := page[len(page)-1]
			f.Before, f.BeforeID = last.At, last.ID
		}
	}
	slices.SortStableFunc(out, func(a, b presence.Incident) int { return b.At.Compare(a.At) })
	return out[:min(len(out), limit)], nil
}

// scopedNames gives the names of a client's people, and no others.
func (d *Door) scopedNames(ctx context.Context, s clients.Scope) (map[sekisho.PersonID]string, error) {
	names, err := d.names(ctx)
	maps.DeleteFunc(names, func(id sekisho.PersonID, _ string) bool { return !s.Ever(id) })
	return names, err
}

func (d *Door) clientIncidents(ctx context.Context) (*answer[IncidentsView], error) {
	s, err := d.clients.ScopeOf(ctx, callerOf(ctx).who.Client)
	if err != nil {
		return nil, err
	}
	found, err := d.incidentsOf(ctx, s, incidentPage) // as many as the centre's list has
	if err != nil {
		return nil, err
	}
	names, err := d.scopedNames(ctx, s)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	view := IncidentsView{Incidents: make([]IncidentView, 0, len(found))}
	for _, i := range found {
		view.Incidents = append(view.Incidents, clientIncidentView(i, names, tags))
	}
	return reply(view, nil)
}

// clientIncident shows what happened and how it was decided: not who decided or
// viewed, whose names are the centre's, and not the operator's own words, which
// he wrote to the centre.
func (d *Door) clientIncident(ctx context.Context, id sekisho.IncidentID) (*answer[IncidentDetailView], error) {
	s, err := d.clients.ScopeOf(ctx, callerOf(ctx).who.Client)
	if err != nil {
		return nil, err
	}
	i, err := d.incidents.Incident(ctx, id)
	if sekisho.KindOf(err) == sekisho.KindNotFound || (err == nil && !s.Person(i.Person, i.At)) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	facts, err := d.evidence.Facts(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	names, err := d.scopedNames(ctx, s)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	view := IncidentDetailView{
		IncidentView: clientIncidentView(i, names, tags), Session: i.Session, Faces: i.Faces, FirstMS: i.First.Milliseconds(), OSLocked: i.OSLocked,
		Note: i.Note, Pictures: facts.Pictures, DeleteAt: facts.DeleteAt, Held: facts.Held, Bundles: []BundleView{}, Viewers: []ViewerView{},
	}
	if facts.Pictures == 0 && i.Evidence == presence.EvidenceArrived {
		view.Evidence = "deleted"
	}
	for _, v := range facts.Viewers {
		view.Viewers = append(view.Viewers, ViewerView{At: v.At.UTC()})
	}
	return reply(view, nil)
}

// clientIncidentView does not say who decided, also where it was one of the
// client's people.
func clientIncidentView(i presence.Incident, names map[sekisho.PersonID]string, tags map[sekisho.DeviceID]string) IncidentView {
	view := incidentView(i, names, tags)
	view.DecidedBy = ""
	return view
}

// clientAudit searches a client's part of the log. What is typed is looked for
// in what is shown, never in what was cut out of it.
func (d *Door) clientAudit(ctx context.Context, in auditSearch, limit int) (*answer[AuditPageView], error) {
	s, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	if (in.Person != "" && !s.Ever(in.Person)) || in.Device != "" {
		return nil, errNotFound
	}
	f := audit.Filter{
		Person: in.Person, Session: in.Session, Customer: in.Customer, Call: in.Call, Object: in.Object, From: in.From, To: in.To, Before: in.Before, Limit: 200,
	}
	f.Kind, f.Kinds = kindsOf(in.Kind)
	if f.Among = s.Subjects(); len(f.Among) > audit.MaxAmong {
		f.Among = nil // every row is looked at and judged, a page of them at a time
	}
	words := strings.ToLower(strings.TrimSpace(in.Text))
	view := AuditPageView{Rows: []AuditRowView{}}
	for seen := 0; ; {
		found, err := d.audit.Page(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, e := range found.Entries {
			row, ok := d.clientRow(ctx, s, e)
			if !ok || !shows(row, in) || !holds(row, words) {
				continue
			}
			if len(view.Rows) == limit {
				view.Before = view.Rows[limit-1].Seq
				return d.clientPage(ctx, s, view)
			}
			view.Rows = append(view.Rows, row)
		}
		if f.Before = found.Next; f.Before == 0 {
			return d.clientPage(ctx, s, view)
		}
		if seen += len(found.Entries); seen >= scanned {
			view.Before, view.Looked = f.Before, moment(found.Entries[len(found.Entries)-1].At)
			return d.clientPage(ctx, s, view)
		}
	}
}

func (d *Door) clientAuditRow(ctx context.Context, seq int64) (*answer[AuditPageView], error) {
	s, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	e, err := d.audit.Entry(ctx, seq)
	if sekisho.KindOf(err) == sekisho.KindNotFound {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	row, ok := d.clientRow(ctx, s, e)
	if !ok {
		return nil, errNotFound
	}
	return d.clientPage(ctx, s, AuditPageView{Rows: []AuditRowView{row}})
}

func (d *Door) clientRow(ctx context.Context, s clients.Scope, e audit.Entry) (AuditRowView, bool) {
	if !s.Row(e) {
		return AuditRowView{}, false
	}
	return auditRowView(ctx, s.Cut(e)), true
}

// shows says whether a row, as it is shown, is of the person, the session, the
// customer, the call and the object that were asked for: what was cut out of it answers no question.
func shows(row AuditRowView, in auditSearch) bool {
	return (in.Person == "" || row.Person == in.Person || row.ObjectID == string(in.Person)) &&
		(in.Session == "" || row.Session == in.Session || row.ObjectID == string(in.Session)) &&
		(in.Customer == "" || row.Customer == in.Customer || row.ObjectID == string(in.Customer)) &&
		(in.Call == "" || row.Call == in.Call || row.ObjectID == string(in.Call)) && (in.Object == "" || row.ObjectID == in.Object)
}

// holds says whether words stand anywhere in a row as it is shown.
func holds(row AuditRowView, words string) bool {
	if words == "" {
		return true
	}
	text, err := json.Marshal(row)
	return err == nil && strings.Contains(strings.ToLower(string(text)), words)
}

// clientPage adds the names of the client's people, and of the PCs they acted on.
func (d *Door) clientPage(ctx context.Context, s clients.Scope, view AuditPageView) (*answer[AuditPageView], error) {
	all, err := d.namesIn(ctx, view.Rows)
	if err != nil {
		return nil, err
	}
	view.Names = map[string]string{}
	for _, row := range view.Rows {
		for _, id := range append(slices.Collect(maps.Values(row.Detail)), string(row.Person), row.ObjectID) {
			if name := all[id]; name != "" && s.Ever(sekisho.PersonID(id)) {
				view.Names[id] = name
			}
		}
		if tag := all[string(row.Device)]; tag != "" { // Cut leaves a PC only where one of its people acted
			view.Names[string(row.Device)] = tag
		}
	}
	return reply(view, nil)
}

// clientSubjects lists the client's people; the log is not searched by PC.
func (d *Door) clientSubjects(ctx context.Context) (*answer[SubjectsView], error) {
	s, err := d.clients.ScopeOf(ctx, callerOf(ctx).who.Client)
	if err != nil {
		return nil, err
	}
	names, err := d.scopedNames(ctx, s)
	view := SubjectsView{Subjects: make([]SubjectView, 0, len(names))}
	for id, name := range names {
		view.Subjects = append(view.Subjects, SubjectView{Type: "person", ID: string(id), Label: name})
	}
	sortSubjects(view.Subjects)
	return reply(view, err)
}
