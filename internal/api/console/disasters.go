package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/disasters"
	"github.com/sekisho/sekisho/internal/wire"
)

// Disasters are disaster mode and what it may widen (gate/disasters).
type Disasters interface {
	Check(ctx context.Context, name, text string) error
	Agree(ctx context.Context, by sekisho.PersonID, name, text string, second storage.Second) (disasters.Widening, error)
	Drop(ctx context.Context, by sekisho.PersonID, id sekisho.WideningID) error
	Widenings(ctx context.Context) ([]disasters.Widening, error)
	CheckDeclaration(ctx context.Context, d disasters.Declaration) (disasters.Widening, error)
	Declare(ctx context.Context, by sekisho.PersonID, d disasters.Declaration, second storage.Second) (disasters.Disaster, error)
	End(ctx context.Context, by sekisho.PersonID) error
	Now(ctx context.Context) (disasters.Disaster, error)
}

// WideningView is what a disaster may widen, as two agreed on it.
type WideningView struct {
	ID     sekisho.WideningID `json:"id"`
	Name   string             `json:"name"`
	Text   string             `json:"text" doc:"Cedar"`
	Author string             `json:"author" doc:"name"`
	Agreed *time.Time         `json:"agreed"`
}

// DisasterView answers GET /disaster.
type DisasterView struct {
	Now          time.Time      `json:"now"`
	On           bool           `json:"on"`
	Name         string         `json:"name" doc:"of the widening in force"`
	Reason       string         `json:"reason"`
	Announcement string         `json:"announcement"`
	Author       string         `json:"author" doc:"name"`
	Begins       *time.Time     `json:"begins"`
	Ends         *time.Time     `json:"ends"`
	Widenings    []WideningView `json:"widenings" nullable:"false"`
}

type agreeWidening struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"64"`
		Text string `json:"text" minLength:"1" maxLength:"16384" doc:"Cedar, permits alone, ids that begin with disaster-"`
	}
}

type declareDisaster struct {
	Body struct {
		Widening     sekisho.WideningID `json:"widening" minLength:"1" maxLength:"64"`
		Reason       string             `json:"reason" minLength:"1" maxLength:"500"`
		Announcement string             `json:"announcement" minLength:"1" maxLength:"300"`
		Ends         time.Time          `json:"ends" doc:"within 72 hours"`
	}
}

func (in declareDisaster) declaration() disasters.Declaration {
	return disasters.Declaration{Widening: in.Body.Widening, Reason: in.Body.Reason, Announcement: in.Body.Announcement, Ends: in.Body.Ends}
}

func (d *Door) disasterRoutes(api huma.API) {
	add(api, "GET /disaster", "Disaster mode, and what it may widen", d.getDisaster)
	add(api, "POST /disaster/widenings", "Agree on what a disaster may widen; a second person confirms", d.agreeWidening)
	add(api, "DELETE /disaster/widenings/{id}", "Take that back", d.dropWidening)
	add(api, "POST /disaster", "Declare a disaster; a second person confirms", d.declareDisaster)
	add(api, "POST /disaster/end", "End disaster mode at once", d.endDisaster)
}

func (d *Door) getDisaster(ctx context.Context, _ *struct{}) (*answer[DisasterView], error) {
	now, err := d.disasters.Now(ctx)
	if err != nil {
		return nil, err
	}
	all, err := d.disasters.Widenings(ctx)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	view := DisasterView{
		Now: d.clk.Now(), On: now.ID != "", Name: now.Name, Reason: now.Reason, Announcement: now.Announcement, Author: names[now.Author],
		Begins: moment(now.Begins), Ends: moment(now.Ends), Widenings: make([]WideningView, 0, len(all)),
	}
	for _, w := range all {
		view.Widenings = append(view.Widenings, wideningView(w, names))
	}
	return reply(view, err)
}

func wideningView(w disasters.Widening, names map[sekisho.PersonID]string) WideningView {
	return WideningView{ID: w.ID, Name: w.Name, Text: w.Text, Author: names[w.Author], Agreed: moment(w.Agreed)}
}

func (d *Door) agreeWidening(ctx context.Context, in *agreeWidening) (*answer[WideningView], error) {
	return dangerous[WideningView](ctx, d, approvals.ActWidening, in)
}

func (d *Door) dropWidening(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.disasters.Drop(ctx, callerOf(ctx).who.Person, sekisho.WideningID(in.ID))
}

func (d *Door) declareDisaster(ctx context.Context, in *declareDisaster) (*answer[DisasterView], error) {
	return dangerous[DisasterView](ctx, d, approvals.ActDisaster, in)
}

func (d *Door) endDisaster(ctx context.Context, _ *struct{}) (*done, error) {
	return &done{}, d.disasters.End(ctx, callerOf(ctx).who.Person)
}

// disasterActs always need two: there is no first day for them.
func (d *Door) disasterActs() map[string]performer {
	widening := acting(func(ctx context.Context, _ sekisho.PersonID, in agreeWidening) (string, []wire.Difference, error) {
		if err := d.disasters.Check(ctx, in.Body.Name, in.Body.Text); err != nil {
			return "", nil, err
		}
		return in.Body.Name, []wire.Difference{{Field: "widening.name", After: in.Body.Name}, {Field: "widening.text", After: in.Body.Text}}, nil
	}, func(ctx context.Context, by sekisho.PersonID, in agreeWidening, second storage.Second) (any, error) {
		w, err := d.disasters.Agree(ctx, by, in.Body.Name, in.Body.Text, second)
		if err != nil {
			return nil, err
		}
		names, err := d.names(ctx)
		return wideningView(w, names), err
	})
	disaster := acting(func(ctx context.Context, _ sekisho.PersonID, in declareDisaster) (string, []wire.Difference, error) {
		w, err := d.disasters.CheckDeclaration(ctx, in.declaration())
		if err != nil {
			return "", nil, err
		}
		return "", []wire.Difference{
			{Field: "widening.name", After: w.Name}, {Field: "widening.text", After: w.Text}, {Field: "disaster.reason", After: in.Body.Reason},
			{Field: "disaster.announcement", After: in.Body.Announcement}, {Field: "disaster.ends", After: in.Body.Ends.UTC().Format(time.RFC3339)},
		}, nil
	}, func(ctx context.Context, by sekisho.PersonID, in declareDisaster, second storage.Second) (any, error) {
		if _, err := d.disasters.Declare(ctx, by, in.declaration(), second); err != nil {
			return nil, err
		}
		a, err := d.getDisaster(ctx, nil)
		if err != nil {
			return nil, err
		}
		return a.Body, nil
	})
	widening.always, disaster.always = true, true
	return map[string]performer{approvals.ActWidening: widening, approvals.ActDisaster: disaster}
}
