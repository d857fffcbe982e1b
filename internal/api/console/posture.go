package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/posture"
	"github.com/sekisho/sekisho/internal/wire"
)

// Posture are the reports of PCs and the rules that they are judged by (gate/posture).
type Posture interface {
	OfDevice(ctx context.Context, d sekisho.DeviceID, policy sekisho.PolicyName, place sekisho.Place, english bool) (wire.PostureStanding, error)
	PlaceOf(ctx context.Context, d sekisho.DeviceID) (*wire.PosturePlace, error)
	HereNow(ctx context.Context, d sekisho.DeviceID, name string) (posture.Here, error)
	LoosensPlace(ctx context.Context, d sekisho.DeviceID, h posture.Here) ([]wire.Difference, error)
	SetPlaceSeconded(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID, h posture.Here, second storage.Second) error
	ClearPlace(ctx context.Context, by sekisho.PersonID, d sekisho.DeviceID) error
	Rules(ctx context.Context, policy sekisho.PolicyName, place sekisho.Place) (wire.PostureRules, error)
	Loosens(ctx context.Context, place sekisho.Place, r wire.PostureRules) ([]wire.Difference, error)
	LoosensNew(ctx context.Context, policy sekisho.PolicyName, place sekisho.Place, others []sekisho.PolicyName) ([]wire.Difference, error)
	PutSeconded(ctx context.Context, by sekisho.PersonID, place sekisho.Place, r wire.PostureRules, second storage.Second) (wire.PostureRules, error)
}

// DevicePostureView answers GET /devices/{id}/posture.
type DevicePostureView struct {
	wire.PostureStanding
	Place  string `json:"place" doc:"name of the place that is registered for this PC alone; empty if none is"`
	Around int    `json:"around" doc:"how many neighbours of that place are known"`
}

// PlaceRulesView are the rules of one policy, with the place that it is for.
type PlaceRulesView struct {
	Place sekisho.Place     `json:"place" enum:"home,office"`
	Rules wire.PostureRules `json:"rules"`
}

// PostureRulesView answers GET /posture/rules.
type PostureRulesView struct {
	Policies []PlaceRulesView `json:"policies" nullable:"false"`
}

type putPostureRules struct {
	Name string `path:"name" maxLength:"32"`
	Body wire.PostureRules
}

type devicePlace struct {
	ByID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"64"`
	}
}

func (d *Door) postureRoutes(api huma.API) {
	add(api, "GET /devices/{id}/posture", "How a PC stands by its policy's rules", d.devicePosture)
	add(api, "PUT /devices/{id}/place", "Let a PC work where it is now, by its newest report", d.setPlace)
	add(api, "DELETE /devices/{id}/place", "Take a PC's own place away", d.clearPlace)
	add(api, "GET /posture/rules", "What each policy asks of its PCs", d.postureRules)
	add(api, "PUT /posture/rules/{name}", "Put the next version of a policy's rules; version is the one that was seen", d.putPostureRules)
}

func (d *Door) devicePosture(ctx context.Context, in *ByID) (*answer[DevicePostureView], error) {
	one, err := d.devices.Get(ctx, sekisho.DeviceID(in.ID))
	if err != nil {
		return nil, err
	}
	place, err := d.placeOf(ctx, one.Policy)
	if err != nil {
		return nil, err
	}
	standing, err := d.posture.OfDevice(ctx, one.ID, one.Policy, place, wire.English(callerOf(ctx).language))
	if err != nil {
		return nil, err
	}
	view := DevicePostureView{PostureStanding: standing}
	own, err := d.posture.PlaceOf(ctx, one.ID)
	if own != nil {
		view.Place, view.Around = own.Name, len(own.Around)
	}
	return reply(view, err)
}

func (d *Door) setPlace(ctx context.Context, in *devicePlace) (*done, error) {
	one, err := d.devices.Get(ctx, sekisho.DeviceID(in.ID))
	if err != nil {
		return nil, err
	}
	here, err := d.posture.HereNow(ctx, one.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	_, err = dangerous[done](ctx, d, approvals.ActPlace, placeAct{Device: one.ID, Here: here})
	return &done{}, err
}

func (d *Door) clearPlace(ctx context.Context, in *ByID) (*done, error) {
	one, err := d.devices.Get(ctx, sekisho.DeviceID(in.ID))
	if err != nil {
		return nil, err
	}
	return &done{}, d.posture.ClearPlace(ctx, callerOf(ctx).who.Person, one.ID)
}

func (d *Door) postureRules(ctx context.Context, _ *struct{}) (*answer[PostureRulesView], error) {
	list, err := d.policies.List(ctx)
	if err != nil {
		return nil, err
	}
	view := PostureRulesView{Policies: make([]PlaceRulesView, 0, len(list))}
	for _, p := range list {
		rules, err := d.posture.Rules(ctx, p.Name, p.Place)
		if err != nil {
			return nil, err
		}
		view.Policies = append(view.Policies, PlaceRulesView{Place: p.Place, Rules: rules})
	}
	return reply(view, nil)
}

func (d *Door) putPostureRules(ctx context.Context, in *putPostureRules) (*answer[wire.PostureRules], error) {
	if in.Body.Policy != sekisho.PolicyName(in.Name) {
		return nil, errMalformed
	}
	return dangerous[wire.PostureRules](ctx, d, approvals.ActPosture, in.Body)
}

// placeOf is the place that a policy is for. There are no rules without a policy.
func (d *Door) placeOf(ctx context.Context, name sekisho.PolicyName) (sekisho.Place, error) {
	list, err := d.policies.List(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range list {
		if p.Name == name {
			return p.Place, nil
		}
	}
	return "", errNotFound
}
