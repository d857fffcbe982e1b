package console

import (
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/guard/presence"
)

// maxBundle bounds what is read of one sealed record, in bytes; the desk door
// takes no larger one.
const maxBundle = 16 << 20

type decideIncident struct {
	ByID
	Body struct {
		Decision string `json:"decision" enum:"true,harmless,false"`
		Note     string `json:"note" minLength:"1" maxLength:"1000"`
	}
}

type holdEvidence struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

type fetchEvidence struct {
	Hash   string `path:"hash" pattern:"^[0-9a-f]{64}$"`
	Reason string `query:"reason" required:"true" minLength:"1" maxLength:"500"`
}

func (d *Door) incidentRoutes(api huma.API) {
	add(api, "GET /incidents", "Detections, newest first", d.listIncidents)
	add(api, "GET /incidents/{id}", "One detection", d.getIncident)
	add(api, "POST /incidents/{id}/decide", "Decide, once", d.decideIncident)
	add(api, "POST /incidents/{id}/hold", "Keep the sealed records beyond their time", d.hold(Evidence.Hold))
	add(api, "POST /incidents/{id}/release", "End a hold", d.hold(Evidence.Release))
	add(api, "GET /evidence/{hash}", "A sealed record, as ciphertext; every fetch is in the audit log with its reason", d.fetchEvidence)
}

func (d *Door) listIncidents(ctx context.Context, _ *struct{}) (*answer[IncidentsView], error) {
	if callerOf(ctx).who.Client != "" {
		return d.clientIncidents(ctx)
	}
	list, err := d.incidents.Incidents(ctx, presence.Filter{Limit: 500})
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	view := IncidentsView{Incidents: make([]IncidentView, 0, len(list))}
	for _, i := range list {
		view.Incidents = append(view.Incidents, incidentView(i, names, tags))
	}
	return reply(view, nil)
}

// getIncident tells officers which records they may fetch. An auditor learns
// that there are some, how many, and who fetched them.
func (d *Door) getIncident(ctx context.Context, in *ByID) (*answer[IncidentDetailView], error) {
	if callerOf(ctx).who.Client != "" {
		return d.clientIncident(ctx, sekisho.IncidentID(in.ID))
	}
	i, err := d.incidents.Incident(ctx, sekisho.IncidentID(in.ID))
	if err != nil {
		return nil, err
	}
	facts, err := d.evidence.Facts(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	view := IncidentDetailView{
		IncidentView: incidentView(i, names, tags), Session: i.Session, Faces: i.Faces, FirstMS: i.First.Milliseconds(), OSLocked: i.OSLocked,
		Note: i.Note, Objection: i.Objection, Pictures: facts.Pictures, DeleteAt: facts.DeleteAt, Held: facts.Held, Bundles: []BundleView{}, Viewers: []ViewerView{},
	}
	if facts.Pictures == 0 && i.Evidence == presence.EvidenceArrived {
		view.Evidence = "deleted"
	}
	if facts.Pictures > 0 && callerOf(ctx).who.may("GET /evidence/{hash}") {
		kept, err := d.evidence.KeptOf(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		for _, h := range kept {
			view.Bundles = append(view.Bundles, BundleView{Hash: h})
		}
	}
	for _, v := range facts.Viewers {
		view.Viewers = append(view.Viewers, ViewerView{Name: names[v.Person], At: v.At.UTC(), Reason: v.Reason})
	}
	return reply(view, nil)
}

func (d *Door) decideIncident(ctx context.Context, in *decideIncident) (*answer[IncidentView], error) {
	i, err := d.incidents.Decide(ctx, callerOf(ctx).who.Person, sekisho.IncidentID(in.ID), in.Body.Decision, in.Body.Note)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	return reply(incidentView(i, names, tags), err)
}

// hold makes the operation of one act on an incident's records, Hold or Release.
func (d *Door) hold(act func(Evidence, context.Context, sekisho.PersonID, sekisho.IncidentID, string) error) func(context.Context, *holdEvidence) (*done, error) {
	return func(ctx context.Context, in *holdEvidence) (*done, error) {
		return &done{}, act(d.evidence, ctx, callerOf(ctx).who.Person, sekisho.IncidentID(in.ID), in.Body.Reason)
	}
}

func (d *Door) fetchEvidence(ctx context.Context, in *fetchEvidence) (*download, error) {
	sealed, err := d.evidence.Download(ctx, callerOf(ctx).who.Person, in.Hash, in.Reason)
	if err != nil {
		return nil, err
	}
	defer sealed.Close()
	body, err := io.ReadAll(io.LimitReader(sealed, maxBundle+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBundle {
		return nil, errTooLarge
	}
	return file("application/octet-stream", in.Hash[:16]+".sealed", body), nil
}

func incidentView(i presence.Incident, names map[sekisho.PersonID]string, tags map[sekisho.DeviceID]string) IncidentView {
	return IncidentView{
		ID: i.ID, At: i.At.UTC(), State: i.State.String(), Person: i.Person, Name: names[i.Person], Device: i.Device, AssetTag: tags[i.Device],
		Decision: i.Decision, Evidence: i.Evidence, Decided: moment(i.Decided), DecidedBy: names[i.Decider],
	}
}
